//! Passwords: argon2id, never on the request's thread, never more than two at once.

use super::AccountError;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and a core for a while; more at once would starve the pages.
static GATE: Semaphore = Semaphore::const_new(2);

/// What is tried for a name that nobody bears, so that the answer takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

/// Longer input is never a password here and is not worth hashing.
const LONGEST: usize = 1024;

fn hash(password: &str) -> anyhow::Result<String> {
    let made = Argon2::default().hash_password(password.as_bytes());
    made.map(|phc| phc.to_string()).map_err(|error| anyhow::anyhow!("hashing: {error}"))
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AccountError> {
    let _place = GATE.acquire().await.map_err(|e| AccountError::Machine(e.into()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| AccountError::Machine(e.into()))
}

/// The PHC string of a password. Slow on purpose: call it before a transaction.
///
/// # Errors
/// The machine has no memory or no randomness.
pub async fn hash_password(password: &str) -> Result<String, AccountError> {
    let password = password.to_owned();
    apart(move || hash(&password)).await?.map_err(AccountError::Machine)
}

/// Whether `password` made `stored`. With nothing stored it takes as long and is false.
pub(super) async fn verify(password: &str, stored: Option<String>) -> Result<bool, AccountError> {
    let password: String = password.chars().take(LONGEST).collect();
    apart(move || {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| NOBODY.clone());
        let fits = PasswordHash::new(&phc)
            .is_ok_and(|phc| Argon2::default().verify_password(password.as_bytes(), &phc).is_ok());
        fits && known
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits() {
        let stored = hash_password("tr0i-mua-nho").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("tr0i-mua-nho", Some(stored.clone())).await.unwrap());
        assert!(!verify("tr0i-mua-to", Some(stored)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
        assert!(!verify("x", Some("not a hash".into())).await.unwrap());
    }
}
