//! Lists of purchase orders, newest first, page by page.

use super::{model::PoState, queries_lists, read::Scope};
use crate::kernel::{Place, Vnd, date, name_place, read_place};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Orders on a page.
pub(super) const SIZE: usize = 30;

/// One line of a list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) other: String,
    pub(super) state: PoState,
    pub(super) total: Vnd,
    pub(super) issued_at: DateTime<Utc>,
    /// What waits to be paid.
    pub(super) open: Vnd,
}

impl Listed {
    #[must_use]
    pub(super) fn when(&self) -> String {
        date(crate::kernel::day_of(self.issued_at))
    }

    fn place(&self) -> Place {
        (self.issued_at, self.id)
    }
}

/// A page of a list, and where the next begins; empty: it is the last.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) orders: Vec<Listed>,
    pub(super) next: String,
}

/// A page of one side's purchase orders, perhaps of one state alone.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn sheet(
    db: &mut PgConnection,
    scope: Scope,
    state: Option<PoState>,
    after: &str,
) -> sqlx::Result<Sheet> {
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let mut orders = queries_lists::list(db, scope, state, read_place(after), most).await?;
    let more = orders.len() > SIZE;
    orders.truncate(SIZE);
    let next = orders.last().filter(|_| more).map(|o| name_place(o.place())).unwrap_or_default();
    Ok(Sheet { orders, next })
}
