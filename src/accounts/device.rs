//! The browser that asks: its name, its address, the session it carries.

use crate::web::{
    context::{Asked, Shell},
    cookies,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use std::net::IpAddr;

/// What a session remembers of the browser it was opened in.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) user_agent: String,
    pub(super) address: IpAddr,
    /// The session's secret, if the browser carries one.
    pub(super) token: Option<String>,
    /// Whether the reader has chosen a language in this browser.
    pub(super) chose_language: bool,
    pub(super) https: bool,
}

/// The session's secret in a request's cookies.
pub(super) fn token(headers: &HeaderMap, https: bool) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(cookies::session_name(https))?.value();
    // Anything else was not made here and is not worth a query.
    let whole = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| value.to_owned())
}

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let (Some(shell), Some(asked)) =
            (parts.extensions.get::<Shell>(), parts.extensions.get::<Asked>())
        else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let https = shell.site.https();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
        Ok(Self {
            user_agent: agent.unwrap_or_default().chars().take(300).collect(),
            address: asked.address,
            token: token(&parts.headers, https),
            chose_language: CookieJar::from_headers(&parts.headers).get(cookies::LANG).is_some(),
            https,
        })
    }
}
