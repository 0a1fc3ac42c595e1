//! The basket.

use crate::{
    checkout::{
        basket::{self, Outcome},
        error::CheckoutError,
        ground::Ground,
        keeper::{Held, Keeper},
        load,
        model::{Contents, Line, MOST_OF_ONE, Shop, Standing},
        queries,
    },
    kernel::{Cx, Errors, Text, VariantId},
    platform::{
        db::begin_lightly,
        idempotency::{self, Claim, Once},
    },
    web::{AsProblem, Form, Html, Page, PageError, go, go_with},
    wholesale::{self, Unit},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "checkout/basket.html")]
struct BasketPage {
    page: Page,
    errors: Errors,
    contents: Contents,
    /// The name of the firm for which prices are shown.
    for_firm: Option<String>,
    /// Written; empty when it cannot be counted.
    goods: String,
    /// In which the goods are sold besides their own.
    units: HashMap<VariantId, Vec<Unit>>,
}

impl BasketPage {
    fn standing(line: &Line) -> Standing {
        line.standing()
    }

    fn goods_of(shop: &Shop) -> String {
        shop.goods().map(|v| v.to_string()).unwrap_or_default()
    }

    /// `5 thùng`, where the quantity is whole in a larger unit.
    fn in_units(&self, line: &Line) -> String {
        let units = self.units.get(&line.variant).map(Vec::as_slice).unwrap_or_default();
        wholesale::in_units(units, line.quantity)
    }

    fn total_of(line: &Line) -> String {
        line.total().map(|v| v.to_string()).unwrap_or_default()
    }

    /// Where a firm asks for quotes of what lies in the basket.
    fn quotes(&self) -> Option<String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for line in self.contents.lines() {
            query.append_pair("variant", &line.variant.to_string());
            query.append_pair("quantity", &line.quantity.to_string());
        }
        let query = query.finish();
        (!query.is_empty()).then(|| format!("/to-chuc/bao-gia/moi?{query}"))
    }

    /// The price before, if it is another one now.
    fn was(line: &Line) -> String {
        line.price_was().map(|v| v.to_string()).unwrap_or_default()
    }
}

/// The page with what went wrong, if something did.
pub(super) async fn basket_page(
    (db, places, cx): (&PgPool, &Ground, &Cx),
    mut page: Page,
    held: &Held,
    keeper: &Keeper,
    errors: Errors,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let (mut contents, mut for_firm, mut pieces) = (Contents::default(), None, 0);
    let mut units = HashMap::new();
    if let Some(basket) = held.basket {
        let (org, wanted) = load::org(&mut db, keeper.buyer).await?;
        let org = org.filter(|_| wanted);
        let firm = org.as_ref().map(|org| org.id);
        for_firm = org.map(|org| org.name);
        contents = load::contents(&mut db, cx, places, basket, firm).await?;
        let variants: Vec<VariantId> = contents.lines().map(|line| line.variant).collect();
        units = wholesale::units(&mut db, &variants).await?;
        pieces = queries::pieces(&mut db, basket).await?;
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let goods = contents.goods().map(|v| v.to_string()).unwrap_or_default();
    page.basket_count = pieces.clamp(0, 9999);
    let shown = BasketPage { page: page.clone(), errors, contents, for_firm, goods, units };
    Ok(held.dress(&page, pieces, (status, Html(shown)).into_response()))
}

/// `GET /gio-hang`
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    tx.commit().await?;
    let errors = Errors::new(page.lang);
    basket_page((&db, &places, &cx), page, &held, &keeper, errors).await
}

/// The form of a product page, and of a line.
#[derive(Debug, Default, Deserialize)]
pub(in crate::checkout) struct LineForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    variant: String,
    #[serde(default)]
    quantity: String,
    /// The selling unit; empty: pieces.
    #[serde(default)]
    don_vi: String,
    /// The second button: straight on to the checkout.
    #[serde(default, rename = "mua-ngay")]
    buy_now: Option<String>,
}

impl LineForm {
    fn variant(&self) -> Result<VariantId, PageError> {
        self.variant.trim().parse().map_err(|_| PageError::not_found())
    }

    fn quantity(&self, least: i64) -> Result<i64, Text> {
        let typed = self.quantity.trim();
        let typed = if typed.is_empty() { "1" } else { typed };
        typed.parse().ok().filter(|n| (least..=MOST_OF_ONE).contains(n)).ok_or_else(|| {
            Text::new(
                "Số lượng là một số từ 1 đến 1.000.000.",
                "The quantity is a number from 1 to 1,000,000.",
            )
        })
    }
}

