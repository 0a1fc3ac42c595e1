//! The SQL statements of the operator's commission rules.

use crate::kernel::{Cx, Day, SellerId};
use sqlx::{PgConnection, PgExecutor};

/// A rule as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub seller: Option<SellerId>,
    pub category: Option<String>,
    pub bps: i32,
    pub valid_from: Day,
    /// The first day on which it counts no more.
    pub valid_to: Option<Day>,
    pub founded_on: String,
}

/// All rules, newest first.
pub(super) async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Kept>> {
    sqlx::query_as!(
        Kept,
        r#"select seller_id as "seller: SellerId", category, bps, valid_from, valid_to, founded_on
           from ledger.commission_rules order by valid_from desc, made_at desc limit 500"#
    )
    .fetch_all(db)
    .await
}

/// Writes a rule: an earlier one for the same ends where it begins. `false` when one for the same begins later or on
/// that day.
pub(super) async fn insert(db: &mut PgConnection, cx: &Cx, rule: &Kept) -> sqlx::Result<bool> {
    let seller = rule.seller.map(|s| s.0);
    // Two operators at once: the second waits for the first and then sees his rule.
    sqlx::query!("lock table ledger.commission_rules in share row exclusive mode")
        .execute(&mut *db)
        .await?;
    let later = sqlx::query_scalar!(
        r#"select exists (select from ledger.commission_rules
                          where seller_id is not distinct from $1 and category is not distinct from $2
                            and valid_from >= $3) as "later!""#,
        seller,
        rule.category,
        rule.valid_from,
    )
    .fetch_one(&mut *db)
    .await?;
    if later {
        return Ok(false);
    }
    sqlx::query!(
        "update ledger.commission_rules set valid_to = $3
         where seller_id is not distinct from $1 and category is not distinct from $2
           and (valid_to is null or valid_to > $3)",
        seller,
        rule.category,
        rule.valid_from,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into ledger.commission_rules (id, seller_id, category, bps, valid_from, valid_to, founded_on, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        cx.new_id(),
        seller,
        rule.category,
        rule.bps,
        rule.valid_from,
        rule.valid_to,
        rule.founded_on,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(true)
}
