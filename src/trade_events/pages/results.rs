//! What came of an event, as a table to take along.

use super::desk::Existing;
use crate::{
    platform::spreadsheet,
    trade_events::queries_results::ShopResult,
    web::{Page, PageError},
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// A CSV file with a row a shop. `measured`: with what the shops have sold, which is for the Department alone.
pub(super) fn sheet(
    page: &Page,
    existing: &Existing,
    measured: bool,
) -> Result<Response, PageError> {
    let mut header = vec![
        page.t("Gian hàng", "Shop"),
        page.t("Lời hẹn", "Asked"),
        page.t("Đã hẹn", "Agreed"),
        page.t("Đã gặp", "Held"),
        page.t("Giữ liên lạc (gian hàng báo)", "Contacts (as told)"),
        page.t("Gửi mẫu (gian hàng báo)", "Samples (as told)"),
        page.t("Báo giá (gian hàng báo)", "Quotes (as told)"),
        page.t("Có đơn (gian hàng báo)", "Orders (as told)"),
    ];
    if measured {
        header.push(page.t("Đơn hoàn tất (sàn đo)", "Completed orders (measured)"));
        header.push(page.t("Giá trị, đồng (sàn đo)", "Value in đồng (measured)"));
        header.push(page.t("Yêu cầu báo giá (sàn đo)", "Requests for quotation (measured)"));
    }
    let row = |r: &ShopResult| {
        let told =
            [r.asked, r.agreed, r.held, r.contacts, r.samples, r.quotes, r.told_orders].into_iter();
        let sold = [r.orders, r.value.0, r.requests].into_iter().filter(|_| measured);
        let figures = told.chain(sold).map(|n| n.to_string());
        std::iter::once(r.shop.clone()).chain(figures).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = existing.results.iter().map(row).collect();
    let bytes = spreadsheet::to_csv(&header, &rows).map_err(PageError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.csv\"", existing.event.slug),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
