//! `/ban-hang/thue`: what of a household's revenue is taxed, for his own declaration.

use super::{
    files::{self, IN_FILE, ON_PAPER},
    month::{self, Month},
    pages_rules::percent,
    papers::Desk,
    queries_tax::{self, Sum, TaxRow},
    routes::Deps,
    tax::{self, Amounts, Mode},
};
use crate::{
    enterprises::{self, Kind, SellerFacts, SellerScope},
    kernel::{Cx, Lang, OrderId, SellerId, Vnd, date_time},
    orders::{self, OrderName},
    platform::{rules, rules_admin, spreadsheet},
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::{extract::State, response::Response};
use sqlx::PgConnection;
use std::collections::HashMap;

const SHOWN: i64 = 200;

/// A household's month.
pub(super) struct Taxes {
    pub(super) sums: Vec<Sum>,
    pub(super) rows: Vec<TaxRow>,
    /// Whether there are more.
    pub(super) more: bool,
    pub(super) founded_on: Vec<String>,
    names: HashMap<OrderId, OrderName>,
    /// At the end of the month, or today.
    mode: Mode,
}

impl Taxes {
    async fn read(
        db: &mut PgConnection,
        cx: &Cx,
        seller: SellerId,
        month: &Month,
        most: i64,
    ) -> sqlx::Result<Self> {
        let sums = queries_tax::sums(&mut *db, Some(seller), month.span).await?;
        let rows = queries_tax::rows(&mut *db, seller, month.span, most + 1).await?;
        let (rows, more) = files::cut(rows, most);
        let founded_on = queries_tax::founded_on(&mut *db, seller, month.span).await?;
        let ids: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
        let names = orders::names(&mut *db, &ids).await?;
        let mode = mode_of(db, cx, month).await?;
        Ok(Self { sums, rows, more, founded_on, names, mode })
    }

    pub(super) fn total(&self) -> Amounts {
        let add = |all: Amounts, sum: &Sum| Amounts {
            base: all.base + sum.base,
            vat: all.vat + sum.vat,
            pit: all.pit + sum.pit,
        };
        self.sums.iter().fold(Amounts::default(), add)
    }

    /// Of it what is withheld.
    fn withheld(&self) -> i64 {
        self.sums.iter().filter(|s| s.withheld).map(|s| s.vat + s.pit).sum()
    }

    pub(super) fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    /// What these figures are, and what they are not.
    pub(super) fn what_it_is(&self, lang: Lang) -> &'static str {
        match self.mode {
            Mode::Report => lang.t(
                "Sàn chỉ thông báo, không khấu trừ: tiền đi thẳng từ người mua đến bạn nên sàn không có gì để giữ lại. Các số dưới đây là thuế tính theo tỷ lệ trên doanh thu của đơn đã hoàn thành, trừ hàng trả lại; bạn dùng để tự khai và nộp thuế. Doanh thu ngoài sàn không có ở đây.",
                "The floor reports and withholds nothing: money goes straight from buyers to you, so that there is nothing to hold back. The figures are the percentages on the revenue of completed orders less returns, for your own declaration. Revenue elsewhere is not in them.",
            ),
            Mode::Withhold => lang.t(
                "Sàn khấu trừ, khai và nộp thay: thuế dưới đây tính theo tỷ lệ trên doanh thu của đơn đã hoàn thành, trừ hàng trả lại. Doanh thu ngoài sàn không có ở đây.",
                "The floor withholds, declares and pays in your stead: percentages on the revenue of completed orders less returns. Revenue elsewhere is not in them.",
            ),
        }
    }
}

/// The mode on the last day of a month, or today.
pub(super) async fn mode_of(db: &mut PgConnection, cx: &Cx, month: &Month) -> sqlx::Result<Mode> {
    Ok(tax::mode_on(&rules_admin::rules(db, "tax.platform.").await?, month.last_day(cx.now)))
}

#[derive(Template)]
#[template(path = "ledger/tax.html")]
struct TaxPage {
    page: Page,
    month: Month,
    months: Vec<(String, String)>,
    is_household: bool,
    taxes: Taxes,
    /// Revenue here since the year began, and from which on a household pays.
    year: Vnd,
    threshold: Vnd,
}

