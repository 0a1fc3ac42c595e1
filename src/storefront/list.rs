//! Lists of goods: `/tim`, `/danh-muc/{slug}`.

use super::{
    cards::Card,
    filters::Filters,
    kept::{Kept, Key, Part, What},
    links::Links,
    nearby::{self, Near, Unclear},
    reach,
    routes::Deps,
    told::Told,
};
use crate::{
    catalogue::{Categories, Category},
    kernel::{Cx, Day, day_of},
    places::Places,
    search::{PAGE, Parameters, Query, Reading, Search, Sort},
    web::{self, Page, PageError, Query as Asked},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sqlx::PgPool;
use std::{sync::Arc, time::Instant};

/// Popular searches offered where nothing was found.
const POPULAR: usize = 8;

/// A link with words.
pub(super) struct Go {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) count: u32,
    pub(super) current: bool,
}

impl Go {
    fn plain(href: String, label: String) -> Self {
        Self { href, label, count: 0, current: false }
    }
}

#[derive(Template)]
#[template(path = "storefront/list.html")]
struct ListPart<'a> {
    page: &'a Page,
    action: &'a str,
    trail: Vec<(String, String)>,
    heading: String,
    here: String,
    query: &'a Query,
    hidden: Vec<(&'static str, String)>,
    total: usize,
    told: Told,
    cards: Vec<Card>,
    choices: Filters,
    clear: String,
    /// The same words with slips put right.
    loosely: String,
    sorts: Vec<Go>,
    active: i64,
    current: i64,
    last: i64,
    base: String,
    /// Where nothing was found: other ways in.
    popular: Vec<Go>,
    branches: Vec<Go>,
}

/// What a list is made of.
pub(super) struct Lists {
    pub(super) db: PgPool,
    pub(super) search: Search,
    pub(super) places: Places,
    pub(super) categories: Categories,
    pub(super) kept: Kept,
}

/// Who asks for a list.
struct Visit {
    cx: Cx,
    page: Page,
    headers: HeaderMap,
    place: nearby::Asked,
}

/// `GET /tim`
pub(super) async fn search(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    headers: HeaderMap,
    Asked(parameters): Asked<Parameters>,
    Asked(place): Asked<nearby::Asked>,
) -> Result<Response, PageError> {
    let mut query = parameters.query();
    query.category = query.category.filter(|slug| deps.categories.get(slug).is_some());
    show(&deps.lists(), Visit { cx, page, headers, place }, "/tim".into(), query).await
}

