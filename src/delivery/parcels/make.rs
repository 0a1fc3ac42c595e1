//! A part of an order is put into a parcel.

use super::{
    error::ParcelError,
    model::{ParcelId, Party},
    queries,
};
use crate::{
    delivery::{carriers::CarrierKind, jobs},
    kernel::{Cx, OrderId, SellerId, VariantId, Vnd, code_from},
    platform::jobs::enqueue,
};
use sqlx::PgConnection;

/// What goes out in one piece.
#[derive(Debug, Clone)]
pub struct NewParcel {
    pub order: OrderId,
    pub order_code: String,
    pub seller: SellerId,
    pub carrier: CarrierKind,
    pub from: Party,
    pub to: Party,
    pub weight_g: i32,
    /// To be collected at the door.
    pub cod: Vnd,
    /// What the contents are worth.
    pub goods: Vnd,
    /// For whoever brings it.
    pub note: String,
    pub contents: Vec<Content>,
}

/// A part of one line of the order.
#[derive(Debug, Clone)]
pub struct Content {
    pub position: i32,
    pub variant: VariantId,
    pub name: String,
    pub unit: String,
    pub quantity: i64,
    /// How many the order has.
    pub ordered: i64,
}

/// Heaviest thing that we put a number on: ten tonnes.
const MOST_G: i32 = 10_000_000;

/// Makes a parcel in the caller's transaction; one that a carrier brings is told to him afterwards, by a job.
///
/// # Errors
/// [`ParcelError::TooMany`] when more would be packed than was ordered: the transaction must then be rolled
/// back; [`ParcelError::Amounts`].
pub async fn make(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewParcel,
) -> Result<ParcelId, ParcelError> {
    let counts = new.contents.iter().all(|c| c.quantity > 0 && c.ordered > 0);
    let fits = (1..=MOST_G).contains(&new.weight_g) && new.cod.0 >= 0 && new.goods.0 >= 0;
    if new.contents.is_empty() || !counts || !fits {
        return Err(ParcelError::Amounts);
    }
    // A code that is taken is one chance in 10¹³; the transaction then fails and is tried again.
    let id = ParcelId(cx.new_id());
    let code = code_from(id.0);
    queries::insert(db, cx, id, &code, new).await.map_err(ParcelError::of_packing)?;
    if new.carrier.is_network() {
        let key = format!("ship:{id}");
        enqueue(db, cx, jobs::SHIP, &key, &jobs::About { parcel: id }).await?;
    }
    Ok(id)
}
