//! The SQL statements that write purchase orders.

use super::{
    issue::{NewPoLine, NewPurchaseOrder},
    model::PoState,
};
use crate::{
    enterprises::SellerFacts,
    kernel::{Cx, Vnd},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A purchase order as it is to be written.
pub(super) struct Head<'a> {
    pub(super) id: Uuid,
    pub(super) number: &'a str,
    pub(super) new: &'a NewPurchaseOrder,
    pub(super) goods_total: Vnd,
    pub(super) tax_total: Vnd,
    pub(super) total: Vnd,
    /// Name, tax code, address.
    pub(super) buyer: (&'a str, &'a str, &'a str),
    pub(super) seller: &'a SellerFacts,
}

/// A line as it is to be written.
pub(super) struct LineRow<'a> {
    pub(super) line: &'a NewPoLine,
    pub(super) total: Vnd,
    /// So many of the unit are so many pieces of the stock.
    pub(super) factor: Option<(i64, i64)>,
}

/// The next number of a year.
pub(super) async fn next_number(db: &mut PgConnection, year: i32) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "insert into purchasing.numbers (year, last) values ($1, 1)
         on conflict (year) do update set last = numbers.last + 1 returning last",
        year
    )
    .fetch_one(db)
    .await
}

/// Writes the order; `false` when its quote has one.
pub(super) async fn insert(db: &mut PgConnection, cx: &Cx, head: &Head<'_>) -> sqlx::Result<bool> {
    let (new, seller) = (head.new, head.seller);
    let done = sqlx::query!(
        "insert into purchasing.orders
            (id, number, org_id, seller_id, asked_by, quote_id, quote_version, title, state, lang, goods_total, tax_total,
             delivery_fee, total, delivery_text, delivery_commune, wanted_by, deposit_bps, on_delivery_bps, net_days,
             terms_note, buyer_name, buyer_tax_code, buyer_address, seller_name, seller_tax_code, seller_address,
             seller_phone, issued_at, state_since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'issued', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                 $21, $22, $23, $24, $25, $26, $27, $28, $28)
         on conflict (quote_id) do nothing",
        head.id,
        head.number,
        new.org.0,
        new.seller.0,
        new.asked_by.0,
        new.quote.map(|q| q.0),
        new.quote.map(|q| q.1),
        new.title,
        new.lang.code(),
        head.goods_total.0,
        head.tax_total.0,
        new.delivery_fee.0,
        head.total.0,
        new.delivery_text,
        new.delivery_commune,
        new.wanted_by,
        new.terms.deposit_bps,
        new.terms.on_delivery_bps,
        new.terms.net_days,
        new.terms.note,
        head.buyer.0,
        head.buyer.1,
        head.buyer.2,
        seller.legal_name,
        seller.tax_code,
        seller.address,
        seller.phone,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_lines(
    db: &mut PgConnection,
    order: Uuid,
    lines: &[LineRow<'_>],
) -> sqlx::Result<()> {
    for (position, row) in (1i32..).zip(lines) {
        let line = row.line;
        sqlx::query!(
            "insert into purchasing.lines
                (order_id, position, variant_id, name, sku, unit, quantity, unit_price, tax_bps, total, category,
                 units, base)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            order,
            position,
            line.variant.map(|v| v.0),
            line.name,
            line.sku,
            line.unit,
            line.quantity,
            line.unit_price.0,
            line.tax.0,
            row.total.0,
            line.category,
            row.factor.map(|f| f.0),
            row.factor.map(|f| f.1),
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// One entry of the record.
pub(super) struct NewEvent<'a> {
    pub(super) order: Uuid,
    pub(super) version: i32,
    pub(super) side: &'a str,
    pub(super) event: &'a str,
    pub(super) state: PoState,
    pub(super) note: &'a str,
}

pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewEvent<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into purchasing.events (id, order_id, version, side, person, event, state, note, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        cx.new_id(),
        new.order,
        new.version,
        new.side,
        cx.person().map(|p| p.0),
        new.event,
        new.state.code(),
        new.note,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
