//! A seller who looks through his orders where there are a million of them: the list with its tabs and searches, and
//! the other pages that he opens every day.

use super::load;
use anyhow::Context;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// A shop and the session of its owner.
struct Shop {
    name: &'static str,
    orders: i64,
    cookie: String,
    /// Some of its orders: code, the buyer's number, the place in the list.
    some: Vec<(String, String, String)>,
}

/// Adds so many orders of two years, spread over all shops.
pub async fn fill(db: &PgPool, orders: i64) -> anyhow::Result<()> {
    script(db, ("bench.orders", orders), include_str!("history.sql")).await
}

/// Runs a script that reads how much it is to make from a setting.
pub async fn script(
    db: &PgPool,
    (setting, amount): (&str, i64),
    statements: &str,
) -> anyhow::Result<()> {
    let mut db = db.acquire().await?;
    sqlx::query("select set_config($1, $2, false)")
        .bind(setting)
        .bind(amount.to_string())
        .execute(&mut *db)
        .await?;
    // One at a time: some of them do not run among others.
    for statement in statements.split(";\n") {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *db).await?;
    }
    // Its settings are nobody else's.
    db.close().await?;
    Ok(())
}

/// Somebody who has signed in, the owner of a shop and in every role of a firm where these are given: his cookie.
pub async fn sign_in(
    db: &PgPool,
    seller: Option<Uuid>,
    org: Option<Uuid>,
) -> anyhow::Result<String> {
    let (person, token) = (Uuid::new_v4(), format!("{}", Uuid::new_v4().simple()).repeat(2));
    sqlx::query(
        "with person as (
             insert into accounts.people (id, email, name, email_confirmed_at, created_at)
             values ($1, $1::text || '@demo.example', 'Chủ gian', now(), now()) returning id
         ), member as (
             insert into enterprises.members (seller_id, person_id, role, added_at)
             select $2, $1, 'owner', now() where $2 is not null
         ), buyer as (
             insert into organisations.members (org_id, person_id, roles, added_at)
             select $4, $1, array['requester', 'approver', 'accountant', 'administrator'], now() where $4 is not null
         ), bell as (
             insert into notices.items (id, person_id, kind, dedup_key, title_vi, title_en, href, told_at, read_at)
             select gen_random_uuid(), $1, 'order', n::text, 'Đơn mới', 'New order', '/ban-hang', now() - n * interval '1 hour',
                    case when n > 40 then now() end from generate_series(1, 5000) n
         )
         insert into accounts.sessions (token_hash, id, person_id, user_agent, address, created_at, last_seen_at, expires_at)
         values ($3, gen_random_uuid(), $1, 'bench', '127.0.0.1', now(), now(), now() + interval '30 days')",
    )
    .bind(person)
    .bind(seller)
    .bind(Sha256::digest(token.as_bytes()).to_vec())
    .bind(org)
    .execute(db)
    .await?;
    Ok(format!("sid={token}"))
}

/// The shop that is `nth` by its address, with an owner who has signed in.
async fn shop(db: &PgPool, name: &'static str, nth: i64) -> anyhow::Result<Shop> {
    let seller: Uuid =
        sqlx::query_scalar("select id from enterprises.sellers order by slug offset $1 limit 1")
            .bind(nth)
            .fetch_one(db)
            .await?;
    let cookie = sign_in(db, Some(seller), None).await?;
    let orders = sqlx::query_scalar("select count(*) from orders.orders where seller_id = $1")
        .bind(seller)
        .fetch_one(db)
        .await?;
    Ok(Shop { name, orders, cookie, some: some(db, seller).await? })
}

/// Four hundred orders from all over the list, with codes as people read them out.
async fn some(db: &PgPool, seller: Uuid) -> anyhow::Result<Vec<(String, String, String)>> {
    let rows: Vec<(Uuid, String, DateTime<Utc>)> = sqlx::query_as(
        "select id, buyer_phone, placed_at from orders.orders where seller_id = $1 order by md5(id::text) limit 400",
    )
    .bind(seller)
    .fetch_all(db)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|(id, ..)| *id).collect();
    let codes: Vec<String> = ids.iter().map(|id| santinh::kernel::code_from(*id)).collect();
    sqlx::query(
        "update orders.orders o set code = c.code from unnest($1::uuid[], $2::text[]) as c (id, code) where o.id = c.id",
    )
    .bind(&ids)
    .bind(&codes)
    .execute(db)
    .await?;
    let place = |at: DateTime<Utc>, id: Uuid| format!("{}.{id}", at.timestamp_micros());
    let named = rows.into_iter().zip(codes);
    Ok(named
        .map(|((id, phone, at), code)| (code, phone.replacen("+84", "0", 1), place(at, id)))
        .collect())
}

