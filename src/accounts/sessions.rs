//! Sessions: opened at sign-in under a new secret, seen in a list, closed one by one or all.

use super::{AccountError, device::Device, model, queries_sessions as queries};
use crate::{
    kernel::{Cx, Lang, PersonId, date_time},
    web::cookies,
};
use axum::http::{HeaderMap, HeaderValue, header};
use chrono::TimeDelta;
use rand::Rng;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// A session ends this long after it began.
const LIFE_DAYS: i64 = 30;

/// 256 random bits, in hexadecimal.
pub(super) fn new_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// What is stored of a secret.
pub(super) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whose link it is that ends in `token`, if it still works for `purpose`.
pub(super) async fn link(
    db: &mut PgConnection,
    cx: &Cx,
    token: &str,
    purpose: &str,
) -> Result<queries::Token, AccountError> {
    let found = queries::token(db, &token_hash(token), purpose, cx.now).await?;
    found.ok_or(AccountError::LinkGone)
}

/// Opens a session under a new secret and returns it; the one that this browser carried is closed.
pub(super) async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    device: &Device,
    second_factor: bool,
) -> sqlx::Result<String> {
    if let Some(old) = &device.token {
        queries::close(db, &token_hash(old)).await?;
    }
    let token = new_token();
    let new = queries::NewSession {
        token_hash: token_hash(&token),
        id: cx.new_id(),
        person,
        user_agent: &device.user_agent,
        address: device.address.to_string(),
        second_factor_at: second_factor.then_some(cx.now),
        expires_at: cx.now + TimeDelta::days(LIFE_DAYS),
    };
    queries::open(db, &new, cx.now).await?;
    Ok(token)
}

/// The header that lays the secret into the browser.
pub(super) fn cookie(token: String, https: bool) -> HeaderMap {
    let name = cookies::session_name(https);
    header_of(&cookies::for_days(name, token, LIFE_DAYS, https))
}

/// The header that takes it out again.
pub(super) fn no_cookie(https: bool) -> HeaderMap {
    header_of(&cookies::gone(cookies::session_name(https), https))
}

pub(super) fn header_of(cookie: &cookie::Cookie<'static>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, value);
    }
    headers
}

/// One line of the list that a person sees.
pub(super) struct Shown {
    pub(super) id: Uuid,
    pub(super) device: String,
    pub(super) address: String,
    pub(super) since: String,
    pub(super) seen: String,
    pub(super) current: bool,
}

/// The open sessions of a person, the latest first.
pub(super) async fn list(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    current: Uuid,
    lang: Lang,
) -> sqlx::Result<Vec<Shown>> {
    let rows = queries::sessions_of(db, person, cx.now).await?;
    Ok(rows
        .into_iter()
        .map(|row| Shown {
            id: row.id,
            device: model::device_name(&row.user_agent, lang),
            address: row.address,
            since: date_time(row.created_at),
            seen: date_time(row.last_seen_at),
            current: row.id == current,
        })
        .collect())
}
