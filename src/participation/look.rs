//! A look at one firm's data: with its reason, on the record.

use super::{error::ParticipationError, queries_register};
use crate::{
    kernel::{Cx, PersonId},
    platform::audit,
};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;

/// How long a reason stands before the officer is asked again.
pub(super) const LOOK_LASTS: TimeDelta = TimeDelta::hours(1);

/// Records that `officer` looks at the firm `tax_code`, and why.
///
/// # Errors
/// [`ParticipationError::NotFound`] unless the register has the firm.
pub async fn look(
    db: &mut PgConnection,
    cx: &Cx,
    officer: PersonId,
    tax_code: &str,
    reason: &str,
) -> Result<(), ParticipationError> {
    if queries_register::firm(db, tax_code).await?.is_none() {
        return Err(ParticipationError::NotFound);
    }
    queries_register::insert_look(db, cx, officer, tax_code, reason).await?;
    let subject = format!("enterprise:{tax_code}");
    audit::record(db, cx, "participation.look", &subject, json!({ "reason": reason })).await?;
    Ok(())
}
