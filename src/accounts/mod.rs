//! People: who they are, how they prove it, what they agreed to.
//!
//! A person is known by an e-mail address or a phone number. An address counts once its owner has
//! opened the link that was mailed there *and* typed the password chosen at sign-up: so nobody can
//! prepare an account on somebody else's address. Signing in opens a session: 256 random bits in a
//! cookie, their SHA-256 in a row. Officers and operators give a second factor before their desks.
//!
//! Nobody learns here who has an account: sign-up and reset answer alike, sign-in hashes a dummy.
//! A phone number cannot be proved (no SMS is sent), so a sign-up with a taken number changes
//! nothing and answers like any other; the number's owner keeps his password. The same holds for a change of number.
//!
//! - Schema `accounts`, read and written by [`queries`], [`queries_sessions`] and [`queries_own`] alone.
//! - Tells: nothing. Hears: the clock ([`Tidy`]) and its own job ([`SendReset`]).
//! - Uses: `places`; reads `enterprises.members_report`, `organisations.members_report`,
//!   `notices.unread_report`.

mod addresses;
mod close;
mod confirm;
mod consents;
mod device;
mod error;
mod for_desks;
mod for_shops;
mod jobs;
mod letters;
mod middleware;
mod model;
mod pages;
mod passwords;
mod people;
mod phone;
mod queries;
mod queries_for_desks;
mod queries_for_shops;
mod queries_own;
mod queries_sessions;
mod reset;
mod routes;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_up;
mod throttle;

pub use addresses::{Address, NewAddress, addresses, save_address};
pub use consents::{Consenting, POLICY_VERSION, Purpose, record_consents};
pub use error::AccountError;
pub use for_desks::{DemoPerson, demo_people, names, revoke_role};
pub use for_shops::{act_for, buy_for, email_confirmed};
pub use jobs::{SendReset, Tidy};
pub use middleware::session_layer;
pub use model::{
    Contact, NewPerson, Person, Role, RoleHolder, email as parse_email, password as check_password,
};
pub use passwords::hash_password;
pub use people::{
    create_person, grant_role, people, person, person_by_email, roles, set_demo_password,
};
pub use reset::password_link;
pub use routes::{Deps, router};
pub use second_factor::{current_code, reset_second_factor, set_second_factor};
pub use throttle::{count_anew, may_again, subscriber};
