//! Keeping a signed contract as it came.

use super::{
    act::{hold, step},
    error::PurchasingError,
    machine::{Deed, Side},
    queries_signatures,
    signatures::Sided,
};
use crate::kernel::{Cx, PersonId, Text};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was handed in and holds.
pub(super) struct Handed<'a> {
    pub(super) by: (Side, PersonId),
    pub(super) signatures: &'a [Sided],
    pub(super) added_after: bool,
    pub(super) file_key: &'a str,
    pub(super) file_name: &'a str,
    pub(super) sha256: &'a [u8],
}

/// Notes the signatures that are not there yet, on the record and to the other side.
///
/// # Errors
/// [`PurchasingError::Signature`] when all are there already; [`PurchasingError::Moved`] when nothing is agreed.
pub(super) async fn sign(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
    handed: &Handed<'_>,
) -> Result<(), PurchasingError> {
    let mut po = hold(db, order, None).await?;
    let mut fresh = Vec::new();
    for one in handed.signatures {
        if queries_signatures::insert(db, cx, order, one, handed).await? {
            fresh.push(format!("{} – {}", one.signed.name, one.tax_code));
        }
    }
    if fresh.is_empty() {
        return Err(PurchasingError::Signature(Text::new(
            "Chữ ký trong tệp này đã được lưu từ trước.",
            "The signatures of this file are kept already.",
        )));
    }
    fresh.dedup();
    step(db, cx, &mut po, (handed.by.0, Deed::Sign), &fresh.join("; ")).await?;
    Ok(())
}
