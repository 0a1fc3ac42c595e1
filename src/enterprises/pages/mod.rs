//! The pages on which a firm opens its shop and keeps its file.

pub(super) mod bank;
mod form;
pub(super) mod invitation;
pub(super) mod members;
pub(super) mod papers;
pub(super) mod profile;
pub(super) mod start;

pub(crate) use papers::ShownPaper;
pub(crate) use profile::{Told, told};

use super::queries_register;
use crate::{
    kernel::{Cx, Errors, Lang, PersonId},
    places::Places,
    platform::idempotency::{self, Claim, Once},
    web::go,
};
use axum::response::Response;
use sqlx::PgConnection;

/// What a form's key says.
pub(super) enum Begun {
    /// Do the work, then settle.
    First(Once),
    /// It is done: answer with this.
    Done(Response),
    /// The form is shown again with this.
    Wrong(Errors),
}

/// Claims a form's key in the caller's transaction.
pub(super) async fn begin_once(
    db: &mut PgConnection,
    cx: &Cx,
    lang: Lang,
    person: PersonId,
    key: &str,
    (route, raw): (&str, &[u8]),
) -> sqlx::Result<Begun> {
    let once = match Once::new(person, key, route, raw) {
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

/// Sections and their divisions for a select.
pub(super) async fn vsic_options(
    db: &mut PgConnection,
    lang: Lang,
) -> sqlx::Result<Vec<(String, String)>> {
    let all = queries_register::vsic(db).await?;
    let name = |v: &queries_register::VsicEntry| match v.code.len() {
        1 => format!("{} · {}", v.code, lang.t(&v.name_vi, &v.name_en)),
        _ => format!("   {} · {}", v.code, lang.t(&v.name_vi, &v.name_en)),
    };
    Ok(all.iter().map(|v| (v.code.clone(), name(v))).collect())
}

/// What is offered for a typed commune: (code, title, note); the chosen one at least.
pub(super) fn communes(
    places: &Places,
    lang: Lang,
    typed: &str,
    chosen: &str,
) -> Vec<(String, String, String)> {
    const MOST: usize = 8;
    let typed = typed.trim();
    let found = if typed.is_empty() { Vec::new() } else { places.suggest(typed, MOST) };
    let mut options: Vec<_> =
        found.into_iter().map(|s| (s.code.clone(), s.shown.clone(), s.note(lang))).collect();
    if let Some(commune) = places.commune(chosen)
        && !options.iter().any(|(code, _, _)| code == chosen)
    {
        options.insert(0, (commune.code.clone(), commune.shown(), String::new()));
    }
    options
}
