//! The buyer's side: `/tin-nhan`, and `/don-hang/{code}/tin-nhan` by account or by the order's link.

use super::{
    ReportForm, Row, SendForm, Talk, Where, Writer, put_report, rows, seen, subject, talk,
    thread_id, with_key, write,
};
use crate::{
    kernel::{Cx, Errors, normalise},
    messages::{
        model::Side,
        open::About,
        queries,
        queries_read::{self, Thread, Wanted},
        routes::Deps,
    },
    web::{Form, Html, Page, PageError, Query, SignedIn, Upload, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct Asked {
    k: String,
    sp: String,
    trang: String,
}

#[derive(Template)]
#[template(path = "messages/buyer_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    newer: String,
    older: String,
}

const SIZE: i64 = 20;

/// `GET /tin-nhan`
pub(in crate::messages) async fn index(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let current = asked.trang.parse().unwrap_or(1i64).clamp(1, 1000);
    let wanted = Wanted { buyer: Some((Some(viewer.id), String::new())), ..Wanted::default() };
    let mut db = deps.db.acquire().await?;
    let (rows, more) = rows(&mut db, &page, Side::Buyer, wanted, (current, SIZE)).await?;
    let href = |n: i64| format!("/tin-nhan?trang={n}");
    Ok(Html(ListPage {
        rows,
        newer: if current > 1 { href(current - 1) } else { String::new() },
        older: if more { href(current + 1) } else { String::new() },
        page: page.in_section("messages"),
    }))
}

#[derive(Template)]
#[template(path = "messages/buyer_thread.html")]
struct ThreadPage {
    page: Page,
    talk: Talk,
    subject: String,
    subject_href: String,
    form: SendForm,
    errors: Errors,
}

async fn find(deps: &Deps, page: &Page, id: &str, k: &str) -> Result<Thread, PageError> {
    let person = page.viewer.as_ref().map(|v| v.id);
    let wanted = Wanted {
        id: Some(thread_id(id)?),
        buyer: Some((person, k.to_owned())),
        limit: 1,
        ..Wanted::default()
    };
    let mut db = deps.db.acquire().await?;
    queries_read::threads(&mut db, &wanted).await?.pop().ok_or_else(PageError::not_found)
}

/// `GET /tin-nhan/{id}`
pub(in crate::messages) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let thread = find(&deps, &page, &id, &asked.k).await?;
    seen(&mut *deps.db.acquire().await?, &thread, Side::Buyer).await?;
    let errors = Errors::new(page.lang);
    render(&deps, &cx, page, thread, &asked.k, SendForm::default(), errors).await
}

async fn render(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    thread: Thread,
    k: &str,
    form: SendForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let action = format!("/tin-nhan/{}", thread.id);
    let subject_href = if thread.code.is_empty() {
        format!("/san-pham/{}", thread.slug)
    } else {
        format!("/don-hang/{}{}", thread.code, with_key(k))
    };
    let subject = subject(&page, &thread);
    let mut db = deps.db.acquire().await?;
    let talk = talk(&mut db, cx, &page, thread, (Side::Buyer, k), action).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section("messages");
    let shown = ThreadPage { page, talk, subject, subject_href, form, errors };
    Ok((status, Html(shown)).into_response())
}

/// `POST /tin-nhan/{id}`
pub(in crate::messages) async fn reply(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(id): Path<String>,
    upload: Upload<SendForm>,
) -> Result<Response, PageError> {
    let k = upload.data.k.clone();
    let thread = find(&deps, &page, &id, &k).await?;
    let writer = Writer {
        side: Side::Buyer,
        person: page.viewer.as_ref().map(|v| v.id),
        principal: format!("thread:{}", thread.id),
        route: format!("/tin-nhan/{}", thread.id),
        to: ("/tin-nhan/", with_key(&k)),
    };
    match write(&deps, &cx, &page, &upload, Where::Thread(thread.id), &writer).await? {
        Ok(response) => Ok(response),
        Err(errors) => render(&deps, &cx, page, thread, &k, upload.data, errors).await,
    }
}

/// `POST /tin-nhan/{id}/bao-cao`
pub(in crate::messages) async fn report(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(id): Path<String>,
    Form { data, .. }: Form<ReportForm>,
) -> Result<Response, PageError> {
    let thread = find(&deps, &page, &id, &data.k).await?;
    let to = format!("/tin-nhan/{}{}", thread.id, with_key(&data.k));
    put_report(&deps, &cx, &page, &thread, Side::Buyer, &data, &to).await
}

