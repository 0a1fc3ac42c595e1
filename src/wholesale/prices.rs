//! Prices of one customer, of a group, or of all customers.

use super::{error::WholesaleError, queries, queries_customers, units::Unit};
use crate::{
    catalogue,
    kernel::{Cx, Day, OrgId, SellerId, VariantId, Vnd},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// A seller has at most so many.
const MOST_PRICES: i64 = 20_000;

/// For which of his customers a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    All,
    Group(Uuid),
    One(OrgId),
}

impl Whom {
    pub(super) const fn keys(self) -> (Option<Uuid>, Option<OrgId>) {
        match self {
            Self::All => (None, None),
            Self::Group(group) => (Some(group), None),
            Self::One(org) => (None, Some(org)),
        }
    }

    pub(super) fn of(group: Option<Uuid>, org: Option<OrgId>) -> Self {
        match (group, org) {
            (Some(group), _) => Self::Group(group),
            (None, Some(org)) => Self::One(org),
            (None, None) => Self::All,
        }
    }
}

/// A price as the seller gives it, in pieces.
#[derive(Debug, Clone)]
pub struct NewPrice {
    pub variant: VariantId,
    pub whom: Whom,
    /// From so many pieces on.
    pub min_quantity: i64,
    /// Of one piece.
    pub price: Vnd,
    /// The unit in which he named it; empty: pieces.
    pub unit: String,
    pub valid_from: Day,
    /// The last day.
    pub valid_to: Option<Day>,
}

/// Gives customers a price.
///
/// # Errors
/// [`WholesaleError::NotFound`] when goods, group or customer are not this seller's; [`WholesaleError::Full`].
pub async fn add_price(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    new: &NewPrice,
) -> Result<Uuid, WholesaleError> {
    catalogue::own_variant(db, seller, new.variant).await?.ok_or(WholesaleError::NotFound)?;
    let known = match new.whom {
        Whom::All => true,
        Whom::Group(group) => {
            queries_customers::groups(db, seller).await?.iter().any(|g| g.id == group)
        }
        Whom::One(org) => queries_customers::customer(db, seller, org).await?.is_some(),
    };
    if !known {
        return Err(WholesaleError::NotFound);
    }
    if queries::count_prices(db, seller).await? >= MOST_PRICES {
        return Err(WholesaleError::Full);
    }
    let id = cx.new_id();
    queries::insert_price(db, cx, id, seller, new).await?;
    let detail = json!({ "variant": new.variant, "price": new.price, "from": new.min_quantity });
    audit::record(db, cx, "wholesale.price", &format!("price:{id}"), detail).await?;
    Ok(id)
}

/// Takes a price out; orders that have it keep it.
///
/// # Errors
/// [`WholesaleError::NotFound`] when it is not this seller's.
pub(super) async fn drop_price(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> Result<(), WholesaleError> {
    let was = queries::delete_price(db, seller, id).await?.ok_or(WholesaleError::NotFound)?;
    audit::record(db, cx, "wholesale.price_out", &format!("price:{id}"), was).await?;
    Ok(())
}

/// The unit called so among these and the piece itself.
pub(super) fn unit_called(units: &[Unit], piece: &str, name: &str) -> Option<Unit> {
    let own = Unit::piece(piece);
    if name.trim().is_empty() || own.is_called(name) {
        return Some(own);
    }
    units.iter().find(|unit| unit.is_called(name)).cloned()
}
