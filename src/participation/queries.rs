//! Every SQL statement over `participation.firms`: figures, the firms behind one, one firm through time.

use super::{
    indicator::{Group, Indicator, Size},
    model::{Counts, Figures, Part},
    period::Period,
};
use crate::kernel::{Cx, Day, day_of};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What the figures of one period are asked with.
pub struct Asked<'a> {
    pub period: Period,
    /// Days of the period on which a listing must be on display: the rule in force.
    pub min_days: i32,
    /// Codes of the province's communes.
    pub home: &'a [String],
}

/// All figures of a period, in one statement.
///
/// # Errors
/// Whatever the database says.
pub async fn figures(db: &mut PgConnection, cx: &Cx, asked: &Asked<'_>) -> sqlx::Result<Figures> {
    let rows = sqlx::query!(
        r#"select kind as "kind!", commune_code, size_class,
                  grouping(commune_code) = 0 as "by_commune!", grouping(size_class) = 0 as "by_size!",
                  count(*) as "population!",
                  count(registered_at) as "registered!", count(admitted_at) as "admitted!",
                  count(*) filter (where shown) as "shown!", count(*) filter (where listed) as "listed!",
                  count(*) filter (where sales + purchases > 0) as "trading!",
                  count(*) filter (where sales_b2c > 0) as "b2c!",
                  count(*) filter (where sales_b2b + purchases > 0) as "b2b!",
                  count(*) filter (where sales_b2c > 0 and sales_b2b + purchases > 0) as "both!",
                  count(*) filter (where sales > 0) as "selling!",
                  count(*) filter (where purchases > 0) as "buying!"
           from participation.firms($1, $2, $3, $4, $5, $6)
           group by grouping sets ((kind), (kind, commune_code), (kind, size_class))"#,
        asked.period.starts(),
        asked.period.ends(),
        asked.period.as_of(day_of(cx.now)),
        cx.now,
        asked.min_days,
        asked.home,
    )
    .fetch_all(db)
    .await?;
    let parts = rows.into_iter().map(|r| Part {
        kind: r.kind,
        commune: r.commune_code,
        size: r.size_class,
        by_commune: r.by_commune,
        by_size: r.by_size,
        counts: Counts {
            population: r.population,
            registered: r.registered,
            admitted: r.admitted,
            shown: r.shown,
            listed: r.listed,
            trading: r.trading,
            b2c: r.b2c,
            b2b: r.b2b,
            both: r.both,
            selling: r.selling,
            buying: r.buying,
        },
    });
    Ok(Figures::of(parts.collect()))
}

/// Part of the register.
#[derive(Debug, Clone, Default)]
pub(super) struct Narrow {
    /// A commune's code; `Some("")`: those whose commune is not known.
    pub(super) commune: Option<String>,
    pub(super) size: Option<Size>,
}

/// Which firms of the register are asked for.
pub(super) struct Behind {
    pub(super) group: Group,
    pub(super) indicator: Indicator,
    pub(super) narrow: Narrow,
    pub(super) limit: i64,
    pub(super) offset: i64,
}

/// One firm behind a figure, and why it counts.
#[derive(Debug, Clone)]
pub(super) struct Firm {
    pub(super) tax_code: String,
    pub(super) name: String,
    pub(super) commune_code: Option<String>,
    pub(super) size_class: String,
    pub(super) registered_at: Option<DateTime<Utc>>,
    pub(super) admitted_at: Option<DateTime<Utc>>,
    pub(super) shown: bool,
    /// Days of the period on which a listing was on display.
    pub(super) public_days: i32,
    pub(super) listed: bool,
    pub(super) sales_b2c: i64,
    pub(super) sales_b2b: i64,
    pub(super) first_sale: Option<DateTime<Utc>>,
    pub(super) last_sale: Option<DateTime<Utc>>,
    pub(super) purchases: i64,
    pub(super) first_purchase: Option<DateTime<Utc>>,
    pub(super) last_purchase: Option<DateTime<Utc>>,
    /// How many firms there are in all.
    pub(super) total: i64,
}

