//! The SQL statements that write `orders`, and what commands need to know. Lists are in
//! [`super::queries_lists`], whole orders in [`super::queries_read`].

use super::{
    machine::{ActorKind, OrderState, Transition},
    model::{NewGroup, NewLine, NewOrder, PlacedOrder},
};
use crate::{
    kernel::{CheckoutId, Cx, GroupId, OrderId, SellerId, Vnd, words},
    payments::PaymentMethod,
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Writes the group; `false` when its checkout or its code is there already.
pub(super) async fn insert_group(
    db: &mut PgConnection,
    cx: &Cx,
    id: GroupId,
    code: &str,
    new: &NewGroup,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into orders.groups (id, code, checkout_id, buyer_id, placed_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        id.0,
        code,
        new.checkout.0,
        new.buyer.map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The group that a checkout has made: its id and code.
pub(super) async fn group_of(
    db: &mut PgConnection,
    checkout: CheckoutId,
) -> sqlx::Result<Option<(GroupId, String)>> {
    let row = sqlx::query!("select id, code from orders.groups where checkout_id = $1", checkout.0)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|r| (GroupId(r.id), r.code)))
}

/// The orders of a group as the checkout was told of them.
pub(super) async fn placed_of(
    db: &mut PgConnection,
    group: GroupId,
) -> sqlx::Result<Vec<PlacedOrder>> {
    sqlx::query_as!(
        PlacedOrder,
        r#"select id as "id: OrderId", code, secret, seller_id as "seller: SellerId", total as "total: Vnd"
           from orders.orders where group_id = $1 order by id"#,
        group.0
    )
    .fetch_all(db)
    .await
}

/// What an order comes to.
pub(super) struct Totals {
    pub goods: Vnd,
    pub tax: Vnd,
    pub total: Vnd,
}

/// A new order's own names, amounts and first state.
pub(super) struct Fresh<'a> {
    pub id: OrderId,
    pub code: &'a str,
    pub secret: &'a str,
    pub totals: &'a Totals,
    pub state: OrderState,
    pub due: Option<DateTime<Utc>>,
}