impl TaxPage {
    /// The same month as a file.
    fn file(&self, kind: &str) -> String {
        format!("/ban-hang/thue/xuat.{kind}?thang={}", self.month.code())
    }

    fn revenue(&self) -> Vnd {
        Vnd(self.taxes.total().base)
    }

    fn vat(&self) -> Vnd {
        Vnd(self.taxes.total().vat)
    }

    fn pit(&self) -> Vnd {
        Vnd(self.taxes.total().pit)
    }

    fn withheld(&self) -> Vnd {
        Vnd(self.taxes.withheld())
    }

    fn vat_rate(&self, sum: &Sum) -> String {
        percent(sum.vat_bps.0)
    }

    fn pit_rate(&self, sum: &Sum) -> String {
        percent(sum.pit_bps.0)
    }

    fn year_note(&self) -> String {
        let page = &self.page;
        format!(
            "{} {}",
            page.t("ngưỡng của hộ kinh doanh:", "threshold of households:"),
            self.threshold
        )
    }
}

async fn facts(db: &mut PgConnection, seller: SellerId) -> Result<SellerFacts, PageError> {
    let mut all = enterprises::facts(db, &[seller]).await?;
    all.remove(&seller).ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/thue?thang=2026-11`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let is_household = facts(&mut db, scope.seller).await?.kind == Kind::Household;
    let taxes = Taxes::read(&mut db, &cx, scope.seller, &month, SHOWN).await?;
    let year = queries_tax::revenue(&mut *db, scope.seller, month.year_so_far()).await?;
    let day = month.last_day(cx.now);
    let threshold = rules::value(&mut db, "tax.household_threshold", day, 1_000_000_000).await?;
    let (year, threshold) = (Vnd(year), Vnd(threshold));
    let (page, months) = (page.in_section("seller-tax"), month::choices(cx.now));
    Ok(Html(TaxPage { page, month, months, is_household, taxes, year, threshold }))
}

/// `GET /ban-hang/thue/xuat.pdf?thang=2026-11`
pub(super) async fn paper(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let taxes = Taxes::read(&mut db, &cx, scope.seller, &month, ON_PAPER).await?;
    let seller = facts(&mut db, scope.seller).await?;
    drop(db);
    let desk = Desk { name: &page.site.name, lang: page.lang, made_at: cx.now };
    files::paper("thue", month, desk.taxes(&seller, &month, &taxes)).await
}

/// `GET /ban-hang/thue/xuat.xlsx?thang=2026-11`
pub(super) async fn export(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let taxes = Taxes::read(&mut db, &cx, scope.seller, &month, IN_FILE).await?;
    drop(db);
    let lang = page.lang;
    files::sheet("thue", month, move || sheet(lang, &taxes)).await
}

fn sheet(lang: Lang, taxes: &Taxes) -> anyhow::Result<Vec<u8>> {
    let header = [
        lang.t("Lúc", "At"),
        lang.t("Đơn hàng", "Order"),
        lang.t("Hoạt động", "Activity"),
        lang.t("Doanh thu", "Revenue"),
        lang.t("Tỷ lệ GTGT", "VAT rate"),
        lang.t("Thuế GTGT", "VAT"),
        lang.t("Tỷ lệ TNCN", "PIT rate"),
        lang.t("Thuế TNCN", "PIT"),
        lang.t("Hình thức", "Mode"),
    ];
    let line = |row: &TaxRow| {
        let mode = if row.withheld { Mode::Withhold } else { Mode::Report };
        [
            date_time(row.at),
            taxes.code(&row.order).to_owned(),
            row.activity.label().get(lang).to_owned(),
            row.base.to_string(),
            percent(row.vat_bps.0),
            row.vat.to_string(),
            percent(row.pit_bps.0),
            row.pit.to_string(),
            mode.label().get(lang).to_owned(),
        ]
    };
    let mut lines: Vec<[String; 9]> = taxes.rows.iter().map(line).collect();
    if taxes.more {
        lines.push(files::and_more(lang));
    }
    spreadsheet::to_xlsx(&header, &lines)
}
