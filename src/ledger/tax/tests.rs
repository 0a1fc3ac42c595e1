use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn rule(key: &str, from: &str, to: Option<&str>, value: i64) -> RuleRow {
    RuleRow {
        key: key.into(),
        valid_from: day(from),
        valid_to: to.map(day),
        value,
        unit: "bps".into(),
        legal_ref: format!("{key} {from}"),
        note: String::new(),
    }
}

fn part(activity: Activity, base: i64, vat: i32, pit: i32) -> Part {
    let (vat, pit) = (BasisPoints(vat), BasisPoints(pit));
    Part { activity, base, vat, pit, legal_ref: String::new() }
}

fn taxed(parts: Vec<Part>, mode: Mode) -> Taxed {
    Taxed { mode: Some(mode), parts }
}

#[test]
fn rates_and_mode_are_those_of_the_day() {
    let rules = [
        rule("tax.goods.vat_bps", "2025-07-01", Some("2026-07-01"), 100),
        rule("tax.goods.vat_bps", "2026-07-01", None, 150),
        rule("tax.goods.pit_bps", "2025-07-01", None, 50),
        rule("tax.platform.withhold", "2026-07-01", Some("2027-01-01"), 0),
        rule("tax.platform.withhold", "2027-01-01", None, 1),
    ];
    let paid = BTreeMap::from([(Activity::Goods, 1_000), (Activity::Transport, 0)]);
    let on = |text| parts(&rules, day(text), &paid);
    assert_eq!(on("2026-06-30")[0].vat, BasisPoints(100));
    assert_eq!((on("2026-07-01")[0].vat, on("2026-07-01").len()), (BasisPoints(150), 1));
    assert_eq!(
        on("2026-07-01")[0].legal_ref,
        "tax.goods.vat_bps 2026-07-01; tax.goods.pit_bps 2025-07-01"
    );
    assert_eq!(mode_on(&rules, day("2026-12-31")), Mode::Report);
    assert_eq!(mode_on(&rules, day("2027-01-01")), Mode::Withhold);
    assert_eq!(mode_on(&[], day("2027-01-01")), Mode::Report, "without a rule nothing is withheld");
}

#[test]
fn returns_go_off_the_goods_first_and_off_the_delivery_last() {
    let all = taxed(
        vec![
            part(Activity::Goods, 300_000, 100, 50),
            part(Activity::Services, 100_000, 500, 200),
            part(Activity::Transport, 20_000, 300, 150),
        ],
        Mode::Report,
    );
    let of = |due, activity| all.left(due)[&activity];
    let whole = of(420_000, Activity::Goods);
    assert_eq!(whole, Amounts { base: 300_000, vat: 3_000, pit: 1_500 });
    assert_eq!(of(420_000, Activity::Transport), Amounts { base: 20_000, vat: 600, pit: 300 });
    // A quarter of the goods and services.
    assert_eq!(of(320_000, Activity::Goods).base, 225_000);
    assert_eq!(of(320_000, Activity::Services).base, 75_000);
    assert_eq!(of(320_000, Activity::Transport).base, 20_000);
    // Only the delivery is still due, then nothing.
    assert_eq!(of(20_000, Activity::Goods), Amounts::default());
    assert_eq!(of(20_000, Activity::Transport).base, 20_000);
    assert_eq!(of(0, Activity::Transport), Amounts::default());
    // More due than was sold: nothing is taxed twice.
    assert_eq!(of(1_000_000, Activity::Goods).base, 300_000);
}

#[test]
fn nothing_is_withheld_unless_that_is_the_mode() {
    let parts = vec![part(Activity::Goods, 99_999, 100, 50)];
    assert_eq!(taxed(parts.clone(), Mode::Report).withheld(99_999), 0);
    assert_eq!(Taxed::default().withheld(99_999), 0);
    // 999.99 and 499.995 to the nearest đồng.
    assert_eq!(taxed(parts, Mode::Withhold).withheld(99_999), 1_500);
}

proptest! {
    #[test]
    fn what_is_left_is_what_is_due(goods in 0i64..1_000_000, services in 0i64..1_000_000, fee in 0i64..100_000, due in 0i128..2_500_000) {
        let all = [(Activity::Goods, goods), (Activity::Services, services), (Activity::Transport, fee)];
        let parts = all.into_iter().filter(|(_, base)| *base > 0).map(|(a, base)| part(a, base, 500, 200));
        let taxed = taxed(parts.collect(), Mode::Withhold);
        let left: i64 = taxed.left(due).values().map(|a| a.base).sum();
        prop_assert_eq!(i128::from(left), due.min(i128::from(goods + services + fee)));
        // Every step posted and taken back again comes to nothing.
        let (from, to) = (taxed.left(i128::MAX / 4), taxed.left(due));
        let there = difference(&from, &to);
        let back = difference(&to, &from);
        for ((a, there), (b, back)) in there.iter().zip(&back) {
            prop_assert_eq!((a, there.base, there.vat, there.pit), (b, -back.base, -back.vat, -back.pit));
        }
    }
}
