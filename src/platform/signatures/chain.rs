//! From the signer's certificate up to one that the floor trusts, and the lists of revoked ones.

use super::{
    Refused, Revocation, algorithm, ber,
    certificate::{Cert, named, utc},
};
use chrono::{DateTime, Utc};
use der::{Decode, Encode};
use x509_cert::crl::CertificateList;

/// Issuers between a signer and what is trusted.
const LONGEST: usize = 6;
/// Signatures of certificates that are tried at most: a file with many issuers of one name costs no more.
const MOST_CHECKS: usize = 60;

/// A certificate of an authority that is trusted.
#[derive(Debug, Clone)]
pub struct Anchor {
    pub(super) cert: Cert,
    /// Made for trying things out: it vouches for nobody.
    pub test: bool,
}

impl Anchor {
    /// An authority's certificate out of its DER.
    ///
    /// # Errors
    /// Not a certificate, or not one of an authority.
    pub fn read(der: &[u8], test: bool) -> Result<Self, Refused> {
        let cert = Cert::read(der)?;
        if !cert.may_issue(0) {
            return Err(Refused::Usage(cert.name()));
        }
        Ok(Self { cert, test })
    }

    /// The authority's name, and the time its certificate is valid from and to.
    #[must_use]
    pub fn facts(&self) -> (String, DateTime<Utc>, DateTime<Utc>) {
        (self.cert.name(), self.cert.from(), self.cert.until())
    }
}

/// A list of revoked certificates.
#[derive(Debug, Clone)]
pub struct RevokedList {
    der: Vec<u8>,
    list: CertificateList,
    issuer: Vec<u8>,
}

impl RevokedList {
    /// A list out of its DER. Whether its issuer signed it is checked where it is used.
    ///
    /// # Errors
    /// Not a list.
    pub fn read(der: &[u8]) -> Result<Self, Refused> {
        let list = CertificateList::from_der(der)?;
        let issuer = list.tbs_cert_list.issuer.to_der()?;
        Ok(Self { der: der.to_vec(), list, issuer })
    }

    /// When it was issued.
    #[must_use]
    pub fn issued_at(&self) -> DateTime<Utc> {
        utc(&self.list.tbs_cert_list.this_update)
    }

    /// Its issuer's name as it is written in certificates.
    #[must_use]
    pub fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// Its issuer's name for people.
    #[must_use]
    pub fn issuer_name(&self) -> String {
        named(&self.list.tbs_cert_list.issuer)
    }

    fn is_signed_by(&self, issuer: &Cert) -> bool {
        let Ok(parts) = ber::inside(&self.der) else { return false };
        let (Some(signed), Some(bits)) = (parts.first(), self.list.signature.as_bytes()) else {
            return false;
        };
        let key = &issuer.x509.tbs_certificate.subject_public_key_info;
        issuer.may_list()
            && algorithm::check(key, &self.list.signature_algorithm, None, signed, bits).is_ok()
    }

    fn revoked(&self, cert: &Cert) -> Option<DateTime<Utc>> {
        let serial = &cert.x509.tbs_certificate.serial_number;
        let all = self.list.tbs_cert_list.revoked_certificates.iter().flatten();
        let mut found = all.filter(|revoked| revoked.serial_number == *serial);
        found.next().map(|revoked| utc(&revoked.revocation_date))
    }
}

/// Whom the floor trusts.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub anchors: Vec<Anchor>,
    pub lists: Vec<RevokedList>,
}

/// The end of a path: which authority, and what is known of revocation.
pub(super) struct Path {
    pub(super) anchor: String,
    pub(super) test: bool,
    pub(super) revocation: Revocation,
}

struct Search<'a> {
    trust: &'a Trust,
    others: &'a [Cert],
    /// Each certificate on the path is valid at all of them.
    times: &'a [DateTime<Utc>],
    checks: usize,
    /// The reason nearest to a path.
    near: Option<Refused>,
}

/// The path of `signer` over `others` to an anchor.
pub(super) fn path(
    signer: &Cert,
    others: &[Cert],
    trust: &Trust,
    times: &[DateTime<Utc>],
) -> Result<Path, Refused> {
    for at in times {
        signer.valid_at(*at)?;
    }
    if !signer.may_sign() {
        return Err(Refused::Usage(signer.name()));
    }
    let mut search = Search { trust, others, times, checks: 0, near: None };
    let found = search.up(signer, 0);
    found.ok_or_else(|| search.near.unwrap_or_else(|| Refused::Unknown(signer.issuer_name())))
}

impl Search<'_> {
    fn up(&mut self, cert: &Cert, below: usize) -> Option<Path> {
        for anchor in &self.trust.anchors {
            if let Some(revocation) = self.issued(cert, &anchor.cert, below) {
                let (anchor, test) = (anchor.cert.name(), anchor.test);
                return Some(Path { anchor, test, revocation });
            }
        }
        if below == LONGEST {
            return None;
        }
        for other in self.others {
            if other.der == cert.der || other.subject == other.issuer {
                continue;
            }
            let Some(revocation) = self.issued(cert, other, below) else { continue };
            if let Some(above) = self.up(other, below + 1) {
                // What is said of revocation is said of the signer; a revoked issuer is no path.
                let revocation = if below == 0 { revocation } else { above.revocation };
                return Some(Path { revocation, ..above });
            }
        }
        None
    }

    /// Whether `issuer` issued `cert`, may do so, was valid, and has not revoked it.
    fn issued(&mut self, cert: &Cert, issuer: &Cert, below: usize) -> Option<Revocation> {
        if cert.issuer != issuer.subject || self.checks == MOST_CHECKS {
            return None;
        }
        self.checks += 1;
        match self.judge(cert, issuer, below) {
            Ok(revocation) => Some(revocation),
            Err(reason) => {
                self.near = Some(reason);
                None
            }
        }
    }

    fn judge(&self, cert: &Cert, issuer: &Cert, below: usize) -> Result<Revocation, Refused> {
        cert.is_signed_by(issuer)?;
        if !issuer.may_issue(below) {
            return Err(Refused::Usage(issuer.name()));
        }
        for at in self.times {
            issuer.valid_at(*at)?;
        }
        let lists = self.trust.lists.iter().filter(|list| list.issuer == issuer.subject);
        let newest = lists.filter(|list| list.is_signed_by(issuer)).max_by_key(|l| l.issued_at());
        match newest {
            None => Ok(Revocation::NotAsked),
            Some(list) => match list.revoked(cert) {
                Some(at) => Err(Refused::Revoked(cert.name(), at)),
                None => Ok(Revocation::NotListed(list.issued_at())),
            },
        }
    }
}
