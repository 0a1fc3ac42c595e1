//! `/ban-hang/khach-si/{org}`: one firm as its seller sees it.

use super::{HOME, SELLER, org_id, status, told, uuid, words};
use crate::{
    catalogue,
    enterprises::SellerScope,
    kernel::{Cx, Errors, VariantId, date, date_time},
    web::{Form, Html, Page, PageError, go_with},
    wholesale::{
        customers::{self, Customer},
        letters,
        model::{CustomerState, CustomerStep},
        pages::prices::{Written, written},
        queries, queries_customers,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "wholesale/customer.html")]
struct CustomerPage {
    page: Page,
    errors: Errors,
    customer: Customer,
    groups: Vec<(String, String)>,
    group: String,
    reason: String,
    prices: Vec<Written>,
    /// Goods, pieces, day; the variant's id for the button.
    samples: Vec<(String, i64, String, String)>,
    events: Vec<(String, String, String)>,
}

impl CustomerPage {
    fn state(&self) -> String {
        self.customer.state.label().get(self.page.lang).to_owned()
    }

    /// Where a price of this customer's own is added.
    fn price_href(&self) -> String {
        format!("/ban-hang/khach-si/gia?cho=khach:{}", self.customer.org)
    }

    fn can(&self, step: &str) -> bool {
        CustomerStep::of(step).is_some_and(|step| step.leads(Some(self.customer.state)).is_some())
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct StepForm {
    act: String,
    nhom: String,
    ly_do: String,
    /// Whose sample is given again.
    mau: String,
}

async fn samples(
    db: &mut PgConnection,
    cx: &Cx,
    scope: &SellerScope,
    customer: &Customer,
) -> sqlx::Result<Vec<(String, i64, String, String)>> {
    let taken = queries_customers::samples_taken(db, scope.seller, customer.org).await?;
    let variants: Vec<VariantId> = taken.iter().map(|(variant, ..)| VariantId(*variant)).collect();
    let offers = catalogue::offers(db, cx, &variants).await?;
    let name = |variant: Uuid| match offers.iter().find(|o| o.variant.0 == variant) {
        Some(offer) if offer.label.is_empty() => offer.name.clone(),
        Some(offer) => format!("{} – {}", offer.name, offer.label),
        None => String::new(),
    };
    let shown = taken
        .into_iter()
        .map(|(variant, n, at)| (name(variant), n, date_time(at), variant.to_string()));
    Ok(shown.collect())
}

async fn show(
    db: &PgPool,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    org: &str,
    typed: Option<(StepForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let org = org_id(org)?;
    let customer = customers::customer(&mut db, scope.seller, org).await?;
    let customer = customer.ok_or_else(PageError::not_found)?;
    let groups = queries_customers::groups(&mut db, scope.seller).await?;
    let prices = queries::prices(&mut db, scope.seller, Some(org), None, 200).await?;
    let prices = written(&mut db, cx, page.lang, scope.seller, prices).await?;
    let samples = samples(&mut db, cx, scope, &customer).await?;
    let events = queries_customers::events(&mut db, scope.seller, org).await?;
    let event = |(at, event, note): (chrono::DateTime<chrono::Utc>, String, String)| {
        (date_time(at), CustomerStep::told(&event).get(page.lang).to_owned(), note)
    };
    let (typed, errors) = typed.unwrap_or_else(|| (StepForm::default(), Errors::new(page.lang)));
    let shown = CustomerPage {
        group: customer.group.map(|g| g.to_string()).unwrap_or_default(),
        groups: groups.into_iter().map(|g| (g.id.to_string(), g.name)).collect(),
        events: events.into_iter().map(event).collect(),
        reason: typed.ly_do,
        customer,
        prices,
        samples,
        errors,
        page: page.in_section(SELLER),
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /ban-hang/khach-si/{org}`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(org): Path<String>,
) -> Result<Response, PageError> {
    show(&db, &cx, page, &scope, &org, None).await
}

/// `POST /ban-hang/khach-si/{org}`: admits, refuses, ends, or puts into a group.
pub(in crate::wholesale) async fn act(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(path): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    let org = org_id(&path)?;
    let mut tx = db.begin().await?;
    let before = customers::customer(&mut tx, scope.seller, org).await?;
    let before = before.ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    let step = CustomerStep::of(&form.act).filter(|step| *step != CustomerStep::Ask);
    let needs = matches!(step, Some(CustomerStep::Refuse | CustomerStep::End));
    let reason = words(&mut errors, "ly_do", &form.ly_do, 500, needs);
    let group = match form.nhom.as_str() {
        "" => None,
        group => Some(uuid(group)?),
    };
    if !errors.is_empty() {
        return show(&db, &cx, page, &scope, &path, Some((form, errors))).await;
    }
    let between = (scope.seller, org);
    let done = match step {
        Some(step) => customers::decide(&mut tx, &cx, between, step, (group, &reason)).await,
        None if form.act == "nhom" => {
            let done = customers::put_in_group(&mut tx, &cx, between, group).await;
            done.map(|()| CustomerState::Admitted)
        }
        None => return Err(PageError::not_found()),
    };
    if let Err(error) = done {
        let errors = told(error, page.lang, "ly_do")?;
        return show(&db, &cx, page, &scope, &path, Some((form, errors))).await;
    }
    if let (Some(step), Some(person)) = (step, before.asked_by) {
        let link = (page.site.base_url.as_str(), "/to-chuc/nha-cung-cap");
        letters::decided(&mut tx, &cx, person, (&scope.shop_name, step, &reason), link).await?;
    }
    tx.commit().await?;
    let line = match step {
        Some(CustomerStep::Admit) => page.t("Đã nhận làm khách sỉ.", "Admitted."),
        Some(CustomerStep::Refuse) => page.t("Đã từ chối.", "Refused."),
        Some(_) => page.t("Đơn vị này không còn là khách sỉ.", "No longer a customer."),
        None => page.t("Đã đổi nhóm giá.", "The group is changed."),
    };
    Ok(go_with(&page, &format!("{HOME}/{org}"), line))
}

/// `POST /ban-hang/khach-si/{org}/mau`: lets a firm have a sample again.
pub(in crate::wholesale) async fn give_again(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Path(path): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    let (org, variant) = (org_id(&path)?, uuid(&form.mau)?);
    let mut tx = db.begin().await?;
    if !queries_customers::give_again(&mut tx, (scope.seller, org), variant).await? {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    let line = page.t("Đơn vị này được mua mẫu lần nữa.", "They may have the sample again.");
    Ok(go_with(&page, &format!("{HOME}/{org}"), line))
}

impl Customer {
    /// The day of the last change.
    fn since(&self) -> String {
        date(crate::kernel::day_of(self.changed_at))
    }
}
