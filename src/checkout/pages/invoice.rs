//! Whom an invoice is to name: a page of the checkout for those who need one.

use super::send_to;
use crate::{
    checkout::{ground::Ground, keeper::Keeper, load, plan::Missing},
    documents::{self, InvoiceForm},
    kernel::{CheckoutId, Cx, Errors},
    places::Places,
    web::{Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

const REVIEW: &str = "/dat-hang/xem-lai";

#[derive(Template)]
#[template(path = "checkout/invoice.html")]
struct InvoicePage {
    page: Page,
    /// He has said so before.
    asked: bool,
    form: InvoiceForm,
    errors: Errors,
}

/// The basket's open checkout.
async fn open(
    db: &PgPool,
    places: &Places,
    cx: &Cx,
    keeper: &Keeper,
) -> Result<Option<CheckoutId>, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, cx).await?;
    let Some(basket) = held.basket else { return Ok(None) };
    let draft = load::draft(&mut tx, places, basket, keeper.person).await?;
    tx.commit().await?;
    Ok(draft.id)
}

/// `GET /dat-hang/hoa-don`
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
) -> Result<Response, PageError> {
    let Some(checkout) = open(&db, &places, &cx, &keeper).await? else {
        return Ok(send_to(&Missing::Address, &page));
    };
    let mut db = db.acquire().await?;
    let (asked, known) =
        documents::wish(&mut db, Some(checkout), keeper.person, keeper.buyer.choice).await?;
    let form = known.map(InvoiceForm::from).unwrap_or_default();
    let errors = Errors::new(page.lang);
    Ok(Html(InvoicePage { page, asked, form, errors }).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::checkout) struct Sent {
    act: String,
    hd_ten: String,
    hd_mst: String,
    hd_dia_chi: String,
    hd_email: String,
}

/// `POST /dat-hang/hoa-don`: the same said twice is the same, so the form needs no key.
pub(in crate::checkout) async fn save(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: sent, .. }: Form<Sent>,
) -> Result<Response, PageError> {
    let Some(checkout) = open(&db, &places, &cx, &keeper).await? else {
        return Ok(send_to(&Missing::Address, &page));
    };
    let mut tx = db.begin().await?;
    if sent.act == "none" {
        documents::forget_wish(&mut tx, checkout).await?;
        tx.commit().await?;
        return Ok(go(REVIEW));
    }
    let form = InvoiceForm {
        hd_ten: sent.hd_ten,
        hd_mst: sent.hd_mst,
        hd_dia_chi: sent.hd_dia_chi,
        hd_email: sent.hd_email,
    };
    match form.check(page.lang) {
        Ok(to) => {
            documents::keep_wish(&mut tx, &cx, checkout, &to).await?;
            tx.commit().await?;
            let line = page.t("Đã ghi thông tin hóa đơn.", "The invoice's details are noted.");
            Ok(go_with(&page, REVIEW, line))
        }
        Err(errors) => {
            let (asked, _) = documents::wish(&mut tx, Some(checkout), None, None).await?;
            let shown = InvoicePage { page, asked, form, errors };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
        }
    }
}
