//! The SQL statements that read one order whole.

use super::{
    machine::{ActorKind, OrderState},
    model::DeliveryMethod,
    read::{Asker, Happened, Line, OrderHead},
};
use crate::{
    kernel::{BasisPoints, GroupId, OrderId, PersonId, SellerId, VariantId, Vnd},
    payments::PaymentMethod,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// The order with this code, in the asker's scope.
pub(super) async fn head_by_code(
    db: &mut PgConnection,
    code: &str,
    asker: Asker<'_>,
) -> sqlx::Result<Option<OrderHead>> {
    let (seller, secret, person) = match asker {
        Asker::Seller(seller) => (Some(seller.0), None, None),
        Asker::Buyer { secret, person } => (None, Some(secret), person.map(|p| p.0)),
    };
    let found = sqlx::query_scalar!(
        r#"select id as "id: OrderId" from orders.orders
           where code = $1 and (seller_id = $2 or secret = $3 or buyer_id = $4
                                or exists (select from organisations.members_report m
                                           where m.org_id = orders.org_id and m.person_id = $4))"#,
        code,
        seller,
        secret,
        person,
    )
    .fetch_optional(&mut *db)
    .await?;
    match found {
        Some(id) => head_by_id(db, id).await,
        None => Ok(None),
    }
}

/// The order of this id, whoever asks.
pub(super) async fn head_by_id(
    db: &mut PgConnection,
    id: OrderId,
) -> sqlx::Result<Option<OrderHead>> {
    Ok(heads(db, &[id.0]).await?.pop())
}

/// The orders of these ids, whoever asks, in no order.
pub(super) async fn heads(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<OrderHead>> {
    sqlx::query_as!(
        OrderHead,
        r#"select o.id as "id: OrderId", o.group_id as "group: GroupId", g.code as group_code, o.code, o.secret,
                  seller_id as "seller: SellerId", seller_name, seller_tax_code, seller_address, seller_phone,
                  seller_email, o.buyer_id as "buyer: PersonId", buyer_tax_code, buyer_org,
                  exists (select from organisations.organisations_report f
                          where f.org_id = o.org_id and f.state <> 'verified') as "org_unverified!", buyer_name,
                  buyer_phone, buyer_email, lang, delivery_method as "delivery_method: DeliveryMethod",
                  delivery_text, delivery_days, note, goods_total as "goods_total: Vnd",
                  discount_total as "discount_total: Vnd", voucher_code, voucher_terms,
                  delivery_fee as "delivery_fee: Vnd", tax_total as "tax_total: Vnd", total as "total: Vnd",
                  payment_method as "payment_method: PaymentMethod", state as "state: OrderState", state_since,
                  version, due_at, cancel_reason, cancelled_by as "cancelled_by: ActorKind", tracking, o.placed_at
           from orders.orders o join orders.groups g on g.id = o.group_id where o.id = any($1)"#,
        ids
    )
    .fetch_all(db)
    .await
}

/// The lines as they were ordered.
pub(super) async fn lines(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select position, variant_id as "variant: VariantId", sku, name, label, unit, picture, quantity,
                  unit_price as "unit_price: Vnd", tax_bps as "tax_bps: BasisPoints", total as "total: Vnd",
                  discount as "discount: Vnd", tax as "tax: Vnd"
           from orders.lines where order_id = $1 order by position"#,
        order.0
    )
    .fetch_all(db)
    .await
}

/// The lines of several orders, each order's as they were ordered.
pub(super) async fn lines_of(
    db: &mut PgConnection,
    orders: &[Uuid],
) -> sqlx::Result<Vec<(OrderId, Line)>> {
    let rows = sqlx::query!(
        r#"select order_id as "order: OrderId", position, variant_id as "variant: VariantId", sku, name, label, unit,
                  picture, quantity, unit_price as "unit_price: Vnd", tax_bps as "tax_bps: BasisPoints",
                  total as "total: Vnd", discount as "discount: Vnd", tax as "tax: Vnd"
           from orders.lines where order_id = any($1) order by order_id, position"#,
        orders
    )
    .fetch_all(db)
    .await?;
    let line = rows.into_iter().map(|r| {
        let line = Line {
            position: r.position,
            variant: r.variant,
            sku: r.sku,
            name: r.name,
            label: r.label,
            unit: r.unit,
            picture: r.picture,
            quantity: r.quantity,
            unit_price: r.unit_price,
            tax_bps: r.tax_bps,
            total: r.total,
            discount: r.discount,
            tax: r.tax,
        };
        (r.order, line)
    });
    Ok(line.collect())
}

/// What has happened, oldest first.
pub(super) async fn history(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Happened>> {
    sqlx::query_as!(
        Happened,
        r#"select at, actor_kind as "actor: ActorKind", event, to_state as "to: OrderState", note, version
           from orders.events where order_id = $1 order by version"#,
        order.0
    )
    .fetch_all(db)
    .await
}

/// The orders of a group, for whoever has the key of one of them or placed it.
pub(super) async fn group_ids(
    db: &mut PgConnection,
    code: &str,
    secret: &str,
    person: Option<PersonId>,
) -> sqlx::Result<Vec<OrderId>> {
    sqlx::query_scalar!(
        r#"select o.id as "id: OrderId" from orders.groups g join orders.orders o on o.group_id = g.id
           where g.code = $1 and (g.buyer_id = $3
                 or exists (select from orders.orders k where k.group_id = g.id and k.secret = $2))
           order by o.id"#,
        code,
        secret,
        person.map(|p| p.0),
    )
    .fetch_all(db)
    .await
}

/// The orders of the same group, for its acknowledgement.
pub(super) async fn ids_of(db: &mut PgConnection, group: GroupId) -> sqlx::Result<Vec<OrderId>> {
    sqlx::query_scalar!(
        r#"select id as "id: OrderId" from orders.orders where group_id = $1 order by id"#,
        group.0
    )
    .fetch_all(db)
    .await
}

/// The key of the order that somebody names by its code and his telephone number.
pub(super) async fn secret_of(
    db: &mut PgConnection,
    code: &str,
    phone: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select secret from orders.orders where code = $1 and buyer_phone = $2",
        code,
        phone
    )
    .fetch_optional(db)
    .await
}
