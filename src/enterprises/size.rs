//! Size classes of Decree 80/2021/NĐ-CP, article 5; the limits are rules (`sme.*`), not code.

use crate::{
    kernel::{Day, Text},
    platform::rules,
};
use sqlx::PgConnection;

/// How large an enterprise is before the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SizeClass {
    Micro,
    Small,
    Medium,
    Large,
    /// Facts are missing.
    #[default]
    Unknown,
}

impl SizeClass {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Unknown => "unknown",
        }
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Micro => Text::new("Siêu nhỏ", "Micro"),
            Self::Small => Text::new("Nhỏ", "Small"),
            Self::Medium => Text::new("Vừa", "Medium"),
            Self::Large => Text::new("Lớn", "Large"),
            Self::Unknown => Text::new("Chưa rõ", "Not known"),
        }
    }
}

/// The two groups of fields that the decree tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FieldGroup {
    /// Farming, forestry, fishing, industry, construction.
    AgriIndustry,
    /// Trade and services.
    TradeServices,
}

/// The most that one class may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub staff: i64,
    pub revenue: i64,
    pub capital: i64,
}

/// Micro, small, medium: for each group of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeRules {
    pub agri: [Limit; 3],
    pub trade: [Limit; 3],
}

const CLASSES: [(SizeClass, &str); 3] =
    [(SizeClass::Micro, "micro"), (SizeClass::Small, "small"), (SizeClass::Medium, "medium")];

impl SizeRules {
    /// The limits valid on `day`. Where a rule is missing nothing fits, and the class stays unknown.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn on(db: &mut PgConnection, day: Day) -> sqlx::Result<Self> {
        let none = Limit { staff: -1, revenue: -1, capital: -1 };
        let mut rules = Self { agri: [none; 3], trade: [none; 3] };
        for (at, (_, class)) in CLASSES.iter().enumerate() {
            for (group, limits) in [("agri", &mut rules.agri), ("trade", &mut rules.trade)] {
                let key = |what: &str| format!("sme.{class}.{group}.{what}");
                limits[at] = Limit {
                    staff: rules::value(db, &key("staff"), day, -1).await?,
                    revenue: rules::value(db, &key("revenue"), day, -1).await?,
                    capital: rules::value(db, &key("capital"), day, -1).await?,
                };
            }
        }
        Ok(rules)
    }

    /// The class of a firm: staff **and** (revenue **or** capital) within the limits.
    ///
    /// Of revenue and capital one is enough. Without staff, or without both of them, nothing can be
    /// said, except that more staff than a medium firm may have makes it large.
    #[must_use]
    pub fn class(
        &self,
        group: Option<FieldGroup>,
        employees: Option<i64>,
        revenue: Option<i64>,
        capital: Option<i64>,
    ) -> SizeClass {
        let (Some(group), Some(staff)) = (group, employees) else { return SizeClass::Unknown };
        let limits = match group {
            FieldGroup::AgriIndustry => &self.agri,
            FieldGroup::TradeServices => &self.trade,
        };
        if limits.iter().any(|l| l.staff < 0 || l.revenue < 0 || l.capital < 0) {
            return SizeClass::Unknown;
        }
        if staff > limits[2].staff {
            return SizeClass::Large;
        }
        if revenue.is_none() && capital.is_none() {
            return SizeClass::Unknown;
        }
        let fits = |l: &Limit| {
            staff <= l.staff
                && (revenue.is_some_and(|r| r <= l.revenue)
                    || capital.is_some_and(|c| c <= l.capital))
        };
        let found = CLASSES.iter().zip(limits).find(|(_, limit)| fits(limit));
        found.map_or(SizeClass::Large, |((class, _), _)| *class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BILLION: i64 = 1_000_000_000;

    fn limit(staff: i64, revenue: i64, capital: i64) -> Limit {
        Limit { staff, revenue: revenue * BILLION, capital: capital * BILLION }
    }

    /// As data/rules.csv has them.
    fn rules() -> SizeRules {
        SizeRules {
            agri: [limit(10, 3, 3), limit(100, 50, 20), limit(200, 200, 100)],
            trade: [limit(10, 10, 3), limit(50, 100, 50), limit(100, 300, 100)],
        }
    }

    #[test]
    fn every_threshold_is_the_last_of_its_class() {
        use SizeClass::{Large, Medium, Micro, Small};
        let next = [Small, Medium, Large];
        let all = rules();
        for (group, limits) in
            [(FieldGroup::AgriIndustry, all.agri), (FieldGroup::TradeServices, all.trade)]
        {
            for (at, l) in limits.into_iter().enumerate() {
                let this = [Micro, Small, Medium][at];
                let class =
                    |staff, revenue, capital| all.class(Some(group), Some(staff), revenue, capital);
                assert_eq!(class(l.staff, Some(l.revenue), None), this);
                assert_eq!(class(l.staff, None, Some(l.capital)), this);
                // One of the two is enough.
                assert_eq!(class(l.staff, Some(l.revenue), Some(i64::MAX)), this);
                assert_eq!(class(l.staff, Some(i64::MAX), Some(l.capital)), this);
                // One more of anything is the next class.
                assert_eq!(class(l.staff + 1, Some(0), Some(0)), next[at]);
                assert_eq!(class(0, Some(l.revenue + 1), None), next[at]);
                assert_eq!(class(0, None, Some(l.capital + 1)), next[at]);
            }
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let (rules, trade) = (rules(), Some(FieldGroup::TradeServices));
        assert_eq!(rules.class(None, Some(3), Some(1), Some(1)), SizeClass::Unknown);
        assert_eq!(rules.class(trade, None, Some(1), Some(1)), SizeClass::Unknown);
        assert_eq!(rules.class(trade, Some(3), None, None), SizeClass::Unknown);
        assert_eq!(rules.class(trade, Some(101), None, None), SizeClass::Large);
        let mut broken = rules;
        broken.trade[1].capital = -1;
        assert_eq!(broken.class(trade, Some(3), Some(1), Some(1)), SizeClass::Unknown);
    }
}
