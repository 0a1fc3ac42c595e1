//! SQL of what the desks of sellers and of buying firms ask of an account.

use crate::kernel::{PersonId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) async fn email_confirmed(db: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select email_confirmed_at is not null as "confirmed!" from accounts.people where id = $1"#,
        person.0
    )
    .fetch_optional(db)
    .await?;
    Ok(found.unwrap_or(false))
}

pub(super) async fn act_for(
    db: &mut PgConnection,
    session: Uuid,
    seller: SellerId,
) -> sqlx::Result<()> {
    sqlx::query!("update accounts.sessions set acting_for = $2 where id = $1", session, seller.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn buy_for(
    db: &mut PgConnection,
    session: Uuid,
    choice: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!("update accounts.sessions set buying_for = $2 where id = $1", session, choice)
        .execute(db)
        .await?;
    Ok(())
}
