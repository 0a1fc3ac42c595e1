//! The tax on household sellers' revenue: what of an order is taxed, at which rates, and what is left of it when less
//! is due. Pure.
//!
//! The law names percentages of revenue by kind of activity; they are rows of `data/rules.csv` (`tax.goods.vat_bps` …).
//! Money goes straight from buyer to seller, so that by default the floor reports and withholds nothing
//! (`tax.platform.withhold` = 0).

use crate::{
    kernel::{BasisPoints, Day, Text},
    platform::rules_admin::RuleRow,
};
use std::collections::BTreeMap;

/// A kind of activity that has rates of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Activity {
    Goods,
    /// Also what nobody can tell: the highest rates.
    Services,
    /// Delivery, as it stands in the order.
    Transport,
}

/// Whether the floor withholds, or only reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Mode {
    Report,
    Withhold,
}

/// What of an order is taxed alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub activity: Activity,
    pub base: i64,
    pub vat: BasisPoints,
    pub pit: BasisPoints,
    /// On what both rates are founded.
    pub legal_ref: String,
}

/// What was agreed on the tax of an order when it was complete. Nothing for sellers that are no households.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Taxed {
    pub mode: Option<Mode>,
    pub parts: Vec<Part>,
}

/// Revenue and taxes on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    pub base: i64,
    pub vat: i64,
    pub pit: i64,
}

impl Activity {
    /// Every activity.
    pub(super) const ALL: [Self; 3] = [Self::Goods, Self::Services, Self::Transport];

    /// The word in the database and in the rules' keys.
    #[must_use]
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Services => "services",
            Self::Transport => "transport",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub(super) fn label(self) -> Text {
        match self {
            Self::Goods => Text::new("Bán hàng hóa", "Goods"),
            Self::Services => Text::new("Dịch vụ", "Services"),
            Self::Transport => Text::new("Giao hàng, vận tải", "Delivery, transport"),
        }
    }
}

impl Mode {
    /// The word in the database.
    #[must_use]
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Withhold => "withhold",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub(super) fn label(self) -> Text {
        match self {
            Self::Report => Text::new("Chỉ thông báo", "Report only"),
            Self::Withhold => Text::new("Khấu trừ", "Withheld"),
        }
    }
}

/// The mode of a day, by the rules of `tax.…`.
pub(super) fn mode_on(rules: &[RuleRow], day: Day) -> Mode {
    let rule = on(rules, "tax.platform.withhold", day);
    if rule.is_some_and(|rule| rule.value == 1) { Mode::Withhold } else { Mode::Report }
}

/// A rule as it stands on a day.
pub(super) fn on<'a>(rules: &'a [RuleRow], key: &str, day: Day) -> Option<&'a RuleRow> {
    let valid =
        |r: &&RuleRow| r.key == key && r.valid_from <= day && r.valid_to.is_none_or(|to| to > day);
    rules.iter().find(valid)
}

/// The parts of an order that was completed on a day: what was paid for each activity, with its rates.
pub(super) fn parts(rules: &[RuleRow], day: Day, paid: &BTreeMap<Activity, i64>) -> Vec<Part> {
    let part = |(activity, base): (&Activity, &i64)| {
        let rate = |tax: &str| on(rules, &format!("tax.{}.{tax}_bps", activity.code()), day);
        let (vat, pit) = (rate("vat"), rate("pit"));
        let bps = |rule: Option<&RuleRow>| {
            let value = rule.map_or(0, |rule| rule.value.clamp(0, 10_000));
            BasisPoints(i32::try_from(value).unwrap_or(0))
        };
        let mut refs: Vec<&str> = vat.iter().chain(&pit).map(|r| r.legal_ref.as_str()).collect();
        refs.dedup();
        let legal_ref = refs.join("; ");
        Part { activity: *activity, base: *base, vat: bps(vat), pit: bps(pit), legal_ref }
    };
    paid.iter().filter(|(_, base)| **base > 0).map(part).collect()
}

/// A share of revenue, rounded to the nearest đồng.
fn share(base: i64, rate: BasisPoints) -> i64 {
    let tenths = i128::from(base.max(0)) * i128::from(rate.0);
    i64::try_from((tenths + 5_000) / 10_000).unwrap_or(0)
}

impl Taxed {
    /// What is taxed when so much of the order is still due: what is no longer due goes off the goods and services
    /// first, in their shares, and off the delivery last.
    pub(super) fn left(&self, due: i128) -> BTreeMap<Activity, Amounts> {
        let base = |transport: bool| -> i128 {
            let of = |p: &&Part| (p.activity == Activity::Transport) == transport;
            self.parts.iter().filter(of).map(|p| i128::from(p.base)).sum()
        };
        let (sold, carried) = (base(false), base(true));
        let off = (sold + carried - due).clamp(0, sold + carried);
        let off_sold = off.min(sold);
        let mut rest = off_sold;
        let mut left = BTreeMap::new();
        let last_sold = self.parts.iter().rposition(|p| p.activity != Activity::Transport);
        for (at, part) in self.parts.iter().enumerate() {
            let whole = i128::from(part.base);
            let off_here = match part.activity {
                Activity::Transport => off - off_sold,
                // The last one takes what rounding has left.
                _ if Some(at) == last_sold => rest,
                _ => off_sold * whole / sold.max(1),
            };
            if part.activity != Activity::Transport {
                rest -= off_here;
            }
            let base = i64::try_from((whole - off_here).max(0)).unwrap_or(0);
            let amounts = Amounts { base, vat: share(base, part.vat), pit: share(base, part.pit) };
            left.insert(part.activity, amounts);
        }
        left
    }

    /// What is withheld when so much is due.
    pub(super) fn withheld(&self, due: i128) -> i128 {
        if self.mode != Some(Mode::Withhold) {
            return 0;
        }
        self.left(due).values().map(|a| i128::from(a.vat) + i128::from(a.pit)).sum()
    }
}

/// What changes from one state to another; activities at which nothing does are left out.
pub(super) fn difference(
    from: &BTreeMap<Activity, Amounts>,
    to: &BTreeMap<Activity, Amounts>,
) -> Vec<(Activity, Amounts)> {
    let of = |all: &BTreeMap<Activity, Amounts>, activity| {
        all.get(&activity).copied().unwrap_or_default()
    };
    let changed = |activity| {
        let (was, is) = (of(from, activity), of(to, activity));
        let amounts =
            Amounts { base: is.base - was.base, vat: is.vat - was.vat, pit: is.pit - was.pit };
        (activity, amounts)
    };
    let some = |(_, amounts): &(Activity, Amounts)| *amounts != Amounts::default();
    Activity::ALL.into_iter().map(changed).filter(some).collect()
}

#[cfg(test)]
mod tests;
