//! How an order is paid. Pure.

use super::{error::PaymentError, state::IntentState, vietqr};
use crate::kernel::{IntentId, OrderId, SellerId, Text, Vnd};

/// How the buyer pays the seller. The floor itself never holds money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum PaymentMethod {
    /// In cash to whoever brings the goods.
    Cod,
    /// By bank transfer to the seller's own account, with a QR code and a memo.
    VietQr,
    /// At a gateway, by the seller's own contract with it.
    VnPay,
    MoMo,
    ZaloPay,
    /// The same, for buyers abroad.
    Stripe,
}

impl PaymentMethod {
    /// The word in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cod => "cod",
            Self::VietQr => "vietqr",
            Self::VnPay => "vnpay",
            Self::MoMo => "momo",
            Self::ZaloPay => "zalopay",
            Self::Stripe => "stripe",
        }
    }

    /// Every method.
    pub const ALL: [Self; 6] =
        [Self::Cod, Self::VietQr, Self::VnPay, Self::MoMo, Self::ZaloPay, Self::Stripe];
    /// Those at a gateway.
    pub const ONLINE: [Self; 4] = [Self::VnPay, Self::MoMo, Self::ZaloPay, Self::Stripe];

    /// Whether the buyer pays at a gateway.
    #[must_use]
    pub const fn is_online(self) -> bool {
        matches!(self, Self::VnPay | Self::MoMo | Self::ZaloPay | Self::Stripe)
    }

    /// Stripe keeps no page open for less than half an hour.
    pub(super) const fn lasts_long(self) -> bool {
        matches!(self, Self::Stripe)
    }

    /// The gateway's own name.
    #[must_use]
    pub const fn brand(self) -> &'static str {
        match self {
            Self::Cod => "COD",
            Self::VietQr => "VietQR",
            Self::VnPay => "VNPay",
            Self::MoMo => "MoMo",
            Self::ZaloPay => "ZaloPay",
            Self::Stripe => "Stripe",
        }
    }

    /// The method of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Cod => Text::new("Trả tiền khi nhận hàng", "Cash on delivery"),
            Self::VietQr => Text::new("Chuyển khoản VietQR", "Bank transfer (VietQR)"),
            Self::VnPay => {
                Text::new("VNPay: thẻ, tài khoản ngân hàng", "VNPay: card or bank account")
            }
            Self::MoMo => Text::new("Ví MoMo", "MoMo wallet"),
            Self::ZaloPay => Text::new("Ví ZaloPay", "ZaloPay wallet"),
            Self::Stripe => Text::new("Thẻ quốc tế (Stripe)", "International card (Stripe)"),
        }
    }
}

/// The seller's account, to which the buyer transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayAccount {
    /// The bank's six digits.
    pub bin: String,
    /// The bank's name as shown.
    pub bank_name: String,
    pub number: String,
    /// Whose account it is.
    pub name: String,
}

/// Which ways of paying a seller offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub cod: bool,
    /// Offered only while the seller has a bank account.
    pub transfer: bool,
    /// With which of [`PaymentMethod::ONLINE`] the seller has a contract.
    pub online: [bool; 4],
}

impl Settings {
    /// Whether the seller has a contract with this gateway.
    #[must_use]
    pub fn has(&self, method: PaymentMethod) -> bool {
        PaymentMethod::ONLINE.into_iter().zip(self.online).any(|(m, on)| on && m == method)
    }
}

impl Default for Settings {
    /// Both, until the seller says otherwise.
    fn default() -> Self {
        Self { cod: true, transfer: true, online: [false; 4] }
    }
}

/// What is to be paid for one new order.
#[derive(Debug, Clone)]
pub struct NewIntent<'a> {
    pub order: OrderId,
    pub seller: SellerId,
    pub method: PaymentMethod,
    pub amount: Vnd,
    /// Needed for a transfer.
    pub account: Option<&'a PayAccount>,
}

/// What is owed for one order.
#[derive(Debug, Clone)]
pub struct Intent {
    pub id: IntentId,
    pub method: PaymentMethod,
    pub amount: Vnd,
    /// What the buyer writes into the transfer.
    pub memo: String,
    pub account: Option<PayAccount>,
    /// The text of the QR code.
    pub payload: Option<String>,
    pub state: IntentState,
    /// What the buyer has paid and not got back.
    pub paid: Vnd,
    /// What he has paid beyond what he owes; negative: what is still to pay.
    pub balance: Vnd,
}

impl Intent {
    /// What the buyer still has to pay.
    #[must_use]
    pub fn to_pay(&self) -> Vnd {
        Vnd(self.balance.0.min(0).saturating_neg())
    }

    /// What the seller has to give back.
    #[must_use]
    pub fn owed_back(&self) -> Vnd {
        Vnd(self.balance.0.max(0))
    }

    /// The text of a QR code for what is still to pay; for all of it when nothing is.
    ///
    /// # Errors
    /// [`PaymentError::Account`] for an account that no code can carry.
    pub fn payload_now(&self) -> Result<Option<String>, PaymentError> {
        match &self.account {
            Some(account) if self.to_pay().0 > 0 && self.to_pay() != self.amount => {
                let (amount, memo) = (Some(self.to_pay()), Some(self.memo.as_str()));
                vietqr::payload(&account.bin, &account.number, amount, memo).map(Some)
            }
            _ => Ok(self.payload.clone()),
        }
    }

    /// Whether money by transfer is awaited, be it the rest of it.
    #[must_use]
    pub fn awaits_transfer(&self) -> bool {
        self.account.is_some() && self.balance.0 < 0
    }
}
