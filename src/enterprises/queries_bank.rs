//! The SQL statements of sellers' bank accounts. Their numbers are sealed.

use super::{BankAccount, bank::KeptAccount};
use crate::kernel::{Cx, SellerId};
use sqlx::PgConnection;

/// A seller's account as it is kept.
pub(super) async fn bank(db: &mut PgConnection, id: SellerId) -> sqlx::Result<Option<KeptAccount>> {
    sqlx::query_as!(
        KeptAccount,
        r#"select a.seller_id as "seller: SellerId", a.bank_bin as bin, b.short_name as bank_name,
                  a.account_number as number, a.sealed, a.number_ends as ends, a.account_name as name,
                  a.updated_at as changed_at
           from enterprises.bank_accounts a join enterprises.banks b on b.bin = a.bank_bin where a.seller_id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Writes the account with its sealed number.
pub(super) async fn upsert_bank(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    account: &BankAccount,
    sealed: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.bank_accounts (seller_id, bank_bin, account_number, sealed, number_ends, account_name, updated_at)
         values ($1, $2, null, $3, $4, $5, $6)
         on conflict (seller_id) do update set bank_bin = excluded.bank_bin, account_number = null,
            sealed = excluded.sealed, number_ends = excluded.number_ends, account_name = excluded.account_name,
            updated_at = excluded.updated_at",
        id.0,
        account.bin,
        sealed,
        account.ends(),
        account.name,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Accounts in the clear or under another key than the one of this name, locked until the transaction ends.
pub(super) async fn to_seal(db: &mut PgConnection, key: &[u8]) -> sqlx::Result<Vec<KeptAccount>> {
    sqlx::query_as!(
        KeptAccount,
        r#"select seller_id as "seller: SellerId", bank_bin as bin, '' as "bank_name!", account_number as number, sealed,
                  number_ends as ends, account_name as name, updated_at as changed_at
           from enterprises.bank_accounts where sealed is null or substr(sealed, 2, 8) <> $1
           order by seller_id for update"#,
        key
    )
    .fetch_all(db)
    .await
}

/// Puts the sealed number in the place of what was there; nothing else has changed.
pub(super) async fn seal(
    db: &mut PgConnection,
    id: SellerId,
    sealed: &[u8],
    ends: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update enterprises.bank_accounts set account_number = null, sealed = $2, number_ends = $3 where seller_id = $1",
        id.0,
        sealed,
        ends,
    )
    .execute(db)
    .await?;
    Ok(())
}
