//! The seller proposes fewer goods before packing; it counts when the buyer accepts.

use super::{
    error::ReturnError,
    events::EditMoved,
    queries_edits::{self, Edit, FreshEdit},
    times::Times,
};
use crate::{
    kernel::{Cx, OrderId, SellerId},
    orders::{self, Order},
    platform::outbox,
};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The buyer agrees: the order changes.
    Accept,
    /// He does not: the order stays as it is.
    Decline,
    /// The seller takes it back.
    Withdraw,
    /// Nobody answered in time.
    Lapse,
}

impl Answer {
    /// The word in the database.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Withdraw => "withdrawn",
            Self::Lapse => "lapsed",
        }
    }
}

async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    (edit, order, seller): (Uuid, OrderId, SellerId),
    state: &str,
) -> sqlx::Result<()> {
    outbox::publish(db, cx, &EditMoved { edit, order, seller, state: state.to_owned() }).await
}

/// Proposes these quantities by position for `order`, which was found in its seller's scope.
///
/// # Errors
/// [`ReturnError::Note`] without a reason; [`ReturnError::Edit`] when another proposal waits; what [`orders::amended`]
/// says.
pub async fn propose(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    wanted: &BTreeMap<i32, i64>,
    reason: &str,
) -> Result<Uuid, ReturnError> {
    if reason.trim().is_empty() {
        return Err(ReturnError::Note);
    }
    let amendment = orders::amended(order, wanted)?;
    let due = Times::on(db, cx).await?.edit_due(cx.now);
    let id = cx.new_id();
    let reason = reason.trim();
    let fresh = FreshEdit { id, order, amendment: &amendment, reason, due };
    if !queries_edits::insert(db, cx, &fresh).await? {
        return Err(ReturnError::Edit);
    }
    tell(db, cx, (id, order.head.id, order.head.seller), "proposed").await?;
    Ok(id)
}

/// Answers a proposal of `order` once, in the caller's transaction. Where the order has moved on since, nothing can
/// be accepted any more.
///
/// # Errors
/// [`ReturnError::NotFound`] when no such proposal waits; what [`orders::amend`] says.
pub async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    edit: Uuid,
    answer: Answer,
) -> Result<(), ReturnError> {
    let found = queries_edits::decide(db, cx, edit, order.head.id, answer).await?;
    let found = found.ok_or(ReturnError::NotFound)?;
    if answer == Answer::Accept {
        let wanted: BTreeMap<i32, i64> =
            found.lines.iter().map(|line| (line.position, line.after)).collect();
        let amendment = orders::amended(order, &wanted)?;
        let note = changes(&found);
        orders::amend(db, cx, order.head.id, found.order_version, &amendment, &note).await?;
    }
    tell(db, cx, (edit, order.head.id, order.head.seller), answer.code()).await?;
    Ok(())
}

/// `Cà phê 5 → 3 gói`, one after the other.
pub(super) fn changes(edit: &Edit) -> String {
    let line =
        |l: &queries_edits::EditLine| format!("{}: {} → {} {}", l.name, l.before, l.after, l.unit);
    edit.lines.iter().map(line).collect::<Vec<_>>().join("; ")
}
