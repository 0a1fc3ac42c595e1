//! `/van-hanh/ty-gia`: the rates by which estimates are shown.

use super::{
    model::{self, CURRENCIES, Typed},
    queries,
};
use crate::{
    kernel::{Cx, Errors, date, day_of},
    payments::routes::Deps,
    platform::{audit, idempotency},
    web::{Begun, Form, Html, Operator, Page, PageError, begin_once, go_with},
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

const HERE: &str = "/van-hanh/ty-gia";

struct Row {
    currency: String,
    rate: String,
    source: String,
    as_of: String,
}

#[derive(Template)]
#[template(path = "payments/rates.html")]
struct RatesPage {
    page: Page,
    rows: Vec<Row>,
    currencies: Vec<(&'static str, &'static str)>,
    form: Typed,
    errors: Errors,
}

async fn page_of(
    db: &mut PgConnection,
    page: Page,
    form: Typed,
    errors: Errors,
) -> Result<RatesPage, PageError> {
    let rows = queries::current(db).await?.into_iter().map(|rate| Row {
        rate: model::shown(rate.rate),
        as_of: date(rate.as_of),
        currency: rate.currency,
        source: rate.source,
    });
    let currencies = CURRENCIES.iter().map(|(code, _)| (*code, *code)).collect();
    let page = page.in_section("operator-rates");
    Ok(RatesPage { rows: rows.collect(), currencies, form, errors, page })
}

/// `GET /van-hanh/ty-gia`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let errors = Errors::new(page.lang);
    let ngay = day_of(cx.now).to_string();
    let form = Typed { key: page.new_key(), ngay, ..Typed::default() };
    Ok(Html(page_of(&mut db, page, form, errors).await?))
}

/// `POST /van-hanh/ty-gia`: a rate in the place of the one before it.
pub(super) async fn set(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let (sent, route) = (&form.data, (HERE, form.raw.as_ref()));
    let errors = match sent.check(page.lang, day_of(cx.now)) {
        Err(errors) => errors,
        Ok(rate) => match begin_once(&mut tx, &cx, page.lang, viewer.id, &sent.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(errors) => errors,
            Begun::First(once) => {
                queries::set(&mut tx, &cx, viewer.id, &rate).await?;
                idempotency::settle(&mut tx, &once, HERE).await?;
                let detail =
                    json!({ "rate": rate.rate, "source": rate.source, "as_of": rate.as_of });
                let subject = format!("currency:{}", rate.currency);
                audit::record(&mut tx, &cx, "payments.set_rate", &subject, detail).await?;
                tx.commit().await?;
                return Ok(go_with(&page, HERE, page.t("Đã ghi tỷ giá.", "The rate is set.")));
            }
        },
    };
    let shown = page_of(&mut tx, page, form.data, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
}

/// Which currency.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    tien: String,
}

/// `POST /van-hanh/ty-gia/bo`: no estimate in this currency any more.
pub(super) async fn drop_one(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    form: Form<Which>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let currency = &form.data.tien;
    if queries::end(&mut tx, &cx, currency).await? {
        let subject = format!("currency:{currency}");
        audit::record(&mut tx, &cx, "payments.drop_rate", &subject, json!({})).await?;
        tx.commit().await?;
    }
    Ok(go_with(&page, HERE, page.t("Không hiện nữa.", "It is shown no more.")))
}
