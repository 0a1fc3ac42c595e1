//! The seller's orders as a table, narrowed like the list.

use super::super::{
    lists::{self, Listed},
    routes::Deps,
};
use super::seller::Asked;
use crate::{
    enterprises::SellerScope,
    kernel::{Cursor, Lang, date_time},
    platform::spreadsheet,
    web::{Page, PageError, Query},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

/// Rows that one file holds at most; the newest come first.
const MOST: i64 = 20_000;

fn header_row(lang: Lang) -> [&'static str; 13] {
    match lang {
        Lang::Vi => [
            "Mã đơn",
            "Đặt lúc",
            "Trạng thái",
            "Người mua",
            "Điện thoại",
            "Nơi nhận",
            "Hàng",
            "Số dòng hàng",
            "Mã giảm giá",
            "Giảm giá (đồng)",
            "Tổng cộng (đồng)",
            "Thanh toán",
            "Giao hàng",
        ],
        Lang::En => [
            "Order",
            "Placed at",
            "State",
            "Buyer",
            "Phone",
            "Delivery to",
            "Goods",
            "Lines",
            "Voucher",
            "Discount (VND)",
            "Total (VND)",
            "Payment",
            "Tracking",
        ],
    }
}

fn row(order: &Listed, lang: Lang) -> [String; 13] {
    [
        order.code.clone(),
        date_time(order.placed_at),
        order.state.label().get(lang).to_owned(),
        order.buyer_name.clone(),
        order.phone(),
        order.delivery_text.clone(),
        order.goods.clone(),
        order.kinds.to_string(),
        order.voucher.clone(),
        order.discount.0.to_string(),
        order.total.0.to_string(),
        order.payment.label().get(lang).to_owned(),
        order.tracking.clone(),
    ]
}

type Write = fn(&[&str], &[[String; 13]]) -> anyhow::Result<Vec<u8>>;

async fn table(
    deps: &Deps,
    scope: &SellerScope,
    asked: &Asked,
    lang: Lang,
    write: Write,
) -> Result<Vec<u8>, PageError> {
    let wanted = lists::Page { from: Cursor::Start, size: MOST };
    let sheet = lists::of_seller(&deps.db, scope.seller, &asked.filter(), &wanted).await?;
    // Long tables are written beside the requests, not between them.
    let written = tokio::task::spawn_blocking(move || {
        let rows: Vec<[String; 13]> = sheet.rows.iter().map(|o| row(o, lang)).collect();
        write(&header_row(lang), &rows)
    });
    written.await.map_err(PageError::internal)?.map_err(PageError::internal)
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}

/// `GET /ban-hang/don-hang/xuat.csv`
pub(in super::super) async fn csv(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let bytes = table(&deps, &scope, &asked, page.lang, spreadsheet::to_csv).await?;
    Ok(file(bytes, "text/csv; charset=utf-8", "attachment; filename=\"don-hang.csv\""))
}

/// `GET /ban-hang/don-hang/xuat.xlsx`
pub(in super::super) async fn xlsx(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let bytes = table(&deps, &scope, &asked, page.lang, spreadsheet::to_xlsx).await?;
    Ok(file(bytes, KIND, "attachment; filename=\"don-hang.xlsx\""))
}
