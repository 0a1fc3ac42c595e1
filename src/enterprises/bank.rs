//! The account that buyers pay into.

use super::{
    BankAccount,
    error::SellerError,
    events::{BankAccountChanged, SellerChanged},
    queries,
};
use crate::{
    kernel::{Cx, SellerId},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;

/// Writes the account; a change is recorded and told to all owners by mail.
///
/// # Errors
/// [`SellerError::NoBank`] for an unknown bank, [`SellerError::NotFound`].
pub async fn save_bank_account(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    account: &BankAccount,
) -> Result<(), SellerError> {
    queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    let written = queries::upsert_bank(db, cx, seller, account).await.map_err(|e| match &e {
        sqlx::Error::Database(d) if d.is_foreign_key_violation() => SellerError::NoBank,
        _ => e.into(),
    })?;
    if !written {
        return Ok(());
    }
    outbox::publish(db, cx, &BankAccountChanged { seller, by: cx.person(), record: cx.new_id() })
        .await?;
    outbox::publish(db, cx, &SellerChanged { seller }).await?;
    // The record tells which account it became; the full number stays in its own table.
    let tail: String =
        account.number.chars().rev().take(4).collect::<Vec<_>>().iter().rev().collect();
    let detail = json!({ "bin": account.bin, "number_ends": tail, "name": account.name });
    audit::record(db, cx, "enterprises.save_bank_account", &format!("seller:{seller}"), detail)
        .await?;
    Ok(())
}
