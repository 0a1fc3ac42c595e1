//! `/van-hanh/tim-kiem/tu-dong-nghia`: the groups of words that mean the same.

use super::{Filter, SECTION, SYNONYMS, Tab};
use crate::{
    kernel::{Errors, fold},
    operator_desk::routes::Deps,
    search::Synonym,
    web::{Html, Operator, Page, PageError, Query},
};
use askama::Template;
use axum::extract::State;

struct Row {
    href: String,
    terms: String,
    is_one_way: bool,
    note: String,
    is_shipped: bool,
    is_changed: bool,
    is_removed: bool,
}

impl Row {
    fn of(group: Synonym) -> Self {
        let terms = match group.terms.split_first() {
            Some((first, others)) if group.is_one_way => {
                format!("{first} → {}", others.join("; "))
            }
            _ => group.terms.join("; "),
        };
        Self {
            href: format!("{SYNONYMS}/{}", group.id),
            terms,
            is_one_way: group.is_one_way,
            is_shipped: group.shipped.is_some(),
            is_changed: group.is_changed(),
            is_removed: group.removed_at.is_some(),
            note: group.note,
        }
    }
}

#[derive(Template)]
#[template(path = "operator_desk/search_synonyms.html")]
struct SynonymsPage {
    page: Page,
    wanted: String,
    kind: &'static str,
    errors: Errors,
    tabs: Vec<Tab>,
    count: usize,
    rows: Vec<Row>,
    number: i64,
    last: i64,
    base: String,
}

/// `GET /van-hanh/tim-kiem/tu-dong-nghia`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    Query(filter): Query<Filter>,
) -> Result<Html<impl Template>, PageError> {
    let mut all = Synonym::all(&mut *deps.db.acquire().await?).await?;
    all.retain(|group| {
        let kind = (group.shipped.is_some(), group.removed_at.is_some());
        filter.fits(kind, group.terms.iter().map(String::as_str))
    });
    all.sort_by_cached_key(|group| group.terms.first().map(|term| fold(term)));
    let count = all.len();
    let (part, number, last) = filter.part(all);
    Ok(Html(SynonymsPage {
        wanted: filter.wanted(),
        kind: filter.kind(),
        errors: Errors::new(page.lang),
        tabs: filter.tabs(SYNONYMS, page.lang),
        count,
        rows: part.into_iter().map(Row::of).collect(),
        number,
        last,
        base: filter.base(SYNONYMS),
        page: page.in_section(SECTION),
    }))
}
