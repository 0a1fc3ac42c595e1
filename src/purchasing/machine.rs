//! Who may do what with a purchase order, and where it leads. Pure.

use super::model::PoState;
use crate::kernel::Text;

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Buyer,
    Seller,
    /// By the clock, or by what was paid.
    Floor,
}

impl Side {
    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Floor => "floor",
        }
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    Confirm,
    Decline,
    /// The buyer takes back what is not confirmed.
    Withdraw,
    /// Either side proposes to cancel what is confirmed.
    AskCancel,
    /// The other side agrees.
    AgreeCancel,
    /// The other side does not, or the proposal is taken back.
    KeepOn,
    /// Goods leave.
    Send,
    /// A delivery has arrived, and more is to come.
    Receive,
    /// The last delivery has arrived.
    ReceiveAll,
    Accept,
    /// An instalment is covered.
    Paid,
    /// Its money was taken back.
    Unpaid,
    /// Accepted, and nothing is owed any more.
    Close,
    /// A digitally signed contract is handed in.
    Sign,
}

use Deed as D;
use PoState as S;
use Side::{Buyer, Floor, Seller};

/// From, who, what, to. All that can happen stands here.
pub(super) const TABLE: &[(S, Side, D, S)] = &[
    (S::Issued, Seller, D::Confirm, S::Confirmed),
    (S::Issued, Seller, D::Decline, S::Declined),
    (S::Issued, Buyer, D::Withdraw, S::Cancelled),
    (S::Confirmed, Buyer, D::AskCancel, S::Confirmed),
    (S::Confirmed, Seller, D::AskCancel, S::Confirmed),
    (S::Confirmed, Buyer, D::AgreeCancel, S::Cancelled),
    (S::Confirmed, Seller, D::AgreeCancel, S::Cancelled),
    (S::Confirmed, Buyer, D::KeepOn, S::Confirmed),
    (S::Confirmed, Seller, D::KeepOn, S::Confirmed),
    (S::Confirmed, Seller, D::Send, S::InDelivery),
    (S::InDelivery, Seller, D::Send, S::InDelivery),
    (S::InDelivery, Buyer, D::Receive, S::InDelivery),
    (S::InDelivery, Buyer, D::ReceiveAll, S::Delivered),
    (S::Delivered, Buyer, D::Accept, S::Accepted),
    (S::Confirmed, Floor, D::Paid, S::Confirmed),
    (S::InDelivery, Floor, D::Paid, S::InDelivery),
    (S::Delivered, Floor, D::Paid, S::Delivered),
    (S::Accepted, Floor, D::Paid, S::Accepted),
    (S::Confirmed, Floor, D::Unpaid, S::Confirmed),
    (S::InDelivery, Floor, D::Unpaid, S::InDelivery),
    (S::Delivered, Floor, D::Unpaid, S::Delivered),
    (S::Accepted, Floor, D::Unpaid, S::Accepted),
    (S::Accepted, Floor, D::Close, S::Closed),
    // What was paid is taken back: it is owed again.
    (S::Closed, Floor, D::Unpaid, S::Accepted),
    (S::Confirmed, Buyer, D::Sign, S::Confirmed),
    (S::Confirmed, Seller, D::Sign, S::Confirmed),
    (S::InDelivery, Buyer, D::Sign, S::InDelivery),
    (S::InDelivery, Seller, D::Sign, S::InDelivery),
    (S::Delivered, Buyer, D::Sign, S::Delivered),
    (S::Delivered, Seller, D::Sign, S::Delivered),
    (S::Accepted, Buyer, D::Sign, S::Accepted),
    (S::Accepted, Seller, D::Sign, S::Accepted),
    (S::Closed, Buyer, D::Sign, S::Closed),
    (S::Closed, Seller, D::Sign, S::Closed),
];

/// Where a deed leads; `None`: it cannot be done in this state by this side.
#[must_use]
pub(super) fn next(state: PoState, side: Side, deed: Deed) -> Option<PoState> {
    TABLE.iter().find(|(s, who, d, _)| (*s, *who, *d) == (state, side, deed)).map(|t| t.3)
}

impl Deed {
    /// The word in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
            Self::AskCancel => "ask_cancel",
            Self::AgreeCancel => "agree_cancel",
            Self::KeepOn => "keep_on",
            Self::Send => "send",
            Self::Receive => "receive",
            Self::ReceiveAll => "receive_all",
            Self::Accept => "accept",
            Self::Paid => "paid",
            Self::Unpaid => "unpaid",
            Self::Close => "close",
            Self::Sign => "sign",
        }
    }

    /// As the record tells it; of any word of the record.
    #[must_use]
    pub(super) fn told(code: &str) -> Text {
        match code {
            "issued" => Text::new("Bên mua phát hành đơn mua", "Issued by the buyer"),
            "confirm" => Text::new("Bên bán xác nhận", "Confirmed by the seller"),
            "decline" => Text::new("Bên bán từ chối", "Declined by the seller"),
            "withdraw" => Text::new("Bên mua rút đơn", "Withdrawn by the buyer"),
            "ask_cancel" => Text::new("Đề nghị hủy đơn", "Cancellation proposed"),
            "agree_cancel" => Text::new("Hai bên thỏa thuận hủy", "Cancelled by agreement"),
            "keep_on" => Text::new("Không hủy, tiếp tục thực hiện", "Not cancelled, it goes on"),
            "send" => Text::new("Bên bán giao hàng đi", "Goods sent"),
            "receive" => Text::new("Bên mua nhận một đợt hàng", "A delivery received"),
            "receive_all" => Text::new("Bên mua đã nhận đủ hàng", "All goods received"),
            "accept" => Text::new("Bên mua nghiệm thu", "Accepted by the buyer"),
            "paid" => Text::new("Đã trả đủ một đợt thanh toán", "An instalment is paid"),
            "unpaid" => Text::new("Một khoản đã trả bị thu lại", "A payment was taken back"),
            "sign" => Text::new("Chữ ký số trên hợp đồng", "Contract signed digitally"),
            "close" => Text::new("Hoàn tất: đã nghiệm thu và trả đủ", "Closed: accepted and paid"),
            _ => Text::new("", ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_deed_leads_to_one_place() {
        for (at, one) in TABLE.iter().enumerate() {
            let same = |two: &&(S, Side, D, S)| (two.0, two.1, two.2) == (one.0, one.1, one.2);
            assert_eq!(TABLE.iter().filter(same).count(), 1, "row {at}");
        }
    }

    proptest! {
        /// However both sides and the bank act, nothing leaves an end but what is owed again, and the way to it leads
        /// through all that must be.
        #[test]
        fn no_order_is_closed_unseen(picks in prop::collection::vec(0usize..TABLE.len(), 1..60)) {
            let mut state = S::Issued;
            let mut seen = Vec::new();
            for pick in picks {
                let (_, side, deed, _) = TABLE[pick];
                let ended = matches!(state, S::Closed | S::Declined | S::Cancelled);
                let Some(to) = next(state, side, deed) else { continue };
                let owed_again = state == S::Closed && deed == D::Unpaid;
                let signed = deed == D::Sign && to == state;
                prop_assert!(!ended || owed_again || signed, "{deed:?} out of {state:?}");
                seen.push(deed);
                state = to;
            }
            if state == S::Closed {
                for needed in [D::Confirm, D::Send, D::ReceiveAll, D::Accept, D::Close] {
                    prop_assert!(seen.contains(&needed), "{needed:?}");
                }
            }
            if state == S::Cancelled {
                prop_assert!(!seen.contains(&D::Send), "what was sent is not cancelled");
            }
        }
    }
}
