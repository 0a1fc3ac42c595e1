//! `/to-chuc/bao-gia` and `/ban-hang/bao-gia`: the lists of both sides, page by page.

use super::super::{
    machine::{QuoteState, RequestState},
    queries_lists,
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cursor, Leaf, Vnd, date_time},
    organisations::OrgScope,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// Rows on a page.
const SIZE: usize = 30;

/// A row of either list.
#[derive(Debug, Clone)]
pub(in super::super) struct Listed {
    pub id: Uuid,
    pub cursor: Uuid,
    pub at: DateTime<Utc>,
    pub code: String,
    pub title: String,
    pub org_name: String,
    pub sealed: bool,
    pub closes_at: DateTime<Utc>,
    pub state: RequestState,
    /// The seller's own.
    pub quote: Option<QuoteState>,
    pub pending: bool,
    pub total: Option<Vnd>,
    pub offers: i64,
    pub invited: i64,
    pub goods: String,
    pub kinds: i64,
}

impl Listed {
    fn sent(&self) -> String {
        date_time(self.at)
    }

    fn closes(&self) -> String {
        date_time(self.closes_at)
    }

    fn amount(&self) -> String {
        self.total.map(|t| t.to_string()).unwrap_or_default()
    }
}

/// A page of either list.
pub(in super::super) type Sheet = Leaf<Listed>;

/// `rows` were asked for with one more than the page shows.
pub(in super::super) fn sheet(rows: Vec<Listed>, from: Cursor, size: usize) -> Sheet {
    from.leaf(rows, size, |row| (row.at, row.cursor))
}

/// What a list is narrowed to, as its address says.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    pub(in super::super) tt: String,
    pub(in super::super) sau: String,
    pub(in super::super) truoc: String,
}

impl Asked {
    fn href(base: &str, state: &str, cursor: Option<(&str, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !state.is_empty() {
            query.append_pair("tt", state);
        }
        query.extend_pairs(cursor);
        let query = query.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }

    fn turn(&self, base: &str, name: &str, cursor: Option<&String>) -> String {
        let href = |cursor: &String| Self::href(base, &self.tt, Some((name, cursor)));
        cursor.map(href).unwrap_or_default()
    }
}

/// One tab: address, words, how many, whether it is open.
struct Tab {
    href: String,
    label: String,
    count: String,
    current: bool,
}

fn tabs(page: &Page, base: &str, asked: &Asked, states: &[(&str, String, i64)]) -> Vec<Tab> {
    let written = |n: i64| match n {
        0 => String::new(),
        n if n >= queries_lists::COUNTED => format!("{}+", queries_lists::COUNTED - 1),
        n => n.to_string(),
    };
    let tab = |code: &str, label: &str, count: String| Tab {
        href: Asked::href(base, code, None),
        label: label.to_owned(),
        count,
        current: asked.tt == code,
    };
    let mut all = vec![tab("", page.t("Tất cả", "All"), String::new())];
    all.extend(states.iter().map(|(code, label, n)| tab(code, label, written(*n))));
    all
}

#[derive(Template)]
#[template(path = "quotes/buyer_list.html")]
struct BuyerList {
    page: Page,
    scope: OrgScope,
    tabs: Vec<Tab>,
    sheet: Sheet,
    older: String,
    newer: String,
}

const BUYER: &str = "/to-chuc/bao-gia";

/// `GET /to-chuc/bao-gia`
pub(in super::super) async fn buyer(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let (from, state) = (Cursor::read(&asked.sau, &asked.truoc), RequestState::of(&asked.tt));
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let rows = queries_lists::of_org(&deps.db, scope.org, state, from, most).await?;
    let counts = queries_lists::count_requests(&deps.db, scope.org).await?;
    let count = |code: &str| counts.iter().find(|c| c.0 == code).map_or(0, |c| c.1);
    let named = |s: &RequestState| (s.code(), s.label().get(page.lang).to_owned(), count(s.code()));
    let states: Vec<_> = RequestState::ALL.iter().map(named).collect();
    let tabs = tabs(&page, BUYER, &asked, &states);
    let sheet = sheet(rows, from, SIZE);
    let older = asked.turn(BUYER, "sau", sheet.older.as_ref());
    let newer = asked.turn(BUYER, "truoc", sheet.newer.as_ref());
    let page = page.in_section("org-quotes");
    Ok(Html(BuyerList { page, scope, tabs, sheet, older, newer }))
}

#[derive(Template)]
#[template(path = "quotes/seller_list.html")]
struct SellerList {
    page: Page,
    tabs: Vec<Tab>,
    sheet: Sheet,
    older: String,
    newer: String,
    owner: bool,
}

const SELLER: &str = "/ban-hang/bao-gia";

/// `GET /ban-hang/bao-gia`
pub(in super::super) async fn seller(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let (from, state) = (Cursor::read(&asked.sau, &asked.truoc), QuoteState::of(&asked.tt));
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let rows = queries_lists::of_seller(&deps.db, scope.seller, state, from, most).await?;
    let counts = queries_lists::count_quotes(&deps.db, scope.seller).await?;
    let count = |code: &str| counts.iter().find(|c| c.0 == code).map_or(0, |c| c.1);
    let named = |s: &QuoteState| (s.code(), s.label().get(page.lang).to_owned(), count(s.code()));
    // Seldom ones show once there are some.
    let main = [QuoteState::Invited, QuoteState::Sent, QuoteState::Countered, QuoteState::Accepted];
    let shown = |s: &&QuoteState| main.contains(s) || count(s.code()) > 0;
    let states: Vec<_> = QuoteState::ALL.iter().filter(shown).map(named).collect();
    let tabs = tabs(&page, SELLER, &asked, &states);
    let sheet = sheet(rows, from, SIZE);
    let older = asked.turn(SELLER, "sau", sheet.older.as_ref());
    let newer = asked.turn(SELLER, "truoc", sheet.newer.as_ref());
    let page = page.in_section("seller-quotes");
    Ok(Html(SellerList { page, tabs, sheet, older, newer, owner: scope.is_owner() }))
}
