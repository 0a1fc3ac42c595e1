//! A form that acts once: what its key says of this request.

use super::go;
use crate::{
    kernel::{Cx, Errors, Lang},
    platform::idempotency::{self, Claim, Once},
};
use axum::response::Response;
use sqlx::PgConnection;

/// What a form's key says.
pub enum Begun {
    /// Do the work, then settle.
    First(Once),
    /// It is done: answer with this.
    Done(Response),
    /// The form is shown again with this.
    Wrong(Errors),
}

/// Claims a form's key for `principal` in the caller's transaction; `asked` is the route and the body.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_once(
    db: &mut PgConnection,
    cx: &Cx,
    lang: Lang,
    principal: impl ToString,
    key: &str,
    asked: (&str, &[u8]),
) -> sqlx::Result<Begun> {
    let once = match Once::new(principal, key, asked.0, asked.1) {
        Ok(once) => once,
        Err(text) => {
            let mut errors = Errors::new(lang);
            errors.add("key", text);
            return Ok(Begun::Wrong(errors));
        }
    };
    Ok(match idempotency::claim(db, cx, &once).await? {
        Claim::First => Begun::First(once),
        Claim::Again(to) => Begun::Done(go(&to)),
        Claim::Misused => Begun::Wrong(Once::misused(lang)),
    })
}
