//! The seller's page of credit: customers, limits, what is overdue.

use super::{
    super::{
        credit::{self, Customer, Overdue},
        error::PurchasingError,
        queries_credit,
        routes::Deps,
    },
    Pressed, begin, end,
    seller::SECTION,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Day, Errors, SellerId, Vnd, day_of},
    platform::audit,
    web::{Form, Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

const HERE: &str = "/ban-hang/don-mua/cong-no";
/// Overdue instalments on the page.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "purchasing/credit.html")]
struct CreditPage {
    page: Page,
    errors: Errors,
    customers: Vec<Customer>,
    overdue: Vec<Overdue>,
    today: Day,
    /// What is looked for.
    tim: String,
    newer: String,
    older: String,
}

/// Which customers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    tim: String,
    trang: String,
}

/// Customers on a page.
const SIZE: i64 = 50;

impl Asked {
    fn href(&self, number: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("tim", self.tim.trim()).append_pair("trang", &number.to_string());
        format!("{HERE}?{}", query.finish())
    }
}

/// What the seller sets.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct CreditForm {
    key: String,
    org: String,
    han_muc: String,
    khoa: String,
}

async fn shown(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    seller: SellerId,
    (asked, errors): (Asked, Errors),
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let today = day_of(cx.now);
    let tim: String = asked.tim.trim().chars().take(100).collect();
    let number = asked.trang.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let part = (SIZE + 1, (number - 1) * SIZE);
    let mut customers = queries_credit::customers(&mut db, seller, &tim, part).await?;
    let more = customers.len() as i64 > SIZE;
    customers.truncate(usize::try_from(SIZE).unwrap_or_default());
    let newer = if number > 1 { asked.href(number - 1) } else { String::new() };
    let older = if more { asked.href(number + 1) } else { String::new() };
    let overdue = queries_credit::overdue(&mut db, seller, today, MOST).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section(SECTION);
    let shown = CreditPage { page, errors, customers, overdue, today, tim, newer, older };
    Ok((status, Html(shown)).into_response())
}

/// `GET /ban-hang/don-mua/cong-no`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, (&cx, page), scope.seller, (asked, errors)).await
}

/// `POST /ban-hang/don-mua/cong-no`
pub(in super::super) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<CreditForm>,
) -> Result<Response, PageError> {
    match press(&deps, (&cx, &page), &scope, &form).await? {
        Pressed::Done(response) => Ok(response),
        Pressed::Wrong(errors) => {
            shown(&deps, (&cx, page), scope.seller, (Asked::default(), errors)).await
        }
    }
}

async fn press(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    scope: &SellerScope,
    form: &Form<CreditForm>,
) -> Result<Pressed, PageError> {
    scope.owner()?;
    let sent = &form.data;
    let org = sent.org.parse().map_err(|_| PageError::not_found())?;
    let Some(most) = Vnd::read(&sent.han_muc) else {
        let mut errors = Errors::new(page.lang);
        errors.check(
            false,
            "han_muc",
            "Hạn mức phải là số tiền, ví dụ 50.000.000; ghi 0 nếu không cho nợ.",
            "The limit is an amount, e.g. 50,000,000; write 0 for no credit.",
        );
        return Ok(Pressed::Wrong(errors));
    };
    let begun = match begin(deps, (cx, page), &sent.key, (HERE, &form.raw)).await? {
        Ok(begun) => begun,
        Err(pressed) => return Ok(pressed),
    };
    let (mut tx, once) = begun;
    let blocked = !sent.khoa.is_empty();
    let outcome: Result<(), PurchasingError> =
        credit::set_credit(&mut tx, cx, (scope.seller, org), most, blocked).await;
    if outcome.is_ok() {
        let detail = json!({ "org": org, "most": most.0, "blocked": blocked });
        let subject = format!("seller:{}", scope.seller);
        audit::record(&mut tx, cx, "purchasing.set_credit", &subject, detail).await?;
    }
    let line = page.t("Đã lưu hạn mức.", "The limit is saved.");
    end((tx, once), page, HERE, (outcome, line)).await
}
