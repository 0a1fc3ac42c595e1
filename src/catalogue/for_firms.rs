//! What the trade with firms asks of the catalogue.

use super::{
    model::{State, Tier},
    queries::for_firms as queries,
    terms::Terms,
};
use crate::kernel::{ProductId, SellerId, VariantId, Vnd, fold};
use sqlx::PgConnection;

/// A variant as its seller sees it where he settles what firms pay.
#[derive(Debug, Clone)]
pub struct OwnVariant {
    pub variant: VariantId,
    pub product: ProductId,
    pub name: String,
    pub label: String,
    pub sku: String,
    pub unit: String,
    pub price: Vnd,
    pub tiers: Vec<Tier>,
    pub terms: Terms,
    pub state: State,
}

impl OwnVariant {
    /// Name and label in one.
    #[must_use]
    pub fn title(&self) -> String {
        if self.label.is_empty() {
            self.name.clone()
        } else {
            format!("{} – {}", self.name, self.label)
        }
    }
}

/// At most `most` of a seller's variants whose product is called so, by SKU from behind `after`.
///
/// # Errors
/// Whatever the database says.
pub async fn own_variants(
    db: &mut PgConnection,
    seller: SellerId,
    words: &str,
    after: &str,
    most: i64,
) -> sqlx::Result<Vec<OwnVariant>> {
    let words: String =
        fold(words.trim()).replace(['%', '_', '\\'], " ").trim().chars().take(100).collect();
    queries::own(db, seller, &words, after, most).await
}

/// One of a seller's variants.
///
/// # Errors
/// Whatever the database says.
pub async fn own_variant(
    db: &mut PgConnection,
    seller: SellerId,
    variant: VariantId,
) -> sqlx::Result<Option<OwnVariant>> {
    queries::one(db, seller, variant).await
}

/// One of a seller's variants, by its SKU.
///
/// # Errors
/// Whatever the database says.
pub async fn own_variant_of_sku(
    db: &mut PgConnection,
    seller: SellerId,
    sku: &str,
) -> sqlx::Result<Option<OwnVariant>> {
    match queries::of_sku(db, seller, sku).await? {
        Some(variant) => queries::one(db, seller, variant).await,
        None => Ok(None),
    }
}

/// The variants on display that one of these codes names, as SKU or GTIN, with the code that named each; of one seller,
/// or of all.
///
/// # Errors
/// Whatever the database says.
pub async fn by_codes(
    db: &mut PgConnection,
    seller: Option<SellerId>,
    codes: &[String],
) -> sqlx::Result<Vec<(String, VariantId)>> {
    let codes: Vec<String> = codes.iter().map(|code| code.trim().to_lowercase()).collect();
    queries::by_codes(db, seller, &codes).await
}
