//! The circumstances of a request: when, in which language, on which page, from which address.

use super::{
    address::{Trusted, client_address},
    assets::Assets,
    cookies,
};
use crate::{
    config::Site,
    kernel::{Actor, Cx, Lang},
    platform::clock::Clock,
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

/// What does not change from request to request.
#[derive(Clone)]
pub struct Shell {
    pub site: Arc<Site>,
    pub assets: Arc<Assets>,
    pub clock: Clock,
    pub trusted: Trusted,
}

/// What this request tells of itself.
#[derive(Debug, Clone)]
pub struct Asked {
    pub lang: Lang,
    /// Path and query.
    pub path: String,
    /// The words of the search box.
    pub q: String,
    /// A line to show once.
    pub flash: Option<String>,
    /// Pieces in the basket, as the cookie remembers: a hint for the header only.
    pub basket_count: i64,
    /// A clerk's browser fills somebody else's basket.
    pub assisting: bool,
    /// The client, behind trusted proxies.
    pub address: IpAddr,
}

/// Reads the clock, the language, the cookies, once.
pub async fn fill(State(shell): State<Shell>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let query = request.uri().query().unwrap_or_default();
    let asked_lang = query_value(query, "lang");
    let lang = match &asked_lang {
        Some(code) => Lang::of(code),
        None => Lang::of(jar.get(cookies::LANG).map_or("vi", |c| c.value())),
    };
    let flash =
        jar.get(cookies::FLASH).map(|c| cookies::decode(c.value())).filter(|t| !t.is_empty());
    let had_flash = flash.is_some();
    let asked = Asked {
        lang,
        path: request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        q: query_value(query, "q").unwrap_or_default(),
        flash,
        basket_count: jar
            .get(cookies::BASKET_COUNT)
            .and_then(|c| c.value().parse().ok())
            .unwrap_or(0)
            .clamp(0, 9999),
        assisting: jar.get(cookies::ASSISTED).is_some_and(|c| !c.value().is_empty()),
        address: client_address(&request, &shell.trusted),
    };
    let now = shell.clock.now();
    let cx = Cx { now, cause_at: now, actor: Actor::Guest, request: Uuid::new_v4() };
    let secure = shell.site.https();
    let extensions = request.extensions_mut();
    extensions.insert(cx);
    extensions.insert(asked);
    extensions.insert(shell);
    let mut response = next.run(request).await;
    let mut set = |cookie: cookie::Cookie<'static>| {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    };
    if asked_lang.is_some() {
        set(cookies::lasting(cookies::LANG, lang.code(), secure));
    }
    if had_flash {
        set(cookies::gone(cookies::FLASH, secure));
    }
    response
}

/// The first value of `name` in a query string, without control characters.
fn query_value(query: &str, name: &str) -> Option<String> {
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name)?;
    Some(value.chars().filter(|c| !c.is_control()).take(200).collect())
}

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        Asked::from_request_parts(parts, state).await.map(|asked| asked.lang)
    }
}
