//! Issues an order's contract: number and content are kept once.

use super::{
    agreement::{Agreed, Contract},
    error::DocumentError,
    queries::{self, Row},
};
use crate::{
    config::Site,
    enterprises,
    kernel::{Cx, day_of},
    orders::Order,
};
use chrono::Datelike;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// Rises when papers are set differently: files of another layout have digests of their own.
pub(super) const LAYOUT: i32 = 3;

/// A contract with its number.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) edition: i32,
    pub(super) issued_at: chrono::DateTime<chrono::Utc>,
    /// Hexadecimal, of what was agreed.
    pub(super) digest: String,
    pub(super) contract: Contract,
}

impl Issued {
    fn read(row: Row) -> Result<Self, DocumentError> {
        Ok(Self {
            id: row.id,
            number: row.number,
            edition: row.edition,
            issued_at: row.issued_at,
            digest: hex::encode(row.content_sha256),
            contract: serde_json::from_str(&row.content)?,
        })
    }
}

/// The contract of an order as it stands: issued before, or now. An order that has been changed since gets a
/// further edition; the earlier ones stay.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn issue(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    site: &Site,
) -> Result<Issued, DocumentError> {
    let agreed = Agreed::of(order);
    let digest = agreed.digest()?;
    let same = |row: &Row| row.content_sha256 == digest || agreed.is_in(&row.content);
    if let Some(row) = queries::latest(db, order.head.id).await?.filter(same) {
        return Issued::read(row);
    }
    // Two who ask at once: one issues, the other reads what he issued.
    queries::queue_for(db, order.head.id).await?;
    let before = queries::latest(db, order.head.id).await?;
    if let Some(row) = before.as_ref().filter(|row| same(row)) {
        return Issued::read(row.clone());
    }
    let facts = enterprises::facts(db, &[order.head.seller]).await?.remove(&order.head.seller);
    let contract = Contract::of(agreed, facts.as_ref(), site);
    let edition = before.as_ref().map_or(1, |row| row.edition + 1);
    let number = match before {
        // The first edition's number with the edition behind it.
        Some(row) => {
            let stem = row.number.split('-').next().unwrap_or_default().to_owned();
            format!("{stem}-{edition}")
        }
        None => {
            let year = day_of(cx.now).year();
            format!("{:06}/{year}/HĐMB", queries::next_number(db, year).await?)
        }
    };
    let row = Row {
        id: cx.new_id(),
        edition,
        number,
        content: serde_json::to_string(&contract)?,
        content_sha256: digest,
        issued_at: cx.now,
    };
    queries::insert(db, order.head.id, &row).await?;
    Issued::read(row)
}

/// Compares a file with the first one of its kind, which it may be itself.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn prove(
    db: &mut PgConnection,
    cx: &Cx,
    issued: &Issued,
    lang: &str,
    file: &[u8],
) -> sqlx::Result<bool> {
    let digest = Sha256::digest(file).to_vec();
    let bytes = i32::try_from(file.len()).unwrap_or(i32::MAX);
    let first = queries::first_print(db, issued.id, lang, LAYOUT, (&digest, bytes), cx.now).await?;
    Ok(first == digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{documents::contract_paper, kernel::Lang};

    /// A contract as the floor has kept it.
    const KEPT: &str = r#"{"agreed":{"order":"K7M2P9","group":"L1N4Q8","placed_at":"2026-11-22T02:00:00Z",
        "seller":{"name":"Công ty Khe Sanh","tax_code":"0101197803","person":"","address":"12 Lê Duẩn",
                  "phone":"0912 345 678","email":"a@example.vn"},
        "buyer":{"name":"Trần Thị Hương","tax_code":null,"person":"","address":"","phone":"0987 654 321","email":""},
        "goods":[{"name":"Cà phê","label":"500 g","sku":"CF","unit":"gói","quantity":2,"unit_price":108000,
                  "tax_rate":800,"total":216000,"tax":16000}],
        "goods_total":216000,"delivery_fee":20000,"tax_total":16000,"total":236000,
        "delivery":"own","delivery_to":"3 Trần Hưng Đạo","delivery_days":"2–4",
        "note":"Gọi trước","payment":"vietqr",
        "account":{"bank":"Vietcombank","number":"0011004123456","holder":"CONG TY","memo":"K7M2P9"}},
        "registration":{"vi":"số 01","en":"no. 01"},
        "floor":{"name":"Sàn Quảng Trị","address":"https://example.vn","operator":"Trung tâm",
                 "operator_address":"Đông Hà","operator_email":"b@example.vn"}}"#;

    /// Layout and digest. When the digest differs, papers are set differently: raise `LAYOUT`, pin both anew.
    const PINNED: &str = "tests/fixtures/contract_layout.txt";

    #[test]
    fn a_layout_sets_a_kept_contract_in_the_same_bytes() {
        let issued = Issued {
            id: Uuid::nil(),
            number: "000001/2026/HĐMB".into(),
            edition: 1,
            issued_at: "2026-11-22T02:00:00Z".parse().unwrap(),
            digest: "0".repeat(64),
            contract: serde_json::from_str(KEPT).unwrap(),
        };
        let file = contract_paper::paper(&issued, Lang::Vi).print().unwrap();
        let pinned = std::fs::read_to_string(PINNED).unwrap();
        assert_eq!(format!("{LAYOUT} {}", hex::encode(Sha256::digest(&file))), pinned.trim());
    }

    #[test]
    fn a_contract_that_holds_labels_is_still_the_same_contract() {
        let kept: Contract = serde_json::from_str(KEPT).unwrap();
        let before = KEPT
            .replace("\"own\"", r#"{"vi":"Nhãn của ngày ấy","en":"A label of its day"}"#)
            .replace("\"vietqr\"", r#"{"vi":"Chuyển khoản","en":"Transfer"}"#);
        assert_ne!(before, KEPT);
        assert!(kept.agreed.is_in(KEPT) && kept.agreed.is_in(&before));
        assert!(!kept.agreed.is_in(&before.replace("236000", "235000")));
        assert!(!kept.agreed.is_in(&KEPT.replace("\"own\"", "\"pickup\"")));
        let then: Contract = serde_json::from_str(&before).unwrap();
        assert_eq!(then.agreed.delivery(Lang::En), "A label of its day");
        assert_eq!(then.agreed.payment(Lang::Vi), "Chuyển khoản");
        // What is kept now tells no label: another wording is not another agreement.
        assert!(serde_json::to_string(&kept).unwrap().contains(r#""delivery":"own""#));
    }
}
