//! What a voucher promises, and what it comes to. Pure.

use crate::kernel::{BasisPoints, Day, SellerId, Text, Vnd, VoucherId, date};

/// What it takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discount {
    /// A part of the goods, rounded down, and no more than the ceiling.
    Percent {
        bps: BasisPoints,
        ceiling: Option<Vnd>,
    },
    Amount(Vnd),
}

/// One voucher with its conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    pub id: VoucherId,
    pub seller: SellerId,
    /// In capitals.
    pub code: String,
    /// Shown on the seller's pages.
    pub offered: bool,
    pub discount: Discount,
    /// Goods of one order, before the discount and without delivery.
    pub min_goods: Vnd,
    pub total_limit: Option<i64>,
    pub buyer_limit: Option<i64>,
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    pub stopped: bool,
    /// Orders that use it now.
    pub used: i64,
}

/// A voucher as an order keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    pub id: VoucherId,
    pub code: String,
    /// The conditions as the buyer read them.
    pub terms: Text,
    pub discount: Vnd,
}

/// Why a voucher does not count for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This seller has none of this code, or it is stopped.
    Unknown,
    /// From this day.
    NotYet(Day),
    /// Since this day.
    Over(Day),
    /// So much more must be ordered.
    Short(Vnd),
    /// As often as it was promised.
    UsedUp,
    /// This buyer has used it so often as he may.
    YourTurns(i64),
}

/// `10 %`, `7,5 %`, with the language's own decimal sign.
fn percent(bps: BasisPoints, sign: char) -> String {
    let (whole, rest) = (bps.0 / 100, bps.0 % 100);
    match rest {
        0 => format!("{whole}\u{a0}%"),
        _ => format!("{whole}{sign}{}\u{a0}%", format!("{rest:02}").trim_end_matches('0')),
    }
}

impl Discount {
    /// What it takes off goods of this amount: always less than they cost.
    #[must_use]
    pub fn off(self, goods: Vnd) -> Vnd {
        let most = goods.0.saturating_sub(1).max(0);
        let off = match self {
            Self::Percent { bps, ceiling } => {
                let part = i128::from(goods.0.max(0)) * i128::from(bps.0) / 10_000;
                let part = i64::try_from(part).unwrap_or(i64::MAX);
                ceiling.map_or(part, |ceiling| part.min(ceiling.0))
            }
            Self::Amount(amount) => amount.0,
        };
        Vnd(off.clamp(0, most))
    }

    /// What it takes off, in words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Percent { bps, ceiling: None } => Text::new(
                format!("Giảm {}", percent(bps, ',')),
                format!("{} off", percent(bps, '.')),
            ),
            Self::Percent { bps, ceiling: Some(most) } => Text::new(
                format!("Giảm {}, tối đa {most}", percent(bps, ',')),
                format!("{} off, at most {most}", percent(bps, '.')),
            ),
            Self::Amount(amount) => Text::new(format!("Giảm {amount}"), format!("{amount} off")),
        }
    }
}

