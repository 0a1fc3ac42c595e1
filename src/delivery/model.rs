//! Rates and what they make for one parcel: pure.

use super::carriers::CarrierKind;
use crate::{
    kernel::{Lang, Text, Vnd},
    places::Commune,
};
use uuid::Uuid;

/// How goods reach the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// The seller brings or sends them to the door.
    Own,
    /// The buyer collects them at the shop.
    Pickup,
    /// The buyer collects them at a post office or a commune's culture point.
    PostPoint,
}

impl Method {
    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Pickup => "pickup",
            Self::PostPoint => "post_point",
        }
    }

    /// The method of a stored or sent word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Own, Self::Pickup, Self::PostPoint].into_iter().find(|m| m.code() == word)
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Own => Text::new("Giao tận nơi", "Delivery to the door"),
            Self::Pickup => Text::new("Đến lấy tại cửa hàng", "Collect at the shop"),
            Self::PostPoint => {
                Text::new("Nhận tại điểm bưu điện", "Collect at a post-office point")
            }
        }
    }
}

/// What a zone holds; the most particular one that holds a commune gives the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ZoneKind {
    /// The communes of a list.
    Communes,
    /// The deployment's own province.
    Province,
    /// Everywhere.
    Country,
}

impl ZoneKind {
    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Communes => "communes",
            Self::Province => "province",
            Self::Country => "country",
        }
    }

    /// The kind of a stored or sent word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Communes, Self::Province, Self::Country].into_iter().find(|k| k.code() == word)
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Communes => Text::new("Một số xã, phường", "Some communes"),
            Self::Province => Text::new("Cả tỉnh", "The whole province"),
            Self::Country => Text::new("Cả nước", "The whole country"),
        }
    }
}

/// One zone with its rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    pub id: Uuid,
    pub position: i32,
    pub name: String,
    pub kind: ZoneKind,
    /// Codes, for [`ZoneKind::Communes`].
    pub communes: Vec<String>,
    /// A parcel of up to one kilogram.
    pub fee: Vnd,
    /// Each kilogram begun after the first.
    pub per_kg: Vnd,
    pub days_min: i32,
    pub days_max: i32,
}

impl Zone {
    fn holds(&self, commune: &Commune, home: &str) -> bool {
        match self.kind {
            ZoneKind::Communes => self.communes.contains(&commune.code),
            ZoneKind::Province => commune.province_code == home,
            ZoneKind::Country => true,
        }
    }

    /// What a parcel of `weight_g` grams costs; `None` when the amount leaves all bounds.
    fn rate(&self, weight_g: i64) -> Option<Vnd> {
        let over = weight_g.checked_sub(1_000)?.max(0);
        let kilograms = over / 1_000 + i64::from(over % 1_000 != 0);
        self.fee.plus(self.per_kg.times(kilograms)?)
    }
}

/// One seller's ways of delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    pub own: bool,
    pub pickup: bool,
    pub post_point: bool,
    /// From this amount of goods on, delivery costs nothing.
    pub free_over: Option<Vnd>,
    /// Where and when, in the seller's words.
    pub pickup_note: String,
    pub zones: Vec<Zone>,
    /// Whose price counts for the door, where he has one; else the zones' rates.
    pub fee_by: Option<CarrierKind>,
    /// His prices to the buyer's commune, as far as they are kept.
    pub kept: Vec<KeptFee>,
    /// Communes to which nothing is brought at present, whoever sells.
    pub paused: Vec<String>,
}

/// A carrier's price that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFee {
    pub commune: String,
    /// For parcels up to this weight.
    pub band_g: i64,
    /// `None`: he was asked and gave no price.
    pub fee: Option<Vnd>,
}

/// The weights that cost the same: half a kilogram each.
#[must_use]
pub fn band(weight_g: i64) -> i64 {
    (weight_g.clamp(1, 10_000_000) + 499) / 500 * 500
}

/// Whose price a fee is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricedBy {
    /// The seller's own rates.
    Seller,
    Carrier(CarrierKind),
    /// The seller's own rates, since this carrier gave no price in time.
    InsteadOf(CarrierKind),
}

/// What is sent, and where to.
#[derive(Debug, Clone, Copy)]
pub struct ToPrice<'a> {
    /// `None`: the buyer has not said yet.
    pub to: Option<&'a Commune>,
    /// The deployment's own province.
    pub home: &'a str,
    pub goods: Vnd,
    pub weight_g: i64,
    /// Days that the seller needs before the parcel leaves.
    pub lead_days: i64,
}

/// One way that a parcel can take, with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub method: Method,
    pub fee: Vnd,
    /// What it would cost without [`Rates::free_over`].
    pub full_fee: Vnd,
    /// From ordering to the buyer's hands.
    pub days: (i64, i64),
    pub priced: PricedBy,
}

/// What parcels cost and take over all zones of a seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub fee: (Vnd, Vnd),
    /// From ordering to the buyer's hands.
    pub days: (i64, i64),
}

impl Choice {
    /// `2–4`, or `1` where both are the same.
    #[must_use]
    pub fn days_text(&self) -> String {
        match self.days {
            (min, max) if min == max => max.to_string(),
            (min, max) => format!("{min}–{max}"),
        }
    }

