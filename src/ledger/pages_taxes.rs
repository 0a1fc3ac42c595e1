//! `/van-hanh/thue`: the tax ledger of all household sellers, month by month.

use super::{
    files,
    month::{self, Month},
    pages_rules::percent,
    pages_tax::mode_of,
    queries_tax::{self, Sum},
    routes::Deps,
    tax::Mode,
};
use crate::{
    enterprises::{self, SellerFacts},
    kernel::{Cx, Lang, SellerId, Vnd, date},
    platform::{rules, spreadsheet},
    web::{Html, Operator, Page, PageError},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chrono::Datelike;
use sqlx::PgConnection;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "ledger/taxes.html")]
struct TaxesPage {
    page: Page,
    month: Month,
    months: Vec<(String, String)>,
    mode: Mode,
    /// By when the month is declared where tax is withheld.
    declare_by: String,
    sums: Vec<Sum>,
    sellers: HashMap<SellerId, SellerFacts>,
}

impl TaxesPage {
    fn name(&self, sum: &Sum) -> &str {
        self.sellers.get(&sum.seller).map_or("", |s| s.legal_name.as_str())
    }

    fn tax_code(&self, sum: &Sum) -> &str {
        self.sellers.get(&sum.seller).and_then(|s| s.tax_code.as_deref()).unwrap_or_default()
    }

    fn total(&self, of: fn(&Sum) -> i64) -> Vnd {
        Vnd(self.sums.iter().map(of).sum())
    }

    fn taxes(&self) -> Vnd {
        self.total(|sum| sum.vat + sum.pit)
    }

    fn withheld(&self) -> Vnd {
        self.total(|sum| if sum.withheld { sum.vat + sum.pit } else { 0 })
    }

    fn revenue(&self) -> Vnd {
        self.total(|sum| sum.base)
    }

    fn rates(&self, sum: &Sum) -> String {
        format!("{} + {}", percent(sum.vat_bps.0), percent(sum.pit_bps.0))
    }

    /// The same month as a file.
    fn file(&self) -> String {
        format!("/van-hanh/thue/xuat.xlsx?thang={}", self.month.code())
    }
}

async fn sellers(
    db: &mut PgConnection,
    sums: &[Sum],
) -> sqlx::Result<HashMap<SellerId, SellerFacts>> {
    let mut ids: Vec<SellerId> = sums.iter().map(|sum| sum.seller).collect();
    ids.dedup();
    enterprises::facts(db, &ids).await
}

/// `GET /van-hanh/thue?thang=2026-11`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    month: Month,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let sums = queries_tax::sums(&mut *db, None, month.span).await?;
    let sellers = sellers(&mut db, &sums).await?;
    let mode = mode_of(&mut db, &cx, &month).await?;
    let last = month.last_day(cx.now);
    let day = rules::value(&mut db, "tax.platform.declare_day", last, 20).await?;
    let next = month.next();
    let by = u32::try_from(day).ok().and_then(|day| next.with_day(day)).unwrap_or(next);
    let (page, months) = (page.in_section("operator-tax"), month::choices(cx.now));
    let declare_by = date(by);
    Ok(Html(TaxesPage { page, month, months, mode, declare_by, sums, sellers }))
}

/// `GET /van-hanh/thue/xuat.xlsx?thang=2026-11`
pub(super) async fn export(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let sums = queries_tax::sums(&mut *db, None, month.span).await?;
    let sellers = sellers(&mut db, &sums).await?;
    drop(db);
    let lang = page.lang;
    let make = move || sheet(lang, &month, &sums, &sellers);
    files::sheet("thue-ho-kinh-doanh", month, make).await
}

fn sheet(
    lang: Lang,
    month: &Month,
    sums: &[Sum],
    sellers: &HashMap<SellerId, SellerFacts>,
) -> anyhow::Result<Vec<u8>> {
    let header = [
        lang.t("Kỳ", "Period"),
        lang.t("Mã số thuế", "Tax code"),
        lang.t("Người bán", "Seller"),
        lang.t("Địa chỉ", "Address"),
        lang.t("Hoạt động", "Activity"),
        lang.t("Số đơn", "Orders"),
        lang.t("Doanh thu", "Revenue"),
        lang.t("Tỷ lệ GTGT", "VAT rate"),
        lang.t("Thuế GTGT", "VAT"),
        lang.t("Tỷ lệ TNCN", "PIT rate"),
        lang.t("Thuế TNCN", "PIT"),
        lang.t("Hình thức", "Mode"),
    ];
    let line = |sum: &Sum| {
        let seller = sellers.get(&sum.seller);
        let of = |read: fn(&SellerFacts) -> String| seller.map(read).unwrap_or_default();
        let mode = if sum.withheld { Mode::Withhold } else { Mode::Report };
        [
            month.name(),
            of(|s| s.tax_code.clone().unwrap_or_default()),
            of(|s| s.legal_name.clone()),
            of(|s| s.address.clone()),
            sum.activity.label().get(lang).to_owned(),
            sum.orders.to_string(),
            sum.base.to_string(),
            percent(sum.vat_bps.0),
            sum.vat.to_string(),
            percent(sum.pit_bps.0),
            sum.pit.to_string(),
            mode.label().get(lang).to_owned(),
        ]
    };
    let lines: Vec<[String; 12]> = sums.iter().map(line).collect();
    spreadsheet::to_xlsx(&header, &lines)
}
