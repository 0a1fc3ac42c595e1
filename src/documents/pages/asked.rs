//! `/don-hang/{code}/hoa-don`: the buyer asks for an invoice, and finds it.

use super::{Key, invoice_file, names, of_buyer};
use crate::{
    documents::{
        DocumentError,
        ask::{self, InvoiceForm},
        invoice::Invoice,
        queries_invoices as queries,
        routes::Deps,
    },
    kernel::{Cx, Errors},
    orders::{Order, OrderState},
    platform::idempotency,
    web::{AsProblem, Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "documents/asked.html")]
struct AskedPage {
    page: Page,
    code: String,
    /// The end of the order's address.
    query: String,
    k: String,
    key: String,
    seller: String,
    invoice: Option<Invoice>,
    /// He has asked before.
    asked: bool,
    /// It is too late: the order is cancelled.
    closed: bool,
    form: InvoiceForm,
    errors: Errors,
}

/// The form with what stands around it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Sent {
    key: String,
    k: String,
    hd_ten: String,
    hd_mst: String,
    hd_dia_chi: String,
    hd_email: String,
}

impl Sent {
    fn form(&self) -> InvoiceForm {
        InvoiceForm {
            hd_ten: self.hd_ten.clone(),
            hd_mst: self.hd_mst.clone(),
            hd_dia_chi: self.hd_dia_chi.clone(),
            hd_email: self.hd_email.clone(),
        }
    }
}

/// The end of the order's address for whoever came by the link: with the key itself, not with what was typed.
fn query_of(order: &Order, k: &str) -> String {
    if k.is_empty() { String::new() } else { format!("?k={}", order.head.secret) }
}

async fn page_of(
    deps: &Deps,
    page: Page,
    order: &Order,
    k: &str,
    sent: Option<(InvoiceForm, Errors)>,
) -> Result<AskedPage, PageError> {
    let mut db = deps.db.acquire().await?;
    let head = &order.head;
    let invoice = queries::current(&mut db, head.id).await?;
    let request = queries::request(&mut db, head.id).await?;
    let asked = request.is_some();
    let (form, errors) = match sent {
        Some(sent) => sent,
        None => {
            let firm = match &page.viewer {
                Some(viewer) => ask::firm_of(&mut db, Some(viewer.id), viewer.buying_for).await?,
                None => None,
            };
            // What he said; his firm; himself as he ordered.
            let known = request.or(firm).unwrap_or_else(|| ask::Recipient {
                name: head.buyer_name.clone(),
                address: head.delivery_text.clone(),
                ..ask::Recipient::default()
            });
            let mut form = InvoiceForm::from(known);
            if form.hd_email.is_empty() {
                form.hd_email = head.buyer_email.clone().unwrap_or_default();
            }
            (form, Errors::new(page.lang))
        }
    };
    Ok(AskedPage {
        code: head.code.clone(),
        query: query_of(order, k),
        k: k.to_owned(),
        key: page.new_key(),
        seller: head.seller_name.clone(),
        closed: head.state == OrderState::Cancelled,
        invoice,
        asked,
        form,
        errors,
        page,
    })
}

/// `GET /don-hang/{code}/hoa-don`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Html<impl Template>, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_buyer(&mut db, page.viewer.as_ref(), &code, &key.k).await?
    };
    Ok(Html(page_of(&deps, page, &order, &key.k, None).await?))
}

/// `POST /don-hang/{code}/hoa-don`
pub(in super::super) async fn ask(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    form: Form<Sent>,
) -> Result<Response, PageError> {
    let sent = &form.data;
    let mut tx = deps.db.begin().await?;
    let order = of_buyer(&mut tx, page.viewer.as_ref(), &code, &sent.k).await?;
    if order.head.state == OrderState::Cancelled {
        return Err(PageError::not_found());
    }
    let again = |errors: Errors| (sent.form(), errors);
    let to = match sent.form().check(page.lang) {
        Ok(to) => to,
        Err(errors) => {
            drop(tx);
            return refused(&deps, page, &order, &sent.k, again(errors)).await;
        }
    };
    let back = format!("/don-hang/{}/hoa-don{}", order.head.code, query_of(&order, &sent.k));
    let principal = format!("order:{}", order.head.id);
    let asked = ("POST /don-hang/hoa-don", form.raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, principal, &sent.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return refused(&deps, page, &order, &sent.k, again(errors)).await;
        }
    };
    match ask::ask(&mut tx, &cx, names(&order), &to).await {
        Ok(()) => {}
        Err(error @ DocumentError::Issued) => {
            drop(tx);
            let line = error.problem().title;
            return Ok(go_with(&page, &back, line.get(page.lang)));
        }
        Err(error) => return Err(error.into()),
    }
    idempotency::settle(&mut tx, &once, &back).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã chuyển yêu cầu hóa đơn tới người bán.",
        "The seller has been asked for the invoice.",
    );
    Ok(go_with(&page, &back, line))
}

async fn refused(
    deps: &Deps,
    page: Page,
    order: &Order,
    k: &str,
    sent: (InvoiceForm, Errors),
) -> Result<Response, PageError> {
    let page = page_of(deps, page, order, k, Some(sent)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

/// `GET /don-hang/{code}/hoa-don/tep`
pub(in super::super) async fn file(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let order = of_buyer(&mut db, page.viewer.as_ref(), &code, &key.k).await?;
    let invoice = queries::current(&mut db, order.head.id).await?;
    drop(db);
    invoice_file(&deps, invoice, &order.head.code).await
}
