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

/// How often something was looked for, and how that went.
#[derive(Debug, Clone)]
pub struct LookedFor {
    pub words: String,
    pub times: i64,
    /// Of these, without a result as typed.
    pub empty: i64,
    /// Of these, slowly.
    pub slow: i64,
    /// Milliseconds.
    pub slowest: i32,
    /// Results at the last time.
    pub total: i64,
}

/// What people looked for since `day`, by how often it was `empty`, `slow`, or found (`popular`).
pub(super) async fn list(
    db: &mut PgConnection,
    which: &str,
    day: Day,
    offset: i64,
    most: i64,
) -> sqlx::Result<Vec<LookedFor>> {
    sqlx::query_as!(
        LookedFor,
        r#"select words, times as "times!", empty as "empty!", slow as "slow!", slowest as "slowest!", total as "total!"
           from (select words, sum(times)::bigint as times, sum(empty)::bigint as empty, sum(slow)::bigint as slow,
                        max(slowest) as slowest, (array_agg(total order by day desc))[1] as total
                 from search.asked where day >= $2 group by words) as asked
           cross join lateral (select case $1 when 'empty' then empty when 'slow' then slow else times - empty end as n) as rank
           where n > 0
           order by n desc, case when $1 = 'slow' then slowest end desc, words
           limit $4 offset $3"#,
        which,
        day,
        offset,
        most,
    )
    .fetch_all(db)
    .await
}

/// What people looked for most since `day` with this word in it, and found.
pub(super) async fn with_word(
    db: &mut PgConnection,
    word: &str,
    day: Day,
    most: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select words from search.asked
         where day >= $2 and $1 = any(string_to_array(words, ' ')) and words <> $1
         group by words order by sum(times) desc, words limit $3",
        word,
        day,
        most,
    )
    .fetch_all(db)
    .await
}
