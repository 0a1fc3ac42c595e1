//! What becomes of goods that did not go the straight way: lost, back with the seller, or arrived after the order ended.

use super::{
    error::OrderError,
    machine::OrderState,
    parcels::{Part, follow as follow_parcels, note_cash, worth},
    queries,
    read::{self, Order},
};
use crate::{
    delivery::{self, Parcel, ParcelState, Settled},
    kernel::{Cx, OrderId, SellerId, VariantId, Vnd, day_of},
    payments::{self, PaymentMethod},
    platform::{
        jobs::{Handler, JobError},
        rules,
    },
    stock,
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};

/// Under which note goods leave that the order did not take.
fn beside(parcel: &Parcel) -> String {
    format!("late:{}", parcel.code)
}

/// The part of a parcel's goods that the order still counts.
fn counted(parcel: &Parcel, out: bool) -> Vec<(VariantId, i64)> {
    let lines = parcel.lines.iter().filter(|line| line.out == out);
    lines.map(|line| (line.variant, line.quantity)).collect()
}

const fn is_over(state: OrderState) -> bool {
    matches!(state, OrderState::Delivered | OrderState::Completed | OrderState::Cancelled)
}

/// What is told after the order has ended still counts: cash that a carrier took, goods that arrived after they had
/// been given up, and goods that left after the order was cancelled.
pub(super) async fn follow(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), OrderError> {
    let Some(head) = queries::head(db, order).await? else { return Ok(()) };
    if !is_over(head.state) {
        return Ok(());
    }
    let parcels = delivery::parcels_of(db, order).await?;
    if head.payment == PaymentMethod::Cod {
        let carried: Vec<Parcel> =
            parcels.iter().filter(|p| p.carrier.is_network()).cloned().collect();
        note_cash(db, cx, order, &carried).await?;
    }
    let shipped = head.state != OrderState::Cancelled || stock::was_shipped(db, order).await?;
    for parcel in parcels.iter().filter(|parcel| parcel.is_gone()) {
        // Sent again: what left then has been taken off.
        let goods = match parcel.settled {
            Some(Settled::Resent) => Vec::new(),
            _ if shipped => counted(parcel, true),
            _ => [counted(parcel, true), counted(parcel, false)].concat(),
        };
        stock::have_left(db, cx, order, &beside(parcel), &goods).await?;
        if parcel.settled == Some(Settled::Refunded) && head.state != OrderState::Cancelled {
            due_again(db, cx, order, parcel).await?;
        }
    }
    Ok(())
}

/// What was given up as lost has arrived: it is due again, as far as it has not been given back.
async fn due_again(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    parcel: &Parcel,
) -> Result<(), OrderError> {
    let Some(whole) = read::by_id(db, order).await? else { return Ok(()) };
    let Some(intent) = payments::of_order(&mut *db, order).await? else { return Ok(()) };
    let open = payments::sums(&mut *db, intent.id).await?.refundable();
    let arrived = parcel.lines.iter().filter(|line| !line.out);
    let value: i64 = arrived
        .filter_map(|line| {
            let of = whole.lines.iter().find(|l| l.position == line.position)?;
            Some(worth(of, line.delivered.unwrap_or_default()).0)
        })
        .sum();
    let value = value.min(open.0);
    if value > 0 {
        let cause = format!("parcel:{}", parcel.code);
        payments::amend(db, cx, order, Vnd(value), &cause).await?;
    }
    Ok(())
}

/// The seller, or the clock, says what becomes of a lost parcel: its goods go out again, or are due no more.
pub(super) async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    parcel: &Parcel,
    how: Settled,
) -> Result<(), OrderError> {
    delivery::settle_lost(db, cx, parcel.id, how).await?;
    let goods = counted(parcel, false);
    match how {
        Settled::Resent => {
            let note = format!("again:{}", parcel.code);
            stock::leave_again(db, cx, order.head.id, &note, &goods).await?;
        }
        Settled::Refunded => {
            let gone: Vec<Part> =
                parcel.lines.iter().filter(|l| !l.out).map(|l| (l.position, l.quantity)).collect();
            owe(db, cx, order, parcel, &gone).await?;
        }
    }
    Ok(())
}

