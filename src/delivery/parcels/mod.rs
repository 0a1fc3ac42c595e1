//! Parcels: what of an order goes out in one piece, by whom, and what was told of it.
//!
//! An order may go in several parcels; what lies in them is never more than was ordered
//! (`delivery.packed`). News of a parcel are only ever added; its state is the furthest of them ([`machine`]).
//!
//! ```text
//! created ─▶ awaiting_pickup ─▶ picked_up ─▶ in_transit ─▶ out_for_delivery ⇄ failed ─▶ delivered | partly_delivered
//! picked_up … failed ─▶ returning ─▶ returned        … ─▶ cancelled | lost
//! ```

mod change;
mod error;
mod events;
mod hear;
mod machine;
mod make;
mod model;
pub(super) mod queries;
pub(super) mod queries_carrier;
pub(super) mod queries_read;

pub use change::{
    arrive_all, ask_again, came_back, cancel_all, cancel_parcel, is_known, leave, leave_all,
    settle_lost,
};
pub use error::ParcelError;
pub use events::ParcelMoved;
pub use hear::{Fact, Heard, Source, hear};
pub use machine::{ParcelEvent, ParcelState};
pub use make::{Content, NewParcel, make};
pub use model::{AtCarrier, Parcel, ParcelId, ParcelLine, Party, Settled, Standing, Told};

use crate::kernel::{OrderId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;

/// All parcels of an order with their lines and news, oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn of_order(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Parcel>> {
    queries_read::of_order(db, order).await
}

/// One parcel of a seller by its code.
///
/// # Errors
/// Whatever the database says.
pub async fn find(
    db: &mut PgConnection,
    seller: SellerId,
    code: &str,
) -> sqlx::Result<Option<Parcel>> {
    queries_read::by_code(db, seller, code).await
}

/// How an order stands by its parcels.
///
/// # Errors
/// Whatever the database says.
pub async fn standing(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Standing> {
    queries::standing(db, order).await
}

/// Parcels that await their seller's word for too long: lost ones of which was heard before `lost`, and others whose
/// goods came back before `back` and were not counted. Order, seller, code.
///
/// # Errors
/// Whatever the database says.
pub async fn unsettled(
    db: &mut PgConnection,
    (lost, back): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> sqlx::Result<Vec<(OrderId, SellerId, String)>> {
    queries::unsettled(db, (lost, back), most).await
}

/// How many of each line of an order lie in parcels.
///
/// # Errors
/// Whatever the database says.
pub async fn packed(db: &mut PgConnection, order: OrderId) -> sqlx::Result<HashMap<i32, i64>> {
    queries::packed(db, order).await
}

/// How many of each line of an order have reached the buyer, as far as that is known.
///
/// # Errors
/// Whatever the database says.
pub async fn delivered(db: &mut PgConnection, order: OrderId) -> sqlx::Result<HashMap<i32, i64>> {
    queries::delivered(db, order).await
}
