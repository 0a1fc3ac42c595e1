//! SQL of enquiries and offers.

use super::{
    enquire::NewEnquiry,
    model::{Currency, EnquiryState},
    offer::NewOffer,
};
use crate::kernel::{Cx, Day, Place, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// An enquiry as it stands.
#[derive(Debug, Clone)]
pub(super) struct Enquiry {
    pub id: Uuid,
    pub secret: String,
    pub product_name: String,
    pub seller: SellerId,
    pub name: String,
    pub company: String,
    pub country: String,
    pub email: String,
    pub quantity: String,
    pub incoterm: String,
    pub port: String,
    pub message: String,
    pub state: EnquiryState,
    /// The newest offer's number.
    pub offers: i32,
    pub reason: String,
    pub made_at: DateTime<Utc>,
}

/// One of a seller's offers.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub version: i32,
    pub currency: String,
    pub price: i64,
    pub unit: String,
    pub quantity: String,
    pub incoterm: String,
    pub place: String,
    pub valid_until: Day,
    pub lead_days: i32,
    pub payment: String,
    pub note: String,
    pub made_at: DateTime<Utc>,
}

impl Offer {
    pub(super) fn price_shown(&self) -> String {
        Currency::of(&self.currency).map_or_else(String::new, |c| c.shown(self.price))
    }
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    (id, secret): (Uuid, &str),
    new: &NewEnquiry,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exports.enquiries (id, secret, product_id, product_name, seller_id, name, company, country, email,
             quantity, incoterm, port, message, state, made_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'unconfirmed', $14, $14)",
        id,
        secret,
        new.about.product.0,
        new.about.name,
        new.about.seller.0,
        new.name,
        new.company,
        new.country,
        new.email,
        new.quantity,
        new.incoterm,
        new.port,
        new.message,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// `false`: it had been confirmed before, or there is none.
pub(super) async fn confirm(db: &mut PgConnection, cx: &Cx, secret: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update exports.enquiries set state = 'open', confirmed_at = $2, updated_at = $2
         where secret = $1 and state = 'unconfirmed'",
        secret,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn by_secret(
    db: impl PgExecutor<'_>,
    secret: &str,
) -> sqlx::Result<Option<Enquiry>> {
    Ok(list(db, Some(secret), None, (None, None), 1).await?.pop())
}

/// One of the seller's enquiries; unconfirmed ones are not his yet.
pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    id: Uuid,
    seller: SellerId,
) -> sqlx::Result<Option<Enquiry>> {
    Ok(list(db, None, Some(id), (Some(seller), None), 1).await?.pop())
}

/// Some of the seller's enquiries, newest first, older than `before`.
pub(super) async fn all_of(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    before: Option<Place>,
    most: i64,
) -> sqlx::Result<Vec<Enquiry>> {
    list(db, None, None, (Some(seller), before), most).await
}

async fn list(
    db: impl PgExecutor<'_>,
    secret: Option<&str>,
    id: Option<Uuid>,
    (seller, before): (Option<SellerId>, Option<Place>),
    limit: i64,
) -> sqlx::Result<Vec<Enquiry>> {
    let (at, last) = before.unzip();
    sqlx::query_as!(
        Enquiry,
        r#"select id, secret, product_name, seller_id as "seller: SellerId", name, company, country, email, quantity,
                  incoterm, port, message, state as "state: EnquiryState", offers, reason, made_at
           from exports.enquiries
           where ($1::text is null or secret = $1) and ($2::uuid is null or id = $2)
             and ($3::uuid is null or (seller_id = $3 and state <> 'unconfirmed'))
             and ($1 is not null or $3 is not null)
             and ($4::timestamptz is null or (made_at, id) < ($4, $5::uuid))
           order by made_at desc, id desc limit $6"#,
        secret,
        id,
        seller.map(|s| s.0),
        at,
        last,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Counts one more offer on an enquiry that waits, whose newest is `seen`.
pub(super) async fn next_offer(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seen: i32,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update exports.enquiries set state = 'offered', offers = offers + 1, updated_at = $3
         where id = $1 and offers = $2 and state in ('open', 'offered')",
        id,
        seen,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_offer(
    db: &mut PgConnection,
    cx: &Cx,
    (id, version): (Uuid, i32),
    by: Uuid,
    new: &NewOffer,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exports.offers (enquiry_id, version, currency, price, unit, quantity, incoterm, place, valid_until,
             lead_days, payment, note, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id,
        version,
        new.currency.code(),
        new.price,
        new.unit,
        new.quantity,
        new.incoterm,
        new.place,
        new.valid_until,
        new.lead_days,
        new.payment,
        new.note,
        by,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The offers of an enquiry, newest first.
pub(super) async fn offers(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Vec<Offer>> {
    sqlx::query_as!(
        Offer,
        "select version, currency, price, unit, quantity, incoterm, place, valid_until, lead_days, payment, note, made_at
         from exports.offers where enquiry_id = $1 order by version desc",
        id,
    )
    .fetch_all(db)
    .await
}

/// The buyer's word on the newest offer; to be accepted it must be valid today.
pub(super) async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    (id, seen): (Uuid, i32),
    (to, reason): (EnquiryState, &str),
    today: Day,
) -> sqlx::Result<bool> {
    let accepts = to == EnquiryState::Accepted;
    let done = sqlx::query!(
        "update exports.enquiries e
         set state = case when $3 then 'accepted' else 'declined' end, reason = $4, updated_at = $5
         where e.id = $1 and e.offers = $2 and e.state = 'offered'
           and (not $3 or exists (select from exports.offers o
                                  where o.enquiry_id = e.id and o.version = $2 and o.valid_until >= $6))",
        id,
        seen,
        accepts,
        reason,
        cx.now,
        today,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn close(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    reason: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update exports.enquiries set state = 'closed', reason = $2, updated_at = $3
         where id = $1 and state in ('open', 'offered')",
        id,
        reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes what nobody confirmed.
pub(super) async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from exports.enquiries where state = 'unconfirmed' and made_at < $1",
        before
    )
    .execute(db)
    .await?;
    Ok(())
}
