//! The pages on which a firm decides, and says who decides.

pub(super) mod list;
pub(super) mod rules;
pub(super) mod show;
pub(super) mod stand_ins;

use crate::{
    accounts,
    kernel::PersonId,
    organisations::{self, OrgRole, OrgScope},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Whether somebody reads all requests of his firm, and not only his own.
fn reads_all(scope: &OrgScope) -> bool {
    [OrgRole::Approver, OrgRole::Accountant, OrgRole::Administrator].iter().any(|r| scope.has(*r))
}

/// What people are called; who has closed his account is not among them.
async fn names(db: &mut PgConnection, ids: &[PersonId]) -> sqlx::Result<HashMap<PersonId, String>> {
    let people = accounts::people(db, ids).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}

/// Ids and names for a select.
type Choices = Vec<(String, String)>;

/// Members of the firm for a select, and those of them who approve: id and name.
async fn choices(db: &mut PgConnection, scope: &OrgScope) -> sqlx::Result<(Choices, Choices)> {
    let members = organisations::members(db, scope.org).await?;
    let ids: Vec<PersonId> = members.iter().map(|m| m.person).collect();
    let names = names(db, &ids).await?;
    let choice = |person: &PersonId| Some((person.to_string(), names.get(person)?.clone()));
    let all = members.iter().filter_map(|m| choice(&m.person)).collect();
    let approve = members.iter().filter(|m| m.roles.contains(&OrgRole::Approver));
    Ok((all, approve.filter_map(|m| choice(&m.person)).collect()))
}
