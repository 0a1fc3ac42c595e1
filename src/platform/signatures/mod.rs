//! Digital signatures on documents that the floor has issued: CMS beside a file or around it, PAdES in a PDF.
//!
//! Pure: bytes, whom to trust and what time it is go in; who signed, or why it is no signature, comes out. Nothing is
//! fetched: what is not in the file or the trust store is not known, and [`Revocation::NotAsked`] says so.
//!
//! - The bytes: the digest among the signed attributes is that of the document; the signature is over these attributes.
//! - The PDF: its first revision is the document, byte for byte; each signature covers all up to the end of its
//!   revision but its own hex; the pages are still those of the document.
//! - The signer: a certificate for signing papers, valid now and when it says that it signed, up to an [`Anchor`].
//! - The algorithms: RSA from 2048 bits (PKCS #1 v1.5, PSS), ECDSA on P-256 and P-384, SHA-256, SHA-384, SHA-512.

mod algorithm;
mod ber;
mod certificate;
mod chain;
mod cms;
mod pages;
mod pdf;
mod refused;

pub use chain::{Anchor, RevokedList, Trust};
pub use refused::Refused;

use chrono::{DateTime, Utc};
use der::Decode;

/// Larger than any detached signature with its certificates.
const LARGEST_DETACHED: usize = 512 * 1024;

/// What is known of a certificate's revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// No list of this authority has been loaded.
    NotAsked,
    /// Not on the authority's list of that time.
    NotListed(DateTime<Utc>),
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Whom the certificate names.
    pub name: String,
    pub organisation: Option<String>,
    /// Tax codes, and the citizen number of a person, that the certificate names; digits alone.
    pub codes: Vec<String>,
    /// The authority that issued it, and the one that is trusted.
    pub issuer: String,
    pub anchor: String,
    /// Trusted for trying things out only.
    pub test: bool,
    /// Of the certificate, in hex.
    pub serial: String,
    pub valid_from: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
    /// As the signer's computer says.
    pub signed_at: Option<DateTime<Utc>>,
    pub algorithm: String,
    pub revocation: Revocation,
    /// There is a time stamp, which is not looked at.
    pub time_stamp: bool,
    /// SHA-256 of the signature's value: the same signature is the same mark.
    pub mark: Vec<u8>,
}

impl Signed {
    /// Whether it was made for the firm with this tax code; branches (`…-001`) are others.
    #[must_use]
    pub fn is_of(&self, tax_code: &str) -> bool {
        let digits: String = tax_code.chars().filter(char::is_ascii_digit).collect();
        !digits.is_empty() && self.codes.contains(&digits)
    }
}

/// The signatures of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub signatures: Vec<Signed>,
    /// Something was added to the PDF after the last signature, which nobody signed.
    pub added_after: bool,
}

/// Checks what was uploaded as a signature of `document`: PDF, CMS as DER or PEM.
///
/// # Errors
/// Why it is not one; one signature that does not hold refuses the file.
pub fn verify(
    file: &[u8],
    document: &[u8],
    trust: &Trust,
    now: DateTime<Utc>,
) -> Result<Verified, Refused> {
    if file.starts_with(b"%PDF-") {
        return pdf::check(file, document, trust, now);
    }
    if file.len() > LARGEST_DETACHED + document.len() {
        return Err(Refused::NotSignature);
    }
    let when = cms::When { now, said: None };
    let der = match file.trim_ascii_start().starts_with(b"-----BEGIN ") {
        true => pem(file)?,
        false => file.to_vec(),
    };
    let signatures = cms::check(&der, &[document], trust, when)?;
    Ok(Verified { signatures, added_after: false })
}

fn pem(file: &[u8]) -> Result<Vec<u8>, Refused> {
    let (label, der) =
        der::pem::decode_vec(file.trim_ascii()).map_err(|_| Refused::NotSignature)?;
    if ["CMS", "PKCS7"].contains(&label) { Ok(der) } else { Err(Refused::NotSignature) }
}

/// Certificates and lists of a file, each as DER.
type Store = (Vec<Vec<u8>>, Vec<Vec<u8>>);

/// All certificates and lists of revoked ones of a PEM or DER file, for the trust store.
///
/// # Errors
/// Not a file of certificates or lists.
pub fn read_store(file: &[u8]) -> Result<Store, Refused> {
    let (mut certificates, mut lists) = (Vec::new(), Vec::new());
    if file.first() == Some(&0x30) {
        match x509_cert::crl::CertificateList::from_der(file) {
            Ok(_) => lists.push(file.to_vec()),
            Err(_) => certificates.push(file.to_vec()),
        }
        return Ok((certificates, lists));
    }
    let text = std::str::from_utf8(file).map_err(|_| Refused::NotSignature)?;
    for block in text.split("-----BEGIN ").skip(1) {
        let label = block.split("-----").next().unwrap_or_default();
        let end = format!("-----END {label}-----");
        let body = block.find(&end).and_then(|at| block.get(..at)).ok_or(Refused::NotSignature)?;
        let whole = format!("-----BEGIN {body}{end}\n");
        let read = der::pem::decode_vec(whole.as_bytes()).map_err(|_| Refused::NotSignature)?;
        match read {
            ("CERTIFICATE", der) => certificates.push(der),
            ("X509 CRL", der) => lists.push(der),
            (other, _) => return Err(Refused::Unsupported(other.to_owned())),
        }
    }
    match certificates.is_empty() && lists.is_empty() {
        true => Err(Refused::NotSignature),
        false => Ok((certificates, lists)),
    }
}

#[cfg(test)]
mod tests;
