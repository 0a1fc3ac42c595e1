//! The SQL statements of `checkout` about checkouts.

use super::{draft::Draft, queries::Wish};
use crate::{
    kernel::{CheckoutId, PersonId},
    platform::idempotency::Once,
};
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

/// Whose checkout it is said to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose<'a> {
    Basket(Uuid),
    /// By the SHA-256 of the guest's cookie.
    Guest(&'a [u8]),
}

impl<'a> Whose<'a> {
    const fn keys(self) -> (Option<Uuid>, Option<&'a [u8]>) {
        match self {
            Self::Basket(basket) => (Some(basket), None),
            Self::Guest(token) => (None, Some(token)),
        }
    }
}

/// A checkout that has been taken to be placed.
pub(super) struct Taken {
    pub(super) basket: Uuid,
    pub(super) draft: Draft,
    /// What lay in the basket, in the order in which it was put in; it is empty now.
    pub(super) wishes: Vec<Wish>,
}

/// Open → completed with its confirmation's address and the key that did it, and the basket is emptied. `None`: this
/// basket has no such open checkout, and nothing was done. Two who take one wait for each other.
pub(super) async fn take(
    db: &mut PgConnection,
    (id, whose): (CheckoutId, Whose<'_>),
    (once, answer): (&Once, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Taken>> {
    let (basket, token) = whose.keys();
    let row = sqlx::query!(
        r#"with taken as (
               update checkout.checkouts c
               set state = 'completed', answer = $4, updated_at = $5, placed_key = $6, placed_print = $7
               where c.id = $1 and c.state = 'open'
                 and c.basket_id = coalesce($2, (select b.id from checkout.baskets b where b.token_hash = $3))
               returning *
           ), gone as (
               delete from checkout.lines l using taken where l.basket_id = taken.basket_id
               returning l.variant_id as variant, l.quantity, l.seen_price, l.added_at
           )
           select id as "id!", basket_id as "basket!", buyer_kind as "buyer_kind!", buyer_name as "buyer_name!",
                  buyer_phone as "buyer_phone!", buyer_email as "buyer_email!", commune_code,
                  commune_typed as "commune_typed!", address_line as "address_line!", note as "note!",
                  choices as "choices!",
                  (select coalesce(json_agg(gone order by added_at, variant), '[]') from gone)
                      as "wishes!: Json<Vec<Wish>>"
           from taken"#,
        id.0,
        basket,
        token,
        answer,
        now,
        once.key(),
        once.fingerprint(),
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
    Ok(Some(Taken { basket: row.basket, draft, wishes: row.wishes.0 }))
}

/// A checkout that was completed before.
pub(super) struct Completed {
    pub(super) basket: Uuid,
    /// Where its confirmation is.
    pub(super) answer: String,
    /// The once-only key that completed it, and what it was used for.
    pub(super) key: Option<Uuid>,
    pub(super) fingerprint: Option<Vec<u8>>,
}

pub(super) async fn completed(
    db: &mut PgConnection,
    id: CheckoutId,
    whose: Whose<'_>,
) -> sqlx::Result<Option<Completed>> {
    let (basket, token) = whose.keys();
    sqlx::query_as!(
        Completed,
        r#"select c.basket_id as basket, c.answer as "answer!", c.placed_key as key, c.placed_print as fingerprint
           from checkout.checkouts c
           where c.id = $1 and c.state = 'completed'
             and c.basket_id = coalesce($2, (select b.id from checkout.baskets b where b.token_hash = $3))"#,
        id.0,
        basket,
        token,
    )
    .fetch_optional(db)
    .await
}

/// The confirmation is elsewhere than was thought when the checkout was taken.
pub(super) async fn answer(
    db: &mut PgConnection,
    id: CheckoutId,
    answer: &str,
) -> sqlx::Result<()> {
    sqlx::query!("update checkout.checkouts set answer = $2 where id = $1", id.0, answer)
        .execute(db)
        .await?;
    Ok(())
}

/// What was not bought lies in the basket again, in the same order.
pub(super) async fn put_back(
    db: &mut PgConnection,
    basket: Uuid,
    wishes: &[&Wish],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into checkout.lines (basket_id, variant_id, quantity, seen_price, added_at)
         select $1, variant, quantity, price, $5::timestamptz + n * interval '1 microsecond'
         from unnest($2::uuid[], $3::bigint[], $4::bigint[]) with ordinality as w (variant, quantity, price, n)
         order by variant on conflict do nothing",
        basket,
        &wishes.iter().map(|wish| wish.variant.0).collect::<Vec<_>>(),
        &wishes.iter().map(|wish| wish.quantity).collect::<Vec<_>>(),
        &wishes.iter().map(|wish| wish.seen_price.0).collect::<Vec<_>>(),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}
