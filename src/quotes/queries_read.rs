//! The SQL statements that read one request with everything that belongs to it.

use super::{
    machine::{QuoteState, RequestState, Window},
    model::Amount,
};
use crate::kernel::{BasisPoints, Cx, Day, OrgId, PersonId, SellerId, VariantId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A request as it was sent and as it stands.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub id: Uuid,
    pub code: String,
    pub org: OrgId,
    pub org_name: String,
    pub asked_by: PersonId,
    pub title: String,
    pub body: String,
    pub category_slug: Option<String>,
    pub area: String,
    pub sealed: bool,
    pub closes_at: DateTime<Utc>,
    pub delivery_commune: Option<String>,
    pub delivery_text: String,
    pub wanted_by: Option<Day>,
    pub state: RequestState,
    pub due_at: Option<DateTime<Utc>>,
    pub sent_at: DateTime<Utc>,
}

impl Request {
    pub(super) fn window(&self, cx: &Cx) -> Window {
        let (state, sealed, closes_at) = (self.state, self.sealed, self.closes_at);
        Window { state, sealed, closes_at, now: cx.now }
    }
}

/// In whosoever's scope: the caller has found it there, or it is a job.
pub(super) async fn request(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Request>> {
    sqlx::query_as!(
        Request,
        r#"select id, code, org_id as "org: OrgId", org_name, asked_by as "asked_by: PersonId", title, body,
                  category_slug, area, sealed, closes_at, delivery_commune, delivery_text, wanted_by,
                  state as "state: RequestState", due_at, sent_at
           from quotes.requests where id = $1"#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// A line that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub position: i32,
    pub variant: Option<VariantId>,
    pub seller: Option<SellerId>,
    pub name: String,
    pub sku: String,
    pub unit: String,
    pub quantity: Amount,
    pub note: String,
    pub wanted_on: Option<Day>,
    pub category: Option<String>,
    pub tax: BasisPoints,
}

pub(super) async fn lines(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select position, variant_id as "variant: VariantId", seller_id as "seller: SellerId", name, sku, unit,
                  quantity as "quantity: Amount", note, wanted_on, category_slug as category, tax_bps as "tax: BasisPoints"
           from quotes.lines where request_id = $1 order by position"#,
        request,
    )
    .fetch_all(db)
    .await
}

/// One seller's quote.
#[derive(Debug, Clone)]
pub(super) struct Quote {
    pub id: Uuid,
    pub seller: SellerId,
    pub shop_name: String,
    pub shop_slug: String,
    pub state: QuoteState,
    pub offer: Option<i32>,
    pub counter: Option<i32>,
    pub pending: Option<i32>,
    pub valid_until: Option<DateTime<Utc>>,
    pub total: Option<Vnd>,
    pub moves: i32,
    pub seen_at: Option<DateTime<Utc>>,
}

impl Quote {
    /// On the table and not run out.
    pub(super) fn is_acceptable(&self, cx: &Cx) -> bool {
        self.state == QuoteState::Sent && self.valid_until.is_some_and(|until| until > cx.now)
    }
}

/// The quotes of a request, or of one seller: the cheapest offers first, then who has not offered.
pub(super) async fn quotes(
    db: &mut PgConnection,
    request: Uuid,
    seller: Option<SellerId>,
) -> sqlx::Result<Vec<Quote>> {
    sqlx::query_as!(
        Quote,
        r#"select q.id, q.seller_id as "seller: SellerId", s.shop_name as "shop_name!", s.slug as "shop_slug!",
                  q.state as "state: QuoteState", q.offer, q.counter, q.pending, q.valid_until,
                  q.total as "total: Vnd", q.moves, q.seen_at
           from quotes.quotes q join enterprises.sellers_report s on s.seller_id = q.seller_id
           where q.request_id = $1 and ($2::uuid is null or q.seller_id = $2)
           order by q.offer is null, q.total, q.id
           limit 500"#,
        request,
        seller.map(|s| s.0),
    )
    .fetch_all(db)
    .await
}

/// Whom a request asks and who has not declined: so many, by their quotes' ids from `after` on.
pub(super) async fn asked(
    db: &mut PgConnection,
    request: Uuid,
    after: Option<Uuid>,
    most: i64,
) -> sqlx::Result<Vec<(Uuid, SellerId)>> {
    let rows = sqlx::query!(
        r#"select id, seller_id as "seller: SellerId" from quotes.quotes
           where request_id = $1 and state <> 'declined' and ($2::uuid is null or id > $2) order by id limit $3"#,
        request,
        after,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.seller)).collect())
}

