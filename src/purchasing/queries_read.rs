//! The SQL statements that read one purchase order.

use super::{
    model::PoState,
    read::{Delivery, DeliveryLine, Happened, Instalment, Po, PoLine, Scope},
};
use crate::kernel::{BasisPoints, OrderId, OrgId, PersonId, SellerId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) async fn id_of(
    db: &mut PgConnection,
    number: &str,
    scope: Scope,
) -> sqlx::Result<Option<Uuid>> {
    let (org, seller) = match scope {
        Scope::Buyer(org) => (Some(org.0), None),
        Scope::Seller(seller) => (None, Some(seller.0)),
    };
    sqlx::query_scalar!(
        "select id from purchasing.orders where number = $1 and (org_id = $2 or seller_id = $3)",
        number,
        org,
        seller,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn head(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Po>> {
    sqlx::query_as!(
        Po,
        r#"select id, number, org_id as "org: OrgId", seller_id as "seller: SellerId", asked_by as "asked_by: PersonId",
                  title, state as "state: PoState", version, lang, goods_total as "goods_total: Vnd",
                  tax_total as "tax_total: Vnd", delivery_fee as "delivery_fee: Vnd", total as "total: Vnd",
                  delivery_text, wanted_by, deposit_bps, on_delivery_bps, net_days, terms_note, buyer_name,
                  buyer_tax_code, buyer_address, seller_name, seller_tax_code, seller_address, seller_phone,
                  credit_held as "credit_held: Vnd", cancel_asked_by, cancel_reason, issued_at, confirmed_at,
                  accepted_at, accept_note
           from purchasing.orders where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Holds the order's row until the transaction ends.
pub(super) async fn lock(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Po>> {
    sqlx::query!("select id from purchasing.orders where id = $1 for update", id)
        .fetch_optional(&mut *db)
        .await?;
    head(db, id).await
}

pub(super) async fn lines(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Vec<PoLine>> {
    sqlx::query_as!(
        PoLine,
        r#"select position, variant_id as variant, name, sku, unit, quantity, unit_price as "unit_price: Vnd",
                  tax_bps as "tax: BasisPoints", total as "total: Vnd", units, base, sent
           from purchasing.lines where order_id = $1 order by position"#,
        order
    )
    .fetch_all(db)
    .await
}

pub(super) async fn instalments(
    db: &mut PgConnection,
    order: Uuid,
) -> sqlx::Result<Vec<Instalment>> {
    let rows = sqlx::query!(
        r#"select id, nth, kind, amount as "amount: Vnd", due_on, paid_at, voided_at
           from purchasing.instalments where order_id = $1 order by nth"#,
        order
    )
    .fetch_all(db)
    .await?;
    let instalment = |row| {
        let (id, nth, kind, amount, due_on, paid_at, voided_at) = row;
        Instalment { id, nth, kind, amount, due_on, paid_at, voided_at, intent: None }
    };
    Ok(rows
        .into_iter()
        .map(|r| instalment((r.id, r.nth, r.kind, r.amount, r.due_on, r.paid_at, r.voided_at)))
        .collect())
}

pub(super) async fn deliveries(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Vec<Delivery>> {
    let heads = sqlx::query!(
        "select id, nth, carrier, note, sent_at, received_at, remark
         from purchasing.deliveries where order_id = $1 order by nth",
        order
    )
    .fetch_all(&mut *db)
    .await?;
    let rows = sqlx::query!(
        r#"select d.delivery_id, d.position, l.name, l.unit, l.unit_price as "unit_price: Vnd", d.quantity, d.pieces,
                  d.received
           from purchasing.delivery_lines d
           join purchasing.deliveries h on h.id = d.delivery_id
           join purchasing.lines l on l.order_id = h.order_id and l.position = d.position
           where h.order_id = $1 order by d.position"#,
        order
    )
    .fetch_all(db)
    .await?;
    let lines_of = |id: Uuid| {
        let own = rows.iter().filter(move |row| row.delivery_id == id);
        own.map(|row| DeliveryLine {
            position: row.position,
            name: row.name.clone(),
            unit: row.unit.clone(),
            unit_price: row.unit_price,
            quantity: row.quantity,
            pieces: row.pieces,
            received: row.received,
        })
        .collect()
    };
    let delivery = heads.into_iter().map(|head| Delivery {
        lines: lines_of(head.id),
        id: head.id,
        nth: head.nth,
        carrier: head.carrier,
        note: head.note,
        sent_at: head.sent_at,
        received_at: head.received_at,
        remark: head.remark,
    });
    Ok(delivery.collect())
}

pub(super) async fn history(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Vec<Happened>> {
    sqlx::query_as!(
        Happened,
        "select version, side, event, note, at from purchasing.events where order_id = $1 order by version",
        order
    )
    .fetch_all(db)
    .await
}

/// The purchase order and the number of an instalment whose payment this is.
pub(super) async fn of_instalment(
    db: &mut PgConnection,
    instalment: OrderId,
) -> sqlx::Result<Option<(Uuid, i32)>> {
    let row = sqlx::query!(
        "select order_id, nth from purchasing.instalments where id = $1",
        instalment.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.order_id, row.nth)))
}
