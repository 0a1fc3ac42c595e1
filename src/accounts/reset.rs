//! A new password by a link that works once.

use super::{
    AccountError,
    letters::{Change, Letters},
    queries, queries_sessions as tokens, sessions,
};
use crate::{
    kernel::{Cx, Lang, PersonId},
    platform::mail,
};
use chrono::TimeDelta;
use sqlx::PgConnection;

pub(super) const PURPOSE: &str = "reset_password";
const LIFE: TimeDelta = TimeDelta::minutes(60);
/// More letters an hour go to nobody.
const PER_HOUR: i64 = 5;

/// Mails a link to whoever bears this name, if somebody does and has an address. A job calls it,
/// so that the page answers alike in either case.
pub(super) async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    letters: &Letters,
    contact: &str,
) -> sqlx::Result<()> {
    let Some(row) = queries::by_contact(db, contact).await? else { return Ok(()) };
    let Some(email) = &row.email else { return Ok(()) };
    let since = cx.now - TimeDelta::hours(1);
    if tokens::tokens_since(db, row.id, PURPOSE, since).await? >= PER_HOUR {
        return Ok(());
    }
    let path = new_link(db, cx, row.id, email, LIFE).await?;
    let id = cx.new_id().to_string();
    mail::queue(db, cx, &letters.reset(Lang::of(&row.lang), &row.name, email, &path, &id)).await
}

async fn new_link(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    email: &str,
    life: TimeDelta,
) -> sqlx::Result<String> {
    let token = sessions::new_token();
    let new = tokens::NewToken {
        token_hash: sessions::token_hash(&token),
        person,
        purpose: PURPOSE,
        contact: email,
        expires_at: cx.now + life,
    };
    tokens::make_token(db, &new, cx.now).await?;
    Ok(format!("/dat-lai-mat-khau/{token}"))
}

/// The path of a link by which a person sets his password, once, within a day: for the command line.
///
/// # Errors
/// [`AccountError::NotFound`] without such a person or without his address.
pub async fn password_link(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
) -> Result<String, AccountError> {
    let row = queries::person(db, person).await?.ok_or(AccountError::NotFound)?;
    let email = row.email.ok_or(AccountError::NotFound)?;
    Ok(new_link(db, cx, person, &email, TimeDelta::hours(24)).await?)
}

/// Uses the link up and sets the password. Whoever reads the mailbox owns the address, so it is
/// confirmed too; every session ends and the other links are worthless.
pub(super) async fn reset(
    db: &mut PgConnection,
    cx: &Cx,
    letters: &Letters,
    token: &str,
    password_hash: &str,
) -> Result<(), AccountError> {
    let hash = sessions::token_hash(token);
    let used = tokens::use_token(db, &hash, PURPOSE, cx.now).await?;
    let token = used.ok_or(AccountError::LinkGone)?;
    let row = queries::person(db, token.person).await?.ok_or(AccountError::LinkGone)?;
    queries::set_password(db, row.id, password_hash).await?;
    if row.email.as_deref() == Some(token.contact.as_str()) && row.email_confirmed_at.is_none() {
        queries::confirm_email(db, row.id, &token.contact, cx.now).await?;
    }
    tokens::revoke_others(db, row.id, None).await?;
    for purpose in [PURPOSE, super::confirm::PURPOSE] {
        tokens::void_tokens(db, row.id, purpose, cx.now).await?;
    }
    for contact in row.email.iter().chain(&row.phone) {
        tokens::forget_attempts(db, &[], &format!("account:{contact}")).await?;
    }
    let id = cx.new_id().to_string();
    let lang = Lang::of(&row.lang);
    let letter = letters.changed(lang, &row.name, &token.contact, Change::Password, &id);
    Ok(mail::queue(db, cx, &letter).await?)
}
