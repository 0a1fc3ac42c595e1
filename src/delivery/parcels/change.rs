//! What happens to all parcels of an order at once, and what the seller counts when goods are back.

use super::{
    error::ParcelError,
    hear::{Fact, Source, hear},
    machine::{ParcelEvent, ParcelState},
    model::{AtCarrier, Parcel, ParcelId, Settled},
    queries, queries_carrier,
};
use crate::{
    delivery::jobs,
    kernel::{Cx, OrderId, VariantId},
    platform::jobs::enqueue,
};
use sqlx::PgConnection;

/// Everything that has not left leaves now.
///
/// # Errors
/// Whatever the database says.
pub async fn leave_all(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    tracking: &str,
) -> Result<(), ParcelError> {
    for (id, state) in queries::states(db, order).await? {
        if state.is_here() {
            queries::set_tracking(db, id, tracking).await?;
            let fact = Fact::now(cx, Source::Seller, ParcelEvent::PickUp, tracking);
            hear(db, cx, id, &fact).await?;
        }
    }
    Ok(())
}

/// One parcel leaves now: the seller says so.
///
/// # Errors
/// [`ParcelError::NotFound`], or whatever the database says.
pub async fn leave(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    tracking: &str,
) -> Result<(), ParcelError> {
    queries::set_tracking(db, id, tracking).await?;
    hear(db, cx, id, &Fact::now(cx, Source::Seller, ParcelEvent::PickUp, tracking)).await?;
    Ok(())
}

/// Everything that is under way has reached the buyer: the seller or the buyer says so.
///
/// # Errors
/// Whatever the database says.
pub async fn arrive_all(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    source: Source,
) -> Result<(), ParcelError> {
    for (id, state) in queries::states(db, order).await? {
        if state.is_here() || state.is_under_way() {
            hear(db, cx, id, &Fact::now(cx, source, ParcelEvent::Deliver, "")).await?;
        }
    }
    Ok(())
}

/// Nothing of the order leaves any more: carriers who know of parcels are told by a job.
///
/// # Errors
/// Whatever the database says.
pub async fn cancel_all(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    source: Source,
    note: &str,
) -> Result<(), ParcelError> {
    for (id, state) in queries::states(db, order).await? {
        if state.is_here() {
            cancel(db, cx, id, source, note).await?;
        }
    }
    Ok(())
}

/// One parcel that has not left is taken back by the seller.
///
/// # Errors
/// [`ParcelError::Moved`] when it has left.
pub async fn cancel_parcel(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    note: &str,
) -> Result<(), ParcelError> {
    cancel(db, cx, id, Source::Seller, note).await
}

/// The carrier is asked once more about a parcel that he refused, or that he does not have: the seller has looked.
///
/// # Errors
/// Whatever the database says.
pub async fn ask_again(db: &mut PgConnection, cx: &Cx, id: ParcelId) -> Result<(), ParcelError> {
    queries_carrier::set_at(db, id, AtCarrier::Wanted, "", cx.now).await?;
    let key = format!("ship:{id}:{}", cx.new_id());
    enqueue(db, cx, jobs::SHIP, &key, &jobs::About { parcel: id }).await?;
    Ok(())
}

/// The seller has looked: the carrier has it, under this number.
///
/// # Errors
/// [`ParcelError::Amounts`] for what cannot be a number.
pub async fn is_known(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    number: &str,
) -> Result<(), ParcelError> {
    let sound = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !(4..=40).contains(&number.len()) || !number.chars().all(sound) {
        return Err(ParcelError::Amounts);
    }
    queries_carrier::set_known(db, id, number, None, None).await?;
    hear(db, cx, id, &Fact::now(cx, Source::Seller, ParcelEvent::AwaitPickup, "")).await?;
    Ok(())
}

async fn cancel(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    source: Source,
    note: &str,
) -> Result<(), ParcelError> {
    let head = queries::lock(db, id).await?.ok_or(ParcelError::NotFound)?;
    if !head.state.is_here() {
        return Err(ParcelError::Moved(head.state));
    }
    match head.at_carrier {
        // The carrier may have it: it is cancelled here when he says that it is cancelled there.
        AtCarrier::Known | AtCarrier::Asking | AtCarrier::Cancelling => {
            queries_carrier::set_at(db, id, AtCarrier::Cancelling, "", cx.now).await?;
            let key = format!("cancel:{id}");
            enqueue(db, cx, jobs::CANCEL, &key, &jobs::About { parcel: id }).await?;
            Ok(())
        }
        AtCarrier::None | AtCarrier::Wanted | AtCarrier::Unclear | AtCarrier::Refused => {
            queries_carrier::set_at(db, id, AtCarrier::None, "", cx.now).await?;
            hear(db, cx, id, &Fact::now(cx, source, ParcelEvent::Cancel, note)).await.map(|_| ())
        }
    }
}

/// What becomes of a parcel that was lost, once: its goods can be packed anew, or are given up.
///
/// # Errors
/// [`ParcelError::Moved`] unless it is lost and nothing has been said of it.
pub async fn settle_lost(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    how: Settled,
) -> Result<(), ParcelError> {
    let head = queries::lock(db, id).await?.ok_or(ParcelError::NotFound)?;
    if !queries::set_settled(db, id, how, cx.now).await? {
        return Err(ParcelError::Moved(head.state));
    }
    if how == Settled::Resent {
        queries::take_out(db, id).await?;
    }
    Ok(())
}

/// The seller says what came back of a parcel, once: position and number, whole again. Returns what goes to stock.
///
/// # Errors
/// [`ParcelError::Moved`] where nothing can have come back, or it was counted before;
/// [`ParcelError::TooMany`] when more would come back than went out.
pub async fn came_back(
    db: &mut PgConnection,
    cx: &Cx,
    parcel: &Parcel,
    counts: &[(i32, i64)],
) -> Result<Vec<(VariantId, i64)>, ParcelError> {
    let head = queries::lock(db, parcel.id).await?.ok_or(ParcelError::NotFound)?;
    if !head.state.may_come_back() || !queries::set_counted(db, parcel.id, cx.now).await? {
        return Err(ParcelError::Moved(head.state));
    }
    let mut back = Vec::new();
    for line in &parcel.lines {
        let count = counts.iter().find(|(position, _)| *position == line.position);
        let count = count.map_or(0, |(_, count)| *count);
        if !(0..=line.quantity).contains(&count) {
            return Err(ParcelError::TooMany);
        }
        let partly = head.state == ParcelState::PartlyDelivered;
        let delivered = if partly { line.quantity - count } else { 0 };
        let of = (parcel.id, line.position);
        queries::set_back(db, of, delivered, count).await.map_err(ParcelError::of_packing)?;
        if count > 0 {
            back.push((line.variant, count));
        }
    }
    Ok(back)
}