/// Something that happened.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub quote: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub event: String,
    pub version: Option<i32>,
    pub note: String,
    pub number: i32,
}

/// The request's own events and, where one is named, those of a quote; oldest first.
pub(super) async fn history(
    db: &mut PgConnection,
    request: Uuid,
    quote: Option<Uuid>,
) -> sqlx::Result<Vec<Happened>> {
    sqlx::query_as!(
        Happened,
        "select quote_id as quote, at, actor_kind, event, version, note, number from quotes.events
         where request_id = $1 and (quote_id is null or quote_id = $2) order by at, id limit 500",
        request,
        quote,
    )
    .fetch_all(db)
    .await
}

/// A question and its answer.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub id: Uuid,
    pub request: Uuid,
    pub seller: SellerId,
    pub shop_name: String,
    pub private: bool,
    pub body: String,
    pub asked_at: DateTime<Utc>,
    pub answer: String,
    pub answered_at: Option<DateTime<Utc>>,
}

/// All questions for the buyer; for a seller his own, and what the buyer has answered to all.
pub(super) async fn questions(
    db: &mut PgConnection,
    request: Uuid,
    reader: Option<SellerId>,
) -> sqlx::Result<Vec<Question>> {
    sqlx::query_as!(
        Question,
        r#"select q.id, q.request_id as request, q.seller_id as "seller: SellerId", s.shop_name as "shop_name!", q.private,
                  q.body, q.asked_at, q.answer, q.answered_at
           from quotes.questions q join enterprises.sellers_report s on s.seller_id = q.seller_id
           where q.request_id = $1
             and ($2::uuid is null or q.seller_id = $2 or (not q.private and q.answered_at is not null))
           order by q.asked_at, q.id limit 200"#,
        request,
        reader.map(|s| s.0),
    )
    .fetch_all(db)
    .await
}

pub(super) async fn question(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Question>> {
    sqlx::query_as!(
        Question,
        r#"select q.id, q.request_id as request, q.seller_id as "seller: SellerId", s.shop_name as "shop_name!", q.private,
                  q.body, q.asked_at, q.answer, q.answered_at
           from quotes.questions q join enterprises.sellers_report s on s.seller_id = q.seller_id where q.id = $1"#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// How many questions a seller has asked about a request.
pub(super) async fn count_questions(
    db: &mut PgConnection,
    request: Uuid,
    seller: SellerId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from quotes.questions where request_id = $1 and seller_id = $2"#,
        request,
        seller.0,
    )
    .fetch_one(db)
    .await
}

/// A file of either side.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub id: Uuid,
    pub quote: Option<Uuid>,
    pub name: String,
    pub mime: String,
    pub size: i64,
    pub key: String,
    /// Not of an offer that an owner of the shop has not agreed to.
    pub sent: bool,
}

pub(super) async fn files(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<File>> {
    sqlx::query_as!(
        File,
        r#"select f.id, f.quote_id as quote, f.name, f.mime, f.size, f.key,
                  (f.quote_id is null or exists (
                      select from quotes.versions v
                      join quotes.events e on e.request_id = f.request_id and e.quote_id = v.quote_id
                                          and e.version = v.version and e.event = 'offer'
                      where v.quote_id = f.quote_id and v.made_at = f.added_at)) as "sent!"
           from quotes.files f where f.request_id = $1 order by f.added_at, f.id limit 500"#,
        request,
    )
    .fetch_all(db)
    .await
}

/// A shop that could be asked.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub seller: SellerId,
    pub name: String,
    pub commune_code: String,
}

/// Shops that sell now of the firm with this tax code.
pub(super) async fn shops_of_firm(
    db: &mut PgConnection,
    tax_code: &str,
) -> sqlx::Result<Vec<SellerId>> {
    sqlx::query_scalar!(
        r#"select seller_id as "seller!: SellerId" from enterprises.sellers_report
           where tax_code = left($1, 10) and state = 'approved' order by created_at limit 5"#,
        tax_code,
    )
    .fetch_all(db)
    .await
}

/// Shops that sell now: these, and those whose name has the words.
pub(super) async fn shops(
    db: &mut PgConnection,
    ids: &[SellerId],
    words: &str,
) -> sqlx::Result<Vec<Shop>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Shop,
        r#"select seller_id as "seller!: SellerId", shop_name as "name!", commune_code as "commune_code!"
           from enterprises.sellers_report
           where state = 'approved' and (seller_id = any($1) or ($2 <> '' and slug like '%' || $2 || '%'))
           order by seller_id = any($1) desc, shop_name, seller_id limit 40"#,
        &ids,
        words,
    )
    .fetch_all(db)
    .await
}
