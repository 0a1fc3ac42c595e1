//! Another phone number. It cannot be proved (no SMS is sent), so whoever asks hears the same whether an account
//! has it or not: he is called under it, and he signs in with it where it was free.

use super::queries_own as queries;
use crate::kernel::{PersonId, Phone};
use sqlx::{Connection, PgConnection};

pub(super) async fn change_phone(
    db: &mut PgConnection,
    person: PersonId,
    phone: &Phone,
) -> sqlx::Result<()> {
    let mut step = db.begin().await?;
    match queries::set_phone(&mut step, person, phone.as_str()).await {
        Ok(()) => step.commit().await,
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("people_phone") => {
            step.rollback().await?;
            queries::ask_phone(db, person, phone.as_str()).await
        }
        Err(error) => Err(error),
    }
}
