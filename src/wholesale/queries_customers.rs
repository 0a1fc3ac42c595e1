//! The SQL statements of `wholesale` about customers and their groups.

use super::{customers::Customer, model::CustomerState};
use crate::kernel::{Cx, OrgId, PersonId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

struct Row {
    org: Uuid,
    name: String,
    tax_code: String,
    address: String,
    verified: bool,
    state: CustomerState,
    group_id: Option<Uuid>,
    group_name: String,
    message: String,
    reason: String,
    asked_by: Option<Uuid>,
    changed_at: DateTime<Utc>,
    version: i32,
}

impl From<Row> for Customer {
    fn from(r: Row) -> Self {
        Self {
            org: OrgId(r.org),
            name: r.name,
            tax_code: r.tax_code,
            address: r.address,
            verified: r.verified,
            state: r.state,
            group: r.group_id,
            group_name: r.group_name,
            message: r.message,
            reason: r.reason,
            asked_by: r.asked_by.map(PersonId),
            changed_at: r.changed_at,
            version: r.version,
        }
    }
}

pub(super) async fn customer(
    db: &mut PgConnection,
    seller: SellerId,
    org: OrgId,
) -> sqlx::Result<Option<Customer>> {
    let row = sqlx::query_as!(
        Row,
        r#"select c.org_id as org, o.name as "name!", o.tax_code as "tax_code!", o.address as "address!",
                o.state = 'verified' as "verified!", c.state as "state: CustomerState", c.group_id,
                coalesce(g.name, '') as "group_name!", c.message, c.reason, c.asked_by, c.changed_at, c.version
         from wholesale.customers c join organisations.organisations_report o on o.org_id = c.org_id
         left join wholesale.groups g on g.id = c.group_id
         where c.seller_id = $1 and c.org_id = $2"#,
        seller.0,
        org.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Customer::from))
}

/// A seller's firms in one state, the last changed first, from behind the firm `after`.
pub(super) async fn customers(
    db: &mut PgConnection,
    seller: SellerId,
    state: CustomerState,
    after: Option<Uuid>,
    most: i64,
) -> sqlx::Result<Vec<Customer>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.org_id as org, o.name as "name!", o.tax_code as "tax_code!", o.address as "address!",
                o.state = 'verified' as "verified!", c.state as "state: CustomerState", c.group_id,
                coalesce(g.name, '') as "group_name!", c.message, c.reason, c.asked_by, c.changed_at, c.version
         from wholesale.customers c join organisations.organisations_report o on o.org_id = c.org_id
         left join wholesale.groups g on g.id = c.group_id
         where c.seller_id = $1 and c.state = $2
           and ($3::uuid is null or (c.changed_at, c.org_id) < (
               select a.changed_at, a.org_id from wholesale.customers a where a.seller_id = $1 and a.org_id = $3))
         order by c.changed_at desc, c.org_id desc limit $4"#,
        seller.0,
        state.code(),
        after,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