#[derive(Template)]
#[template(path = "messages/buyer_new.html")]
struct NewPage {
    page: Page,
    subject: String,
    shop: String,
    action: String,
    back: String,
    /// About a product: numbers and addresses are masked.
    masks: bool,
    form: SendForm,
    errors: Errors,
}

/// What a new thread is about, for its form.
struct Begun {
    subject: String,
    shop: String,
    action: String,
    back: String,
    masks: bool,
}

fn new_page(page: Page, of: Begun, form: SendForm, errors: Errors) -> Response {
    let Begun { subject, shop, action, back, masks } = of;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section("messages");
    let shown = NewPage { page, subject, shop, action, back, masks, form, errors };
    (status, Html(shown)).into_response()
}

async fn of_product(deps: &Deps, sp: &str) -> Result<(crate::kernel::ProductId, Begun), PageError> {
    let found = queries_read::product(&mut *deps.db.acquire().await?, sp).await?;
    let (product, name, shop) = found.ok_or_else(PageError::not_found)?;
    let begun = Begun {
        subject: name,
        shop,
        action: "/tin-nhan/moi".to_owned(),
        back: format!("/san-pham/{sp}"),
        masks: true,
    };
    Ok((product, begun))
}

/// `GET /tin-nhan/moi?sp=…`: a question about a product; leads to the thread if there is one.
pub(in crate::messages) async fn ask(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (product, begun) = of_product(&deps, &asked.sp).await?;
    let there = queries::of_product(&mut *deps.db.acquire().await?, product, viewer.id).await?;
    if let Some(id) = there {
        return Ok(go(&format!("/tin-nhan/{id}")));
    }
    let errors = Errors::new(page.lang);
    let form = SendForm { sp: asked.sp, ..SendForm::default() };
    Ok(new_page(page, begun, form, errors))
}

/// `POST /tin-nhan/moi`
pub(in crate::messages) async fn begin(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    upload: Upload<SendForm>,
) -> Result<Response, PageError> {
    let (product, begun) = of_product(&deps, &upload.data.sp).await?;
    let about = About::Product(product, viewer.id, viewer.name.clone());
    let writer = Writer {
        side: Side::Buyer,
        person: Some(viewer.id),
        principal: viewer.id.to_string(),
        route: "/tin-nhan/moi".to_owned(),
        to: ("/tin-nhan/", String::new()),
    };
    match write(&deps, &cx, &page, &upload, Where::New(&about), &writer).await? {
        Ok(response) => Ok(response),
        Err(errors) => Ok(new_page(page, begun, upload.data, errors)),
    }
}

async fn order(
    deps: &Deps,
    page: &Page,
    code: &str,
    k: &str,
) -> Result<(About, Option<Uuid>, Begun), PageError> {
    let person = page.viewer.as_ref().map(|v| v.id);
    let mut db = deps.db.acquire().await?;
    let found = queries_read::buyers_order(&mut db, &normalise(code), k, person).await?;
    let (id, code, shop) = found.ok_or_else(PageError::not_found)?;
    let there = queries::of_order(&mut db, id).await?;
    let begun = Begun {
        subject: format!("{} {code}", page.t("Đơn hàng", "Order")),
        shop,
        action: format!("/don-hang/{code}/tin-nhan"),
        back: format!("/don-hang/{code}{}", with_key(k)),
        masks: false,
    };
    Ok((About::Order(id), there, begun))
}

/// `GET /don-hang/{code}/tin-nhan`: leads to the thread if there is one.
pub(in crate::messages) async fn of_order(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (_, there, begun) = order(&deps, &page, &code, &asked.k).await?;
    if let Some(id) = there {
        return Ok(go(&format!("/tin-nhan/{id}{}", with_key(&asked.k))));
    }
    let errors = Errors::new(page.lang);
    let form = SendForm { k: asked.k, ..SendForm::default() };
    Ok(new_page(page, begun, form, errors))
}

/// `POST /don-hang/{code}/tin-nhan`
pub(in crate::messages) async fn begin_order(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    upload: Upload<SendForm>,
) -> Result<Response, PageError> {
    let k = upload.data.k.clone();
    let (about, _, begun) = order(&deps, &page, &code, &k).await?;
    let writer = Writer {
        side: Side::Buyer,
        person: page.viewer.as_ref().map(|v| v.id),
        principal: begun.action.clone(),
        route: begun.action.clone(),
        to: ("/tin-nhan/", with_key(&k)),
    };
    match write(&deps, &cx, &page, &upload, Where::New(&about), &writer).await? {
        Ok(response) => Ok(response),
        Err(errors) => Ok(new_page(page, begun, upload.data, errors)),
    }
}
