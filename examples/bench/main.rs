//! `make bench`: measures the release build on many listings, beside two baselines on the same machine.
//!
//! Starts a PostgreSQL cluster of its own in a temporary folder, fills it (1,000 and LISTINGS_COUNT, by
//! default 50,000 listings), serves each by the program itself, and prints requests per second,
//! p50 and p99 at 1, 16 and 64 connections. The load comes from this process, so the numbers are a floor.
//!
//! Then orders placed, webhooks taken in, and a seller's lists with ORDERS_COUNT (1,000,000) orders in the database.
//! At last the lists of RFQS_COUNT (100,000) requests for quotation.
//! `ONLY=pages,orders,webhooks,list,growth,rfqs` runs these parts alone.

mod data;
mod history;
mod load;
mod orders;
mod rfqs;
mod webhooks;

use anyhow::Context;
use santinh::platform::cluster::Cluster;
use sqlx::{ConnectOptions, PgPool, postgres::PgPoolOptions};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

const TIME: Duration = Duration::from_secs(4);
const CONNECTIONS: [usize; 3] = [1, 16, 64];

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn start(binary: &Path, url: &str, folder: &Path) -> anyhow::Result<Server> {
    let port = free_port()?;
    let child = Command::new(binary)
        .arg("serve")
        .env("DATABASE_URL", url)
        .env("SANTINH_VAR", folder)
        .env("SANTINH_LISTEN", format!("127.0.0.1:{port}"))
        .env("SANTINH_WRITES_PER_MINUTE", "0")
        .env("SANTINH_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", binary.display()))?;
    let server = Server { child, port };
    for _ in 0..600 {
        if let Ok(mut client) = load::Client::new(port).await
            && client.send(&load::get("/healthz", false)).await.is_ok_and(|a| a.status == 200)
        {
            return Ok(server);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    anyhow::bail!("the server did not come up")
}

/// The two baselines, served by this process: an empty handler, and one select by primary key.
async fn baselines(db: PgPool) -> anyhow::Result<u16> {
    use axum::{Router, extract::State, routing::get};
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from catalogue.products limit 1").fetch_one(&db).await?;
    let select = move |State(db): State<PgPool>| async move {
        sqlx::query_scalar::<_, String>("select name from catalogue.products where id = $1")
            .bind(id)
            .fetch_one(&db)
            .await
            .unwrap_or_default()
    };
    let router = Router::new()
        .route("/empty", get(|| async { "ok" }))
        .route("/select", get(select))
        .with_state(db);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(port)
}

fn row(name: &str, connections: usize, m: &load::Measured, one_select: f64) {
    println!(
        "| {name} | {connections} | {:.0} | {:.2} | {:.1} ms | {:.1} ms | {:.1} KB | {} |",
        m.per_second,
        if one_select > 0.0 { m.per_second / one_select } else { 1.0 },
        m.p50.as_secs_f64() * 1e3,
        m.p99.as_secs_f64() * 1e3,
        m.bytes as f64 / 1e3,
        m.failed
    );
}

fn memory(pid: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or(" 0 kB");
    let kb: u64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0);
    format!("{} MB", kb / 1024)
}

/// Paths of one kind of page, asked for in turn.
fn in_turn(
    paths: Vec<String>,
    compressed: bool,
) -> impl Fn(usize, usize) -> Option<Vec<u8>> + Clone {
    move |connection, n| {
        Some(load::get(&paths[(n * 31 + connection * 7) % paths.len()], compressed))
    }
}

const WORDS: [&str; 12] = [
    "ca+phe",
    "nuoc+mam",
    "tieu",
    "mật+ong",
    "gao",
    "banh",
    "che+vang",
    "go",
    "may",
    "tinh+dau",
    "kho",
    "hop+qua",
];
const CATEGORIES: [&str; 8] = [
    "nong-san",
    "do-uong",
    "thuc-pham",
    "thuy-hai-san",
    "ca-phe",
    "dich-vu",
    "thu-cong-my-nghe",
    "may-moc-vat-tu",
];

