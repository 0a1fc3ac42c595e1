//! The SQL statements of lists: each reads one page by an index.

use super::{lists::Listed, model::PoState, read::Scope};
use crate::kernel::Vnd;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

fn listed(row: &PgRow) -> sqlx::Result<Listed> {
    Ok(Listed {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        other: row.try_get("other")?,
        state: row.try_get::<PoState, _>("state")?,
        total: Vnd(row.try_get("total")?),
        issued_at: row.try_get("issued_at")?,
        open: Vnd(row.try_get("open")?),
    })
}

pub(super) async fn list(
    db: &mut PgConnection,
    scope: Scope,
    state: Option<PoState>,
    after: Option<(DateTime<Utc>, Uuid)>,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let mut query =
        QueryBuilder::<Postgres>::new("select id, number, title, state, total, issued_at, ");
    let owner = match scope {
        Scope::Buyer(org) => {
            query.push("seller_name as other, ");
            ("org_id", org.0)
        }
        Scope::Seller(seller) => {
            query.push("buyer_name as other, ");
            ("seller_id", seller.0)
        }
    };
    query.push(
        "(select coalesce(sum(i.amount), 0)::bigint from purchasing.instalments i
          where i.order_id = o.id and i.paid_at is null and i.voided_at is null) as open
         from purchasing.orders o where ",
    );
    query.push(owner.0).push(" = ").push_bind(owner.1);
    if let Some(state) = state {
        query.push(" and state = ").push_bind(state.code());
    }
    if let Some((at, id)) = after {
        query.push(" and (issued_at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" order by issued_at desc, id desc limit ").push_bind(most);
    let rows = query.build().fetch_all(db).await?;
    rows.iter().map(listed).collect()
}
