//! Letters to owners.

use super::{
    bank::SealedAccount,
    events::{BankAccountChanged, SellerStepTaken},
    letters,
    model::Seller,
    queries, queries_bank, queries_people,
};
use crate::{
    accounts,
    config::Site,
    kernel::{Cx, Lang},
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;

/// Writes to all owners when a step was taken.
pub struct TellOwners {
    pub db: PgPool,
    pub site: Arc<Site>,
}

/// Writes to all owners when the bank account was changed.
pub struct WarnOfBankChange {
    pub db: PgPool,
    pub site: Arc<Site>,
}

#[async_trait]
impl Handler for TellOwners {
    type Payload = SellerStepTaken;
    const NAME: &'static str = "enterprises.tell_owners";

    async fn handle(&self, cx: &Cx, told: SellerStepTaken) -> Result<(), JobError> {
        if told.by.is_none() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let Some(seller) = queries::seller(&mut tx, told.seller).await? else { return Ok(()) };
        let write = |lang| letters::step(&self.site, lang, &seller, told.step, &told.reason);
        let cause = format!("enterprises.step:{}", told.record);
        to_owners(&mut tx, cx, &seller, &cause, write).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[async_trait]
impl Handler for WarnOfBankChange {
    type Payload = BankAccountChanged;
    const NAME: &'static str = "enterprises.warn_of_bank_change";

    async fn handle(&self, cx: &Cx, told: BankAccountChanged) -> Result<(), JobError> {
        if told.by.is_none() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let Some(seller) = queries::seller(&mut tx, told.seller).await? else { return Ok(()) };
        let Some(bank) = queries_bank::bank(&mut tx, told.seller).await? else { return Ok(()) };
        // A letter is no place for a whole number.
        let bank = SealedAccount::from(bank);
        let account = format!("{} – {} – {}", bank.bank_name, bank.masked(), bank.name);
        let cause = format!("enterprises.bank:{}", told.record);
        let write = |lang| letters::bank(&self.site, lang, &seller, &account);
        to_owners(&mut tx, cx, &seller, &cause, write).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// One letter to each owner, in his language.
async fn to_owners(
    db: &mut PgConnection,
    cx: &Cx,
    seller: &Seller,
    cause: &str,
    write: impl Fn(Lang) -> (String, String),
) -> sqlx::Result<()> {
    for owner in queries_people::owners(db, seller.id).await? {
        let Some(person) = accounts::person(db, owner).await? else { continue };
        let Some(to) = person.email else { continue };
        let (subject, body) = write(person.lang);
        let dedup_key = format!("{cause}:{owner}");
        mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
    }
    Ok(())
}
