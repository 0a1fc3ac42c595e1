//! The desk from which an event is run: the Department's, or that of an organisation for its own events.

use crate::{
    kernel::{Errors, OrgId, Vnd, start_of_day},
    organisations::{OrgRole, OrgScope, OrgState},
    trade_events::{
        error::TradeError,
        forms::EventForm,
        model::{EventState, Kind},
        queries::{self, Event},
        queries_results::{self, ShopResult},
        queries_sign_ups::{self, Taking},
        routes::Deps,
    },
    web::{Html, Page, PageError, Viewer},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

/// So long after the last day orders of people who met here are counted.
const COUNTS_FOR: Days = Days::new(90);

/// Whose desk it is.
pub(super) enum Desk {
    Department(Viewer),
    Host(Box<OrgScope>),
}

impl Desk {
    /// An administrator's desk of an organisation that may run events.
    pub(super) fn of_host(scope: OrgScope) -> Result<Self, PageError> {
        scope.needs(OrgRole::Administrator)?;
        if scope.state != OrgState::Verified {
            return Err(TradeError::Unverified.into());
        }
        Ok(Self::Host(Box::new(scope)))
    }

    pub(super) const fn home(&self) -> &'static str {
        match self {
            Self::Department(_) => "/so-cong-thuong/su-kien",
            Self::Host(_) => "/to-chuc/su-kien",
        }
    }

    pub(super) fn by(&self) -> Uuid {
        match self {
            Self::Department(officer) => officer.id.0,
            Self::Host(scope) => scope.person.0,
        }
    }

    pub(super) fn host(&self) -> Option<OrgId> {
        match self {
            Self::Department(_) => None,
            Self::Host(scope) => Some(scope.org),
        }
    }

    /// One event of this desk: the Department sees what is proposed or its own, an organisation what it runs.
    async fn event(&self, deps: &Deps, id: &str) -> Result<Event, PageError> {
        let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
        let event = queries::by_id(&deps.db, id).await?.ok_or_else(PageError::not_found)?;
        let seen = match self {
            Self::Department(_) => {
                event.host.is_none()
                    || event.proposed_at.is_some()
                    || event.state != EventState::Draft
            }
            Self::Host(scope) => event.host == Some(scope.org),
        };
        if seen { Ok(event) } else { Err(PageError::not_found()) }
    }
}

/// An event with what came of it.
pub(super) struct Existing {
    pub(super) event: Event,
    shops: Vec<Taking>,
    pub(super) results: Vec<ShopResult>,
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

/// What an event's page shows on either desk.
struct Shown {
    home: &'static str,
    by_department: bool,
    form: EventForm,
    kinds: Vec<(&'static str, String, String)>,
    errors: Errors,
    /// `None`: a new one.
    existing: Option<Existing>,
}

impl Shown {
    fn is(&self, state: EventState) -> bool {
        self.existing.as_ref().is_some_and(|e| e.event.state == state)
    }

    fn is_proposed(&self) -> bool {
        self.existing.as_ref().is_some_and(|e| e.event.proposed_at.is_some())
    }

    /// What the Department has in hand or has published an organisation does not change under its feet.
    fn may_edit(&self) -> bool {
        if self.by_department {
            !self.is(EventState::Cancelled)
        } else {
            self.existing.is_none() || (self.is(EventState::Draft) && !self.is_proposed())
        }
    }

    fn may_cancel(&self) -> bool {
        self.existing.is_some() && !self.is(EventState::Cancelled)
    }
}

#[derive(Template)]
#[template(path = "trade_events/department_event.html")]
struct DepartmentEvent {
    page: Page,
    at: Shown,
}

#[derive(Template)]
#[template(path = "trade_events/host_event.html")]
struct HostEvent {
    page: Page,
    scope: OrgScope,
    at: Shown,
}

fn answer(
    desk: Desk,
    page: Page,
    status: StatusCode,
    (form, errors): (EventForm, Option<Errors>),
    existing: Option<Existing>,
) -> Response {
    let kind = |k: &Kind| (k.code(), k.label().get(page.lang).to_owned(), String::new());
    let at = Shown {
        home: desk.home(),
        by_department: desk.host().is_none(),
        kinds: Kind::ALL.iter().map(kind).collect(),
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        form,
        existing,
    };
    match desk {
        Desk::Department(_) => {
            let page = page.in_section("department-events");
            (status, Html(DepartmentEvent { page, at })).into_response()
        }
        Desk::Host(scope) => {
            let page = page.in_section("org-events");
            (status, Html(HostEvent { page, scope: *scope, at })).into_response()
        }
    }
}

/// The form again, as it was typed, with what is wrong with it.
pub(super) fn refused(
    desk: Desk,
    page: Page,
    typed: EventForm,
    errors: Errors,
    existing: Option<Existing>,
) -> Response {
    answer(desk, page, StatusCode::UNPROCESSABLE_ENTITY, (typed, Some(errors)), existing)
}

fn span(event: &Event) -> (DateTime<Utc>, DateTime<Utc>) {
    (start_of_day(event.starts_on), start_of_day(event.ends_on + COUNTS_FOR))
}

/// The event of an address, with what came of it.
pub(super) async fn existing(deps: &Deps, desk: &Desk, id: &str) -> Result<Existing, PageError> {
    let event = desk.event(deps, id).await?;
    Ok(Existing {
        shops: queries_sign_ups::taking_part(&deps.db, event.id, true).await?,
        results: queries_results::by_shop(&deps.db, event.id, span(&event)).await?,
        askers: queries_results::askers(&deps.db, event.id).await?,
        event,
    })
}

/// An empty form.
pub(super) fn new(desk: Desk, page: Page) -> Response {
    let organiser = match &desk {
        Desk::Department(_) => page.t("Sở Công Thương", "Department of Industry and Trade"),
        Desk::Host(scope) => &scope.name,
    };
    let form = EventForm {
        key: page.new_key(),
        loai: Kind::MatchingDay.code().to_owned(),
        to_chuc: organiser.to_owned(),
        ..EventForm::default()
    };
    answer(desk, page, StatusCode::OK, (form, None), None)
}

/// The event as it is.
pub(super) async fn show(
    deps: &Deps,
    desk: Desk,
    page: Page,
    id: &str,
) -> Result<Response, PageError> {
    let existing = existing(deps, &desk, id).await?;
    let form = EventForm::of(&existing.event, page.new_key());
    Ok(answer(desk, page, StatusCode::OK, (form, None), Some(existing)))
}
