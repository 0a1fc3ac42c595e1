//! The filters beside a list: what can be chosen, how many results each choice leaves, what is chosen.

use super::{
    links::Links,
    list::{Go, Lists},
    nearby::Unclear,
    queries,
};
use crate::{
    catalogue::Category,
    kernel::{SellerId, Vnd},
    search::{BANDS, CERTIFICATES, Found, QUANTITIES, Query, certificate},
    web::Page,
};
use std::collections::HashMap;

/// Communes offered as filters at once.
const COMMUNES: usize = 14;
/// Shops offered as filters at once.
const SELLERS: usize = 10;
/// Choices shown at once; the others unfold.
const SHOWN: usize = 6;

/// A choice with its count.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: u32,
    pub(super) on: bool,
}

/// Some choices, and others that unfold.
#[derive(Default)]
pub(super) struct Group {
    pub(super) first: Vec<Choice>,
    pub(super) more: Vec<Choice>,
    /// One of the others is chosen.
    pub(super) open: bool,
}

impl From<Vec<Choice>> for Group {
    fn from(mut first: Vec<Choice>) -> Self {
        // A single one is not worth a press.
        let at = if first.len() > SHOWN + 1 { SHOWN } else { first.len() };
        let more = first.split_off(at);
        Self { open: more.iter().any(|choice| choice.on), first, more }
    }
}

impl Group {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

type Names = HashMap<SellerId, String>;

/// All filters of a list.
pub(super) struct Filters {
    pub(super) categories: Vec<Go>,
    pub(super) bands: Group,
    pub(super) communes: Group,
    pub(super) sellers: Group,
    pub(super) certificates: Group,
    pub(super) quantities: Group,
    pub(super) business: u32,
    pub(super) in_stock: u32,
    pub(super) delivered: u32,
    /// The reader's commune; empty: not known.
    pub(super) to: String,
    /// What he typed for it that is not clear.
    pub(super) typed: String,
    pub(super) why: String,
    /// Address, name and note of what that may mean.
    pub(super) meant: Vec<(String, String, String)>,
    /// For each filter that is set, the same list without it.
    pub(super) unset: Vec<(String, String)>,
}

impl Filters {
    pub(super) async fn of(
        lists: &Lists,
        page: &Page,
        shelf: Option<&Category>,
        links: &Links<'_>,
        found: &Found,
        unclear: &Unclear,
    ) -> sqlx::Result<Self> {
        let query = links.query;
        let shops = shops(query, found);
        let ids: Vec<SellerId> = shops.iter().map(|shop| shop.0).collect();
        let names = match ids.as_slice() {
            [] => Names::new(),
            ids => queries::shop_names(&mut *lists.db.acquire().await?, ids).await?,
        };
        let to = query.near.as_deref().and_then(|code| lists.places.commune(code));
        let meant = unclear.meant.iter();
        Ok(Self {
            categories: categories(lists, page, shelf, links, found),
            bands: bands(page, query, found).into(),
            communes: communes(lists, query, found).into(),
            sellers: sellers(page, query, &shops, &names).into(),
            certificates: certificates(page, query, found).into(),
            quantities: quantities(page, query, found).into(),
            business: found.facets.business,
            in_stock: found.facets.in_stock,
            delivered: found.facets.delivered,
            to: to.map(|commune| commune.full_name.clone()).unwrap_or_default(),
            typed: unclear.typed.clone(),
            why: unclear.why.clone(),
            meant: meant
                .map(|(code, name, note)| (links.asking(code), name.clone(), note.clone()))
                .collect(),
            unset: unset(lists, page, links, &names),
        })
    }

    /// Whether there is anything to choose.
    pub(super) fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.bands.is_empty() && self.unset.is_empty()
    }
}

/// The shops with the most results, and those chosen.
fn shops(query: &Query, found: &Found) -> Vec<(SellerId, u32)> {
    let counted = &found.facets.sellers;
    let is_chosen = |seller: &SellerId| query.sellers.contains(seller);
    let without = query.sellers.iter().filter(|chosen| counted.iter().all(|(s, _)| s != *chosen));
    let mut shops: Vec<(SellerId, u32)> = without.map(|seller| (*seller, 0)).collect();
    let offered = counted.iter().enumerate();
    shops.extend(offered.filter(|(i, (s, _))| *i < SELLERS || is_chosen(s)).map(|(_, shop)| *shop));
    shops
}

fn name_of(names: &Names, seller: &SellerId, page: &Page) -> String {
    let gone = || page.t("Gian hàng không còn", "Shop no longer here").to_owned();
    names.get(seller).cloned().unwrap_or_else(gone)
}

fn sellers(page: &Page, query: &Query, shops: &[(SellerId, u32)], names: &Names) -> Vec<Choice> {
    if shops.len() < 2 && query.sellers.is_empty() {
        return Vec::new();
    }
    let choice = |(seller, count): &(SellerId, u32)| Choice {
        value: seller.to_string(),
        label: name_of(names, seller, page),
        count: *count,
        on: query.sellers.contains(seller),
    };
    shops.iter().map(choice).collect()
}

