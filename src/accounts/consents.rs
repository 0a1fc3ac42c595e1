//! What people agreed to: purpose by purpose, with the text they saw, when, and until when.
//!
//! Law 91/2025/QH15: consent is not given by default, can be proved, can be withdrawn.

use super::{AccountError, queries_own as queries};
use crate::kernel::{Cx, Lang, PersonId, Text};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// The version of the policies that the texts refer to.
pub const POLICY_VERSION: &str = "2026-11-01";

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Terms of use and rules of operation.
    Terms,
    /// Keeping and using the data that an account or an order needs.
    Privacy,
    /// Giving name, phone and address to the seller and the carrier of an order.
    Delivery,
    /// News and offers by mail.
    Marketing,
}

impl Purpose {
    /// All that can be asked at sign-up, in the order shown.
    pub(super) const AT_SIGN_UP: [Self; 3] = [Self::Terms, Self::Privacy, Self::Marketing];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::Delivery => "delivery",
            Self::Marketing => "marketing",
        }
    }

    pub(super) fn of(stored: &str) -> Option<Self> {
        let all = [Self::Terms, Self::Privacy, Self::Delivery, Self::Marketing];
        all.into_iter().find(|p| p.as_str() == stored)
    }

    /// Without it there is no account.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, Self::Terms | Self::Privacy)
    }

    /// The sentence beside the box, in the words that are proved later.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Terms => Text::new(
                "Tôi đã đọc và đồng ý với điều khoản sử dụng và quy chế hoạt động của sàn.",
                "I have read and accept the floor's terms of use and rules of operation.",
            ),
            Self::Privacy => Text::new(
                "Tôi đồng ý để sàn lưu và xử lý tên, địa chỉ liên lạc và lịch sử mua hàng của tôi để vận hành tài khoản và đơn hàng.",
                "I agree that the floor keeps and processes my name, contact and purchase history to run my account and orders.",
            ),
            Self::Delivery => Text::new(
                "Tôi đồng ý để sàn chuyển tên, số điện thoại và địa chỉ nhận hàng của tôi cho người bán và đơn vị vận chuyển của đơn hàng này.",
                "I agree that the floor passes my name, phone number and delivery address to this order's sellers and carriers.",
            ),
            Self::Marketing => Text::new(
                "Tôi muốn nhận tin về hàng mới và khuyến mại qua e-mail. Có thể thôi nhận bất cứ lúc nào.",
                "I want news about goods and offers by e-mail. I can stop this at any time.",
            ),
        }
    }
}

/// Who agrees.
#[derive(Debug, Clone, Copy)]
pub enum Consenting<'a> {
    Person(PersonId),
    /// A guest, by the e-mail address or phone number given.
    Contact(&'a str),
}

/// Notes that somebody ticked the boxes of `purposes`, shown in `lang`, on `channel` (a page's path).
///
/// # Errors
/// Whatever the database says.
pub async fn record_consents(
    db: &mut PgConnection,
    cx: &Cx,
    who: Consenting<'_>,
    purposes: &[Purpose],
    lang: Lang,
    channel: &str,
) -> sqlx::Result<()> {
    let (person, contact) = match who {
        Consenting::Person(id) => (Some(id), None),
        Consenting::Contact(contact) => (None, Some(contact)),
    };
    let hash = |purpose: &Purpose| Sha256::digest(purpose.text().get(lang)).to_vec();
    let consents = queries::NewConsents {
        ids: purposes.iter().map(|_| cx.new_id()).collect(),
        person,
        contact,
        purposes: purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect(),
        policy_version: POLICY_VERSION,
        policy_hashes: purposes.iter().map(hash).collect(),
        channel,
    };
    queries::insert_consents(db, &consents, cx.now).await
}

/// Takes a consent back. What an account cannot do without ends with the account.
pub(super) async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    purpose: Purpose,
) -> Result<(), AccountError> {
    if purpose.required() {
        return Err(AccountError::NotFound);
    }
    Ok(queries::withdraw(db, person, purpose.as_str(), cx.now).await?)
}
