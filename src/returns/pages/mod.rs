//! The pages of returns: what all readers share. One file each for the buyer, the seller and the mediators.

pub(super) mod buyer;
pub(super) mod edits;
pub(super) mod mediator;
pub(super) mod seller;

use super::{
    act::{Act, act},
    error::ReturnError,
    machine::{Actor, Event, Guard, TABLE},
    model::{Kind, Whole},
    queries_read::{self, Scope},
};
use crate::{
    kernel::{Cx, Errors, Lang, Text, Vnd, date_time},
    platform::files::Files,
    web::{AsProblem, Begun, Form, Page, PageError, begin_once, go_with},
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;
use uuid::Uuid;

/// What somebody presses on a return.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActForm {
    pub(super) key: String,
    /// The buyer's key to the order.
    pub(super) k: String,
    v: String,
    act: String,
    note: String,
    so_tien: String,
}

/// One thing that the reader can do now.
struct Deed {
    code: &'static str,
    label: String,
    /// What is asked in words; empty: nothing.
    asks: String,
    amount: bool,
    bad: bool,
    /// Fields that errors name.
    note_field: String,
    amount_field: String,
}

/// One entry of the history as a page shows it.
struct Past {
    mark: &'static str,
    title: String,
    at: String,
    words: String,
}

/// One return as a page shows it.
struct Shown {
    code: String,
    order_code: String,
    state: String,
    tone: &'static str,
    kind: String,
    wish: String,
    reason: String,
    since: String,
    due: String,
    lines: Vec<(String, String, String)>,
    delivery: String,
    full: String,
    granted: String,
    refund: String,
    reference: String,
    history: Vec<Past>,
    pictures: Vec<String>,
    deeds: Vec<Deed>,
    action: String,
    version: i32,
    /// The buyer's key to the order.
    k: String,
}

/// What is asked in words for a step.
fn asks(event: Event) -> Text {
    match event {
        Event::Send => Text::new(
            "Gửi bằng cách nào (đơn vị vận chuyển, mã vận đơn)",
            "How it was sent (carrier, tracking number)",
        ),
        Event::Refund => Text::new("Mã giao dịch hoàn tiền", "Reference of the refund"),
        Event::RefundPart => {
            Text::new("Lý do hoàn một phần và mã giao dịch", "Why only in part, and the reference")
        }
        Event::Replace => Text::new("Gửi hàng đổi bằng cách nào", "How the replacement was sent"),
        _ => Text::new("Lý do", "Reason"),
    }
}

fn deeds(whole: &Whole, reader: Actor, lang: Lang) -> Vec<Deed> {
    let case = &whole.case;
    let open = TABLE.iter().filter(|t| t.from == case.state && t.actor == reader);
    // Who ends the contract by law is neither refused nor given other goods.
    let unlawful = |t: &super::machine::Transition| {
        case.kind == Kind::Withdrawal
            && (t.guard == Guard::NoteUnlessLegal || t.event == Event::Replace)
    };
    let open = open.filter(|t| !unlawful(t));
    let deed = |t: &super::machine::Transition| {
        let asks = match t.guard {
            Guard::Nothing | Guard::Due => String::new(),
            _ => asks(t.event).get(lang).to_owned(),
        };
        Deed {
            code: t.event.code(),
            label: t.event.label().get(lang).to_owned(),
            asks,
            note_field: format!("note-{}", t.event.code()),
            amount_field: format!("so_tien-{}", t.event.code()),
            amount: t.guard == Guard::Amount,
            bad: matches!(
                t.event,
                Event::Reject | Event::Contest | Event::Withdraw | Event::RuleSeller
            ),
        }
    };
    open.map(deed).collect()
}