fn quantities(page: &Page, query: &Query, found: &Found) -> Vec<Choice> {
    let choice = |(i, count): (usize, &u32)| Choice {
        value: QUANTITIES[i].key.to_owned(),
        label: QUANTITIES[i].shown(page.lang),
        count: *count,
        on: query.quantities.contains(&i),
    };
    let all = found.facets.quantities.iter().enumerate().map(choice);
    all.filter(|choice| choice.count > 0 || choice.on).collect()
}

/// The categories one step below, those with goods first by the tree's own order.
fn categories(
    lists: &Lists,
    page: &Page,
    shelf: Option<&Category>,
    links: &Links<'_>,
    found: &Found,
) -> Vec<Go> {
    let count = |slug: &str| {
        found.facets.categories.iter().find(|(known, _)| known == slug).map_or(0, |(_, n)| *n)
    };
    let below: Vec<&Category> = match shelf {
        Some(shelf) => lists.categories.children(&shelf.slug),
        None => lists.categories.roots(),
    };
    let go = |shelf: &Category| Go {
        href: if links.category_in_path {
            format!("/danh-muc/{}", shelf.slug)
        } else {
            links.with(|q| q.category = Some(shelf.slug.clone()))
        },
        label: shelf.name.get(page.lang).to_owned(),
        count: count(&shelf.slug),
        current: false,
    };
    below.into_iter().map(go).filter(|go| go.count > 0).collect()
}

fn communes(lists: &Lists, query: &Query, found: &Found) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for code in &query.communes {
        if !found.facets.communes.iter().any(|(known, _)| known == code) {
            let label = lists.places.shown(code);
            choices.push(Choice { value: code.clone(), label, count: 0, on: true });
        }
    }
    for (i, (code, n)) in found.facets.communes.iter().enumerate() {
        let on = query.communes.contains(code);
        if on || i < COMMUNES {
            let commune = lists.places.commune(code);
            let label = commune.map_or_else(|| code.clone(), |c| c.full_name.clone());
            choices.push(Choice { value: code.clone(), label, count: *n, on });
        }
    }
    choices
}

fn bands(page: &Page, query: &Query, found: &Found) -> Vec<Choice> {
    let choice = |(i, count): (usize, &u32)| Choice {
        value: BANDS[i].key.to_owned(),
        label: BANDS[i].shown(page.lang),
        count: *count,
        on: query.bands.contains(&i),
    };
    let all = found.facets.bands.iter().enumerate().map(choice);
    all.filter(|choice| choice.count > 0 || choice.on).collect()
}

fn certificates(page: &Page, query: &Query, found: &Found) -> Vec<Choice> {
    let choice = |(kind, vi, en): &(&str, &str, &str)| Choice {
        value: (*kind).to_owned(),
        label: page.t(vi, en).to_owned(),
        count: found.facets.certificates.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n),
        on: query.certificates.iter().any(|chosen| chosen == kind),
    };
    CERTIFICATES.iter().map(choice).filter(|choice| choice.count > 0 || choice.on).collect()
}

/// One link for each filter that is set: the same list without it.
fn unset(lists: &Lists, page: &Page, links: &Links<'_>, names: &Names) -> Vec<(String, String)> {
    let (query, lang) = (links.query, page.lang);
    let mut unset = Vec::new();
    if let (Some(shelf), false) =
        (query.category.as_deref().and_then(|s| lists.categories.get(s)), links.category_in_path)
    {
        unset.push((links.with(|q| q.category = None), shelf.name.get(lang).to_owned()));
    }
    for code in &query.communes {
        let href = links.with(|q| q.communes.retain(|other| other != code));
        unset.push((href, lists.places.shown(code)));
    }
    for band in &query.bands {
        let href = links.with(|q| q.bands.retain(|other| other != band));
        unset.push((href, BANDS[*band].shown(lang)));
    }
    if query.price_min.is_some() || query.price_max.is_some() {
        let from = query.price_min.map(|n| Vnd(n).to_string()).unwrap_or_default();
        let to = query.price_max.map(|n| Vnd(n).to_string()).unwrap_or_default();
        let href = links.with(|q| (q.price_min, q.price_max) = (None, None));
        unset.push((href, format!("{from} – {to}")));
    }
    for kind in &query.certificates {
        let href = links.with(|q| q.certificates.retain(|other| other != kind));
        unset.push((href, certificate(kind, lang).unwrap_or_default().to_owned()));
    }
    for seller in &query.sellers {
        let href = links.with(|q| q.sellers.retain(|other| other != seller));
        unset.push((href, name_of(names, seller, page)));
    }
    for range in &query.quantities {
        let href = links.with(|q| q.quantities.retain(|other| other != range));
        let words = lang.t("Mua sỉ tối thiểu", "Least trade quantity");
        unset.push((href, format!("{words}: {}", QUANTITIES[*range].shown(lang))));
    }
    if query.business {
        let words = lang.t("Có giá sỉ", "Has trade prices");
        unset.push((links.with(|q| q.business = false), words.to_owned()));
    }
    if query.in_stock {
        let words = lang.t("Còn hàng", "In stock");
        unset.push((links.with(|q| q.in_stock = false), words.to_owned()));
    }
    if let (true, Some(near)) = (query.delivered, &query.near) {
        let words = lang.t("Giao được đến", "Delivered to");
        let href = links.with(|q| q.delivered = false);
        unset.push((href, format!("{words} {}", lists.places.shown(near))));
    }
    unset
}
