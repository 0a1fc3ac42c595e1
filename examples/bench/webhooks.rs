//! Bank-feed messages taken in per second, beside bare inserts of the same rows by as many connections.

use super::load;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

const SENDERS: usize = 16;
const ADDRESS: &str = "bench-feed-address";
const KEY: &str = "bench-feed-key";

fn body(id: usize) -> String {
    format!(
        "{{\"id\":{id},\"gateway\":\"Vietcombank\",\"transactionDate\":\"2026-11-22 09:05:37\",\
         \"accountNumber\":\"0011004123456\",\"code\":null,\"content\":\"MBVCB.556.tien dien {id}\",\
         \"transferType\":\"in\",\"transferAmount\":128000,\"accumulated\":19077000,\"subAccount\":null,\
         \"referenceCode\":\"FT{id}\",\"description\":\"\"}}"
    )
}

fn request(id: usize) -> Vec<u8> {
    let body = body(id);
    format!(
        "POST /webhook/ngan-hang/{ADDRESS} HTTP/1.1\r\nhost: bench\r\nauthorization: Apikey {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What the server took in, and bare inserts per second.
pub async fn take_in(
    db: &PgPool,
    port: u16,
    time: Duration,
) -> anyhow::Result<(load::Measured, f64)> {
    sqlx::query(
        "insert into payments.feeds (id, seller_id, service, address, key_hash, made_at)
         select $1, $2, 'sepay', $3, $4, now()",
    )
    .bind(Uuid::new_v4())
    .bind(Uuid::new_v4())
    .bind(ADDRESS)
    .bind(Sha256::digest(KEY).to_vec())
    .execute(db)
    .await?;
    let bare = inserts(db, time).await?;
    let taken =
        load::run(port, SENDERS, time, |sender, n| Some(request(sender * 10_000_000 + n))).await?;
    Ok((taken, bare))
}

/// The rows alone, without a server between.
async fn inserts(db: &PgPool, time: Duration) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut db = db.acquire().await?;
                let mut done = 0usize;
                while begun.elapsed() < time {
                    sqlx::query(
                        "insert into platform.inbox (id, provider, event_id, subject, body, received_at)
                         values ($1, 'bench', $2, '', $3, now())",
                    )
                    .bind(Uuid::new_v4())
                    .bind(format!("{sender}:{done}"))
                    .bind(body(done).into_bytes())
                    .execute(&mut *db)
                    .await?;
                    done += 1;
                }
                Ok::<usize, sqlx::Error>(done)
            })
        })
        .collect();
    let mut all = 0;
    for task in tasks {
        all += task.await??;
    }
    Ok(all as f64 / begun.elapsed().as_secs_f64())
}
