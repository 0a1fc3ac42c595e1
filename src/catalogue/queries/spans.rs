//! The record of what was on display when.

use crate::kernel::Cx;
use sqlx::PgConnection;
use uuid::Uuid;

/// Ends and begins spans, so that the record of these products says what their rows say now. Called by whatever
/// changes a product's state or the day on which it lapses, in the same transaction.
pub(in crate::catalogue) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    products: &[Uuid],
) -> sqlx::Result<()> {
    // What was shown for no time at all was not shown.
    sqlx::query!(
        "delete from catalogue.public_spans s using catalogue.products p
         where s.product_id = any($1) and s.until is null and s.since >= $2 and p.id = s.product_id
           and (p.state <> 'published' or p.lapses_on is distinct from s.lapses_on)",
        products,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update catalogue.public_spans s set until = $2 from catalogue.products p
         where s.product_id = any($1) and s.until is null and p.id = s.product_id
           and (p.state <> 'published' or p.lapses_on is distinct from s.lapses_on)",
        products,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into catalogue.public_spans (product_id, seller_id, since, lapses_on)
         select p.id, p.seller_id, $2, p.lapses_on from catalogue.products p
         where p.id = any($1) and p.state = 'published' and not exists (
             select from catalogue.public_spans s where s.product_id = p.id and s.until is null)",
        products,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
