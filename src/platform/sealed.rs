//! Secrets at rest: what others have entrusted to us is kept so that the database alone does not tell it.
//!
//! XChaCha20-Poly1305 with a key from the configuration, or one made once in `SANTINH_VAR/secret.key`. A sealed value
//! names its key, so that keys can be changed; and it opens only for the row it was sealed for, so that it cannot be
//! moved to another.
//!
//! ```text
//! version 1 │ key 8 │ nonce 24 │ ciphertext and tag
//! ```

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

const VERSION: u8 = 1;
const NAME: usize = 8;
const NONCE: usize = 24;
const HEAD: usize = 1 + NAME + NONCE;

type Name = [u8; NAME];

/// Why a value does not open. It never says what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed with a key that we do not have.
    #[error("sealed with a key that is not at hand")]
    Key,
    /// It was changed, cut short or moved.
    #[error("not what was sealed here")]
    Broken,
    /// A key that is not 32 bytes of base64.
    #[error("a key must be 32 bytes in base64")]
    BadKey,
}

/// Seals with one key, opens with all that it has.
#[derive(Clone)]
pub struct Sealer(Arc<Vec<(Name, XChaCha20Poly1305)>>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("keys", &self.0.len()).finish_non_exhaustive()
    }
}

impl Sealer {
    /// The first key seals.
    ///
    /// # Errors
    /// [`SealError::BadKey`] when one is not 32 bytes of base64, or there is none.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, SealError> {
        let keys: Result<Vec<_>, _> = keys.into_iter().map(read_key).collect();
        match keys? {
            none if none.is_empty() => Err(SealError::BadKey),
            keys => Ok(Self(keys.into())),
        }
    }

    /// The key of `configured`, or else of `secret.key` below `var`, which is made the first time.
    ///
    /// # Errors
    /// A key that is none, or a file that can be neither read nor made.
    pub fn open(var: &Path, configured: Option<&str>, former: &[&str]) -> anyhow::Result<Self> {
        let file = var.join("secret.key");
        let own = match configured {
            Some(key) => key.to_owned(),
            None => key_of(&file)?,
        };
        Ok(Self::new([own.as_str()].into_iter().chain(former.iter().copied()))?)
    }

    /// Seals for one place: `schema.table:id`.
    #[must_use]
    pub fn seal(&self, place: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = rand::random();
        let (name, cipher) = &self.0[0];
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
        let mut out = Vec::with_capacity(HEAD + secret.len() + 16);
        out.push(VERSION);
        out.extend_from_slice(name);
        out.extend_from_slice(&nonce);
        // It fails only for texts of more than 2³⁸ bytes; such a value would not open.
        out.extend(sealed.unwrap_or_default());
        out
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`SealError::Key`] and [`SealError::Broken`].
    pub fn unseal(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        if sealed.len() < HEAD || sealed[0] != VERSION {
            return Err(SealError::Broken);
        }
        let (head, rest) = sealed.split_at(HEAD);
        let named = |(name, _): &&(Name, XChaCha20Poly1305)| name == &head[1..=NAME];
        let (_, cipher) = self.0.iter().find(named).ok_or(SealError::Key)?;
        let payload = Payload { msg: rest, aad: place.as_bytes() };
        let nonce: [u8; NONCE] = head[1 + NAME..].try_into().map_err(|_| SealError::Broken)?;
        cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)
    }

    /// The name of the key that seals now; each sealed value carries it behind its first byte.
    #[must_use]
    pub fn key_name(&self) -> &[u8] {
        &self.0[0].0
    }

    /// Whether this was sealed with a former key and should be sealed anew.
    #[must_use]
    pub fn is_former(&self, sealed: &[u8]) -> bool {
        sealed.get(1..=NAME).is_none_or(|name| name != self.0[0].0)
    }
}

fn read_key(text: &str) -> Result<(Name, XChaCha20Poly1305), SealError> {
    let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| SealError::BadKey)?;
    let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| SealError::BadKey)?;
    let digest = Sha256::new().chain_update(b"santinh key name").chain_update(&bytes).finalize();
    let mut name = Name::default();
    name.copy_from_slice(&digest[..NAME]);
    Ok((name, cipher))
}

