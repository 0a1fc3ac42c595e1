//! Who is helped, and what he agreed to. Pure.

use crate::kernel::{PersonId, ProductId, SellerId, Text};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The version of [`consent`]: rises with its words.
pub(super) const CONSENT_VERSION: &str = "2026-11-22";

/// What the villager agrees to, as it is read out to him.
pub(super) fn consent() -> Text {
    Text::new(
        "Tôi nhờ nhân viên điểm hỗ trợ đặt hàng giúp tôi trên sàn. Tôi đồng ý để nhân viên nhập tên, số điện thoại, địa \
         chỉ của tôi, và để sàn chuyển các thông tin này cho người bán và đơn vị giao hàng của đơn. Tôi đã được nghe đọc \
         lại hàng, giá, phí giao, cách trả tiền trước khi đặt. Tôi có thể rút lại sự đồng ý trước khi bấm đặt hàng.",
        "I ask the clerk of this point to order for me on the floor. I agree that the clerk enters my name, telephone \
         number and address, and that the floor passes them to the order's sellers and carriers. Goods, prices, delivery \
         and payment were read out to me before ordering. I can take this back until the order is placed.",
    )
}

/// Whom the clerk orders for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Villager {
    pub name: String,
    /// E.164.
    pub phone: String,
    pub commune_code: String,
    pub address_line: String,
}

/// How somebody agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// Read out, and he said yes before the clerk.
    Spoken,
    /// On a sheet of paper that the point keeps.
    Signed,
}

impl Channel {
    pub(super) const ALL: [Self; 2] = [Self::Spoken, Self::Signed];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Spoken => "spoken",
            Self::Signed => "signed",
        }
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    pub(super) fn label(self) -> Text {
        match self {
            Self::Spoken => {
                Text::new("Đã đọc to, người dân nói đồng ý", "Read out, the villager said yes")
            }
            Self::Signed => Text::new(
                "Người dân ký giấy đồng ý, điểm giữ lại",
                "Signed on paper, kept at the point",
            ),
        }
    }
}

/// A visit as it begins.
pub(super) struct NewVisit<'a> {
    pub(super) id: Uuid,
    pub(super) token: Uuid,
    pub(super) point_id: Uuid,
    pub(super) point_name: &'a str,
    pub(super) villager: &'a Villager,
    pub(super) consent_text: &'a str,
    pub(super) channel: Channel,
    pub(super) ends_at: DateTime<Utc>,
}

/// A visit that goes on.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) token: Uuid,
    pub(super) villager: Villager,
    pub(super) ends_at: DateTime<Utc>,
}

/// One purchase that a clerk made for somebody.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) group_code: String,
    pub(super) name: String,
    pub(super) orders: i64,
    pub(super) placed_at: DateTime<Utc>,
}

/// The version of [`listing_consent`]: rises with its words.
pub(super) const LISTING_VERSION: &str = "2026-11-22";

/// What a household agrees to before a clerk lists for it, as it is read out.
pub(super) fn listing_consent() -> Text {
    Text::new(
        "Tôi là chủ hộ kinh doanh và nhờ nhân viên điểm hỗ trợ đăng hàng của tôi lên sàn. Tôi đồng ý để nhân viên nhập tên \
         hàng, giá, số lượng, mô tả theo lời tôi và gửi duyệt. Hàng hóa là của tôi, tôi chịu trách nhiệm về hàng. Nhân viên \
         không sửa được hàng đã đăng, tài khoản ngân hàng và đơn hàng của tôi. Tôi có thể rút lại sự đồng ý bất cứ lúc nào, \
         tại điểm hoặc trên kênh người bán.",
        "I run a household business and ask the clerk of this point to put my goods on the floor. I agree that the clerk \
         enters name, price, quantity and description as I say them and sends them for review. The goods are mine and I \
         answer for them. The clerk can change neither goods on display, nor my bank account, nor my orders. I can take this \
         back at any time, at the point or on the seller's desk.",
    )
}

/// A household's consent to a clerk.
#[derive(Debug, Clone)]
pub(super) struct Mandate {
    pub(super) id: Uuid,
    pub(super) seller: SellerId,
    pub(super) clerk: PersonId,
    pub(super) point: String,
    pub(super) agreed_by: String,
    pub(super) consented_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    /// It goes on.
    pub(super) open: bool,
    pub(super) shop: String,
}

/// A product that a clerk made for a household.
#[derive(Debug, Clone)]
pub(super) struct ListedFor {
    pub(super) product: ProductId,
    pub(super) name: String,
    pub(super) submitted: bool,
    pub(super) listed_at: DateTime<Utc>,
    pub(super) point: String,
    pub(super) agreed_by: String,
    /// The words that were read out.
    pub(super) consent: String,
    pub(super) shop: String,
}
