//! The nightly proof that the books are right.

use super::{post, queries, queries_tax};
use crate::{
    kernel::{Cx, OrderId},
    payments,
    platform::db,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// What the newest check has found.
#[derive(Debug, Clone)]
pub struct Checked {
    pub at: DateTime<Utc>,
    pub orders: i64,
    /// One line a fault; empty: everything is right.
    pub wrong: Vec<String>,
}

impl Checked {
    /// Whether somebody must look: a fault, or no check for two days.
    #[must_use]
    pub fn alarms(&self, now: DateTime<Utc>) -> bool {
        !self.wrong.is_empty() || now - self.at > TimeDelta::days(2)
    }
}

/// The newest check; `None` before the first night.
///
/// # Errors
/// Whatever the database says.
pub async fn last_check(db: impl PgExecutor<'_>) -> sqlx::Result<Option<Checked>> {
    let found = queries::last_check(db).await?;
    Ok(found.map(|(at, orders, wrong)| Checked { at, orders, wrong }))
}

/// Faults beyond these say no more.
const MOST: usize = 50;

/// Opens books that are missing, then proves: every entry and all of them add up to zero; what is stored of each
/// payment is what its events say; what the books say is owed is what the payment says; what the tax ledger withholds is
/// what the books owe the State. Keeps what it finds.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn run(db: &PgPool, cx: &Cx) -> sqlx::Result<Checked> {
    catch_up(db, cx).await?;
    let mut wrong = Vec::new();
    let mut orders = 0;
    let mut after = None;
    loop {
        let mut conn = db.acquire().await?;
        let (bad, looked_at, next) = payments::check(&mut conn, after).await?;
        drop(conn);
        orders += i64::try_from(looked_at).unwrap_or(0);
        for one in bad {
            let (stored, derived) = (one.stored.code(), one.derived.code());
            wrong.push(format!(
                "order {}: payment is {stored}, its events say {derived}",
                one.order
            ));
        }
        match next {
            Some(id) => after = Some(id),
            None => break,
        }
    }
    let mut long = db::begin_long(db).await?;
    let sum = queries::total(&mut *long).await?;
    if sum != 0 {
        wrong.push(format!("all postings add up to {sum}"));
    }
    let unbalanced = queries::unbalanced(&mut *long).await?;
    wrong.extend(unbalanced.iter().map(|id| format!("entry {id} does not add up to zero")));
    let misplaced = queries::misplaced(&mut *long).await?;
    wrong.extend(
        misplaced.iter().map(|id| format!("order {id}: what stands open is not its postings")),
    );
    let mistaxed = queries_tax::mistaxed(&mut *long).await?;
    wrong.extend(
        mistaxed.iter().map(|id| format!("order {id}: the tax ledger and the books differ")),
    );
    // News may still be on its way: booked now, and looked at again. What differs only then has just happened.
    let late = queries::unlike(&mut *long).await?;
    long.commit().await?;
    for id in &late {
        book(db, cx, OrderId(*id)).await?;
    }
    if !late.is_empty() {
        let mut long = db::begin_long(db).await?;
        let unlike = queries::unlike(&mut *long).await?;
        long.commit().await?;
        let still = unlike.iter().filter(|id| late.contains(id));
        wrong.extend(still.map(|id| format!("order {id}: books and payment differ")));
    }
    wrong.truncate(MOST);
    if !wrong.is_empty() {
        tracing::error!(?wrong, "the books are not right");
    }
    let mut conn = db.acquire().await?;
    queries::insert_check(&mut conn, cx, orders, &wrong).await?;
    Ok(Checked { at: cx.now, orders, wrong })
}

/// Orders of before the books, and those whose news were lost.
async fn catch_up(db: &PgPool, cx: &Cx) -> sqlx::Result<()> {
    let mut after = Uuid::nil();
    loop {
        let some = queries::unopened(db, after, 200).await?;
        let Some(last) = some.last().copied() else { return Ok(()) };
        for id in some {
            book(db, cx, OrderId(id)).await?;
        }
        after = last;
    }
}

async fn book(db: &PgPool, cx: &Cx, order: OrderId) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    post::post(&mut tx, cx, order).await?;
    tx.commit().await
}
