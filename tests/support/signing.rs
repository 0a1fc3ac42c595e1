//! Firms that sign: a certification authority of our own, certificates, CMS and PAdES made at run time.

use chrono::{DateTime, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SigningKey, date_time_ymd,
};
use ring::digest::{SHA256, digest};
use x509_cert::der::{Decode, Encode};

/// An authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

/// Somebody with a certificate and its key.
pub struct Signer {
    key: KeyPair,
    certificate: Vec<u8>,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "VN");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A firm's certificate, as Vietnamese authorities write the tax code into it.
    pub fn firm(&self, name: &str, tax_code: &str) -> Signer {
        self.until(name, tax_code, 2040)
    }

    /// One that ends with the beginning of `year`.
    pub fn until(&self, name: &str, tax_code: &str, year: i32) -> Signer {
        let mut params = params(name);
        let uid = DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 1]);
        params.distinguished_name.push(uid, format!("MST:{tax_code}"));
        params.key_usages =
            vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Signer { key, certificate }
    }
}

/// One element of DER.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut all = vec![tag];
    match body.len() {
        short @ 0..128 => all.push(u8::try_from(short).unwrap()),
        long @ 128..256 => all.extend([0x81, u8::try_from(long).unwrap()]),
        long => {
            all.push(0x82);
            all.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    all.extend(body);
    all
}

fn oid(dotted: &str) -> Vec<u8> {
    x509_cert::der::asn1::ObjectIdentifier::new_unwrap(dotted).to_der().unwrap()
}

const DATA: &str = "1.2.840.113549.1.7.1";

impl Signer {
    /// A detached CMS signature over `parts`.
    pub fn signs(&self, parts: &[&[u8]], at: DateTime<Utc>) -> Vec<u8> {
        let certificate = x509_cert::Certificate::from_der(&self.certificate).unwrap();
        let tbs = &certificate.tbs_certificate;
        let sha256 = tlv(0x30, &[&oid("2.16.840.1.101.3.4.2.1")]);
        let ecdsa = tlv(0x30, &[&oid("1.2.840.10045.4.3.2")]);
        let message = digest(&SHA256, &parts.concat());
        let attribute =
            |name: &str, value: Vec<u8>| tlv(0x30, &[&oid(name), &tlv(0x31, &[&value])]);
        let time = at.format("%y%m%d%H%M%SZ").to_string();
        let mut attributes = [
            attribute("1.2.840.113549.1.9.3", oid(DATA)),
            attribute("1.2.840.113549.1.9.5", tlv(0x17, &[time.as_bytes()])),
            attribute("1.2.840.113549.1.9.4", tlv(0x04, &[message.as_ref()])),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signature = self.key.sign(&tlv(0x31, &[&attributes])).unwrap();
        let (issuer, serial) = (tbs.issuer.to_der().unwrap(), tbs.serial_number.to_der().unwrap());
        let signer = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &tlv(0x30, &[&issuer, &serial]),
                &sha256,
                &tlv(0xa0, &[&attributes]),
                &ecdsa,
                &tlv(0x04, &[&signature]),
            ],
        );
        let data = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &tlv(0x31, &[&sha256]),
                &tlv(0x30, &[&oid(DATA)]),
                &tlv(0xa0, &[&self.certificate]),
                &tlv(0x31, &[&signer]),
            ],
        );
        tlv(0x30, &[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&data])])
    }

    /// `pdf` with a revision added that holds the signature.
    pub fn signs_pdf(&self, pdf: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        const HEX: usize = 8_000;
        let text = String::from_utf8_lossy(pdf).into_owned();
        let last = |key: &str| {
            let from = text.rfind(key).unwrap() + key.len();
            text[from..]
                .trim_start()
                .split(['/', '>', '\n', '\r'])
                .next()
                .unwrap()
                .trim()
                .to_owned()
        };
        let (size, root, before) = (last("/Size"), last("/Root"), last("startxref"));
        let mut file = [pdf, b"\n"].concat();
        let object = file.len();
        let dictionary = format!(
            "{size} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange {:<40}/Contents",
            "?"
        );
        file.extend(dictionary.as_bytes());
        let gap = file.len();
        file.extend(format!("<{:0<HEX$}>", "").as_bytes());
        let after = file.len();
        file.extend(b">>\nendobj\n");
        let table = file.len();
        let next = size.parse::<u32>().unwrap() + 1;
        let end = format!(
            "xref\n{size} 1\n{object:010} 00000 n \ntrailer\n<</Size {next}/Root {root}/Prev {before}>>\nstartxref\n{table}\n%%EOF\n"
        );
        file.extend(end.as_bytes());
        let range = format!("{:<40}", format!("[0 {gap} {after} {}]", file.len() - after));
        let place = object + dictionary.find('?').unwrap();
        file[place..place + 40].copy_from_slice(range.as_bytes());
        let cms = self.signs(&[&file[..gap], &file[after..]], at);
        let hex = hex::encode(cms);
        file[gap + 1..gap + 1 + hex.len()].copy_from_slice(hex.as_bytes());
        file
    }
}
