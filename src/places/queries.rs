//! Every SQL statement of `places`.

use super::Commune;
use sqlx::PgConnection;

pub(super) async fn communes(db: &mut PgConnection) -> sqlx::Result<Vec<Commune>> {
    sqlx::query_as!(
        Commune,
        "select c.code, c.name, c.full_name, c.province_code, p.name as province
         from places.communes c join places.provinces p on p.code = c.province_code
         where c.valid_to is null"
    )
    .fetch_all(db)
    .await
}
