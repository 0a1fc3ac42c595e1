//! The account that buyers pay into. Its number is kept sealed.

use super::{
    error::SellerError,
    events::{BankAccountChanged, SellerChanged},
    queries, queries_bank,
};
use crate::{
    kernel::{Cx, SellerId},
    platform::{audit, outbox, sealed::Sealer},
};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

/// The account that buyers pay into, opened.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BankAccount {
    /// Six digits, NAPAS.
    pub bin: String,
    /// Short name of the bank; filled in when read.
    pub bank_name: String,
    pub number: String,
    /// The holder.
    pub name: String,
}

/// The same as it is kept: everything but the number can be read.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAccount {
    pub bin: String,
    pub bank_name: String,
    pub name: String,
    /// When it last became another account: with the bank and the holder it tells two accounts apart.
    pub changed_at: DateTime<Utc>,
    seller: SellerId,
    ends: String,
    number: Number,
}

/// How the number is kept.
#[derive(Clone, PartialEq, Eq)]
enum Number {
    Sealed(Vec<u8>),
    /// A row of before that was not sealed yet.
    Clear(String),
}

/// A row.
pub(super) struct KeptAccount {
    pub(super) seller: SellerId,
    pub(super) bin: String,
    pub(super) bank_name: String,
    pub(super) number: Option<String>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) ends: String,
    pub(super) name: String,
    pub(super) changed_at: DateTime<Utc>,
}

impl std::fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BankAccount({} …{})", self.bin, self.ends())
    }
}

impl std::fmt::Debug for SealedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedAccount({} …{})", self.bin, self.ends)
    }
}

impl From<KeptAccount> for SealedAccount {
    fn from(row: KeptAccount) -> Self {
        let number = match (row.sealed, row.number) {
            (Some(sealed), _) => Number::Sealed(sealed),
            (None, number) => Number::Clear(number.unwrap_or_default()),
        };
        let KeptAccount { seller, bin, bank_name, ends, name, changed_at, .. } = row;
        Self { bin, bank_name, name, changed_at, seller, ends, number }
    }
}

impl BankAccount {
    /// The last characters of the number: enough to recognise one's own account. A short number keeps half.
    #[must_use]
    pub fn ends(&self) -> &str {
        ends(&self.number)
    }

    fn seal(&self, sealer: &Sealer, seller: SellerId) -> Vec<u8> {
        sealer.seal(&place(seller), self.number.as_bytes())
    }
}

impl SealedAccount {
    /// Opens the number; `None`, and a line in the log, where the key is not at hand.
    #[must_use]
    pub fn open(&self, sealer: &Sealer) -> Option<BankAccount> {
        let number = match &self.number {
            Number::Clear(number) => number.clone(),
            Number::Sealed(sealed) => match sealer.unseal(&place(self.seller), sealed) {
                Ok(bytes) => String::from_utf8(bytes).ok()?,
                Err(error) => {
                    tracing::error!(seller = %self.seller, %error, "a bank account cannot be opened");
                    return None;
                }
            },
        };
        let (bin, bank_name, name) = (self.bin.clone(), self.bank_name.clone(), self.name.clone());
        Some(BankAccount { bin, bank_name, number, name })
    }

    /// The number as it is shown where it need not be known: `•••• 4567`.
    #[must_use]
    pub fn masked(&self) -> String {
        let ends = match &self.number {
            Number::Clear(number) => ends(number),
            Number::Sealed(_) => &self.ends,
        };
        format!("•••• {ends}")
    }
}

fn place(seller: SellerId) -> String {
    format!("enterprises.bank_accounts:{seller}")
}

fn ends(number: &str) -> &str {
    let keep = (number.len() / 2).min(4);
    number.get(number.len() - keep..).unwrap_or_default()
}

/// Writes the account; a change is recorded and told to all owners by mail.
///
/// # Errors
/// [`SellerError::NoBank`] for an unknown bank, [`SellerError::NotFound`].
pub async fn save_bank_account(
    db: &mut PgConnection,
    cx: &Cx,
    sealer: &Sealer,
    seller: SellerId,
    account: &BankAccount,
) -> Result<(), SellerError> {
    // Two who save at once come one after the other.
    queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    let before = queries_bank::bank(db, seller).await?.map(SealedAccount::from);
    let before = before.and_then(|kept| kept.open(sealer));
    let (bin, number, name) = (&account.bin, &account.number, &account.name);
    if before.is_some_and(|b| (&b.bin, &b.number, &b.name) == (bin, number, name)) {
        return Ok(());
    }
    let sealed = account.seal(sealer, seller);
    queries_bank::upsert_bank(db, cx, seller, account, &sealed).await.map_err(|e| match &e {
        sqlx::Error::Database(d) if d.is_foreign_key_violation() => SellerError::NoBank,
        _ => e.into(),
    })?;
    outbox::publish(db, cx, &BankAccountChanged { seller, by: cx.person(), record: cx.new_id() })
        .await?;
    outbox::publish(db, cx, &SellerChanged { seller }).await?;
    // The record tells which account it became; the full number stays sealed.
    let detail = json!({ "bin": bin, "number_ends": account.ends(), "name": name });
    audit::record(db, cx, "enterprises.save_bank_account", &format!("seller:{seller}"), detail)
        .await?;
    Ok(())
}

/// Seals numbers that are still in the clear, and those under a former key anew. Gives how many there were.
///
/// # Errors
/// Whatever the database says.
pub async fn seal_bank_accounts(db: &PgPool, sealer: &Sealer) -> sqlx::Result<usize> {
    let mut tx = db.begin().await?;
    let mut done = 0;
    for kept in queries_bank::to_seal(&mut tx, sealer.key_name()).await? {
        let kept = SealedAccount::from(kept);
        let Some(account) = kept.open(sealer) else { continue };
        let sealed = account.seal(sealer, kept.seller);
        queries_bank::seal(&mut tx, kept.seller, &sealed, account.ends()).await?;
        done += 1;
    }
    tx.commit().await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_shown_of_a_number() {
        for (number, shown) in
            [("0011004123456", "3456"), ("12345", "45"), ("1234", "34"), ("", "")]
        {
            assert_eq!(ends(number), shown);
        }
        let account = BankAccount { number: "0011004123456".into(), ..BankAccount::default() };
        assert!(!format!("{account:?}").contains("00110041"));
    }
}
