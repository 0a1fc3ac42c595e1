//! `/van-hanh/phi/thang`: what the operator's commission came to, seller by seller, and who has paid it.

use super::{
    files::{self, IN_FILE},
    month::{self, Month},
    pages::kind_label,
    pages_rules::percent,
    queries_fees::{self, Fee, FeeRow, Settlement},
    routes::Deps,
    settle::{self, NotSettled, Paid},
};
use crate::{
    enterprises::{self, SellerFacts},
    kernel::{Cx, Day, Errors, Lang, OrderId, SellerId, Vnd, date_time, day_of, parse_day},
    orders::{self, OrderName},
    platform::{audit, idempotency, spreadsheet},
    web::{Begun, Form, Html, Operator, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;

const HERE: &str = "/van-hanh/phi/gian-hang";
/// Changes that a page shows; the file has more.
const SHOWN: i64 = 300;

/// The rates of a seller, written.
fn rates(rates: &[i32]) -> String {
    rates.iter().map(|bps| percent(*bps)).collect::<Vec<_>>().join("; ")
}

#[derive(Template)]
#[template(path = "ledger/fees.html")]
struct FeesPage {
    page: Page,
    month: Month,
    months: Vec<(String, String)>,
    fees: Vec<Fee>,
    sellers: HashMap<SellerId, SellerFacts>,
}

impl FeesPage {
    fn name(&self, fee: &Fee) -> &str {
        self.sellers.get(&fee.seller).map_or("", |s| s.shop_name.as_str())
    }

    fn rates(&self, fee: &Fee) -> String {
        rates(&fee.rates)
    }

    fn net(&self, fee: &Fee) -> Vnd {
        Vnd(fee.agreed + fee.reduced)
    }

    fn reduced(&self, fee: &Fee) -> Vnd {
        Vnd(-fee.reduced)
    }

    fn link(&self, fee: &Fee) -> String {
        let slug = self.sellers.get(&fee.seller).map_or("", |s| s.slug.as_str());
        format!("{HERE}?gian={slug}&thang={}", self.month.code())
    }

    /// The same month as a file.
    fn file(&self) -> String {
        format!("/van-hanh/phi/thang/xuat.xlsx?thang={}", self.month.code())
    }

    fn owed(&self) -> Vnd {
        Vnd(self.fees.iter().map(|fee| fee.agreed + fee.reduced).sum())
    }

    fn left(&self) -> Vnd {
        Vnd(self.fees.iter().map(|fee| fee.left).sum())
    }
}

/// `GET /van-hanh/phi/thang?thang=2026-11`
pub(super) async fn list(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    month: Month,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let fees = queries_fees::fees(&mut *db, None, month.first, month.span).await?;
    let fees: Vec<Fee> = fees.into_iter().filter(is_told).collect();
    let ids: Vec<SellerId> = fees.iter().map(|fee| fee.seller).collect();
    let sellers = enterprises::facts(&mut db, &ids).await?;
    let (page, months) = (page.in_section("operator-fees"), month::choices(cx.now));
    Ok(Html(FeesPage { page, month, months, fees, sellers }))
}

/// Whether a seller has anything in a month.
fn is_told(fee: &Fee) -> bool {
    fee.orders != 0 || fee.agreed != 0 || fee.reduced != 0 || fee.settled != 0 || fee.left != 0
}

/// `GET /van-hanh/phi/thang/xuat.xlsx?thang=2026-11`
pub(super) async fn export(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    month: Month,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let rows = queries_fees::rows(&mut *db, None, month.span, IN_FILE + 1).await?;
    let (rows, more) = files::cut(rows, IN_FILE);
    let mut ids: Vec<SellerId> = rows.iter().map(|row| row.seller).collect();
    ids.sort_unstable_by_key(|seller| seller.0);
    ids.dedup();
    let sellers = enterprises::facts(&mut db, &ids).await?;
    let orders: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
    let names = orders::names(&mut *db, &orders).await?;
    drop(db);
    let lang = page.lang;
    files::sheet("phi-san", month, move || sheet(lang, (&rows, more), &sellers, &names)).await
}

fn sheet(
    lang: Lang,
    (rows, more): (&[FeeRow], bool),
    sellers: &HashMap<SellerId, SellerFacts>,
    names: &HashMap<OrderId, OrderName>,
) -> anyhow::Result<Vec<u8>> {
    let header = [
        lang.t("Gian hàng", "Shop"),
        lang.t("Mã số thuế", "Tax code"),
        lang.t("Lúc", "At"),
        lang.t("Đơn hàng", "Order"),
        lang.t("Diễn giải", "What"),
        lang.t("Tiền hàng tính phí", "Charged goods"),
        lang.t("Tỷ lệ", "Rates"),
        lang.t("Phí", "Commission"),
    ];
    let line = |row: &FeeRow| {
        let seller = sellers.get(&row.seller);
        [
            seller.map(|s| s.shop_name.clone()).unwrap_or_default(),
            seller.and_then(|s| s.tax_code.clone()).unwrap_or_default(),
            date_time(row.at),
            names.get(&row.order).map(|n| n.code.clone()).unwrap_or_default(),
            kind_label(&row.kind).get(lang).to_owned(),
            row.base.to_string(),
            rates(&row.rates),
            row.commission.to_string(),
        ]
    };
    let mut lines: Vec<[String; 8]> = rows.iter().map(line).collect();
    if more {
        lines.push(files::and_more(lang));
    }
    spreadsheet::to_xlsx(&header, &lines)
}

#[derive(Template)]
#[template(path = "ledger/fee.html")]
struct FeePage {
    page: Page,
    month: Month,
    seller: SellerFacts,
    /// The month of all shops.
    list: String,
    fee: Option<Fee>,
    rows: Vec<FeeRow>,
    /// Whether there are more.
    more: bool,
    names: HashMap<OrderId, OrderName>,
    settled: Vec<Settlement>,
    /// Whether the month is over.
    over: bool,
    form: PaidForm,
    errors: Errors,
}

impl FeePage {
    fn of(&self, read: fn(&Fee) -> i64) -> Vnd {
        Vnd(self.fee.as_ref().map_or(0, read))
    }

    fn agreed(&self) -> Vnd {
        self.of(|fee| fee.agreed)
    }

    fn reduced(&self) -> Vnd {
        self.of(|fee| fee.reduced)
    }

    fn paid(&self) -> Vnd {
        self.of(|fee| fee.settled)
    }

    fn left(&self) -> Vnd {
        self.of(|fee| fee.left)
    }

    fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    fn what(&self, row: &FeeRow) -> &'static str {
        match row.kind.as_str() {
            "completed" => self.page.lang.t("Đơn hoàn thành", "Order completed"),
            _ => self.page.lang.t("Giảm trừ, hàng trả lại", "Reduced, returned"),
        }
    }

    fn rates(&self, row: &FeeRow) -> String {
        rates(&row.rates)
    }
}

/// Which seller's month.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    gian: String,
    thang: String,
}

