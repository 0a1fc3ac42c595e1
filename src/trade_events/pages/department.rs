//! The Department makes events, takes shops in, and sees what came of it.

use crate::{
    kernel::{Cx, Errors, SellerId, Vnd, start_of_day},
    platform::{idempotency, spreadsheet},
    trade_events::{
        error::TradeError,
        events,
        forms::{EventForm, length},
        letters,
        model::{EventState, Kind},
        queries::{self, Event, Taking},
        queries_results::{self, ShopResult},
        routes::Deps,
        sign_up,
    },
    web::{AsProblem, Begun, Form, Html, Officer, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Days, Utc};
use serde::Deserialize;
use uuid::Uuid;

const HOME: &str = "/so-cong-thuong/su-kien";
const NEW: &str = "/so-cong-thuong/su-kien/moi";
const SECTION: &str = "department-events";
/// So long after the last day orders of people who met here are counted.
const COUNTS_FOR: Days = Days::new(90);

#[derive(Template)]
#[template(path = "trade_events/department_list.html")]
struct ListPage {
    page: Page,
    events: Vec<Event>,
}

/// `GET /so-cong-thuong/su-kien`
pub(in crate::trade_events) async fn list(
    State(deps): State<Deps>,
    page: Page,
    _: Officer,
) -> Result<Html<impl Template>, PageError> {
    let events = queries::all(&deps.db, true, (200, 0)).await?;
    Ok(Html(ListPage { page: page.in_section(SECTION), events }))
}

#[derive(Template)]
#[template(path = "trade_events/department_event.html")]
struct EventPage {
    page: Page,
    form: EventForm,
    kinds: Vec<(&'static str, String, String)>,
    errors: Errors,
    /// `None`: a new one.
    existing: Option<Existing>,
}

struct Existing {
    event: Event,
    shops: Vec<Taking>,
    results: Vec<ShopResult>,
    askers: i64,
}

impl Existing {
    fn sum(&self, of: fn(&ShopResult) -> i64) -> i64 {
        self.results.iter().map(of).sum()
    }

    fn asked(&self) -> i64 {
        self.sum(|r| r.asked)
    }

    fn held(&self) -> i64 {
        self.sum(|r| r.held)
    }

    fn orders(&self) -> i64 {
        self.sum(|r| r.orders)
    }

    fn requests(&self) -> i64 {
        self.sum(|r| r.requests)
    }

    fn value(&self) -> Vnd {
        Vnd(self.sum(|r| r.value.0))
    }

    fn told(&self) -> i64 {
        self.sum(|r| r.contacts + r.samples + r.quotes + r.told_orders)
    }
}

impl EventPage {
    fn is_open(&self) -> bool {
        self.existing.as_ref().is_none_or(|e| e.event.state != EventState::Cancelled)
    }
}

fn event_page(
    page: Page,
    form: EventForm,
    errors: Option<Errors>,
    existing: Option<Existing>,
) -> EventPage {
    let kind = |k: &Kind| (k.code(), k.label().get(page.lang).to_owned(), String::new());
    EventPage {
        kinds: Kind::ALL.iter().map(kind).collect(),
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        page: page.in_section(SECTION),
        form,
        existing,
    }
}

fn refused(page: EventPage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

fn span(event: &Event) -> (DateTime<Utc>, DateTime<Utc>) {
    (start_of_day(event.starts_on), start_of_day(event.ends_on + COUNTS_FOR))
}

async fn existing(deps: &Deps, id: &str) -> Result<Existing, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let event = queries::by_id(&deps.db, id).await?.ok_or_else(PageError::not_found)?;
    Ok(Existing {
        shops: queries::taking_part(&deps.db, id, true).await?,
        results: queries_results::by_shop(&deps.db, id, span(&event)).await?,
        askers: queries_results::askers(&deps.db, id).await?,
        event,
    })
}

/// `GET /so-cong-thuong/su-kien/moi`
pub(in crate::trade_events) async fn new(page: Page, _: Officer) -> Html<impl Template> {
    let form = EventForm {
        key: page.new_key(),
        loai: Kind::MatchingDay.code().to_owned(),
        to_chuc: page.t("Sở Công Thương", "Department of Industry and Trade").to_owned(),
        ..EventForm::default()
    };
    Html(event_page(page, form, None, None))
}

/// `POST /so-cong-thuong/su-kien/moi`
pub(in crate::trade_events) async fn make(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    Form { data: form, raw }: Form<EventForm>,
) -> Result<Response, PageError> {
    let new = match form.check(page.lang, &cx, true) {
        Ok(new) => new,
        Err(errors) => return Ok(refused(event_page(page, form, Some(errors), None))),
    };
    let mut tx = deps.db.begin().await?;
    let route = (NEW, raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &form.key, route).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(refused(event_page(page, form, Some(errors), None))),
    };
    let id = events::make(&mut tx, &cx, viewer.id.0, &new).await?;
    let to = format!("{HOME}/{id}");
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    let (vi, en) = (
        "Đã lưu bản nháp. Xem lại rồi bấm “Công bố”.",
        "The draft is saved. Look it over, then publish it.",
    );
    Ok(go_with(&page, &to, page.t(vi, en)))
}

/// `GET /so-cong-thuong/su-kien/{id}`
pub(in crate::trade_events) async fn show(
    State(deps): State<Deps>,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let existing = existing(&deps, &id).await?;
    let form = EventForm::of(&existing.event, page.new_key());
    Ok(Html(event_page(page, form, None, Some(existing))))
}

/// `POST /so-cong-thuong/su-kien/{id}`
pub(in crate::trade_events) async fn change(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<EventForm>,
) -> Result<Response, PageError> {
    let existing = existing(&deps, &id).await?;
    let id = existing.event.id;
    let new = match form.check(page.lang, &cx, false) {
        Ok(new) => new,
        Err(errors) => return Ok(refused(event_page(page, form, Some(errors), Some(existing)))),
    };
    let version = form.ban.parse().unwrap_or(0);
    let mut tx = deps.db.begin().await?;
    match events::change(&mut tx, &cx, (id, version), &new).await {
        Ok(()) => tx.commit().await?,
        Err(error @ TradeError::Stale) => {
            let mut errors = Errors::new(page.lang);
            errors.add("ten", error.problem().title);
            return Ok(refused(event_page(page, form, Some(errors), Some(existing))));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(go_with(&page, &format!("{HOME}/{id}"), page.t("Đã lưu.", "It is saved.")))
}

/// Publishing or cancelling.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct StepForm {
    act: String,
    gian: String,
    ly_do: String,
}

/// `POST /so-cong-thuong/su-kien/{id}/buoc`
pub(in crate::trade_events) async fn step(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    let existing = existing(&deps, &id).await?;
    let id = existing.event.id;
    let to = format!("{HOME}/{id}");
    let mut tx = deps.db.begin().await?;
    if form.act == "publish" {
        events::publish(&mut tx, &cx, id).await?;
        tx.commit().await?;
        return Ok(go_with(&page, &to, page.t("Đã công bố.", "It is published.")));
    }
    let mut errors = Errors::new(page.lang);
    errors.check(form.act == "cancel", "ly_do", "Xin chọn một việc.", "Please choose.");
    length(&mut errors, "ly_do", &form.ly_do, (3, 300));
    if !errors.is_empty() {
        drop(tx);
        let typed = EventForm::of(&existing.event, page.new_key());
        return Ok(refused(event_page(page, typed, Some(errors), Some(existing))));
    }
    events::cancel(&mut tx, &cx, id, form.ly_do.trim()).await?;
    let (sellers, people) = queries::concerned(&mut tx, id).await?;
    let event = queries::by_id(&mut *tx, id).await?.ok_or_else(PageError::not_found)?;
    letters::event_cancelled(&mut tx, &cx, &deps.site, &event, (&sellers, &people)).await?;
    tx.commit().await?;
    let (vi, en) = ("Đã hủy và báo cho mọi người.", "It is cancelled; everybody is told.");
    Ok(go_with(&page, &to, page.t(vi, en)))
}

/// `POST /so-cong-thuong/su-kien/{id}/gian-hang`: a shop is taken in or refused.
pub(in crate::trade_events) async fn decide(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    let existing = existing(&deps, &id).await?;
    let id = existing.event.id;
    let seller: SellerId = form.gian.parse().map_err(|_| PageError::not_found())?;
    let accept = form.act == "accept";
    let mut errors = Errors::new(page.lang);
    errors.check(accept || form.act == "refuse", "ly_do", "Xin chọn.", "Please choose.");
    if !accept {
        length(&mut errors, "ly_do", &form.ly_do, (3, 300));
    }
    if !errors.is_empty() {
        let typed = EventForm::of(&existing.event, page.new_key());
        return Ok(refused(event_page(page, typed, Some(errors), Some(existing))));
    }
    let mut tx = deps.db.begin().await?;
    let word = (viewer.id.0, accept, form.ly_do.trim());
    sign_up::decide(&mut tx, &cx, &deps.site, (id, seller), word).await?;
    tx.commit().await?;
    let (vi, en) = ("Đã trả lời gian hàng.", "The shop is answered.");
    Ok(go_with(&page, &format!("{HOME}/{id}"), page.t(vi, en)))
}

/// `GET /so-cong-thuong/su-kien/{id}/ket-qua.csv`
pub(in crate::trade_events) async fn results(
    State(deps): State<Deps>,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let existing = existing(&deps, &id).await?;
    let header = [
        page.t("Gian hàng", "Shop"),
        page.t("Lời hẹn", "Asked"),
        page.t("Đã hẹn", "Agreed"),
        page.t("Đã gặp", "Held"),
        page.t("Giữ liên lạc (gian hàng báo)", "Contacts (as told)"),
        page.t("Gửi mẫu (gian hàng báo)", "Samples (as told)"),
        page.t("Báo giá (gian hàng báo)", "Quotes (as told)"),
        page.t("Có đơn (gian hàng báo)", "Orders (as told)"),
        page.t("Đơn hoàn tất (sàn đo)", "Completed orders (measured)"),
        page.t("Giá trị, đồng (sàn đo)", "Value in đồng (measured)"),
        page.t("Yêu cầu báo giá (sàn đo)", "Requests for quotation (measured)"),
    ];
    let row = |r: &ShopResult| {
        let figures = [
            r.asked,
            r.agreed,
            r.held,
            r.contacts,
            r.samples,
            r.quotes,
            r.told_orders,
            r.orders,
            r.value.0,
            r.requests,
        ];
        let figures = figures.iter().map(i64::to_string);
        std::iter::once(r.shop.clone()).chain(figures).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = existing.results.iter().map(row).collect();
    let bytes = spreadsheet::to_csv(&header, &rows).map_err(PageError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.csv\"", existing.event.slug),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