/// The seller has counted what came back of a parcel: goods to stock, and what the buyer no longer owes.
pub(super) async fn came_back(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    parcel: &Parcel,
    counts: &[Part],
) -> Result<(), OrderError> {
    let id = order.head.id;
    let mut back = delivery::came_back(db, cx, parcel, counts).await?;
    // Of a cancelled parcel the order took nothing, unless it left all the same.
    let elsewhere = parcel.lines.iter().any(|l| l.out) && parcel.settled != Some(Settled::Resent);
    if elsewhere && !stock::left_as(db, id, &beside(parcel)).await? {
        back.retain(|(variant, _)| {
            parcel.lines.iter().any(|line| line.variant == *variant && !line.out)
        });
    }
    stock::put_back(db, cx, id, &back).await?;
    let partly = parcel.state == ParcelState::PartlyDelivered;
    let gone = parcel.lines.iter().filter(|line| !line.out).map(|line| {
        let count = counts.iter().find(|(p, _)| *p == line.position).map_or(0, |(_, n)| *n);
        (line.position, if partly { count } else { line.quantity })
    });
    let gone: Vec<Part> = gone.collect();
    owe(db, cx, order, parcel, &gone).await
}

/// These parts of a parcel are due no more, once a parcel.
async fn owe(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    parcel: &Parcel,
    gone: &[Part],
) -> Result<(), OrderError> {
    let now = queries::head(db, order.head.id).await?.ok_or(OrderError::NotFound)?;
    // Of an order that is cancelled as a whole nothing is due any more.
    if now.state == OrderState::Cancelled {
        return Ok(());
    }
    let value = |(position, quantity): &Part| {
        let line = order.lines.iter().find(|line| line.position == *position);
        line.map_or(0, |line| worth(line, *quantity).0)
    };
    let less: i64 = gone.iter().map(value).sum();
    if less > 0 {
        let cause = format!("parcel:{}", parcel.code);
        payments::owe_refund(db, cx, order.head.id, Vnd(less), &cause).await?;
    }
    Ok(())
}

/// Settles parcels of which their sellers have said nothing for too long: what is lost is due no more; of what came
/// back nothing is fit for sale, and of what came in part the buyer has everything.
pub struct SettleParcels(pub PgPool);

/// How many one run settles.
const BATCH: i64 = 100;

#[async_trait]
impl Handler for SettleParcels {
    type Payload = ();
    const NAME: &'static str = "orders.settle_parcels";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.0.acquire().await?;
        let days = [("parcel.lost_days", 3), ("parcel.count_days", 7)];
        let [lost, back] = rules::values(&mut db, days, day_of(cx.now)).await?;
        let before = |days: i64| cx.now - TimeDelta::days(days.clamp(0, 3650));
        let all = delivery::unsettled(&mut db, (before(lost), before(back)), BATCH).await?;
        drop(db);
        for (order, seller, code) in all {
            // One that cannot be settled does not hold the others up.
            if let Err(error) = self.one(cx, order, seller, &code).await {
                tracing::error!(%order, parcel = code, %error, "a parcel could not be settled");
            }
        }
        Ok(())
    }
}

impl SettleParcels {
    async fn one(
        &self,
        cx: &Cx,
        order: OrderId,
        seller: SellerId,
        code: &str,
    ) -> Result<(), OrderError> {
        let mut tx = self.0.begin().await?;
        queries::hold(&mut tx, order).await?;
        let (Some(order), Some(parcel)) =
            (read::by_id(&mut tx, order).await?, delivery::parcel(&mut tx, seller, code).await?)
        else {
            return Ok(());
        };
        if parcel.awaits_word() {
            settle(&mut tx, cx, &order, &parcel, Settled::Refunded).await?;
        } else if parcel.state.may_come_back() && !parcel.counted {
            came_back(&mut tx, cx, &order, &parcel, &[]).await?;
        } else {
            return Ok(());
        }
        follow_parcels(&mut tx, cx, order.head.id).await?;
        Ok(tx.commit().await?)
    }
}
