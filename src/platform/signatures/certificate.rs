//! One certificate: its bytes as signed, its uses, and whose it is.

use super::{Refused, algorithm, ber};
use chrono::{DateTime, Utc};
use der::{Decode, Encode, Tag, Tagged, asn1::ObjectIdentifier};
use x509_cert::{
    Certificate,
    ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage},
    name::Name,
    time::Time,
};

const COMMON_NAME: &str = "2.5.4.3";
const ORGANISATION: &str = "2.5.4.10";
/// Where authorities write whose certificate it is: UID, serialNumber, organizationIdentifier.
const IDENTITIES: [&str; 3] = ["0.9.2342.19200300.100.1.1", "2.5.4.5", "2.5.4.97"];
/// Extensions that are looked at, or change nothing here: constraints, usages, policies, alternative names.
const UNDERSTOOD: [&str; 6] =
    ["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32", "2.5.29.17", "2.5.29.18"];
/// Purposes that include signing papers: any, client, mail, documents (Microsoft, Adobe, RFC 9336).
const PURPOSES: [&str; 6] = [
    "2.5.29.37.0",
    "1.3.6.1.5.5.7.3.2",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.4.1.311.10.3.12",
    "1.2.840.113583.1.1.5",
    "1.3.6.1.5.5.7.3.36",
];

#[derive(Debug, Clone)]
pub(super) struct Cert {
    pub(super) der: Vec<u8>,
    pub(super) x509: Certificate,
    pub(super) subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
}

impl Cert {
    pub(super) fn read(der: &[u8]) -> Result<Self, Refused> {
        let x509 = Certificate::from_der(der)?;
        let tbs = &x509.tbs_certificate;
        let (subject, issuer) = (tbs.subject.to_der()?, tbs.issuer.to_der()?);
        Ok(Self { der: der.to_vec(), x509, subject, issuer })
    }

    /// Whether `issuer` has signed it; over the bytes as they came.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> Result<(), Refused> {
        let parts = ber::inside(&self.der)?;
        let signed = parts.first().ok_or(Refused::NotSignature)?;
        let signature = self.x509.signature.as_bytes().ok_or(Refused::NotSignature)?;
        let key = &issuer.x509.tbs_certificate.subject_public_key_info;
        if self.x509.signature_algorithm != self.x509.tbs_certificate.signature {
            return Err(Refused::Broken);
        }
        algorithm::check(key, &self.x509.signature_algorithm, None, signed, signature).map(drop)
    }

    pub(super) fn from(&self) -> DateTime<Utc> {
        utc(&self.x509.tbs_certificate.validity.not_before)
    }

    pub(super) fn until(&self) -> DateTime<Utc> {
        utc(&self.x509.tbs_certificate.validity.not_after)
    }

    pub(super) fn valid_at(&self, at: DateTime<Utc>) -> Result<(), Refused> {
        if self.from() <= at && at <= self.until() {
            return Ok(());
        }
        Err(Refused::NotValid(self.name(), self.from(), self.until()))
    }

    /// Whether it may issue certificates with `below` other issuers between it and the signer.
    pub(super) fn may_issue(&self, below: usize) -> bool {
        let tbs = &self.x509.tbs_certificate;
        let basic = tbs.get::<BasicConstraints>().ok().flatten();
        let authority = basic.is_some_and(|(_, basic)| {
            basic.ca && basic.path_len_constraint.is_none_or(|most| below <= usize::from(most))
        });
        let usage = match tbs.get::<KeyUsage>() {
            Ok(usage) => usage.is_none_or(|(_, usage)| usage.key_cert_sign()),
            Err(_) => false,
        };
        authority && usage && self.is_understood()
    }

    pub(super) fn may_list(&self) -> bool {
        let usage = self.x509.tbs_certificate.get::<KeyUsage>();
        usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| usage.crl_sign()))
    }

    /// Whether it was issued to sign papers with.
    pub(super) fn may_sign(&self) -> bool {
        let tbs = &self.x509.tbs_certificate;
        let basic = tbs.get::<BasicConstraints>();
        let authority = !basic.is_ok_and(|basic| basic.is_none_or(|(_, basic)| !basic.ca));
        let usage = tbs.get::<KeyUsage>().ok().flatten();
        let usage = usage.is_some_and(|(_, u)| u.digital_signature() || u.non_repudiation());
        let purpose = match tbs.get::<ExtendedKeyUsage>() {
            Ok(None) => true,
            Ok(Some((_, all))) => {
                all.0.iter().any(|oid| PURPOSES.contains(&oid.to_string().as_str()))
            }
            Err(_) => false,
        };
        usage && purpose && !authority && self.is_understood()
    }

    /// No critical extension that is not looked at.
    fn is_understood(&self) -> bool {
        let all = self.x509.tbs_certificate.extensions.iter().flatten();
        all.filter(|extension| extension.critical)
            .all(|extension| UNDERSTOOD.contains(&extension.extn_id.to_string().as_str()))
    }

    /// What people call its owner.
    pub(super) fn name(&self) -> String {
        named(&self.x509.tbs_certificate.subject)
    }

    pub(super) fn issuer_name(&self) -> String {
        named(&self.x509.tbs_certificate.issuer)
    }

    pub(super) fn organisation(&self) -> Option<String> {
        texts(&self.x509.tbs_certificate.subject, ORGANISATION).into_iter().next()
    }

    pub(super) fn serial(&self) -> String {
        hex::encode(self.x509.tbs_certificate.serial_number.as_bytes())
    }

    /// The numbers its owner is known by: tax codes (`MST:`, `VATVN-`) and, of persons, `CCCD:`, which since 2025 is
    /// the tax code of a household business.
    pub(super) fn codes(&self) -> Vec<String> {
        let subject = &self.x509.tbs_certificate.subject;
        IDENTITIES
            .iter()
            .flat_map(|oid| texts(subject, oid))
            .flat_map(|text| codes(&text))
            .collect()
    }
}

