//! Firms that buy: who they are, who belongs to them and in which roles, and where goods go.
//!
//! An *organisation* is a legal entity of the register by its tax code, the same that may also sell. Anybody may open
//! one for his firm; until an officer has seen who it is, or its own shop was admitted, it is *unverified* and sellers
//! are told so. A person may belong to several and chooses for which one he buys, or for himself; the choice stands in
//! his session and over every page.
//!
//! ```text
//! unverified ─▶ verified | refused
//! ```
//!
//! - Schema `organisations`, read and written by `queries*` alone; others read its `*_report` views.
//! - Tells nothing. Hears: a shop was admitted ([`KnowShops`]). Uses: `accounts`, `enterprises`, `places`.
//! - Every page of an organisation takes an [`OrgScope`]; "not yours" and "not there" are both 404.

mod error;
mod invitations;
mod jobs;
mod letters;
mod members;
mod model;
mod open;
mod pages;
mod queries;
mod queries_people;
mod queries_sites;
mod routes;
mod scope;
mod sites;
mod verify;

pub use error::OrgError;
pub use jobs::KnowShops;
pub use members::{Member, members};
pub use model::{Membership, NewOrganisation, OrgRole, OrgState, Organisation};
pub use open::{add_member, open};
pub use routes::{Deps, router};
pub use scope::{OrgScope, acting, members_with, offered, organisation};
pub use sites::{NewSite, Site, save as save_site, sites};
pub use verify::{Decision, decide, shop_admitted};
