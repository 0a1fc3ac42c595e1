//! The SQL statements that send and move requests.

use super::{
    machine::{Actor, RequestState, Window},
    model::{Area, Audience, NewFile, NewLine, NewRequest},
};
use crate::kernel::{Cx, OrgId, PersonId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A request whose row is held.
pub(super) struct Held {
    pub id: Uuid,
    pub org: OrgId,
    pub state: RequestState,
    pub sealed: bool,
    pub closes_at: DateTime<Utc>,
    /// When the clock acts.
    pub due_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl Held {
    pub(super) fn window(&self, cx: &Cx) -> Window {
        let (state, sealed, closes_at) = (self.state, self.sealed, self.closes_at);
        Window { state, sealed, closes_at, now: cx.now }
    }
}

pub(super) async fn insert_request(
    db: &mut PgConnection,
    cx: &Cx,
    (id, code): (Uuid, &str),
    new: &NewRequest,
) -> sqlx::Result<()> {
    let (audience, category, area) = match &new.audience {
        Audience::Chosen(_) => ("chosen", None, Area::Anywhere),
        Audience::Open { category, area, .. } => ("open", Some(category.as_str()), *area),
    };
    sqlx::query!(
        "insert into quotes.requests (id, code, org_id, org_name, org_tax_code, asked_by, lang, title, body, audience,
             category_slug, area, sealed, closes_at, delivery_commune, delivery_text, wanted_by, state, due_at, sent_at,
             updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'open', $14, $18, $18)",
        id,
        code,
        new.org.0,
        new.org_name,
        new.org_tax_code,
        new.asked_by.0,
        new.lang.code(),
        new.title,
        new.body,
        audience,
        category,
        area.code(),
        new.sealed,
        new.closes_at,
        new.delivery_commune,
        new.delivery_text,
        new.wanted_by,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_line(
    db: &mut PgConnection,
    request: Uuid,
    position: i32,
    line: &NewLine,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.lines (request_id, position, variant_id, seller_id, name, sku, unit, quantity, note, wanted_on,
             category_slug, tax_bps)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        request,
        position,
        line.variant.map(|(variant, _)| variant.0),
        line.variant.map(|(_, seller)| seller.0),
        line.name,
        line.sku,
        line.unit,
        line.quantity.0,
        line.note,
        line.wanted_on,
        line.category,
        line.tax.0,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_file(
    db: &mut PgConnection,
    cx: &Cx,
    (request, quote): (Uuid, Option<Uuid>),
    file: &NewFile,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.files (id, request_id, quote_id, name, mime, size, key, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        cx.new_id(),
        request,
        quote,
        file.name,
        file.mime,
        file.size,
        file.key,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Invites these of the sellers who sell now, the asking firm's own shop aside; how many.
pub(super) async fn invite_chosen(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    sellers: &[SellerId],
) -> sqlx::Result<u64> {
    let sellers: Vec<Uuid> = sellers.iter().map(|s| s.0).collect();
    let done = sqlx::query!(
        "insert into quotes.quotes (id, request_id, seller_id, state, invited_at, updated_at)
         select gen_random_uuid(), r.id, s.seller_id, 'invited', $3, $3
         from enterprises.sellers_report s, quotes.requests r
         where r.id = $1 and s.seller_id = any($2) and s.state = 'approved'
           and s.tax_code is distinct from left(r.org_tax_code, 10)
         on conflict (request_id, seller_id) do nothing",
        request,
        &sellers,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Invites all who have something of these categories on display, in these communes where some are given.
pub(super) async fn invite_open(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    slugs: &[String],
    communes: Option<&[String]>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into quotes.quotes (id, request_id, seller_id, state, invited_at, updated_at)
         select gen_random_uuid(), r.id, s.seller_id, 'invited', $4, $4
         from enterprises.sellers_report s, quotes.requests r
         where r.id = $1 and s.state = 'approved' and s.tax_code is distinct from left(r.org_tax_code, 10)
           and ($3::text[] is null or s.commune_code = any($3))
           and exists (select from catalogue.listings_report l
                       where l.seller_id = s.seller_id and l.category_slug = any($2))
         on conflict (request_id, seller_id) do nothing",
        request,
        slugs,
        communes,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Holds a request's row to the end of the transaction: what both sides and the clock do happens one by one.
pub(super) async fn lock(
    db: &mut PgConnection,
    id: Uuid,
    org: Option<OrgId>,
) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        r#"select id, org_id as "org: OrgId", state as "state: RequestState", sealed, closes_at, due_at, version
           from quotes.requests where id = $1 and ($2::uuid is null or org_id = $2) for update"#,
        id,
        org.map(|org| org.0),
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn move_on(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    to: RequestState,
    (closes_at, due_at): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update quotes.requests set state = $2, closes_at = $3, due_at = $4, version = version + 1, updated_at = $5
         where id = $1",
        held.id,
        to.code(),
        closes_at,
        due_at,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What happened: an event of a quote, or of the request itself.
pub(super) struct NewEvent<'a> {
    pub request: Uuid,
    pub quote: Option<Uuid>,
    pub actor: Actor,
    pub event: &'a str,
    pub to: &'a str,
    pub version: Option<i32>,
    pub note: &'a str,
    pub number: i32,
}

pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewEvent<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.events (id, request_id, quote_id, at, actor_kind, actor, event, to_state, version, note, number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        cx.new_id(),
        new.request,
        new.quote,
        cx.now,
        new.actor.code(),
        cx.person().map(|p| p.0),
        new.event,
        new.to,
        new.version,
        new.note,
        new.number,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Requests whose clock has come.
pub(super) async fn due(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from quotes.requests where due_at <= $1 order by due_at limit $2",
        now,
        most,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_question(
    db: &mut PgConnection,
    cx: &Cx,
    (id, request, seller): (Uuid, Uuid, SellerId),
    private: bool,
    body: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.questions (id, request_id, seller_id, private, body, asked_at) values ($1, $2, $3, $4, $5, $6)",
        id,
        request,
        seller.0,
        private,
        body,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// `false`: there is none, or it is answered.
pub(super) async fn answer_question(
    db: &mut PgConnection,
    cx: &Cx,
    (request, id): (Uuid, Uuid),
    by: PersonId,
    answer: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update quotes.questions set answer = $3, answered_at = $4, answered_by = $5
         where request_id = $1 and id = $2 and answered_at is null",
        request,
        id,
        answer,
        cx.now,
        by.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