const NAMES: [&str; 8] = [
    "nguyen",
    "tran+thi+huong",
    "do+minh+yen",
    "le+van+dung",
    "anh",
    "bui+ngoc",
    "pham+duc+son",
    "khong+ai+ca",
];

const STATES: [&str; 8] = [
    "awaiting_payment",
    "placed",
    "confirmed",
    "packed",
    "handed_over",
    "delivered",
    "completed",
    "cancelled",
];

/// What is asked of the list.
fn kinds(shop: &Shop) -> Vec<(&'static str, Vec<String>)> {
    let list = |query: String| format!("/ban-hang/don-hang?{query}");
    let each = |of: fn(&(String, String, String)) -> String| -> Vec<String> {
        shop.some.iter().map(|order| list(of(order))).collect()
    };
    vec![
        ("first page", vec![list(String::new())]),
        ("by state", STATES.iter().map(|state| list(format!("tt={state}"))).collect()),
        ("by code", each(|(code, ..)| format!("tim={code}"))),
        ("by number", each(|(_, phone, _)| format!("tim={phone}"))),
        ("by name", NAMES.iter().map(|name| list(format!("tim={name}"))).collect()),
        ("deep page", each(|(.., place)| format!("sau={place}"))),
        ("deep page of a state", each(|(.., place)| format!("tt=completed&sau={place}"))),
        ("deep page backwards", each(|(.., place)| format!("truoc={place}"))),
    ]
}

const DAILY: [&str; 7] = [
    "/ban-hang",
    "/ban-hang/doi-soat",
    "/ban-hang/doi-soat/thu-ho",
    "/ban-hang/so-cai",
    "/ban-hang/tra-hang",
    "/ban-hang/tin-nhan",
    "/ban-hang/hoa-don",
];

/// Measures the list for two shops, and prints.
pub async fn measure(db: &PgPool, port: u16, time: Duration) -> anyhow::Result<()> {
    let all: i64 = sqlx::query_scalar("select count(*) from orders.orders").fetch_one(db).await?;
    let shops = [shop(db, "a shop", 0).await?, shop(db, "a large shop", 1).await?];
    sqlx::raw_sql("checkpoint").execute(db).await?;
    println!("\n### {all} orders\n");
    println!("| a seller's orders | of the shop's | clients | requests/s | p50 | p99 | failed |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for shop in &shops {
        for (kind, paths) in kinds(shop) {
            for clients in [1, 8] {
                let m = run(port, clients, time, &shop.cookie, paths.clone()).await?;
                row(&format!("{}: {kind}", shop.name), shop.orders, clients, &m);
            }
        }
    }
    for shop in &shops {
        for path in DAILY {
            let m = run(port, 1, time / 2, &shop.cookie, vec![path.to_owned()]).await?;
            row(&format!("{}: {path}", shop.name), shop.orders, 1, &m);
        }
    }
    Ok(())
}

/// Asks for these pages in turn.
pub async fn run(
    port: u16,
    clients: usize,
    time: Duration,
    cookie: &str,
    paths: Vec<String>,
) -> anyhow::Result<load::Measured> {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| load::get_as(path, cookie)).collect();
    let asked = paths[0].clone();
    let first = load::Client::new(port).await?.send(&requests[0]).await?;
    anyhow::ensure!(first.status == 200, "{asked}: {}", first.status);
    load::run(port, clients, time, move |client, n| {
        Some(requests[(n * 31 + client * 7) % requests.len()].clone())
    })
    .await
    .with_context(|| asked)
}

/// Prints a line of the table.
pub fn row(name: &str, orders: i64, clients: usize, m: &load::Measured) {
    println!(
        "| {name} | {orders} | {clients} | {:.0} | {:.1} ms | {:.1} ms | {} |",
        m.per_second,
        m.p50.as_secs_f64() * 1e3,
        m.p99.as_secs_f64() * 1e3,
        m.failed
    );
}
