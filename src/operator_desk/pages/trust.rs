//! `/van-hanh/chung-thu`: whose word on digital signatures the floor takes.

use crate::{
    kernel::{Cx, date, date_time, day_of},
    operator_desk::routes::Deps,
    platform::{
        audit,
        trust::{self, AnchorRow},
    },
    web::{Form, Html, Operator, Page, PageError, go_with},
};
use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;
use serde_json::json;

const HERE: &str = "/van-hanh/chung-thu";

struct Row {
    id: String,
    name: String,
    licence: String,
    source: String,
    certificate: String,
    licensed: String,
    test: bool,
    withdrawn: bool,
    counts: bool,
}

impl Row {
    fn of(anchor: AnchorRow, cx: &Cx, demo: bool) -> Self {
        let span = |from: Option<String>, until: Option<String>| match (from, until) {
            (None, None) => String::new(),
            (from, until) => {
                format!("{} – {}", from.unwrap_or_default(), until.unwrap_or_default())
            }
        };
        let (from, until) = (day_of(anchor.valid_from), day_of(anchor.valid_until));
        let last = anchor.trusted_until.and_then(|day| day.pred_opt());
        Self {
            counts: anchor.counts(cx.now, demo),
            id: hex::encode(&anchor.fingerprint),
            certificate: span(Some(date(from)), Some(date(until))),
            licensed: span(anchor.trusted_from.map(date), last.map(date)),
            test: anchor.test,
            withdrawn: anchor.withdrawn_at.is_some(),
            name: anchor.name,
            licence: anchor.licence,
            source: anchor.source,
        }
    }
}

#[derive(Template)]
#[template(path = "operator_desk/trust.html")]
struct TrustPage {
    page: Page,
    rows: Vec<Row>,
    lists: Vec<(String, String)>,
}

/// `GET /van-hanh/chung-thu`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let anchors = trust::anchors(&mut db).await?;
    let rows = anchors.into_iter().map(|anchor| Row::of(anchor, &cx, page.demo)).collect();
    let lists = trust::lists(&mut db).await?;
    let lists = lists.into_iter().map(|(name, at)| (name, date_time(at))).collect();
    Ok(Html(TrustPage { page: page.in_section("operator-trust"), rows, lists }))
}

/// Which authority is trusted no longer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Pressed {
    id: String,
}

/// `POST /van-hanh/chung-thu/ngung`: twice is once.
pub(in crate::operator_desk) async fn withdraw(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    form: Form<Pressed>,
) -> Result<Response, PageError> {
    let id = hex::decode(&form.data.id).map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    if let Some(name) = trust::withdraw(&mut tx, &cx, &id).await? {
        let subject = format!("trust anchor:{}", form.data.id);
        audit::record(&mut tx, &cx, "operator.withdraw_trust", &subject, json!({ "name": name }))
            .await?;
    }
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Không còn tin cậy nữa.", "It is trusted no longer.")))
}
