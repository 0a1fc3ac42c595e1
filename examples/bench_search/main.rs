//! `make bench-search`: how right and how fast the search indexes are.
//!
//! LISTINGS (one or more tables, comma between), QUERIES and QRELS judge how right the answers are; without them
//! the judged set over the demo catalogue in `tests/relevance` is taken. Speed is measured at SIZES listings (by
//! default 10000,100000,1000000: the listings given, repeated under other ids), with counts, by one and by eight

mod latency;
mod listings;
mod relevance;

use santinh::search::{EmbeddedStore, IndexStore, SearchIndex};
use std::{path::Path, sync::Arc};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Resident memory of this process, in megabytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    let kilobytes: String = line.chars().filter(char::is_ascii_digit).collect();
    kilobytes.parse::<u64>().unwrap_or_default() / 1024
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

/// An engine that is measured: its name and what makes an empty index.
struct Engine {
    name: &'static str,
    store: Box<dyn IndexStore>,
}

fn engines(folder: &Path) -> Vec<Engine> {
    vec![Engine {
        name: "embedded",
        store: Box::new(EmbeddedStore::new(Some(&folder.join("embedded")))),
    }]
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let given = listings::read(setting("LISTINGS").as_deref())?;
    let judged =
        relevance::Judged::read(setting("QUERIES").as_deref(), setting("QRELS").as_deref())?;
    let sizes = setting("SIZES").unwrap_or_else(|| "10000,100000,1000000".to_owned());
    let sizes: Vec<usize> = sizes.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    let lexicon = Arc::new(listings::lexicon()?);
    let folder = std::env::temp_dir().join(format!("santinh-bench-search-{}", std::process::id()));
    println!("{} listings, {} judged queries\n", given.len(), judged.len());
    for engine in engines(&folder) {
        println!("## {}\n", engine.name);
        let index = engine.store.create().await?;
        index.learn(lexicon.clone()).await?;
        let corpus = judged.corpus(&given, setting("CORPUS").as_deref())?;
        listings::apply(&*index, corpus.iter().map(|d| (*d).clone())).await?;
        engine.store.adopt().await?;
        judged.judge(&*index, &corpus).await?;
        println!(
            "| listings | indexed in | on disk | memory | clients | words | p50 | p99 | worst |"
        );
        println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for count in &sizes {
            measure(&engine, &given, *count, &lexicon, &folder).await?;
        }
        println!();
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn measure(
    engine: &Engine,
    given: &[santinh::search::Document],
    count: usize,
    lexicon: &Arc<santinh::search::Lexicon>,
    folder: &Path,
) -> anyhow::Result<()> {
    let before = memory();
    let index: Arc<dyn SearchIndex> = engine.store.create().await?;
    index.learn(lexicon.clone()).await?;
    let began = std::time::Instant::now();
    listings::apply(&*index, listings::repeated(given, count)).await?;
    engine.store.adopt().await?;
    let took = began.elapsed();
    let questions = latency::questions(given);
    for clients in [1, 8] {
        for words in [1, 2] {
            let times = latency::ask(&index, &questions, words, clients).await?;
            println!(
                "| {count} | {:.1} s | {} MB | {} MB | {clients} | {words} | {:.2} ms | {:.2} ms | {:.2} ms |",
                took.as_secs_f64(),
                size(folder) >> 20,
                memory().saturating_sub(before),
                times.at(50),
                times.at(99),
                times.at(100),
            );
        }
    }
    Ok(())
}
