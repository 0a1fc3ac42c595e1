//! The operator pauses delivery to communes.

use super::super::{
    contracts::Office,
    pauses::{self, NewPause, Pause},
    queries_pauses,
};
use crate::{
    kernel::{Cx, Errors, Text, day_of},
    platform::{audit, idempotency},
    web::{Begun, Form, Html, Operator, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, TimeZone, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

const HERE: &str = "/van-hanh/tam-dung-giao";
/// Whoever needs longer begins another.
const MOST_DAYS: i64 = 60;

#[derive(Template)]
#[template(path = "delivery/pauses.html")]
pub(in crate::delivery) struct PausesPage {
    page: Page,
    errors: Errors,
    form: PauseForm,
    rows: Vec<Row>,
    /// Code, name, ticked.
    communes: Vec<(String, String, bool)>,
}

/// One pause as the page shows it.
struct Row {
    pause: Pause,
    names: String,
}

/// What the operator types.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::delivery) struct PauseForm {
    key: String,
    xa: Vec<String>,
    ly_do: String,
    ly_do_en: String,
    den_ngay: String,
}

impl PauseForm {
    /// Until the end of a day here.
    fn until(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Text> {
        let wrong = || {
            Text::new(
                "Chọn ngày kết thúc, từ hôm nay đến 60 ngày nữa.",
                "Choose the last day, from today to 60 days from now.",
            )
        };
        let day =
            NaiveDate::parse_from_str(self.den_ngay.trim(), "%Y-%m-%d").map_err(|_| wrong())?;
        let today = day_of(now);
        let within = day >= today && day <= today + TimeDelta::days(MOST_DAYS);
        let end = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0));
        let end =
            end.and_then(|end| FixedOffset::east_opt(7 * 3600)?.from_local_datetime(&end).single());
        end.filter(|_| within).map(|end| end.to_utc()).ok_or_else(wrong)
    }
}

async fn page_of(
    office: &Office,
    page: Page,
    form: PauseForm,
    errors: Errors,
) -> Result<PausesPage, PageError> {
    let found = queries_pauses::list(&office.db, false).await?;
    let name = |code: &String| office.places.commune(code).map(|c| c.full_name.clone());
    let row = |pause: Pause| Row {
        names: pause.communes.iter().filter_map(name).collect::<Vec<_>>().join(", "),
        pause,
    };
    let home = office.places.home_communes();
    let tick = |code: &String| form.xa.contains(code);
    Ok(PausesPage {
        rows: found.into_iter().map(row).collect(),
        communes: home
            .into_iter()
            .map(|c| (c.code.clone(), c.full_name.clone(), tick(&c.code)))
            .collect(),
        page: page.in_section("operator-pauses"),
        form,
        errors,
    })
}

/// `GET /van-hanh/tam-dung-giao`
pub(in crate::delivery) async fn show(
    State(office): State<Office>,
    page: Page,
    _operator: Operator,
) -> Result<Html<PausesPage>, PageError> {
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&office, page, PauseForm::default(), errors).await?))
}

async fn refused(
    office: &Office,
    page: Page,
    sent: PauseForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let shown = page_of(office, page, sent, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
}

/// `POST /van-hanh/tam-dung-giao`: once, since each pause gives sellers its whole length.
pub(in crate::delivery) async fn begin(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<PauseForm>,
) -> Result<Response, PageError> {
    let sent = form.data;
    let mut errors = Errors::new(page.lang);
    let mut communes: Vec<String> =
        sent.xa.iter().filter(|code| office.places.commune(code).is_some()).cloned().collect();
    communes.sort_unstable();
    communes.dedup();
    errors.check(
        !communes.is_empty(),
        "xa",
        "Chọn ít nhất một xã, phường.",
        "Choose at least one commune.",
    );
    let (reason, reason_en) = (sent.ly_do.trim(), sent.ly_do_en.trim());
    errors.check(
        (5..=300).contains(&reason.chars().count()),
        "ly_do",
        "Ghi lý do, từ 5 đến 300 chữ; người mua và người bán đọc được.",
        "Give the reason in 5 to 300 characters; buyers and sellers read it.",
    );
    errors.check(
        reason_en.chars().count() <= 300,
        "ly_do_en",
        "Tối đa 300 chữ.",
        "At most 300 characters.",
    );
    let until = errors.take("den_ngay", sent.until(cx.now));
    let Some(until) = until.filter(|_| errors.is_empty()) else {
        return refused(&office, page, sent, errors).await;
    };
    let mut tx = office.db.begin().await?;
    let asked = (HERE, &form.raw[..]);
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &sent.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => {
            drop(tx);
            return refused(&office, page, sent, errors).await;
        }
    };
    let new = NewPause { communes: &communes, reason, reason_en, until };
    let id = pauses::begin(&mut tx, &cx, &new).await?;
    let detail = json!({ "communes": communes, "reason": reason, "until": until });
    audit::record(&mut tx, &cx, "delivery.pause", &format!("pause:{id}"), detail).await?;
    idempotency::settle(&mut tx, &once, HERE).await?;
    tx.commit().await?;
    office.notices.forget().await;
    let line = page.t("Đã tạm dừng giao tới các nơi đã chọn.", "Delivery there is paused.");
    Ok(go_with(&page, HERE, line))
}

/// `POST /van-hanh/tam-dung-giao/{id}/het`
pub(in crate::delivery) async fn end(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    _operator: Operator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = office.db.begin().await?;
    if !queries_pauses::end(&mut tx, &cx, id).await? {
        return Err(PageError::not_found());
    }
    audit::record(&mut tx, &cx, "delivery.end_pause", &format!("pause:{id}"), json!({})).await?;
    tx.commit().await?;
    office.notices.forget().await;
    Ok(go_with(&page, HERE, page.t("Giao hàng trở lại bình thường.", "Delivery is open again.")))
}
