//! The SQL statements that read returns whole and list them.

use super::{
    machine::{Actor, State},
    model::{Case, CaseLine, Happened, Kind, Whole, Wish},
};
use crate::kernel::{OrderId, SellerId, Vnd};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// In whose scope a return is looked for; elsewhere it does not exist.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// Of an order that was found in its buyer's scope.
    Order(OrderId),
    Seller(SellerId),
    /// What was disputed at some time.
    Mediator,
    /// The system itself.
    Anywhere,
}

/// One return in somebody's scope.
pub(super) async fn find(
    db: &mut PgConnection,
    id: Uuid,
    scope: Scope,
) -> sqlx::Result<Option<Whole>> {
    let (order, seller, mediator, anywhere) = match scope {
        Scope::Order(order) => (Some(order.0), None, false, false),
        Scope::Seller(seller) => (None, Some(seller.0), false, false),
        Scope::Mediator => (None, None, true, false),
        Scope::Anywhere => (None, None, false, true),
    };
    let case = sqlx::query_as!(
        Case,
        r#"select id, code, order_id as "order: OrderId", order_code, seller_id as "seller: SellerId",
                  kind as "kind: Kind", wish as "wish: Wish", reason, state as "state: State", version,
                  due_at, goods_refund as "goods_refund: Vnd", delivery_refund as "delivery_refund: Vnd",
                  granted as "granted: Vnd", owed as "owed: Vnd", refund as "refund: Vnd", reference, requested_at
           from returns.cases c
           where id = $1 and (order_id = $2 or seller_id = $3 or $5
                 or ($4 and exists (select from returns.events e where e.case_id = c.id and e.to_state = 'disputed')))"#,
        id,
        order,
        seller,
        mediator,
        anywhere,
    )
    .fetch_optional(&mut *db)
    .await?;
    let found = wholes(db, case.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

/// These returns with their lines, histories and pictures, in the order given: three statements however many.
async fn wholes(db: &mut PgConnection, cases: Vec<Case>) -> sqlx::Result<Vec<Whole>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = cases.iter().map(|case| case.id).collect();
    let lines = sqlx::query!(
        r#"select case_id, name, unit, quantity, amount as "amount: Vnd" from returns.lines
           where case_id = any($1) order by case_id, position"#,
        &ids
    )
    .fetch_all(&mut *db)
    .await?;
    let history = sqlx::query!(
        r#"select case_id, at, actor_kind as "actor: Actor", event, to_state as "to: State", note, version
           from returns.events where case_id = any($1) order by case_id, version"#,
        &ids
    )
    .fetch_all(&mut *db)
    .await?;
    let pictures = sqlx::query!(
        "select case_id, id from returns.pictures where case_id = any($1) order by case_id, position",
        &ids
    )
    .fetch_all(db)
    .await?;
    let mut all: Vec<Whole> = cases.into_iter().map(Whole::new).collect();
    let places: HashMap<Uuid, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    for r in lines {
        let line = CaseLine { name: r.name, unit: r.unit, quantity: r.quantity, amount: r.amount };
        all[places[&r.case_id]].lines.push(line);
    }
    for r in history {
        let (at, actor, event, to) = (r.at, r.actor, r.event, r.to);
        let happened = Happened { at, actor, event, to, note: r.note, version: r.version };
        all[places[&r.case_id]].history.push(happened);
    }
    for r in pictures {
        all[places[&r.case_id]].pictures.push(r.id);
    }
    Ok(all)
}

/// All returns of an order, the latest first.
pub(super) async fn of_order(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Whole>> {
    let cases = sqlx::query_as!(
        Case,
        r#"select id, code, order_id as "order: OrderId", order_code, seller_id as "seller: SellerId",
                  kind as "kind: Kind", wish as "wish: Wish", reason, state as "state: State", version,
                  due_at, goods_refund as "goods_refund: Vnd", delivery_refund as "delivery_refund: Vnd",
                  granted as "granted: Vnd", owed as "owed: Vnd", refund as "refund: Vnd", reference, requested_at
           from returns.cases where order_id = $1 order by requested_at desc, id desc limit 50"#,
        order.0
    )
    .fetch_all(&mut *db)
    .await?;
    wholes(db, cases).await
}

/// A seller's returns: those that wait first, then the latest.
pub(super) async fn of_seller(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Case>> {
    sqlx::query_as!(
        Case,
        r#"select id, code, order_id as "order: OrderId", order_code, seller_id as "seller: SellerId",
                  kind as "kind: Kind", wish as "wish: Wish", reason, state as "state: State", version,
                  due_at, goods_refund as "goods_refund: Vnd", delivery_refund as "delivery_refund: Vnd",
                  granted as "granted: Vnd", owed as "owed: Vnd", refund as "refund: Vnd", reference, requested_at
           from returns.cases where seller_id = $1
           order by state in ('closed', 'withdrawn', 'resolved_seller'), requested_at desc, id desc limit 200"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// What is to be mediated, the longest waiting first.
pub(super) async fn disputed(db: &mut PgConnection) -> sqlx::Result<Vec<Case>> {
    sqlx::query_as!(
        Case,
        r#"select id, code, order_id as "order: OrderId", order_code, seller_id as "seller: SellerId",
                  kind as "kind: Kind", wish as "wish: Wish", reason, state as "state: State", version,
                  due_at, goods_refund as "goods_refund: Vnd", delivery_refund as "delivery_refund: Vnd",
                  granted as "granted: Vnd", owed as "owed: Vnd", refund as "refund: Vnd", reference, requested_at
           from returns.cases where state in ('disputed', 'in_mediation') order by state_since, id limit 200"#
    )
    .fetch_all(db)
    .await
}

/// How much of each line is claimed by returns that stand: position and pieces. Empty until the first return.
pub(super) async fn claimed(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Vec<(i32, i64)>> {
    let rows = sqlx::query!(
        "select position, claimed from returns.delivered where order_id = $1",
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.position, r.claimed)).collect())
}

/// The key of a return's picture.
pub(super) async fn picture(
    db: &mut PgConnection,
    case: Uuid,
    picture: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select key from returns.pictures where id = $1 and case_id = $2",
        picture,
        case
    )
    .fetch_optional(db)
    .await
}
