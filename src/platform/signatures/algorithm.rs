//! Which algorithms are accepted, and the arithmetic by `ring`.

use super::Refused;
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use ring::{digest, signature as s};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A hash that still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of this name, of its own or of a signature made with it.
    pub(super) fn of(oid: ObjectIdentifier) -> Result<Self, Refused> {
        match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" | "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => {
                Ok(Self::Sha256)
            }
            "2.16.840.1.101.3.4.2.2" | "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => {
                Ok(Self::Sha384)
            }
            "2.16.840.1.101.3.4.2.3" | "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => {
                Ok(Self::Sha512)
            }
            "1.3.14.3.2.26" | "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => {
                Err(Refused::Weak("SHA-1"))
            }
            "1.2.840.113549.2.5" | "1.2.840.113549.1.1.4" => Err(Refused::Weak("MD5")),
            other => Err(Refused::Unsupported(format!("OID {other}"))),
        }
    }

    /// The digest of all `parts`, one after another.
    pub(super) fn digest(self, parts: &[&[u8]]) -> digest::Digest {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        parts.iter().for_each(|part| context.update(part));
        context.finish()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Rsa,
    P256,
    P384,
}

fn kind(key: &SubjectPublicKeyInfoOwned) -> Result<Key, Refused> {
    let oid = key.algorithm.oid;
    if oid == RSA || oid == RSA_PSS {
        return Ok(Key::Rsa);
    }
    let curve = key.algorithm.parameters.as_ref().filter(|_| oid == EC);
    let curve = curve.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    match curve.map(|oid| oid.to_string()).as_deref() {
        Some("1.2.840.10045.3.1.7") => Ok(Key::P256),
        Some("1.3.132.0.34") => Ok(Key::P384),
        _ => Err(Refused::Unsupported(format!("key {oid}"))),
    }
}

/// Checks `signature` over `message` and names the algorithm. `stated` is the digest that a CMS names beside.
pub(super) fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    stated: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<String, Refused> {
    let oid = algorithm.oid;
    let plain = oid == RSA || oid == EC;
    let hash = match stated {
        Some(hash) if plain => hash,
        _ if oid == RSA_PSS => pss_hash(algorithm)?,
        _ => Hash::of(oid)?,
    };
    if stated.is_some_and(|stated| stated != hash) {
        return Err(Refused::Broken);
    }
    let kind = kind(key)?;
    let by_curve = oid == EC || oid.to_string().starts_with("1.2.840.10045.4.");
    if by_curve == (kind == Key::Rsa) {
        return Err(Refused::Broken);
    }
    let (with, name): (&dyn s::VerificationAlgorithm, _) = match (kind, hash) {
        (Key::Rsa, _) if oid == RSA_PSS => (pss(hash), "RSA-PSS"),
        (Key::Rsa, Hash::Sha256) => (&s::RSA_PKCS1_2048_8192_SHA256, "RSA"),
        (Key::Rsa, Hash::Sha384) => (&s::RSA_PKCS1_2048_8192_SHA384, "RSA"),
        (Key::Rsa, Hash::Sha512) => (&s::RSA_PKCS1_2048_8192_SHA512, "RSA"),
        (Key::P256, Hash::Sha256) => (&s::ECDSA_P256_SHA256_ASN1, "ECDSA P-256"),
        (Key::P256, Hash::Sha384) => (&s::ECDSA_P256_SHA384_ASN1, "ECDSA P-256"),
        (Key::P384, Hash::Sha256) => (&s::ECDSA_P384_SHA256_ASN1, "ECDSA P-384"),
        (Key::P384, Hash::Sha384) => (&s::ECDSA_P384_SHA384_ASN1, "ECDSA P-384"),
        (_, Hash::Sha512) => return Err(Refused::Unsupported("ECDSA, SHA-512".to_owned())),
    };
    let bits = key.subject_public_key.as_bytes().ok_or(Refused::NotSignature)?;
    if kind == Key::Rsa && is_short(bits) {
        return Err(Refused::Weak("RSA < 2048 bit"));
    }
    let public = s::UnparsedPublicKey::new(with, bits);
    public.verify(message, signature).map_err(|_| Refused::Broken)?;
    Ok(format!("{name}, {}", hash.name()))
}

/// Whether an RSA key has less than 2048 bits: SEQUENCE { modulus, exponent }.
fn is_short(key: &[u8]) -> bool {
    let modulus = super::ber::inside(key).ok().and_then(|parts| parts.first().copied());
    let modulus = modulus.and_then(|part| der::asn1::UintRef::from_der(part).ok());
    modulus.is_none_or(|modulus| modulus.as_bytes().len() < 256)
}

fn pss(hash: Hash) -> &'static dyn s::VerificationAlgorithm {
    match hash {
        Hash::Sha256 => &s::RSA_PSS_2048_8192_SHA256,
        Hash::Sha384 => &s::RSA_PSS_2048_8192_SHA384,
        Hash::Sha512 => &s::RSA_PSS_2048_8192_SHA512,
    }
}

/// `RSASSA-PSS-params`: hash [0], mask by the same hash [1], salt [2] as long as the hash. Absent fields mean SHA-1.
fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Result<Hash, Refused> {
    const SHA1: Refused = Refused::Weak("SHA-1");
    let params = algorithm.parameters.as_ref().ok_or(SHA1)?.to_der()?;
    let (mut hash, mut mask, mut salt) = (None, None, 20_usize);
    for field in super::ber::inside(&params)? {
        let inner = super::ber::inside(field)?;
        let inner = inner.first().copied().ok_or(Refused::NotSignature)?;
        match field[0] {
            0xa0 => hash = Some(Hash::of(AlgorithmIdentifierOwned::from_der(inner)?.oid)?),
            0xa1 => {
                let function = AlgorithmIdentifierOwned::from_der(inner)?;
                let of = function.parameters.ok_or(SHA1)?.to_der()?;
                mask = Some(Hash::of(AlgorithmIdentifierOwned::from_der(&of)?.oid)?);
            }
            0xa2 => salt = usize::from(u16::from_der(inner)?),
            _ => {}
        }
    }
    let hash = hash.ok_or(SHA1)?;
    if mask != Some(hash) || salt != hash.digest(&[]).as_ref().len() {
        return Err(Refused::Unsupported("RSA-PSS, salt".to_owned()));
    }
    Ok(hash)
}

/// `SigningCertificateV2`: whether its first digest is that of `certificate`.
pub(super) fn names_certificate(attribute: &[u8], certificate: &[u8]) -> Result<bool, Refused> {
    let missing = || Refused::NotSignature;
    let all = super::ber::inside(attribute)?;
    let ids = super::ber::inside(all.first().ok_or_else(missing)?)?;
    let parts = super::ber::inside(ids.first().ok_or_else(missing)?)?;
    let (hash, digest) = match parts.as_slice() {
        [digest, ..] if digest[0] == 0x04 => (Hash::Sha256, digest),
        [algorithm, digest, ..] => {
            (Hash::of(AlgorithmIdentifierOwned::from_der(algorithm)?.oid)?, digest)
        }
        _ => return Err(missing()),
    };
    let stated = OctetStringRef::from_der(digest)?;
    Ok(hash.digest(&[certificate]).as_ref() == stated.as_bytes())
}
