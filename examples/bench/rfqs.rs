//! Firms and shops that look through their requests for quotation where there are a hundred thousand of them.

use super::{history, load};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// Adds so many requests of two years, with their quotes.
pub async fn fill(db: &PgPool, requests: i64) -> anyhow::Result<()> {
    history::script(db, ("bench.rfqs", requests), include_str!("rfqs.sql")).await
}

/// A place in a list, as its address names it.
fn place((at, id): &(DateTime<Utc>, Uuid)) -> String {
    format!("{}.{id}", at.timestamp_micros())
}

/// Measures the lists of both sides, and prints.
pub async fn measure(db: &PgPool, port: u16, time: Duration) -> anyhow::Result<()> {
    let all: i64 = sqlx::query_scalar("select count(*) from quotes.requests").fetch_one(db).await?;
    println!("\n### {all} requests for quotation\n");
    println!("| list | its rows | clients | requests/s | p50 | p99 | failed |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let firms: Vec<(Uuid, i64)> = sqlx::query_as(
        "select org_id, count(*) from quotes.requests group by org_id order by count(*) desc limit 2",
    )
    .fetch_all(db)
    .await?;
    for (org, rows) in firms {
        let cookie = history::sign_in(db, None, Some(org)).await?;
        let some: Vec<(DateTime<Utc>, Uuid)> = sqlx::query_as(
            "select sent_at, id from quotes.requests where org_id = $1 order by md5(id::text) limit 400",
        )
        .bind(org)
        .fetch_all(db)
        .await?;
        let states = ["open", "closed", "awarded", "cancelled", "lapsed"];
        lists(port, time, ("a firm's requests", "/to-chuc/bao-gia", rows), &cookie, &states, &some)
            .await?;
    }
    let shops: Vec<(Uuid, i64)> = sqlx::query_as(
        "select seller_id, count(*) from quotes.quotes group by seller_id order by count(*) desc limit 1",
    )
    .fetch_all(db)
    .await?;
    for (seller, rows) in shops {
        let cookie = history::sign_in(db, Some(seller), None).await?;
        let some: Vec<(DateTime<Utc>, Uuid)> = sqlx::query_as(
            "select invited_at, id from quotes.quotes where seller_id = $1 order by md5(id::text) limit 400",
        )
        .bind(seller)
        .fetch_all(db)
        .await?;
        let states = ["invited", "sent", "accepted", "lost", "expired", "declined"];
        lists(port, time, ("a shop's quotes", "/ban-hang/bao-gia", rows), &cookie, &states, &some)
            .await?;
    }
    Ok(())
}

async fn lists(
    port: u16,
    time: Duration,
    (name, base, rows): (&str, &str, i64),
    cookie: &str,
    states: &[&str],
    some: &[(DateTime<Utc>, Uuid)],
) -> anyhow::Result<()> {
    let kinds = [
        ("first page", vec![base.to_owned()]),
        ("by state", states.iter().map(|state| format!("{base}?tt={state}")).collect()),
        ("deep page", some.iter().map(|at| format!("{base}?sau={}", place(at))).collect()),
        (
            "deep page backwards",
            some.iter().map(|at| format!("{base}?truoc={}", place(at))).collect(),
        ),
    ];
    for (kind, paths) in kinds {
        for clients in [1, 8] {
            let m: load::Measured =
                history::run(port, clients, time, cookie, paths.clone()).await?;
            history::row(&format!("{name}: {kind}"), rows, clients, &m);
        }
    }
    Ok(())
}