/// A time as our own type; what lies outside of all time is the end of it.
pub(super) fn utc(time: &Time) -> DateTime<Utc> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// What people call whoever has this name.
pub(super) fn named(name: &Name) -> String {
    let mut all = texts(name, COMMON_NAME);
    all.extend(texts(name, ORGANISATION));
    all.into_iter().next().unwrap_or_else(|| name.to_string())
}

fn texts(name: &Name, oid: &str) -> Vec<String> {
    let parts = name.0.iter().flat_map(|part| part.0.iter());
    let is = |found: &ObjectIdentifier| found.to_string() == oid;
    parts
        .filter(|part| is(&part.oid))
        .map(|part| text(part.value.tag(), part.value.value()))
        .collect()
}

fn text(tag: Tag, bytes: &[u8]) -> String {
    let text = match tag {
        Tag::BmpString => {
            let pairs = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.chars().filter(|char| !char.is_control()).take(200).collect::<String>().trim().to_owned()
}

/// The digits behind each label that stands for a tax code.
fn codes(text: &str) -> Vec<String> {
    let upper = text.to_uppercase();
    let labels = ["MST:", "VATVN-", "CCCD:"];
    let found = labels.iter().flat_map(|label| upper.match_indices(label));
    let digits = found.map(|(at, label)| {
        let rest = upper[at + label.len()..].trim_start();
        let written = |char: &char| char.is_ascii_digit() || *char == '-';
        rest.chars().take_while(written).filter(char::is_ascii_digit).collect::<String>()
    });
    digits.filter(|digits| matches!(digits.len(), 10 | 12 | 13)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_codes_are_read_as_authorities_write_them() {
        assert_eq!(codes("MST:0101234567"), ["0101234567"]);
        assert_eq!(codes("mst: 0101234567-001"), ["0101234567001"]);
        assert_eq!(codes("VATVN-0101234567"), ["0101234567"]);
        assert_eq!(codes("CCCD:001099012345, MST:0101234567"), ["0101234567", "001099012345"]);
        assert!(codes("0101234567").is_empty() && codes("MST:12").is_empty());
        assert!(codes("CMND:012345678").is_empty());
    }
}
