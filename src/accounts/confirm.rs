//! Proving an e-mail address: by the link that was mailed there and the password together.

use super::{AccountError, letters::Letters, queries, queries_sessions as tokens, sessions};
use crate::{
    kernel::{Cx, Lang, PersonId},
    platform::mail,
};
use chrono::TimeDelta;
use sqlx::PgConnection;

pub(super) const PURPOSE: &str = "confirm_email";
const LIFE: TimeDelta = TimeDelta::hours(48);
/// More letters an hour go to nobody.
const PER_HOUR: i64 = 5;

/// Whose address is to be proved.
pub(super) struct Recipient<'a> {
    pub(super) person: PersonId,
    pub(super) name: &'a str,
    pub(super) email: &'a str,
}

/// Mails a link; the links before it are worthless. Silent when there were too many.
pub(super) async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    letters: &Letters,
    to: &Recipient<'_>,
    lang: Lang,
    onward: Option<&str>,
) -> sqlx::Result<()> {
    let Recipient { person, name, email } = *to;
    let since = cx.now - TimeDelta::hours(1);
    if tokens::tokens_since(db, person, PURPOSE, since).await? >= PER_HOUR {
        return Ok(());
    }
    tokens::void_tokens(db, person, PURPOSE, cx.now).await?;
    let token = sessions::new_token();
    let new = tokens::NewToken {
        token_hash: sessions::token_hash(&token),
        person,
        purpose: PURPOSE,
        contact: email,
        expires_at: cx.now + LIFE,
    };
    tokens::make_token(db, &new, cx.now).await?;
    let mut path = format!("/xac-nhan-email/{token}");
    if let Some(onward) = onward {
        let onward: String = form_urlencoded::byte_serialize(onward.as_bytes()).collect();
        path = format!("{path}?tiep={onward}");
    }
    let id = cx.new_id().to_string();
    mail::queue(db, cx, &letters.confirm(lang, name, email, &path, &id)).await
}

/// Uses the link up: the address is the person's. The caller has checked the password.
pub(super) async fn confirm(
    db: &mut PgConnection,
    cx: &Cx,
    token: &str,
) -> Result<PersonId, AccountError> {
    let hash = sessions::token_hash(token);
    let used = tokens::use_token(db, &hash, PURPOSE, cx.now).await?;
    let token = used.ok_or(AccountError::LinkGone)?;
    if queries::confirm_email(db, token.person, &token.contact, cx.now).await? {
        Ok(token.person)
    } else {
        Err(AccountError::Taken)
    }
}
