//! `GET /gian-hang/{slug}`: one shop, the facts that the law asks for, and its goods.

use super::{
    cards::Card,
    links::Links,
    list::{Go, sorts},
    product::{gone, offered, registration},
    queries,
    routes::Deps,
    told::Told,
};
use crate::{
    delivery,
    enterprises::{self, SellerFacts},
    kernel::{Cx, Phone, date, day_of},
    reviews::{self, Totals},
    search::{PAGE, Parameters, Query},
    web::{Html, Page, PageError, Query as Asked},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};

#[derive(Template)]
#[template(path = "storefront/shop.html")]
struct ShopPage {
    page: Page,
    seller: SellerFacts,
    /// The stars of all its goods.
    totals: Totals,
    path: String,
    intro: String,
    kind: String,
    place: String,
    address: String,
    registration: String,
    phone: String,
    since: String,
    query: Query,
    total: usize,
    told: Told,
    cards: Vec<Card>,
    sorts: Vec<Go>,
    current: i64,
    last: i64,
    base: String,
    /// Code and conditions of what the shop offers openly.
    vouchers: Vec<(String, String)>,
    /// From which amount its delivery is free; empty: never.
    free_over: String,
}

/// `GET /gian-hang/{slug}`
pub(super) async fn shop(
    State(deps): State<Deps>,
    Path(slug): Path<String>,
    cx: Cx,
    page: Page,
    Asked(parameters): Asked<Parameters>,
) -> Result<impl IntoResponse, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = queries::shop_of(&mut db, &slug).await?;
    let (id, state) = found.ok_or_else(PageError::not_found)?;
    match state.as_str() {
        "approved" => {}
        "suspended" | "closed" => {
            return Err(gone(
                "Gian hàng này hiện không bán trên sàn.",
                "This shop does not sell here at present.",
            ));
        }
        _ => return Err(PageError::not_found()),
    }
    let seller = enterprises::facts(&mut db, &[id]).await?.remove(&id);
    let seller = seller.ok_or_else(PageError::not_found)?;
    let vouchers = offered(&mut db, &cx, &page, id).await?;
    let free_over =
        delivery::rates(&mut db, &[id], None).await?.remove(&id).and_then(|r| r.free_over);
    let totals = reviews::totals(&mut db, id).await?;
    drop(db);
    let asked = parameters.query();
    let query = Query {
        seller: Some(id),
        q: asked.q,
        exactly: asked.exactly,
        sort: asked.sort,
        page: asked.page,
        ..Query::default()
    };
    let found = deps.search.find(&query, day_of(cx.now)).await?;
    let path = format!("/gian-hang/{slug}");
    let links = Links { path: &path, query: &query, category_in_path: false };
    let english = page.lang == crate::kernel::Lang::En && !seller.intro_en.is_empty();
    let last = found.total.div_ceil(PAGE);
    let words = if query.q.is_empty() { &[] } else { found.words.as_slice() };
    Ok(Html(ShopPage {
        intro: if english { seller.intro_en.clone() } else { seller.intro.clone() },
        kind: super::home::kind(seller.kind.code()).get(page.lang).to_owned(),
        address: format!("{}, {}", seller.address, deps.places.shown(&seller.commune_code)),
        place: deps.places.shown(&seller.commune_code),
        registration: registration(&seller),
        phone: Phone::local(&seller.phone),
        since: seller.approved_at.map(|at| date(day_of(at))).unwrap_or_default(),
        total: found.total,
        told: Told::of(&page, &links, &found, deps.search.has_index()),
        cards: Card::found(&found.hits, words, page.lang, &deps.places),
        sorts: sorts(&page, &links),
        current: i64::try_from(query.page).unwrap_or(1),
        last: i64::try_from(last).unwrap_or(1),
        base: links.pages(),
        vouchers,
        free_over: free_over.map(|v| v.to_string()).unwrap_or_default(),
        page: page.in_section("shops"),
        query,
        totals,
        seller,
        path,
    }))
}
