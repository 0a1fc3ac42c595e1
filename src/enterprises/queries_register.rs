//! SQL of the register and of the reference lists.

use super::{
    SizeClass,
    load::{BankRow, PaperKindRow, VsicRow},
    register::{Counts, Registered},
    size::FieldGroup,
};
use crate::kernel::{Cx, SellerId, day_of};
use sqlx::PgConnection;

/// What one batch brings, column by column.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) tax_code: Vec<String>,
    pub(super) name: Vec<String>,
    pub(super) kind: Vec<String>,
    pub(super) commune: Vec<Option<String>>,
    pub(super) address: Vec<String>,
    pub(super) vsic: Vec<Option<String>>,
    pub(super) employees: Vec<Option<i32>>,
    pub(super) revenue: Vec<Option<i64>>,
    pub(super) capital: Vec<Option<i64>>,
    pub(super) size: Vec<String>,
    pub(super) from: Vec<Option<chrono::NaiveDate>>,
    pub(super) to: Vec<Option<chrono::NaiveDate>>,
    pub(super) weak: Vec<bool>,
}

/// Writes a batch. A weak row (a branch's) only stands in for a parent that is not there.
pub(super) async fn upsert(
    db: &mut PgConnection,
    cx: &Cx,
    source: &str,
    c: &Columns,
) -> sqlx::Result<Counts> {
    let written = sqlx::query_scalar!(
        r#"insert into enterprises.register as r (tax_code, name, kind, commune_code, address, vsic, employees,
            revenue, capital, size_class, active_from, active_to, source, as_of, updated_at)
           select t.tax_code, t.name, t.kind, t.commune, t.address, t.vsic, t.employees, t.revenue, t.capital, t.size,
            t.active_from, t.active_to, $14, $15, $16
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
            $8::bigint[], $9::bigint[], $10::text[], $11::date[], $12::date[], $13::bool[])
            as t (tax_code, name, kind, commune, address, vsic, employees, revenue, capital, size, active_from,
             active_to, weak)
           where not t.weak or not exists (select 1 from enterprises.register o where o.tax_code = t.tax_code)
           on conflict (tax_code) do update set name = excluded.name, kind = excluded.kind,
            commune_code = coalesce(excluded.commune_code, r.commune_code),
            address = case when excluded.address = '' then r.address else excluded.address end,
            vsic = coalesce(excluded.vsic, r.vsic), employees = coalesce(excluded.employees, r.employees),
            revenue = coalesce(excluded.revenue, r.revenue), capital = coalesce(excluded.capital, r.capital),
            size_class = case when excluded.size_class = 'unknown' then r.size_class else excluded.size_class end,
            active_from = coalesce(excluded.active_from, r.active_from),
            active_to = case when excluded.active_to is null then null else coalesce(r.active_to, excluded.active_to) end,
            source = excluded.source, as_of = excluded.as_of, updated_at = excluded.updated_at
           where (r.name, r.kind, r.commune_code, r.address, r.vsic, r.employees, r.revenue, r.capital, r.size_class,
             r.active_from, r.active_to)
            is distinct from (excluded.name, excluded.kind, coalesce(excluded.commune_code, r.commune_code),
             case when excluded.address = '' then r.address else excluded.address end,
             coalesce(excluded.vsic, r.vsic), coalesce(excluded.employees, r.employees),
             coalesce(excluded.revenue, r.revenue), coalesce(excluded.capital, r.capital),
             case when excluded.size_class = 'unknown' then r.size_class else excluded.size_class end,
             coalesce(excluded.active_from, r.active_from),
             case when excluded.active_to is null then null else coalesce(r.active_to, excluded.active_to) end)
           returning (xmax = 0) as "fresh!""#,
        &c.tax_code,
        &c.name,
        &c.kind,
        &c.commune as &[Option<String>],
        &c.address,
        &c.vsic as &[Option<String>],
        &c.employees as &[Option<i32>],
        &c.revenue as &[Option<i64>],
        &c.capital as &[Option<i64>],
        &c.size,
        &c.from as &[Option<chrono::NaiveDate>],
        &c.to as &[Option<chrono::NaiveDate>],
        &c.weak,
        source,
        day_of(cx.now),
        cx.now,
    )
    .fetch_all(db)
    .await?;
    let inserted = written.iter().filter(|fresh| **fresh).count();
    let updated = written.len() - inserted;
    Ok(Counts { inserted, updated, unchanged: c.tax_code.len() - written.len() })
}