pub(super) async fn counts(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<(CustomerState, i64)>> {
    let rows = sqlx::query!(
        r#"select state as "state: CustomerState", count(*) as "n!" from wholesale.customers
         where seller_id = $1 group by state"#,
        seller.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

/// Name and organisation of the customers at present, by name: for the choice whom a price is for.
pub(super) async fn admitted(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<(OrgId, String)>> {
    let rows = sqlx::query!(
        r#"select c.org_id, o.name as "name!"
         from wholesale.customers c join organisations.organisations_report o on o.org_id = c.org_id
         where c.seller_id = $1 and c.state = 'admitted' order by o.name, c.org_id limit 500"#,
        seller.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (OrgId(r.org_id), r.name)).collect())
}

/// `false`: somebody was faster.
pub(super) async fn ask(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    person: PersonId,
    message: &str,
    version: Option<i32>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into wholesale.customers as c (seller_id, org_id, state, message, asked_by, changed_at)
         values ($1, $2, 'asked', $3, $4, $5)
         on conflict (seller_id, org_id) do update
             set state = 'asked', message = $3, reason = '', asked_by = $4, decided_by = null, changed_at = $5,
                 version = c.version + 1
             where c.version = $6",
        seller.0,
        org.0,
        message,
        person.0,
        cx.now,
        version,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false`: somebody was faster.
pub(super) async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    (to, group, reason, version): (CustomerState, Option<Uuid>, &str, i32),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update wholesale.customers
         set state = $3, group_id = $4, reason = $5, decided_by = $6, changed_at = $7, version = version + 1
         where seller_id = $1 and org_id = $2 and version = $8",
        seller.0,
        org.0,
        to.code(),
        group,
        reason,
        cx.person().map(|p| p.0),
        cx.now,
        version,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false`: it has asked meanwhile.
pub(super) async fn take_in(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    group: Option<Uuid>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into wholesale.customers (seller_id, org_id, state, group_id, decided_by, changed_at)
         values ($1, $2, 'admitted', $3, $4, $5) on conflict do nothing",
        seller.0,
        org.0,
        group,
        cx.person().map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false`: it is no customer at present.
pub(super) async fn set_group(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    group: Option<Uuid>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update wholesale.customers set group_id = $3, changed_at = $4, version = version + 1
         where seller_id = $1 and org_id = $2 and state = 'admitted'",
        seller.0,
        org.0,
        group,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    event: &str,
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into wholesale.customer_events (id, seller_id, org_id, at, event, person_id, note)
         values ($1, $2, $3, $4, $5, $6, $7)",
        cx.new_id(),
        seller.0,
        org.0,
        cx.now,
        event,
        cx.person().map(|p| p.0),
        note,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When, what and with which words.
pub(super) async fn events(
    db: &mut PgConnection,
    seller: SellerId,
    org: OrgId,
) -> sqlx::Result<Vec<(DateTime<Utc>, String, String)>> {
    let rows = sqlx::query!(
        "select at, event, note from wholesale.customer_events
         where seller_id = $1 and org_id = $2 order by at desc, id desc limit 50",
        seller.0,
        org.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.at, r.event, r.note)).collect())
}

/// The verified organisation of a tax code.
pub(super) async fn org_of_tax_code(
    db: &mut PgConnection,
    tax_code: &str,
) -> sqlx::Result<Option<OrgId>> {
    let found = sqlx::query_scalar!(
        r#"select org_id as "org!" from organisations.organisations_report
         where tax_code = $1 and state = 'verified' limit 1"#,
        tax_code
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(OrgId))
}

/// A group and how many customers it has.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) customers: i64,
    pub(super) prices: i64,
}

pub(super) async fn groups(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Group>> {
    sqlx::query_as!(
        Group,
        r#"select g.id, g.name,
                (select count(*) from wholesale.customers c where c.group_id = g.id) as "customers!",
                (select count(*) from wholesale.prices p where p.group_id = g.id) as "prices!"
         from wholesale.groups g where g.seller_id = $1 order by g.name"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// `false`: the name is taken.
pub(super) async fn insert_group(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seller: SellerId,
    name: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into wholesale.groups (id, seller_id, name, created_at) values ($1, $2, $3, $4)
         on conflict (seller_id, name) do nothing",
        id,
        seller.0,
        name,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes out a group that nobody is in and that has no prices; `false`: there is none, or it is used.
pub(super) async fn delete_group(
    db: &mut PgConnection,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from wholesale.groups g where g.id = $1 and g.seller_id = $2
           and not exists (select from wholesale.customers c where c.group_id = g.id)
           and not exists (select from wholesale.prices p where p.group_id = g.id)",
        id,
        seller.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A shop as a firm sees it that buys there, or asked to.
#[derive(Debug, Clone)]
pub(super) struct Supplier {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) state: CustomerState,
    pub(super) reason: String,
    pub(super) changed_at: DateTime<Utc>,
}

pub(super) async fn suppliers(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Supplier>> {
    sqlx::query_as!(
        Supplier,
        r#"select s.shop_name as "name!", s.slug as "slug!", c.state as "state: CustomerState", c.reason, c.changed_at
         from wholesale.customers c join enterprises.sellers_report s on s.seller_id = c.seller_id
         where c.org_id = $1 order by c.changed_at desc, c.seller_id limit 200"#,
        org.0
    )
    .fetch_all(db)
    .await
}

/// What a firm had as samples of a seller, and when.
pub(super) async fn samples_taken(
    db: &mut PgConnection,
    seller: SellerId,
    org: OrgId,
) -> sqlx::Result<Vec<(Uuid, i64, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        "select variant_id, quantity, taken_at from wholesale.samples_taken
         where seller_id = $1 and org_id = $2 order by taken_at desc limit 100",
        seller.0,
        org.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.variant_id, r.quantity, r.taken_at)).collect())
}

/// The firm may have this sample again; `false`: it has not had it.
pub(super) async fn give_again(
    db: &mut PgConnection,
    (seller, org): (SellerId, OrgId),
    variant: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from wholesale.samples_taken where seller_id = $1 and org_id = $2 and variant_id = $3",
        seller.0,
        org.0,
        variant,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
