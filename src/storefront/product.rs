//! `GET /san-pham/{slug}`

use super::{
    cards::Card,
    choices::{Choice, choices, first},
    firm::Firm,
    kept::{ForGuests, Goods, KEY, Key, Part, REACH, What},
    queries, reach,
    routes::Deps,
    structured,
};
use crate::{
    catalogue::{self, Listing},
    enterprises::{self, SellerFacts},
    kernel::{Cx, Day, Phone, SellerId, Text, date, day_of},
    organisations::{self, Organisation},
    platform::db,
    promotions, reviews,
    search::{Hit, Query, certificate},
    web::{Page, PageError, Problem, forms::Query as Asked},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use sqlx::PgConnection;
use std::sync::Arc;

/// Other goods of the shop shown below.
const RELATED: usize = 6;

/// A certificate in force.
pub(super) struct Paper {
    pub(super) label: String,
    pub(super) about: String,
}

#[derive(Template)]
#[template(path = "storefront/product.html")]
struct ProductPart<'a> {
    page: &'a Page,
    key: &'static str,
    reach: &'static str,
    name: &'a str,
    listing: &'a Listing,
    trail: Vec<(String, String)>,
    pictures: Vec<(String, String, String)>,
    price: String,
    several: bool,
    was: String,
    tax: String,
    choices: Vec<Choice>,
    most: i64,
    in_stock: bool,
    is_service: bool,
    /// The firm for which prices are shown; empty: none.
    firm: String,
    /// How the firm stands with the shop, and whether it may ask to be admitted.
    wholesale: (String, bool),
    /// Units besides the pieces in which all variants are sold.
    units: Vec<String>,
    has_tiers: bool,
    marks: Vec<&'static str>,
    papers: Vec<Paper>,
    phone: String,
    facts: Vec<(String, String)>,
    origin: String,
    lead: String,
    seller: &'a SellerFacts,
    seller_place: String,
    seller_address: String,
    seller_href: String,
    registration: String,
    related: Vec<Card>,
    /// Code and conditions of what the shop offers openly.
    vouchers: Vec<(String, String)>,
    /// What buyers say.
    reviews: &'a str,
}

/// What a page says of something that was here.
pub(super) fn gone(vi: &'static str, en: &'static str) -> PageError {
    PageError(Problem::new(StatusCode::GONE, "gone", vi, en))
}

