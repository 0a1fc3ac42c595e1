//! What a product's page tells a firm: its prices, units and quantities, and how it stands with the shop.

use super::routes::Deps;
use crate::{
    catalogue::{ListedVariant, Listing},
    kernel::{Cx, VariantId},
    organisations::Organisation,
    web::{Page, PageError},
    wholesale::{self, CustomerState, Deal, Unit},
};
use std::collections::HashMap;

/// Whoever reads the page, and what is known of the goods for him.
pub(super) struct Firm {
    org: Option<Organisation>,
    deals: HashMap<VariantId, Deal>,
    units: HashMap<VariantId, Vec<Unit>>,
}

impl Firm {
    /// `org`: the firm that he buys for; `None`: himself.
    pub(super) async fn read(
        deps: &Deps,
        cx: &Cx,
        listing: &Listing,
        org: Option<Organisation>,
    ) -> Result<Self, PageError> {
        let mut db = deps.db.acquire().await?;
        let variants: Vec<VariantId> = listing.variants.iter().map(|v| v.id).collect();
        let units = wholesale::units(&mut db, &variants).await?;
        let pairs: Vec<_> = variants.iter().map(|v| (*v, listing.seller)).collect();
        let deals = match &org {
            Some(org) => wholesale::deals(&mut db, cx, org.id, &pairs).await?,
            None => HashMap::new(),
        };
        Ok(Self { org, deals, units })
    }

    pub(super) fn name(&self) -> String {
        self.org.as_ref().map(|org| org.name.clone()).unwrap_or_default()
    }

    fn deal(&self, variant: &ListedVariant) -> Option<Deal> {
        self.org.as_ref().map(|_| self.deals.get(&variant.id).cloned().unwrap_or_default())
    }

    fn units_of(&self, variant: &ListedVariant) -> &[Unit] {
        self.units.get(&variant.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// From how many on, and the price then; in the largest unit in which both are whole.
    pub(super) fn tiers(&self, variant: &ListedVariant, piece: &str) -> Vec<(String, String)> {
        let Some(deal) = self.deal(variant) else { return Vec::new() };
        let steps = wholesale::ladder(variant.price, &variant.tiers, &deal);
        let shown = steps.into_iter().map(|step| {
            let from = i64::from(step.min_quantity);
            let larger = self.units_of(variant).iter().filter(|unit| unit.base > unit.units);
            let whole = larger.filter_map(|unit| {
                let many = unit.of_pieces(from)?;
                Some((many, format!("{many} {}", unit.name), unit.unit_price(step.price)?, unit))
            });
            match whole.min_by_key(|(many, ..)| *many) {
                Some((_, many, price, unit)) => {
                    (many, format!("{} / {piece} ({price} / {})", step.price, unit.name))
                }
                None => (format!("{from} {piece}"), step.price.to_string()),
            }
        });
        shown.collect()
    }

    /// Least quantity, units, lead times and sample, a line each.
    pub(super) fn terms(
        &self,
        variant: &ListedVariant,
        listing: &Listing,
        page: &Page,
    ) -> Vec<String> {
        let piece = &listing.unit;
        let mut lines: Vec<String> =
            self.units_of(variant).iter().map(|unit| unit.shown(piece)).collect();
        let (least, step) = variant.terms.binding(self.org.is_some());
        if least > 1 {
            lines.push(format!("{} {least} {piece}", page.t("Mua từ", "At least")));
        }
        if step > 1 {
            lines.push(format!("{} {step} {piece}", page.t("Theo bội số của", "In multiples of")));
        }
        for step in &variant.terms.lead {
            let (from, days) = (step.from, step.days);
            let ready = page.t("có hàng sau", "ready in");
            let word = page.t("ngày", "days");
            lines.push(format!("{} {from} {piece}: {ready} {days} {word}", page.t("Từ", "From")));
        }
        if let Some(sample) = self.deal(variant).and_then(|deal| deal.sample) {
            let (most, price) = (sample.most, sample.price);
            let word = page.t("Mua mẫu một lần, đến", "A sample once, up to");
            lines.push(format!("{word} {most} {piece}: {price} / {piece}"));
        }
        lines
    }

    /// The units that all variants have, for the form.
    pub(super) fn all_units(&self, listing: &Listing) -> Vec<String> {
        let Some(first) = listing.variants.first() else { return Vec::new() };
        let has = |v: &ListedVariant, name: &str| self.units_of(v).iter().any(|u| u.name == name);
        let units = self.units_of(first).iter().map(|unit| unit.name.clone());
        units.filter(|name| listing.variants.iter().all(|v| has(v, name))).collect()
    }

    /// How the firm stands with the shop, and whether it may ask to be admitted.
    pub(super) fn standing(&self, listing: &Listing, page: &Page) -> (String, bool) {
        let Some(deal) = listing.variants.first().and_then(|v| self.deal(v)) else {
            return (String::new(), false);
        };
        let hides = listing.variants.iter().any(|v| wholesale::may_see_more(&v.tiers, &deal));
        match deal.standing {
            Some(CustomerState::Admitted) => {
                let line = page.t(
                    "Đơn vị của bạn là khách sỉ của gian hàng.",
                    "You are a customer of this shop.",
                );
                (line.to_owned(), false)
            }
            Some(CustomerState::Asked) => {
                let line = page.t(
                    "Đã xin làm khách sỉ, đang chờ gian hàng trả lời.",
                    "You have asked to be a customer; the shop has not answered yet.",
                );
                (line.to_owned(), false)
            }
            _ if hides => {
                let line = page.t(
                    "Giá sỉ chỉ dành cho khách sỉ của gian hàng.",
                    "Trade prices are for customers of this shop.",
                );
                (line.to_owned(), true)
            }
            _ => (String::new(), true),
        }
    }
}
