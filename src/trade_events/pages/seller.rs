//! A shop signs up for events and answers who wants to meet it.

use crate::{
    enterprises::{self, SellerScope},
    kernel::{Cx, Errors, day_of},
    trade_events::{
        error::TradeError,
        forms::AnswerForm,
        meet,
        model::{EventState, Outcome, SignUpState},
        queries::{self, Event},
        queries_meetings::{self as q, Meeting, Side},
        queries_sign_ups,
        routes::Deps,
        sign_up::{sign_up as put_up, withdraw},
    },
    web::{AsProblem, Form, Html, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

const HOME: &str = "/ban-hang/su-kien";
const SECTION: &str = "seller-events";

#[derive(Template)]
#[template(path = "trade_events/seller_list.html")]
struct ListPage {
    page: Page,
    events: Vec<(Event, Option<SignUpState>)>,
    meetings: Vec<Meeting>,
}

/// `GET /ban-hang/su-kien`
pub(in crate::trade_events) async fn list(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let events = queries::published_soon(&deps.db, day_of(cx.now), 100).await?;
    let own = queries_sign_ups::sign_ups_of(&deps.db, scope.seller).await?;
    let of = |e: &Event| own.iter().find(|(id, _)| *id == e.id).map(|(_, state)| *state);
    let events = events.into_iter().map(|e| (of(&e), e)).map(|(state, e)| (e, state)).collect();
    let meetings = q::of(&deps.db, None, Side::Seller(scope.seller)).await?;
    Ok(Html(ListPage { page: page.in_section(SECTION), events, meetings }))
}

/// Which event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct Which {
    sk: String,
}

#[derive(Template)]
#[template(path = "trade_events/seller_event.html")]
struct EventPage {
    page: Page,
    event: Event,
    state: Option<SignUpState>,
    reason: String,
    shows: String,
    can_sign_up: bool,
    is_open: bool,
    meetings: Vec<Meeting>,
    errors: Errors,
}

async fn event_page(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    slug: &str,
    typed: Option<(String, Errors)>,
) -> Result<EventPage, PageError> {
    let event = queries::by_slug(&deps.db, slug).await?.ok_or_else(PageError::not_found)?;
    let own = queries_sign_ups::own_sign_up(&deps.db, event.id, scope.seller).await?;
    let (state, shows, reason) = match own {
        Some((state, shows, reason)) => (Some(state), shows, reason),
        None => (None, String::new(), String::new()),
    };
    let in_time = day_of(cx.now) <= event.sign_up_until && event.state == EventState::Published;
    let undecided = !matches!(state, Some(SignUpState::Accepted | SignUpState::Refused));
    let is_open = enterprises::is_selling(&mut *deps.db.acquire().await?, scope.seller).await?;
    let meetings = q::of(&deps.db, Some(event.id), Side::Seller(scope.seller)).await?;
    let (shows, errors) = typed.unwrap_or_else(|| (shows, Errors::new(page.lang)));
    Ok(EventPage {
        page: page.in_section(SECTION),
        can_sign_up: in_time && undecided,
        is_open,
        event,
        state,
        reason,
        shows,
        meetings,
        errors,
    })
}

/// `GET /ban-hang/su-kien/tham-gia?sk=`
pub(in crate::trade_events) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(which): Query<Which>,
) -> Result<Html<impl Template>, PageError> {
    Ok(Html(event_page(&deps, &cx, page, &scope, &which.sk, None).await?))
}

/// What the shop brings, or that it does not come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct SignUpForm {
    sk: String,
    mang_den: String,
    act: String,
}

