//! Rates and what they make for one parcel: pure.

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
}

/// What is sent, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
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
    pub fn span(&self, parcel: &Parcel<'_>) -> Option<Span> {
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

    /// Every way that the parcel can take. Empty: the seller does not deliver there.
    #[must_use]
    pub fn quote(&self, parcel: &Parcel<'_>) -> Vec<Choice> {
        let lead = parcel.lead_days.clamp(0, 365);
        let carried = parcel.to.and_then(|commune| {
            let zone = self.zone(commune, parcel.home)?;
            let full_fee = zone.rate(parcel.weight_g)?;
            let free = self.free_over.is_some_and(|bound| parcel.goods >= bound);
            let fee = if free { Vnd::ZERO } else { full_fee };
            Some((
                fee,
                full_fee,
                (lead + i64::from(zone.days_min), lead + i64::from(zone.days_max)),
            ))
        });
        let carried_by = |method| {
            let (fee, full_fee, days) = carried?;
            Some(Choice { method, fee, full_fee, days })
        };
        let at_shop = Choice {
            method: Method::Pickup,
            fee: Vnd::ZERO,
            full_fee: Vnd::ZERO,
            days: (lead, lead),
        };
        let own = self.own.then(|| carried_by(Method::Own)).flatten();
        let post_point = self.post_point.then(|| carried_by(Method::PostPoint)).flatten();
        [own, post_point, self.pickup.then_some(at_shop)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn commune(code: &str, province: &str) -> Commune {
        Commune {
            code: code.into(),
            name: "Khe Sanh".into(),
            full_name: "Xã Khe Sanh".into(),
            province_code: province.into(),
            province: "Quảng Trị".into(),
        }
    }

    fn usual() -> Rates {
        Rates::usual(Uuid::new_v4)
    }

    fn fee(rates: &Rates, to: &Commune, goods: i64, weight_g: i64) -> Option<i64> {
        let parcel = Parcel { to: Some(to), home: "44", goods: Vnd(goods), weight_g, lead_days: 1 };
        rates.quote(&parcel).iter().find(|c| c.method == Method::Own).map(|c| c.fee.0)
    }

    #[test]
    fn each_kilogram_begun_after_the_first_costs() {
        let (rates, home) = (usual(), commune("19429", "44"));
        for (grams, expected) in
            [(0, 25_000), (1_000, 25_000), (1_001, 30_000), (2_000, 30_000), (2_001, 35_000)]
        {
            assert_eq!(fee(&rates, &home, 100_000, grams), Some(expected), "{grams} g");
        }
    }

    #[test]
    fn the_most_particular_zone_gives_the_rate() {
        let mut rates = usual();
        let near = Zone {
            id: Uuid::new_v4(),
            position: 9,
            name: "Gần".into(),
            kind: ZoneKind::Communes,
            communes: vec!["19429".into()],
            fee: Vnd(10_000),
            per_kg: Vnd(0),
            days_min: 0,
            days_max: 1,
        };
        rates.zones.push(near);
        assert_eq!(fee(&rates, &commune("19429", "44"), 1, 1), Some(10_000));
        assert_eq!(fee(&rates, &commune("19430", "44"), 1, 1), Some(25_000));
        assert_eq!(fee(&rates, &commune("00001", "01"), 1, 1), Some(40_000));
    }

    #[test]
    fn outside_all_zones_only_the_shop_is_left() {
        let mut rates = usual();
        rates.zones.retain(|zone| zone.kind == ZoneKind::Province);
        let far = commune("00001", "01");
        let parcel =
            Parcel { to: Some(&far), home: "44", goods: Vnd(1), weight_g: 1, lead_days: 2 };
        let choices = rates.quote(&parcel);
        assert_eq!(choices.iter().map(|c| c.method).collect::<Vec<_>>(), [Method::Pickup]);
        rates.pickup = false;
        assert!(rates.quote(&parcel).is_empty());
    }

    #[test]
    fn the_span_reaches_from_the_nearest_zone_to_the_farthest() {
        let parcel =
            Parcel { to: None, home: "44", goods: Vnd(100_000), weight_g: 1_500, lead_days: 1 };
        let expected = Span { fee: (Vnd(30_000), Vnd(48_000)), days: (2, 7) };
        assert_eq!(usual().span(&parcel), Some(expected));
        let free = Rates { free_over: Some(Vnd(100_000)), ..usual() };
        assert_eq!(free.span(&parcel).map(|s| s.fee), Some((Vnd::ZERO, Vnd::ZERO)));
        assert_eq!(Rates { own: false, ..usual() }.span(&parcel), None);
        assert_eq!(Rates { zones: Vec::new(), ..usual() }.span(&parcel), None);
    }

    #[test]
    fn the_sellers_own_days_come_before_the_journey() {
        let home = commune("19429", "44");
        let parcel =
            Parcel { to: Some(&home), home: "44", goods: Vnd(1), weight_g: 1, lead_days: 2 };
        assert_eq!(usual().quote(&parcel)[0].days_text(), "3–5");
    }

    proptest! {
        #[test]
        fn a_fee_is_never_negative_and_grows_with_weight(
            base in 0i64..10_000_000, per_kg in 0i64..10_000_000, a in 0i64..i64::MAX, b in 0i64..i64::MAX,
        ) {
            let mut rates = usual();
            for zone in &mut rates.zones {
                (zone.fee, zone.per_kg) = (Vnd(base), Vnd(per_kg));
            }
            let to = commune("1", "44");
            let (light, heavy) = (fee(&rates, &to, 0, a.min(b)), fee(&rates, &to, 0, a.max(b)));
            prop_assert!(light.is_none_or(|fee| fee >= base));
            // What is too heavy to be priced is not carried at all.
            prop_assert!(heavy.is_none() || light <= heavy);
        }

        #[test]
        fn free_from_the_bound_on_and_not_a_dong_earlier(bound in 1i64..1_000_000_000, off in 0i64..1_000_000) {
            let rates = Rates { free_over: Some(Vnd(bound)), ..usual() };
            let to = commune("1", "44");
            prop_assert_eq!(fee(&rates, &to, bound + off, 500), Some(0));
            prop_assert_eq!(fee(&rates, &to, bound - 1, 500), Some(25_000));
        }
    }
}
