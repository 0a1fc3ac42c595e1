//! The Department's view of all sellers.

use super::{
    model::{Kind, State},
    queries_overview as queries,
};
use crate::kernel::{SellerId, slug};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;

/// A seller in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: SellerId,
    pub shop_name: String,
    pub legal_name: String,
    pub tax_code: Option<String>,
    pub kind: Kind,
    pub commune_code: String,
    pub state: State,
    pub submitted_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    /// Rows in all, whatever the page.
    pub total: i64,
}

/// Another shop of the same legal entity.
#[derive(Debug, Clone)]
pub struct Found {
    pub id: SellerId,
    pub shop_name: String,
    pub state: State,
}

/// How many sellers stand in each state.
///
/// # Errors
/// Whatever the database says.
pub async fn count_by_state(db: &mut PgConnection) -> sqlx::Result<HashMap<State, i64>> {
    Ok(queries::counts(db).await?.into_iter().collect())
}

/// One page of sellers by state and words; those that wait come first, the longest waiting foremost.
///
/// # Errors
/// Whatever the database says.
pub async fn list_sellers(
    db: &mut PgConnection,
    state: Option<State>,
    words: &str,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Listed>> {
    let words: String = words.trim().chars().take(100).collect();
    let folded = if words.chars().any(char::is_alphabetic) { slug(&words) } else { String::new() };
    queries::list(db, state, &words, &folded, (limit, offset)).await
}

/// The other shops of a legal entity.
///
/// # Errors
/// Whatever the database says.
pub async fn shops_of_entity(
    db: &mut PgConnection,
    entity: &str,
    but: SellerId,
) -> sqlx::Result<Vec<Found>> {
    queries::of_entity(db, entity, but).await
}
