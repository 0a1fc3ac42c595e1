//! Why a signature is not accepted, in plain words.

use crate::kernel::Text;
use chrono::{DateTime, FixedOffset, Utc};

/// Why a file is not accepted as a signature of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no CMS at all, is cut off, or is broken.
    #[error("not a CMS signature")]
    NotSignature,
    /// A PDF, but not one whose first revision is the document.
    #[error("does not begin with the issued document")]
    OtherPdf,
    /// The signed PDF shows other pages than the document.
    #[error("shows other pages: {0}")]
    OtherPages(&'static str),
    /// A PDF without a signature.
    #[error("no signature in the PDF")]
    NoSignature,
    /// The signature of the PDF leaves something out.
    #[error("the signed range has a hole")]
    Range,
    /// A kind of signature that is not known.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// SHA-1, MD5, short keys.
    #[error("weak: {0}")]
    Weak(&'static str),
    /// The digest in the signature is that of other bytes.
    #[error("signs other bytes")]
    OtherBytes,
    /// The signature was not made with the key of its certificate, or was changed.
    #[error("the signature does not verify")]
    Broken,
    /// The signer's certificate is not in the file.
    #[error("no certificate of the signer")]
    NoCertificate,
    /// A certificate for other purposes.
    #[error("{0}'s certificate is not for signing")]
    Usage(String),
    /// No path to the trust store; the issuer's name.
    #[error("issuer {0} is not trusted")]
    Unknown(String),
    /// A certificate on the path is not valid at that time.
    #[error("the certificate of {0} is valid from {1} to {2}")]
    NotValid(String, DateTime<Utc>, DateTime<Utc>),
    /// Listed as revoked.
    #[error("the certificate of {0} was revoked at {1}")]
    Revoked(String, DateTime<Utc>),
    /// The signer's clock is ahead of ours.
    #[error("signed in the future: {0}")]
    Future(DateTime<Utc>),
}

impl From<der::Error> for Refused {
    fn from(_: der::Error) -> Self {
        Self::NotSignature
    }
}

fn day(at: DateTime<Utc>) -> String {
    let vietnam = FixedOffset::east_opt(7 * 3600).map(|zone| at.with_timezone(&zone).date_naive());
    vietnam.unwrap_or(at.date_naive()).format("%d/%m/%Y").to_string()
}

impl Refused {
    /// The reason for people.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::NotSignature => Text::new(
                "Tệp không phải chữ ký số (CMS/PKCS#7) hoặc đã bị hỏng, bị cắt cụt.",
                "This file is no digital signature (CMS/PKCS#7), or it is damaged or cut off.",
            ),
            Self::OtherPdf => Text::new(
                "PDF này không được ký trên đúng tệp hợp đồng do sàn phát hành. Hãy tải hợp đồng về, ký ngay trên tệp đó, không in lại hay lưu lại bằng phần mềm khác.",
                "This PDF was not signed on the very file that the floor issued. Download the contract and sign that file, without printing or saving it anew.",
            ),
            Self::OtherPages(what) => Text::new(
                format!(
                    "PDF đã ký hiển thị khác với hợp đồng đã phát hành ({what}), nên không được nhận."
                ),
                format!(
                    "The signed PDF shows something else than the issued contract ({what}), so it is not accepted."
                ),
            ),
            Self::NoSignature => Text::new(
                "PDF này chưa có chữ ký số nào.",
                "There is no digital signature in this PDF.",
            ),
            Self::Range => Text::new(
                "Chữ ký trong PDF bỏ sót một phần của tệp, nên không bảo đảm được nội dung.",
                "A signature in this PDF leaves out a part of the file and so does not vouch for its content.",
            ),
            Self::Unsupported(what) => Text::new(
                format!("Loại chữ ký này chưa được hỗ trợ: {what}."),
                format!("This kind of signature is not supported: {what}."),
            ),
            Self::Weak(what) => Text::new(
                format!(
                    "Chữ ký dùng thuật toán không còn an toàn ({what}). Hãy ký lại bằng SHA-256 trở lên."
                ),
                format!(
                    "The signature uses an algorithm that is no longer safe ({what}). Sign again with SHA-256 or better."
                ),
            ),
            Self::OtherBytes => Text::new(
                "Chữ ký này là của một tệp khác, hoặc nội dung đã bị sửa sau khi ký.",
                "This signature belongs to another file, or the content was changed after it was signed.",
            ),
            Self::Broken => Text::new(
                "Chữ ký không khớp với khóa của chứng thư số: đã bị sửa hoặc bị hỏng.",
                "The signature does not fit the key of its certificate: it was changed or damaged.",
            ),
            Self::NoCertificate => Text::new(
                "Trong tệp không có chứng thư số của người ký. Hãy ký lại và chọn kèm chứng thư số.",
                "The signer's certificate is not in the file. Sign again and include it.",
            ),
            _ => self.told_of_certificates(),
        }
    }

    fn told_of_certificates(&self) -> Text {
        match self {
            Self::Usage(name) => Text::new(
                format!("Chứng thư số của {name} không được cấp để ký văn bản."),
                format!("The certificate of {name} was not issued for signing documents."),
            ),
            Self::Unknown(issuer) => Text::new(
                format!(
                    "Chứng thư số do “{issuer}” cấp, không thuộc danh sách tổ chức chứng thực mà sàn tin cậy."
                ),
                format!(
                    "The certificate was issued by “{issuer}”, which is not among the authorities that the floor trusts."
                ),
            ),
            Self::NotValid(name, from, until) => Text::new(
                format!(
                    "Chứng thư số của {name} chỉ có hiệu lực từ {} đến {}.",
                    day(*from),
                    day(*until)
                ),
                format!(
                    "The certificate of {name} is valid only from {} to {}.",
                    day(*from),
                    day(*until)
                ),
            ),
            Self::Revoked(name, at) => Text::new(
                format!("Chứng thư số của {name} đã bị thu hồi ngày {}.", day(*at)),
                format!("The certificate of {name} was revoked on {}.", day(*at)),
            ),
            Self::Future(at) => Text::new(
                format!(
                    "Thời điểm ký ghi trong chữ ký ({}) ở tương lai. Hãy chỉnh lại đồng hồ máy tính rồi ký lại.",
                    day(*at)
                ),
                format!(
                    "The time of signing ({}) lies in the future. Set the computer's clock right and sign again.",
                    day(*at)
                ),
            ),
            other => Text::new(other.to_string(), other.to_string()),
        }
    }
}
