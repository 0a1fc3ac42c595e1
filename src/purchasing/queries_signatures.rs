//! The SQL statements of signatures on contracts.

use super::{
    sign::Handed,
    signatures::{Sided, Signature, listed_at},
};
use crate::kernel::Cx;
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) async fn of_order(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Vec<Signature>> {
    sqlx::query_as!(
        Signature,
        "select id, side, name, tax_code, issuer, anchor, serial, algorithm, test, signed_at, valid_from, valid_until,
                listed_at, time_stamp, added_after, file_key, file_name, file_sha256, uploaded_at
         from purchasing.signatures where order_id = $1 order by uploaded_at, id",
        order
    )
    .fetch_all(db)
    .await
}

/// Keeps one signature; `false` when it is there already.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
    one: &Sided,
    handed: &Handed<'_>,
) -> sqlx::Result<bool> {
    let signed = &one.signed;
    let done = sqlx::query!(
        "insert into purchasing.signatures (id, order_id, side, mark, name, tax_code, issuer, anchor, serial, algorithm,
                                            test, signed_at, valid_from, valid_until, listed_at, time_stamp,
                                            added_after, file_key, file_name, file_sha256, uploaded_by, uploaded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         on conflict (order_id, mark) do nothing",
        cx.new_id(),
        order,
        one.side.code(),
        signed.mark,
        signed.name,
        one.tax_code,
        signed.issuer,
        signed.anchor,
        signed.serial,
        signed.algorithm,
        signed.test,
        signed.signed_at,
        signed.valid_from,
        signed.valid_until,
        listed_at(signed),
        signed.time_stamp,
        handed.added_after,
        handed.file_key,
        handed.file_name,
        handed.sha256,
        handed.by.1.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
