//! Where the reader is, as a list of goods asks for it: a commune in the address, one that was just
//! typed, or the one that the browser remembers.

use super::reach;
use crate::{
    kernel::Lang,
    places::{Choice, Places},
    search::Query,
    web::cookies,
};
use axum::http::HeaderMap;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

/// The field into which a commune is typed.
pub(super) const FIELD: &str = "gan_q";
/// Communes offered when it is not clear which is meant.
const OFFERED: usize = 6;

/// What was typed into it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gan_q: String,
}

/// A commune was typed that is not clear.
#[derive(Debug, Default)]
pub(super) struct Unclear {
    pub(super) typed: String,
    pub(super) why: String,
    /// Code, name and note of what it may mean.
    pub(super) meant: Vec<(String, String, String)>,
}

/// What a list knows of where its reader is.
pub(super) enum Near {
    /// As the question now says, if it is known at all.
    AsKnown,
    /// This commune's code was typed.
    Told(String),
    Unclear(Unclear),
}

/// Puts the reader's commune into `query`. A question for what is brought there is none where it is not known.
pub(super) fn put(
    query: &mut Query,
    asked: &Asked,
    headers: &HeaderMap,
    places: &Places,
    lang: Lang,
) -> Near {
    let is_known = |code: &str| places.commune(code).is_some();
    query.near = query.near.take().filter(|code| is_known(code)).or_else(|| {
        let jar = CookieJar::from_headers(headers);
        jar.get(cookies::COMMUNE).map(|c| c.value().to_owned()).filter(|code| is_known(code))
    });
    query.delivered &= query.near.is_some();
    let typed: String = asked.gan_q.trim().chars().take(100).collect();
    if typed.is_empty() {
        return Near::AsKnown;
    }
    match reach::meaning(places, &typed) {
        Choice::Chosen(commune) => Near::Told(commune.code),
        Choice::Ask(why, several) => Near::Unclear(Unclear {
            why: why.get(lang).to_owned(),
            meant: several.iter().take(OFFERED).map(|s| s.choice(lang)).collect(),
            typed,
        }),
    }
}
