//! The SQL statements of `checkout` about baskets.

use crate::kernel::{PersonId, VariantId, Vnd};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

/// One line as stored.
#[derive(Debug, Deserialize)]
pub(super) struct Wish {
    pub(super) variant: VariantId,
    pub(super) quantity: i64,
    pub(super) seen_price: Vnd,
}

pub(super) async fn basket_of_person(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from checkout.baskets where person_id = $1", person.0)
        .fetch_optional(db)
        .await
}

pub(super) async fn basket_of_token(
    db: &mut PgConnection,
    token_hash: &[u8],
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from checkout.baskets where token_hash = $1", token_hash)
        .fetch_optional(db)
        .await
}

/// A guest's basket, locked: it is merged once.
pub(super) async fn lock_basket_of_token(
    db: &mut PgConnection,
    token_hash: &[u8],
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from checkout.baskets where token_hash = $1 for update",
        token_hash
    )
    .fetch_optional(db)
    .await
}

/// The person's basket, made if there is none.
pub(super) async fn ensure_basket_of_person(
    db: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!(
        "insert into checkout.baskets (id, person_id, updated_at) values ($1, $2, $3)
         on conflict (person_id) do update set updated_at = $3 returning id",
        id,
        person.0,
        now,
    )
    .fetch_one(db)
    .await
}

/// The basket of this token: two who make the first one at once have the same.
pub(super) async fn ensure_basket_of_token(
    db: &mut PgConnection,
    id: Uuid,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!(
        "insert into checkout.baskets (id, token_hash, updated_at) values ($1, $2, $3)
         on conflict (token_hash) do update set updated_at = $3 returning id",
        id,
        token_hash,
        now,
    )
    .fetch_one(db)
    .await
}

/// The lines in the order in which they were put in.
pub(super) async fn lines(db: &mut PgConnection, basket: Uuid) -> sqlx::Result<Vec<Wish>> {
    let rows = sqlx::query!(
        "select variant_id, quantity, seen_price from checkout.lines
         where basket_id = $1 order by added_at, variant_id",
        basket
    )
    .fetch_all(db)
    .await?;
    let wish = |variant_id, quantity, seen_price| Wish {
        variant: VariantId(variant_id),
        quantity,
        seen_price: Vnd(seen_price),
    };
    Ok(rows.into_iter().map(|r| wish(r.variant_id, r.quantity, r.seen_price)).collect())
}

/// Adds to a line, at most up to `most` in all; returns how many lie there now.
pub(super) async fn add(
    db: &mut PgConnection,
    basket: Uuid,
    wish: &Wish,
    most: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "insert into checkout.lines as l (basket_id, variant_id, quantity, seen_price, added_at)
         values ($1, $2, least($3, $5::bigint), $4, $6)
         on conflict (basket_id, variant_id) do update
             set quantity = least(l.quantity + $3, $5::bigint), seen_price = $4
         returning quantity",
        basket,
        wish.variant.0,
        wish.quantity,
        wish.seen_price.0,
        most,
        now,
    )
    .fetch_one(db)
    .await
}

/// Sets a line's quantity; the buyer has seen today's price now. `false`: there is no such line.
pub(super) async fn set(db: &mut PgConnection, basket: Uuid, wish: &Wish) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update checkout.lines set quantity = $3, seen_price = $4 where basket_id = $1 and variant_id = $2",
        basket,
        wish.variant.0,
        wish.quantity,
        wish.seen_price.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn remove(
    db: &mut PgConnection,
    basket: Uuid,
    variants: &[VariantId],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    sqlx::query!(
        "delete from checkout.lines where basket_id = $1 and variant_id = any($2)",
        basket,
        &ids,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Pieces in the basket, for the header.
pub(super) async fn pieces(db: &mut PgConnection, basket: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(quantity), 0)::bigint as "n!" from checkout.lines where basket_id = $1"#,
        basket
    )
    .fetch_one(db)
    .await
}

/// Locks a basket that is used.
pub(super) async fn touch(
    db: &mut PgConnection,
    basket: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update checkout.baskets set updated_at = $2 where id = $1", basket, now)
        .execute(db)
        .await?;
    Ok(())
}

/// Locks a guest's basket that is used.
pub(super) async fn touch_of_token(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update checkout.baskets set updated_at = $2 where token_hash = $1 returning id",
        token_hash,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Everything of `from` goes into `into`: quantities add up, an open checkout comes along.
pub(super) async fn merge(
    db: &mut PgConnection,
    from: Uuid,
    into: Uuid,
    person: PersonId,
    most: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into checkout.lines as l (basket_id, variant_id, quantity, seen_price, added_at)
         select $2, variant_id, quantity, seen_price, added_at from checkout.lines
         where basket_id = $1 order by variant_id
         on conflict (basket_id, variant_id) do update
             set quantity = least(l.quantity + excluded.quantity, $3::bigint),
                 seen_price = excluded.seen_price",
        from,
        into,
        most,
    )
    .execute(&mut *db)
    .await?;
    // One open checkout a basket: the guest's is the newer one.
    sqlx::query!(
        "delete from checkout.checkouts
         where basket_id = $2 and state = 'open'
           and exists (select from checkout.checkouts where basket_id = $1 and state = 'open')",
        from,
        into,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update checkout.checkouts set basket_id = $2, person_id = $3 where basket_id = $1",
        from,
        into,
        person.0,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from checkout.baskets where id = $1", from).execute(db).await?;
    Ok(())
}

/// Guests' baskets that nobody has touched since `before`; returns how many.
pub(super) async fn drop_old_baskets(
    db: &mut PgConnection,
    before: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from checkout.baskets where person_id is null and updated_at < $1",
        before
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// What completed checkouts say about buyers is in their orders; here it goes.
pub(super) async fn drop_old_checkouts(
    db: &mut PgConnection,
    before: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from checkout.checkouts where updated_at < $1", before)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}