/// What the operator notes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PaidForm {
    key: String,
    gian: String,
    thang: String,
    so_tien: String,
    ngay: String,
    chung_tu: String,
}

impl PaidForm {
    /// The day of payment; nothing when something is wrong with the form.
    fn paid_on(&self, cx: &Cx, errors: &mut Errors) -> Option<Day> {
        let on = errors.take("ngay", parse_day(&self.ngay));
        errors.check(
            on.is_none_or(|day| day <= day_of(cx.now)),
            "ngay",
            "Ngày trả không thể ở tương lai.",
            "The day of payment is today or earlier.",
        );
        errors.check(
            (3..=200).contains(&self.chung_tu.trim().chars().count()),
            "chung_tu",
            "Xin ghi mã giao dịch hoặc số phiếu thu, từ 3 đến 200 chữ.",
            "Please give the bank's reference or the receipt's number, 3 to 200 characters.",
        );
        on.filter(|_| errors.is_empty())
    }
}

async fn page_of(
    db: &mut PgConnection,
    cx: &Cx,
    page: Page,
    (seller, month): (SellerId, Month),
    (form, errors): (PaidForm, Errors),
) -> Result<FeePage, PageError> {
    let mut facts = enterprises::facts(&mut *db, &[seller]).await?;
    let facts = facts.remove(&seller).ok_or_else(PageError::not_found)?;
    let fees = queries_fees::fees(&mut *db, Some(seller), month.first, month.span).await?;
    let rows = queries_fees::rows(&mut *db, Some(seller), month.span, SHOWN + 1).await?;
    let (rows, more) = files::cut(rows, SHOWN);
    let settled = queries_fees::settled_for(&mut *db, seller, month.first).await?;
    let ids: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
    let names = orders::names(&mut *db, &ids).await?;
    let fee = fees.into_iter().next();
    let form = PaidForm {
        gian: facts.slug.clone(),
        thang: month.code(),
        so_tien: fee.as_ref().map_or(0, |fee| fee.left).to_string(),
        ..form
    };
    let list = format!("/van-hanh/phi/thang?thang={}", month.code());
    let (over, page) = (month.is_over(cx.now), page.in_section("operator-fees"));
    let seller = facts;
    Ok(FeePage { page, month, seller, list, fee, rows, more, names, settled, over, form, errors })
}

