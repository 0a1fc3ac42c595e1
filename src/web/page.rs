//! What the layout shows on every page, and how a handler answers with one.

use super::{
    context::{Asked, Shell},
    cookies,
    viewer::Viewer,
};
use crate::{
    config::Site,
    kernel::{Lang, Text},
};
use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// The layout's own data; every page struct carries it as `page`.
#[derive(Clone)]
pub struct Page {
    pub lang: Lang,
    /// Path and query of this page.
    pub path: String,
    pub viewer: Option<Viewer>,
    pub basket_count: i64,
    pub site_name: String,
    pub province: String,
    pub demo: bool,
    pub q: String,
    pub flash: Option<String>,
    /// Something that concerns this reader on every page.
    pub notice: Option<String>,
    /// A clerk's browser fills somebody else's basket.
    pub assisting: bool,
    /// Which entry of the navigation is current.
    pub section: &'static str,
    /// The deployment's own facts.
    pub site: Arc<Site>,
    shell: Shell,
}

impl Page {
    /// Chooses between the Vietnamese and the English text.
    #[must_use]
    pub fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    /// This page in the other language.
    #[must_use]
    pub fn switch_lang_url(&self) -> String {
        let other = self.lang.t("en", "vi");
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("lang", other)
            .finish();
        format!("{path}?{query}")
    }

    /// The address of a file below `static/`, with its digest.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        self.shell.assets.url(path)
    }

    /// The same page under another entry of the navigation.
    #[must_use]
    pub fn in_section(mut self, section: &'static str) -> Self {
        self.section = section;
        self
    }

    /// An address of this site in full, for links that leave it.
    #[must_use]
    pub fn full_url(&self, path: &str) -> String {
        format!("{}{path}", self.site.base_url)
    }

    /// A new once-only key for a form on this page.
    #[must_use]
    pub fn new_key(&self) -> String {
        super::forms::new_key()
    }
}

/// A line over every page of this request. Laid beside it by a layer.
#[derive(Debug, Clone)]
pub struct Notice(pub Text);

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let (Some(shell), Some(asked)) =
            (parts.extensions.get::<Shell>(), parts.extensions.get::<Asked>())
        else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        };
        Ok(Self {
            lang: asked.lang,
            path: asked.path.clone(),
            viewer: parts.extensions.get().cloned(),
            assisting: asked.assisting && parts.extensions.get::<Viewer>().is_some(),
            basket_count: asked.basket_count,
            site_name: shell.site.name.clone(),
            province: shell.site.province.clone(),
            demo: shell.site.demo,
            q: asked.q.clone(),
            flash: asked.flash.clone(),
            notice: parts.extensions.get::<Notice>().map(|n| n.0.get(asked.lang).to_owned()),
            section: "",
            site: shell.site.clone(),
            shell: shell.clone(),
        })
    }
}

/// Wraps a template so that a handler can return it; private pages are not cached.
pub struct Html<T>(pub T);

impl<T: Template> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => {
                ([(header::CACHE_CONTROL, "no-store")], axum::response::Html(html)).into_response()
            }
            Err(error) => super::PageError::internal(error).into_response(),
        }
    }
}

/// Sends the reader on (303).
#[must_use]
pub fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// Sends the reader on and shows him `line` there, once.
#[must_use]
pub fn go_with(page: &Page, to: &str, line: &str) -> Response {
    let cookie = cookies::session(cookies::FLASH, line, page.site.https());
    ([(header::SET_COOKIE, cookie.to_string())], Redirect::to(to)).into_response()
}
