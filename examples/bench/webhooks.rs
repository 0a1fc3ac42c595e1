//! Bank-feed messages taken in per second, beside bare inserts of the same rows by as many connections. Every second
//! message pays an order, so that jobs match, book and tell while more comes in; then it is counted that each paid once.

use super::load;
use anyhow::Context;
use santinh::kernel::{code_from, memo_from};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

const SENDERS: usize = 16;
/// Orders that wait for money, for each sender.
const WAITING: usize = 1_000;
const ADDRESS: &str = "bench-feed-address";
const KEY: &str = "bench-feed-key";
/// The backlog of jobs may take so long.
const PATIENCE: Duration = Duration::from_secs(180);

fn body(id: usize, content: &str) -> String {
    format!(
        "{{\"id\":{id},\"gateway\":\"Vietcombank\",\"transactionDate\":\"2026-11-22 09:05:37\",\
         \"accountNumber\":\"0011004123456\",\"code\":null,\"content\":\"MBVCB.556.{content}\",\
         \"transferType\":\"in\",\"transferAmount\":128000,\"accumulated\":19077000,\"subAccount\":null,\
         \"referenceCode\":\"FT{id}\",\"description\":\"\"}}"
    )
}

fn request(id: usize, content: &str) -> Vec<u8> {
    let body = body(id, content);
    format!(
        "POST /webhook/ngan-hang/{ADDRESS} HTTP/1.1\r\nhost: bench\r\nauthorization: Apikey {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Measures, and prints.
pub async fn measure(db: &PgPool, port: u16, time: Duration) -> anyhow::Result<()> {
    let seller: Uuid =
        sqlx::query_scalar("select id from enterprises.sellers limit 1").fetch_one(db).await?;
    sqlx::query(
        "insert into payments.feeds (id, seller_id, service, address, key_hash, made_at)
         values ($1, $2, 'sepay', $3, $4, now())",
    )
    .bind(Uuid::new_v4())
    .bind(seller)
    .bind(ADDRESS)
    .bind(Sha256::digest(KEY).to_vec())
    .execute(db)
    .await?;
    let memos = Arc::new(waiting_orders(db, seller).await?);
    let before = inserts(db, time).await?;
    let begun = Instant::now();
    let taken = load::run(port, SENDERS, time, move |sender, n| {
        let (id, nth) = (sender * 10_000_000 + n, n / 2);
        let pays = n % 2 == 0 && nth < WAITING;
        let paid = || memos[sender * WAITING + nth].clone();
        Some(request(id, &if pays { paid() } else { format!("tien dien {id}") }))
    })
    .await?;
    let read = all_read(db).await?;
    let per_second = read as f64 / begun.elapsed().as_secs_f64();
    let (paying, paid): (i64, i64) = sqlx::query_as(
        "select (select count(*) from platform.inbox where encode(body, 'escape') like '%MBVCB.556.ST%'),
                (select count(*) from payments.intents where seller_id = $1 and account_name = 'BENCH' and state = 'paid')",
    )
    .bind(seller)
    .fetch_one(db)
    .await?;
    let after = inserts(db, time).await?;
    let bare = (before + after) / 2.0;
    println!(
        "\nWebhooks taken in from 16 senders: {:.0}/s (p99 {:.1} ms, {} failed); bare inserts by 16 connections before and after: {before:.0}/s and {after:.0}/s; ratio {:.2}",
        taken.per_second,
        taken.p99.as_secs_f64() * 1e3,
        taken.failed,
        taken.per_second / bare
    );
    println!(
        "Acted on by the jobs: {per_second:.0} messages/s from first to last; {paying} of them name an order, {paid} orders are paid"
    );
    anyhow::ensure!(paying == paid, "every message that names an order pays one");
    Ok(())
}

/// Orders of 128.000 ₫ that wait for a transfer: their memos.
async fn waiting_orders(db: &PgPool, seller: Uuid) -> anyhow::Result<Vec<String>> {
    let ids: Vec<Uuid> = (0..SENDERS * WAITING).map(|_| Uuid::new_v4()).collect();
    let codes: Vec<String> = ids.iter().map(|id| code_from(*id)).collect();
    let memos: Vec<String> = ids.iter().map(|id| memo_from(*id)).collect();
    sqlx::query(
        "with fresh as (
             select f.*, now() - interval '1 minute' as at from unnest($2::uuid[], $3::text[], $4::text[]) as f (id, code, memo)
         ), groups as (
             insert into orders.groups (id, code, checkout_id, placed_at) select id, code, id, at from fresh returning id
         ), orders as (
             insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_address, seller_phone, buyer_kind,
                    buyer_name, buyer_phone, delivery_method, delivery_text, goods_total, delivery_fee, tax_total, total,
                    payment_method, state, state_since, due_at, placed_at, updated_at)
             select f.id, f.id, code, code, $1, 'Gian', 'Khe Sanh', '+84900000101', 'person', 'Trần Thị Hương', '+84900000999',
                    'own', 'Khối 3B', 108000, 20000, 0, 128000, 'vietqr', 'awaiting_payment', at, at + interval '1 day', at, at
             from fresh f join groups g on g.id = f.id returning id
         ), lines as (
             insert into orders.lines (order_id, position, variant_id, product_id, sku, name, label, unit, quantity, unit_price,
                    tax_bps, total, tax)
             select o.id, 0, o.id, o.id, 'SKU', 'Cà phê', '500 g', 'gói', 1, 108000, 800, 108000, 8000 from orders o
         ), history as (
             insert into orders.events (id, order_id, at, actor_kind, event, to_state, version)
             select gen_random_uuid(), o.id, f.at, 'buyer', 'place', 'awaiting_payment', 1 from orders o join fresh f on f.id = o.id
         ), intents as (
             insert into payments.intents (id, order_id, seller_id, method, amount, memo, bank_bin, bank_name, account_number,
                    account_name, payload, state, created_at, balance)
             select id, id, $1, 'vietqr', 128000, memo, '970436', 'Vietcombank', '0011004123456', 'BENCH', '', 'unpaid', at, -128000
             from fresh returning id, created_at
         )
         insert into payments.events (id, intent_id, kind, amount, provider, provider_event_id, at, noted_at)
         select gen_random_uuid(), id, 'opened', 128000, 'floor', 'opened:' || id, created_at, created_at from intents",
    )
    .bind(seller)
    .bind(&ids)
    .bind(&codes)
    .bind(&memos)
    .execute(db)
    .await?;
    sqlx::raw_sql("analyze orders.orders; analyze payments.intents; analyze payments.events")
        .execute(db)
        .await?;
    Ok(memos)
}

/// Waits until the jobs have read every message; says how many.
async fn all_read(db: &PgPool) -> anyhow::Result<i64> {
    let begun = Instant::now();
    loop {
        let (done, open): (i64, i64) = sqlx::query_as(
            "select count(*) filter (where done_at is not null), count(*) filter (where done_at is null)
             from platform.jobs where handler = 'payments.read_bank_message'",
        )
        .fetch_one(db)
        .await?;
        if open == 0 {
            return Ok(done);
        }
        anyhow::ensure!(begun.elapsed() < PATIENCE, "{open} messages are not read yet");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The rows alone, without a server between.
async fn inserts(db: &PgPool, time: Duration) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut db = db.acquire().await?;
                let (mut done, round) = (0usize, Uuid::new_v4());
                while begun.elapsed() < time {
                    sqlx::query(
                        "insert into platform.inbox (id, provider, event_id, subject, body, received_at)
                         values ($1, 'bench', $2, '', $3, now())",
                    )
                    .bind(Uuid::new_v4())
                    .bind(format!("{round}:{sender}:{done}"))
                    .bind(body(done, "tien dien").into_bytes())
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
        all += task.await?.context("a bare insert")?;
    }
    Ok(all as f64 / begun.elapsed().as_secs_f64())
}
