//! How long questions take.

use santinh::search::{Document, Query, SearchIndex, Setting};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Questions of one and of two words.
pub struct Questions([Vec<String>; 2]);

/// Words as they stand in names, from here and there: what is frequent in names is asked often.
pub fn questions(given: &[Document]) -> Questions {
    let step = (given.len() / 400).max(1);
    let mut all = [Vec::new(), Vec::new()];
    for (n, document) in given.iter().step_by(step).enumerate() {
        let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
        let words: Vec<&str> = document.name.split_whitespace().filter(is_word).collect();
        if words.len() < 2 {
            continue;
        }
        let at = n % (words.len() - 1);
        all[0].push(words[at].to_owned());
        all[1].push(format!("{} {}", words[at], words[at + 1]));
    }
    Questions(all)
}

/// How long the answers took, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    /// Milliseconds below which so many of a hundred lie.
    pub fn at(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let at = (self.0.len() * percent / 100).min(last);
        self.0.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// Asks every question three times; so many clients share them.
pub async fn ask(
    index: &Arc<dyn SearchIndex>,
    questions: &Questions,
    words: usize,
    clients: usize,
) -> anyhow::Result<Times> {
    let questions = Arc::new(questions.0[words - 1].clone());
    let next = Arc::new(AtomicUsize::new(0));
    let all = questions.len() * 3;
    let mut running = Vec::new();
    for _ in 0..clients {
        let (index, questions, next) = (index.clone(), questions.clone(), next.clone());
        running.push(tokio::spawn(async move {
            let mut times = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= all {
                    return anyhow::Ok(times);
                }
                let query = Query { q: questions[n % questions.len()].clone(), ..Query::default() };
                let began = Instant::now();
                index.find(&query, &Setting::default()).await?;
                times.push(began.elapsed());
            }
        }));
    }
    let mut times = Vec::new();
    for client in running {
        times.extend(client.await??);
    }
    times.sort_unstable();
    Ok(Times(times))
}
