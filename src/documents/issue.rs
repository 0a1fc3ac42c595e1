//! Issues an order's contract: number and content are kept once.

use super::{
    agreement::{Agreed, Contract},
    error::DocumentError,
    queries::{self, Row},
};
use crate::{
    config::Site,
    enterprises,
    kernel::{Cx, day_of},
    orders::Order,
};
use chrono::Datelike;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// Rises when papers are set differently: files of another layout have digests of their own.
pub(super) const LAYOUT: i32 = 2;

/// A contract with its number.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) edition: i32,
    pub(super) issued_at: chrono::DateTime<chrono::Utc>,
    /// Hexadecimal, of what was agreed.
    pub(super) digest: String,
    pub(super) contract: Contract,
}

impl Issued {
    fn read(row: Row) -> Result<Self, DocumentError> {
        Ok(Self {
            id: row.id,
            number: row.number,
            edition: row.edition,
            issued_at: row.issued_at,
            digest: hex::encode(row.content_sha256),
            contract: serde_json::from_str(&row.content)?,
        })
    }
}

/// The contract of an order as it stands: issued before, or now. An order that has been changed since gets a
/// further edition; the earlier ones stay.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn issue(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    site: &Site,
) -> Result<Issued, DocumentError> {
    let agreed = Agreed::of(order);
    let digest = agreed.digest()?;
    let same = |row: &Row| row.content_sha256 == digest;
    if let Some(row) = queries::latest(db, order.head.id).await?.filter(same) {
        return Issued::read(row);
    }
    // Two who ask at once: one issues, the other reads what he issued.
    queries::queue_for(db, order.head.id).await?;
    let before = queries::latest(db, order.head.id).await?;
    if let Some(row) = before.as_ref().filter(|row| same(row)) {
        return Issued::read(row.clone());
    }
    let facts = enterprises::facts(db, &[order.head.seller]).await?.remove(&order.head.seller);
    let contract = Contract::of(agreed, facts.as_ref(), site);
    let edition = before.as_ref().map_or(1, |row| row.edition + 1);
    let number = match before {
        // The first edition's number with the edition behind it.
        Some(row) => {
            let stem = row.number.split('-').next().unwrap_or_default().to_owned();
            format!("{stem}-{edition}")
        }
        None => {
            let year = day_of(cx.now).year();
            format!("{:06}/{year}/HĐMB", queries::next_number(db, year).await?)
        }
    };
    let row = Row {
        id: cx.new_id(),
        edition,
        number,
        content: serde_json::to_string(&contract)?,
        content_sha256: digest,
        issued_at: cx.now,
    };
    queries::insert(db, order.head.id, &row).await?;
    Issued::read(row)
}

/// Compares a file with the first one of its kind, which it may be itself.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn prove(
    db: &mut PgConnection,
    cx: &Cx,
    issued: &Issued,
    lang: &str,
    file: &[u8],
) -> sqlx::Result<bool> {
    let digest = Sha256::digest(file).to_vec();
    let bytes = i32::try_from(file.len()).unwrap_or(i32::MAX);
    let first = queries::first_print(db, issued.id, lang, LAYOUT, (&digest, bytes), cx.now).await?;
    Ok(first == digest)
}
