//! How a product comes to this reader: what that costs and how long it takes.
//!
//! Where to: what he asks for, else the commune that his browser remembers, else his own address.

use super::{kept::Goods, routes::Deps};
use crate::{
    accounts, delivery,
    delivery::{Method, Rates, ToPrice},
    kernel::{SellerId, Text, Vnd},
    places::{Choice, Commune, Places},
    web::{Page, PageError, cookies},
};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};

/// How long rates are kept; a guest's page may be kept for two minutes more. The checkout reads neither.
const LONGEST: Duration = Duration::from_secs(60);
const MOST: u64 = 10_000;
/// Communes offered when it is not clear which is meant.
const OFFERED: usize = 6;

/// What the address may ask: a commune by its code or its name.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    giao_den: Option<String>,
}

/// The rates of sellers, kept for a moment.
#[derive(Clone)]
pub(super) struct KeptRates(moka::sync::Cache<SellerId, Arc<Rates>>);

impl Default for KeptRates {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(MOST).time_to_live(LONGEST).build())
    }
}

impl KeptRates {
    async fn of(&self, db: &PgPool, seller: SellerId) -> sqlx::Result<Option<Arc<Rates>>> {
        if let Some(rates) = self.0.get(&seller) {
            return Ok(Some(rates));
        }
        let mut db = db.acquire().await?;
        let found = delivery::rates(&mut db, &[seller], None).await?.remove(&seller).map(Arc::new);
        if let Some(rates) = &found {
            self.0.insert(seller, rates.clone());
        }
        Ok(found)
    }
}

/// One way that the goods can take.
struct Way {
    icon: &'static str,
    label: String,
    fee: String,
    days: String,
}

#[derive(Template)]
#[template(path = "storefront/reach.html")]
struct ReachPart<'a> {
    page: &'a Page,
    path: &'a str,
    /// Where to; empty: not known.
    to: String,
    typed: &'a str,
    /// What is wrong with what was typed.
    ask: String,
    /// Code, name and note of what it may mean.
    meant: Vec<(String, String, String)>,
    ways: Vec<Way>,
    free_over: String,
    carried: bool,
    /// The operator has paused delivery to there.
    paused: bool,
}

/// The part of the page, and the commune to be remembered.
pub(super) struct Reach {
    pub(super) html: String,
    pub(super) remember: Option<String>,
}

/// Whether a browser tells nothing of where its reader is.
pub(super) fn is_unknown(headers: &HeaderMap, asked: &Asked) -> bool {
    asked.giao_den.is_none() && CookieJar::from_headers(headers).get(cookies::COMMUNE).is_none()
}

/// Tells how `goods` come to the reader.
pub(super) async fn tell(
    deps: &Deps,
    page: &Page,
    headers: &HeaderMap,
    asked: &Asked,
    goods: Goods,
) -> Result<Reach, PageError> {
    let typed = asked.giao_den.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let typed: String = typed.unwrap_or_default().chars().take(100).collect();
    let (mut ask, mut meant, mut to) = (String::new(), Vec::new(), None);
    if typed.is_empty() {
        to = known(deps, page, headers).await?;
    } else {
        match meaning(&deps.places, &typed) {
            Choice::Chosen(commune) => to = Some(commune),
            Choice::Ask(why, several) => {
                why.get(page.lang).clone_into(&mut ask);
                meant = several.iter().take(OFFERED).map(|s| s.choice(page.lang)).collect();
            }
        }
    }
    let rates = deps.rates.of(&deps.db, goods.seller).await?;
    let Some(rates) = rates else { return Ok(Reach { html: String::new(), remember: None }) };
    let ways = ways(&rates, &deps.places, page, to.as_ref(), goods);
    let path = page.path.split('?').next().unwrap_or_default();
    let part = ReachPart {
        page,
        path,
        to: to.as_ref().map(Commune::shown).unwrap_or_default(),
        typed: if to.is_some() { "" } else { &typed },
        ask,
        meant,
        paused: to.as_ref().is_some_and(|commune| rates.is_paused(&commune.code)),
        carried: ways.iter().any(|way| way.icon == "truck" || way.icon == "map-pin"),
        ways,
        free_over: rates
            .free_over
            .filter(|b| *b > goods.price)
            .map(|b| b.to_string())
            .unwrap_or_default(),
    };
    let html = part.render().map_err(PageError::internal)?;
    Ok(Reach { html, remember: to.filter(|_| !typed.is_empty()).map(|c| c.code) })
}

