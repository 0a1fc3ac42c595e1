//! A buyer abroad asks, and shows that the address is his.

use super::{error::ExportError, letters, model::About, queries_enquiries as q};
use crate::{config::Site, kernel::Cx};
use sqlx::PgConnection;
use uuid::Uuid;

/// What a buyer asks.
#[derive(Debug, Clone)]
pub struct NewEnquiry {
    pub about: About,
    pub name: String,
    pub company: String,
    pub country: String,
    /// Checked.
    pub email: String,
    pub quantity: String,
    pub incoterm: String,
    /// May be empty.
    pub port: String,
    pub message: String,
}

fn secret() -> String {
    let bits: [u8; 16] = rand::random();
    bits.iter().map(|b| format!("{b:02x}")).collect()
}

/// Keeps the enquiry and mails the link that confirms it. The seller hears nothing yet.
///
/// # Errors
/// Whatever the database says.
pub async fn enquire(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    new: &NewEnquiry,
) -> Result<Uuid, ExportError> {
    let (id, secret) = (cx.new_id(), secret());
    q::insert(db, cx, (id, &secret), new).await?;
    letters::to_confirm(db, cx, site, (id, &secret), new).await?;
    Ok(id)
}

/// The writer pressed the button behind his link: the seller's owners are written to. Again: nothing happens.
///
/// # Errors
/// [`ExportError::NotFound`] for a link that is none.
pub async fn confirm(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    secret: &str,
) -> Result<(), ExportError> {
    let fresh = q::confirm(db, cx, secret).await?;
    let enquiry = q::by_secret(&mut *db, secret).await?.ok_or(ExportError::NotFound)?;
    if fresh {
        letters::asked(db, cx, site, &enquiry).await?;
    }
    Ok(())
}
