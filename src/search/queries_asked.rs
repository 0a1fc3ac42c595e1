//! SQL of what people look for.

use crate::kernel::Day;
use sqlx::PgConnection;
use std::collections::HashMap;

/// How searches for the same words went on one day.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) times: i64,
    pub(super) empty: i64,
    pub(super) slow: i64,
    /// Milliseconds.
    pub(super) slowest: i32,
    /// Results at the last time.
    pub(super) total: i64,
}

impl Tally {
    pub(super) fn add(&mut self, older: &Self) {
        if self.times == 0 {
            self.total = older.total;
        }
        self.times += older.times;
        self.empty += older.empty;
        self.slow += older.slow;
        self.slowest = self.slowest.max(older.slowest);
    }
}

pub(super) async fn add(
    db: &mut PgConnection,
    tallies: &HashMap<(Day, String), Tally>,
) -> sqlx::Result<()> {
    // In one order, so that two processes that write do not wait for each other in a ring.
    let mut rows: Vec<(&(Day, String), &Tally)> = tallies.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    let days: Vec<Day> = rows.iter().map(|(key, _)| key.0).collect();
    let words: Vec<String> = rows.iter().map(|(key, _)| key.1.clone()).collect();
    let column = |of: fn(&Tally) -> i64| rows.iter().map(|(_, t)| of(t)).collect::<Vec<i64>>();
    let slowest: Vec<i32> = rows.iter().map(|(_, t)| t.slowest).collect();
    sqlx::query!(
        "insert into search.asked as a (day, words, times, empty, slow, slowest, total)
         select * from unnest($1::date[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[])
         on conflict (day, words) do update set times = a.times + excluded.times, empty = a.empty + excluded.empty,
            slow = a.slow + excluded.slow, slowest = greatest(a.slowest, excluded.slowest), total = excluded.total",
        &days,
        &words,
        &column(|t| t.times),
        &column(|t| t.empty),
        &column(|t| t.slow),
        &slowest,
        &column(|t| t.total),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what was looked for before `day`.
pub(super) async fn forget(db: &mut PgConnection, day: Day) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from search.asked where day < $1", day).execute(db).await?;
    Ok(done.rows_affected())
}

/// Words that several people looked for and found since `day`; the most frequent first.
/// `least`: fewer times say nothing about what is popular, but may say something about somebody.
pub(super) async fn popular(
    db: &mut PgConnection,
    day: Day,
    least: i64,
    most: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select words from search.asked where day >= $1
           group by words having sum(times - empty) >= $2::bigint and max(total) > 0
           order by sum(times - empty) desc, words limit $3"#,
        day,
        least,
        most,
    )
    .fetch_all(db)
    .await
}
