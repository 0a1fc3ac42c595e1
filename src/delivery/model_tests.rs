//! What the rates make of parcels.

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
    let parcel = ToPrice { to: Some(to), home: "44", goods: Vnd(goods), weight_g, lead_days: 1 };
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
    let parcel = ToPrice { to: Some(&far), home: "44", goods: Vnd(1), weight_g: 1, lead_days: 2 };
    let choices = rates.quote(&parcel);
    assert_eq!(choices.iter().map(|c| c.method).collect::<Vec<_>>(), [Method::Pickup]);
    rates.pickup = false;
    assert!(rates.quote(&parcel).is_empty());
}

#[test]
fn the_span_reaches_from_the_nearest_zone_to_the_farthest() {
    let parcel =
        ToPrice { to: None, home: "44", goods: Vnd(100_000), weight_g: 1_500, lead_days: 1 };
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
    let parcel = ToPrice { to: Some(&home), home: "44", goods: Vnd(1), weight_g: 1, lead_days: 2 };
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

#[test]
fn a_carriers_price_counts_where_there_is_one_and_is_said_to_be_missing_else() {
    let to = commune("19429", "44");
    let parcel = ToPrice { to: Some(&to), home: "44", goods: Vnd(1), weight_g: 700, lead_days: 0 };
    let door = |rates: &Rates| rates.quote(&parcel).remove(0);
    let mut rates = Rates { fee_by: Some(CarrierKind::Ghn), ..usual() };
    assert_eq!(door(&rates).priced, PricedBy::InsteadOf(CarrierKind::Ghn));
    assert_eq!(door(&rates).fee, Vnd(25_000));
    let kept = |band_g, fee| KeptFee { commune: "19429".into(), band_g, fee };
    rates.kept = vec![kept(500, Some(Vnd(1))), kept(1_000, Some(Vnd(31_000)))];
    assert_eq!(door(&rates).priced, PricedBy::Carrier(CarrierKind::Ghn));
    assert_eq!(door(&rates).fee, Vnd(31_000));
    rates.kept = vec![kept(1_000, None)];
    assert_eq!(door(&rates).priced, PricedBy::InsteadOf(CarrierKind::Ghn));
}

#[test]
fn nothing_is_brought_where_delivery_is_paused_but_the_shop_is_open() {
    let rates = Rates { paused: vec!["19429".into()], ..usual() };
    let (here, there) = (commune("19429", "44"), commune("19430", "44"));
    let ways = |to| {
        let parcel = ToPrice { to: Some(to), home: "44", goods: Vnd(1), weight_g: 1, lead_days: 0 };
        rates.quote(&parcel).iter().map(|choice| choice.method).collect::<Vec<_>>()
    };
    assert_eq!(ways(&here), [Method::Pickup]);
    assert_eq!(ways(&there), [Method::Own, Method::Pickup]);
}

#[test]
fn bands_are_half_kilograms() {
    for (grams, expected) in [(0, 500), (500, 500), (501, 1_000), (1_999, 2_000)] {
        assert_eq!(band(grams), expected);
    }
}
