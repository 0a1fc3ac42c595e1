//! Computes documents again.

use super::{CERTIFICATES, queries, queries_documents};
use crate::kernel::{Cx, ProductId, SellerId, day_of};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

const BATCH: i64 = 1_000;

/// Computes the documents of `products` again. Returns how many of them changed.
///
/// # Errors
/// Whatever the database says.
pub async fn refresh(db: &mut PgConnection, cx: &Cx, products: &[ProductId]) -> sqlx::Result<u64> {
    let ids: Vec<Uuid> = products.iter().map(|p| p.0).collect();
    write(db, cx, &ids, false).await
}

/// Computes the documents of everything `seller` lists again, in batches of one transaction each: a shop of
/// 50,000 listings does not keep others waiting.
///
/// # Errors
/// Whatever the database says.
pub async fn refresh_seller(db: &PgPool, cx: &Cx, seller: SellerId) -> sqlx::Result<u64> {
    let ids = queries::products_of(&mut *db.acquire().await?, seller).await?;
    let mut written = 0;
    for batch in ids.chunks(BATCH as usize) {
        let mut tx = db.begin().await?;
        written += write(&mut tx, cx, batch, false).await?;
        tx.commit().await?;
    }
    Ok(written)
}

async fn write(db: &mut PgConnection, cx: &Cx, ids: &[Uuid], force: bool) -> sqlx::Result<u64> {
    queries::lock(db).await?;
    let kinds = CERTIFICATES.iter().map(|known| known.0.to_owned()).collect();
    let names = CERTIFICATES.iter().map(|known| format!("{} ; {}", known.1, known.2)).collect();
    let when = (cx.now, day_of(cx.now));
    queries_documents::refresh(db, ids, when, &(kinds, names), force).await
}

/// Computes every document again, in batches of one transaction each; `force` writes also those
/// that did not change, so that every index takes them again. `told` hears how many are done, of how many.
///
/// # Errors
/// Whatever the database says.
pub async fn scan(
    db: &PgPool,
    cx: &Cx,
    force: bool,
    told: impl Fn(u64, u64) + Send,
) -> sqlx::Result<u64> {
    let all = queries::count_products(&mut *db.acquire().await?).await?.unsigned_abs();
    let (mut after, mut done, mut written) = (Uuid::nil(), 0, 0);
    loop {
        let mut tx = db.begin().await?;
        let ids = queries::products_after(&mut tx, after, BATCH).await?;
        let Some(last) = ids.last() else { return Ok(written) };
        after = *last;
        written += write(&mut tx, cx, &ids, force).await?;
        tx.commit().await?;
        done += ids.len() as u64;
        told(done, all);
    }
}
