//! What the operator sees of the index and of what people look for.

use super::{Rebuild, Search, asked, queries, queries_asked, queries_upkeep};
use crate::{
    kernel::{Cx, Day},
    platform::audit,
};
use chrono::{Days, TimeDelta};
use serde_json::json;
use sqlx::PgConnection;

pub use queries_asked::LookedFor;
pub use queries_upkeep::Sweep;

/// Days of which the differences between index and database are added up.
const DRIFT_DAYS: i64 = 90;

/// How this process's index does.
#[derive(Debug, Clone)]
pub struct State {
    /// There is an index, be it one that is being built.
    pub has_index: bool,
    /// It answers; else PostgreSQL does.
    pub is_indexed: bool,
    /// Products that can be found.
    pub documents: i64,
    /// The last comparison with the database.
    pub sweep: Option<Sweep>,
    /// Differences found in 90 days.
    pub drifted: i64,
    /// The last rebuild that was asked for.
    pub rebuild: Option<Rebuild>,
}

/// One of the lists of what people look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Without a result as typed.
    Empty,
    Popular,
    /// Slower than [`Which::SLOW_MS`].
    Slow,
}

impl Which {
    /// An answer that takes longer is slow.
    pub const SLOW_MS: u128 = asked::SLOW.as_millis();

    fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Popular => "popular",
            Self::Slow => "slow",
        }
    }
}

impl LookedFor {
    /// What people looked for in the last `days`, today included; the most frequent first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn list(
        db: &mut PgConnection,
        which: Which,
        (today, days): (Day, u64),
        (offset, most): (i64, i64),
    ) -> sqlx::Result<Vec<Self>> {
        let since = today - Days::new(days.clamp(1, asked::DAYS_KEPT) - 1);
        queries_asked::list(db, which.key(), since, offset, most).await
    }
}

impl Search {
    /// How the index does.
    ///
    /// # Errors
    /// The database is away.
    pub async fn state(&self, cx: &Cx) -> sqlx::Result<State> {
        let mut db = self.0.db.acquire().await?;
        Ok(State {
            has_index: self.0.store.is_some(),
            is_indexed: self.is_indexed(),
            documents: queries::count_visible(&mut db).await?,
            sweep: queries_upkeep::last_sweep(&mut db).await?,
            drifted: queries_upkeep::drifted(&mut db, cx.now - TimeDelta::days(DRIFT_DAYS)).await?,
            rebuild: queries_upkeep::last_rebuild(&mut db).await?,
        })
    }

    /// Asks for a rebuild in the caller's transaction, unless one waits already; whether it was asked for.
    ///
    /// # Errors
    /// The database is away.
    pub async fn order_rebuild(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<bool> {
        let is_asked = queries_upkeep::ask_once(db, cx.new_id(), cx.now).await?;
        if is_asked {
            audit::record(db, cx, "search.ask_rebuild", "search:index", json!({})).await?;
        }
        Ok(is_asked)
    }
}
