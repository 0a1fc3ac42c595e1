//! What other slices may know of a seller.

use super::{
    Kind, State,
    bank::{KeptAccount, SealedAccount},
    model::{Seller, SellerEvent},
    queries, queries_bank,
};
use crate::kernel::{Day, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Facts that pages show beside a seller's goods (Decree 248/2026) and that orders keep.
#[derive(Debug, Clone)]
pub struct SellerFacts {
    pub id: SellerId,
    pub slug: String,
    pub shop_name: String,
    pub legal_name: String,
    pub tax_code: Option<String>,
    pub kind: Kind,
    pub address: String,
    pub commune_code: String,
    /// E.164.
    pub phone: String,
    pub email: String,
    pub registration_no: String,
    pub registered_on: Option<Day>,
    pub registered_by: String,
    pub state: State,
    pub art: String,
    pub intro: String,
    pub intro_en: String,
    pub approved_at: Option<DateTime<Utc>>,
    /// With its number sealed.
    pub bank: Option<SealedAccount>,
}

pub(super) struct FactsRow {
    pub(super) id: SellerId,
    pub(super) slug: String,
    pub(super) shop_name: String,
    pub(super) legal_name: String,
    pub(super) tax_code: Option<String>,
    pub(super) kind: Kind,
    pub(super) address: String,
    pub(super) commune_code: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) registration_no: String,
    pub(super) registered_on: Option<Day>,
    pub(super) registered_by: String,
    pub(super) state: State,
    pub(super) art: String,
    pub(super) intro: String,
    pub(super) intro_en: String,
    pub(super) approved_at: Option<DateTime<Utc>>,
    pub(super) bank_bin: Option<String>,
    pub(super) bank_name: Option<String>,
    pub(super) account_number: Option<String>,
    pub(super) account_sealed: Option<Vec<u8>>,
    pub(super) account_ends: Option<String>,
    pub(super) account_name: Option<String>,
    pub(super) account_changed: Option<DateTime<Utc>>,
}

impl From<FactsRow> for SellerFacts {
    fn from(row: FactsRow) -> Self {
        let bank = row.bank_bin.zip(row.account_changed).map(|(bin, changed_at)| {
            SealedAccount::from(KeptAccount {
                seller: row.id,
                bin,
                bank_name: row.bank_name.unwrap_or_default(),
                number: row.account_number,
                sealed: row.account_sealed,
                ends: row.account_ends.unwrap_or_default(),
                name: row.account_name.unwrap_or_default(),
                changed_at,
            })
        });
        Self {
            id: row.id,
            slug: row.slug,
            shop_name: row.shop_name,
            legal_name: row.legal_name,
            tax_code: row.tax_code,
            kind: row.kind,
            address: row.address,
            commune_code: row.commune_code,
            phone: row.phone,
            email: row.email,
            registration_no: row.registration_no,
            registered_on: row.registered_on,
            registered_by: row.registered_by,
            state: row.state,
            art: row.art,
            intro: row.intro,
            intro_en: row.intro_en,
            approved_at: row.approved_at,
            bank,
        }
    }
}

/// The facts of several sellers in one statement; who does not exist is left out.
///
/// # Errors
/// Whatever the database says.
pub async fn facts(
    db: &mut PgConnection,
    ids: &[SellerId],
) -> sqlx::Result<HashMap<SellerId, SellerFacts>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = queries::facts(db, &ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// The seller of a shop's address.
///
/// # Errors
/// Whatever the database says.
pub async fn by_slug(db: &mut PgConnection, slug: &str) -> sqlx::Result<Option<SellerId>> {
    queries::by_slug(db, slug).await
}

/// Whether the seller is admitted and not suspended.
///
/// # Errors
/// Whatever the database says.
pub async fn is_selling(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<bool> {
    queries::is_selling(db, seller).await
}

/// Everything of one seller, for its own desk and for officers.
///
/// # Errors
/// Whatever the database says.
pub async fn seller(db: &mut PgConnection, id: SellerId) -> sqlx::Result<Option<Seller>> {
    queries::seller(db, id).await
}

/// The record, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn history(db: &mut PgConnection, id: SellerId) -> sqlx::Result<Vec<SellerEvent>> {
    queries::events(db, id).await
}

/// The account that buyers pay into, if there is one.
///
/// # Errors
/// Whatever the database says.
pub async fn bank_account(
    db: &mut PgConnection,
    id: SellerId,
) -> sqlx::Result<Option<SealedAccount>> {
    Ok(queries_bank::bank(db, id).await?.map(Into::into))
}
