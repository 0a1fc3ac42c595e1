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
use crate::{kernel::Lang, places::Places};
use sqlx::PgConnection;

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
