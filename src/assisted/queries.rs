//! The SQL statements of `assisted`.

use super::model::{CONSENT_VERSION, Made, NewVisit, Villager, Visit};
use crate::kernel::{Cx, OrderId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The point of a clerk.
pub(super) async fn point_of(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select point_id from assisted.clerks where person_id = $1 and revoked_at is null",
        person.0
    )
    .fetch_optional(db)
    .await
}

/// All clerks: person and point.
pub(super) async fn clerks(db: &mut PgConnection) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "select person_id, point_id from assisted.clerks where revoked_at is null
         order by granted_at, person_id"
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.point_id)).collect())
}

/// Makes a clerk.
pub(super) async fn grant(
    db: &mut PgConnection,
    person: PersonId,
    point: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into assisted.clerks (person_id, point_id, granted_by, granted_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update
             set point_id = $2, granted_by = $3, granted_at = $4, revoked_at = null, revoked_by = null",
        person.0,
        point,
        by,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// No clerk any more; `false` when he was none.
pub(super) async fn revoke(
    db: &mut PgConnection,
    person: PersonId,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update assisted.clerks set revoked_at = $3, revoked_by = $2
         where person_id = $1 and revoked_at is null",
        person.0,
        by,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Waits until nobody else begins a visit of this clerk or takes his point away; `false` when he is none.
pub(super) async fn hold(db: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        "select person_id from assisted.clerks where person_id = $1 and revoked_at is null for update",
        person.0
    )
    .fetch_optional(db)
    .await?;
    Ok(held.is_some())
}

/// Keeps a visit that begins.
pub(super) async fn insert_visit(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: PersonId,
    new: &NewVisit<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into assisted.visits (id, token, clerk_id, point_id, point_name, name, phone, commune_code,
             address_line, consent_text, consent_version, consent_channel, consented_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        new.id,
        new.token,
        clerk.0,
        new.point_id,
        new.point_name,
        new.villager.name,
        new.villager.phone,
        new.villager.commune_code,
        new.villager.address_line,
        new.consent_text,
        CONSENT_VERSION,
        new.channel.code(),
        cx.now,
        new.ends_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The clerk's visit that goes on.
pub(super) async fn open_visit(
    db: &mut PgConnection,
    clerk: PersonId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Visit>> {
    let row = sqlx::query!(
        "select token, name, phone, commune_code, address_line, ends_at from assisted.visits
         where clerk_id = $1 and ended_at is null and ends_at > $2",
        clerk.0,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Visit {
        token: row.token,
        villager: Villager {
            name: row.name,
            phone: row.phone,
            commune_code: row.commune_code,
            address_line: row.address_line,
        },
        ends_at: row.ends_at,
    }))
}

/// Ends the clerk's open visit, whether its time is over or not.
pub(super) async fn end(
    db: &mut PgConnection,
    clerk: PersonId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update assisted.visits set ended_at = $2 where clerk_id = $1 and ended_at is null returning id",
        clerk.0,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Ends this visit of a clerk who is one, in time.
pub(super) async fn close(
    db: &mut PgConnection,
    clerk: PersonId,
    token: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update assisted.visits v set ended_at = $3
         where clerk_id = $1 and token = $2 and ended_at is null and ends_at > $3
           and exists (select from assisted.clerks c where c.person_id = $1 and c.revoked_at is null)
         returning id",
        clerk.0,
        token,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Marks orders as assisted.
pub(super) async fn insert_orders(
    db: &mut PgConnection,
    visit: Uuid,
    group: &str,
    orders: &[(Uuid, String)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (ids, codes): (Vec<Uuid>, Vec<String>) = orders.iter().cloned().unzip();
    sqlx::query!(
        "insert into assisted.orders (order_id, visit_id, group_code, code, placed_at)
         select id, $1, $2, code, $5 from unnest($3::uuid[], $4::text[]) as o (id, code)",
        visit,
        group,
        &ids,
        &codes,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a clerk has ordered since a moment, newest first.
pub(super) async fn made(
    db: &mut PgConnection,
    clerk: PersonId,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Made>> {
    sqlx::query_as!(
        Made,
        r#"select o.group_code, v.name, count(*) as "orders!", max(o.placed_at) as "placed_at!"
           from assisted.orders o join assisted.visits v on v.id = o.visit_id
           where v.clerk_id = $1 and o.placed_at > $2
           group by o.group_code, v.name order by max(o.placed_at) desc, o.group_code limit 200"#,
        clerk.0,
        since,
    )
    .fetch_all(db)
    .await
}

/// The orders of a purchase that this clerk made since a moment, with the point's name.
pub(super) async fn of_group(
    db: &mut PgConnection,
    clerk: PersonId,
    group: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<(OrderId, String)>> {
    let rows = sqlx::query!(
        r#"select o.order_id as "order: OrderId", v.point_name
           from assisted.orders o join assisted.visits v on v.id = o.visit_id
           where v.clerk_id = $1 and o.group_code = $2 and o.placed_at > $3 order by o.order_id"#,
        clerk.0,
        group,
        since,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order, row.point_name)).collect())
}
