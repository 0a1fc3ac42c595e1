//! SQL of sellers, their record and their bank accounts.

use super::{
    SizeClass,
    facts::FactsRow,
    model::{Kind, NewSeller, Seller, SellerEvent, State, Step},
};
use crate::kernel::{Cx, PersonId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Whether the row was written; `false`: the slug is taken.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    new: &NewSeller,
    slug: &str,
    size: SizeClass,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into enterprises.sellers (id, tax_code, kind, legal_name, shop_name, slug, commune_code, address,
            vsic, employees, revenue, capital, size_class, intro, intro_en, phone, email, registration_no,
            registered_on, registered_by, art, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
            'draft', $22, $22)
         on conflict (slug) do nothing",
        id.0,
        new.tax_code.as_ref().map(ToString::to_string),
        new.kind as Kind,
        new.legal_name,
        new.shop_name,
        slug,
        new.commune_code,
        new.address,
        new.vsic,
        new.employees,
        new.revenue,
        new.capital,
        size as SizeClass,
        new.intro,
        new.intro_en,
        new.phone,
        new.email,
        new.registration_no,
        new.registered_on,
        new.registered_by,
        new.art,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Everything, while the firm may still be changed.
pub(super) async fn update_all(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    version: i32,
    new: &NewSeller,
    size: SizeClass,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update enterprises.sellers set legal_name = $3, shop_name = $4, commune_code = $5, address = $6, vsic = $7,
            employees = $8, revenue = $9, capital = $10, size_class = $11, intro = $12, intro_en = $13, phone = $14,
            email = $15, registration_no = $16, registered_on = $17, registered_by = $18, updated_at = $19,
            tax_code = coalesce(tax_code, $20), version = version + 1
         where id = $1 and version = $2 and state in ('draft', 'need_changes')",
        id.0,
        version,
        new.legal_name,
        new.shop_name,
        new.commune_code,
        new.address,
        new.vsic,
        new.employees,
        new.revenue,
        new.capital,
        size as SizeClass,
        new.intro,
        new.intro_en,
        new.phone,
        new.email,
        new.registration_no,
        new.registered_on,
        new.registered_by,
        cx.now,
        new.tax_code.as_ref().map(ToString::to_string),
    )
    .execute(db)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// What may change after approval: introduction and contact.
pub(super) async fn update_contact(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    version: i32,
    new: &NewSeller,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update enterprises.sellers set intro = $3, intro_en = $4, phone = $5, email = $6, updated_at = $7,
            version = version + 1
         where id = $1 and version = $2 and state in ('approved', 'suspended')",
        id.0,
        version,
        new.intro,
        new.intro_en,
        new.phone,
        new.email,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(written.rows_affected() == 1)
}

pub(super) async fn seller(db: &mut PgConnection, id: SellerId) -> sqlx::Result<Option<Seller>> {
    sqlx::query_as!(
        Seller,
        r#"select id as "id: SellerId", tax_code, kind as "kind: Kind", legal_name, shop_name, slug, commune_code,
            address, vsic, employees, revenue, capital, size_class as "size_class: SizeClass", intro, intro_en, phone,
            email, registration_no, registered_on, registered_by, state as "state: State", version, decision_reason,
            submitted_at, approved_at, created_at
           from enterprises.sellers where id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// The state, kept still for the rest of the transaction.
pub(super) async fn lock(
    db: &mut PgConnection,
    id: SellerId,
) -> sqlx::Result<Option<(State, i32)>> {
    let row = sqlx::query!(
        r#"select state as "state: State", version from enterprises.sellers where id = $1 for update"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| (r.state, r.version)))
}

/// A living shop with this tax code.
pub(super) async fn living(
    db: &mut PgConnection,
    tax_code: &str,
) -> sqlx::Result<Option<SellerId>> {
    sqlx::query_scalar!(
        r#"select id as "id: SellerId" from enterprises.sellers
           where tax_code = $1 and state not in ('refused', 'closed')"#,
        tax_code
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn set_state(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    from: (State, i32),
    to: State,
    reason: &str,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update enterprises.sellers set state = $4, decision_reason = $5, version = version + 1, updated_at = $6,
            submitted_at = case when $4 = 'submitted' then $6 else submitted_at end,
            approved_at = case when $4 = 'approved' then coalesce(approved_at, $6) else approved_at end,
            identified_at = case when $4 = 'approved' then coalesce(identified_at, $6) else identified_at end
         where id = $1 and state = $2 and version = $3",
        id.0,
        from.0 as State,
        from.1,
        to as State,
        reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(written.rows_affected() == 1)
}

pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    event: Option<Step>,
    (from, to): (State, State),
    reason: &str,
) -> sqlx::Result<Uuid> {
    let record = cx.new_id();
    sqlx::query!(
        "insert into enterprises.seller_events (id, seller_id, at, actor, event, from_state, to_state, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        record,
        id.0,
        cx.now,
        cx.person().map(|p| p.0),
        event.map_or("open", Step::code),
        from.code(),
        to.code(),
        reason,
    )
    .execute(db)
    .await?;
    Ok(record)
}

pub(super) async fn events(db: &mut PgConnection, id: SellerId) -> sqlx::Result<Vec<SellerEvent>> {
    sqlx::query_as!(
        SellerEvent,
        r#"select at, actor as "actor: PersonId", event, to_state as "to_state: State", reason
           from enterprises.seller_events where seller_id = $1 order by at desc, id desc limit 200"#,
        id.0
    )
    .fetch_all(db)
    .await
}

pub(super) async fn facts(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<FactsRow>> {
    sqlx::query_as!(
        FactsRow,
        r#"select s.id as "id!: SellerId", s.slug as "slug!", s.shop_name as "shop_name!", s.legal_name as "legal_name!",
            s.tax_code, s.kind as "kind!: Kind", s.address as "address!", s.commune_code as "commune_code!",
            s.phone as "phone!", s.email as "email!", s.registration_no as "registration_no!", s.registered_on,
            s.registered_by as "registered_by!", s.state as "state!: State", s.art as "art!", s.intro as "intro!",
            s.intro_en as "intro_en!", s.approved_at, a.bank_bin as "bank_bin?", b.short_name as "bank_name?",
            a.account_number as "account_number?", a.sealed as "account_sealed?", a.number_ends as "account_ends?",
            a.account_name as "account_name?", a.updated_at as "account_changed?"
           from enterprises.sellers s
           left join enterprises.bank_accounts a on a.seller_id = s.id
           left join enterprises.banks b on b.bin = a.bank_bin
           where s.id = any($1)"#,
        ids
    )
    .fetch_all(db)
    .await
}

pub(super) async fn by_slug(db: &mut PgConnection, slug: &str) -> sqlx::Result<Option<SellerId>> {
    sqlx::query_scalar!(
        r#"select id as "id: SellerId" from enterprises.sellers where slug = $1"#,
        slug
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn is_selling(db: &mut PgConnection, id: SellerId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select state = 'approved' as "selling!" from enterprises.sellers where id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(found.unwrap_or(false))
}
