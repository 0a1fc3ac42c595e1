//! `/to-chuc/nha-cung-cap`: where a firm is a customer, and how it asks to be one.

use super::{status, told, words};
use crate::{
    enterprises::{self, SellerFacts},
    kernel::{Cx, Errors, OrgId, SellerId, date, day_of},
    organisations::{OrgRole, OrgScope},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
    wholesale::{
        customers::{self, Customer},
        letters,
        model::CustomerStep,
        queries,
        queries_customers::{self, Supplier},
    },
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

const HERE: &str = "/to-chuc/nha-cung-cap";
const ASK: &str = "/to-chuc/nha-cung-cap/hoi";
const SECTION: &str = "org-suppliers";

#[derive(Template)]
#[template(path = "wholesale/suppliers.html")]
struct SuppliersPage {
    page: Page,
    scope: OrgScope,
    suppliers: Vec<Supplier>,
}

impl SuppliersPage {
    fn state(&self, supplier: &Supplier) -> String {
        supplier.state.label().get(self.page.lang).to_owned()
    }

    fn since(supplier: &Supplier) -> String {
        date(day_of(supplier.changed_at))
    }
}

/// `GET /to-chuc/nha-cung-cap`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let suppliers = queries_customers::suppliers(&mut *db.acquire().await?, scope.org).await?;
    let page = page.in_section(SECTION);
    Ok(Html(SuppliersPage { page, scope, suppliers }).into_response())
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct AskForm {
    key: String,
    /// The shop's address.
    gian: String,
    loi: String,
}

#[derive(Template)]
#[template(path = "wholesale/ask.html")]
struct AskPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    form: AskForm,
    shop: SellerFacts,
    welcome: String,
    standing: Option<Customer>,
}

impl AskPage {
    fn state(&self, customer: &Customer) -> String {
        customer.state.label().get(self.page.lang).to_owned()
    }

    fn shop_href(&self) -> String {
        format!("/gian-hang/{}", self.shop.slug)
    }

    fn can_ask(&self) -> bool {
        CustomerStep::Ask.leads(self.standing.as_ref().map(|c| c.state)).is_some()
    }
}

/// The shop that a firm asks, if it sells.
async fn shop(db: &mut PgConnection, slug: &str) -> Result<(SellerId, SellerFacts), PageError> {
    let slug: String = slug.chars().take(200).collect();
    let seller = enterprises::by_slug(db, &slug).await?.ok_or_else(PageError::not_found)?;
    let facts = enterprises::facts(db, &[seller]).await?.remove(&seller);
    let facts = facts.filter(|f| f.state == enterprises::State::Approved);
    Ok((seller, facts.ok_or_else(PageError::not_found)?))
}

async fn show(
    db: &PgPool,
    page: Page,
    scope: OrgScope,
    (form, errors): (AskForm, Errors),
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let (seller, shop) = shop(&mut db, &form.gian).await?;
    let welcome = queries::settings(&mut db, seller).await?.welcome;
    let standing = customers::customer(&mut db, seller, scope.org).await?;
    let page = page.in_section(SECTION);
    let shown = AskPage { page, scope, errors, form, shop, welcome, standing };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /to-chuc/nha-cung-cap/hoi?gian=`
pub(in crate::wholesale) async fn ask_form(
    State(db): State<PgPool>,
    page: Page,
    scope: OrgScope,
    Query(form): Query<AskForm>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    show(&db, page, scope, (AskForm { loi: String::new(), ..form }, errors)).await
}

/// `POST /to-chuc/nha-cung-cap/hoi`
pub(in crate::wholesale) async fn ask(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<AskForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let mut errors = Errors::new(page.lang);
    let message = words(&mut errors, "loi", &form.loi, 1_000, true);
    if !errors.is_empty() {
        return show(&db, page, scope, (form, errors)).await;
    }
    let mut tx = db.begin().await?;
    let (seller, _) = shop(&mut tx, &form.gian).await?;
    let sent = (ASK, raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, sent).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return show(&db, page, scope, (form, errors)).await,
    };
    let by = (scope.org, scope.person);
    if let Err(error) = customers::ask(&mut tx, &cx, by, seller, &message).await {
        let errors = told(error, page.lang, "loi")?;
        return show(&db, page, scope, (form, errors)).await;
    }
    let path = seen_by_seller(scope.org);
    let link = (page.site.base_url.as_str(), path.as_str());
    letters::asked(&mut tx, &cx, seller, (&scope.name, &message), link).await?;
    idempotency::settle(&mut tx, &once, HERE).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã gửi. Gian hàng trả lời qua thư và ở trang này.",
        "Sent. The shop answers by mail and on this page.",
    );
    Ok(go_with(&page, HERE, line))
}

fn seen_by_seller(org: OrgId) -> String {
    format!("{}/{org}", super::HOME)
}
