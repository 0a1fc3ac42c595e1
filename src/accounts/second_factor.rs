//! The second factor: a code of six digits by the clock (RFC 6238), good once; recovery codes for
//! the day the telephone is lost.

use super::{AccountError, queries};
use crate::kernel::{Cx, PersonId, normalise};
use chrono::{DateTime, Utc};
use rand::RngExt;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use totp_rs::{Algorithm, Secret, TOTP};

/// Seconds a code lives.
const STEP: u64 = 30;
/// How many recovery codes are handed out.
const RECOVERY_CODES: usize = 8;

/// A new secret, in base32.
pub(super) fn new_secret() -> String {
    let bytes: [u8; 20] = rand::rng().random();
    Secret::Raw(bytes.to_vec()).to_encoded().to_string()
}

fn totp(secret: &str, issuer: &str, account: &str) -> Option<TOTP> {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().ok()?;
    let plain = |text: &str| text.replace(':', " ");
    TOTP::new(Algorithm::SHA1, 6, 1, STEP, bytes, Some(plain(issuer)), plain(account)).ok()
}

fn seconds(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

/// The code of a secret now: for the demo's page and for tests.
#[must_use]
pub fn current_code(secret: &str, now: DateTime<Utc>) -> Option<String> {
    Some(totp(secret, "", "")?.generate(seconds(now)))
}

/// What an authenticator app reads from the QR picture.
pub(super) fn otpauth_url(secret: &str, issuer: &str, account: &str) -> Option<String> {
    Some(totp(secret, issuer, account)?.get_url())
}

/// The time step whose code this is: now, the one before or the one after, for clocks that differ.
pub(super) fn step_of(secret: &str, code: &str, now: DateTime<Utc>) -> Option<i64> {
    let totp = totp(secret, "", "")?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let current = seconds(now) / STEP;
    let step = [current, current.saturating_sub(1), current + 1]
        .into_iter()
        .find(|step| totp.generate(step * STEP) == code)?;
    i64::try_from(step).ok()
}

/// Whether the code is right, the person's own and not used before; a recovery code does as well.
pub(super) async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    code: &str,
) -> sqlx::Result<bool> {
    let Some(row) = queries::person(db, person).await? else { return Ok(false) };
    let (Some(secret), Some(_)) = (row.totp_secret, row.totp_confirmed_at) else {
        return Ok(false);
    };
    match step_of(&secret, code, cx.now) {
        Some(step) => queries::use_step(db, person, step).await,
        None => {
            let hash = recovery_hash(person, code);
            queries::use_recovery_code(db, person, &hash, cx.now).await
        }
    }
}

/// Sets the second factor up: from now on the person signs in with it.
///
/// # Errors
/// [`AccountError::NotFound`] when there is one already.
pub async fn set_second_factor(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    secret: &str,
) -> Result<(), AccountError> {
    confirm(db, cx, person, secret, 0).await
}

/// The same after the person has shown a code of `step`, which is used up with it.
pub(super) async fn confirm(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    secret: &str,
    step: i64,
) -> Result<(), AccountError> {
    let set = queries::set_totp(db, person, secret, step, cx.now).await?;
    if set { Ok(()) } else { Err(AccountError::NotFound) }
}

/// Takes the second factor away, with its recovery codes. The caller writes the audit chain.
///
/// # Errors
/// Whatever the database says.
pub async fn reset_second_factor(db: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    queries::clear_totp(db, person).await
}

/// Makes new recovery codes; the old ones are worthless. They can be read this once only.
pub(super) async fn new_recovery_codes(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
) -> sqlx::Result<Vec<String>> {
    let codes = random_codes();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| recovery_hash(person, code)).collect();
    queries::put_recovery_codes(db, person, &hashes, cx.now).await?;
    Ok(codes)
}

/// `XXXX-XXXX-XXXX`, of letters that are not mistaken for one another.
fn random_codes() -> Vec<String> {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut rng = rand::rng();
    let mut letter = || char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    (0..RECOVERY_CODES)
        .map(|_| {
            let code: String = (0..12).map(|_| letter()).collect();
            format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..])
        })
        .collect()
}

/// 58 random bits need no slow hash; the person's id keeps equal codes apart.
fn recovery_hash(person: PersonId, code: &str) -> Vec<u8> {
    Sha256::digest(format!("{person}:{}", normalise(code))).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_rfc_6238_and_clocks_may_differ_by_a_step() {
        // RFC 6238, appendix B: the secret "12345678901234567890" at 59 s gives …287082.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        assert_eq!(current_code(secret, at(59)).as_deref(), Some("287082"));
        assert_eq!(step_of(secret, "287 082", at(59)), Some(1));
        assert_eq!(step_of(secret, "287082", at(89)), Some(1));
        assert_eq!(step_of(secret, "287082", at(120)), None);
        assert_eq!(step_of("not base32!", "287082", at(59)), None);
        assert_eq!(step_of(&new_secret(), "", at(59)), None);
        assert!(
            otpauth_url(secret, "Sàn Quảng Trị", "lan@vidu.vn")
                .unwrap()
                .starts_with("otpauth://totp/")
        );
    }
}