pub(super) async fn registered(
    db: &mut PgConnection,
    entity: &str,
) -> sqlx::Result<Option<Registered>> {
    sqlx::query_as!(
        Registered,
        r#"select tax_code, name, kind, commune_code, address, vsic, employees, revenue, capital,
            size_class as "size_class: SizeClass", active_from, active_to, source, as_of
           from enterprises.register where tax_code = $1"#,
        entity
    )
    .fetch_optional(db)
    .await
}

/// Enters a shop's legal entity in the register unless it is there; whether it was entered.
/// A branch (13 digits) does not speak for its entity.
pub(super) async fn enter(db: &mut PgConnection, cx: &Cx, seller: SellerId) -> sqlx::Result<bool> {
    let entered = sqlx::query!(
        "insert into enterprises.register (tax_code, name, kind, commune_code, address, vsic, employees, revenue,
            capital, size_class, active_from, source, as_of, updated_at)
         select tax_code, legal_name, kind, commune_code, address, vsic, employees, revenue, capital, size_class,
            registered_on, 'Hồ sơ gian hàng được Sở Công Thương duyệt', $2, $3
         from enterprises.sellers where id = $1 and tax_code ~ '^[0-9]{10}$'
         on conflict (tax_code) do nothing",
        seller.0,
        day_of(cx.now),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(entered.rows_affected() == 1)
}

pub(super) async fn load_vsic(db: &mut PgConnection, row: &VsicRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.vsic (code, level, parent_code, section, name_vi, name_en, field_group)
         values ($1, $2, nullif($3, ''), $4, $5, $6, $7)
         on conflict (code) do update set level = excluded.level, parent_code = excluded.parent_code,
            section = excluded.section, name_vi = excluded.name_vi, name_en = excluded.name_en,
            field_group = excluded.field_group",
        row.code,
        row.level,
        row.parent_code,
        row.section,
        row.name_vi,
        row.name_en,
        row.key_group,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One digest a row, by which an import tells what it changed.
pub(super) async fn vsic_digests(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(r#"select md5(v::text) as "digest!" from enterprises.vsic v"#)
        .fetch_all(db)
        .await
}

pub(super) async fn load_bank(db: &mut PgConnection, row: &BankRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.banks (bin, code, short_name, name, vietqr_ok) values ($1, $2, $3, $4, $5)
         on conflict (bin) do update set code = excluded.code, short_name = excluded.short_name,
            name = excluded.name, vietqr_ok = excluded.vietqr_ok",
        row.bin,
        row.code,
        row.short_name,
        row.name,
        row.vietqr_ok,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn load_paper_kind(db: &mut PgConnection, row: &PaperKindRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.paper_kinds (kind, label_vi, label_en, used_for, expires, help_vi, help_en, legal_ref)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (kind) do update set label_vi = excluded.label_vi, label_en = excluded.label_en,
            used_for = excluded.used_for, expires = excluded.expires, help_vi = excluded.help_vi,
            help_en = excluded.help_en, legal_ref = excluded.legal_ref",
        row.kind,
        row.label_vi,
        row.label_en,
        row.used_for,
        row.expires,
        row.help_vi,
        row.help_en,
        row.legal_ref,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) struct VsicEntry {
    pub(super) code: String,
    pub(super) name_vi: String,
    pub(super) name_en: String,
    pub(super) group: FieldGroup,
}

/// Sections, each followed by its divisions.
pub(super) async fn vsic(db: &mut PgConnection) -> sqlx::Result<Vec<VsicEntry>> {
    sqlx::query_as!(
        VsicEntry,
        r#"select code, name_vi, name_en, field_group as "group: FieldGroup"
           from enterprises.vsic order by section, level, code"#
    )
    .fetch_all(db)
    .await
}

/// Banks whose accounts can be paid by VietQR: (bin, name).
pub(super) async fn banks(db: &mut PgConnection) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        "select bin, short_name, name from enterprises.banks where vietqr_ok order by short_name"
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.bin, format!("{} – {}", r.short_name, r.name))).collect())
}
