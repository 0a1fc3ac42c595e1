//! SQL of the Department's lists.

use super::{
    model::{Kind, State},
    overview::{Found, Listed},
};
use crate::kernel::SellerId;
use sqlx::PgConnection;

/// How many sellers stand in each state.
pub(super) async fn counts(db: &mut PgConnection) -> sqlx::Result<Vec<(State, i64)>> {
    let rows = sqlx::query!(
        r#"select state as "state: State", count(*) as "n!" from enterprises.sellers group by state"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

/// Sellers, those that wait longest first; `words` is a name with its marks, `slug` the same without.
pub(super) async fn list(
    db: &mut PgConnection,
    state: Option<State>,
    words: &str,
    slug: &str,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select id as "id: SellerId", shop_name, legal_name, tax_code, kind as "kind: Kind", commune_code,
            state as "state: State", submitted_at, updated_at, count(*) over () as "total!"
           from enterprises.sellers
           where ($1::text is null or state = $1)
             and ($2 = '' or position(lower($2) in lower(shop_name)) > 0 or position(lower($2) in lower(legal_name)) > 0
               or tax_code like $2 || '%' or ($3 <> '' and position($3 in slug) > 0))
           order by case when state = 'submitted' then 0 else 1 end,
             case when state = 'submitted' then submitted_at end, updated_at desc, id
           limit $4 offset $5"#,
        state.map(State::code),
        words,
        slug,
        limit,
        offset,
    )
    .fetch_all(db)
    .await
}

/// The other shops of the same legal entity, living or not.
pub(super) async fn of_entity(
    db: &mut PgConnection,
    entity: &str,
    but: SellerId,
) -> sqlx::Result<Vec<Found>> {
    sqlx::query_as!(
        Found,
        r#"select id as "id: SellerId", shop_name, state as "state: State" from enterprises.sellers
           where left(tax_code, 10) = $1 and id <> $2 order by created_at"#,
        entity,
        but.0
    )
    .fetch_all(db)
    .await
}
