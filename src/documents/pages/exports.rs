//! Lines of invoices as CSV and XML, and the table in which numbers come back.

use super::list::Asked;
use crate::{
    documents::{
        export::{self, Due, FeeRates, InvoiceKind},
        invoice::{Sale, Which},
        queries_invoices as queries,
        routes::Deps,
        xml,
    },
    enterprises::{self, SellerFacts, SellerScope},
    kernel::{OrderId, SellerId, day_of},
    orders,
    platform::{rules, spreadsheet},
    web::{Page, PageError, Query},
};
use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use futures_util::{
    TryStreamExt,
    stream::{self, Stream},
};
use sqlx::PgPool;
use std::sync::Arc;
use uuid::Uuid;

/// Orders that are read at a time. A file holds all of them, and no more than this many are in memory.
const SIZE: i64 = 200;

/// The columns of the table in which numbers come back.
pub(super) const COLUMNS: [(&str, &str); 5] = [
    ("Mã đơn", "Order"),
    ("Ký hiệu", "Symbol"),
    ("Số hóa đơn", "Number"),
    ("Ngày lập", "Issued on"),
    ("Mã cơ quan thuế", "Authority code"),
];

/// A file that goes out as it is read. Where reading fails, the transfer breaks off: half a file is never taken
/// for a whole one.
fn file(
    parts: impl Stream<Item = anyhow::Result<Vec<u8>>> + Send + 'static,
    kind: &'static str,
    name: &'static str,
) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

/// One part by itself.
fn one(part: Vec<u8>) -> impl Stream<Item = anyhow::Result<Vec<u8>>> + Send {
    stream::once(async move { Ok(part) })
}

/// A seller's sales, newest first, a few at a time.
fn sales(
    db: PgPool,
    seller: SellerId,
    which: Which,
) -> impl Stream<Item = anyhow::Result<Vec<Sale>>> + Send {
    stream::try_unfold((db, Some(None::<(DateTime<Utc>, Uuid)>)), move |(db, place)| async move {
        let Some(place) = place else { return Ok(None) };
        let mut held = db.acquire().await?;
        let found = queries::sales(&mut held, seller, which, place, SIZE).await?;
        drop(held);
        let Some(last) = found.last() else { return Ok(None) };
        let full = i64::try_from(found.len()).is_ok_and(|n| n == SIZE);
        let next = full.then_some(Some((last.placed_at, last.order.0)));
        Ok(Some((found, (db, next))))
    })
}

/// The invoices of some sales: a handful of statements for all of them.
async fn due(db: &PgPool, rates: &FeeRates, sales: Vec<Sale>) -> anyhow::Result<Vec<Due>> {
    let ids: Vec<OrderId> = sales.iter().map(|sale| sale.order).collect();
    let mut db = db.acquire().await?;
    let mut asked = queries::requests(&mut db, &ids).await?;
    let mut orders = orders::with_lines(&mut db, &ids).await?;
    let due = ids.iter().filter_map(|id| {
        let (head, lines) = orders.remove(id)?;
        let fee_rate = rates.on(day_of(head.placed_at));
        Some(Due { head, lines, asked: asked.remove(id), fee_rate })
    });
    Ok(due.collect())
}

/// Who sells, and the rates of delivery.
async fn about(deps: &Deps, seller: SellerId) -> Result<(SellerFacts, FeeRates), PageError> {
    let mut db = deps.db.acquire().await?;
    let facts = enterprises::facts(&mut db, &[seller]).await?.remove(&seller);
    let rates = FeeRates(rules::spans(&mut db, FeeRates::RULE).await?);
    Ok((facts.ok_or_else(PageError::not_found)?, rates))
}

/// `GET /ban-hang/hoa-don/xuat.csv`
pub(in super::super) async fn csv(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (facts, rates) = about(&deps, scope.seller).await?;
    let (lang, kind, about) = (page.lang, InvoiceKind::of(facts.kind), Arc::new((deps.db, rates)));
    let none: [[String; 17]; 0] = [];
    let head = spreadsheet::to_csv(&export::header(lang), &none).map_err(PageError::internal)?;
    let sales = sales(about.0.clone(), scope.seller, asked.which());
    let rows = sales.and_then(move |sales| {
        let about = about.clone();
        async move {
            let all = due(&about.0, &about.1, sales).await?;
            let rows: Vec<_> = all.iter().flat_map(|due| export::rows(due, kind, lang)).collect();
            spreadsheet::more_csv(&rows)
        }
    });
    let parts = stream::StreamExt::chain(one(head), rows);
    Ok(file(parts, "text/csv; charset=utf-8", "attachment; filename=\"hoa-don.csv\""))
}

/// `GET /ban-hang/hoa-don/xuat.xml`
pub(in super::super) async fn xml(
    State(deps): State<Deps>,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (facts, rates) = about(&deps, scope.seller).await?;
    let about = Arc::new((deps.db, rates, facts));
    let sales = sales(about.0.clone(), scope.seller, asked.which());
    let invoices = sales.and_then(move |sales| {
        let about = about.clone();
        async move {
            let all = due(&about.0, &about.1, sales).await?;
            Ok(xml::part(&about.2, &all).into_bytes())
        }
    });
    let parts = stream::StreamExt::chain(one(xml::HEAD.into()), invoices);
    let parts = stream::StreamExt::chain(parts, one(xml::TAIL.into()));
    let name = "attachment; filename=\"hoa-don.xml\"";
    Ok(file(parts, "application/xml; charset=utf-8", name))
}

/// `GET /ban-hang/hoa-don/mau.csv`: the sales that lack an invoice, to be filled in.
pub(in super::super) async fn form(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    let none: [[String; 5]; 0] = [];
    let header = COLUMNS.map(|(vi, en)| page.t(vi, en));
    let head = spreadsheet::to_csv(&header, &none).map_err(PageError::internal)?;
    let rows = sales(deps.db, scope.seller, Which::Missing).and_then(|sales| async move {
        let empty = String::new;
        let row = |sale: &Sale| [sale.code.clone(), empty(), empty(), empty(), empty()];
        spreadsheet::more_csv(&sales.iter().map(row).collect::<Vec<_>>())
    });
    let parts = stream::StreamExt::chain(one(head), rows);
    Ok(file(parts, "text/csv; charset=utf-8", "attachment; filename=\"so-hoa-don.csv\""))
}
