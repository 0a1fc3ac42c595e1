//! `/ban-hang/so-cai`: a seller's month.

use super::{
    files::{self, IN_FILE, ON_PAPER},
    model::Account,
    month::{self, Month},
    papers::Desk,
    queries,
    queries_fees::{self, Settlement},
    queries_read::{self, Open, Row},
    routes::Deps,
};
use crate::{
    enterprises::{self, SellerScope},
    kernel::{Cx, Lang, OrderId, SellerId, Text, Vnd, date, date_time},
    orders::{self, OrderName},
    platform::spreadsheet,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::{extract::State, response::Response};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Entries that a page shows; the file has all up to a sheet's sense.
const SHOWN: i64 = 200;

/// What a kind of entry is called.
pub(super) fn kind_label(kind: &str) -> Text {
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
        "transfer_unmatched" => Text::new("Bỏ ghép chuyển khoản", "Match taken back"),
        "refund_unmade" => Text::new("Bỏ ghi nhận đã hoàn", "Refund taken back"),
        "transfer_restored" => Text::new("Bỏ ghi nhận ngân hàng thu lại", "Reversal taken back"),
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
    settled: Vec<Settlement>,
    names: HashMap<OrderId, OrderName>,
}

impl StatementPage {
    fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    /// The same month as a file.
    fn file(&self, kind: &str) -> String {
        format!("/ban-hang/so-cai/xuat.{kind}?thang={}", self.month.code())
    }

    fn paid(&self, paid: &Settlement) -> String {
        paid_label(paid).get(self.page.lang).to_owned()
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
        Account::CommissionPaid,
        Account::Tax,
    ];
    let read = |account: Account| {
        let sum = sums.get(&account).copied().unwrap_or(0);
        let turned = matches!(
            account,
            Account::Sales | Account::Returns | Account::Commission | Account::Tax
        );
        (account, Vnd(if turned { -sum } else { sum }))
    };
    let main = |(account, sum): &(Account, Vnd)| sum.0 != 0 || *account == Account::Sales;
    shown.into_iter().map(read).filter(main).collect()
}

/// What a statement tells.
pub(super) struct Told {
    pub(super) accounts: Vec<(Account, Vnd)>,
    pub(super) open: Open,
    pub(super) rows: Vec<Row>,
    /// Whether there are more.
    pub(super) more: bool,
    pub(super) settled: Vec<Settlement>,
    pub(super) names: HashMap<OrderId, OrderName>,
}

async fn tell(
    db: &mut PgConnection,
    seller: SellerId,
    month: &Month,
    most: i64,
) -> sqlx::Result<Told> {
    let (from, before) = month.span;
    let sums = queries::month(&mut *db, seller, from, before).await?;
    let open = queries_read::open(&mut *db, seller, before).await?;
    let rows = queries_read::rows(&mut *db, seller, month.span, most + 1).await?;
    let (rows, more) = files::cut(rows, most);
    let settled = queries_fees::settled_in(&mut *db, seller, month.span).await?;
    let ids: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
    let names = orders::names(db, &ids).await?;
    Ok(Told { accounts: accounts(sums), open, rows, more, settled, names })
}

/// `GET /ban-hang/so-cai?thang=2026-11`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let Told { accounts, open, rows, more, settled, names } =
        tell(&mut db, scope.seller, &month, SHOWN).await?;
    let months = month::choices(cx.now);
    let page = page.in_section("seller-ledger");
    Ok(Html(StatementPage { page, month, months, accounts, open, rows, more, settled, names }))
}

/// `GET /ban-hang/so-cai/xuat.pdf?thang=2026-11`
pub(super) async fn paper(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let told = tell(&mut db, scope.seller, &month, ON_PAPER).await?;
    let facts = enterprises::facts(&mut db, &[scope.seller]).await?;
    drop(db);
    let seller = facts.get(&scope.seller).ok_or_else(PageError::not_found)?;
    let desk = Desk { name: &page.site.name, lang: page.lang, made_at: cx.now };
    files::paper("so-cai", month, desk.statement(seller, &month, &told)).await
}

/// `GET /ban-hang/so-cai/xuat.xlsx?thang=2026-11`
pub(super) async fn export(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let told = tell(&mut db, scope.seller, &month, IN_FILE).await?;
    drop(db);
    let lang = page.lang;
    files::sheet("so-cai", month, move || sheet(lang, &told)).await
}

fn sheet(lang: Lang, told: &Told) -> anyhow::Result<Vec<u8>> {
    let header = [
        lang.t("Lúc", "At"),
        lang.t("Đơn hàng", "Order"),
        lang.t("Diễn giải", "What"),
        lang.t("Bán hàng", "Sold"),
        lang.t("Đã nhận", "Received"),
        lang.t("Đơn vị vận chuyển giữ", "With carriers"),
        lang.t("Phí sàn", "Commission"),
        lang.t("Thuế khấu trừ", "Tax withheld"),
    ];
    let line = |row: &Row| {
        [
            date_time(row.at),
            told.names.get(&row.order).map(|n| n.code.clone()).unwrap_or_default(),
            kind_label(&row.kind).get(lang).to_owned(),
            row.sold.to_string(),
            row.received.to_string(),
            row.carrier.to_string(),
            row.commission.to_string(),
            row.tax.to_string(),
        ]
    };
    let paid = |s: &Settlement| {
        let none = || "0".to_owned();
        let what = paid_label(s);
        let what = what.get(lang).to_owned();
        let amount = (-s.amount).to_string();
        [date_time(s.noted_at), String::new(), what, none(), none(), none(), amount, none()]
    };
    let mut lines: Vec<[String; 8]> = told.rows.iter().map(line).collect();
    lines.extend(told.settled.iter().map(paid));
    if told.more {
        lines.push(files::and_more(lang));
    }
    spreadsheet::to_xlsx(&header, &lines)
}

/// What was paid of the operator's commission, by which evidence.
pub(super) fn paid_label(paid: &Settlement) -> Text {
    let (month, day) = (paid.month.format("%m/%Y"), date(paid.paid_on));
    Text::new(
        format!("Đã trả phí sàn đến hết tháng {month}, ngày {day}: {}", paid.evidence),
        format!("Commission paid up to the end of {month}, on {day}: {}", paid.evidence),
    )
}
