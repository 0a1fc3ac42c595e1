//! The addresses on which services tell what a seller's bank shows.

use super::{queries_feeds, services::Service};
use crate::kernel::{Cx, SellerId};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// One address of a seller.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    pub(super) id: Uuid,
    pub(super) seller: SellerId,
    pub(super) service: Service,
    /// The long random part of its path.
    pub(super) address: String,
    pub(super) made_at: DateTime<Utc>,
    /// When the last message came.
    pub(super) last_at: Option<DateTime<Utc>>,
    pub(super) key_hash: Vec<u8>,
}

impl Feed {
    /// Where the service sends to.
    #[must_use]
    pub(super) fn path(&self) -> String {
        format!("/webhook/ngan-hang/{}", self.address)
    }

    /// Whether this is its key. Hashes are compared, so nothing is told by the time it takes.
    pub(super) fn opens(&self, key: &str) -> bool {
        self.key_hash == hash(key)
    }
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

/// 160 random bits in letters and digits.
fn random() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Opens an address for a service and gives its key, which is shown once and kept nowhere.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    service: Service,
) -> sqlx::Result<(Feed, String)> {
    let key = random();
    let feed = Feed {
        id: cx.new_id(),
        seller,
        service,
        address: random(),
        made_at: cx.now,
        last_at: None,
        key_hash: hash(&key),
    };
    queries_feeds::insert(db, cx, &feed).await?;
    Ok((feed, key))
}

/// The open addresses of a seller.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<Feed>> {
    queries_feeds::of_seller(db, seller).await
}
