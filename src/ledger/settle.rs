//! The operator notes that a seller has paid the commission.

use super::{
    month::Month,
    queries_fees::{self, Settlement},
};
use crate::kernel::{Cx, Day, SellerId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

/// What the operator notes.
pub(super) struct Paid<'a> {
    pub seller: SellerId,
    /// All that was open at its end is paid.
    pub month: &'a Month,
    /// What the operator saw on his page: what it is.
    pub amount: Vnd,
    pub on: Day,
    pub evidence: &'a str,
}

/// Why it was not noted.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSettled {
    #[error("nothing is open")]
    Nothing,
    #[error("the month is not over")]
    NotOver,
    /// So much is open by now.
    #[error("another amount is open: {0}")]
    Changed(Vnd),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Books that a seller has paid all the commission that was open at the end of a month, order by order. What is
/// returned later is open again, with the other sign, in the month in which that happens.
///
/// # Errors
/// See [`NotSettled`]. The same twice: the second finds nothing open.
pub(super) async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    paid: &Paid<'_>,
) -> Result<Uuid, NotSettled> {
    if !paid.month.is_over(cx.now) {
        return Err(NotSettled::NotOver);
    }
    let before = paid.month.span.1;
    queries_fees::hold(db, paid.seller, before).await?;
    if queries_fees::is_covered(&mut *db, paid.seller, paid.month.first).await? {
        return Err(NotSettled::Nothing);
    }
    let open = queries_fees::open_of_orders(db, paid.seller, before).await?;
    let amount: i64 = open.iter().map(|(_, owed)| owed).sum();
    if amount == 0 {
        return Err(NotSettled::Nothing);
    }
    if amount != paid.amount.0 {
        return Err(NotSettled::Changed(Vnd(amount)));
    }
    let settlement = Settlement {
        id: cx.new_id(),
        month: paid.month.first,
        amount,
        orders: i32::try_from(open.len()).unwrap_or(i32::MAX),
        paid_on: paid.on,
        evidence: paid.evidence.to_owned(),
        noted_at: cx.now,
    };
    queries_fees::settle(db, cx, paid.seller, &settlement, &open).await?;
    Ok(settlement.id)
}
