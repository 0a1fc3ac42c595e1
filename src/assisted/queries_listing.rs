//! The SQL statements of listing for households.

use super::{
    clerk::Clerk,
    list_for::Ending,
    model::{Channel, LISTING_VERSION, ListedFor, Mandate},
};
use crate::kernel::{Cx, PersonId, ProductId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A consent to be kept.
pub(super) struct NewMandate<'a> {
    pub(super) id: Uuid,
    pub(super) seller: SellerId,
    pub(super) agreed_by: &'a str,
    pub(super) consent_text: &'a str,
    pub(super) channel: Channel,
    pub(super) ends_at: DateTime<Utc>,
}

/// Keeps a consent in place of the one there was. The clerk's row is held.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: &Clerk,
    new: &NewMandate<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update assisted.mandates set ended_at = $3 where seller_id = $1 and clerk_id = $2 and ended_at is null",
        new.seller.0,
        clerk.person.0,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into assisted.mandates (id, seller_id, clerk_id, point_id, point_name, agreed_by, consent_text,
             consent_version, consent_channel, consented_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id,
        new.seller.0,
        clerk.person.0,
        clerk.point.id,
        clerk.point.name,
        new.agreed_by,
        new.consent_text,
        LISTING_VERSION,
        new.channel.code(),
        cx.now,
        new.ends_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The consents that a clerk, or a household, has; those that go on first. `only`: that one of them.
pub(super) async fn mandates(
    db: &mut PgConnection,
    (clerk, seller): (Option<PersonId>, Option<SellerId>),
    only: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Mandate>> {
    sqlx::query_as!(
        Mandate,
        r#"select m.id, m.seller_id as "seller: SellerId", clerk_id as "clerk: PersonId", point_name as point, agreed_by,
                  consented_at, ends_at, ended_at is null and ends_at > $3 as "open!", s.shop_name as "shop!"
           from assisted.mandates m join enterprises.sellers_report s on s.seller_id = m.seller_id
           where (m.clerk_id = $1 or m.seller_id = $2) and ($4::uuid is null or m.id = $4)
           order by (ended_at is null and ends_at > $3) desc, consented_at desc, m.id limit 200"#,
        clerk.map(|p| p.0),
        seller.map(|s| s.0),
        now,
        only,
    )
    .fetch_all(db)
    .await
}

/// One consent to a clerk that goes on.
pub(super) async fn mandate(
    db: &mut PgConnection,
    id: Uuid,
    clerk: PersonId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Mandate>> {
    let found = mandates(db, (Some(clerk), None), Some(id), now).await?;
    Ok(found.into_iter().find(|mandate| mandate.open))
}

/// Keeps a consent from ending until the transaction does; `false` when it is over.
pub(super) async fn hold(
    db: &mut PgConnection,
    id: Uuid,
    clerk: PersonId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        "select id from assisted.mandates
         where id = $1 and clerk_id = $2 and ended_at is null and ends_at > $3 for share",
        id,
        clerk.0,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(held.is_some())
}

/// Ends a consent in somebody's scope; `false`: there is none that goes on.
pub(super) async fn end(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    by: Ending,
) -> sqlx::Result<bool> {
    let (seller, clerk) = match by {
        Ending::Seller(seller) => (Some(seller.0), None),
        Ending::Clerk(clerk) => (None, Some(clerk.0)),
    };
    let done = sqlx::query!(
        "update assisted.mandates set ended_at = $4, ended_by = $5
         where id = $1 and (seller_id = $2 or clerk_id = $3) and ended_at is null",
        id,
        seller,
        clerk,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what was listed.
pub(super) async fn insert_listing(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    (mandate, name, submitted): (Uuid, &str, bool),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into assisted.listings (product_id, mandate_id, name, submitted, listed_at) values ($1, $2, $3, $4, $5)",
        product.0,
        mandate,
        name,
        submitted,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a clerk has listed since then, or what was listed for a household; the latest first. `only`: that product.
pub(super) async fn listings(
    db: &mut PgConnection,
    (clerk, seller): (Option<PersonId>, Option<SellerId>),
    only: Option<Uuid>,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<ListedFor>> {
    sqlx::query_as!(
        ListedFor,
        r#"select l.product_id as "product: ProductId", l.name, l.submitted, l.listed_at, m.point_name as point,
                  m.agreed_by, m.consent_text as consent, s.shop_name as "shop!"
           from assisted.listings l join assisted.mandates m on m.id = l.mandate_id
           join enterprises.sellers_report s on s.seller_id = m.seller_id
           where (m.clerk_id = $1 or m.seller_id = $2) and l.listed_at >= $3
                 and ($4::uuid is null or l.product_id = $4)
           order by l.listed_at desc, l.product_id limit 100"#,
        clerk.map(|p| p.0),
        seller.map(|s| s.0),
        since,
        only,
    )
    .fetch_all(db)
    .await
}
