//! `/ban-hang/san-pham/nhap` and `xuat`: the shop's list as a table.

use super::form::Fields;
use crate::{
    catalogue::{
        Deps,
        import::{HEADER, export_rows, import_own},
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, Text},
    platform::{
        idempotency,
        import::{Outcome, Refused},
        spreadsheet::{self, Table},
    },
    web::{Begun, Html, Page, PageError, Query, Upload, begin_once},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Bytes of an upload.
const MOST: usize = 5 << 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::catalogue) struct Asked {
    dang: String,
}

/// `GET /ban-hang/san-pham/xuat?dang=csv|xlsx`
pub(in crate::catalogue) async fn export(
    Part(deps): Part<Deps>,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let rows = export_rows(&deps.db, scope.seller).await?;
    let (bytes, kind, name) = if asked.dang == "xlsx" {
        let made = tokio::task::spawn_blocking(move || spreadsheet::to_xlsx(&HEADER, &rows)).await;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        (made.map_err(PageError::internal)?, kind, "san-pham.xlsx")
    } else {
        (spreadsheet::to_csv(&HEADER, &rows), "text/csv; charset=utf-8", "san-pham.csv")
    };
    Ok(download(bytes.map_err(PageError::internal)?, kind, name))
}

fn download(bytes: impl Into<axum::body::Body>, kind: &'static str, name: &str) -> Response {
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (head, bytes.into()).into_response()
}

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage {
    page: Page,
    errors: Errors,
    header: String,
    done: bool,
    outcome: Outcome,
    shown: Vec<Refused>,
    errors_href: String,
}

fn show(page: Page, errors: Errors, outcome: Option<Outcome>, errors_href: String) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let done = outcome.is_some();
    let outcome = outcome.unwrap_or_default();
    let shown = ImportPage {
        header: HEADER.join(", "),
        shown: outcome.refused.iter().take(50).cloned().collect(),
        page: page.in_section("seller-products"),
        errors,
        done,
        outcome,
        errors_href,
    };
    (status, Html(shown)).into_response()
}

/// `GET /ban-hang/san-pham/nhap`
pub(in crate::catalogue) async fn form(page: Page, _scope: SellerScope) -> Response {
    let errors = Errors::new(page.lang);
    show(page, errors, None, String::new())
}

/// `POST /ban-hang/san-pham/nhap`
pub(in crate::catalogue) async fn import(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    upload: Upload<Fields>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let table = match upload.files.first() {
        None => {
            errors.check(false, "tep", "Chọn một tệp CSV hoặc XLSX.", "Choose a CSV or XLSX file.");
            None
        }
        Some(file) if file.bytes.len() > MOST => {
            errors.check(false, "tep", "Tệp lớn quá 5 MB.", "The file is larger than 5 MB.");
            None
        }
        Some(file) => {
            let bytes = file.bytes.to_vec();
            let read = tokio::task::spawn_blocking(move || Table::upload(bytes)).await;
            read.map_err(PageError::internal)?.map_err(|_| unreadable(&mut errors)).ok()
        }
    };
    let Some(table) = table else { return Ok(show(page, errors, None, String::new())) };
    let header = table.header.clone();
    let key = upload.data.get("key");
    let route = ("/ban-hang/san-pham/nhap", upload.raw.as_ref());
    let mut tx = deps.db.begin().await?;
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, key, route).await?;
    match begun {
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => return Ok(show(page, errors, None, String::new())),
        // Rows are transactions of their own, and a second run of them changes nothing.
        Begun::First(once) => idempotency::settle(&mut tx, &once, "/ban-hang/san-pham").await?,
    }
    tx.commit().await?;
    let outcome = match import_own(&deps.db, &cx, &deps.categories, scope.seller, table).await {
        Ok(outcome) => outcome,
        Err(error) if error.is::<sqlx::Error>() => return Err(PageError::internal(error)),
        Err(_) => {
            unreadable(&mut errors);
            return Ok(show(page, errors, None, String::new()));
        }
    };
    let mut href = String::new();
    if !outcome.refused.is_empty() {
        let csv = outcome.errors_csv(&header).map_err(PageError::internal)?;
        let id = cx.new_id();
        let key = format!("imports/{}/{id}", scope.seller);
        deps.files.put(&key, csv).await.map_err(PageError::internal)?;
        href = format!("/ban-hang/san-pham/nhap/loi/{id}");
    }
    Ok(show(page, errors, Some(outcome), href))
}

fn unreadable(errors: &mut Errors) {
    errors.add(
        "tep",
        Text::new(
            "Không đọc được bảng: cần tệp CSV hoặc XLSX, dòng đầu là tên cột và có cột sku.",
            "The table cannot be read: a CSV or XLSX file is needed whose first line names the columns, sku among them.",
        ),
    );
}

/// `GET /ban-hang/san-pham/nhap/loi/{key}`: the refused rows, for the shop that sent them.
pub(in crate::catalogue) async fn errors(
    Part(deps): Part<Deps>,
    scope: SellerScope,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let id: uuid::Uuid = key.parse().map_err(|_| PageError::not_found())?;
    let found = deps.files.read(&format!("imports/{}/{id}", scope.seller)).await;
    let bytes = found.map_err(PageError::internal)?.ok_or_else(PageError::not_found)?;
    Ok(download(bytes, "text/csv; charset=utf-8", "dong-loi.csv"))
}
