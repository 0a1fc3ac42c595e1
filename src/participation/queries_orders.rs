//! The SQL statements of `participation` that count orders, not firms.

use super::{model::Share, period::Period};
use sqlx::PgConnection;

/// Of the orders completed in the period, those whose invoice is on record by now.
pub(super) async fn invoiced(db: &mut PgConnection, period: Period) -> sqlx::Result<Share> {
    sqlx::query_as!(
        Share,
        r#"select count(i.order_id) as "part!", count(*) as "whole!"
           from orders.completed_report c left join documents.invoices_report i on i.order_id = c.order_id
           where c.completed_at >= $1 and c.completed_at < $2"#,
        period.starts(),
        period.ends(),
    )
    .fetch_one(db)
    .await
}
