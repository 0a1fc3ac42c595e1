//! `/ban-hang/so-cai`: a seller's month.

use super::{
    model::Account,
    queries,
    queries_read::{self, Open, Row},
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Day, Lang, OrderId, Text, Vnd, date_time, day_of, month_start, start_of_day},
    orders::{self, OrderName},
    platform::spreadsheet,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use std::collections::HashMap;

/// Entries that a page shows; the file has all up to a sheet's sense.
const SHOWN: i64 = 200;
const IN_FILE: i64 = 50_000;

/// Which month: `2026-11`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    thang: String,
}

/// One month, from its first moment to that of the next.
struct Month {
    first: Day,
    span: (DateTime<Utc>, DateTime<Utc>),
}

impl Month {
    /// The month that was asked for, or this one; none before the floor began and none to come.
    fn read(asked: &str, now: DateTime<Utc>) -> Self {
        let this = month_start(day_of(now));
        let earliest = this.checked_sub_months(Months::new(120)).unwrap_or(this);
        let typed = NaiveDate::parse_from_str(&format!("{asked}-01"), "%Y-%m-%d").ok();
        let first =
            typed.map(month_start).filter(|m| (earliest..=this).contains(m)).unwrap_or(this);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        Self { first, span: (start_of_day(first), start_of_day(next)) }
    }

    fn code(&self) -> String {
        self.first.format("%Y-%m").to_string()
    }
}

/// What a kind of entry is called.
fn kind_label(kind: &str) -> Text {
    match kind {
        "opened" => Text::new("Đơn hàng mới", "New order"),
        "amended" => Text::new("Đơn đổi giá trị", "Order changed"),
        "transfer_matched" => Text::new("Chuyển khoản đã khớp", "Transfer matched"),
        "transfer_confirmed" => Text::new("Bạn xác nhận đã nhận tiền", "You confirmed the money"),
        "transfer_reversed" => Text::new("Ngân hàng thu lại", "Taken back by the bank"),
        "captured" => Text::new("Cổng thanh toán đã thu", "Captured by the gateway"),
        "cod_collected" => Text::new("Đã thu tiền mặt", "Cash collected"),
        "cod_remitted" => {
            Text::new("Đơn vị vận chuyển chuyển tiền thu hộ", "Carrier handed cash on")
        }
        "refund_owed" => Text::new("Phải hoàn, giảm trừ", "To be returned"),
        "refunded" => Text::new("Đã hoàn cho người mua", "Given back to the buyer"),
        "chargeback" => Text::new("Người mua khiếu nại qua ngân hàng", "Chargeback"),
        "chargeback_reversed" => Text::new("Khiếu nại qua ngân hàng bị bác", "Chargeback reversed"),
        "voided" => Text::new("Đơn hủy", "Order cancelled"),
        "completed" => Text::new("Đơn hoàn thành, phí sàn", "Order completed, commission"),
        _ => Text::new("Khác", "Other"),
    }
}

#[derive(Template)]
#[template(path = "ledger/statement.html")]
struct StatementPage {
    page: Page,
    month: Month,
    /// Code and name of the last twelve months.
    months: Vec<(String, String)>,
    accounts: Vec<(Account, Vnd)>,
    open: Open,
    rows: Vec<Row>,
    more: bool,
    names: HashMap<OrderId, OrderName>,
}

impl StatementPage {
    fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    /// The same month as a file.
    fn file(&self) -> String {
        format!("/ban-hang/so-cai/xuat.xlsx?thang={}", self.month.code())
    }

    fn kind(&self, row: &Row) -> String {
        kind_label(&row.kind).get(self.page.lang).to_owned()
    }

    /// An amount, or nothing where there is none.
    fn written(&self, amount: &i64) -> String {
        if *amount == 0 { String::new() } else { Vnd(*amount).to_string() }
    }
}