/// `GET /san-pham/{slug}`
pub(super) async fn show(
    State(deps): State<Deps>,
    Path(slug): Path<String>,
    Asked(asked): Asked<reach::Asked>,
    headers: HeaderMap,
    cx: Cx,
    page: Page,
) -> Result<Response, PageError> {
    if slug.len() > 200 {
        return Err(PageError::not_found());
    }
    let part = part(&deps, &cx, &page, &slug).await?;
    let Some(goods) = part.parcel else { return part.shown(page) };
    let usual = reach::is_unknown(&headers, &asked);
    if usual && let Some(response) = part.for_guest(&page) {
        return Ok(response);
    }
    let told = reach::tell(&deps, &page, &headers, &asked, goods).await?;
    let remember = told.remember.and_then(|code| reach::remembered(&page, &code));
    let mut response = part.shown_with(page, &told.html, usual)?;
    if let Some(cookie) = remember {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The page's part: as it was kept if nothing has been written since, else as it is now.
async fn part(deps: &Deps, cx: &Cx, page: &Page, slug: &str) -> Result<Arc<Part>, PageError> {
    let (day, generation) = (day_of(cx.now), deps.search.generation());
    let mut db = deps.db.acquire().await?;
    let snapshot = db::snapshot(&mut db).await?;
    let asked = ForGuests { slug: slug.to_owned(), lang: page.lang, day, generation };
    if page.viewer.is_none()
        && let Some(part) = deps.kept.product(&asked, &snapshot)
    {
        return Ok(part);
    }
    let pulse = queries::pulse(&mut db, slug, day).await?.ok_or_else(PageError::not_found)?;
    if !pulse.visible {
        return Err(gone(
            "Sản phẩm này không còn được bày bán. Bạn có thể tìm hàng tương tự ở ô tìm kiếm.",
            "This product is no longer on sale. You can look for similar goods in the search box.",
        ));
    }
    let firm = match &page.viewer {
        Some(viewer) if viewer.buys_for().is_some() => {
            organisations::acting(&mut db, viewer.id, viewer.buying_for).await?
        }
        _ => None,
    };
    drop(db);
    // What a firm pays is its own: its page is made for it.
    if let Some(firm) = firm {
        return Ok(Arc::new(make(deps, cx, page, slug, Some(firm)).await?));
    }
    let what = What::Product(pulse.product, pulse.digest);
    // Of another generation also its neighbours are others.
    let key = Key { what, lang: page.lang, day, generation };
    let part = match deps.kept.get(&key) {
        Some(part) => part,
        None => deps.kept.put(key, make(deps, cx, page, slug, None).await?),
    };
    if page.viewer.is_none() {
        deps.kept.put_product(asked, snapshot, &part);
    }
    Ok(part)
}

/// Code and conditions of what a shop offers openly today.
pub(super) async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    page: &Page,
    seller: SellerId,
) -> sqlx::Result<Vec<(String, String)>> {
    let offered = promotions::offered(db, cx, &[seller]).await?;
    let shown = offered.iter().map(|v| (v.code.clone(), v.terms().get(page.lang).to_owned()));
    Ok(shown.collect())
}

/// Everything that a product's page shows.
struct Facts {
    listing: Listing,
    seller: SellerFacts,
    /// Code and conditions of what the shop offers openly.
    vouchers: Vec<(String, String)>,
    /// What buyers say.
    said: reviews::Section,
    related: Vec<Hit>,
}

async fn facts(deps: &Deps, cx: &Cx, page: &Page, slug: &str) -> Result<Facts, PageError> {
    let mut db = deps.db.acquire().await?;
    let listing = catalogue::listing(&mut db, cx, slug).await?.ok_or_else(PageError::not_found)?;
    let mut facts = enterprises::facts(&mut db, &[listing.seller]).await?;
    let seller = facts.remove(&listing.seller).ok_or_else(PageError::not_found)?;
    let vouchers = offered(&mut db, cx, page, listing.seller).await?;
    let said = reviews::section(&mut db, page, listing.product, &listing.slug).await?;
    drop(db);
    let related = related(deps, &listing, day_of(cx.now)).await?;
    Ok(Facts { listing, seller, vouchers, said, related })
}

async fn make(
    deps: &Deps,
    cx: &Cx,
    page: &Page,
    slug: &str,
    firm: Option<Organisation>,
) -> Result<Part, PageError> {
    let Facts { listing, seller, vouchers, said, related } = facts(deps, cx, page, slug).await?;
    let firm = Firm::read(deps, cx, &listing, firm).await?;
    let is_service = deps.categories.get(&listing.category_slug).is_some_and(|c| c.is_service);
    let name = listing.name_in(page.lang);
    let lowest = listing.variants.iter().min_by_key(|v| v.price);
    let body = ProductPart {
        page,
        key: KEY,
        reach: REACH,
        name,
        trail: trail(deps, page, &listing),
        pictures: pictures(&listing, name),
        price: listing.lowest().to_string(),
        several: listing.variants.iter().any(|v| v.price != listing.lowest()),
        was: lowest.and_then(|v| v.list_price).map(|p| p.to_string()).unwrap_or_default(),
        tax: tax(&listing).get(page.lang).to_owned(),
        choices: choices(&listing, page, &firm),
        most: listing.variants.iter().map(|v| v.available).max().unwrap_or(0).clamp(1, 99_999),
        in_stock: listing.in_stock(),
        is_service,
        units: firm.all_units(&listing),
        firm: firm.name(),
        wholesale: firm.standing(&listing, page),
        has_tiers: listing.variants.iter().any(|v| !v.tiers.is_empty()),
        marks: marks(&listing, page),
        papers: papers(deps, &listing, page),
        phone: Phone::local(&seller.phone),
        facts: listing.labelled_facts(&deps.categories, page.lang),
        origin: listing.origin_commune.as_ref().map(|c| deps.places.shown(c)).unwrap_or_default(),
        lead: lead(&listing).get(page.lang).to_owned(),
        seller_address: format!("{}, {}", seller.address, deps.places.shown(&seller.commune_code)),
        seller_href: format!("/gian-hang/{}", seller.slug),
        seller_place: deps.places.shown(&seller.commune_code),
        registration: registration(&seller),
        vouchers,
        seller: &seller,
        related: Card::all(&related, page.lang, &deps.places),
        listing: &listing,
        reviews: &said.html,
    };
    let html = body.render().map_err(PageError::internal)?;
    let mut part = Part::new(name.to_owned(), "search", &html);
    part.description = format!(
        "{name} – {} – {} {}",
        listing.shop_name,
        page.t("giá từ", "from"),
        listing.lowest()
    );
    part.head = structured::product(page, &listing, &seller, &said.totals);
    part.parcel = parcel(&listing).filter(|_| !is_service);
    Ok(part)
}

/// Address and name of every step from the home page to the product's category.
fn trail(deps: &Deps, page: &Page, listing: &Listing) -> Vec<(String, String)> {
    let categories = listing.trail(&deps.categories).into_iter();
    let categories =
        categories.map(|c| (format!("/danh-muc/{}", c.slug), c.name.get(page.lang).to_owned()));
    let home = ("/".to_owned(), page.t("Trang chủ", "Home").to_owned());
    std::iter::once(home).chain(categories).collect()
}

/// One piece of the variant that is chosen at first.
fn parcel(listing: &Listing) -> Option<Goods> {
    let variant = listing.variants.get(first(listing))?;
    Some(Goods {
        seller: listing.seller,
        price: variant.price,
        weight_g: variant.weight_g.into(),
        lead_days: listing.lead_days.into(),
    })
}

async fn related(deps: &Deps, listing: &Listing, day: Day) -> Result<Vec<Hit>, PageError> {
    let query = Query { seller: Some(listing.seller), page: 1, ..Query::default() };
    let mut hits = deps.search.find(&query, day).await?.hits;
    hits.retain(|hit| hit.product != listing.product);
    hits.truncate(RELATED);
    Ok(hits)
}

/// Source, thumbnail and words of each picture; the drawing where there is none.
fn pictures(listing: &Listing, name: &str) -> Vec<(String, String, String)> {
    if listing.pictures.is_empty() {
        let drawing = listing.picture(960);
        let alt = name.to_owned();
        return if drawing.is_empty() { Vec::new() } else { vec![(drawing.clone(), drawing, alt)] };
    }
    let shown = listing.pictures.iter().map(|picture| {
        let alt = if picture.alt.is_empty() { name } else { &picture.alt };
        (picture.src(960, "webp"), picture.src(240, "webp"), alt.to_owned())
    });
    shown.collect()
}

fn tax(listing: &Listing) -> Text {
    match listing.tax_bps.0 {
        0 => Text::new(
            "Giá cuối cùng; hàng này không chịu thuế GTGT.",
            "Final price; no VAT applies to these goods.",
        ),
        bps => {
            let rate = f64::from(bps) / 100.0;
            let vi = rate.to_string().replace('.', ",");
            Text::new(
                format!("Giá đã gồm VAT {vi} %. Phí giao hàng tính riêng khi đặt."),
                format!("Price includes {rate} % VAT. Delivery is added when you order."),
            )
        }
    }
}

fn lead(listing: &Listing) -> Text {
    match listing.lead_days {
        0 => Text::new("Gửi hàng trong ngày", "Leaves the same day"),
        days => Text::new(
            format!("Gửi hàng sau {days} ngày kể từ khi đặt"),
            format!("Leaves {days} day(s) after you order"),
        ),
    }
}

fn papers(deps: &Deps, listing: &Listing, page: &Page) -> Vec<Paper> {
    let about = |c: &catalogue::ListedCertificate| {
        let until = c
            .expires
            .map(|day| format!(" · {} {}", page.t("hiệu lực đến", "valid until"), date(day)));
        format!("{} {} · {}{}", page.t("Số", "No."), c.number, c.issuer, until.unwrap_or_default())
    };
    let paper = |c: &catalogue::ListedCertificate| Paper {
        label: deps.categories.paper_label(&c.kind).get(page.lang).to_owned(),
        about: about(c),
    };
    listing.certificates.iter().map(paper).collect()
}

/// Certificates worth a badge.
fn marks(listing: &Listing, page: &Page) -> Vec<&'static str> {
    listing.certificates.iter().filter_map(|c| certificate(&c.kind, page.lang)).collect()
}

/// Number, date and issuer of the business registration.
pub(super) fn registration(seller: &SellerFacts) -> String {
    let day = seller.registered_on.map(date).unwrap_or_default();
    let parts = [seller.registration_no.as_str(), &day, &seller.registered_by];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
