//! `GET /api/v1/search`

use super::{BANDS, Hit, Parameters, Search};
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
    let query = parameters.query();
    let found = search.find(&query, day_of(cx.now)).await?;
    let limit = asked.limit.first().and_then(|n| n.parse().ok()).unwrap_or(super::PAGE);
    let facets = found.facets;
    let bands = BANDS.iter().zip(facets.bands).map(|(band, n)| (band.key.to_owned(), n));
    let groups = [
        ("category", facets.categories.into_iter().collect()),
        ("commune", facets.communes.into_iter().collect()),
        ("certificate", facets.certificates.into_iter().collect()),
        ("price", bands.collect()),
        ("business", [("1".to_owned(), facets.business)].into()),
        ("in_stock", [("1".to_owned(), facets.in_stock)].into()),
    ];
    let items = found.hits.into_iter().take(limit).map(|hit| item(hit, &page)).collect();
    Ok(Json(Answer { items, total: found.total, facets: groups.into() }))
}
