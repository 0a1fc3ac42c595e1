//! The SQL statements that write versions and move quotes.

use super::{
    machine::QuoteState,
    model::{Amount, Break, NewOffer, OfferLine, Terms},
};
use crate::kernel::{BasisPoints, Cx, Day, PersonId, SellerId, VariantId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A quote whose row is held.
#[derive(Debug, Clone)]
pub(super) struct HeldQuote {
    pub id: Uuid,
    pub seller: SellerId,
    pub state: QuoteState,
    pub last: i32,
    pub offer: Option<i32>,
    pub counter: Option<i32>,
    pub pending: Option<i32>,
    pub valid_until: Option<DateTime<Utc>>,
    pub total: Option<i64>,
    pub moves: i32,
}

impl HeldQuote {
    /// Whether the offer that stands has not run out.
    pub(super) fn is_valid(&self, cx: &Cx) -> bool {
        self.valid_until.is_some_and(|until| until > cx.now)
    }
}

/// The quotes of a request, held in the order of their ids; after the request's own row.
pub(super) async fn lock_all(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<HeldQuote>> {
    sqlx::query_as!(
        HeldQuote,
        r#"select id, seller_id as "seller: SellerId", state as "state: QuoteState", last, offer, counter, pending,
                  valid_until, total, moves
           from quotes.quotes where request_id = $1 order by id for update"#,
        request,
    )
    .fetch_all(db)
    .await
}

/// One of them, by its seller or its own id; after the request's own row.
pub(super) async fn lock_one(
    db: &mut PgConnection,
    request: Uuid,
    (quote, seller): (Option<Uuid>, Option<SellerId>),
) -> sqlx::Result<Option<HeldQuote>> {
    sqlx::query_as!(
        HeldQuote,
        r#"select id, seller_id as "seller: SellerId", state as "state: QuoteState", last, offer, counter, pending,
                  valid_until, total, moves
           from quotes.quotes where request_id = $1 and (id = $2 or seller_id = $3) for update"#,
        request,
        quote,
        seller.map(|s| s.0),
    )
    .fetch_optional(db)
    .await
}

/// Where a quote goes, with what stands then.
pub(super) async fn move_on(db: &mut PgConnection, cx: &Cx, quote: &HeldQuote) -> sqlx::Result<()> {
    sqlx::query!(
        "update quotes.quotes set state = $2, last = $3, offer = $4, counter = $5, pending = $6, valid_until = $7, total = $8,
             moves = $9, updated_at = $10
         where id = $1",
        quote.id,
        quote.state.code(),
        quote.last,
        quote.offer,
        quote.counter,
        quote.pending,
        quote.valid_until,
        quote.total,
        quote.moves,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The seller has opened the request.
pub(super) async fn mark_seen(db: impl PgExecutor<'_>, cx: &Cx, quote: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update quotes.quotes set seen_at = $2 where id = $1 and seen_at is null",
        quote,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a version with its lines and breaks.
pub(super) async fn insert_version(
    db: &mut PgConnection,
    cx: &Cx,
    (quote, version, kind): (Uuid, i32, &str),
    by: Option<PersonId>,
    (new, total): (&NewOffer, Vnd),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.versions (quote_id, version, kind, made_by, made_at, valid_until, delivery_fee, deliver_on,
             deposit_bps, on_delivery_bps, net_days, terms_note, note, total)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        quote,
        version,
        kind,
        by.map(|p| p.0),
        cx.now,
        new.valid_until,
        new.delivery_fee.0,
        new.deliver_on,
        new.terms.deposit,
        new.terms.on_delivery,
        new.terms.net_days,
        new.terms.note,
        new.note,
        total.0,
    )
    .execute(&mut *db)
    .await?;
    for line in &new.lines {
        insert_line(db, quote, version, line).await?;
    }
    Ok(())
}

async fn insert_line(
    db: &mut PgConnection,
    quote: Uuid,
    version: i32,
    line: &OfferLine,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.version_lines (quote_id, version, position, choice, variant_id, name, sku, unit, quantity,
             unit_price, tax_bps, lead_days, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        quote,
        version,
        line.position,
        line.choice,
        line.variant.map(|v| v.0),
        line.name,
        line.sku,
        line.unit,
        line.quantity.0,
        line.price.0,
        line.tax.0,
        line.lead_days,
        line.note,
    )
    .execute(&mut *db)
    .await?;
    for other in &line.breaks {
        sqlx::query!(
            "insert into quotes.breaks (quote_id, version, position, choice, min_quantity, unit_price)
             values ($1, $2, $3, $4, $5, $6)",
            quote,
            version,
            line.position,
            line.choice,
            other.min.0,
            other.price.0,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// A version as it was made.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub quote: Uuid,
    pub version: i32,
    pub is_counter: bool,
    pub made_at: DateTime<Utc>,
    pub total: Vnd,
    pub offer: NewOffer,
}

struct Head {
    quote_id: Uuid,
    version: i32,
    kind: String,
    made_at: DateTime<Utc>,
    valid_until: DateTime<Utc>,
    delivery_fee: Vnd,
    deliver_on: Option<Day>,
    deposit_bps: i32,
    on_delivery_bps: i32,
    net_days: Option<i32>,
    terms_note: String,
    note: String,
    total: Vnd,
}

/// Versions with their lines: `only` these of each quote, or all of them.
pub(super) async fn versions(
    db: &mut PgConnection,
    quotes: &[Uuid],
    only: Option<&[i32]>,
) -> sqlx::Result<Vec<Version>> {
    let heads = sqlx::query_as!(
        Head,
        r#"select v.quote_id, v.version, v.kind, v.made_at, v.valid_until, v.delivery_fee as "delivery_fee: Vnd",
                  v.deliver_on, v.deposit_bps, v.on_delivery_bps, v.net_days, v.terms_note, v.note, v.total as "total: Vnd"
           from unnest($1::uuid[], $2::int[]) as w (quote_id, version)
           join quotes.versions v on v.quote_id = w.quote_id and (w.version is null or v.version = w.version)
           order by v.quote_id, v.version"#,
        quotes,
        only.unwrap_or(&[]),
    )
    .fetch_all(&mut *db)
    .await?;
    let mut lines = lines(db, quotes, only).await?;
    let version = |head: Head| {
        let mine =
            |line: &(Uuid, i32, OfferLine)| line.0 == head.quote_id && line.1 == head.version;
        let (own, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut lines).into_iter().partition(mine);
        lines = rest;
        Version {
            quote: head.quote_id,
            version: head.version,
            is_counter: head.kind == "counter",
            made_at: head.made_at,
            total: head.total,
            offer: NewOffer {
                lines: own.into_iter().map(|(_, _, line)| line).collect(),
                delivery_fee: head.delivery_fee,
                deliver_on: head.deliver_on,
                valid_until: head.valid_until,
                terms: Terms {
                    deposit: head.deposit_bps,
                    on_delivery: head.on_delivery_bps,
                    net_days: head.net_days,
                    note: head.terms_note,
                },
                note: head.note,
            },
        }
    };
    Ok(heads.into_iter().map(version).collect())
}

struct LineRow {
    quote_id: Uuid,
    version: i32,
    position: i32,
    choice: i32,
    variant: Option<VariantId>,
    name: String,
    sku: String,
    unit: String,
    quantity: Amount,
    unit_price: Vnd,
    tax_bps: BasisPoints,
    lead_days: i32,
    note: String,
    mins: Vec<i64>,
    prices: Vec<i64>,
}

async fn lines(
    db: &mut PgConnection,
    quotes: &[Uuid],
    only: Option<&[i32]>,
) -> sqlx::Result<Vec<(Uuid, i32, OfferLine)>> {
    let rows = sqlx::query_as!(
        LineRow,
        r#"select l.quote_id, l.version, l.position, l.choice, l.variant_id as "variant: VariantId", l.name, l.sku, l.unit,
                  l.quantity as "quantity: Amount", l.unit_price as "unit_price: Vnd", l.tax_bps as "tax_bps: BasisPoints",
                  l.lead_days, l.note, b.mins as "mins!", b.prices as "prices!"
           from unnest($1::uuid[], $2::int[]) as w (quote_id, version)
           join quotes.version_lines l on l.quote_id = w.quote_id and (w.version is null or l.version = w.version)
           cross join lateral (
               select coalesce(array_agg(min_quantity order by min_quantity), '{}') as mins,
                      coalesce(array_agg(unit_price order by min_quantity), '{}') as prices
               from quotes.breaks b where b.quote_id = l.quote_id and b.version = l.version
                   and b.position = l.position and b.choice = l.choice) b
           order by l.quote_id, l.version, l.position, l.choice"#,
        quotes,
        only.unwrap_or(&[]),
    )
    .fetch_all(db)
    .await?;
    let line = |row: LineRow| {
        let breaks = row.mins.into_iter().zip(row.prices);
        let line = OfferLine {
            position: row.position,
            choice: row.choice,
            variant: row.variant,
            name: row.name,
            sku: row.sku,
            unit: row.unit,
            quantity: row.quantity,
            price: row.unit_price,
            tax: row.tax_bps,
            lead_days: row.lead_days,
            note: row.note,
            breaks: breaks
                .map(|(min, price)| Break { min: Amount(min), price: Vnd(price) })
                .collect(),
        };
        (row.quote_id, row.version, line)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Offers that have run out, with their requests.
pub(super) async fn run_out(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "select request_id, id from quotes.quotes
         where state in ('sent', 'countered') and valid_until <= $1 order by valid_until limit $2",
        now,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.request_id, row.id)).collect())
}

/// What the shop's staff may offer alone.
pub(super) async fn limit(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Option<Vnd>> {
    sqlx::query_scalar!(
        r#"select amount as "amount: Vnd" from quotes.limits where seller_id = $1"#,
        seller.0,
    )
    .fetch_optional(db)
    .await
}

/// `None`: without limit.
pub(super) async fn put_limit(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, by): (SellerId, PersonId),
    amount: Option<Vnd>,
) -> sqlx::Result<()> {
    let Some(amount) = amount else {
        sqlx::query!("delete from quotes.limits where seller_id = $1", seller.0)
            .execute(db)
            .await?;
        return Ok(());
    };
    sqlx::query!(
        "insert into quotes.limits (seller_id, amount, set_by, updated_at) values ($1, $2, $3, $4)
         on conflict (seller_id) do update set amount = excluded.amount, set_by = excluded.set_by,
             updated_at = excluded.updated_at",
        seller.0,
        amount.0,
        by.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
