//! Rules as the operator sees them: every value with its validity, and a new one from a day on.

use crate::kernel::Day;
use sqlx::PgConnection;

/// One value of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    pub key: String,
    pub valid_from: Day,
    /// Exclusive.
    pub valid_to: Option<Day>,
    pub value: i64,
    pub unit: String,
    pub legal_ref: String,
    pub note: String,
}

/// All values whose key begins with `prefix`, newest first for each key.
///
/// # Errors
/// Whatever the database says.
pub async fn rules(db: &mut PgConnection, prefix: &str) -> sqlx::Result<Vec<RuleRow>> {
    sqlx::query_as!(
        RuleRow,
        "select key, valid_from, valid_to, value, unit, legal_ref, note from platform.rules
         where starts_with(key, $1) order by key, valid_from desc",
        prefix,
    )
    .fetch_all(db)
    .await
}

/// Gives the rule `key` another value from `from` on: the value before ends there, the new one
/// lasts until the next that is known. `None` when there is no such rule; else the value that was
/// in force on that day.
///
/// # Errors
/// Whatever the database says.
pub async fn set_value(
    db: &mut PgConnection,
    key: &str,
    from: Day,
    value: i64,
    legal_ref: &str,
) -> sqlx::Result<Option<Option<i64>>> {
    let known = sqlx::query!(
        "select valid_from, valid_to, value, unit, note from platform.rules
         where key = $1 order by valid_from for update",
        key
    )
    .fetch_all(&mut *db)
    .await?;
    let Some(last) = known.last() else { return Ok(None) };
    let before = known
        .iter()
        .rev()
        .find(|r| r.valid_from <= from && r.valid_to.is_none_or(|to| to > from))
        .map(|r| r.value);
    let next = known.iter().map(|r| r.valid_from).find(|day| *day > from);
    sqlx::query!(
        "update platform.rules set valid_to = $2
         where key = $1 and valid_from < $2 and (valid_to is null or valid_to > $2)",
        key,
        from,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into platform.rules (key, valid_from, valid_to, value, unit, legal_ref, note)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (key, valid_from) do update set value = $4, legal_ref = $6, valid_to = $3",
        key,
        from,
        next,
        value,
        last.unit,
        legal_ref,
        last.note,
    )
    .execute(db)
    .await?;
    Ok(Some(before))
}
