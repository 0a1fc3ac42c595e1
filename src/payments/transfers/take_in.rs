//! A line of the bank comes in.

use super::{
    line::{Direction, Line, State, Why},
    matching::{self, Known, Verdict},
    memo, queries,
};
use crate::{
    kernel::{Cx, IntentId, SellerId},
    payments::{EventKind, NewEvent, PaymentError, VND, record},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It pays an order.
    Matched,
    /// The seller is to look.
    Waits,
    /// It was there already.
    Known,
    /// It does not concern the floor.
    Foreign,
}

/// Keeps a line of a seller's account once, however it comes and however often, and counts it for the order that
/// it names. All in the caller's transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn take_in(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    line: &Line,
) -> Result<Taken, PaymentError> {
    hold(db, seller).await?;
    let known = known(db, seller, line).await?;
    let verdict = matching::judge(line, &known);
    let (state, why, intent) = match verdict {
        Verdict::Pays(intent) => (State::Matched, Why::Nothing, Some(intent)),
        Verdict::Look(state, why, intent) => (state, why, intent),
        Verdict::Foreign => return Ok(Taken::Foreign),
    };
    let id = cx.new_id();
    if !queries::insert(db, cx, seller, (id, line), (state, why, intent)).await? {
        queries::seen_again(db, seller, line).await?;
        return Ok(Taken::Known);
    }
    let Verdict::Pays(intent) = verdict else { return Ok(Taken::Waits) };
    count(db, cx, (id, line), intent, EventKind::TransferMatched, "").await?;
    Ok(Taken::Matched)
}

/// Whoever takes lines of a seller in or decides them does so one after another: batches name orders and lines in any
/// order, and would wait for each other in a circle. Held until the transaction ends; twice is once.
///
/// # Errors
/// Whatever the database says.
pub(in crate::payments) async fn hold(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<()> {
    queries::hold(db, seller).await
}

async fn known(db: &mut PgConnection, seller: SellerId, line: &Line) -> sqlx::Result<Known> {
    let memos = memo::whole(&line.content);
    let named = match memos.is_empty() {
        true => Vec::new(),
        false => queries::named(db, seller, &memos).await?,
    };
    if line.direction == Direction::Out {
        let names_transfer = queries::names_transfer(db, seller, line).await?;
        return Ok(Known { named, names_transfer, ..Known::default() });
    }
    let open = match named.is_empty() {
        true => queries::open_of_amount(db, seller, line.amount).await?,
        false => Vec::new(),
    };
    let twin = queries::has_twin(db, seller, line, &named).await?;
    Ok(Known { named, open, twin, names_transfer: false })
}

/// Counts a kept line for an intent; the line's row names the event.
pub(super) async fn count(
    db: &mut PgConnection,
    cx: &Cx,
    (id, line): (Uuid, &Line),
    intent: IntentId,
    kind: EventKind,
    note: &str,
) -> Result<(), PaymentError> {
    let nth = queries::next_count(db, id).await?;
    let name = event_name(id, nth);
    let event = NewEvent {
        intent,
        kind,
        amount: line.amount,
        currency: VND,
        provider: "bank",
        provider_event_id: &name,
        at: line.at,
        note,
    };
    record(db, cx, &event).await?;
    let counted = queries::Count { transfer: id, nth, intent, amount: line.amount.0 };
    queries::allocate(db, cx, &counted, note).await.map_err(PaymentError::from)
}

/// The name of the event by which a line is counted, or taken back, for the nth time.
pub(super) fn event_name(id: Uuid, nth: i32) -> String {
    if nth == 1 { id.to_string() } else { format!("{id}:{nth}") }
}
