//! `/ban-hang/khach-si`: the seller's customers, who asks to be one, and how he deals with firms.

use super::{HOME, SELLER, status, told, words};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, TaxCode, Text, date_time},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, Query, begin_once, go, go_with},
    wholesale::{
        customers::{self, Customer},
        letters,
        model::{CustomerState, CustomerStep, Settings},
        queries, queries_customers,
    },
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

const PAGE: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct Asked {
    t: String,
    /// Behind this firm.
    sau: String,
}

/// Everything that can be typed on this page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct Typed {
    key: String,
    mst: String,
    an_gia: String,
    loi_chao: String,
}

#[derive(Template)]
#[template(path = "wholesale/customers.html")]
struct CustomersPage {
    page: Page,
    here: &'static str,
    errors: Errors,
    tabs: Vec<(String, String, bool, i64)>,
    customers: Vec<Customer>,
    next: String,
    settings: Settings,
    tax_code: String,
}

impl CustomersPage {
    fn at(customer: &Customer) -> String {
        date_time(customer.changed_at)
    }
}

async fn show(
    db: &PgPool,
    page: Page,
    scope: &SellerScope,
    asked: &Asked,
    typed: Option<(Typed, Errors)>,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let counts = queries_customers::counts(&mut db, scope.seller).await?;
    let count = |state| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    let waits = count(CustomerState::Asked) > 0;
    let first = if waits { CustomerState::Asked } else { CustomerState::Admitted };
    let state = CustomerState::of(&asked.t).unwrap_or(first);
    let after = asked.sau.parse().ok();
    let mut found =
        queries_customers::customers(&mut db, scope.seller, state, after, PAGE + 1).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let last = found.last().filter(|_| more);
    let next = last.map(|c| format!("{HOME}?t={}&sau={}", state.code(), c.org)).unwrap_or_default();
    let tabs = CustomerState::ALL.map(|s| {
        let label = s.label().get(page.lang).to_owned();
        (format!("{HOME}?t={}", s.code()), label, s == state, count(s))
    });
    let mut settings = queries::settings(&mut db, scope.seller).await?;
    let (typed, errors) = typed.unwrap_or_else(|| (Typed::default(), Errors::new(page.lang)));
    if errors.get("loi_chao").is_some() {
        settings = Settings { hidden: typed.an_gia == "1", welcome: typed.loi_chao };
    }
    let shown = CustomersPage {
        here: "customers",
        tabs: tabs.to_vec(),
        customers: found,
        next,
        settings,
        tax_code: typed.mst,
        page: page.in_section(SELLER),
        errors,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /ban-hang/khach-si`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    show(&db, page, &scope, &asked, None).await
}

/// `POST /ban-hang/khach-si/cai-dat`
pub(in crate::wholesale) async fn settle(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, .. }: Form<Typed>,
) -> Result<Response, PageError> {
    scope.owner()?;
    let mut errors = Errors::new(page.lang);
    let welcome = words(&mut errors, "loi_chao", &form.loi_chao, 1_000, false);
    if !errors.is_empty() {
        return show(&db, page, &scope, &Asked::default(), Some((form, errors))).await;
    }
    let settings = Settings { hidden: form.an_gia == "1", welcome };
    let mut tx = db.begin().await?;
    customers::save_settings(&mut tx, &cx, scope.seller, &settings).await?;
    tx.commit().await?;
    Ok(go_with(&page, HOME, page.t("Đã lưu cách bán sỉ.", "Saved.")))
}

fn unknown(lang: Lang) -> Errors {
    let mut errors = Errors::new(lang);
    let text = Text::new(
        "Chưa có đơn vị mua hàng đã xác minh nào có mã số thuế này trên sàn.",
        "No verified organisation on the floor has this tax code.",
    );
    errors.add("mst", text);
    errors
}

/// `POST /ban-hang/khach-si/them`: takes a firm in by its tax code.
pub(in crate::wholesale) async fn take_in(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, raw }: Form<Typed>,
) -> Result<Response, PageError> {
    const ROUTE: &str = "/ban-hang/khach-si/them";
    let asked = Asked::default();
    let mut errors = Errors::new(page.lang);
    let Some(code) = errors.take("mst", TaxCode::parse(&form.mst)) else {
        return show(&db, page, &scope, &asked, Some((form, errors))).await;
    };
    let mut tx = db.begin().await?;
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, (ROUTE, &raw)).await?;
    let once = match begun {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            return show(&db, page, &scope, &asked, Some((form, errors))).await;
        }
    };
    let Some(org) = queries_customers::org_of_tax_code(&mut tx, code.entity()).await? else {
        let errors = unknown(page.lang);
        return show(&db, page, &scope, &asked, Some((form, errors))).await;
    };
    let to = format!("{HOME}/{org}");
    let before = customers::customer(&mut tx, scope.seller, org).await?;
    if before.as_ref().is_some_and(|c| c.state == CustomerState::Admitted) {
        return Ok(go(&to));
    }
    let step = CustomerStep::Admit;
    match customers::decide(&mut tx, &cx, (scope.seller, org), step, (None, "")).await {
        Ok(_) => {}
        Err(error) => {
            let errors = told(error, page.lang, "mst")?;
            return show(&db, page, &scope, &asked, Some((form, errors))).await;
        }
    }
    if let Some(person) = before.and_then(|c| c.asked_by) {
        let link = (page.site.base_url.as_str(), "/to-chuc/nha-cung-cap");
        letters::decided(&mut tx, &cx, person, (&scope.shop_name, step, ""), link).await?;
    }
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    Ok(go_with(&page, &to, page.t("Đã nhận làm khách sỉ.", "Taken in as a customer.")))
}
