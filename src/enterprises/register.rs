//! The province's register: who exists, whether he sells here or not.

use super::{
    SizeClass,
    queries_register::{self, Columns},
    size::{FieldGroup, SizeRules},
};
use crate::kernel::{Cx, Day, TaxCode, day_of};
use sqlx::PgConnection;
use std::collections::HashMap;

/// An entry of the register as stored.
#[derive(Debug, Clone)]
pub struct Registered {
    pub tax_code: String,
    pub name: String,
    /// `enterprise`, `cooperative`, `household` or `organisation`.
    pub kind: String,
    pub commune_code: Option<String>,
    pub address: String,
    pub vsic: Option<String>,
    pub employees: Option<i32>,
    pub revenue: Option<i64>,
    pub capital: Option<i64>,
    pub size_class: SizeClass,
    pub active_from: Option<Day>,
    /// Exclusive.
    pub active_to: Option<Day>,
    pub source: String,
    pub as_of: Day,
}

impl Registered {
    /// Whether it does business on `day`.
    #[must_use]
    pub fn is_active(&self, day: Day) -> bool {
        self.active_from.is_none_or(|from| from <= day) && self.active_to.is_none_or(|to| day < to)
    }
}

/// A row to be written to the register.
#[derive(Debug, Clone)]
pub struct RegisterRow {
    pub tax_code: TaxCode,
    pub name: String,
    pub kind: &'static str,
    pub commune_code: Option<String>,
    pub address: String,
    /// As written at the source; kept as a division where it is one.
    pub vsic: String,
    pub employees: Option<i32>,
    pub revenue: Option<i64>,
    pub capital: Option<i64>,
    pub active_from: Option<Day>,
    pub active_to: Option<Day>,
}

/// What a writing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub inserted: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// What is needed to place a firm: limits and fields.
pub(super) struct Sizer {
    rules: SizeRules,
    fields: HashMap<String, FieldGroup>,
}

impl Sizer {
    pub(super) async fn load(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Self> {
        let rules = SizeRules::on(db, day_of(cx.now)).await?;
        let fields = queries_register::vsic(db).await?;
        Ok(Self { rules, fields: fields.into_iter().map(|v| (v.code, v.group)).collect() })
    }

    /// The division (or section) that a VSIC code of any level belongs to.
    pub(super) fn division(&self, vsic: &str) -> Option<String> {
        let vsic = vsic.trim();
        [2, 1]
            .iter()
            .filter_map(|n| vsic.get(..*n))
            .find(|d| self.fields.contains_key(*d))
            .map(str::to_owned)
    }

    pub(super) fn class(
        &self,
        vsic: Option<&str>,
        employees: Option<i32>,
        revenue: Option<i64>,
        capital: Option<i64>,
    ) -> SizeClass {
        let group = vsic.and_then(|v| self.division(v)).and_then(|d| self.fields.get(&d).copied());
        self.rules.class(group, employees.map(i64::from), revenue, capital)
    }

    /// Columns for one statement; of several rows of one entity the entity's own counts, then the last.
    fn columns(&self, rows: &[RegisterRow]) -> Columns {
        let mut by_entity: HashMap<&str, &RegisterRow> = HashMap::with_capacity(rows.len());
        for row in rows {
            let kept = by_entity.entry(row.tax_code.entity()).or_insert(row);
            if !row.tax_code.is_branch() {
                *kept = row;
            }
        }
        let mut c = Columns::default();
        let mut rows: Vec<_> = by_entity.into_values().collect();
        rows.sort_by(|a, b| a.tax_code.entity().cmp(b.tax_code.entity()));
        for row in rows {
            let vsic = self.division(&row.vsic);
            let size = self.class(vsic.as_deref(), row.employees, row.revenue, row.capital);
            c.tax_code.push(row.tax_code.entity().to_owned());
            c.name.push(row.name.clone());
            c.kind.push(row.kind.to_owned());
            c.commune.push(row.commune_code.clone());
            c.address.push(row.address.clone());
            c.vsic.push(vsic);
            c.employees.push(row.employees);
            c.revenue.push(row.revenue);
            c.capital.push(row.capital);
            c.size.push(size.code().to_owned());
            c.from.push(row.active_from);
            c.to.push(row.active_to);
            c.weak.push(row.tax_code.is_branch());
        }
        c
    }

    pub(super) async fn write(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        source: &str,
        rows: &[RegisterRow],
    ) -> sqlx::Result<Counts> {
        let columns = self.columns(rows);
        let merged = rows.len() - columns.tax_code.len();
        let mut counts = queries_register::upsert(db, cx, source, &columns).await?;
        counts.unchanged += merged;
        Ok(counts)
    }
}

/// Writes rows to the register; a second time changes nothing. A branch's row counts for its parent
/// and only stands in where the parent is not known.
///
/// # Errors
/// Whatever the database says.
pub async fn upsert_register(
    db: &mut PgConnection,
    cx: &Cx,
    source: &str,
    rows: &[RegisterRow],
) -> sqlx::Result<Counts> {
    let sizer = Sizer::load(db, cx).await?;
    let mut all = Counts::default();
    for batch in rows.chunks(1000) {
        let done = sizer.write(db, cx, source, batch).await?;
        all.inserted += done.inserted;
        all.updated += done.updated;
        all.unchanged += done.unchanged;
    }
    Ok(all)
}

/// The entry of a tax code; a branch's code finds its parent.
///
/// # Errors
/// Whatever the database says.
pub async fn registered(db: &mut PgConnection, code: &TaxCode) -> sqlx::Result<Option<Registered>> {
    queries_register::registered(db, code.entity()).await
}
