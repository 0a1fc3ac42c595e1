//! What has happened, for those who keep books; and whether what is stored is what the events say.

use super::{
    model::PaymentMethod,
    queries_events,
    state::{Fact, IntentState, Sums},
};
use crate::kernel::{IntentId, OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};
use std::collections::HashMap;
use uuid::Uuid;

/// One event of an order's money.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: Uuid,
    pub seller: SellerId,
    pub noted_at: DateTime<Utc>,
    pub fact: Fact,
}

/// Everything that happened to the money of an order, as it was noted.
///
/// # Errors
/// Whatever the database says.
pub async fn told(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Told>> {
    queries_events::told(db, order).await
}

/// What is stored of an intent.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: IntentId,
    pub order: OrderId,
    pub method: PaymentMethod,
    pub state: IntentState,
    pub paid: Vnd,
    pub balance: Vnd,
}

/// An order whose stored payment is not what its events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub order: OrderId,
    pub stored: IntentState,
    pub derived: IntentState,
}

/// Derives some intents anew, in the order of their ids from `after` on. Gives those that are wrong, how many were
/// looked at, and where to go on; `None` at the end.
///
/// # Errors
/// Whatever the database says.
pub async fn check(
    db: &mut PgConnection,
    after: Option<Uuid>,
) -> sqlx::Result<(Vec<Wrong>, usize, Option<Uuid>)> {
    // States and events of one moment: what is noted meanwhile is no fault.
    let mut tx = db.begin().await?;
    queries_events::one_moment(&mut tx).await?;
    let stored = queries_events::stored(&mut tx, after.unwrap_or_default()).await?;
    let ids: Vec<Uuid> = stored.iter().map(|s| s.id.0).collect();
    let facts = queries_events::facts_of(&mut tx, &ids).await?;
    tx.commit().await?;
    let mut of: HashMap<IntentId, Vec<Fact>> = HashMap::with_capacity(stored.len());
    for (id, fact) in facts {
        of.entry(id).or_default().push(fact);
    }
    let mut wrong = Vec::new();
    for intent in &stored {
        let sums = Sums::of(of.get(&intent.id).into_iter().flatten());
        let derived = sums.state(intent.method);
        let same = derived == intent.state
            && sums.paid() == intent.paid
            && sums.balance() == intent.balance;
        if !same {
            wrong.push(Wrong { order: intent.order, stored: intent.state, derived });
        }
    }
    Ok((wrong, stored.len(), ids.last().copied()))
}
