//! Every SQL statement that looks into the register, and the record of who looked.

use super::indicator::{Group, Size};
use crate::kernel::{Cx, Day, PersonId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};

/// What is looked for in the register.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// A tax code's beginning, or folded words of the name, all of which must be there.
    pub(super) words: Vec<String>,
    pub(super) group: Option<Group>,
    pub(super) size: Option<Size>,
    pub(super) commune: Option<String>,
    /// Active on this day, or not.
    pub(super) active: Option<(bool, Day)>,
    /// Firms with or without a shop.
    pub(super) shop: Option<bool>,
    /// The last tax code of the page before.
    pub(super) after: String,
}

/// One line of the register.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) tax_code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) commune_code: Option<String>,
    pub(super) size_class: String,
    pub(super) active_to: Option<Day>,
    pub(super) shop_state: Option<String>,
}

/// Adds what `search` asks for to a statement over `enterprises.register_report r`.
fn narrow(sql: &mut QueryBuilder<Postgres>, search: &Search) {
    for word in &search.words {
        if word.len() >= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
            sql.push(" and (r.tax_code like ").push_bind(format!("{word}%"));
            sql.push(" or r.name_folded like ").push_bind(format!("%{word}%")).push(")");
        } else {
            sql.push(" and r.name_folded like ").push_bind(format!("%{word}%"));
        }
    }
    if let Some(group) = search.group {
        sql.push(" and r.kind = ").push_bind(group.kind());
    }
    if let Some(size) = search.size {
        sql.push(" and r.size_class = ").push_bind(size.code());
    }
    if let Some(commune) = &search.commune {
        sql.push(" and coalesce(r.commune_code, '') = ").push_bind(commune.clone());
    }
    match search.active {
        Some((true, day)) => {
            sql.push(" and (r.active_to is null or r.active_to > ").push_bind(day).push(")");
        }
        Some((false, day)) => {
            sql.push(" and r.active_to <= ").push_bind(day);
        }
        None => {}
    }
    if let Some(has) = search.shop {
        sql.push(if has { " and exists" } else { " and not exists" });
        sql.push(" (select from enterprises.sellers_report s where s.tax_code = r.tax_code)");
    }
}

/// A page of the register, by tax code.
pub(super) async fn search(
    db: &mut PgConnection,
    search: &Search,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let mut sql = QueryBuilder::new(
        "select r.tax_code, r.name, r.kind, r.commune_code, r.size_class, r.active_to,
                (select s.state from enterprises.sellers_report s where s.tax_code = r.tax_code
                 order by s.approved_at desc nulls last, s.created_at desc limit 1) as shop_state
         from enterprises.register_report r where r.tax_code > ",
    );
    sql.push_bind(search.after.clone());
    narrow(&mut sql, search);
    sql.push(" order by r.tax_code limit ").push_bind(limit);
    sql.build_query_as().fetch_all(db).await
}

/// How many lines of the register `search` finds.
pub(super) async fn count(db: &mut PgConnection, search: &Search) -> sqlx::Result<i64> {
    let mut sql =
        QueryBuilder::new("select count(*) from enterprises.register_report r where true");
    narrow(&mut sql, search);
    sql.build_query_scalar().fetch_one(db).await
}

/// One firm as the register has it.
#[derive(Debug, Clone)]
pub(super) struct Firm {
    pub(super) tax_code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) commune_code: Option<String>,
    pub(super) address: String,
    pub(super) vsic: Option<String>,
    pub(super) size_class: String,
    pub(super) active_from: Option<Day>,
    pub(super) active_to: Option<Day>,
    pub(super) as_of: Day,
}

pub(super) async fn firm(db: &mut PgConnection, tax_code: &str) -> sqlx::Result<Option<Firm>> {
    sqlx::query_as!(
        Firm,
        r#"select tax_code as "tax_code!", name as "name!", kind as "kind!", commune_code, address as "address!",
                  vsic, size_class as "size_class!", active_from, active_to, as_of as "as_of!"
           from enterprises.register_report where tax_code = $1"#,
        tax_code,
    )
    .fetch_optional(db)
    .await
}

/// A shop of a firm; a branch may have its own.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) seller_id: uuid::Uuid,
    pub(super) shop_name: String,
    pub(super) state: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) approved_at: Option<DateTime<Utc>>,
}

pub(super) async fn shops(db: &mut PgConnection, tax_code: &str) -> sqlx::Result<Vec<Shop>> {
    sqlx::query_as!(
        Shop,
        r#"select seller_id as "seller_id!", shop_name as "shop_name!", state as "state!",
                  created_at as "created_at!", approved_at
           from enterprises.sellers_report where tax_code = $1 order by created_at"#,
        tax_code,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_look(
    db: &mut PgConnection,
    cx: &Cx,
    officer: PersonId,
    tax_code: &str,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into participation.looks (id, officer, tax_code, reason, at) values ($1, $2, $3, $4, $5)",
        cx.new_id(),
        officer.0,
        tax_code,
        reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The reason that `officer` gave for this firm at or after `since`.
pub(super) async fn reason_since(
    db: &mut PgConnection,
    officer: PersonId,
    tax_code: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select reason from participation.looks
         where officer = $1 and tax_code = $2 and at >= $3 order by at desc limit 1",
        officer.0,
        tax_code,
        since,
    )
    .fetch_optional(db)
    .await
}
