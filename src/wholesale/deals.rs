//! What a firm pays: what the floor asks of this slice wherever a price stands.

use super::{error::WholesaleError, model::CustomerState, queries, units::Unit};
use crate::{
    catalogue::{Offer, Tier},
    kernel::{Cx, OrgId, PersonId, SellerId, VariantId, Vnd, day_of},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;

/// So many may be bought below the least quantity, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub most: i64,
    /// Of one piece.
    pub price: Vnd,
}

/// What holds between a firm and the seller of a variant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deal {
    pub standing: Option<CustomerState>,
    /// The seller shows prices for firms to his customers only.
    pub hidden: bool,
    /// Prices of this customer, his group, or all customers, in force today.
    pub prices: Vec<Tier>,
    /// Still to be had.
    pub sample: Option<Sample>,
}

impl Deal {
    /// Whether the seller's prices for firms hold for this one.
    #[must_use]
    pub fn general(&self) -> bool {
        !self.hidden || self.standing == Some(CustomerState::Admitted)
    }
}

/// What is charged for a quantity, and what the quantity has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Of one piece.
    pub price: Vnd,
    /// The fewest.
    pub least: i64,
    /// Only multiples of it.
    pub step: i64,
    /// It is the sample.
    pub sample: bool,
}

/// The prices that apply, reached or not, in no order.
fn applying<'a>(tiers: &'a [Tier], deal: Option<&'a Deal>) -> impl Iterator<Item = &'a Tier> {
    let general = deal.is_some_and(Deal::general);
    let own = deal.map(|deal| deal.prices.as_slice()).unwrap_or_default();
    tiers.iter().filter(move |_| general).chain(own)
}

/// What one piece costs in this quantity: the lowest price that applies. `deal`: of the firm that buys; `None`: a person
/// buys for himself.
#[must_use]
pub fn charge(offer: &Offer, deal: Option<&Deal>, quantity: i64) -> Charge {
    let (least, step) = offer.terms.binding(deal.is_some());
    if let Some(sample) = deal.and_then(|deal| deal.sample)
        && quantity < least
        && quantity <= sample.most
    {
        return Charge { price: sample.price, least: 1, step: 1, sample: true };
    }
    let reached = applying(&offer.tiers, deal).filter(|t| i64::from(t.min_quantity) <= quantity);
    let price = reached.map(|t| t.price).min().map_or(offer.price, |low| low.min(offer.price));
    Charge { price, least, step, sample: false }
}

/// The prices below `retail` that a firm reads: from which quantity on, and what a piece costs then.
#[must_use]
pub fn ladder(retail: Vnd, tiers: &[Tier], deal: &Deal) -> Vec<Tier> {
    let mut steps: Vec<Tier> = applying(tiers, Some(deal)).copied().collect();
    steps.sort_by_key(|t| (t.min_quantity, t.price));
    let mut low = retail;
    steps.retain(|t| {
        let lower = t.price < low;
        low = low.min(t.price);
        lower
    });
    steps.dedup_by_key(|t| t.min_quantity);
    steps
}

/// Whether there may be prices that this firm is not shown.
#[must_use]
pub fn may_see_more(tiers: &[Tier], deal: &Deal) -> bool {
    !deal.general() && !tiers.is_empty()
}

/// What holds between a firm and the sellers of these variants; one statement.
///
/// # Errors
/// Whatever the database says.
pub async fn deals(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    variants: &[(VariantId, SellerId)],
) -> sqlx::Result<HashMap<VariantId, Deal>> {
    queries::deals(db, org, variants, day_of(cx.now)).await
}

