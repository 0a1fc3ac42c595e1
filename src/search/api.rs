//! `GET /api/v1/search`

use super::{BANDS, Facets, Hit, LONGEST_PAGE, Parameters, QUANTITIES, Reading, Search};
use crate::{
    kernel::{Cx, day_of},
    web::{ApiError, Page, Query},
};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The same words and filters as on the page, and how many to give.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    limit: Vec<String>,
}

#[derive(Serialize)]
struct Item {
    sku: String,
    name: String,
    /// Whole đồng, VAT included; the lowest variant.
    price: i64,
    unit: String,
    seller: String,
    in_stock: bool,
    url: String,
    picture: String,
}

#[derive(Serialize)]
pub(super) struct Answer {
    items: Vec<Item>,
    total: usize,
    /// `as_typed`, `corrected`, `most_words` or `some_words`: how far the answer is from what was typed.
    reading: &'static str,
    /// What was looked for, where a slip was put right.
    corrected: Option<String>,
    facets: BTreeMap<&'static str, BTreeMap<String, u32>>,
}

fn item(hit: Hit, page: &Page) -> Item {
    Item {
        url: page.full_url(&format!("/san-pham/{}", hit.slug)),
        picture: if hit.picture.is_empty() { String::new() } else { page.full_url(&hit.picture) },
        sku: hit.sku,
        name: hit.name,
        price: hit.price.0,
        unit: hit.unit,
        seller: hit.seller_name,
        in_stock: hit.in_stock,
    }
}

pub(super) async fn search(
    State(search): State<Search>,
    cx: Cx,
    page: Page,
    Query(parameters): Query<Parameters>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, ApiError> {
    let limit = asked.limit.first().and_then(|n| n.trim().parse().ok()).unwrap_or(super::PAGE);
    let query = super::Query { length: limit.clamp(1, LONGEST_PAGE), ..parameters.query() };
    let found = search.find(&query, day_of(cx.now)).await?;
    let (reading, corrected) = match found.reading {
        Reading::AsTyped => ("as_typed", None),
        Reading::Corrected { words, .. } => ("corrected", Some(words)),
        Reading::MostWords => ("most_words", None),
        Reading::SomeWords => ("some_words", None),
    };
    let items = found.hits.into_iter().map(|hit| item(hit, &page)).collect();
    Ok(Json(Answer { items, total: found.total, reading, corrected, facets: counts(found.facets) }))
}

/// Counts by the keys that stand in an address.
fn counts(facets: Facets) -> BTreeMap<&'static str, BTreeMap<String, u32>> {
    let bands = BANDS.iter().zip(facets.bands).map(|(band, n)| (band.key.to_owned(), n));
    let quantities = QUANTITIES.iter().zip(facets.quantities).map(|(q, n)| (q.key.to_owned(), n));
    let sellers = facets.sellers.into_iter().map(|(seller, n)| (seller.to_string(), n));
    let one = |n| [("1".to_owned(), n)].into();
    [
        ("category", facets.categories.into_iter().collect()),
        ("commune", facets.communes.into_iter().collect()),
        ("certificate", facets.certificates.into_iter().collect()),
        ("price", bands.collect()),
        ("seller", sellers.collect()),
        ("trade_quantity", quantities.collect()),
        ("business", one(facets.business)),
        ("in_stock", one(facets.in_stock)),
        ("delivered", one(facets.delivered)),
    ]
    .into()
}