async fn seller_of(db: &mut PgConnection, slug: &str) -> Result<SellerId, PageError> {
    enterprises::by_slug(db, slug).await?.ok_or_else(PageError::not_found)
}

/// `GET /van-hanh/phi/gian-hang?gian=ca-phe&thang=2026-11`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Query(which): Query<Which>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let seller = seller_of(&mut db, &which.gian).await?;
    let month = Month::read(&which.thang, cx.now);
    let (key, ngay) = (page.new_key(), day_of(cx.now).to_string());
    let form = PaidForm { key, ngay, ..PaidForm::default() };
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&mut db, &cx, page, (seller, month), (form, errors)).await?))
}

/// `POST /van-hanh/phi/gian-hang`
pub(super) async fn settle(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<PaidForm>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let sent = form.data;
    let seller = seller_of(&mut tx, &sent.gian).await?;
    let month = Month::read(&sent.thang, cx.now);
    let mut errors = Errors::new(page.lang);
    let evidence = sent.chung_tu.trim();
    let amount = Vnd(sent.so_tien.parse().unwrap_or_default());
    if let Some(on) = sent.paid_on(&cx, &mut errors) {
        let route = (HERE, form.raw.as_ref());
        let back = format!("/van-hanh/phi/thang?thang={}", month.code());
        match begin_once(&mut tx, &cx, page.lang, viewer.id, &sent.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                let paid = Paid { seller, month: &month, amount, on, evidence };
                match settle::settle(&mut tx, &cx, &paid).await {
                    Ok(id) => {
                        idempotency::settle(&mut tx, &once, &back).await?;
                        let detail = json!({ "seller": seller, "month": month.code(), "amount": amount,
                                             "on": on, "evidence": evidence });
                        let subject = format!("settlement:{id}");
                        audit::record(&mut tx, &cx, "ledger.settle", &subject, detail).await?;
                        tx.commit().await?;
                        let done = page.t("Đã ghi nhận phí đã trả.", "The payment is noted.");
                        return Ok(go_with(&page, &back, done));
                    }
                    Err(refused) => {
                        tx.rollback().await?;
                        tx = deps.db.begin().await?;
                        told(refused, &mut errors)?;
                    }
                }
            }
        }
    }
    let key = page.new_key();
    let sent = PaidForm { key, ..sent };
    let again = page_of(&mut tx, &cx, page, (seller, month), (sent, errors)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
}

/// Why it was not noted, for the form.
fn told(refused: NotSettled, errors: &mut Errors) -> Result<(), PageError> {
    let (vi, en) = match refused {
        NotSettled::Nothing => (
            "Không còn khoản phí nào chưa trả đến hết tháng này.",
            "Nothing is open at the end of this month.",
        ),
        NotSettled::NotOver => ("Tháng này chưa kết thúc.", "This month is not over yet."),
        NotSettled::Changed(_) => (
            "Số phí còn mở vừa thay đổi: xin xem lại số mới rồi ghi.",
            "What is open has just changed: please look at the new amount.",
        ),
        NotSettled::Db(error) => return Err(error.into()),
    };
    errors.check(false, "so_tien", vi, en);
    Ok(())
}
