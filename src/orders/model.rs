//! What a checkout hands over to become orders. Pure.

use crate::kernel::{
    BasisPoints, CheckoutId, Cx, GroupId, Lang, OrderId, OrgId, PersonId, ProductId, SellerId,
    Text, VariantId, Vnd, code_from,
};
pub use crate::{
    payments::{PayAccount, PaymentMethod},
    promotions::Redeemed,
};

/// The names that a group of orders will have, so that its confirmation can be written down before it is placed.
/// [`Placed`] tells whether it got them: a code that is taken is one chance in 10¹³.
#[derive(Debug, Clone)]
pub struct GroupNames {
    pub id: GroupId,
    pub code: String,
    /// The key of its first order, in the order of sellers.
    pub secret: String,
}

impl GroupNames {
    /// Names that nobody has had.
    #[must_use]
    pub fn new(cx: &Cx) -> Self {
        let id = GroupId(cx.new_id());
        Self { id, code: code_from(id.0), secret: secret() }
    }
}

/// The guest's key to an order: 130 random bits in base 32.
pub(super) fn secret() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bytes: [u8; 26] = rand::random();
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Everything one checkout orders: one order per seller.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub names: GroupNames,
    /// Makes it happen once: the same checkout again gives the same orders.
    pub checkout: CheckoutId,
    /// `None`: a guest.
    pub buyer: Option<PersonId>,
    /// The language of mails to the buyer.
    pub lang: Lang,
    pub contact: Contact,
    /// The firm for which the buyer buys.
    pub organisation: Option<Org>,
    pub orders: Vec<NewOrder>,
}

/// Whom the seller calls.
#[derive(Debug, Clone)]
pub struct Contact {
    pub name: String,
    /// E.164.
    pub phone: String,
    pub email: Option<String>,
}

/// A buying firm.
#[derive(Debug, Clone)]
pub struct Org {
    pub id: OrgId,
    pub tax_code: String,
    pub name: String,
}

/// What is ordered of one seller.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub seller: SellerSnapshot,
    /// Needed for a transfer.
    pub bank: Option<PayAccount>,
    pub delivery: NewDelivery,
    pub payment: PaymentMethod,
    /// What the buyer tells this seller.
    pub note: String,
    /// What the seller takes off.
    pub voucher: Option<Redeemed>,
    pub lines: Vec<NewLine>,
}

/// The seller as he was when ordered from: the contract names him.
#[derive(Debug, Clone)]
pub struct SellerSnapshot {
    pub id: SellerId,
    pub name: String,
    pub tax_code: Option<String>,
    pub address: String,
    pub phone: String,
    /// Hears of the order; may be empty.
    pub email: String,
}

/// Where the goods go.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    pub method: DeliveryMethod,
    /// The address as shown, or the point where they are collected.
    pub text: String,
    pub commune: Option<String>,
    /// `2–4`.
    pub days: String,
    pub fee: Vnd,
}

/// How the goods reach the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryMethod {
    /// The seller brings or sends them at his own rates.
    Own,
    /// The buyer collects them at the shop.
    Pickup,
    /// The buyer collects them at a post office.
    PostPoint,
}

/// One line with its price as the buyer agreed to it.
#[derive(Debug, Clone)]
pub struct NewLine {
    pub variant: VariantId,
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    /// Of the variant: `500 g, xay`; may be empty.
    pub label: String,
    pub unit: String,
    pub picture: String,
    pub quantity: i64,
    /// With tax.
    pub unit_price: Vnd,
    /// The rate of the tax contained in the price.
    pub tax: BasisPoints,
}

/// What has been ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub group_code: String,
    pub orders: Vec<PlacedOrder>,
}

/// One order of a group, with the guest's key to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    pub id: OrderId,
    pub code: String,
    pub secret: String,
    pub seller: SellerId,
    pub total: Vnd,
}

impl DeliveryMethod {
    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Pickup => "pickup",
            Self::PostPoint => "post_point",
        }
    }

    /// The method of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::Own, Self::Pickup, Self::PostPoint].into_iter().find(|m| m.code() == code)
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Own => Text::new("Người bán giao tận nơi", "Delivered by the seller"),
            Self::Pickup => Text::new("Nhận tại cửa hàng", "Collected at the shop"),
            Self::PostPoint => Text::new("Nhận tại điểm bưu điện", "Collected at a post office"),
        }
    }
}

impl NewLine {
    /// The line as the buyer knows it: name and variant.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.label.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.label)
        }
    }
}
