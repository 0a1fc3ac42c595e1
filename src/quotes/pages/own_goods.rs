//! Goods of the seller's own that he offers for a line: what leaves his stock when it is delivered.

use super::offer::OfferForm;
use crate::{
    catalogue::{self, OwnVariant},
    kernel::{BasisPoints, Cx, SellerId, VariantId, fold},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// So many are proposed while he types; all others are found by their code or name.
const PROPOSED: i64 = 300;
/// So many of a name are looked at.
const NAMED: i64 = 20;

/// A variant of his that he named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    pub(super) variant: VariantId,
    pub(super) sku: String,
    pub(super) tax: BasisPoints,
}

/// What the names of a form stand for.
pub(super) type Named = HashMap<String, Own>;

/// `KS-500 · Cà phê Khe Sanh – 500 g`.
fn told(own: &OwnVariant) -> String {
    format!("{} · {}", own.sku, own.title())
}

/// What is proposed for the fields.
pub(super) async fn proposed(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<String>> {
    let all = catalogue::own_variants(db, seller, "", "", PROPOSED).await?;
    Ok(all.iter().map(told).collect())
}

/// Finds what the form names: by code, or by a name that one of his goods alone has. What is not found is left out.
pub(super) async fn named(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    form: &OfferForm,
) -> sqlx::Result<Named> {
    let mut found = HashMap::new();
    for typed in form.ma.iter().chain(&form.khac_ma).map(|typed| typed.trim()) {
        if typed.is_empty() || typed.chars().count() > 300 || found.contains_key(typed) {
            continue;
        }
        if let Some(own) = one(db, seller, typed).await? {
            found.insert(typed.to_owned(), own);
        }
    }
    let variants: Vec<VariantId> = found.values().map(|own| own.variant).collect();
    let offers = catalogue::offers(db, cx, &variants).await?;
    let own = |(typed, own): (String, OwnVariant)| {
        let offer = offers.iter().find(|offer| offer.variant == own.variant)?;
        Some((typed, Own { variant: own.variant, sku: own.sku, tax: offer.tax_bps }))
    };
    Ok(found.into_iter().filter_map(own).collect())
}

async fn one(
    db: &mut PgConnection,
    seller: SellerId,
    typed: &str,
) -> sqlx::Result<Option<OwnVariant>> {
    let code = typed.split_once(" · ").map_or(typed, |(code, _)| code).trim();
    if let Some(own) = catalogue::own_variant_of_sku(db, seller, code).await? {
        return Ok(Some(own));
    }
    let mut alike = catalogue::own_variants(db, seller, typed, "", NAMED).await?;
    if let Some(at) = alike.iter().position(|own| fold(&own.title()) == fold(typed)) {
        return Ok(Some(alike.swap_remove(at)));
    }
    Ok(if alike.len() == 1 { alike.pop() } else { None })
}
