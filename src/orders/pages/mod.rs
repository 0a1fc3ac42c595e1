//! The pages of orders: the buyer's, the seller's, and papers to print.

pub(super) mod buyer;
pub(super) mod export;
pub(super) mod firm;
pub(super) mod lookup;
pub(super) mod papers;
pub(super) mod parcels;
pub(super) mod pay;
pub(super) mod seller;

use super::{
    act::{Act, act},
    error::OrderError,
    machine::{ActorKind, OrderEvent, OrderState},
    queries,
    read::Order,
};
use crate::{
    delivery,
    kernel::{Cx, OrderId},
    platform::idempotency::{self, Claim, Once},
    web::{Html, Page, PageError, Problem, go_with},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::PgConnection;

/// The order stands elsewhere by now.
#[derive(Template)]
#[template(path = "orders/moved.html")]
struct MovedPage {
    page: Page,
    code: String,
    state: OrderState,
    back: String,
}

/// One press of a button on an order's page or in a list.
struct Press<'a> {
    order: OrderId,
    code: &'a str,
    actor: ActorKind,
    events: &'a [OrderEvent],
    note: &'a str,
    /// The version on the page from which it came.
    seen: Option<i32>,
    /// Where to go then.
    back: &'a str,
}

/// What came of a press.
enum Pressed {
    /// Now; the caller commits.
    Moved(OrderState),
    /// Before, by the same form.
    Already,
    /// Not: the answer says why.
    Refused(Box<Response>),
}

/// Moves the order once per form, however often it is sent.
async fn press(
    db: &mut PgConnection,
    cx: &Cx,
    page: &Page,
    once: &Once,
    press: &Press<'_>,
) -> Result<Pressed, PageError> {
    match idempotency::claim(db, cx, once).await? {
        Claim::First => {}
        Claim::Again(_) => return Ok(Pressed::Already),
        Claim::Misused => return Err(misused()),
    }
    let (mut seen, mut state) = (press.seen, None);
    for event in press.events {
        let wanted = Act { event: *event, actor: press.actor, note: press.note, seen };
        match act(db, cx, press.order, &wanted).await {
            Ok(now) => state = Some(now),
            Err(OrderError::Moved(now)) => {
                let (code, back) = (press.code.to_owned(), press.back.to_owned());
                let shown = Html(MovedPage { page: page.clone(), code, state: now, back });
                let answer = (StatusCode::CONFLICT, shown).into_response();
                return Ok(Pressed::Refused(Box::new(answer)));
            }
            Err(error) => return Err(error.into()),
        }
        seen = seen.map(|version| version + 1);
    }
    idempotency::settle(db, once, press.back).await?;
    state.map(Pressed::Moved).ok_or_else(misused)
}

/// Why and until when nothing is brought to where the order goes, while it is still to be brought.
async fn paused(
    db: &mut PgConnection,
    page: &Page,
    order: &Order,
) -> Result<Option<(String, String)>, PageError> {
    let waits = !matches!(
        order.head.state,
        OrderState::Delivered | OrderState::Completed | OrderState::Cancelled
    );
    if !waits {
        return Ok(None);
    }
    let Some(commune) = queries::commune(db, order.head.id).await? else { return Ok(None) };
    let pauses = delivery::pauses(db).await?;
    let here = pauses.iter().find(|pause| pause.communes.contains(&commune));
    Ok(here.map(|pause| (pause.why(&page.lang).to_owned(), pause.until())))
}

fn misused() -> PageError {
    PageError(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "orders/misused",
        "Biểu mẫu này không còn dùng được; xin mở lại trang đơn hàng.",
        "This form can no longer be used; please reload the order's page.",
    ))
}

/// A key that is none.
fn bad_key(text: crate::kernel::Text) -> PageError {
    PageError(Problem { status: StatusCode::UNPROCESSABLE_ENTITY, code: "orders/key", title: text })
}

/// Sends the reader back with a line about the new state.
fn moved_on(page: &Page, to: &str, code: &str, state: OrderState) -> Response {
    let label = state.label();
    let line = format!("{} {code}: {}", page.t("Đơn hàng", "Order"), label.get(page.lang));
    go_with(page, to, &line)
}

/// Only a place on this site; anything else leads to `otherwise`.
fn local<'a>(asked: &'a str, otherwise: &'a str) -> &'a str {
    let rest = asked.strip_prefix('/');
    let fits = rest.is_some_and(|r| !r.starts_with(['/', '\\'])) && asked.len() < 2000;
    if fits && !asked.chars().any(|c| c.is_control() || !c.is_ascii()) { asked } else { otherwise }
}
