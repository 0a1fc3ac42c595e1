//! Lines of invoices as CSV and XML, and the table in which numbers come back.

use super::{list::Asked, of_seller};
use crate::{
    documents::{
        export::{self, Due},
        invoice::{Sale, Which},
        queries_invoices as queries,
        routes::Deps,
        xml,
    },
    enterprises::{self, SellerScope},
    kernel::OrderId,
    platform::spreadsheet,
    web::{Page, PageError, Query},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use sqlx::PgConnection;

/// Orders that one file holds; what is recorded leaves the list, so the next file brings the next ones.
const MOST: i64 = 300;

/// The columns of the table in which numbers come back.
pub(super) const COLUMNS: [(&str, &str); 5] = [
    ("Mã đơn", "Order"),
    ("Ký hiệu", "Symbol"),
    ("Số hóa đơn", "Number"),
    ("Ngày lập", "Issued on"),
    ("Mã cơ quan thuế", "Authority code"),
];

fn file(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}

async fn due(
    db: &mut PgConnection,
    scope: &SellerScope,
    which: Which,
) -> Result<Vec<Due>, PageError> {
    let sales = queries::sales(db, scope.seller, which, None, MOST).await?;
    let orders: Vec<OrderId> = sales.iter().map(|sale| sale.order).collect();
    let mut asked = queries::requests(db, &orders).await?;
    let mut all = Vec::with_capacity(sales.len());
    for sale in sales {
        let order = of_seller(db, scope, &sale.code).await?;
        all.push(Due { order, asked: asked.remove(&sale.order) });
    }
    Ok(all)
}

/// `GET /ban-hang/hoa-don/xuat.csv`
pub(in super::super) async fn csv(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let all = due(&mut *deps.db.acquire().await?, &scope, asked.which()).await?;
    let lang = page.lang;
    let rows: Vec<[String; 17]> = all.iter().flat_map(|due| export::rows(due, lang)).collect();
    let bytes = spreadsheet::to_csv(&export::header(lang), &rows).map_err(PageError::internal)?;
    Ok(file(bytes, "text/csv; charset=utf-8", "attachment; filename=\"hoa-don.csv\""))
}

/// `GET /ban-hang/hoa-don/xuat.xml`
pub(in super::super) async fn xml(
    State(deps): State<Deps>,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let all = due(&mut db, &scope, asked.which()).await?;
    let seller = enterprises::facts(&mut db, &[scope.seller]).await?.remove(&scope.seller);
    drop(db);
    let seller = seller.ok_or_else(PageError::not_found)?;
    // As the orders name it: with its commune.
    let address = all.first().map_or(seller.address.as_str(), |d| &d.order.head.seller_address);
    let text = xml::file(&seller, address, &all);
    let name = "attachment; filename=\"hoa-don.xml\"";
    Ok(file(text.into_bytes(), "application/xml; charset=utf-8", name))
}

/// `GET /ban-hang/hoa-don/mau.csv`: the sales that lack an invoice, to be filled in.
pub(in super::super) async fn form(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let sales = queries::sales(&mut db, scope.seller, Which::Missing, None, MOST).await?;
    drop(db);
    let header = COLUMNS.map(|(vi, en)| page.t(vi, en));
    let empty = String::new;
    let row = |sale: &Sale| [sale.code.clone(), empty(), empty(), empty(), empty()];
    let rows: Vec<[String; 5]> = sales.iter().map(row).collect();
    let bytes = spreadsheet::to_csv(&header, &rows).map_err(PageError::internal)?;
    Ok(file(bytes, "text/csv; charset=utf-8", "attachment; filename=\"so-hoa-don.csv\""))
}
