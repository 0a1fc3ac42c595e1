//! Everything of a product's page, in one statement.

use super::{
    art,
    categories::{Categories, Category},
    model::{State, Tier},
    queries,
    terms::Terms,
};
use crate::kernel::{
    BasisPoints, Cx, Day, Lang, ProductId, SellerId, Text, VariantId, Vnd, day_of,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// One buyable form on a product's page.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedVariant {
    pub id: VariantId,
    pub sku: String,
    pub label: String,
    pub price: Vnd,
    pub list_price: Option<Vnd>,
    pub weight_g: i32,
    pub gtin: Option<String>,
    /// How many can be sold now.
    pub available: i64,
    pub unlimited: bool,
    pub tiers: Vec<Tier>,
    pub terms: Terms,
}

/// A picture in its sizes.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedPicture {
    pub key: String,
    pub width: i32,
    pub height: i32,
    pub alt: String,
}

impl ListedPicture {
    /// The address of a size: `width` is 240, 480 or 960, `format` `webp` or `jpg`.
    #[must_use]
    pub fn src(&self, width: u32, format: &str) -> String {
        format!("/anh/{}-{width}.{format}", self.key)
    }

    /// For `srcset`.
    #[must_use]
    pub fn srcset(&self, format: &str) -> String {
        let sizes = crate::platform::pictures::WIDTHS;
        sizes.map(|w| format!("{} {w}w", self.src(w, format))).join(", ")
    }
}

/// A paper that is valid today.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedCertificate {
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub expires: Option<Day>,
}

/// A product as its page shows it.
#[derive(Debug, Clone)]
pub struct Listing {
    pub product: ProductId,
    pub seller: SellerId,
    pub shop_name: String,
    pub shop_slug: String,
    pub shop_commune: String,
    pub slug: String,
    pub name: String,
    pub name_en: String,
    /// Safe HTML.
    pub description_html: String,
    pub brand: String,
    pub origin_commune: Option<String>,
    pub facts: BTreeMap<String, String>,
    pub unit: String,
    pub tax_bps: BasisPoints,
    pub lead_days: i32,
    pub category_slug: String,
    pub art: String,
    pub state: State,
    /// On display now: published, its papers valid, its shop open.
    pub visible: bool,
    pub version: i64,
    pub published_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    pub variants: Vec<ListedVariant>,
    pub pictures: Vec<ListedPicture>,
    pub certificates: Vec<ListedCertificate>,
}

impl Listing {
    /// Its name in the reader's language, as far as the seller has given one.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }

    /// The lowest price of its variants.
    #[must_use]
    pub fn lowest(&self) -> Vnd {
        self.variants.iter().map(|v| v.price).min().unwrap_or_default()
    }

    /// Whether anything of it can be bought now.
    #[must_use]
    pub fn in_stock(&self) -> bool {
        self.variants.iter().any(|v| v.available > 0)
    }

    /// The address of its first picture, or of its drawing.
    #[must_use]
    pub fn picture(&self, width: u32) -> String {
        let key = self.pictures.first().map(|p| p.key.as_str());
        art::picture(key, &self.art, width)
    }

    /// From the root of the tree to its category.
    #[must_use]
    pub fn trail<'a>(&self, categories: &'a Categories) -> Vec<&'a Category> {
        categories.trail(&self.category_slug)
    }

    /// Its facts with their names, the demanded ones first.
    #[must_use]
    pub fn labelled_facts(&self, categories: &Categories, lang: Lang) -> Vec<(String, String)> {
        labelled_facts(&self.facts, categories, &self.category_slug, lang)
    }
}

/// Facts with their names and units, those that the category demands first.
pub(super) fn labelled_facts(
    facts: &BTreeMap<String, String>,
    categories: &Categories,
    category: &str,
    lang: Lang,
) -> Vec<(String, String)> {
    let demanded =
        categories.get(category).map(|c| c.required_facts.as_slice()).unwrap_or_default();
    let others = facts.keys().filter(|key| !demanded.contains(key));
    demanded
        .iter()
        .chain(others)
        .filter_map(|key| {
            let value = facts.get(key).filter(|v| !v.is_empty())?;
            let fact = categories.fact(key);
            let label = fact.map_or(key.as_str(), |f| f.label.get(lang));
            let unit = fact.map_or("", |f| f.unit.as_str());
            let plain = !unit.is_empty() && value.ends_with(|c: char| c.is_ascii_digit());
            let value = if plain { format!("{value} {unit}") } else { value.clone() };
            Some((label.to_owned(), value))
        })
        .collect()
}

/// The names of papers, for badges: `OCOP 4 sao`.
#[must_use]
pub fn certificate_names(listing: &Listing, categories: &Categories) -> Vec<Text> {
    listing.certificates.iter().map(|c| categories.paper_label(&c.kind)).collect()
}

/// What buyers see at a slug; `None` when there is nothing on display.
///
/// # Errors
/// Whatever the database says.
pub async fn listing(db: &mut PgConnection, cx: &Cx, slug: &str) -> sqlx::Result<Option<Listing>> {
    let found = queries::shown::listing(db, Some(slug), None, day_of(cx.now)).await?;
    Ok(found.filter(|listing| listing.visible))
}

/// The same of any product in any state: for its seller and for reviewers.
///
/// # Errors
/// Whatever the database says.
pub async fn preview(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
) -> sqlx::Result<Option<Listing>> {
    queries::shown::listing(db, None, Some(product.0), day_of(cx.now)).await
}