/// Writes the order; `false` when its code is taken.
pub(super) async fn insert_order(
    db: &mut PgConnection,
    cx: &Cx,
    group: (GroupId, &NewGroup),
    order: &NewOrder,
    fresh: &Fresh<'_>,
) -> sqlx::Result<bool> {
    let (group_id, group) = group;
    let org = group.organisation.as_ref();
    let done = sqlx::query!(
        "insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_tax_code,
             seller_address, seller_phone, seller_email, buyer_id, buyer_kind, buyer_tax_code, buyer_org,
             buyer_name, buyer_phone, buyer_email, buyer_words, lang, delivery_method, delivery_text,
             commune_code, delivery_days, note, goods_total, delivery_fee, tax_total, total, payment_method,
             state, state_since, due_at, placed_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                 $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $31, $31)
         on conflict (code) do nothing",
        fresh.id.0,
        group_id.0,
        fresh.code,
        fresh.secret,
        order.seller.id.0,
        order.seller.name,
        order.seller.tax_code,
        order.seller.address,
        order.seller.phone,
        order.seller.email,
        group.buyer.map(|p| p.0),
        if org.is_some() { "organisation" } else { "person" },
        org.map(|o| o.tax_code.as_str()),
        org.map_or("", |o| o.name.as_str()),
        group.contact.name,
        group.contact.phone,
        group.contact.email,
        &words(&group.contact.name),
        group.lang.code(),
        order.delivery.method.code(),
        order.delivery.text,
        order.delivery.commune,
        order.delivery.days,
        order.note,
        fresh.totals.goods.0,
        order.delivery.fee.0,
        fresh.totals.tax.0,
        fresh.totals.total.0,
        order.payment.code(),
        fresh.state.code(),
        cx.now,
        fresh.due,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes the lines with the price and the contained tax as agreed, and that the buyer has ordered.
pub(super) async fn insert_lines(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    lines: &[NewLine],
    amounts: &[(Vnd, Vnd)],
    state: OrderState,
) -> sqlx::Result<()> {
    let texts =
        |of: fn(&NewLine) -> &String| lines.iter().map(|l| of(l).clone()).collect::<Vec<_>>();
    sqlx::query!(
        "with lines as (
         insert into orders.lines (order_id, position, variant_id, product_id, sku, name, label, unit, picture,
                                   quantity, unit_price, tax_bps, total, tax)
         select $1, n, variant, product, sku, name, label, unit, picture, quantity, price, bps, total, tax
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::bigint[], $10::bigint[], $11::int[], $12::bigint[], $13::bigint[])
              with ordinality as l (variant, product, sku, name, label, unit, picture, quantity, price, bps,
                                    total, tax, n)
         )
         insert into orders.events (id, order_id, at, actor_kind, actor, event, to_state, note, version)
         values ($14, $1, $15, $16, $17, 'place', $18, '', 1)",
        order.0,
        &lines.iter().map(|l| l.variant.0).collect::<Vec<_>>(),
        &lines.iter().map(|l| l.product.0).collect::<Vec<_>>(),
        &texts(|l| &l.sku),
        &texts(|l| &l.name),
        &texts(|l| &l.label),
        &texts(|l| &l.unit),
        &texts(|l| &l.picture),
        &lines.iter().map(|l| l.quantity).collect::<Vec<_>>(),
        &lines.iter().map(|l| l.unit_price.0).collect::<Vec<_>>(),
        &lines.iter().map(|l| l.tax.0).collect::<Vec<_>>(),
        &amounts.iter().map(|a| a.0.0).collect::<Vec<_>>(),
        &amounts.iter().map(|a| a.1.0).collect::<Vec<_>>(),
        cx.new_id(),
        cx.now,
        ActorKind::Buyer.code(),
        cx.person().map(|p| p.0),
        state.code(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One entry of an order's history.
pub(super) struct NewEvent<'a> {
    pub order: OrderId,
    pub actor: ActorKind,
    pub event: &'a str,
    pub from: Option<OrderState>,
    pub to: OrderState,
    pub note: &'a str,
    /// The order's version after it.
    pub version: i32,
}

/// Writes one entry of the history.
pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewEvent<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into orders.events (id, order_id, at, actor_kind, actor, event, from_state, to_state, note, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        cx.new_id(),
        new.order.0,
        cx.now,
        new.actor.code(),
        cx.person().map(|p| p.0),
        new.event,
        new.from.map(OrderState::code),
        new.to.code(),
        new.note,
        new.version,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a command must know of an order.
pub(super) struct Head {
    pub id: OrderId,
    pub seller: SellerId,
    pub state: OrderState,
    pub version: i32,
    pub payment: PaymentMethod,
    pub due_at: Option<DateTime<Utc>>,
    pub state_since: DateTime<Utc>,
}

/// The head of an order, as it is now.
pub(super) async fn head(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Head>> {
    sqlx::query_as!(
        Head,
        r#"select id as "id: OrderId", seller_id as "seller: SellerId", state as "state: OrderState", version,
                  payment_method as "payment: PaymentMethod", due_at, state_since
           from orders.orders where id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Moves an order on from the state and version that were seen; `false` when somebody was faster.
pub(super) async fn move_on(
    db: &mut PgConnection,
    cx: &Cx,
    head: &Head,
    step: &Transition,
    due: Option<DateTime<Utc>>,
    note: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update orders.orders
         set state = $4, version = version + 1, due_at = $5, state_since = $6, updated_at = $6,
             completed_at  = case when $4 = 'completed' then $6::timestamptz end,
             cancelled_by  = case when $4 = 'cancelled' then $7 end,
             cancel_reason = case when $4 = 'cancelled' then $8 else cancel_reason end,
             tracking      = case when $4 = 'handed_over' then $8 else tracking end
         where id = $1 and state = $2 and version = $3",
        head.id.0,
        head.state.code(),
        head.version,
        step.to.code(),
        due,
        cx.now,
        step.actor.code(),
        note,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Orders whose clock has run out, longest first.
pub(super) async fn due(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from orders.orders where due_at <= $1 order by due_at limit $2",
        now,
        most
    )
    .fetch_all(db)
    .await
}

/// Takes a due order in hand; `None` when another process has it or it has moved on.
pub(super) async fn lock_due(
    db: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from orders.orders where id = $1 and due_at <= $2 for update skip locked",
        id,
        now
    )
    .fetch_optional(db)
    .await
}

/// Sets the clock anew without moving the order.
pub(super) async fn set_due(
    db: &mut PgConnection,
    head: &Head,
    due: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update orders.orders set due_at = $3 where id = $1 and version = $2",
        head.id.0,
        head.version,
        due
    )
    .execute(db)
    .await?;
    Ok(())
}
