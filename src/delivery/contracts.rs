//! A seller's own contracts with carriers. Tokens are sealed: they are used, never shown again.

use super::{
    carriers::{Access, CarrierKind, Carriers, Spot},
    queries_contracts,
};
use crate::{
    kernel::{Cx, SellerId},
    places::Places,
    platform::sealed::{SealError, Sealer},
};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

/// One contract, its keys still sealed.
#[derive(Debug, Clone)]
pub struct Contract {
    pub seller: SellerId,
    pub carrier: CarrierKind,
    /// The shop's number or name at the carrier.
    pub shop: String,
    pub(super) token: Vec<u8>,
    pub(super) secret: Option<Vec<u8>>,
    /// The part of the address that only the carrier knows.
    pub(super) path: String,
    /// When the key was tried last.
    pub tested_at: Option<DateTime<Utc>>,
    /// What the carrier said then; empty: all is well.
    pub test: String,
}

/// What it takes to speak with carriers.
#[derive(Clone)]
pub struct Office {
    pub db: PgPool,
    pub carriers: Carriers,
    pub sealer: Sealer,
    pub places: Places,
    pub notices: super::Notices,
}

/// The contracts of a seller.
///
/// # Errors
/// Whatever the database says.
pub async fn of_seller(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Contract>> {
    queries_contracts::of_seller(db, seller).await
}

fn place(seller: SellerId, carrier: CarrierKind, what: &str) -> String {
    format!("delivery.contracts:{seller}:{}:{what}", carrier.code())
}

/// What a member types; an empty token or secret leaves the one that is kept.
pub(super) struct NewContract<'a> {
    pub(super) carrier: CarrierKind,
    pub(super) shop: &'a str,
    pub(super) token: &'a str,
    pub(super) secret: &'a str,
}

/// Keeps a contract. `false`: it has no token yet.
pub(super) async fn save(
    db: &mut PgConnection,
    cx: &Cx,
    sealer: &Sealer,
    seller: SellerId,
    new: &NewContract<'_>,
) -> sqlx::Result<bool> {
    let seal = |what: &str, text: &str| {
        let filled = !text.is_empty();
        filled.then(|| sealer.seal(&place(seller, new.carrier, what), text.as_bytes()))
    };
    let (token, secret) = (seal("token", new.token), seal("secret", new.secret));
    let path = random_path();
    let row = queries_contracts::Row {
        carrier: new.carrier,
        shop: new.shop,
        token: token.as_deref(),
        secret: secret.as_deref(),
        path: &path,
    };
    queries_contracts::save(db, seller, &row, cx.now).await
}

/// 155 random bits that can stand in an address.
fn random_path() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bytes: [u8; 31] = rand::random();
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

impl Contract {
    /// Opens the keys.
    ///
    /// # Errors
    /// [`SealError`] when the installation's key is another.
    pub(super) fn open(&self, sealer: &Sealer) -> Result<Access, SealError> {
        let open = |what: &str, sealed: &[u8]| {
            let bytes = sealer.unseal(&place(self.seller, self.carrier, what), sealed)?;
            String::from_utf8(bytes).map(SecretString::from).map_err(|_| SealError::Broken)
        };
        Ok(Access {
            shop: self.shop.clone(),
            token: open("token", &self.token)?,
            secret: match &self.secret {
                Some(sealed) => open("secret", sealed)?,
                None => SecretString::default(),
            },
        })
    }
}

impl Office {
    /// A seller's key to a carrier; `None` where he has no contract, or its key cannot be opened.
    pub(super) async fn access(
        &self,
        db: &mut PgConnection,
        seller: SellerId,
        kind: CarrierKind,
    ) -> sqlx::Result<Option<Access>> {
        let contract = queries_contracts::one(db, seller, kind).await?;
        Ok(contract.and_then(|contract| self.opened(&contract)))
    }

    /// The key of a contract; `None` where it cannot be opened.
    pub(super) fn opened(&self, contract: &Contract) -> Option<Access> {
        let told = |error: &SealError| {
            let (seller, carrier) = (contract.seller, contract.carrier.code());
            tracing::error!(%seller, carrier, %error, "a contract's key does not open");
        };
        contract.open(&self.sealer).inspect_err(told).ok()
    }

    /// A commune in a carrier's words.
    pub(super) async fn spot(
        &self,
        db: &mut PgConnection,
        kind: CarrierKind,
        commune: &str,
    ) -> sqlx::Result<Spot> {
        let mapped = queries_contracts::carrier_place(db, kind, commune).await?;
        Ok(self.spot_named(commune, mapped))
    }

    /// A commune with the carrier's own name of it.
    pub(super) fn spot_named(&self, commune: &str, mapped: Option<(String, String)>) -> Spot {
        let Some(known) = self.places.commune(commune) else { return Spot::default() };
        Spot { province: known.province.clone(), commune: known.full_name.clone(), mapped }
    }
}
