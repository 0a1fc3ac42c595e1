//! Filters as the server reads them. They are made from values that were checked before, and every text in
//! them is quoted.

use super::documents::day_number;
use crate::search::{BANDS, CERTIFICATES, QUANTITIES, Query, Setting};

/// Filters of which the reader chooses any; the counts of a group do not feel its own choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Commune,
    Price,
    Certificate,
    Quantity,
    Seller,
    Stock,
    Delivered,
}

impl Group {
    /// The fact whose values are this group's choices.
    pub(super) fn field(self) -> Option<&'static str> {
        match self {
            Self::Commune => Some("commune"),
            Self::Price => Some("band"),
            Self::Certificate => Some("certificates"),
            Self::Quantity => Some("quantity"),
            Self::Seller => Some("seller"),
            Self::Stock => Some("in_stock"),
            Self::Delivered => None,
        }
    }

    /// Those that are counted by the values of a fact.
    pub(super) const COUNTED: [Self; 6] =
        [Self::Commune, Self::Price, Self::Certificate, Self::Quantity, Self::Seller, Self::Stock];
}

/// The filters of a question.
#[derive(Debug)]
pub(super) struct Filters {
    /// What may be found at all, and in which shop or category.
    pub(super) scope: String,
    groups: Vec<(Group, String)>,
    /// Brought to the reader; `None` while it is not known where he is.
    reached: Option<String>,
}

impl Filters {
    pub(super) fn of(query: &Query, setting: &Setting) -> Self {
        let mut scope = format!("visible = true AND lapses > {}", day_number(setting.today));
        if let Some(slug) = &query.category {
            scope = both(&scope, &equal("path", slug));
        }
        if let Some(seller) = query.seller {
            scope = both(&scope, &equal("seller", &seller.to_string()));
        }
        let reached = setting.place.as_ref().map(|place| {
            let mut shops: Vec<String> =
                place.out_of_reach.iter().map(ToString::to_string).collect();
            shops.sort_unstable();
            // No shop is out of reach: everything passes.
            if shops.is_empty() { "visible = true".into() } else { not(&any("seller", &shops)) }
        });
        let mut groups = Vec::new();
        if !query.communes.is_empty() {
            groups.push((Group::Commune, any("commune", &query.communes)));
        }
        groups.extend(prices(query).map(|filter| (Group::Price, filter)));
        let known = CERTIFICATES.iter().map(|known| known.0);
        let kinds: Vec<&str> =
            known.filter(|kind| query.certificates.iter().any(|c| c == kind)).collect();
        if !kinds.is_empty() {
            groups.push((Group::Certificate, any("certificates", &kinds)));
        }
        let chosen = |i: usize| query.quantities.is_empty() || query.quantities.contains(&i);
        if query.business || !query.quantities.is_empty() {
            let ranges = QUANTITIES.iter().enumerate().filter(|(i, _)| chosen(*i));
            let keys: Vec<&str> = ranges.map(|(_, range)| range.key).collect();
            groups.push((Group::Quantity, any("quantity", &keys)));
        }
        if !query.sellers.is_empty() {
            let shops: Vec<String> = query.sellers.iter().map(ToString::to_string).collect();
            groups.push((Group::Seller, any("seller", &shops)));
        }
        if query.in_stock {
            groups.push((Group::Stock, "in_stock = true".into()));
        }
        let delivered = reached.clone().filter(|_| query.delivered);
        groups.extend(delivered.map(|filter| (Group::Delivered, filter)));
        Self { scope, groups, reached }
    }

    pub(super) fn has(&self, group: Group) -> bool {
        self.groups.iter().any(|(own, _)| *own == group)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// All filters.
    pub(super) fn all(&self) -> String {
        self.without(None)
    }

    /// All filters but those of `group`.
    pub(super) fn without(&self, group: impl Into<Option<Group>>) -> String {
        let group = group.into();
        let others = self.groups.iter().filter(|(own, _)| Some(*own) != group);
        others.fold(self.scope.clone(), |all, (_, filter)| both(&all, filter))
    }

    /// All filters, and brought to the reader; `None` while it is not known where that is.
    pub(super) fn delivered(&self) -> Option<String> {
        self.reached.as_ref().map(|reached| both(&self.without(Group::Delivered), reached))
    }
}

/// The bands and the lowest and highest price are one group.
fn prices(query: &Query) -> Option<String> {
    let bands: Vec<String> = query
        .bands
        .iter()
        .filter_map(|i| BANDS.get(*i))
        .map(|band| match band.below {
            i64::MAX => format!("price >= {}", band.from),
            below => format!("(price >= {} AND price < {below})", band.from),
        })
        .collect();
    let bounds = [
        query.price_min.map(|least| format!("price >= {least}")),
        query.price_max.map(|most| format!("price <= {most}")),
        (!bands.is_empty()).then(|| format!("({})", bands.join(" OR "))),
    ];
    let all: Vec<String> = bounds.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" AND "))
}

/// One and the other.
pub(super) fn both(one: &str, other: &str) -> String {
    format!("{one} AND {other}")
}

/// The opposite.
pub(super) fn not(filter: &str) -> String {
    format!("NOT ({filter})")
}

/// The fact is `value`.
pub(super) fn equal(field: &str, value: &str) -> String {
    format!("{field} = {}", quoted(value))
}

/// The fact is one of `values`.
pub(super) fn any<T: AsRef<str>>(field: &str, values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value.as_ref())).collect();
    format!("{field} IN [{}]", values.join(", "))
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::{Day, SellerId},
        search::Place,
    };
    use std::sync::Arc;
    use uuid::Uuid;

    fn filters(query: &Query) -> Filters {
        let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
        Filters::of(query, &Setting { today, ..Setting::default() })
    }

    #[test]
    fn groups_are_joined_and_left_out() {
        let query = Query {
            communes: vec!["19429".into(), "19432".into()],
            bands: vec![0, 5, 99],
            price_max: Some(70_000),
            in_stock: true,
            ..Query::default()
        };
        let own = filters(&query);
        assert_eq!(
            own.without(Group::Commune),
            "visible = true AND lapses > 739942 AND price <= 70000 AND \
             ((price >= 0 AND price < 50000) OR price >= 10000000) AND in_stock = true"
        );
        assert!(own.all().contains("commune IN ['19429', '19432']"));
        assert!(own.has(Group::Price) && !own.has(Group::Seller));
        assert_eq!(own.delivered(), None);
    }

    #[test]
    fn what_is_brought_is_all_but_shops_out_of_reach() {
        let query = Query { delivered: true, ..Query::default() };
        assert!(filters(&query).is_empty(), "nobody told where he is");
        let there = |shops: &[SellerId]| {
            let place = Place { out_of_reach: shops.iter().copied().collect(), ..Place::default() };
            Filters::of(&query, &Setting { place: Some(Arc::new(place)), ..Setting::default() })
        };
        let shop = SellerId(Uuid::nil());
        let far = format!("NOT (seller IN ['{shop}'])");
        assert!(there(&[shop]).all().ends_with(&far), "{}", there(&[shop]).all());
        assert_eq!(there(&[]).delivered(), Some(there(&[]).all()));
    }

    #[test]
    fn text_cannot_leave_its_quotes() {
        let query = Query { category: Some("a' OR id != '\\".into()), ..Query::default() };
        let own = filters(&query);
        assert!(own.scope.ends_with(r"path = 'a\' OR id != \'\\'"), "{}", own.scope);
    }
}
