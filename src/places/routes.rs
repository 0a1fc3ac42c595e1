//! What this slice needs and where it answers.

use super::{Places, Suggestion};
use crate::web::{Html, Page, Query};
use askama::Template;
use axum::{
    Router,
    extract::{FromRef, State},
    routing::get,
};
use serde::Deserialize;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub places: Places,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new().route("/dia-ban/goi-y", get(suggest)).with_state(deps)
}

/// What was typed, and the field's name.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    name: String,
    q: String,
}

#[derive(Template)]
#[template(path = "places/options.html")]
struct Options {
    name: String,
    options: Vec<(String, String, String)>,
}

/// `GET /dia-ban/goi-y?name=xa&q=khe`: the choices of a commune field, a fragment.
async fn suggest(
    State(places): State<Places>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Html<Options> {
    const SHOWN: usize = 8;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name = if asked.name.is_empty() || asked.name.len() > 40 || !asked.name.chars().all(plain) {
        "xa".to_owned()
    } else {
        asked.name
    };
    let found = places.suggest(&asked.q, SHOWN);
    let options = found.iter().map(|s| Suggestion::choice(s, page.lang)).collect();
    Html(Options { name, options })
}