/// The key of the file. It appears there whole or not at all, and the first of several processes makes it.
fn key_of(file: &Path) -> anyhow::Result<String> {
    if !file.exists() {
        let folder = file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let draft = folder.join(format!(".secret.key.{}", uuid::Uuid::new_v4()));
        let key: [u8; 32] = rand::random();
        let mut out =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        out.write_all(BASE64_STANDARD.encode(key).as_bytes())?;
        out.sync_all()?;
        let made = fs::hard_link(&draft, file);
        fs::remove_file(&draft)?;
        match made {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            Ok(()) | Err(_) => fs::File::open(folder)?.sync_all()?,
        }
    }
    Ok(fs::read_to_string(file)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::fs::PermissionsExt;

    fn key(n: u8) -> String {
        BASE64_STANDARD.encode([n; 32])
    }

    fn with(keys: &[u8]) -> Sealer {
        let keys: Vec<String> = keys.iter().copied().map(key).collect();
        Sealer::new(keys.iter().map(String::as_str)).unwrap()
    }

    proptest! {
        #[test]
        fn only_the_same_place_and_the_same_bytes_open(
            secret in prop::collection::vec(any::<u8>(), 0..200), place in "[a-z.:0-9]{1,40}", at: prop::sample::Index,
        ) {
            let sealer = with(&[1]);
            let sealed = sealer.seal(&place, &secret);
            prop_assert_eq!(sealer.unseal(&place, &sealed), Ok(secret.clone()));
            prop_assert_eq!(sealer.unseal(&format!("{place}0"), &sealed), Err(SealError::Broken));
            prop_assert_ne!(sealer.seal(&place, &secret), sealed.clone(), "the same text looked the same twice");
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] ^= 1;
            prop_assert!(sealer.unseal(&place, &changed).is_err());
            prop_assert!(sealer.unseal(&place, &sealed[..at.index(sealed.len())]).is_err());
            prop_assert!(secret.len() < 8 || !sealed.windows(secret.len()).any(|w| w == secret));
        }
    }

    #[test]
    fn keys_can_be_changed() {
        let sealed = with(&[1]).seal("t:1", b"hush");
        let both = with(&[2, 1]);
        assert_eq!(both.unseal("t:1", &sealed).unwrap(), b"hush");
        assert!(both.is_former(&sealed) && !both.is_former(&both.seal("t:1", b"hush")));
        assert_eq!(with(&[2]).unseal("t:1", &sealed), Err(SealError::Key));
        assert_eq!(Sealer::new(["c2hvcnQ="]).unwrap_err(), SealError::BadKey);
        assert_eq!(Sealer::new([]).unwrap_err(), SealError::BadKey);
        assert!(!format!("{both:?}").contains(&key(2)));
    }

    #[test]
    fn a_key_of_its_own_is_made_once_for_its_owner_alone() {
        let var = std::env::temp_dir().join(format!("sealed-{}", uuid::Uuid::new_v4()));
        let many: Vec<_> = (0..8).map(|_| var.clone()).collect();
        let open = |var: std::path::PathBuf| {
            std::thread::spawn(move || Sealer::open(&var, None, &[]).unwrap())
        };
        let sealers: Vec<Sealer> = many.into_iter().map(open).map(|t| t.join().unwrap()).collect();
        let sealed = sealers[0].seal("t:1", b"hush");
        for sealer in &sealers {
            assert_eq!(sealer.unseal("t:1", &sealed).unwrap(), b"hush");
        }
        let mode = fs::metadata(var.join("secret.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&var).unwrap().count(), 1, "a draft was left");
        let configured = Sealer::open(&var, Some(&key(9)), &[]).unwrap();
        assert_eq!(configured.unseal("t:1", &sealed), Err(SealError::Key));
        fs::remove_dir_all(var).unwrap();
    }
}