/// The units in which these variants are sold besides their own.
///
/// # Errors
/// Whatever the database says.
pub async fn units(
    db: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<HashMap<VariantId, Vec<Unit>>> {
    queries::units(db, variants).await
}

/// The firm has had these samples; `false`: somebody of it was faster, and the order must not be placed.
///
/// # Errors
/// Whatever the database says.
pub async fn take_samples(
    db: &mut PgConnection,
    cx: &Cx,
    (org, person): (OrgId, Option<PersonId>),
    taken: &[(VariantId, SellerId, i64)],
) -> Result<bool, WholesaleError> {
    if taken.is_empty() {
        return Ok(true);
    }
    Ok(queries::take_samples(db, cx, (org, person), taken).await? == taken.len() as u64)
}

/// What was bought as a sample at that moment was not had: its order is cancelled.
///
/// # Errors
/// Whatever the database says.
pub async fn free_samples(
    db: &mut PgConnection,
    (seller, buyer): (SellerId, Option<PersonId>),
    variants: &[VariantId],
    taken_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    queries::free_samples(db, (seller, buyer), variants, taken_at).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::Terms,
        kernel::{BasisPoints, ProductId},
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn tier((min_quantity, price): (i32, i64)) -> Tier {
        Tier { min_quantity, price: Vnd(price) }
    }

    fn offer(tiers: &[(i32, i64)], terms: Terms) -> Offer {
        Offer {
            variant: VariantId(Uuid::nil()),
            product: ProductId(Uuid::nil()),
            seller: SellerId(Uuid::nil()),
            slug: String::new(),
            name: String::new(),
            label: String::new(),
            sku: String::new(),
            unit: String::new(),
            price: Vnd(100),
            list_price: None,
            tiers: tiers.iter().copied().map(tier).collect(),
            terms,
            tax_bps: BasisPoints(0),
            lead_days: 0,
            weight_g: 0,
            picture: String::new(),
            sellable: true,
            available: 0,
            is_service: false,
            category_slug: String::new(),
            gtin: None,
        }
    }

    fn deal(standing: Option<CustomerState>, hidden: bool, prices: &[(i32, i64)]) -> Deal {
        Deal { standing, hidden, prices: prices.iter().copied().map(tier).collect(), sample: None }
    }

    #[test]
    fn a_person_pays_retail_and_a_firm_the_lowest_that_it_has_reached() {
        let offer = offer(&[(10, 90), (50, 80)], Terms::default());
        let firm = deal(Some(CustomerState::Admitted), true, &[(1, 95), (20, 70)]);
        let price = |deal: Option<&Deal>, n| charge(&offer, deal, n).price.0;
        assert_eq!([price(None, 1), price(None, 99)], [100, 100]);
        assert_eq!(
            [
                price(Some(&firm), 1),
                price(Some(&firm), 10),
                price(Some(&firm), 20),
                price(Some(&firm), 60)
            ],
            [95, 90, 70, 70]
        );
        let stranger = deal(None, true, &[]);
        assert_eq!(price(Some(&stranger), 50), 100, "hidden until admitted");
        assert!(may_see_more(&offer.tiers, &stranger));
        assert_eq!(price(Some(&deal(None, false, &[])), 50), 80);
        assert_eq!(
            ladder(Vnd(100), &offer.tiers, &firm),
            [tier((1, 95)), tier((10, 90)), tier((20, 70))]
        );
    }

    #[test]
    fn a_sample_lies_below_the_least_quantity_and_nowhere_else() {
        let terms = Terms { min: 20, step: 10, ..Terms::default() };
        let offer = offer(&[], terms);
        let mut firm = deal(None, false, &[]);
        firm.sample = Some(Sample { most: 2, price: Vnd(120) });
        assert_eq!(
            charge(&offer, Some(&firm), 2),
            Charge { price: Vnd(120), least: 1, step: 1, sample: true }
        );
        assert_eq!(
            charge(&offer, Some(&firm), 3),
            Charge { price: Vnd(100), least: 20, step: 10, sample: false }
        );
        assert!(!charge(&offer, None, 2).sample);
    }

    fn tiers() -> impl Strategy<Value = Vec<(i32, i64)>> {
        prop::collection::vec((1i32..100, 1i64..150), 0..5)
    }

    proptest! {
        #[test]
        fn the_ladder_that_is_read_is_what_is_charged(general in tiers(), own in tiers(), hidden: bool, admitted: bool, n in 1i64..120) {
            let offer = offer(&general, Terms::default());
            let deal = deal(admitted.then_some(CustomerState::Admitted), hidden, &own);
            let read = ladder(offer.price, &offer.tiers, &deal);
            let told = read.iter().filter(|t| i64::from(t.min_quantity) <= n).map(|t| t.price).min();
            prop_assert_eq!(charge(&offer, Some(&deal), n).price, told.unwrap_or(offer.price));
            prop_assert!(read.windows(2).all(|w| w[0].min_quantity < w[1].min_quantity && w[0].price > w[1].price));
        }

        #[test]
        fn being_admitted_and_buying_more_never_costs_more_a_piece(general in tiers(), own in tiers(), hidden: bool, n in 1i64..120) {
            let offer = offer(&general, Terms::default());
            let price = |deal: &Deal, n| charge(&offer, Some(deal), n).price;
            let (before, after) = (deal(None, hidden, &[]), deal(Some(CustomerState::Admitted), hidden, &own));
            prop_assert!(price(&after, n) <= price(&before, n));
            prop_assert!(price(&after, n + 1) <= price(&after, n));
            prop_assert!(price(&before, n) <= charge(&offer, None, n).price);
        }
    }
}
