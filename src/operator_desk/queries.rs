//! Counts over what the slices publish.

use sqlx::PgConnection;

/// How much there is on the floor.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    pub(super) register: i64,
    pub(super) sellers: i64,
    pub(super) selling: i64,
    pub(super) listings: i64,
    pub(super) completed: i64,
}

pub(super) async fn counts(db: &mut PgConnection) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select (select count(*) from enterprises.register_report) as "register!",
                  (select count(*) from enterprises.sellers_report) as "sellers!",
                  (select count(*) from enterprises.sellers_report s where s.state = 'approved') as "selling!",
                  (select count(*) from catalogue.listings_report) as "listings!",
                  (select count(*) from orders.completed_report) as "completed!""#
    )
    .fetch_one(db)
    .await
}
