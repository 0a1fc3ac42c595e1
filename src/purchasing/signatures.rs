//! Digital signatures on a contract: whose they are, and what is told of them. Pure.

use super::{machine::Side, read::Po};
use crate::{
    kernel::{Lang, Text, date, date_time, day_of},
    platform::signatures::{Revocation, Signed, Verified},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A signature that held when it was handed in.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) id: Uuid,
    pub(super) side: String,
    pub(super) name: String,
    pub(super) tax_code: String,
    pub(super) issuer: String,
    pub(super) anchor: String,
    pub(super) serial: String,
    pub(super) algorithm: String,
    pub(super) test: bool,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_until: DateTime<Utc>,
    pub(super) listed_at: Option<DateTime<Utc>>,
    pub(super) time_stamp: bool,
    pub(super) added_after: bool,
    pub(super) file_key: String,
    pub(super) file_name: String,
    pub(super) file_sha256: Vec<u8>,
    pub(super) uploaded_at: DateTime<Utc>,
}

impl Signature {
    /// The side and its tax code.
    #[must_use]
    pub(super) fn signed_for(&self, lang: Lang) -> String {
        let side = match self.side == Side::Buyer.code() {
            true => lang.t("bên mua", "the buyer"),
            false => lang.t("bên bán", "the seller"),
        };
        format!("{side} – {} {}", lang.t("mã số thuế", "tax code"), self.tax_code)
    }

    #[must_use]
    pub(super) fn signed_text(&self, lang: Lang) -> String {
        match self.signed_at {
            Some(at) => format!(
                "{} ({})",
                date_time(at),
                lang.t("theo máy của người ký", "by the signer's computer")
            ),
            None => lang.t("không ghi", "not stated").to_owned(),
        }
    }

    #[must_use]
    pub(super) fn uploaded_text(&self) -> String {
        date_time(self.uploaded_at)
    }

    #[must_use]
    pub(super) fn certificate_text(&self, lang: Lang) -> String {
        let (from, until) = (date(day_of(self.valid_from)), date(day_of(self.valid_until)));
        match lang {
            Lang::Vi => format!("số {}, hiệu lực {from} – {until}", self.serial),
            Lang::En => format!("no. {}, valid {from} – {until}", self.serial),
        }
    }

    /// The authority, and whom the floor trusts above it.
    #[must_use]
    pub(super) fn authority(&self) -> String {
        match self.anchor == self.issuer {
            true => self.issuer.clone(),
            false => format!("{} ← {}", self.issuer, self.anchor),
        }
    }

    /// What was not looked at, in plain words.
    #[must_use]
    pub(super) fn unchecked(&self, lang: Lang) -> Vec<String> {
        let mut all = vec![match self.listed_at {
            None => lang
                .t(
                    "Chưa hỏi chứng thư có bị thu hồi không (CRL, OCSP): sàn không có danh sách thu hồi của tổ chức này.",
                    "Whether the certificate was revoked (CRL, OCSP) was not asked: the floor has no list of this authority.",
                )
                .to_owned(),
            Some(at) => format!(
                "{} {}. {}",
                lang.t("Không có trong danh sách thu hồi ngày", "Not on the list of revoked certificates of"),
                date(day_of(at)),
                lang.t("Không hỏi OCSP.", "OCSP was not asked.")
            ),
        }];
        if self.time_stamp {
            all.push(
                lang.t(
                    "Chữ ký có dấu thời gian; sàn không kiểm tra dấu này.",
                    "There is a time stamp, which the floor does not check.",
                )
                .to_owned(),
            );
        }
        if self.added_after {
            all.push(
                lang.t(
                    "Tệp có phần được thêm sau chữ ký cuối cùng; phần đó không được ai ký, các trang không đổi.",
                    "Something was added to the file after its last signature and is signed by nobody; the pages are the same.",
                )
                .to_owned(),
            );
        }
        all
    }
}

/// A signature with the side whose it is.
pub(super) struct Sided {
    pub(super) side: Side,
    pub(super) tax_code: String,
    pub(super) signed: Signed,
}

/// When the list that was asked is of.
pub(super) fn listed_at(signed: &Signed) -> Option<DateTime<Utc>> {
    match signed.revocation {
        Revocation::NotAsked => None,
        Revocation::NotListed(at) => Some(at),
    }
}

/// Whose each signature is, by its tax code. A file with one of anybody else is refused as a whole: the reason.
pub(super) fn sided(po: &Po, verified: Verified) -> Result<Vec<Sided>, Text> {
    let whose = |signed: Signed| {
        let seller = po.seller_tax_code.as_deref().unwrap_or_default();
        let sides = [(Side::Buyer, po.buyer_tax_code.as_str()), (Side::Seller, seller)];
        match sides.into_iter().find(|(_, code)| signed.is_of(code)) {
            Some((side, code)) => Ok(Sided { side, tax_code: code.to_owned(), signed }),
            None => Err(stranger(po, &signed)),
        }
    };
    verified.signatures.into_iter().map(whose).collect()
}

fn stranger(po: &Po, signed: &Signed) -> Text {
    let (buyer, seller) = (&po.buyer_tax_code, po.seller_tax_code.as_deref().unwrap_or("–"));
    // Numbers of persons are not repeated.
    let codes: Vec<&str> =
        signed.codes.iter().filter(|code| code.len() != 12).map(String::as_str).collect();
    let code = if codes.is_empty() { "–".to_owned() } else { codes.join(", ") };
    let name = &signed.name;
    Text::new(
        format!(
            "Chữ ký là của “{name}” (mã số thuế {code}), không phải của bên mua ({buyer}) hay bên bán ({seller})."
        ),
        format!(
            "This is the signature of “{name}” (tax code {code}), not that of the buyer ({buyer}) or the seller ({seller})."
        ),
    )
}
