//! What the checkout asks while a clerk orders for somebody.

use super::{error::AssistedError, model::Villager, queries};
use crate::{
    kernel::{Cx, PersonId},
    orders::Placed,
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Whom the visit of this token is for.
///
/// # Errors
/// [`AssistedError::Ended`] unless it is this clerk's and goes on.
pub async fn villager(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: PersonId,
    token: Uuid,
) -> Result<Villager, AssistedError> {
    let visit = queries::open_visit(db, clerk, cx.now).await?;
    let visit = visit.filter(|visit| visit.token == token).ok_or(AssistedError::Ended)?;
    Ok(visit.villager)
}

/// Marks the orders of a checkout as assisted and ends the visit: where the clerk goes on to.
///
/// # Errors
/// [`AssistedError::Ended`] unless the visit is this clerk's, he is still a clerk, and it goes on. The
/// transaction must then be rolled back.
pub async fn ordered(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: PersonId,
    token: Uuid,
    placed: &Placed,
) -> Result<String, AssistedError> {
    let visit = queries::close(db, clerk, token, cx.now).await?.ok_or(AssistedError::Ended)?;
    let orders: Vec<(Uuid, String)> =
        placed.orders.iter().map(|order| (order.id.0, order.code.clone())).collect();
    queries::insert_orders(db, visit, &placed.group_code, &orders, cx.now).await?;
    let codes: Vec<&String> = orders.iter().map(|(_, code)| code).collect();
    let detail = json!({ "visit": visit, "orders": codes });
    audit::record(db, cx, "assisted.order", &format!("group:{}", placed.group_code), detail)
        .await?;
    Ok(format!("/diem-ho-tro/lan-dat/{}", placed.group_code))
}
