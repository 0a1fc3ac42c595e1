//! `/ban-hang/khach-si/gia`: prices of one customer, of a group, or of all.

use super::{SELLER, status, told, uuid};
use crate::{
    catalogue::{self, MOST_PIECES},
    enterprises::SellerScope,
    kernel::{Cx, Day, Errors, Lang, SellerId, Text, VariantId, Vnd, date, day_of, parse_day},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
    wholesale::{
        deals,
        prices::{self, NewPrice, Whom, unit_called},
        queries::{self, Price},
        queries_customers,
        units::{Unit, read_amount},
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;

const HERE: &str = "/ban-hang/khach-si/gia";
const PAGE: i64 = 50;

/// A price in words.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) goods: String,
    pub(super) sku: String,
    pub(super) whom: String,
    pub(super) from: String,
    pub(super) price: String,
    pub(super) days: String,
    /// Words and tone of its badge.
    pub(super) state: (String, &'static str),
}

/// How a price stands today.
fn standing(price: &Price, today: Day) -> (Text, &'static str) {
    if today < price.valid_from {
        (Text::new("Sắp áp dụng", "To begin"), "info")
    } else if price.valid_to.is_some_and(|last| last < today) {
        (Text::new("Đã hết hạn", "Over"), "neutral")
    } else {
        (Text::new("Đang áp dụng", "In force"), "good")
    }
}

/// Prices as they are read, in the unit in which each was given.
pub(super) async fn written(
    db: &mut PgConnection,
    cx: &Cx,
    lang: Lang,
    seller: SellerId,
    prices: Vec<Price>,
) -> sqlx::Result<Vec<Written>> {
    let variants: Vec<VariantId> = prices.iter().map(|p| p.variant).collect();
    let offers = catalogue::offers(db, cx, &variants).await?;
    let offers: HashMap<_, _> =
        offers.into_iter().filter(|o| o.seller == seller).map(|o| (o.variant, o)).collect();
    let units = deals::units(db, &variants).await?;
    let mut shown = Vec::new();
    for price in prices {
        let Some(offer) = offers.get(&price.variant) else { continue };
        let own = units.get(&price.variant).map(Vec::as_slice).unwrap_or_default();
        let unit = unit_called(own, &offer.unit, &price.unit);
        let in_unit = unit.and_then(|unit| {
            Some((unit.of_pieces(price.min_quantity)?, unit.unit_price(price.price)?, unit.name))
        });
        // The unit has another ratio now: what counts is the piece.
        let in_pieces = || (price.min_quantity, price.price, offer.unit.clone());
        let (from, each, unit) = in_unit.unwrap_or_else(in_pieces);
        let (state, tone) = standing(&price, day_of(cx.now));
        let until = price.valid_to.map_or_else(
            || lang.t("đến khi bỏ", "until taken out").to_owned(),
            |last| format!("{} {}", lang.t("đến hết", "until"), date(last)),
        );
        shown.push(Written {
            id: price.id.to_string(),
            goods: if offer.label.is_empty() {
                offer.name.clone()
            } else {
                format!("{} – {}", offer.name, offer.label)
            },
            sku: offer.sku.clone(),
            whom: match price.whom {
                Whom::All => lang.t("Mọi khách sỉ", "All customers").to_owned(),
                Whom::Group(_) => {
                    format!("{} {}", lang.t("Nhóm", "Group"), price.whom_name)
                }
                Whom::One(_) => price.whom_name.clone(),
            },
            from: format!("{from} {unit}"),
            price: format!("{each} / {unit}"),
            days: format!("{} {} {until}", lang.t("từ", "from"), date(price.valid_from)),
            state: (state.get(lang).to_owned(), tone),
        });
    }
    Ok(shown)
}

/// A price as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct PriceForm {
    key: String,
    sku: String,
    cho: String,
    tu: String,
    don_vi: String,
    gia: String,
    tu_ngay: String,
    den_ngay: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct Asked {
    sau: String,
    /// For this customer, filled in from his page.
    cho: String,
    sku: String,
}

#[derive(Template)]
#[template(path = "wholesale/prices.html")]
struct PricesPage {
    page: Page,
    here: &'static str,
    errors: Errors,
    form: PriceForm,
    whom: Vec<(String, String)>,
    prices: Vec<Written>,
    next: String,
}

async fn show(
    db: &PgPool,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    asked: &Asked,
    (form, errors): (PriceForm, Errors),
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let after = asked.sau.parse().ok();
    let mut found = queries::prices(&mut db, scope.seller, None, after, PAGE + 1).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let last = found.last().filter(|_| more);
    let next = last.map(|p| format!("{HERE}?sau={}", p.id)).unwrap_or_default();
    let prices = written(&mut db, cx, page.lang, scope.seller, found).await?;
    let mut whom = vec![("tat-ca".to_owned(), page.t("Mọi khách sỉ", "All customers").to_owned())];
    for group in queries_customers::groups(&mut db, scope.seller).await? {
        let label = format!("{} {}", page.t("Nhóm", "Group"), group.name);
        whom.push((format!("nhom:{}", group.id), label));
    }
    for (org, name) in queries_customers::admitted(&mut db, scope.seller).await? {
        whom.push((format!("khach:{org}"), name));
    }
    let page = page.in_section(SELLER);
    let shown = PricesPage { page, here: "prices", errors, form, whom, prices, next };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /ban-hang/khach-si/gia`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let form = PriceForm {
        tu: "1".into(),
        tu_ngay: day_of(cx.now).to_string(),
        cho: asked.cho.chars().take(60).collect(),
        sku: asked.sku.chars().take(80).collect(),
        ..PriceForm::default()
    };
    let errors = Errors::new(page.lang);
    show(&db, &cx, page, &scope, &asked, (form, errors)).await
}

impl PriceForm {
    fn whom(&self) -> Result<Whom, Text> {
        let wrong = || Text::new("Chọn giá này cho ai.", "Choose whom this price is for.");
        match self.cho.split_once(':') {
            None if self.cho == "tat-ca" => Ok(Whom::All),
            Some(("nhom", id)) => id.parse().map(Whom::Group).map_err(|_| wrong()),
            Some(("khach", id)) => id.parse().map(Whom::One).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }

    fn days(&self, errors: &mut Errors, today: Day) -> Option<(Day, Option<Day>)> {
        let from = errors.take("tu_ngay", parse_day(&self.tu_ngay))?;
        let to = match self.den_ngay.trim() {
            "" => None,
            typed => Some(errors.take("den_ngay", parse_day(typed))?),
        };
        let late = to.is_some_and(|to| to < from || to < today);
        errors.check(
            !late,
            "den_ngay",
            "Ngày cuối không được trước ngày đầu hay trước hôm nay.",
            "The last day is neither before the first nor before today.",
        );
        Some((from, to))
    }

    /// From how many pieces, and the price of a piece.
    fn amounts(&self, errors: &mut Errors, unit: &Unit) -> Option<(i64, Vnd)> {
        let pieces = read_amount(&self.tu).and_then(|n| unit.pieces(n));
        let pieces = pieces.filter(|n| (1..=MOST_PIECES).contains(n));
        errors.check(
            pieces.is_some(),
            "tu",
            "Ghi số lượng từ 1 trở lên, thành số nguyên theo đơn vị gốc.",
            "Write a quantity from 1 on that comes to whole pieces.",
        );
        let typed = Vnd::read(&self.gia).filter(|p| (1..=1_000_000_000_000).contains(&p.0));
        let Some(typed) = typed else {
            errors.add(
                "gia",
                Text::new(
                    "Số tiền chưa đúng, ví dụ 85.000.",
                    "This is not an amount, e.g. 85.000.",
                ),
            );
            return None;
        };
        let whole = unit.piece_price(typed).filter(|p| (1..=1_000_000_000_000).contains(&p.0));
        let Some(price) = whole else {
            errors.add("gia", uneven(unit, typed));
            return None;
        };
        Some((pieces?, price))
    }
}

/// A price that does not come to whole đồng a piece, and those next to it that do.
fn uneven(unit: &Unit, typed: Vnd) -> Text {
    match unit.near(typed) {
        Some((down, up)) => Text::new(
            format!(
                "Giá này không chia hết thành số đồng nguyên cho một đơn vị gốc. Giá gần nhất: {down} hoặc {up}."
            ),
            format!(
                "This does not come to whole đồng a piece. The nearest that do: {down} or {up}."
            ),
        ),
        None => Text::new(
            "Giá này không chia hết thành số đồng nguyên cho một đơn vị gốc.",
            "This does not come to whole đồng a piece.",
        ),
    }
}

/// The price that was typed, or what is wrong with it.
async fn check(
    db: &mut PgConnection,
    cx: &Cx,
    lang: Lang,
    seller: SellerId,
    form: &PriceForm,
) -> sqlx::Result<Result<NewPrice, Errors>> {
    let mut errors = Errors::new(lang);
    let sku = form.sku.trim();
    let found = catalogue::own_variant_of_sku(db, seller, sku).await?;
    errors.check(
        found.is_some(),
        "sku",
        "Gian hàng không có mã hàng này.",
        "The shop has no such SKU.",
    );
    let whom = errors.take("cho", form.whom());
    let days = form.days(&mut errors, day_of(cx.now));
    let Some(own) = found else { return Ok(Err(errors)) };
    let units = deals::units(db, &[own.variant]).await?.remove(&own.variant).unwrap_or_default();
    let Some(unit) = unit_called(&units, &own.unit, &form.don_vi) else {
        let names: Vec<&str> = std::iter::once(own.unit.as_str())
            .chain(units.iter().map(|u| u.name.as_str()))
            .collect();
        let names = names.join(", ");
        let text =
            Text::new(format!("Mã này bán theo: {names}."), format!("This is sold by: {names}."));
        errors.add("don_vi", text);
        return Ok(Err(errors));
    };
    let amounts = form.amounts(&mut errors, &unit);
    Ok(match (amounts, whom, days) {
        (Some((min_quantity, price)), Some(whom), Some((valid_from, valid_to)))
            if errors.is_empty() =>
        {
            let unit = if unit.units == 1 && unit.base == 1 { String::new() } else { unit.name };
            let variant = own.variant;
            Ok(NewPrice { variant, whom, min_quantity, price, unit, valid_from, valid_to })
        }
        _ => Err(errors),
    })
}

/// `POST /ban-hang/khach-si/gia`
pub(in crate::wholesale) async fn create(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, raw }: Form<PriceForm>,
) -> Result<Response, PageError> {
    let asked = Asked::default();
    let mut tx = db.begin().await?;
    let new = match check(&mut tx, &cx, page.lang, scope.seller, &form).await? {
        Ok(new) => new,
        Err(errors) => return show(&db, &cx, page, &scope, &asked, (form, errors)).await,
    };
    let sent = (HERE, raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, sent).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            return show(&db, &cx, page, &scope, &asked, (form, errors)).await;
        }
    };
    if let Err(error) = prices::add_price(&mut tx, &cx, scope.seller, &new).await {
        let errors = told(error, page.lang, "sku")?;
        return show(&db, &cx, page, &scope, &asked, (form, errors)).await;
    }
    idempotency::settle(&mut tx, &once, HERE).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã thêm giá.", "The price is added.")))
}

/// `POST /ban-hang/khach-si/gia/{gia}/bo`
pub(in crate::wholesale) async fn remove(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(price): Path<String>,
) -> Result<Response, PageError> {
    let price = uuid(&price)?;
    let mut tx = db.begin().await?;
    prices::drop_price(&mut tx, &cx, scope.seller, price).await?;
    tx.commit().await?;
    let line = page
        .t("Đã bỏ giá; đơn đã đặt giữ giá cũ.", "The price is gone; orders that have it keep it.");
    Ok(go_with(&page, HERE, line))
}
