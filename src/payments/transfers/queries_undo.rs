//! The SQL statements by which a decision is taken back.

use super::{line::State, queries::Count};
use crate::kernel::{IntentId, OrderId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Lets a line that the seller has decided wait again, and says what it was; `None` when he has not decided it, or
/// when it is the money of a carrier's batch.
pub(super) async fn reopen(
    db: &mut PgConnection,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<State>> {
    sqlx::query_scalar!(
        r#"with was as (select id, state from payments.transfers where id = $1 and seller_id = $2 for update)
           update payments.transfers t
           set state = case when t.direction = 'out' then 'outgoing' when t.why = 'nothing' then 'unknown'
                            else 'review' end,
               intent_id = null, reason = '', decided_at = null, decided_by = null
           from was
           where t.id = was.id and t.decided_at is not null
             and t.state in ('matched', 'refund', 'reversal', 'ignored')
             and not exists (select from payments.cod_batches b where b.transfer_id = t.id)
           returning was.state as "was: State""#,
        id,
        seller.0,
    )
    .fetch_optional(db)
    .await
}

/// How a line counts now; `None` when it counts for nothing.
pub(super) async fn counted(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Count>> {
    let last = sqlx::query_as!(
        Count,
        r#"select transfer_id as transfer, nth, intent_id as "intent: IntentId", amount
           from payments.allocations where transfer_id = $1 order by nth desc limit 1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(last.filter(|count| count.amount > 0))
}

/// The order of an intent.
pub(super) async fn order_of(
    db: &mut PgConnection,
    intent: IntentId,
) -> sqlx::Result<Option<OrderId>> {
    let order =
        sqlx::query_scalar!("select order_id from payments.intents where id = $1", intent.0);
    Ok(order.fetch_optional(db).await?.map(OrderId))
}
