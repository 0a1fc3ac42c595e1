//! A buyer abroad asks, and shows that the address is his.

use super::{error::ExportError, letters, model::About, queries_enquiries as q};
use crate::{accounts, config::Site, kernel::Cx};
use sqlx::PgConnection;
use std::net::IpAddr;
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

/// Mails a day that ask one mailbox to confirm; none of them counts once its reader has confirmed one.
const PER_MAILBOX: i64 = 5;
/// Mails a day that one subscriber of the Internet can have sent.
const PER_SUBSCRIBER: i64 = 40;

fn mailbox(email: &str) -> String {
    format!("enquiries to:{}", email.to_lowercase())
}

fn secret() -> String {
    let bits: [u8; 16] = rand::random();
    bits.iter().map(|b| format!("{b:02x}")).collect()
}

/// Keeps the enquiry and mails the link that confirms it. The seller hears nothing yet.
///
/// # Errors
/// [`ExportError::TooMany`] when the mailbox, or whoever asks, has had as many mails today as can be.
pub async fn enquire(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    from: IpAddr,
    new: &NewEnquiry,
) -> Result<Uuid, ExportError> {
    let subscriber = format!("enquiries from:{}", accounts::subscriber(from));
    let counted = [(mailbox(&new.email), PER_MAILBOX), (subscriber, PER_SUBSCRIBER)];
    if !accounts::may_again(db, cx, &counted).await? {
        return Err(ExportError::TooMany);
    }
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
        // Whoever reads the mailbox wants these mails.
        accounts::count_anew(db, &mailbox(&enquiry.email)).await?;
        letters::asked(db, cx, site, &enquiry).await?;
    }
    Ok(())
}
