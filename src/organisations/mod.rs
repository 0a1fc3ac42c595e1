//! Firms that buy: who they are, who belongs to them and in which roles.
//!
//! An *organisation* is a legal entity of the register by its tax code, the same that may also sell. Anybody may open
//! one for his firm; until an officer has seen who it is, or its own shop was admitted, it is *unverified* and sellers
//! are told so. A person may belong to several and chooses for which one he buys; the choice stands in his session.
//!
//! ```text
//! unverified ─▶ verified | refused        unverified | verified ─▶ closed
//! ```
//!
//! - Schema `organisations`, read and written by `queries*` alone; others read its `*_report` views.
//! - Tells: nothing yet. Hears: nothing yet. Uses: `accounts`, `enterprises`, `places`.
//! - Every page of an organisation takes an [`OrgScope`]; "not yours" and "not there" are both 404.

mod error;
mod model;
mod open;
mod queries;
mod scope;

pub use error::OrgError;
pub use model::{Membership, NewOrganisation, OrgRole, OrgState, Organisation};
pub use open::{add_member, open};
pub use scope::{OrgScope, acting, members_with, organisation};
