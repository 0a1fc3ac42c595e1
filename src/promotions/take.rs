//! What `checkout` asks and `orders` takes. All run in the caller's transaction.

use super::{
    forms::Valid,
    model::{Refusal, Voucher},
    queries,
};
use crate::kernel::{Cx, OrderId, PersonId, SellerId, Vnd, VoucherId, day_of};
use sqlx::PgConnection;

/// The codes that a buyer has chosen, one a seller.
#[derive(Debug)]
pub struct Wanted<'a> {
    pub codes: &'a [(SellerId, String)],
    pub person: Option<PersonId>,
    /// E.164; empty where it is not known yet.
    pub phone: &'a str,
}

/// A voucher, and how often the buyer uses it now.
#[derive(Debug, Clone)]
pub struct Weighed {
    pub voucher: Voucher,
    pub turns: i64,
}

/// What is offered openly today by these sellers.
///
/// # Errors
/// Whatever the database says.
pub async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    sellers: &[SellerId],
) -> sqlx::Result<Vec<Voucher>> {
    queries::offered(db, sellers, day_of(cx.now)).await
}

/// The vouchers behind these codes; what is not among the answers does not exist.
///
/// # Errors
/// Whatever the database says.
pub async fn weigh(db: &mut PgConnection, wanted: &Wanted<'_>) -> sqlx::Result<Vec<Weighed>> {
    if wanted.codes.is_empty() { Ok(Vec::new()) } else { queries::weighed(db, wanted).await }
}

/// One use of a voucher by an order that has just been written.
#[derive(Debug)]
pub struct Take<'a> {
    pub voucher: VoucherId,
    pub order: OrderId,
    pub seller: SellerId,
    pub person: Option<PersonId>,
    /// E.164.
    pub phone: &'a str,
    /// Goods before the discount.
    pub goods: Vnd,
    pub discount: Vnd,
}

/// Counts the use, if the voucher still counts for this order. However many ask at once, none of its limits is passed.
///
/// # Errors
/// The inner one says why it does not count; the transaction must then be rolled back.
pub async fn take(
    db: &mut PgConnection,
    cx: &Cx,
    take: &Take<'_>,
) -> sqlx::Result<Result<(), Refusal>> {
    let day = day_of(cx.now);
    if !queries::count_use(db, take, day).await? {
        let found = queries::find(db, take.seller, take.voucher).await?;
        // What has become free again in between counts as used up all the same: the buyer is asked again.
        let why = found.map(|voucher| voucher.judge(take.goods, day, 0));
        return Ok(Err(match why {
            Some(Err(refusal)) => refusal,
            Some(Ok(_)) => Refusal::UsedUp,
            None => Refusal::Unknown,
        }));
    }
    if queries::insert_use(db, cx, take).await? {
        return Ok(Ok(()));
    }
    let found = queries::find(db, take.seller, take.voucher).await?;
    Ok(Err(Refusal::YourTurns(found.and_then(|v| v.buyer_limit).unwrap_or_default())))
}

/// The order is cancelled or has lapsed: its use comes back. A second call does nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn give_back(db: &mut PgConnection, cx: &Cx, order: OrderId) -> sqlx::Result<()> {
    queries::give_back(db, cx, order).await
}

/// Opens a voucher; `None` when the seller has one of this code.
///
/// # Errors
/// Whatever the database says.
pub async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    new: &Valid,
) -> sqlx::Result<Option<VoucherId>> {
    let id = VoucherId(cx.new_id());
    Ok(queries::insert(db, cx, seller, id, new).await?.then_some(id))
}