fn pages(sample: &[(String, String)]) -> [(&'static str, Vec<String>); 4] {
    [
        ("product page", sample.iter().map(|(slug, _)| format!("/san-pham/{slug}")).collect()),
        (
            "category with counts",
            CATEGORIES.iter().map(|slug| format!("/danh-muc/{slug}")).collect(),
        ),
        ("search", WORDS.iter().map(|q| format!("/tim?q={q}")).collect()),
        ("home", vec!["/".to_owned()]),
    ]
}

async fn measure(
    server: &Server,
    sample: &[(String, String)],
    baseline: u16,
) -> anyhow::Result<()> {
    println!("| page | connections | requests/s | of one select | p50 | p99 | size | failed |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for connections in CONNECTIONS {
        let empty =
            load::run(baseline, connections, TIME, in_turn(vec!["/empty".into()], false)).await?;
        let select =
            load::run(baseline, connections, TIME, in_turn(vec!["/select".into()], false)).await?;
        row("baseline: empty handler", connections, &empty, select.per_second);
        row("baseline: one select", connections, &select, select.per_second);
        for (name, paths) in pages(sample) {
            for compressed in [false, true] {
                load::run(server.port, connections, TIME / 4, in_turn(paths.clone(), compressed))
                    .await?;
                let m =
                    load::run(server.port, connections, TIME, in_turn(paths.clone(), compressed))
                        .await?;
                let shown = if compressed { format!("{name}, br") } else { name.to_owned() };
                row(&shown, connections, &m, select.per_second);
            }
        }
        let variants: Vec<String> = sample.iter().map(|(_, variant)| variant.clone()).collect();
        let add = load::run(server.port, connections, TIME, move |connection, n| {
            let variant = &variants[(n * 31 + connection) % variants.len()];
            let body = format!("variant={variant}&quantity=1&key={}&them=1", uuid::Uuid::new_v4());
            Some(load::post("/gio-hang/them", "", &body))
        })
        .await?;
        row("basket add", connections, &add, select.per_second);
    }
    Ok(())
}

/// Transactions per second of `pgbench` on the same cluster.
fn pgbench(url: &str) -> anyhow::Result<f64> {
    let programs =
        std::fs::read_dir("/usr/lib/postgresql")?.flatten().map(|e| e.path().join("bin/pgbench"));
    let program = programs.filter(|p| p.exists()).max().unwrap_or_else(|| PathBuf::from("pgbench"));
    let mut url = url::Url::parse(url)?;
    // sqlx's own words, which PostgreSQL's library does not know.
    let known: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name == "host")
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(known);
    let run =
        |arguments: &[&str]| Command::new(&program).args(arguments).arg(url.as_str()).output();
    run(&["-i", "-q", "-s", "10"])?;
    let out = run(&["-c", "16", "-j", "2", "-T", "15"])?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let tps = text.lines().find_map(|l| l.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.with_context(|| format!("pgbench said: {text}{}", String::from_utf8_lossy(&out.stderr)))
}

async fn database(cluster: &Cluster, name: &'static str) -> anyhow::Result<(PgPool, String)> {
    let options = cluster.database(name).await?;
    let url = options.to_url_lossy().to_string();
    santinh::platform::db::migrate(&options).await?;
    Ok((PgPoolOptions::new().max_connections(16).connect_with(options).await?, url))
}

async fn filled(
    binary: &Path,
    db: &PgPool,
    url: &str,
    folder: &Path,
    count: usize,
) -> anyhow::Result<()> {
    // Reference data first: goods stand in categories.
    let run = |arguments: &[&str]| {
        let mut command = Command::new(binary);
        command
            .args(arguments)
            .env("DATABASE_URL", url)
            .env("SANTINH_VAR", folder)
            .env("SANTINH_LOG", "warn");
        command.status()
    };
    anyhow::ensure!(run(&["migrate"])?.success(), "migrate failed");
    match std::env::var("LISTINGS") {
        Ok(path) if count > 1_000 => {
            let shop = data::fill(db, 1_000).await?;
            let import = ["import", "products", "--stock", "1000000", "--seller", &shop, &path];
            anyhow::ensure!(run(&import)?.success(), "the import failed");
        }
        _ => {
            data::fill(db, count).await?;
        }
    }
    anyhow::ensure!(run(&["reindex"])?.success(), "reindex failed");
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let binary: PathBuf = std::env::args().nth(1).context("usage: bench path/to/santinh")?.into();
    let count = std::env::var("LISTINGS_COUNT").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let folder = std::env::temp_dir().join(format!("santinh-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let cluster = Cluster::start(&folder)?;
    let outcome = measured(&binary, &cluster, &folder, count).await;
    cluster.stop()?;
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

/// Whether a part is asked for: `ONLY` lists some, otherwise all are.
fn wanted(part: &str) -> bool {
    std::env::var("ONLY").map_or(true, |only| only.split(',').any(|one| one.trim() == part))
}

async fn measured(
    binary: &Path,
    cluster: &Cluster,
    folder: &Path,
    count: usize,
) -> anyhow::Result<()> {
    let (large, large_url) = database(cluster, "bench_large").await?;
    filled(binary, &large, &large_url, &folder.join("large"), count).await?;
    let sample = data::sample(&large).await?;
    let server = start(binary, &large_url, &folder.join("large")).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!("## {count} listings\n");
    if wanted("pages") {
        measure(&server, &sample, baselines(large.clone()).await?).await?;
    }
    if wanted("orders") {
        order(&large, &server, &sample, pgbench(&large_url)).await;
    }
    if wanted("webhooks") {
        webhooks::measure(&large, server.port, TIME).await?;
    }
    println!("Memory of the server: {}\n", memory(server.child.id()));
    if wanted("growth") {
        let (small, small_url) = database(cluster, "bench_small").await?;
        filled(binary, &small, &small_url, &folder.join("small"), 1_000).await?;
        let little = start(binary, &small_url, &folder.join("small")).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        grown((&little, &data::sample(&small).await?), (&server, &sample), count).await?;
    }
    if wanted("list") {
        let orders = std::env::var("ORDERS_COUNT").ok().and_then(|n| n.parse().ok());
        history::fill(&large, orders.unwrap_or(1_000_000)).await?;
        history::measure(&large, server.port, TIME / 2).await?;
        println!("\nMemory of the server: {}\n", memory(server.child.id()));
    }
    if wanted("rfqs") {
        let requests = std::env::var("RFQS_COUNT").ok().and_then(|n| n.parse().ok());
        rfqs::fill(&large, requests.unwrap_or(100_000)).await?;
        rfqs::measure(&large, server.port, TIME / 2).await?;
    }
    Ok(())
}

/// Orders per second, beside what the same cluster commits.
async fn order(
    db: &PgPool,
    server: &Server,
    sample: &[(String, String)],
    tps: anyhow::Result<f64>,
) {
    let variants: Vec<String> = sample.iter().map(|(_, variant)| variant.clone()).collect();
    match (orders::place(db, server.port, &variants, 400).await, tps) {
        (Ok(placed), Ok(tps)) => println!(
            "\nOrders placed by 16 buyers at once: {:.0}/s (p99 {:.1} ms, {} failed); pgbench's default script at 16 clients: {tps:.0}/s; ratio {:.2}",
            placed.per_second,
            placed.p99.as_secs_f64() * 1e3,
            placed.failed,
            placed.per_second / tps
        ),
        (placed, tps) => println!("\nOrders were not measured: {:?} {:?}", placed.err(), tps.err()),
    }
}

/// Pages of few listings beside pages of many.
async fn grown(
    (little, few): (&Server, &[(String, String)]),
    (server, many): (&Server, &[(String, String)]),
    count: usize,
) -> anyhow::Result<()> {
    println!("| page, 16 connections | at 1,000 | at {count} | slower by |\n|---|---:|---:|---:|");
    // In turns, because the machine is not equally fast all the time.
    for ((name, few), (_, many)) in pages(few).into_iter().zip(pages(many)) {
        let mut sums = [0.0, 0.0];
        for _ in 0..4 {
            for (sum, port, paths) in [(0, little.port, &few), (1, server.port, &many)] {
                let m = load::run(port, 16, TIME / 2, in_turn(paths.clone(), false)).await?;
                sums[sum] += m.per_second / 4.0;
            }
        }
        println!("| {name} | {:.0}/s | {:.0}/s | {:.2} |", sums[0], sums[1], sums[0] / sums[1]);
    }
    Ok(())
}
