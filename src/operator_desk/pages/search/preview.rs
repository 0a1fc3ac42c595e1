//! What a change of the words would change, side by side.

use super::found_at;
use crate::{
    kernel::{Cx, Lang, ProductId, day_of},
    operator_desk::routes::Deps,
    search::{Change, Compared, Found, Reading},
    web::PageError,
};
use std::collections::HashSet;

pub(super) struct Line {
    pub(super) name: String,
    pub(super) href: String,
    /// Not among the others.
    pub(super) is_only_here: bool,
}

pub(super) struct Side {
    pub(super) total: usize,
    pub(super) reading: String,
    pub(super) lines: Vec<Line>,
}

pub(super) struct Comparison {
    pub(super) words: String,
    pub(super) href: String,
    pub(super) is_same: bool,
    pub(super) now: Side,
    pub(super) then: Side,
}

/// What the templates show of a change before it is saved.
pub(in crate::operator_desk) struct Preview {
    pub(super) questions: Vec<Comparison>,
    /// PostgreSQL answers, which knows no words.
    pub(super) is_plain: bool,
}

fn reading(found: &Found, lang: Lang) -> String {
    match &found.reading {
        _ if found.total == 0 => String::new(),
        Reading::AsTyped => String::new(),
        Reading::Corrected { words, .. } => format!("{} “{words}”", lang.t("hiểu là", "read as")),
        Reading::MostWords | Reading::SomeWords => {
            lang.t("gần đúng: không đủ các từ", "near misses: not all of the words").to_owned()
        }
    }
}

fn side(found: &Found, other: &Found, lang: Lang) -> Side {
    let others: HashSet<ProductId> = other.hits.iter().map(|hit| hit.product).collect();
    let lines = found.hits.iter().map(|hit| Line {
        name: match lang {
            Lang::En if !hit.name_en.is_empty() => hit.name_en.clone(),
            _ => hit.name.clone(),
        },
        href: format!("/san-pham/{}", hit.slug),
        is_only_here: !others.contains(&hit.product),
    });
    Side { total: found.total, reading: reading(found, lang), lines: lines.collect() }
}

fn comparison(compared: Compared, lang: Lang) -> Comparison {
    let Compared { words, now, then } = compared;
    let ids = |found: &Found| found.hits.iter().map(|hit| hit.product).collect::<Vec<_>>();
    Comparison {
        href: found_at(&words),
        is_same: now.total == then.total && now.reading == then.reading && ids(&now) == ids(&then),
        now: side(&now, &then, lang),
        then: side(&then, &now, lang),
        words,
    }
}

impl Preview {
    /// Asks by the words as they are and as they would be.
    pub(super) async fn of(
        deps: &Deps,
        cx: &Cx,
        lang: Lang,
        change: Change<'_>,
        sample: &str,
    ) -> Result<Self, PageError> {
        let compared = deps.search.try_change(change, sample, day_of(cx.now)).await?;
        let is_plain = compared.iter().any(|compared| compared.then.plain);
        let questions = compared.into_iter().map(|compared| comparison(compared, lang));
        Ok(Self { questions: questions.collect(), is_plain })
    }
}
