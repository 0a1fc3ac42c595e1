//! The SQL statements of `checkout` about checkouts.

use super::{draft::Draft, queries::Wish};
use crate::kernel::{CheckoutId, PersonId, VariantId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

struct Row {
    id: Uuid,
    buyer_kind: String,
    buyer_name: String,
    buyer_phone: String,
    buyer_email: String,
    commune_code: Option<String>,
    commune_typed: String,
    address_line: String,
    note: String,
    choices: serde_json::Value,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        Self {
            id: Some(CheckoutId(row.id)),
            for_firm: row.buyer_kind == "organisation",
            name: row.buyer_name,
            phone: row.buyer_phone,
            email: row.buyer_email,
            commune: row.commune_code,
            commune_typed: row.commune_typed,
            address_line: row.address_line,
            note: row.note,
            picks: serde_json::from_value(row.choices).unwrap_or_default(),
        }
    }
}

/// The basket's open checkout.
pub(super) async fn open(db: &mut PgConnection, basket: Uuid) -> sqlx::Result<Option<Draft>> {
    let row = sqlx::query_as!(
        Row,
        "select id, buyer_kind, buyer_name, buyer_phone, buyer_email, commune_code, commune_typed,
                address_line, note, choices
         from checkout.checkouts where basket_id = $1 and state = 'open'",
        basket
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Draft::from))
}

/// The basket's last completed checkout: what the buyer said last time.
pub(super) async fn last(db: &mut PgConnection, basket: Uuid) -> sqlx::Result<Option<Draft>> {
    let row = sqlx::query_as!(
        Row,
        "select id, buyer_kind, buyer_name, buyer_phone, buyer_email, commune_code, commune_typed,
                address_line, note, choices
         from checkout.checkouts where basket_id = $1 and state = 'completed'
         order by updated_at desc limit 1",
        basket
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Draft::from))
}

/// Writes the basket's open checkout, making it when there is none.
pub(super) async fn save(
    db: &mut PgConnection,
    id: CheckoutId,
    basket: Uuid,
    person: Option<PersonId>,
    draft: &Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let choices =
        serde_json::to_value(&draft.picks).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into checkout.checkouts (id, basket_id, person_id, state, buyer_kind, buyer_name, buyer_phone,
             buyer_email, commune_code, commune_typed, address_line, note, choices, created_at, updated_at)
         values ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
         on conflict (basket_id) where state = 'open' do update
             set person_id = $3, buyer_kind = $4, buyer_name = $5, buyer_phone = $6, buyer_email = $7,
                 commune_code = $8, commune_typed = $9, address_line = $10, note = $11, choices = $12,
                 updated_at = $13",
        id.0,
        basket,
        person.map(|p| p.0),
        draft.buyer_kind(),
        draft.name,
        draft.phone,
        draft.email,
        draft.commune,
        draft.commune_typed,
        draft.address_line,
        draft.note,
        choices,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A checkout that is locked.
pub(super) struct Locked {
    /// Where its confirmation is, once it is completed.
    pub(super) answer: Option<String>,
    pub(super) draft: Draft,
    /// The basket's lines in the order in which they were put in, while it is open.
    pub(super) wishes: Vec<Wish>,
}

/// Locks the basket's checkout `id` and, while it is open, what lies in the basket: both stand still until the
/// transaction ends. `None`: there is no such checkout.
pub(super) async fn lock(
    db: &mut PgConnection,
    id: CheckoutId,
    basket: Uuid,
) -> sqlx::Result<Option<Locked>> {
    let row = sqlx::query!(
        r#"with locked as (
               select * from checkout.checkouts where id = $1 and basket_id = $2 for update
           ), lines as (
               select variant_id as variant, quantity, seen_price, added_at from checkout.lines
               where basket_id = (select basket_id from locked where state = 'open') order by variant_id for update
           )
           select id as "id!", buyer_kind as "buyer_kind!", buyer_name as "buyer_name!",
                  buyer_phone as "buyer_phone!", buyer_email as "buyer_email!", commune_code,
                  commune_typed as "commune_typed!", address_line as "address_line!", note as "note!",
                  choices as "choices!", answer,
                  (select coalesce(json_agg(lines order by added_at, variant), '[]') from lines)
                      as "wishes!: Json<Vec<Wish>>"
           from locked"#,
        id.0,
        basket,
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let draft = Draft::from(Row {
        id: row.id,
        buyer_kind: row.buyer_kind,
        buyer_name: row.buyer_name,
        buyer_phone: row.buyer_phone,
        buyer_email: row.buyer_email,
        commune_code: row.commune_code,
        commune_typed: row.commune_typed,
        address_line: row.address_line,
        note: row.note,
        choices: row.choices,
    });
    Ok(Some(Locked { answer: row.answer, draft, wishes: row.wishes.0 }))
}

/// Open → completed, and what was bought leaves the basket: the pieces that are left in it. `None`: it
/// was not open, and nothing was done.
pub(super) async fn complete(
    db: &mut PgConnection,
    (id, basket): (CheckoutId, Uuid),
    bought: &[VariantId],
    answer: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let bought: Vec<Uuid> = bought.iter().map(|variant| variant.0).collect();
    sqlx::query_scalar!(
        r#"with done as (
               update checkout.checkouts set state = 'completed', answer = $4, updated_at = $5
               where id = $1 and basket_id = $2 and state = 'open' returning basket_id
           ), gone as (
               delete from checkout.lines l using done where l.basket_id = done.basket_id and l.variant_id = any($3)
           )
           select (select coalesce(sum(l.quantity), 0)::bigint from checkout.lines l
                   where l.basket_id = done.basket_id and l.variant_id <> all($3)) as "left!" from done"#,
        id.0,
        basket,
        &bought,
        answer,
        now,
    )
    .fetch_optional(db)
    .await
}
