//! The SQL statements of lines that could not be read.

use super::{feeds::Feed, unread::Unread};
use crate::kernel::{Cx, SellerId};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// So much of a line is kept.
const CUT: usize = 2_000;

/// Keeps a line as it came, once.
pub(super) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    feed: &Feed,
    text: &str,
) -> sqlx::Result<()> {
    let digest = Sha256::digest(text.as_bytes()).to_vec();
    sqlx::query!(
        "insert into payments.unread_lines (id, seller_id, feed_id, text, digest, noted_at)
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint unread_lines_once do nothing",
        cx.new_id(),
        feed.seller.0,
        feed.id,
        text.chars().take(CUT).collect::<String>(),
        digest,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The lines of a seller at which nobody has looked, newest first.
pub(super) async fn waiting(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Unread>> {
    sqlx::query_as!(
        Unread,
        "select u.id, u.noted_at, f.service, u.text
         from payments.unread_lines u join payments.feeds f on f.id = u.feed_id
         where u.seller_id = $1 and u.seen_at is null order by u.noted_at desc limit 50",
        seller.0
    )
    .fetch_all(db)
    .await
}

/// Notes that the seller has looked; `false` when it is not his, or done.
pub(super) async fn see(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.unread_lines set seen_at = $3, seen_by = $4
         where id = $1 and seller_id = $2 and seen_at is null",
        id,
        seller.0,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
