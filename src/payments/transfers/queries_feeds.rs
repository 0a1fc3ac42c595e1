//! The SQL statements of feed addresses.

use super::{feeds::Feed, services::Service};
use crate::kernel::{Cx, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

pub(super) async fn insert(db: &mut PgConnection, cx: &Cx, feed: &Feed) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.feeds (id, seller_id, service, address, key_hash, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        feed.id,
        feed.seller.0,
        feed.service.code(),
        feed.address,
        feed.key_hash,
        feed.made_at,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<Feed>> {
    sqlx::query_as!(
        Feed,
        r#"select id, seller_id as "seller: SellerId", service as "service: Service", address, made_at, last_at, key_hash
           from payments.feeds where seller_id = $1 and closed_at is null order by made_at limit 20"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// The open feed of an address.
pub(super) async fn by_address(
    db: impl PgExecutor<'_>,
    address: &str,
) -> sqlx::Result<Option<Feed>> {
    sqlx::query_as!(
        Feed,
        r#"select id, seller_id as "seller: SellerId", service as "service: Service", address, made_at, last_at, key_hash
           from payments.feeds where address = $1 and closed_at is null"#,
        address
    )
    .fetch_optional(db)
    .await
}

/// A feed by its id, closed ones too: what it has told before counts.
pub(super) async fn by_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Feed>> {
    sqlx::query_as!(
        Feed,
        r#"select id, seller_id as "seller: SellerId", service as "service: Service", address, made_at, last_at, key_hash
           from payments.feeds where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Notes that a message has come.
pub(super) async fn heard(db: &mut PgConnection, id: Uuid, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update payments.feeds set last_at = greatest(last_at, $2) where id = $1", id, at)
        .execute(db)
        .await?;
    Ok(())
}

/// Closes an address; `false` when it is not this seller's or closed.
pub(super) async fn close(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.feeds set closed_at = $3 where id = $1 and seller_id = $2 and closed_at is null",
        id,
        seller.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
