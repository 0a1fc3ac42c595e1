//! The shop's side: `/ban-hang/tin-nhan`.

use super::{
    ReportForm, Row, SendForm, Talk, Where, Writer, put_report, rows, seen, subject, talk,
    thread_id, write,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, normalise},
    messages::{
        model::Side,
        open::About,
        queries,
        queries_read::{self, Thread, Wanted},
        queries_reports::{self, QuickAnswer},
        routes::Deps,
    },
    web::{Form, Html, Page, PageError, Query, Upload, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct Asked {
    /// `chua-doc`, `don-hang`, `san-pham`.
    loc: String,
    tim: String,
    trang: String,
    /// A quick answer to begin with.
    mau: String,
}

#[derive(Template)]
#[template(path = "messages/seller_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<(String, String, bool)>,
    asked: Asked,
    rows: Vec<Row>,
    newer: String,
    older: String,
}

const SIZE: i64 = 30;

/// `GET /ban-hang/tin-nhan`
pub(in crate::messages) async fn index(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let current = asked.trang.parse().unwrap_or(1i64).clamp(1, 1000);
    let wanted = Wanted {
        seller: Some(scope.seller),
        unread: asked.loc == "chua-doc",
        orders: match asked.loc.as_str() {
            "don-hang" => Some(true),
            "san-pham" => Some(false),
            _ => None,
        },
        words: asked.tim.trim().chars().take(100).collect(),
        ..Wanted::default()
    };
    let mut db = deps.db.acquire().await?;
    let (rows, more) = rows(&mut db, &page, Side::Seller, wanted, (current, SIZE)).await?;
    drop(db);
    let href = |loc: &str, n: i64| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("loc", loc).append_pair("tim", &asked.tim);
        query.append_pair("trang", &n.to_string());
        format!("/ban-hang/tin-nhan?{}", query.finish())
    };
    let tab = |loc: &str, label: &str| (href(loc, 1), label.to_owned(), asked.loc == loc);
    Ok(Html(ListPage {
        tabs: vec![
            tab("", page.t("Tất cả", "All")),
            tab("chua-doc", page.t("Chưa đọc", "Unread")),
            tab("don-hang", page.t("Về đơn hàng", "About orders")),
            tab("san-pham", page.t("Hỏi về sản phẩm", "About products")),
        ],
        rows,
        newer: if current > 1 { href(&asked.loc, current - 1) } else { String::new() },
        older: if more { href(&asked.loc, current + 1) } else { String::new() },
        page: page.in_section("seller-messages"),
        asked,
    }))
}

#[derive(Template)]
#[template(path = "messages/seller_thread.html")]
struct ThreadPage {
    page: Page,
    talk: Talk,
    subject: String,
    subject_href: String,
    quick: Vec<QuickAnswer>,
    form: SendForm,
    errors: Errors,
}

async fn find(deps: &Deps, scope: &SellerScope, id: &str) -> Result<Thread, PageError> {
    let wanted = Wanted {
        id: Some(thread_id(id)?),
        seller: Some(scope.seller),
        limit: 1,
        ..Wanted::default()
    };
    let mut db = deps.db.acquire().await?;
    queries_read::threads(&mut db, &wanted).await?.pop().ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/tin-nhan/{id}`
pub(in crate::messages) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let thread = find(&deps, &scope, &id).await?;
    seen(&mut *deps.db.acquire().await?, &thread, Side::Seller).await?;
    let errors = Errors::new(page.lang);
    render(&deps, &cx, page, &scope, thread, &asked.mau, SendForm::default(), errors).await
}

#[expect(clippy::too_many_arguments, reason = "one page with its form")]
async fn render(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    thread: Thread,
    begin: &str,
    mut form: SendForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let action = format!("/ban-hang/tin-nhan/{}", thread.id);
    let subject_href = if thread.code.is_empty() {
        format!("/san-pham/{}", thread.slug)
    } else {
        format!("/ban-hang/don-hang/{}", thread.code)
    };
    let subject = subject(&page, &thread);
    let mut db = deps.db.acquire().await?;
    let quick = queries_reports::quick_answers(&mut db, scope.seller).await?;
    if let Some(chosen) = quick.iter().find(|q| q.position.to_string() == begin) {
        form.body.clone_from(&chosen.body);
    }
    let talk = talk(&mut db, cx, &page, thread, (Side::Seller, ""), action).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section("seller-messages");
    let shown = ThreadPage { page, talk, subject, subject_href, quick, form, errors };
    Ok((status, Html(shown)).into_response())
}

/// `POST /ban-hang/tin-nhan/{id}`
pub(in crate::messages) async fn reply(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    upload: Upload<SendForm>,
) -> Result<Response, PageError> {
    let thread = find(&deps, &scope, &id).await?;
    let writer = Writer {
        side: Side::Seller,
        person: Some(scope.person),
        principal: scope.person.to_string(),
        route: format!("/ban-hang/tin-nhan/{}", thread.id),
        to: ("/ban-hang/tin-nhan/", String::new()),
    };
    match write(&deps, &cx, &page, &upload, Where::Thread(thread.id), &writer).await? {
        Ok(response) => Ok(response),
        Err(errors) => render(&deps, &cx, page, &scope, thread, "", upload.data, errors).await,
    }
}

/// `POST /ban-hang/tin-nhan/{id}/bao-cao`
pub(in crate::messages) async fn report(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data, .. }: Form<ReportForm>,
) -> Result<Response, PageError> {
    let thread = find(&deps, &scope, &id).await?;
    let to = format!("/ban-hang/tin-nhan/{}", thread.id);
    put_report(&deps, &cx, &page, &thread, Side::Seller, &data, &to).await
}

#[derive(Template)]
#[template(path = "messages/seller_new.html")]
struct NewPage {
    page: Page,
    code: String,
    buyer: String,
    form: SendForm,
    errors: Errors,
}

/// `GET /ban-hang/don-hang/{code}/tin-nhan`: leads to the thread if there is one.
pub(in crate::messages) async fn of_order(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = queries_read::sellers_order(&mut db, &normalise(&code), scope.seller).await?;
    let (order, code, buyer) = found.ok_or_else(PageError::not_found)?;
    if let Some(id) = queries::of_order(&mut db, order).await? {
        return Ok(go(&format!("/ban-hang/tin-nhan/{id}")));
    }
    let (form, errors) = (SendForm::default(), Errors::new(page.lang));
    let page = page.in_section("seller-messages");
    Ok(Html(NewPage { page, code, buyer, form, errors }).into_response())
}

/// `POST /ban-hang/don-hang/{code}/tin-nhan`
pub(in crate::messages) async fn begin(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    upload: Upload<SendForm>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = queries_read::sellers_order(&mut db, &normalise(&code), scope.seller).await?;
    drop(db);
    let (order, code, buyer) = found.ok_or_else(PageError::not_found)?;
    let writer = Writer {
        side: Side::Seller,
        person: Some(scope.person),
        principal: scope.person.to_string(),
        route: format!("/ban-hang/don-hang/{code}/tin-nhan"),
        to: ("/ban-hang/tin-nhan/", String::new()),
    };
    let about = About::Order(order);
    match write(&deps, &cx, &page, &upload, Where::New(&about), &writer).await? {
        Ok(response) => Ok(response),
        Err(errors) => {
            let page = page.in_section("seller-messages");
            let shown = NewPage { page, code, buyer, form: upload.data, errors };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
        }
    }
}
