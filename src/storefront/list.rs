//! Lists of goods: `/tim`, `/danh-muc/{slug}`.

use super::{
    cards::Card,
    kept::{Kept, Key, Part, What},
    links::Links,
    routes::Deps,
};
use crate::{
    catalogue::{Categories, Category},
    kernel::{Cx, Day, Vnd, day_of},
    places::Places,
    search::{BANDS, CERTIFICATES, Found, PAGE, Parameters, Query, Search, Sort, certificate},
    web::{Page, PageError, Query as Asked},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Communes offered as filters at once.
const COMMUNES: usize = 14;

/// A choice with its count.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: u32,
    pub(super) on: bool,
}

/// A link with words.
pub(super) struct Go {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) count: u32,
    pub(super) current: bool,
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
    cards: Vec<Card>,
    categories: Vec<Go>,
    communes: Vec<Choice>,
    bands: Vec<Choice>,
    certificates: Vec<Choice>,
    business: u32,
    in_stock: u32,
    unset: Vec<(String, String)>,
    clear: String,
    sorts: Vec<Go>,
    active: i64,
    current: i64,
    last: i64,
    base: String,
}

/// What a list is made of.
pub(super) struct Lists {
    pub(super) search: Search,
    pub(super) places: Places,
    pub(super) categories: Categories,
    pub(super) kept: Kept,
}

/// `GET /tim`
pub(super) async fn search(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Asked(parameters): Asked<Parameters>,
) -> Result<Response, PageError> {
    let mut query = parameters.query();
    query.category = query.category.filter(|slug| deps.categories.get(slug).is_some());
    show(&deps.lists(), &cx, page, "/tim".into(), query).await
}

/// `GET /danh-muc/{slug}`
pub(super) async fn category(
    State(deps): State<Deps>,
    Path(slug): Path<String>,
    cx: Cx,
    page: Page,
    Asked(parameters): Asked<Parameters>,
) -> Result<Response, PageError> {
    if deps.categories.get(&slug).is_none() {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let path = format!("/danh-muc/{slug}");
    let query = Query { category: Some(slug), ..parameters.query() };
    show(&deps.lists(), &cx, page, path, query).await
}

async fn show(
    lists: &Lists,
    cx: &Cx,
    page: Page,
    path: String,
    query: Query,
) -> Result<Response, PageError> {
    let day = day_of(cx.now);
    let key = Key {
        what: What::List(path, query),
        lang: page.lang,
        day,
        generation: lists.search.generation(),
    };
    if let Some(part) = lists.kept.get(&key)
        && part.still_holds(&lists.search, day).await?
    {
        return part.shown(page);
    }
    let part = make(lists, &page, &key, day).await?;
    lists.kept.put(key, part).shown(page)
}

#[expect(clippy::too_many_lines, reason = "one page put together from top to bottom")]
async fn make(lists: &Lists, page: &Page, key: &Key, day: Day) -> Result<Part, PageError> {
    let What::List(path, query) = &key.what else {
        return Err(PageError::internal(anyhow::anyhow!("not a list")));
    };
    let found = lists.search.find(query, day).await?;
    let shelf = query.category.as_deref().and_then(|slug| lists.categories.get(slug));
    let links = Links { path, query, category_in_path: path.starts_with("/danh-muc/") };
    let heading = match (shelf, query.q.as_str()) {
        (Some(shelf), "") => shelf.name.get(page.lang).to_owned(),
        (_, "") => page.t("Tất cả sản phẩm", "All products").to_owned(),
        (_, q) => format!("{} “{q}”", page.t("Kết quả cho", "Results for")),
    };
    let trail = trail(lists, page, shelf);
    let here = shelf.map_or_else(
        || page.t("Sản phẩm", "Products").to_owned(),
        |shelf| shelf.name.get(page.lang).to_owned(),
    );
    let body = ListPart {
        page,
        action: path,
        trail,
        here,
        query,
        hidden: links.hidden(),
        total: found.total,
        cards: Card::all(&found.hits, page.lang, &lists.places),
        categories: categories(lists, page, shelf, &links, &found),
        communes: communes(lists, query, &found),
        bands: bands(page, query, &found),
        certificates: certificates(page, query, &found),
        business: found.facets.business,
        in_stock: found.facets.in_stock,
        unset: unset(lists, page, &links),
        clear: links.with(|q| {
            *q = Query {
                q: q.q.clone(),
                category: q.category.clone(),
                sort: q.sort,
                ..Query::default()
            };
        }),
        sorts: sorts(page, &links),
        active: i64::try_from(query.filters()).unwrap_or_default(),
        current: i64::try_from(query.page).unwrap_or(1),
        last: i64::try_from(found.total.div_ceil(PAGE)).unwrap_or(1),
        base: links.pages(),
        heading: heading.clone(),
    };
    let mut part = Part::new(heading, "search", &body.render().map_err(PageError::internal)?);
    part.watch = found.hits.iter().map(|hit| (hit.product, hit.in_stock)).collect();
    let plain = query.filters() == 0 && query.q.is_empty() && query.sort == Sort::default();
    part.head = if plain {
        let page_suffix =
            if query.page > 1 { format!("?trang={}", query.page) } else { String::new() };
        format!("<link rel=\"canonical\" href=\"{}{page_suffix}\">", page.full_url(path))
    } else {
        "<meta name=\"robots\" content=\"noindex, follow\">".to_owned()
    };
    Ok(part)
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

/// The categories one step below, those with goods first by the tree's own order.
fn categories(
    lists: &Lists,
    page: &Page,
    shelf: Option<&Category>,
    links: &Links<'_>,
    found: &Found,
) -> Vec<Go> {
    let count = |slug: &str| {
        found.facets.categories.iter().find(|(known, _)| known == slug).map_or(0, |(_, n)| *n)
    };
    let below: Vec<&Category> = match shelf {
        Some(shelf) => lists.categories.children(&shelf.slug),
        None => lists.categories.roots(),
    };
    let go = |shelf: &Category| Go {
        href: if links.category_in_path {
            format!("/danh-muc/{}", shelf.slug)
        } else {
            links.with(|q| q.category = Some(shelf.slug.clone()))
        },
        label: shelf.name.get(page.lang).to_owned(),
        count: count(&shelf.slug),
        current: false,
    };
    below.into_iter().map(go).filter(|go| go.count > 0).collect()
}

fn communes(lists: &Lists, query: &Query, found: &Found) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for code in &query.communes {
        if !found.facets.communes.iter().any(|(known, _)| known == code) {
            let label = lists.places.shown(code);
            choices.push(Choice { value: code.clone(), label, count: 0, on: true });
        }
    }
    for (i, (code, n)) in found.facets.communes.iter().enumerate() {
        let on = query.communes.contains(code);
        if on || i < COMMUNES {
            let commune = lists.places.commune(code);
            let label = commune.map_or_else(|| code.clone(), |c| c.full_name.clone());
            choices.push(Choice { value: code.clone(), label, count: *n, on });
        }
    }
    choices
}

fn bands(page: &Page, query: &Query, found: &Found) -> Vec<Choice> {
    let choice = |(i, count): (usize, &u32)| Choice {
        value: BANDS[i].key.to_owned(),
        label: BANDS[i].shown(page.lang),
        count: *count,
        on: query.bands.contains(&i),
    };
    let all = found.facets.bands.iter().enumerate().map(choice);
    all.filter(|choice| choice.count > 0 || choice.on).collect()
}

fn certificates(page: &Page, query: &Query, found: &Found) -> Vec<Choice> {
    let choice = |(kind, vi, en): &(&str, &str, &str)| Choice {
        value: (*kind).to_owned(),
        label: page.t(vi, en).to_owned(),
        count: found.facets.certificates.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n),
        on: query.certificates.iter().any(|chosen| chosen == kind),
    };
    CERTIFICATES.iter().map(choice).filter(|choice| choice.count > 0 || choice.on).collect()
}

