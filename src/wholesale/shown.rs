//! Lines as a firm reads them before they go into its basket: what each costs, and what stands in its way.

use super::{
    deals::{self, charge},
    error::WholesaleError,
    units::Unit,
};
use crate::{
    catalogue::{self, MOST_PIECES, Offer},
    kernel::{Cx, OrgId, Text, VariantId, Vnd},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) variant: VariantId,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) picture: String,
    pub(super) sku: String,
    /// The name of a piece.
    pub(super) piece: String,
    pub(super) quantity: i64,
    /// The same in whole larger units; may be empty.
    pub(super) in_units: String,
    pub(super) price: Vnd,
    pub(super) total: Option<Vnd>,
    /// It would be the sample.
    pub(super) sample: bool,
    pub(super) lead_days: i32,
    pub(super) problem: Option<Text>,
    /// It can go into the basket as it is.
    pub(super) fits: bool,
}

/// The offers behind lines, with what holds for this firm.
pub(super) struct Known {
    offers: HashMap<VariantId, Offer>,
    deals: HashMap<VariantId, deals::Deal>,
    pub(super) units: HashMap<VariantId, Vec<Unit>>,
}

impl Known {
    /// Reads everything about these variants.
    pub(super) async fn read(
        db: &mut PgConnection,
        cx: &Cx,
        org: OrgId,
        variants: &[VariantId],
    ) -> Result<Self, WholesaleError> {
        let offers = catalogue::offers(db, cx, variants).await?;
        let pairs: Vec<_> = offers.iter().map(|offer| (offer.variant, offer.seller)).collect();
        let deals = deals::deals(db, cx, org, &pairs).await?;
        let units = deals::units(db, variants).await?;
        let offers = offers.into_iter().map(|offer| (offer.variant, offer)).collect();
        Ok(Self { offers, deals, units })
    }

    pub(super) fn offer(&self, variant: VariantId) -> Option<&Offer> {
        self.offers.get(&variant)
    }

    /// The line of a variant; `None`: there never was such goods.
    pub(super) fn line(&self, variant: VariantId, quantity: i64) -> Option<Line> {
        let offer = self.offers.get(&variant)?;
        let deal = self.deals.get(&variant).cloned().unwrap_or_default();
        let charged = charge(offer, Some(&deal), quantity);
        let problem = problem(offer, (charged.least, charged.step), quantity);
        let title = match offer.label.as_str() {
            "" => offer.name.clone(),
            label => format!("{} – {label}", offer.name),
        };
        let units = self.units.get(&variant).map(Vec::as_slice).unwrap_or_default();
        Some(Line {
            variant,
            title,
            href: format!("/san-pham/{}", offer.slug),
            picture: offer.picture.clone(),
            sku: offer.sku.clone(),
            piece: offer.unit.clone(),
            quantity,
            in_units: in_units(units, quantity),
            price: charged.price,
            total: charged.price.times(quantity),
            sample: charged.sample,
            lead_days: offer.terms.lead_days(offer.lead_days, quantity),
            fits: problem.is_none(),
            problem,
        })
    }
}

/// `5 thùng`, where the quantity is whole in the largest unit that fits.
#[must_use]
pub fn in_units(units: &[Unit], pieces: i64) -> String {
    let larger = units.iter().filter(|unit| unit.base > unit.units);
    let whole = larger.filter_map(|unit| unit.of_pieces(pieces).map(|n| (n, unit)));
    let fewest = whole.filter(|(n, _)| *n > 0).min_by_key(|(n, _)| *n);
    fewest.map(|(n, unit)| format!("{n} {}", unit.name)).unwrap_or_default()
}

/// What stands in a quantity's way.
fn problem(offer: &Offer, (least, step): (i64, i64), quantity: i64) -> Option<Text> {
    let unit = &offer.unit;
    if !offer.sellable {
        return Some(Text::new("Hiện không còn bán.", "No longer sold."));
    }
    if offer.available <= 0 {
        return Some(Text::new("Đang hết hàng.", "Sold out."));
    }
    if !(1..=MOST_PIECES).contains(&quantity) {
        return Some(Text::new("Số lượng quá lớn.", "The quantity is too large."));
    }
    if quantity < least {
        return Some(Text::new(
            format!("Đơn vị mua ít nhất {least} {unit}."),
            format!("Firms buy {least} {unit} at least."),
        ));
    }
    if quantity % step != 0 {
        return Some(Text::new(
            format!("Mua theo bội số của {step} {unit}."),
            format!("Sold in multiples of {step} {unit}."),
        ));
    }
    let left = offer.available;
    (left < quantity)
        .then(|| Text::new(format!("Chỉ còn {left} {unit}."), format!("Only {left} {unit} left.")))
}
