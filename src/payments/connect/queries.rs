//! The SQL statements of sellers' accounts at Stripe.

use super::standing::{Account, NOT_CONNECTED};
use crate::{
    kernel::{Cx, SellerId},
    payments::adapters::stripe_connect::Told,
};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// The account that a seller has now.
pub(in crate::payments) async fn current(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Option<Account>> {
    sqlx::query_as!(
        Account,
        "select id, country, account, charges_enabled, payouts_enabled, details_submitted, due, disabled_reason,
                checked_at
         from payments.stripe_accounts where seller_id = $1 and ended_at is null",
        seller.0
    )
    .fetch_optional(db)
    .await
}

/// Takes up the account that the seller had before in this country, if it can still be used: Stripe does not let an
/// account move.
pub(super) async fn revive(
    db: &mut PgConnection,
    seller: SellerId,
    country: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.stripe_accounts set ended_at = null where id = (
             select id from payments.stripe_accounts a
             where seller_id = $1 and country = $3 and account is not null and disabled_reason <> $2
               and not exists (select from payments.stripe_accounts b
                               where b.ended_at is null and (b.seller_id = $1 or b.account = a.account))
             order by made_at desc limit 1)",
        seller.0,
        NOT_CONNECTED,
        country,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Begins one, unless there is one.
pub(super) async fn begin(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    country: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.stripe_accounts (id, seller_id, country, made_at) values ($1, $2, $3, $4)
         on conflict (seller_id) where ended_at is null do nothing",
        cx.new_id(),
        seller.0,
        country,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Stripe's name of what was begun. Two who are told it at once come one after the other.
pub(super) async fn name(db: &mut PgConnection, id: Uuid, account: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.stripe_accounts set account = $2 where id = $1 and (account is null or account = $2)",
        id,
        account
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes what Stripe said at `cx.now`; `None`: it is not connected any more. A later answer is not undone.
pub(super) async fn note(
    db: impl PgExecutor<'_>,
    cx: &Cx,
    account: &str,
    told: Option<&Told>,
) -> sqlx::Result<()> {
    let gone = Told { disabled_reason: NOT_CONNECTED.to_owned(), ..Told::default() };
    let told = told.unwrap_or(&gone);
    sqlx::query!(
        "update payments.stripe_accounts
         set charges_enabled = $2, payouts_enabled = $3, details_submitted = $4, due = $5, disabled_reason = $6,
             checked_at = $7
         where account = $1 and ended_at is null and (checked_at is null or checked_at <= $7)",
        account,
        told.charges_enabled,
        told.payouts_enabled,
        told.details_submitted,
        &told.due,
        told.disabled_reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The seller has it no longer.
pub(in crate::payments) async fn end(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.stripe_accounts set ended_at = $2 where seller_id = $1 and ended_at is null",
        seller.0,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes an account that exists at Stripe; `false` when it is another shop's.
pub(super) async fn adopt(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    told: &Told,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.stripe_accounts (id, seller_id, country, account, made_at)
         select $1::uuid, $2::uuid, $3::text, $4::text, $5::timestamptz
         where not exists (select from payments.merchants m where m.provider = 'stripe' and m.code = $4
                             and m.ended_at is null and m.seller_id <> $2)
         on conflict do nothing",
        cx.new_id(),
        seller.0,
        told.country,
        told.account,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