    /// `25.000 ₫`, or that it is free.
    #[must_use]
    pub fn fee_text(&self, lang: Lang) -> String {
        match self.fee {
            Vnd::ZERO => lang.t("Miễn phí", "Free").to_owned(),
            fee => fee.to_string(),
        }
    }
}

impl Rates {
    /// What holds until the seller says otherwise: the province and the country at common rates, or at the shop.
    #[must_use]
    pub fn usual(mut new_id: impl FnMut() -> Uuid) -> Self {
        let mut zone = |position, name: &str, kind, fee, per_kg, (days_min, days_max)| Zone {
            id: new_id(),
            position,
            name: name.to_owned(),
            kind,
            communes: Vec::new(),
            fee: Vnd(fee),
            per_kg: Vnd(per_kg),
            days_min,
            days_max,
        };
        Self {
            own: true,
            pickup: true,
            post_point: false,
            free_over: None,
            pickup_note: String::new(),
            zones: vec![
                zone(0, "Trong tỉnh", ZoneKind::Province, 25_000, 5_000, (1, 3)),
                zone(1, "Toàn quốc", ZoneKind::Country, 40_000, 8_000, (3, 6)),
            ],
            fee_by: None,
            kept: Vec::new(),
            paused: Vec::new(),
        }
    }

    /// The zone whose rate holds for a commune: the most particular, then the first in the seller's order.
    #[must_use]
    pub fn zone(&self, commune: &Commune, home: &str) -> Option<&Zone> {
        let found = self.zones.iter().filter(|zone| zone.holds(commune, home));
        found.min_by_key(|zone| (zone.kind, zone.position))
    }

    /// From the cheapest to the dearest zone, from the fastest to the slowest: what a parcel that goes
    /// somewhere costs and takes. `None`: the seller brings nothing anywhere.
    #[must_use]
    pub fn span(&self, parcel: &ToPrice<'_>) -> Option<Span> {
        let lead = parcel.lead_days.clamp(0, 365);
        let free = self.free_over.is_some_and(|bound| parcel.goods >= bound);
        let spans = self.zones.iter().filter_map(|zone| {
            let fee = if free { Vnd::ZERO } else { zone.rate(parcel.weight_g)? };
            let days = (lead + i64::from(zone.days_min), lead + i64::from(zone.days_max));
            Some(Span { fee: (fee, fee), days })
        });
        let widest = spans.reduce(|a, b| Span {
            fee: (a.fee.0.min(b.fee.0), a.fee.1.max(b.fee.1)),
            days: (a.days.0.min(b.days.0), a.days.1.max(b.days.1)),
        });
        widest.filter(|_| self.own || self.post_point)
    }

    /// Whether nothing is brought to a commune at present.
    #[must_use]
    pub fn is_paused(&self, commune: &str) -> bool {
        self.paused.iter().any(|code| code == commune)
    }

    /// The carrier's price for the door, where his prices count.
    #[must_use]
    pub fn kept_fee(&self, commune: &str, weight_g: i64) -> Option<&KeptFee> {
        self.kept.iter().find(|kept| kept.commune == commune && kept.band_g == band(weight_g))
    }

    /// What it costs to the door without [`Rates::free_over`], and whose price that is.
    fn door(&self, zone: &Zone, commune: &str, weight_g: i64) -> Option<(Vnd, PricedBy)> {
        let own = zone.rate(weight_g)?;
        let Some(kind) = self.fee_by else { return Some((own, PricedBy::Seller)) };
        match self.kept_fee(commune, weight_g).and_then(|kept| kept.fee) {
            Some(fee) => Some((fee, PricedBy::Carrier(kind))),
            None => Some((own, PricedBy::InsteadOf(kind))),
        }
    }

    /// Every way that the parcel can take. Empty: the seller does not deliver there.
    #[must_use]
    pub fn quote(&self, parcel: &ToPrice<'_>) -> Vec<Choice> {
        let lead = parcel.lead_days.clamp(0, 365);
        let free = self.free_over.is_some_and(|bound| parcel.goods >= bound);
        let carried_by = |method| {
            let commune = parcel.to.filter(|commune| !self.is_paused(&commune.code))?;
            let zone = self.zone(commune, parcel.home)?;
            let (full_fee, priced) = match method {
                Method::Own => self.door(zone, &commune.code, parcel.weight_g)?,
                Method::Pickup | Method::PostPoint => {
                    (zone.rate(parcel.weight_g)?, PricedBy::Seller)
                }
            };
            let fee = if free { Vnd::ZERO } else { full_fee };
            let days = (lead + i64::from(zone.days_min), lead + i64::from(zone.days_max));
            Some(Choice { method, fee, full_fee, days, priced })
        };
        let at_shop = Choice {
            method: Method::Pickup,
            fee: Vnd::ZERO,
            full_fee: Vnd::ZERO,
            days: (lead, lead),
            priced: PricedBy::Seller,
        };
        let own = self.own.then(|| carried_by(Method::Own)).flatten();
        let post_point = self.post_point.then(|| carried_by(Method::PostPoint)).flatten();
        [own, post_point, self.pickup.then_some(at_shop)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
