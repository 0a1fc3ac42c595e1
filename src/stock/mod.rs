//! Stock: how many there are and how many are promised; never more than there are.
//!
//! An order reserves at placing, releases on cancel or lapse, ships on hand-over. Each step is one
//! conditional update a variant, in the order of the variants' ids, so that no two orders wait for
//! each other; check constraints stand behind. Services have no limit. Whoever acts for an order holds that
//! order's row first, or has just made it.
//!
//! ```text
//! held ─▶ shipped        held ─▶ released
//! ```
//! - Schema `stock`: `levels`, `reservations`, `movements`; always Σ movements = on hand and
//!   Σ held reservations = reserved; what comes back of an order is never more than left under it. Published: `stock.levels_report`.
//! - Tells: [`StockChanged`].   Hears: nothing.   Uses: nothing.

mod error;
mod events;
mod leave;
mod model;
mod put_back;
mod queries;
mod queries_leave;
mod reduce;
mod release;
mod reserve;
mod routes;
mod set_on_hand;
mod ship;

pub use error::StockError;
pub use events::StockChanged;
pub use leave::{have_left, leave_again, left_as, was_shipped};
pub use model::{CountKind, Level, NewLevel};
pub use put_back::put_back;
pub use reduce::reduce;
pub use release::release;
pub use reserve::reserve;
pub use routes::{Deps, router};
pub use set_on_hand::{open, set_on_hand, set_unlimited};
pub use ship::ship;

use crate::kernel::{SellerId, VariantId};
use sqlx::PgConnection;
use std::collections::HashMap;

/// How many of each can be sold now. A variant without a level is not among the answers.
///
/// # Errors
/// Whatever the database says.
pub async fn available(
    db: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<HashMap<VariantId, i64>> {
    let levels = levels(db, variants).await?;
    Ok(levels.into_iter().map(|(id, level)| (id, level.available())).collect())
}

/// The whole level of each.
///
/// # Errors
/// Whatever the database says.
pub async fn levels(
    db: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<HashMap<VariantId, Level>> {
    let ids: Vec<uuid::Uuid> = variants.iter().map(|v| v.0).collect();
    queries::levels(db, &ids).await
}

/// How many of a seller's variants have fewer than `few` left for sale; no more than a hundred are counted.
///
/// # Errors
/// Whatever the database says.
pub async fn count_low(db: &mut PgConnection, seller: SellerId, few: i64) -> sqlx::Result<i64> {
    queries::count_low(db, seller, few).await
}
