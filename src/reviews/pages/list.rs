//! `GET /san-pham/{slug}/danh-gia`: all reviews of a product, by stars and page.

use super::{Shown, page_number, shown};
use crate::{
    reviews::{
        model::Totals,
        queries_read::{self, Wanted},
        read,
        routes::Deps,
    },
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

const SIZE: i64 = 10;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct Asked {
    sao: String,
    trang: String,
}

#[derive(Template)]
#[template(path = "reviews/list.html")]
struct ListPage {
    page: Page,
    name: String,
    slug: String,
    totals: Totals,
    /// Zero: all.
    star: usize,
    reviews: Vec<Shown>,
    current: i64,
    last: i64,
    base: String,
}

impl ListPage {
    fn all(&self) -> bool {
        self.star == 0
    }

    /// Five stars to one: address, label, whether chosen.
    fn filters(&self) -> Vec<(String, String, bool)> {
        let path = self.path();
        let filter = |n| (format!("{path}?sao={n}"), format!("{n} ★"), self.star == n);
        (1..=5).rev().map(filter).collect()
    }

    fn path(&self) -> String {
        format!("/san-pham/{}/danh-gia", self.slug)
    }
}

/// `GET /san-pham/{slug}/danh-gia`
pub(in crate::reviews) async fn of_product(
    State(deps): State<Deps>,
    page: Page,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = queries_read::product(&mut db, &slug).await?;
    let (product, name) = found.ok_or_else(PageError::not_found)?;
    let totals = read::of_product(&mut db, product).await?;
    let star = asked.sao.parse().ok().filter(|s| (1..=5).contains(s)).unwrap_or(0usize);
    let current = page_number(&asked.trang);
    let wanted = Wanted {
        product: Some(product),
        star: i16::try_from(star).ok().filter(|s| *s > 0),
        hidden: Some(false),
        limit: SIZE,
        offset: (current - 1) * SIZE,
        ..Wanted::default()
    };
    let reviews = shown(&mut db, &wanted).await?;
    let count = if star == 0 { totals.count() } else { totals.by_star[star - 1] };
    let filter = if star == 0 { String::new() } else { format!("sao={star}&") };
    Ok(Html(ListPage {
        base: format!("/san-pham/{slug}/danh-gia?{filter}trang="),
        page: page.in_section("search"),
        last: (count + SIZE - 1) / SIZE,
        name,
        slug,
        totals,
        star,
        reviews,
        current,
    }))
}
