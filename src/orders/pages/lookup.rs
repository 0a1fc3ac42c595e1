//! A person's own orders, and how a guest finds his again: by code and telephone number.

use super::super::{
    lists::{self, Sheet},
    queries_read,
    routes::Deps,
};
use crate::{
    kernel::{Cursor, Errors, Phone, Text, is_code, normalise},
    web::{Form, Html, Page, PageError, Query, go},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Orders on a page of a person's own list.
const SIZE: i64 = 20;

/// Where a page of the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    sau: String,
    truoc: String,
}

/// What a guest knows of his order.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct LookUp {
    ma: String,
    dien_thoai: String,
}

#[derive(Template)]
#[template(path = "orders/mine.html")]
struct MinePage {
    page: Page,
    sheet: Sheet,
    older: String,
    newer: String,
}

#[derive(Template)]
#[template(path = "orders/look_up.html")]
struct LookUpPage {
    page: Page,
    form: LookUp,
    errors: Errors,
}

/// `GET /don-hang`: my orders; for a guest the form with which he finds his.
pub(in super::super) async fn mine(
    State(deps): State<Deps>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let Some(viewer) = page.viewer.clone() else { return Ok(empty_form(page)) };
    let wanted = lists::Page { from: Cursor::read(&asked.sau, &asked.truoc), size: SIZE };
    let sheet = lists::of_buyer(&deps.db, viewer.id, &wanted).await?;
    let link = |name: &str, cursor: &Option<String>| {
        cursor.as_ref().map(|c| format!("/don-hang?{name}={c}")).unwrap_or_default()
    };
    let (older, newer) = (link("sau", &sheet.older), link("truoc", &sheet.newer));
    Ok(Html(MinePage { page, sheet, older, newer }).into_response())
}

fn empty_form(page: Page) -> Response {
    let (form, errors) = (LookUp::default(), Errors::new(page.lang));
    Html(LookUpPage { page, form, errors }).into_response()
}

/// `GET /tra-cuu`
pub(in super::super) async fn form(page: Page) -> Response {
    empty_form(page)
}

/// `POST /tra-cuu`: leads to the order, or says the same of every pair that does not fit.
pub(in super::super) async fn look_up(
    State(deps): State<Deps>,
    page: Page,
    Form { data, .. }: Form<LookUp>,
) -> Result<Response, PageError> {
    let code = normalise(&data.ma);
    let phone = Phone::parse(&data.dien_thoai);
    let mut errors = Errors::new(page.lang);
    errors.check(
        is_code(&code),
        "ma",
        "Mã đơn hàng có 10 chữ và số, ghi ở thư xác nhận.",
        "An order code has 10 letters and digits; it stands in the acknowledgement.",
    );
    if let Some(phone) = errors.take("dien_thoai", phone).filter(|_| is_code(&code)) {
        let mut db = deps.db.acquire().await?;
        if let Some(secret) = queries_read::secret_of(&mut db, &code, phone.as_str()).await? {
            return Ok(go(&format!("/don-hang/{code}?k={secret}")));
        }
        errors.add(
            "ma",
            Text::new(
                "Không có đơn hàng nào khớp mã và số điện thoại này.",
                "No order fits this code and telephone number.",
            ),
        );
    }
    let shown = Html(LookUpPage { page, form: data, errors });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}