/// The firms behind a figure, by tax code.
pub(super) async fn behind(
    db: &mut PgConnection,
    cx: &Cx,
    asked: &Asked<'_>,
    behind: &Behind,
) -> sqlx::Result<Vec<Firm>> {
    sqlx::query_as!(
        Firm,
        r#"select tax_code as "tax_code!", name as "name!", commune_code, size_class as "size_class!",
                  registered_at, admitted_at, shown as "shown!", public_days as "public_days!", listed as "listed!",
                  sales_b2c as "sales_b2c!", sales_b2b as "sales_b2b!", first_sale, last_sale,
                  purchases as "purchases!", first_purchase, last_purchase, count(*) over () as "total!"
           from participation.firms($1, $2, $3, $4, $5, $6)
           where kind = $7
             and case $8
                 when 'DN' then true
                 when 'TG1' then registered_at is not null
                 when 'TG1a' then admitted_at is not null
                 when 'TG2a' then shown
                 when 'TG2' then listed
                 when 'TG3' then sales + purchases > 0
                 when 'TG3a' then sales_b2c > 0
                 when 'TG3b' then sales_b2b + purchases > 0
                 when 'TG3ab' then sales_b2c > 0 and sales_b2b + purchases > 0
                 when 'TG3c' then sales > 0
                 when 'TG3d' then purchases > 0
                 when 'TG5' then sales + purchases > 0 and size_class in ('micro', 'small', 'medium')
                 when 'HO1' then sales > 0
                 else false end
             and ($9::text is null or coalesce(commune_code, '') = $9)
             and ($10::text is null or size_class = $10)
           order by tax_code
           limit $11 offset $12"#,
        asked.period.starts(),
        asked.period.ends(),
        asked.period.as_of(day_of(cx.now)),
        cx.now,
        asked.min_days,
        asked.home,
        behind.group.kind(),
        behind.indicator.code(),
        behind.narrow.commune,
        behind.narrow.size.map(Size::code),
        behind.limit,
        behind.offset,
    )
    .fetch_all(db)
    .await
}

/// What one firm did in one period; counted only where the register has it active then.
#[derive(Debug, Clone)]
pub(super) struct FirmPeriod {
    /// Position in the list of periods that was asked for, from 1.
    pub(super) at: i64,
    pub(super) registered_at: Option<DateTime<Utc>>,
    pub(super) admitted_at: Option<DateTime<Utc>>,
    pub(super) shown: bool,
    /// Days of the period on which a listing was on display.
    pub(super) public_days: i32,
    pub(super) listed: bool,
    pub(super) sales_b2c: i64,
    pub(super) sales_b2b: i64,
    pub(super) first_sale: Option<DateTime<Utc>>,
    pub(super) last_sale: Option<DateTime<Utc>>,
    pub(super) purchases: i64,
    pub(super) own_orders: i64,
}

/// One firm in several periods, in one statement.
pub(super) async fn firm_in(
    db: &mut PgConnection,
    cx: &Cx,
    tax_code: &str,
    periods: &[Period],
    min_days: i32,
    home: &[String],
) -> sqlx::Result<Vec<FirmPeriod>> {
    let today = day_of(cx.now);
    let starts: Vec<DateTime<Utc>> = periods.iter().map(Period::starts).collect();
    let ends: Vec<DateTime<Utc>> = periods.iter().map(Period::ends).collect();
    let days: Vec<Day> = periods.iter().map(|p| p.as_of(today)).collect();
    sqlx::query_as!(
        FirmPeriod,
        r#"select p.at as "at!", f.registered_at, f.admitted_at, f.shown as "shown!",
                  f.public_days as "public_days!", f.listed as "listed!",
                  f.sales_b2c as "sales_b2c!", f.sales_b2b as "sales_b2b!", f.first_sale, f.last_sale,
                  f.purchases as "purchases!", f.own_orders as "own_orders!"
           from unnest($1::timestamptz[], $2::timestamptz[], $3::date[])
                with ordinality as p (starts, ends, ends_on, at)
           cross join lateral participation.firms(p.starts, p.ends, p.ends_on, $4, $5, $6) f
           where f.tax_code = $7
           order by p.at"#,
        &starts,
        &ends,
        &days,
        cx.now,
        min_days,
        home,
        tax_code,
    )
    .fetch_all(db)
    .await
}

/// Legal entities that completed a sale or purchase in the period and are not in the register's population.
pub(super) async fn outside(
    db: &mut PgConnection,
    cx: &Cx,
    asked: &Asked<'_>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with traders as (
               select seller_tax_code as tax_code from orders.completed_report
               where completed_at >= $1 and completed_at < $2 and seller_tax_code is not null
               union
               select buyer_tax_code from orders.completed_report
               where completed_at >= $1 and completed_at < $2 and buyer_kind = 'organisation'
           )
           select count(*) as "n!" from traders t
           where not exists (
               select from enterprises.register_report r
               where r.tax_code = t.tax_code and (r.active_from is null or r.active_from <= $3)
                 and (r.active_to is null or r.active_to > $3)
                 and (r.commune_code is null or r.commune_code = any ($4)))"#,
        asked.period.starts(),
        asked.period.ends(),
        asked.period.as_of(day_of(cx.now)),
        asked.home,
    )
    .fetch_one(db)
    .await
}