/// The commune that `typed` means. A name that is whole only far away is asked about where something
/// in the own province begins with it: `dong` is a ward of old elsewhere, and the beginning of Đông Hà.
pub(super) fn meaning(places: &Places, typed: &str) -> Choice {
    let near = places.suggest(typed, OFFERED);
    let home = |c: &Commune| c.province_code == places.home();
    let near_home = near.iter().any(|s| places.commune(&s.code).is_some_and(home));
    let which = || Text::new("Bạn muốn nói nơi nào?", "Which place do you mean?");
    match places.choose(typed, typed) {
        Choice::Chosen(c) if c.code != typed && !home(&c) && near_home => {
            Choice::Ask(which(), near)
        }
        Choice::Ask(_, several) if several.is_empty() && !near.is_empty() => {
            Choice::Ask(which(), near)
        }
        choice => choice,
    }
}

/// The commune that the browser remembers, or that of the reader's own address.
async fn known(
    deps: &Deps,
    page: &Page,
    headers: &HeaderMap,
) -> Result<Option<Commune>, PageError> {
    let jar = CookieJar::from_headers(headers);
    let kept = jar.get(cookies::COMMUNE).and_then(|c| deps.places.commune(c.value()));
    if let Some(commune) = kept {
        return Ok(Some(commune.clone()));
    }
    let Some(viewer) = &page.viewer else { return Ok(None) };
    let mut db = deps.db.acquire().await?;
    let addresses = accounts::addresses(&mut db, viewer.id).await?;
    Ok(addresses.first().and_then(|a| deps.places.commune(&a.commune_code)).cloned())
}

/// The header that lets the browser remember a commune.
pub(super) fn remembered(page: &Page, code: &str) -> Option<HeaderValue> {
    let cookie = cookies::lasting(cookies::COMMUNE, code, page.site.https());
    HeaderValue::from_str(&cookie.to_string()).ok()
}

fn ways(
    rates: &Rates,
    places: &Places,
    page: &Page,
    to: Option<&Commune>,
    goods: Goods,
) -> Vec<Way> {
    let parcel = ToPrice {
        to,
        home: places.home(),
        goods: goods.price,
        weight_g: goods.weight_g,
        lead_days: goods.lead_days,
    };
    let quoted = rates.quote(&parcel);
    let mut ways: Vec<Way> = Vec::new();
    if to.is_none()
        && let Some(span) = rates.span(&parcel)
    {
        let method = if rates.own { Method::Own } else { Method::PostPoint };
        ways.push(Way {
            icon: "truck",
            label: method.label().get(page.lang).to_owned(),
            fee: match span.fee {
                (Vnd::ZERO, Vnd::ZERO) => page.t("Miễn phí", "Free").to_owned(),
                (low, high) if low == high => low.to_string(),
                (low, high) => {
                    let low = low.to_string();
                    format!("{} – {high}", low.trim_end_matches(|c: char| !c.is_numeric()))
                }
            },
            days: format!("{}, {}", days(page, span.days), page.t("tùy nơi nhận", "by place")),
        });
    }
    ways.extend(quoted.iter().map(|choice| Way {
        icon: match choice.method {
            Method::Own => "truck",
            Method::PostPoint => "map-pin",
            Method::Pickup => "shop",
        },
        label: choice.method.label().get(page.lang).to_owned(),
        fee: choice.fee_text(page.lang),
        days: match (choice.method, choice.days) {
            (Method::Pickup, (0, _)) => {
                page.t("có hàng trong ngày", "ready the same day").to_owned()
            }
            (Method::Pickup, (n, _)) => {
                format!("{} {n} {}", page.t("có hàng sau", "ready in"), page.t("ngày", "days"))
            }
            (_, both) => days(page, both),
        },
    }));
    ways
}

/// `2–4 ngày`
fn days(page: &Page, days: (i64, i64)) -> String {
    match days {
        (0, 0) => page.t("trong ngày", "the same day").to_owned(),
        (low, high) if low == high => format!("{high} {}", page.t("ngày", "days")),
        (low, high) => format!("{low}–{high} {}", page.t("ngày", "days")),
    }
}
