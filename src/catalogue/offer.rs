//! What a variant costs and whether it can be bought: what baskets, checkouts and orders ask.

use super::{
    model::{Tier, tier_price},
    queries,
    terms::Terms,
};
use crate::kernel::{BasisPoints, Cx, ProductId, SellerId, VariantId, Vnd, day_of};
use sqlx::PgConnection;

/// One variant as a buyer meets it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub variant: VariantId,
    pub product: ProductId,
    pub seller: SellerId,
    /// Of the product's page: `/san-pham/{slug}`.
    pub slug: String,
    pub name: String,
    /// Tells it from its siblings; may be empty.
    pub label: String,
    pub sku: String,
    pub unit: String,
    /// VAT included.
    pub price: Vnd,
    pub list_price: Option<Vnd>,
    /// For firms, by rising quantity.
    pub tiers: Vec<Tier>,
    /// What its quantity has to be.
    pub terms: Terms,
    pub tax_bps: BasisPoints,
    pub lead_days: i32,
    /// Grams, packed.
    pub weight_g: i32,
    /// Address of a picture or drawing.
    pub picture: String,
    /// On display now: published, its papers valid, its shop open. Says nothing of stock.
    pub sellable: bool,
    /// How many can be sold now.
    pub available: i64,
    pub is_service: bool,
    pub category_slug: String,
    pub gtin: Option<String>,
}

impl Offer {
    /// `goods` or `service`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.is_service { "service" } else { "goods" }
    }
}

/// The price of one piece when `quantity` are bought; firms' members get the price of their quantity.
#[must_use]
pub fn price_for(offer: &Offer, quantity: i64, business: bool) -> Vnd {
    tier_price(offer.price, &offer.tiers, quantity, business)
}

/// The offers of all variants of these products.
///
/// # Errors
/// Whatever the database says.
pub async fn offers_of(
    db: &mut PgConnection,
    cx: &Cx,
    products: &[ProductId],
) -> sqlx::Result<Vec<Offer>> {
    let ids: Vec<uuid::Uuid> = products.iter().map(|p| p.0).collect();
    let variants = queries::variants::of_products(db, &ids).await?;
    queries::shown::offers(db, &variants, day_of(cx.now)).await
}

/// The offers of these variants, in no order. A variant that never was is not among them; one that was
/// taken away or hidden is, and is not sellable.
///
/// # Errors
/// Whatever the database says.
pub async fn offers(
    db: &mut PgConnection,
    cx: &Cx,
    variants: &[VariantId],
) -> sqlx::Result<Vec<Offer>> {
    let ids: Vec<uuid::Uuid> = variants.iter().map(|v| v.0).collect();
    queries::shown::offers(db, &ids, day_of(cx.now)).await
}