/// What each account came to, as the seller reads it: what comes to him is positive.
fn accounts(sums: Vec<(Account, i64)>) -> Vec<(Account, Vnd)> {
    let sums: HashMap<Account, i64> = sums.into_iter().collect();
    let shown = [
        Account::Sales,
        Account::Returns,
        Account::Bank,
        Account::Cash,
        Account::Gateway,
        Account::Carrier,
        Account::Refunds,
        Account::Disputed,
        Account::Commission,
    ];
    let read = |account: Account| {
        let sum = sums.get(&account).copied().unwrap_or(0);
        let turned = matches!(account, Account::Sales | Account::Returns | Account::Commission);
        (account, Vnd(if turned { -sum } else { sum }))
    };
    let main = |(account, sum): &(Account, Vnd)| sum.0 != 0 || *account == Account::Sales;
    shown.into_iter().map(read).filter(main).collect()
}

async fn names(db: &mut PgConnection, rows: &[Row]) -> sqlx::Result<HashMap<OrderId, OrderName>> {
    let ids: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
    orders::names(db, &ids).await
}

/// `GET /ban-hang/so-cai?thang=2026-11`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let month = Month::read(&asked.thang, cx.now);
    let mut db = deps.db.acquire().await?;
    let (from, before) = month.span;
    let sums = queries::month(&mut *db, scope.seller, from, before).await?;
    let open = queries_read::open(&mut *db, scope.seller, before).await?;
    let mut rows = queries_read::rows(&mut *db, scope.seller, month.span, SHOWN + 1).await?;
    let more = rows.len() > usize::try_from(SHOWN).unwrap_or_default();
    rows.truncate(usize::try_from(SHOWN).unwrap_or_default());
    let names = names(&mut db, &rows).await?;
    let this = month_start(day_of(cx.now));
    let back = |n: u32| this.checked_sub_months(Months::new(n));
    let months = (0..12)
        .filter_map(back)
        .map(|m| (m.format("%Y-%m").to_string(), m.format("%m/%Y").to_string()));
    let months = months.collect();
    let page = page.in_section("seller-ledger");
    let accounts = accounts(sums);
    Ok(Html(StatementPage { page, month, months, accounts, open, rows, more, names }))
}

/// `GET /ban-hang/so-cai/xuat.xlsx?thang=2026-11`
pub(super) async fn export(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let month = Month::read(&asked.thang, cx.now);
    let mut db = deps.db.acquire().await?;
    let rows = queries_read::rows(&mut *db, scope.seller, month.span, IN_FILE).await?;
    let names = names(&mut db, &rows).await?;
    drop(db);
    let lang = page.lang;
    let made = tokio::task::spawn_blocking(move || sheet(lang, &rows, &names)).await;
    let bytes = made.map_err(PageError::internal)?.map_err(PageError::internal)?;
    let head = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"so-cai-{}.xlsx\"", month.code()),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((head, bytes).into_response())
}

fn sheet(lang: Lang, rows: &[Row], names: &HashMap<OrderId, OrderName>) -> anyhow::Result<Vec<u8>> {
    let header = [
        lang.t("Lúc", "At"),
        lang.t("Đơn hàng", "Order"),
        lang.t("Diễn giải", "What"),
        lang.t("Bán hàng", "Sold"),
        lang.t("Đã nhận", "Received"),
        lang.t("Đơn vị vận chuyển giữ", "With carriers"),
        lang.t("Phí sàn", "Commission"),
    ];
    let line = |row: &Row| {
        [
            date_time(row.at),
            names.get(&row.order).map(|n| n.code.clone()).unwrap_or_default(),
            kind_label(&row.kind).get(lang).to_owned(),
            row.sold.to_string(),
            row.received.to_string(),
            row.carrier.to_string(),
            row.commission.to_string(),
        ]
    };
    let lines: Vec<[String; 7]> = rows.iter().map(line).collect();
    spreadsheet::to_xlsx(&header, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_nonsense_is_this_one() {
        let now = "2026-11-22T02:00:00Z".parse().unwrap();
        assert_eq!(Month::read("2026-02", now).code(), "2026-02");
        let february = Month::read("2026-02", now).span;
        assert_eq!((february.1 - february.0).num_days(), 28);
        for nonsense in ["", "2026-13", "2027-01", "1066-10", "x", "2026-11-22", "99999999999-01"] {
            assert_eq!(Month::read(nonsense, now).code(), "2026-11", "{nonsense}");
        }
    }
}