/// One link for each filter that is set: the same list without it.
fn unset(lists: &Lists, page: &Page, links: &Links<'_>) -> Vec<(String, String)> {
    let (query, lang) = (links.query, page.lang);
    let mut unset = Vec::new();
    if let (Some(shelf), false) =
        (query.category.as_deref().and_then(|s| lists.categories.get(s)), links.category_in_path)
    {
        unset.push((links.with(|q| q.category = None), shelf.name.get(lang).to_owned()));
    }
    for code in &query.communes {
        let href = links.with(|q| q.communes.retain(|other| other != code));
        unset.push((href, lists.places.shown(code)));
    }
    for band in &query.bands {
        let href = links.with(|q| q.bands.retain(|other| other != band));
        unset.push((href, BANDS[*band].shown(lang)));
    }
    if query.price_min.is_some() || query.price_max.is_some() {
        let from = query.price_min.map(|n| Vnd(n).to_string()).unwrap_or_default();
        let to = query.price_max.map(|n| Vnd(n).to_string()).unwrap_or_default();
        let href = links.with(|q| (q.price_min, q.price_max) = (None, None));
        unset.push((href, format!("{from} – {to}")));
    }
    for kind in &query.certificates {
        let href = links.with(|q| q.certificates.retain(|other| other != kind));
        unset.push((href, certificate(kind, lang).unwrap_or_default().to_owned()));
    }
    if query.business {
        let words = lang.t("Có giá sỉ", "Has trade prices");
        unset.push((links.with(|q| q.business = false), words.to_owned()));
    }
    if query.in_stock {
        let words = lang.t("Còn hàng", "In stock");
        unset.push((links.with(|q| q.in_stock = false), words.to_owned()));
    }
    unset
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
