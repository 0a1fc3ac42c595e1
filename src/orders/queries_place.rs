//! The SQL statements that make `orders`.

use super::{
    machine::{ActorKind, OrderState},
    model::{NewGroup, NewLine, NewOrder, PlacedOrder},
};
use crate::kernel::{CheckoutId, Cx, GroupId, OrderId, SellerId, Vnd, day_of, words};
use sqlx::PgConnection;

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

/// The group's own names.
pub(super) struct Names {
    pub id: GroupId,
    pub code: String,
    /// Whether it is written: it is with its first order.
    pub written: bool,
}

/// What a line comes to.
pub(super) struct LineTotals {
    pub total: Vnd,
    /// Its share of the order's discount.
    pub discount: Vnd,
    /// Contained in what is left.
    pub tax: Vnd,
}

/// What an order comes to.
pub(super) struct Totals {
    pub lines: Vec<LineTotals>,
    pub goods: Vnd,
    pub discount: Vnd,
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
    /// Rules in hours, with what holds without: the earliest of them is when the clock rings; none: it does not.
    pub clock: &'static [(&'static str, i64)],
}

/// What has been written.
pub(super) struct Written {
    /// `false`: its checkout or its code is there already, or it had been written before.
    pub group: bool,
    /// `false`: its code is taken, or there is no group for it.
    pub order: bool,
}

/// Writes the order with its lines, as agreed, and that the buyer has ordered; before it the group, unless that
/// is written.
#[expect(clippy::too_many_lines, reason = "one statement and its values")]
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    (names, group): (&Names, &NewGroup),
    order: &NewOrder,
    fresh: &Fresh<'_>,
) -> sqlx::Result<Written> {
    let org = group.organisation.as_ref();
    let (lines, voucher) = (&order.lines, order.voucher.as_ref());
    let texts =
        |of: fn(&NewLine) -> &String| lines.iter().map(|l| of(l).clone()).collect::<Vec<_>>();
    sqlx::query_as!(
        Written,
        r#"with fresh_group as (
               insert into orders.groups (id, code, checkout_id, buyer_id, placed_at)
               select $2, $33, $34, $11, $31::timestamptz where not $35
               on conflict do nothing returning id
           ), fresh as (
               insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_tax_code,
                   seller_address, seller_phone, seller_email, buyer_id, buyer_kind, buyer_tax_code, buyer_org,
                   buyer_name, buyer_phone, buyer_email, buyer_words, lang, delivery_method, delivery_text,
                   commune_code, delivery_days, note, goods_total, delivery_fee, tax_total, total, payment_method,
                   state, state_since, due_at, placed_at, updated_at, discount_total, voucher_id, voucher_code,
                   voucher_terms, org_id)
               select $1::uuid, $2::uuid, $3, $4, $5::uuid, $6, $7, $8, $9, $10, $11::uuid, $12, $13, $14, $15, $16,
                      $17, $18::text[], $19, $20, $21, $22, $23, $24, $25::bigint, $26::bigint, $27::bigint,
                      $28::bigint, $29, $30, $31::timestamptz,
                      (select $31::timestamptz + make_interval(hours => min(coalesce(r.value, c.usual))::int)
                       from unnest($32::text[], $56::bigint[]) c (rule, usual)
                       left join platform.rules_report r on r.key = c.rule and r.value between 0 and 10000
                            and r.valid_from <= $57 and (r.valid_to is null or r.valid_to > $57)),
                      $31::timestamptz, $31::timestamptz, $51::bigint, $52::uuid, $53, $54, $58::uuid
               where $35 or exists (select from fresh_group)
               on conflict (code) do nothing returning id
           ), lines as (
               insert into orders.lines (order_id, position, variant_id, product_id, sku, name, label, unit, picture,
                                         quantity, unit_price, tax_bps, total, tax, discount)
               select fresh.id, n, variant, product, sku, name, label, unit, picture, quantity, price, bps, total, tax,
                      discount
               from fresh, unnest($36::uuid[], $37::uuid[], $38::text[], $39::text[], $40::text[], $41::text[],
                                  $42::text[], $43::bigint[], $44::bigint[], $45::int[], $46::bigint[], $47::bigint[],
                                  $55::bigint[])
                   with ordinality as l (variant, product, sku, name, label, unit, picture, quantity, price, bps,
                                         total, tax, discount, n)
           ), told as (
               insert into orders.events (id, order_id, at, actor_kind, actor, event, to_state, note, version)
               select $48, id, $31, $49, $50, 'place', $30, '', 1 from fresh
           )
           select exists (select from fresh_group) as "group!", exists (select from fresh) as "order!""#,
        fresh.id.0,
        names.id.0,
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
        &fresh.clock.iter().map(|(rule, _)| (*rule).to_owned()).collect::<Vec<_>>(),
        names.code,
        group.checkout.0,
        names.written,
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
        &fresh.totals.lines.iter().map(|l| l.total.0).collect::<Vec<_>>(),
        &fresh.totals.lines.iter().map(|l| l.tax.0).collect::<Vec<_>>(),
        cx.new_id(),
        ActorKind::Buyer.code(),
        cx.person().map(|p| p.0),
        fresh.totals.discount.0,
        voucher.map(|v| v.id.0),
        voucher.map_or("", |v| v.code.as_str()),
        voucher.map_or("", |v| v.terms.get(group.lang)),
        &fresh.totals.lines.iter().map(|l| l.discount.0).collect::<Vec<_>>(),
        &fresh.clock.iter().map(|(_, usual)| *usual).collect::<Vec<_>>(),
        day_of(cx.now),
        org.map(|o| o.id.0),
    )
    .fetch_one(db)
    .await
}