impl Voucher {
    /// What it takes off goods of this amount on this day, for a buyer who uses it `turns` times already.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn judge(&self, goods: Vnd, day: Day, turns: i64) -> Result<Vnd, Refusal> {
        if self.stopped {
            return Err(Refusal::Unknown);
        }
        if day < self.starts_on {
            return Err(Refusal::NotYet(self.starts_on));
        }
        if day > self.ends_on {
            return Err(Refusal::Over(self.ends_on));
        }
        if goods < self.min_goods {
            return Err(Refusal::Short(Vnd(self.min_goods.0 - goods.0)));
        }
        if self.total_limit.is_some_and(|limit| self.used >= limit) {
            return Err(Refusal::UsedUp);
        }
        if let Some(limit) = self.buyer_limit.filter(|limit| turns >= *limit) {
            return Err(Refusal::YourTurns(limit));
        }
        let off = self.discount.off(goods);
        if off > Vnd::ZERO { Ok(off) } else { Err(Refusal::Short(Vnd(1))) }
    }

    /// All its conditions in one line.
    #[must_use]
    pub fn terms(&self) -> Text {
        let off = self.discount.text();
        let (mut vi, mut en) = (
            off.get(crate::kernel::Lang::Vi).to_owned(),
            off.get(crate::kernel::Lang::En).to_owned(),
        );
        if self.min_goods > Vnd::ZERO {
            vi += &format!(" cho đơn có tiền hàng từ {}", self.min_goods);
            en += &format!(" an order with goods for {} or more", self.min_goods);
        }
        let (from, to) = (date(self.starts_on), date(self.ends_on));
        vi += &format!("; từ {from} đến hết {to}");
        en += &format!("; from {from} to {to}");
        if let Some(limit) = self.buyer_limit {
            vi += &format!("; mỗi người mua {limit} lần");
            en += &format!("; {limit} × per buyer");
        }
        if let Some(limit) = self.total_limit {
            vi += &format!("; tất cả {limit} lượt");
            en += &format!("; {limit} × in all");
        }
        Text::new(vi, en)
    }

    /// The voucher with what it takes off, for an order to keep.
    #[must_use]
    pub fn redeemed(&self, discount: Vnd) -> Redeemed {
        Redeemed { id: self.id, code: self.code.clone(), terms: self.terms(), discount }
    }

    /// Whether it can be used today by somebody who orders enough.
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        !self.stopped
            && (self.starts_on..=self.ends_on).contains(&day)
            && self.total_limit.is_none_or(|limit| self.used < limit)
    }
}

impl Refusal {
    /// For the buyer.
    #[must_use]
    pub fn text(self, code: &str) -> Text {
        match self {
            Self::Unknown => Text::new(
                format!("Gian hàng này không có mã “{code}”."),
                format!("This shop has no voucher “{code}”."),
            ),
            Self::NotYet(day) => Text::new(
                format!("Mã “{code}” dùng được từ {}.", date(day)),
                format!("Voucher “{code}” begins on {}.", date(day)),
            ),
            Self::Over(day) => Text::new(
                format!("Mã “{code}” đã hết hạn ngày {}.", date(day)),
                format!("Voucher “{code}” ended on {}.", date(day)),
            ),
            Self::Short(more) => Text::new(
                format!("Mua thêm {more} của gian hàng này thì dùng được mã “{code}”."),
                format!("{more} more from this shop and voucher “{code}” counts."),
            ),
            Self::UsedUp => Text::new(
                format!("Mã “{code}” đã hết lượt."),
                format!("Voucher “{code}” is used up."),
            ),
            Self::YourTurns(limit) => Text::new(
                format!("Bạn đã dùng mã “{code}” đủ {limit} lần."),
                format!("You have used voucher “{code}” {limit} × already."),
            ),
        }
    }
}

