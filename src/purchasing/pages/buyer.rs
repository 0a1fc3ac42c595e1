//! The buying firm's pages: its purchase orders, and one of them with what it can do.

use super::{
    super::{
        act, deliver,
        lists::{self, Sheet},
        machine::{Deed, Side},
        model::PoState,
        read::{Scope, Whole},
        routes::Deps,
    },
    ActForm, Asked, Pressed, Tab, account, begin, end, found, tabs,
};
use crate::{
    kernel::{Cx, Day, Errors, day_of},
    organisations::{OrgRole, OrgScope},
    web::{Form, Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

const HERE: &str = "/to-chuc/don-mua";
const SECTION: &str = "org-purchases";

#[derive(Template)]
#[template(path = "purchasing/buyer_list.html")]
struct ListPage {
    page: Page,
    scope: OrgScope,
    tabs: Vec<Tab>,
    sheet: Sheet,
    older: String,
}

/// `GET /to-chuc/don-mua`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let sheet = lists::sheet(&mut db, Scope::Buyer(scope.org), asked.state(), &asked.sau).await?;
    let tabs = tabs(HERE, asked.state(), page.lang);
    let older = asked.older(HERE, &sheet.next);
    Ok(Html(ListPage { page: page.in_section(SECTION), scope, tabs, sheet, older }))
}

#[derive(Template)]
#[template(path = "purchasing/buyer_show.html")]
struct ShowPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    whole: Whole,
    today: Day,
    base: String,
    may_act: bool,
    form: ActForm,
}

impl ShowPage {
    fn is(&self, state: PoState) -> bool {
        self.whole.head.state == state
    }

    fn typed(&self, prefix: &str, position: i32, usual: String) -> String {
        self.form.rest.get(&format!("{prefix}-{position}")).cloned().unwrap_or(usual)
    }
}

pub(super) async fn shown(
    deps: &Deps,
    (cx, page, scope): (&Cx, Page, OrgScope),
    number: &str,
    (errors, form): (Errors, ActForm),
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let whole = found(&mut db, number, Scope::Buyer(scope.org)).await?;
    let base = format!("{HERE}/{}", whole.head.number);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let may_act = scope.has(OrgRole::Requester);
    let (page, today) = (page.in_section(SECTION), day_of(cx.now));
    let shown = ShowPage { page, scope, errors, whole, today, base, may_act, form };
    Ok((status, Html(shown)).into_response())
}

/// `GET /to-chuc/don-mua/{number}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, (&cx, page, scope), &number, (errors, ActForm::default())).await
}

/// `POST /to-chuc/don-mua/{number}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(number): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let whole = found(&mut *deps.db.acquire().await?, &number, Scope::Buyer(scope.org)).await?;
    scope.needs(OrgRole::Requester)?;
    match press(&deps, (&cx, &page), &whole, &form).await? {
        Pressed::Done(response) => Ok(response),
        Pressed::Wrong(errors) => {
            shown(&deps, (&cx, page, scope), &number, (errors, form.data)).await
        }
    }
}

async fn press(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    whole: &Whole,
    form: &Form<ActForm>,
) -> Result<Pressed, PageError> {
    let (head, sent) = (&whole.head, &form.data);
    let back = format!("{HERE}/{}", head.number);
    let mut errors = Errors::new(page.lang);
    let received = sent.quantities("rv", &mut errors);
    if !errors.is_empty() {
        return Ok(Pressed::Wrong(errors));
    }
    let begun = match begin(deps, (cx, page), &sent.key, (&back, &form.raw)).await? {
        Ok(begun) => begun,
        Err(pressed) => return Ok(pressed),
    };
    let (mut tx, once) = begun;
    let account = account(&mut tx, deps, head.seller).await?;
    let (at, note) = ((head.id, sent.seen()), sent.note.as_str());
    let say = |deed| (Side::Buyer, deed);
    let outcome = match sent.act.as_str() {
        "withdraw" => act::say(&mut tx, cx, at, say(Deed::Withdraw), note).await,
        "ask_cancel" => act::say(&mut tx, cx, at, say(Deed::AskCancel), note).await,
        "agree_cancel" => act::say(&mut tx, cx, at, say(Deed::AgreeCancel), note).await,
        "keep_on" => act::say(&mut tx, cx, at, say(Deed::KeepOn), note).await,
        "receive" => {
            let which = (head.id, sent.nth()?);
            deliver::receive(&mut tx, cx, which, &received, note, account.as_ref()).await
        }
        "accept" => deliver::accept(&mut tx, cx, at, note, account.as_ref()).await,
        _ => return Err(PageError::not_found()),
    };
    let line = page.t("Đã ghi nhận.", "It is noted.");
    end((tx, once), page, &back, (outcome, line)).await
}