/// What the buyer reads after an outcome.
fn line_of(page: &Page, outcome: &Outcome) -> String {
    let name = &outcome.offer.name;
    match (outcome.cut, page.lang) {
        (false, crate::kernel::Lang::Vi) => format!("Đã thêm “{name}” vào giỏ hàng."),
        (false, crate::kernel::Lang::En) => format!("“{name}” is in your basket."),
        (true, crate::kernel::Lang::Vi) => {
            format!("“{name}” chỉ còn {}; giỏ hàng có đúng chừng ấy.", outcome.quantity)
        }
        (true, crate::kernel::Lang::En) => {
            format!("Only {} of “{name}” left; that many are in your basket.", outcome.quantity)
        }
    }
}

/// An error that the basket page itself can tell; others have a page of their own.
pub(super) fn tellable(page: &Page, error: CheckoutError) -> Result<Errors, PageError> {
    match error {
        CheckoutError::Gone | CheckoutError::Full | CheckoutError::NoUnit => {
            let mut errors = Errors::new(page.lang);
            errors.add("quantity", error.problem().title);
            Ok(errors)
        }
        other => Err(other.into()),
    }
}

async fn add_in(
    db: &mut PgConnection,
    cx: &Cx,
    basket: Uuid,
    variant: VariantId,
    (quantity, unit): (i64, &str),
) -> Result<(Outcome, i64), CheckoutError> {
    let pieces = basket::in_pieces(db, variant, unit.trim(), quantity).await?;
    basket::add(db, cx, basket, variant, pieces).await
}

/// `POST /gio-hang/them`
pub(in crate::checkout) async fn add(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, raw }: Form<LineForm>,
) -> Result<Response, PageError> {
    let variant = form.variant()?;
    let to = if form.buy_now.is_some() { "/dat-hang" } else { "/gio-hang" };
    let mut tx = begin_lightly(&db).await?;
    let (basket, held) = keeper.ensure(&mut tx, &cx).await?;
    let mut errors = Errors::new(page.lang);
    let quantity = errors.take("quantity", form.quantity(1));
    let once = Once::new(format!("basket:{basket}"), &form.key, "/gio-hang/them", &raw);
    let (Some(once), Some(quantity)) = (errors.take("key", once), quantity) else {
        drop(tx);
        let held = keeper.find(&mut *db.acquire().await?, &cx).await?;
        return basket_page((&db, &places, &cx), page, &held, &keeper, errors).await;
    };
    // The answer is known before; what fails rolls the claim back.
    let (response, pieces) = match idempotency::claim_done(&mut tx, &cx, &once, to).await? {
        Claim::Misused => {
            drop(tx);
            let held = keeper.find(&mut *db.acquire().await?, &cx).await?;
            let errors = Once::misused(page.lang);
            return basket_page((&db, &places, &cx), page, &held, &keeper, errors).await;
        }
        Claim::Again(to) => (go(&to), queries::pieces(&mut *db.acquire().await?, basket).await?),
        Claim::First => match add_in(&mut tx, &cx, basket, variant, (quantity, &form.don_vi)).await
        {
            Ok((outcome, pieces)) => {
                tx.commit().await?;
                (go_with(&page, to, &line_of(&page, &outcome)), pieces)
            }
            Err(error) => {
                let errors = tellable(&page, error)?;
                drop(tx);
                let held = keeper.find(&mut *db.acquire().await?, &cx).await?;
                return basket_page((&db, &places, &cx), page, &held, &keeper, errors).await;
            }
        },
    };
    Ok(held.dress(&page, pieces, response))
}

/// `POST /gio-hang/sua`
pub(in crate::checkout) async fn change(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, .. }: Form<LineForm>,
) -> Result<Response, PageError> {
    let variant = form.variant()?;
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(go("/gio-hang")) };
    let mut errors = Errors::new(page.lang);
    let Some(quantity) = errors.take("quantity", form.quantity(0)) else {
        tx.commit().await?;
        return basket_page((&db, &places, &cx), page, &held, &keeper, errors).await;
    };
    let response = match basket::change(&mut tx, &cx, basket, variant, quantity).await {
        Ok(Some(outcome)) if outcome.cut => go_with(&page, "/gio-hang", &line_of(&page, &outcome)),
        Ok(_) => go("/gio-hang"),
        Err(error) => {
            let errors = tellable(&page, error)?;
            tx.commit().await?;
            return basket_page((&db, &places, &cx), page, &held, &keeper, errors).await;
        }
    };
    let pieces = queries::pieces(&mut tx, basket).await?;
    tx.commit().await?;
    Ok(held.dress(&page, pieces, response))
}

/// `POST /gio-hang/bo`
pub(in crate::checkout) async fn remove(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, .. }: Form<LineForm>,
) -> Result<Response, PageError> {
    let variant = form.variant()?;
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(go("/gio-hang")) };
    queries::remove(&mut tx, basket, &[variant]).await?;
    let pieces = queries::pieces(&mut tx, basket).await?;
    tx.commit().await?;
    Ok(held.dress(&page, pieces, go("/gio-hang")))
}