/// Shares `discount` among lines of these amounts by largest remainder: the shares add up to it, none
/// is more than its line, and among equal remainders the first line gets the đồng.
///
/// A discount beyond the sum of the lines is the sum.
#[must_use]
pub fn share(discount: Vnd, lines: &[Vnd]) -> Vec<Vnd> {
    let whole: i128 = lines.iter().map(|line| i128::from(line.0.max(0))).sum();
    if whole == 0 {
        return vec![Vnd::ZERO; lines.len()];
    }
    let discount = i128::from(discount.0.max(0)).min(whole);
    let parts: Vec<(i128, i128)> = lines
        .iter()
        .map(|line| discount * i128::from(line.0.max(0)))
        .map(|scaled| (scaled / whole, scaled % whole))
        .collect();
    let left = discount - parts.iter().map(|part| part.0).sum::<i128>();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(parts[*i].1), *i));
    let mut shares: Vec<i128> = parts.iter().map(|part| part.0).collect();
    for i in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        shares[i] += 1;
    }
    shares.into_iter().map(|share| Vnd(i64::try_from(share).unwrap_or(i64::MAX))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Lang, parse_day};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(typed: &str) -> Day {
        parse_day(typed).unwrap()
    }

    fn voucher() -> Voucher {
        Voucher {
            id: VoucherId(Uuid::nil()),
            seller: SellerId(Uuid::nil()),
            code: "TET".into(),
            offered: true,
            discount: Discount::Percent { bps: BasisPoints(1_000), ceiling: Some(Vnd(30_000)) },
            min_goods: Vnd(200_000),
            total_limit: Some(10),
            buyer_limit: Some(1),
            starts_on: day("2026-11-01"),
            ends_on: day("2026-11-30"),
            stopped: false,
            used: 0,
        }
    }

    #[test]
    fn a_voucher_counts_within_its_conditions_and_says_why_it_does_not() {
        let v = voucher();
        let on = day("2026-11-30");
        assert_eq!(v.judge(Vnd(200_000), on, 0), Ok(Vnd(20_000)));
        assert_eq!(v.judge(Vnd(900_000), on, 0), Ok(Vnd(30_000)));
        assert_eq!(v.judge(Vnd(199_999), on, 0), Err(Refusal::Short(Vnd(1))));
        assert_eq!(v.judge(Vnd(900_000), on, 1), Err(Refusal::YourTurns(1)));
        let after = day("2026-12-01");
        assert_eq!(v.judge(Vnd(900_000), after, 0), Err(Refusal::Over(v.ends_on)));
        let before = day("2026-10-31");
        assert_eq!(v.judge(Vnd(900_000), before, 0), Err(Refusal::NotYet(v.starts_on)));
        let used = Voucher { used: 10, ..voucher() };
        assert_eq!(used.judge(Vnd(900_000), on, 0), Err(Refusal::UsedUp));
        let stopped = Voucher { stopped: true, ..voucher() };
        assert_eq!(stopped.judge(Vnd(900_000), on, 0), Err(Refusal::Unknown));
        let odd = Discount::Percent { bps: BasisPoints(750), ceiling: None }.text();
        assert_eq!(odd.get(Lang::Vi), "Giảm 7,5\u{a0}%");
        assert_eq!(odd.get(Lang::En), "7.5\u{a0}% off");
        let terms = v.terms();
        assert_eq!(
            terms.get(Lang::Vi),
            "Giảm 10\u{a0}%, tối đa 30.000\u{a0}₫ cho đơn có tiền hàng từ 200.000\u{a0}₫; \
             từ 01/11/2026 đến hết 30/11/2026; mỗi người mua 1 lần; tất cả 10 lượt"
        );
    }

    #[test]
    fn the_odd_dong_goes_to_the_largest_remainder() {
        assert_eq!(share(Vnd(100), &[Vnd(1), Vnd(1), Vnd(1)]), [Vnd(1), Vnd(1), Vnd(1)]);
        assert_eq!(share(Vnd(10), &[Vnd(100), Vnd(100), Vnd(100)]), [Vnd(4), Vnd(3), Vnd(3)]);
        assert_eq!(share(Vnd(10), &[Vnd(50), Vnd(250)]), [Vnd(2), Vnd(8)]);
        assert_eq!(share(Vnd(10), &[]), []);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_never_exceed_their_lines(
            lines in prop::collection::vec(1i64..4_000_000_000_000, 1..30), part in 0u32..=10_000,
        ) {
            let lines: Vec<Vnd> = lines.into_iter().map(Vnd).collect();
            let whole: i64 = lines.iter().map(|l| l.0).sum();
            let discount = i64::try_from(i128::from(whole) * i128::from(part) / 10_000).unwrap();
            let shares = share(Vnd(discount), &lines);
            prop_assert_eq!(shares.iter().map(|s| s.0).sum::<i64>(), discount);
            for (share, line) in shares.iter().zip(&lines) {
                prop_assert!(Vnd::ZERO <= *share && share <= line);
                // Nobody is off his exact part by a đồng or more.
                let exact = i128::from(discount) * i128::from(line.0);
                prop_assert!((i128::from(share.0) * i128::from(whole) - exact).abs() < i128::from(whole));
            }
        }

        #[test]
        fn something_is_always_left_to_pay(goods in 1i64..i64::MAX, bps in 1i32..=9_999, amount in 1i64..i64::MAX) {
            let percent = Discount::Percent { bps: BasisPoints(bps), ceiling: None };
            prop_assert!(percent.off(Vnd(goods)).0 < goods);
            prop_assert!(Discount::Amount(Vnd(amount)).off(Vnd(goods)).0 < goods);
        }
    }
}
