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
    let name = id.to_string();
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
    queries::allocate(db, cx, id, intent, line.amount, note).await.map_err(PaymentError::from)
}