impl Shown {
    /// `action`: where its forms go; `query`: what its pictures' addresses end with.
    fn of(whole: &Whole, reader: Actor, lang: Lang, action: String, k: &str) -> Self {
        let case = &whole.case;
        let query = if k.is_empty() { String::new() } else { format!("?k={k}") };
        let entry = |(i, h): (usize, &super::model::Happened)| {
            let last = i + 1 == whole.history.len();
            let title = h.title().get(lang).to_owned();
            Past { mark: h.mark(last), title, at: h.when(), words: h.note.clone() }
        };
        let line = |l: &super::model::CaseLine| {
            (l.name.clone(), format!("{} {}", l.quantity, l.unit), l.amount.to_string())
        };
        let written = |amount: Vnd| if amount.0 > 0 { amount.to_string() } else { String::new() };
        Self {
            code: case.code.clone(),
            order_code: case.order_code.clone(),
            state: case.state.label().get(lang).to_owned(),
            tone: case.state.tone(),
            kind: case.kind.label().get(lang).to_owned(),
            wish: case.wish.label().get(lang).to_owned(),
            reason: case.reason.clone(),
            since: case.since(),
            due: case.due_at.map(date_time).unwrap_or_default(),
            lines: whole.lines.iter().map(line).collect(),
            delivery: written(case.delivery_refund),
            full: case.full().to_string(),
            granted: case.granted.to_string(),
            refund: case.refund.map(|r| r.to_string()).unwrap_or_default(),
            reference: case.reference.clone(),
            history: whole.history.iter().enumerate().map(entry).collect(),
            pictures: whole
                .pictures
                .iter()
                .map(|picture| format!("{action}/anh/{picture}{query}"))
                .collect(),
            deeds: deeds(whole, reader, lang),
            version: case.version,
            k: k.to_owned(),
            action,
        }
    }
}

/// What came of a press.
enum Pressed {
    /// It has moved; the caller records what is to be recorded, then commits.
    Moved(sqlx::PgTransaction<'static>, Response),
    /// Done before, by the same form.
    Already(Response),
    /// Shown again with what is wrong.
    Wrong(Errors),
}

/// Moves a return once per form.
async fn press(
    db: &PgPool,
    (cx, page): (&Cx, &Page),
    id: Uuid,
    actor: Actor,
    form: &Form<ActForm>,
    back: &str,
) -> Result<Pressed, PageError> {
    let sent = &form.data;
    let mut errors = Errors::new(page.lang);
    let Some(event) = Event::of(&sent.act).filter(|event| *event != Event::Elapse) else {
        let text = Text::new("Xin chọn một việc.", "Please choose what to do.");
        errors.add("act", text);
        return Ok(Pressed::Wrong(errors));
    };
    let mut tx = db.begin().await?;
    let route = format!("/tra-hang/{id}");
    let principal = format!("return:{id}:{}", actor.code());
    let asked = (route.as_str(), form.raw.as_ref());
    let once = match begin_once(&mut tx, cx, page.lang, principal, &sent.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(Pressed::Already(response)),
        Begun::Wrong(errors) => return Ok(Pressed::Wrong(errors)),
    };
    let note: String = sent.note.trim().chars().take(1000).collect();
    let (amount, seen) = (Vnd::read(&sent.so_tien), sent.v.parse().ok());
    let wanted = Act { event, actor, note: &note, amount, seen };
    match act(&mut tx, cx, id, &wanted).await {
        Ok(state) => {
            crate::platform::idempotency::settle(&mut tx, &once, back).await?;
            let line = state.label();
            Ok(Pressed::Moved(tx, go_with(page, back, line.get(page.lang))))
        }
        Err(error @ (ReturnError::Note | ReturnError::Amount)) => {
            let field = if matches!(error, ReturnError::Note) { "note" } else { "so_tien" };
            errors.add(format!("{field}-{}", event.code()), error.problem().title);
            Ok(Pressed::Wrong(errors))
        }
        Err(error) => Err(error.into()),
    }
}

fn id_of(typed: &str) -> Result<Uuid, PageError> {
    typed.parse().map_err(|_| PageError::not_found())
}

/// A picture of a return that was found in its reader's scope.
async fn picture(
    db: &PgPool,
    files: &Files,
    (case, id): (&str, &str),
    scope: Scope,
) -> Result<Response, PageError> {
    let (case, id) = (id_of(case)?, id_of(id)?);
    let mut db = db.acquire().await?;
    queries_read::find(&mut db, case, scope).await?.ok_or_else(PageError::not_found)?;
    let key = queries_read::picture(&mut db, case, id).await?.ok_or_else(PageError::not_found)?;
    let bytes = files.read(&key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    let headers =
        [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=600")];
    Ok((headers, bytes).into_response())
}
