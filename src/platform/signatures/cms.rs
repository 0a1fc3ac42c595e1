//! CMS `SignedData` (RFC 5652) over bytes that are at hand.

use super::{
    Refused, Signed, Trust,
    algorithm::{self, Hash},
    ber,
    certificate::{Cert, utc},
    chain,
};
use chrono::{DateTime, TimeDelta, Utc};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use x509_cert::{ext::pkix::SubjectKeyIdentifier, spki::AlgorithmIdentifierOwned, time::Time};

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const DATA: &str = "1.2.840.113549.1.7.1";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.47";
const TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.14";
/// Signers and certificates of one file.
const MOST: usize = 16;
/// How far the signer's clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(15);

/// When a signature is looked at, and when its file says that it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) now: DateTime<Utc>,
    pub(super) said: Option<DateTime<Utc>>,
}

/// Checks every signer of `bytes`, whose content is all `parts` one after another.
pub(super) fn check(
    bytes: &[u8],
    parts: &[&[u8]],
    trust: &Trust,
    when: When,
) -> Result<Vec<Signed>, Refused> {
    let (plain, took) = ber::normal(bytes)?;
    if bytes[took..].iter().any(|rest| *rest != 0) {
        return Err(Refused::NotSignature);
    }
    let envelope = Envelope::read(&plain)?;
    envelope.holds(parts)?;
    envelope.signers.iter().map(|signer| one(&envelope, signer, parts, trust, when)).collect()
}

struct Envelope {
    content: Option<Vec<u8>>,
    certificates: Vec<Cert>,
    signers: Vec<(SignerInfo, Vec<u8>)>,
}

impl Envelope {
    fn read(der: &[u8]) -> Result<Self, Refused> {
        let outer = ber::inside(der)?;
        let [kind, wrapped] = outer.as_slice() else { return Err(Refused::NotSignature) };
        if ObjectIdentifier::from_der(kind)?.to_string() != SIGNED_DATA {
            return Err(Refused::NotSignature);
        }
        let wrapped = ber::inside(wrapped)?;
        let [data] = wrapped.as_slice() else { return Err(Refused::NotSignature) };
        let parts = ber::inside(data)?;
        let [_version, _digests, content, rest @ ..] = parts.as_slice() else {
            return Err(Refused::NotSignature);
        };
        let content = EncapsulatedContentInfo::from_der(content)?;
        if content.econtent_type.to_string() != DATA {
            return Err(Refused::Unsupported(format!("content {}", content.econtent_type)));
        }
        let content = match content.econtent {
            Some(any) => Some(any.decode_as::<OctetStringRef<'_>>()?.as_bytes().to_vec()),
            None => None,
        };
        let (mut certificates, mut signers) = (Vec::new(), Vec::new());
        for part in rest {
            match part[0] {
                0xa0 => certificates = ber::inside(part)?,
                0x31 => signers = ber::inside(part)?,
                _ => {}
            }
        }
        if signers.is_empty() || signers.len() > MOST || certificates.len() > MOST {
            return Err(Refused::NotSignature);
        }
        let certificates = certificates.iter().filter_map(|der| Cert::read(der).ok()).collect();
        let read = |der: &&[u8]| Ok((SignerInfo::from_der(der)?, attributes(der)?));
        let signers = signers.iter().map(read).collect::<Result<_, Refused>>()?;
        Ok(Self { content, certificates, signers })
    }

    /// What is inside, if anything, is what was to be signed.
    fn holds(&self, parts: &[&[u8]]) -> Result<(), Refused> {
        match &self.content {
            Some(content) if *content != parts.concat() => Err(Refused::OtherBytes),
            _ => Ok(()),
        }
    }

    fn certificate(&self, of: &SignerIdentifier) -> Option<&Cert> {
        self.certificates.iter().find(|cert| {
            let tbs = &cert.x509.tbs_certificate;
            match of {
                SignerIdentifier::IssuerAndSerialNumber(id) => {
                    id.issuer == tbs.issuer && id.serial_number == tbs.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(id) => {
                    let own = tbs.get::<SubjectKeyIdentifier>().ok().flatten();
                    own.is_some_and(|(_, own)| own == *id)
                }
            }
        })
    }
}

/// The signed attributes as they are signed: the bytes of the file with the tag of a SET.
fn attributes(signer: &[u8]) -> Result<Vec<u8>, Refused> {
    let parts = ber::inside(signer)?;
    // Behind version, signer and digest.
    let found = parts.get(3).filter(|part| part[0] == 0xa0);
    let mut set =
        found.ok_or_else(|| Refused::Unsupported("no signed attributes".into()))?.to_vec();
    set[0] = 0x31;
    Ok(set)
}

/// The only value of a signed attribute that stands once; `None` if there is no such attribute.
fn value(signer: &SignerInfo, oid: &str) -> Result<Option<Vec<u8>>, Refused> {
    let all = signer.signed_attrs.iter().flat_map(|set| set.iter());
    let found: Vec<_> = all.filter(|attribute| attribute.oid.to_string() == oid).collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] if one.values.len() == 1 => Ok(one.values.get(0).map(Encode::to_der).transpose()?),
        _ => Err(Refused::NotSignature),
    }
}

fn one(
    envelope: &Envelope,
    (signer, attributes): &(SignerInfo, Vec<u8>),
    parts: &[&[u8]],
    trust: &Trust,
    when: When,
) -> Result<Signed, Refused> {
    let hash = Hash::of(signer.digest_alg.oid)?;
    let kind = value(signer, CONTENT_TYPE)?.ok_or(Refused::NotSignature)?;
    if ObjectIdentifier::from_der(&kind)?.to_string() != DATA {
        return Err(Refused::NotSignature);
    }
    let digest = value(signer, MESSAGE_DIGEST)?.ok_or(Refused::NotSignature)?;
    if OctetStringRef::from_der(&digest)?.as_bytes() != hash.digest(parts).as_ref() {
        return Err(Refused::OtherBytes);
    }
    let cert = envelope.certificate(&signer.sid).ok_or(Refused::NoCertificate)?;
    let key = &cert.x509.tbs_certificate.subject_public_key_info;
    let algorithm: &AlgorithmIdentifierOwned = &signer.signature_algorithm;
    let signature = signer.signature.as_bytes();
    let algorithm = algorithm::check(key, algorithm, Some(hash), attributes, signature)?;
    if let Some(named) = value(signer, SIGNING_CERTIFICATE)?
        && !algorithm::names_certificate(&named, &cert.der)?
    {
        return Err(Refused::Broken);
    }
    let signed_at = match value(signer, SIGNING_TIME)? {
        Some(time) => Some(utc(&Time::from_der(&time)?)),
        None => when.said,
    };
    if let Some(at) = signed_at.filter(|at| *at > when.now + AHEAD) {
        return Err(Refused::Future(at));
    }
    let times: Vec<_> = [Some(when.now), signed_at].into_iter().flatten().collect();
    let path = chain::path(cert, &envelope.certificates, trust, &times)?;
    let unsigned = signer.unsigned_attrs.iter().flat_map(|set| set.iter());
    Ok(Signed {
        name: cert.name(),
        organisation: cert.organisation(),
        codes: cert.codes(),
        issuer: cert.issuer_name(),
        serial: cert.serial(),
        valid_from: cert.from(),
        valid_until: cert.until(),
        signed_at,
        algorithm,
        anchor: path.anchor,
        test: path.test,
        revocation: path.revocation,
        time_stamp: unsigned.into_iter().any(|a| a.oid.to_string() == TIME_STAMP),
        mark: Hash::Sha256.digest(&[signature]).as_ref().to_vec(),
    })
}
