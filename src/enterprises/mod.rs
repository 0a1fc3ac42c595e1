//! The province's register of enterprises and the sellers that come from it.
//!
//! The register is the denominator of every share: one row per legal entity, by its ten-digit tax code. A
//! seller is an enterprise, cooperative or household business that asks to sell: its members tell its facts
//! and hand in papers, an officer of the Department decides.
//!
//! ```text
//! draft ─▶ submitted ─▶ approved ⇄ suspended        draft | need_changes | approved | suspended ─▶ closed
//!            │   ▲  └─▶ refused
//!            ▼   │
//!         need_changes
//! ```
//!
//! - Schema `enterprises`, read and written by `queries*` alone; others read its `*_report` views.
//! - Tells: [`SellerApproved`], [`SellerSuspended`], [`SellerReinstated`], [`SellerChanged`], and to its own
//!   letters [`SellerStepTaken`] and [`BankAccountChanged`].   Hears: those two.   Uses: `places`, `accounts`.
//! - Every page of the seller's desk takes a [`SellerScope`]; "not yours" and "not there" are both 404.

mod bank;
mod checklist;
mod decide;
mod error;
mod events;
mod facts;
pub mod import;
mod jobs;
mod letters;
mod load;
mod members;
mod model;
mod open;
mod overview;
mod pages;
mod papers;
mod queries;
mod queries_bank;
mod queries_overview;
mod queries_papers;
mod queries_people;
mod queries_register;
mod register;
mod routes;
mod scope;
mod size;

pub use bank::{BankAccount, SealedAccount, save_bank_account, seal_bank_accounts};
pub use checklist::{Checklist, Requirement, Standing, of as checklist};
pub use decide::{decide, give_up, submit};
pub use error::SellerError;
pub use events::{
    BankAccountChanged, SellerApproved, SellerChanged, SellerReinstated, SellerStepTaken,
    SellerSuspended,
};
pub use facts::{SellerFacts, bank_account, by_slug, facts, history, is_selling, seller};
pub use jobs::{TellOwners, WarnOfBankChange};
pub use load::{import_vsic, load_reference};
pub use members::{Member, accept, add_member, invite, members, owners, remove_member};
pub use model::{By, Kind, NewSeller, Role, Seller, SellerEvent, State, Step};
pub use open::{open_shop, save_profile};
pub use overview::{Found, Listed, count_by_state, list_sellers, shops_of_entity};
pub(crate) use pages::{ShownPaper, Told, told};
pub use papers::{NewPaper, Paper, PaperState, add_paper, judge_paper, papers, remove_paper};
pub use register::{Counts, RegisterRow, Registered, registered, upsert_register};
pub use routes::{Deps, router};
pub use scope::{Membership, SellerScope};
pub use size::{FieldGroup, Limit, SizeClass, SizeRules};
