//! The key with which secrets are kept in the database.

use super::Reader;
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::SecretString;

/// Keys of 32 bytes in base64.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Seals and opens; not set: one is made below `SANTINH_VAR`.
    pub key: Option<SecretString>,
    /// Keys of former times, which only open.
    pub former: Vec<SecretString>,
}

impl Secrets {
    pub(super) fn read(r: &mut Reader) -> Self {
        let sound = |text: &str| match BASE64_STANDARD.decode(text.trim()) {
            Ok(bytes) if bytes.len() == 32 => Ok(()),
            Ok(_) | Err(_) => Err("must be 32 bytes in base64, e.g. of `openssl rand -base64 32`"),
        };
        let key = r.secret("SANTINH_SECRET_KEY", sound);
        let listed = |text: &str| text.split(',').try_for_each(sound);
        let former = r.secret("SANTINH_SECRET_KEYS_FORMER", listed);
        let former = former.as_ref().map(secrecy::ExposeSecret::expose_secret).unwrap_or_default();
        let former = former.split(',').map(str::trim).filter(|k| !k.is_empty());
        Self { key, former: former.map(SecretString::from).collect() }
    }
}