/// `GET /danh-muc/{slug}`
pub(super) async fn category(
    State(deps): State<Deps>,
    Path(slug): Path<String>,
    cx: Cx,
    page: Page,
    headers: HeaderMap,
    Asked(parameters): Asked<Parameters>,
    Asked(place): Asked<nearby::Asked>,
) -> Result<Response, PageError> {
    if deps.categories.get(&slug).is_none() {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let path = format!("/danh-muc/{slug}");
    let query = Query { category: Some(slug), ..parameters.query() };
    show(&deps.lists(), Visit { cx, page, headers, place }, path, query).await
}

fn links<'a>(path: &'a str, query: &'a Query) -> Links<'a> {
    Links { path, query, category_in_path: path.starts_with("/danh-muc/") }
}

async fn show(
    lists: &Lists,
    visit: Visit,
    path: String,
    mut query: Query,
) -> Result<Response, PageError> {
    let Visit { cx, page, headers, place } = visit;
    let unclear = match nearby::put(&mut query, &place, &headers, &lists.places, page.lang) {
        Near::AsKnown => None,
        Near::Unclear(unclear) => Some(unclear),
        Near::Told(code) => {
            let remembered = reach::remembered(&page, &code);
            (query.delivered, query.near) = (true, Some(code));
            let mut response = web::go(&links(&path, &query).with(|_| {}));
            if let Some(cookie) = remembered {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
    };
    let day = day_of(cx.now);
    let key = Key {
        what: What::List(path, query.into()),
        lang: page.lang,
        day,
        generation: lists.search.generation(),
    };
    match unclear {
        None => part(lists, &page, key, day).await?.shown(page),
        Some(unclear) => make(lists, &page, &key, day, &unclear).await?.shown(page),
    }
}

/// The part as it was kept, if it still holds, else as it is now. What was looked for is counted.
async fn part(lists: &Lists, page: &Page, key: Key, day: Day) -> Result<Arc<Part>, PageError> {
    let began = Instant::now();
    let part = match lists.kept.get(&key) {
        Some(part) if part.still_holds(&lists.search, day).await? => part,
        _ => {
            let made = make(lists, page, &key, day, &Unclear::default()).await?;
            lists.kept.put(key.clone(), made)
        }
    };
    if let What::List(path, query) = &key.what
        && path == "/tim"
        && !query.q.is_empty()
    {
        let (total, empty) = part.results;
        lists.search.note(query, day, total, empty, began.elapsed());
    }
    Ok(part)
}

async fn make(
    lists: &Lists,
    page: &Page,
    key: &Key,
    day: Day,
    unclear: &Unclear,
) -> Result<Part, PageError> {
    let What::List(path, query) = &key.what else {
        return Err(PageError::internal(anyhow::anyhow!("not a list")));
    };
    let found = lists.search.find(query, day).await?;
    let shelf = query.category.as_deref().and_then(|slug| lists.categories.get(slug));
    let links = links(path, query);
    let heading = match (shelf, query.q.as_str()) {
        (Some(shelf), "") => shelf.name.get(page.lang).to_owned(),
        (_, "") => page.t("Tất cả sản phẩm", "All products").to_owned(),
        (_, q) => format!("{} “{q}”", page.t("Kết quả cho", "Results for")),
    };
    let here = shelf.map_or_else(
        || page.t("Sản phẩm", "Products").to_owned(),
        |shelf| shelf.name.get(page.lang).to_owned(),
    );
    let words = if query.q.is_empty() { &[] } else { found.words.as_slice() };
    let is_empty = found.total == 0;
    let body = ListPart {
        page,
        action: path,
        trail: trail(lists, page, shelf),
        here,
        query,
        hidden: links.hidden(),
        total: found.total,
        told: Told::of(page, &links, &found, lists.search.has_index()),
        cards: Card::found(&found.hits, words, page.lang, &lists.places),
        choices: Filters::of(lists, page, shelf, &links, &found, unclear).await?,
        clear: links.with(|q| {
            *q = Query {
                q: q.q.clone(),
                exactly: q.exactly,
                category: q.category.clone(),
                sort: q.sort,
                ..Query::default()
            };
        }),
        loosely: links.with(|q| q.exactly = false),
        sorts: sorts(page, &links),
        active: i64::try_from(query.filters()).unwrap_or_default(),
        current: i64::try_from(query.page).unwrap_or(1),
        last: i64::try_from(found.total.div_ceil(PAGE)).unwrap_or(1),
        base: links.pages(),
        heading: heading.clone(),
        popular: if is_empty { popular(lists, day).await? } else { Vec::new() },
        branches: if is_empty { branches(lists, page) } else { Vec::new() },
    };
    let mut part = Part::new(heading, "search", &body.render().map_err(PageError::internal)?);
    part.watch = found.hits.iter().map(|hit| (hit.product, hit.in_stock)).collect();
    part.results = (found.total, is_empty || found.reading != Reading::AsTyped);
    part.head = head(page, path, query);
    Ok(part)
}

/// Only lists that nobody has narrowed are for search engines.
fn head(page: &Page, path: &str, query: &Query) -> String {
    if query.filters() > 0 || !query.q.is_empty() || query.sort != Sort::default() {
        return "<meta name=\"robots\" content=\"noindex, follow\">".to_owned();
    }
    let suffix = if query.page > 1 { format!("?trang={}", query.page) } else { String::new() };
    format!("<link rel=\"canonical\" href=\"{}{suffix}\">", page.full_url(path))
}

/// What others have looked for, and found.
async fn popular(lists: &Lists, day: Day) -> sqlx::Result<Vec<Go>> {
    let found = lists.search.popular("", day, POPULAR).await?;
    Ok(found.into_iter().map(|words| Go::plain(looking_for(&words), words)).collect())
}

/// The address of a search for `words`.
pub(super) fn looking_for(words: &str) -> String {
    let words: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    format!("/tim?q={words}")
}

fn branches(lists: &Lists, page: &Page) -> Vec<Go> {
    let roots = lists.categories.roots().into_iter();
    roots
        .map(|shelf| {
            Go::plain(format!("/danh-muc/{}", shelf.slug), shelf.name.get(page.lang).to_owned())
        })
        .collect()
}

/// From home to the category above.
fn trail(lists: &Lists, page: &Page, shelf: Option<&Category>) -> Vec<(String, String)> {
    let mut trail = vec![("/".to_owned(), page.t("Trang chủ", "Home").to_owned())];
    for slug in shelf.iter().flat_map(|shelf| shelf.path.iter().rev().skip(1).rev()) {
        if let Some(above) = lists.categories.get(slug) {
            trail.push((format!("/danh-muc/{slug}"), above.name.get(page.lang).to_owned()));
        }
    }
    trail
}

pub(super) fn sorts(page: &Page, links: &Links<'_>) -> Vec<Go> {
    let go = |(sort, _, vi, en): &(Sort, &str, &str, &str)| Go {
        href: links.with(|q| q.sort = *sort),
        label: page.t(vi, en).to_owned(),
        count: 0,
        current: links.query.sort == *sort,
    };
    Sort::ALL.iter().map(go).collect()
}
