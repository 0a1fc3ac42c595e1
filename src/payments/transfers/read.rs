//! What a seller sees of his reconciliation.

use super::line::State;
pub use super::queries::Shown;
use crate::{
    kernel::{IntentId, OrderId, SellerId, Vnd},
    payments::{IntentState, queries_events},
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// An order whose money does not come out even.
#[derive(Debug, Clone)]
pub struct Uneven {
    pub intent: IntentId,
    pub order: OrderId,
    pub memo: String,
    pub state: IntentState,
    pub amount: Vnd,
    pub paid: Vnd,
    /// Beyond what is due; negative: still to pay.
    pub balance: Vnd,
    pub created_at: DateTime<Utc>,
}

impl Uneven {
    /// What the seller has to give back.
    #[must_use]
    pub fn owed_back(&self) -> Vnd {
        Vnd(self.balance.0.max(0))
    }

    /// What the buyer has to pay.
    #[must_use]
    pub fn to_pay(&self) -> Vnd {
        Vnd(self.balance.0.min(0).saturating_neg())
    }
}

/// How much waits for a seller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Lines to decide.
    pub lines: i64,
    /// Orders with money to give back.
    pub to_refund: i64,
    /// Orders that are partly paid.
    pub partly: i64,
}

/// How many lines of each list are shown.
const MOST: i64 = 100;

/// Lines that wait for the seller's word.
///
/// # Errors
/// Whatever the database says.
pub async fn waiting_lines(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Shown>> {
    let states = [State::Review, State::Unknown, State::Outgoing];
    super::queries::list(db, seller, &states, MOST).await
}

/// One line of a seller.
///
/// # Errors
/// Whatever the database says.
pub async fn line(
    db: &mut PgConnection,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<Shown>> {
    super::queries::find(db, seller, id).await
}

/// Lines that are done with, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn done_lines(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Shown>> {
    let states = [State::Matched, State::Refund, State::Reversal, State::Ignored];
    super::queries::list(db, seller, &states, 30).await
}

/// Orders whose money does not come out even.
///
/// # Errors
/// Whatever the database says.
pub async fn uneven(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Uneven>> {
    queries_events::uneven(db, seller, MOST).await
}

/// How much waits for a seller.
///
/// # Errors
/// Whatever the database says.
pub async fn waiting(db: impl PgExecutor<'_>, seller: SellerId) -> sqlx::Result<Waiting> {
    queries_events::waiting(db, seller).await
}
