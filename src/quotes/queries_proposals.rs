//! The SQL statements of what was chosen and waits for the buyer's firm.

use super::{agreement::Pick, award::Chosen, model::Amount};
use crate::kernel::{Cx, PersonId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was chosen, by whom and when.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) by: PersonId,
    pub(super) at: DateTime<Utc>,
    pub(super) total: Vnd,
    pub(super) picks: Vec<Pick>,
}

/// Keeps a choice in the place of the one before. The request is held.
pub(super) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    (request, by): (Uuid, PersonId),
    (picks, total): (&[Pick], Vnd),
) -> sqlx::Result<()> {
    sqlx::query!("delete from quotes.proposals where request_id = $1", request)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into quotes.proposals (request_id, proposed_by, proposed_at, total) values ($1, $2, $3, $4)",
        request,
        by.0,
        cx.now,
        total.0,
    )
    .execute(&mut *db)
    .await?;
    for pick in picks {
        sqlx::query!(
            "insert into quotes.proposal_lines (request_id, position, quote_id, version, choice, quantity, unit_price)
             values ($1, $2, $3, $4, $5, $6, $7)",
            request,
            pick.chosen.position,
            pick.chosen.quote,
            pick.chosen.version,
            pick.chosen.choice,
            pick.chosen.quantity.0,
            pick.price.0,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// What is kept of a request.
pub(super) async fn find(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Option<Proposal>> {
    let head = sqlx::query!(
        r#"select proposed_by as "by: PersonId", proposed_at as at, total as "total: Vnd"
           from quotes.proposals where request_id = $1"#,
        request,
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(head) = head else { return Ok(None) };
    let rows = sqlx::query!(
        r#"select position, quote_id as quote, version, choice, quantity as "quantity: Amount", unit_price as "price: Vnd"
           from quotes.proposal_lines where request_id = $1 order by position"#,
        request,
    )
    .fetch_all(db)
    .await?;
    let pick = |(position, quote, version, choice, quantity, price)| Pick {
        chosen: Chosen { position, quote, version, choice, quantity },
        price,
    };
    let picks = rows
        .into_iter()
        .map(|r| pick((r.position, r.quote, r.version, r.choice, r.quantity, r.price)))
        .collect();
    Ok(Some(Proposal { by: head.by, at: head.at, total: head.total, picks }))
}
