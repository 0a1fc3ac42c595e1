//! The SQL statements that change what is in an order.

use super::{amend::Amendment, queries::Head};
use crate::kernel::Cx;
use sqlx::PgConnection;

/// Writes the new quantities and sums; lines of which nothing is left go. `false` when somebody was faster.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    head: &Head,
    new: &Amendment,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update orders.orders
         set goods_total = $4, discount_total = $5, tax_total = $6, total = $7, version = version + 1, updated_at = $8
         where id = $1 and version = $2 and state = $3",
        head.id.0,
        head.version,
        head.state.code(),
        new.goods.0,
        new.discount.0,
        new.tax.0,
        new.total.0,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "with wanted as (
             select * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
                 as w (position, quantity, total, discount, tax)
         ), gone as (
             delete from orders.lines l using wanted w
             where l.order_id = $1 and l.position = w.position and w.quantity = 0
         )
         update orders.lines l
         set quantity = w.quantity, total = w.total, discount = w.discount, tax = w.tax
         from wanted w where l.order_id = $1 and l.position = w.position and w.quantity > 0",
        head.id.0,
        &new.lines.iter().map(|l| l.position).collect::<Vec<_>>(),
        &new.lines.iter().map(|l| l.quantity).collect::<Vec<_>>(),
        &new.lines.iter().map(|l| l.total.0).collect::<Vec<_>>(),
        &new.lines.iter().map(|l| l.discount.0).collect::<Vec<_>>(),
        &new.lines.iter().map(|l| l.tax.0).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(true)
}