/// `POST /ban-hang/su-kien/tham-gia`
pub(in crate::trade_events) async fn sign_up(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, .. }: Form<SignUpForm>,
) -> Result<Response, PageError> {
    let event = queries::by_slug(&deps.db, &form.sk).await?.ok_or_else(PageError::not_found)?;
    let to = format!("{HOME}/tham-gia?sk={}", event.slug);
    let mut tx = deps.db.begin().await?;
    if form.act == "withdraw" {
        withdraw(&mut tx, &cx, event.id, scope.seller).await?;
        tx.commit().await?;
        return Ok(go_with(&page, &to, page.t("Đã rút đăng ký.", "You have withdrawn.")));
    }
    let mut errors = Errors::new(page.lang);
    errors.length("mang_den", &form.mang_den, (5, 500));
    errors.check(
        enterprises::is_selling(&mut tx, scope.seller).await?,
        "mang_den",
        "Gian hàng đang bán trên sàn mới đăng ký được; hồ sơ của bạn chưa được duyệt hoặc đang tạm ngừng.",
        "Only shops that sell on the floor sign up; yours is not admitted, or suspended.",
    );
    if errors.is_empty() {
        let who = (scope.seller, scope.person.0);
        match put_up(&mut tx, &cx, event.id, who, form.mang_den.trim()).await {
            Ok(()) => {
                tx.commit().await?;
                let (vi, en) = (
                    "Đã gửi đăng ký; ban tổ chức trả lời qua thư.",
                    "You have signed up; the organiser answers by mail.",
                );
                return Ok(go_with(&page, &to, page.t(vi, en)));
            }
            Err(error @ (TradeError::TooLate | TradeError::Stale)) => {
                errors.add("mang_den", error.problem().title);
            }
            Err(error) => return Err(error.into()),
        }
    }
    drop(tx);
    let typed = Some((form.mang_den, errors));
    let again = event_page(&deps, &cx, page, &scope, &form.sk, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
}

#[derive(Template)]
#[template(path = "trade_events/meeting.html")]
struct MeetingPage {
    page: Page,
    meeting: Meeting,
    results: Vec<(&'static str, String, String)>,
    form: AnswerForm,
    errors: Errors,
}

fn meeting_page(page: Page, meeting: Meeting, form: AnswerForm, errors: Errors) -> MeetingPage {
    let result = |r: &Outcome| (r.code(), r.label().get(page.lang).to_owned(), String::new());
    let results = Outcome::ALL.iter().map(result).collect();
    MeetingPage { page: page.in_section(SECTION), meeting, results, form, errors }
}

async fn own(deps: &Deps, scope: &SellerScope, id: &str) -> Result<Meeting, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let found = q::find(&deps.db, id, Side::Seller(scope.seller)).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/su-kien/hen/{id}`
pub(in crate::trade_events) async fn meeting(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let meeting = own(&deps, &scope, &id).await?;
    let errors = Errors::new(page.lang);
    Ok(Html(meeting_page(page, meeting, AnswerForm::default(), errors)))
}

/// `POST /ban-hang/su-kien/hen/{id}`
pub(in crate::trade_events) async fn answer(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<AnswerForm>,
) -> Result<Response, PageError> {
    let meeting = own(&deps, &scope, &id).await?;
    let refused = |page, meeting, form, errors| {
        let again = Html(meeting_page(page, meeting, form, errors));
        (StatusCode::UNPROCESSABLE_ENTITY, again).into_response()
    };
    let (event, answer) = match form.check(page.lang, &cx) {
        Ok(read) => read,
        Err(errors) => return Ok(refused(page, meeting, form, errors)),
    };
    let mut tx = deps.db.begin().await?;
    let step = (meeting.id, Side::Seller(scope.seller), event);
    match meet::answer(&mut tx, &cx, &deps.site, step, &answer).await {
        Ok(()) => tx.commit().await?,
        Err(error @ TradeError::SlotTaken) => {
            let mut errors = Errors::new(page.lang);
            errors.add("luc", error.problem().title);
            return Ok(refused(page, meeting, form, errors));
        }
        Err(error) => return Err(error.into()),
    }
    let to = format!("{HOME}/hen/{}", meeting.id);
    Ok(go_with(&page, &to, page.t("Đã ghi nhận.", "It is noted.")))
}
