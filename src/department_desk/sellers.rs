//! `/so-cong-thuong/gian-hang`: all shops by state and words.

use super::routes::Deps;
use crate::{
    enterprises::{self, Listed, State},
    kernel::{Cx, Lang, SellerId, date_time},
    places::Places,
    web::{Html, Officer, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::State as Part,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A seller as listed.
pub(super) struct Row {
    pub(super) id: SellerId,
    pub(super) shop: String,
    pub(super) legal: String,
    pub(super) tax_code: String,
    pub(super) kind: String,
    pub(super) place: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) at: String,
    /// How long it has waited; empty unless it waits.
    pub(super) waits: String,
    pub(super) late: bool,
}

/// From this many days a file has waited long.
const LONG: i64 = 3;

pub(super) fn rows(
    found: Vec<Listed>,
    places: &Places,
    lang: Lang,
    now: DateTime<Utc>,
) -> Vec<Row> {
    let row = |s: Listed| {
        let since = s.submitted_at.filter(|_| s.state == State::Submitted).map(|at| now - at);
        let waits = since.map(|d| match (d.num_days(), d.num_hours()) {
            (0, hours) => format!("{} {}", hours.max(0), lang.t("giờ", "h")),
            (days, _) => format!("{days} {}", lang.t("ngày", "days")),
        });
        Row {
            id: s.id,
            shop: s.shop_name,
            legal: s.legal_name,
            tax_code: s.tax_code.unwrap_or_default(),
            kind: s.kind.label().get(lang).to_owned(),
            place: places.commune(&s.commune_code).map_or(s.commune_code, |c| c.full_name.clone()),
            state: s.state.label().get(lang).to_owned(),
            tone: s.state.tone(),
            at: date_time(s.submitted_at.filter(|_| since.is_some()).unwrap_or(s.updated_at)),
            waits: waits.unwrap_or_default(),
            late: since.is_some_and(|d| d.num_days() >= LONG),
        }
    };
    found.into_iter().map(row).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Asked {
    trang_thai: String,
    q: String,
    trang: String,
}

struct Tab {
    href: String,
    label: String,
    count: i64,
    current: bool,
}

#[derive(Template)]
#[template(path = "department_desk/sellers.html")]
struct SellersPage {
    page: Page,
    words: String,
    state: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    total: i64,
    current: i64,
    last: i64,
    base: String,
}

const ON_A_PAGE: i64 = 30;

/// `GET /so-cong-thuong/gian-hang?trang-thai=&q=&trang=`
pub(super) async fn list(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let state = State::of(&asked.trang_thai);
    let current = asked.trang.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let mut db = deps.db.acquire().await?;
    let counts = enterprises::count_by_state(&mut db).await?;
    let range = (ON_A_PAGE, (current - 1) * ON_A_PAGE);
    let found = enterprises::list_sellers(&mut db, state, &asked.q, range).await?;
    drop(db);
    let total = found.first().map_or(0, |s| s.total);
    let words: String = asked.q.trim().chars().take(100).collect();
    let href = |state: &str| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("trang-thai", state), ("q", words.as_str())])
            .finish();
        format!("/so-cong-thuong/gian-hang?{query}")
    };
    let mut tabs = vec![Tab {
        href: href(""),
        label: page.t("Tất cả", "All").to_owned(),
        count: counts.values().sum(),
        current: state.is_none(),
    }];
    tabs.extend(State::ALL.map(|each| Tab {
        href: href(each.code()),
        label: each.label().get(page.lang).to_owned(),
        count: counts.get(&each).copied().unwrap_or(0),
        current: state == Some(each),
    }));
    let shown = SellersPage {
        rows: rows(found, &deps.places, page.lang, cx.now),
        base: format!("{}&trang=", href(state.map_or("", State::code))),
        state: state.map_or("", State::code),
        last: (total + ON_A_PAGE - 1) / ON_A_PAGE,
        page: page.in_section("department-sellers"),
        words,
        tabs,
        total,
        current,
    };
    Ok(Html(shown).into_response())
}
