//! Kinds of notices, and where they may go: pure.

use crate::kernel::{Text, fold};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One's own order has moved.
    Order,
    /// One's shop has sold something.
    Sale,
    /// A listing of one's shop has been judged.
    Listing,
    /// Messages wait.
    Message,
    /// Somebody has judged the shop's goods, or the shop has answered.
    Review,
    /// A decision about what one has written.
    Ruling,
    /// Being asked what one thinks of what one bought.
    Ask,
    /// The shop's day at a glance.
    Digest,
    /// Goods on their way back, changes of an order, parcels that were lost.
    Return,
    /// One's shop was approved, sent back, suspended.
    Shop,
    /// Requests for quotation and offers.
    Quote,
    /// Purchase orders between firms, and their instalments.
    Purchase,
    /// Somebody waits for one's word, or has it.
    Approval,
    /// Trade events and meetings there.
    Meeting,
    /// Being admitted as a customer, invitations to a firm.
    Firm,
}

/// A way to somebody besides the bell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Mail,
    Sms,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::Mail, Self::Sms];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// Whether somebody may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It goes there always.
    Always,
    /// It goes there unless he says no.
    On,
    /// It goes there if he says so.
    Off,
    /// It does not go there.
    Never,
}

impl Kind {
    pub const ALL: [Self; 15] = [
        Self::Order,
        Self::Return,
        Self::Message,
        Self::Review,
        Self::Ask,
        Self::Ruling,
        Self::Sale,
        Self::Listing,
        Self::Shop,
        Self::Digest,
        Self::Quote,
        Self::Purchase,
        Self::Approval,
        Self::Meeting,
        Self::Firm,
    ];

    /// The kind of a code, as it is rung.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Sale => "sale",
            Self::Listing => "listing",
            Self::Message => "message",
            Self::Review => "review",
            Self::Ruling => "ruling",
            Self::Ask => "ask",
            Self::Digest => "digest",
            Self::Return => "return",
            Self::Shop => "shop",
            Self::Quote => "quote",
            Self::Purchase => "purchase",
            Self::Approval => "approval",
            Self::Meeting => "meeting",
            Self::Firm => "firm",
        }
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Order => Text::new("Đơn hàng của bạn", "Your orders"),
            Self::Sale => Text::new("Đơn hàng của gian hàng", "Orders of your shop"),
            Self::Listing => Text::new("Kết quả duyệt tin đăng", "Listings judged"),
            Self::Message => Text::new("Tin nhắn chưa đọc", "Unread messages"),
            Self::Review => Text::new("Đánh giá và câu trả lời", "Reviews and answers"),
            Self::Ruling => {
                Text::new("Quyết định về điều bạn viết", "Decisions about what you wrote")
            }
            Self::Ask => Text::new("Mời đánh giá sau khi mua", "Being asked for a review"),
            Self::Return => Text::new(
                "Trả hàng, đổi đơn, kiện thất lạc",
                "Returns, changed orders, lost parcels",
            ),
            Self::Shop => Text::new("Xét duyệt gian hàng", "How your shop stands"),
            Self::Digest => {
                Text::new("Tóm tắt mỗi ngày của gian hàng", "Your shop's day at a glance")
            }
            Self::Quote => Text::new("Hỏi giá và chào giá", "Requests for quotation and offers"),
            Self::Purchase => Text::new(
                "Đơn mua giữa các đơn vị, các khoản phải trả",
                "Purchase orders between firms, what is due",
            ),
            Self::Approval => Text::new("Duyệt chi của đơn vị", "Approvals in your organisation"),
            Self::Meeting => Text::new("Sự kiện và lịch hẹn", "Trade events and meetings"),
            Self::Firm => Text::new("Khách sỉ, lời mời vào đơn vị", "Customers and invitations"),
        }
    }

    /// Only members of shops are told.
    #[must_use]
    pub const fn is_for_shops(self) -> bool {
        matches!(self, Self::Sale | Self::Listing | Self::Digest | Self::Shop)
    }

    /// Only those are told who sell or buy for a firm.
    #[must_use]
    pub const fn is_between_firms(self) -> bool {
        matches!(self, Self::Quote | Self::Purchase | Self::Approval)
    }

    /// Whether this kind goes there.
    #[must_use]
    pub const fn choice(self, channel: Channel) -> Choice {
        match (self, channel) {
            (
                Self::Order
                | Self::Sale
                | Self::Listing
                | Self::Ruling
                | Self::Return
                | Self::Shop
                | Self::Quote
                | Self::Purchase
                | Self::Approval
                | Self::Meeting
                | Self::Firm,
                Channel::Mail,
            ) => Choice::Always,
            (_, Channel::Mail) => Choice::On,
            (
                Self::Order
                | Self::Sale
                | Self::Message
                | Self::Return
                | Self::Quote
                | Self::Purchase
                | Self::Approval
                | Self::Meeting,
                Channel::Sms,
            ) => Choice::Off,
            (_, Channel::Sms) => Choice::Never,
        }
    }

    /// Whether it goes there, given what he has said.
    #[must_use]
    pub fn goes(self, channel: Channel, said: Option<bool>) -> bool {
        match self.choice(channel) {
            Choice::Always => true,
            Choice::On => said.unwrap_or(true),
            Choice::Off => said.unwrap_or(false),
            Choice::Never => false,
        }
    }
}

/// A short message as any telephone shows it: without marks, in at most three parts.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        // An address is case-sensitive and has no marks.
        if word.contains("://") {
            plain.push_str(word);
            continue;
        }
        for c in word.chars() {
            let folded = fold(&c.to_string());
            if c.is_uppercase() {
                plain.extend(folded.chars().flat_map(char::to_uppercase));
            } else {
                plain.push_str(&folded);
            }
        }
    }
    plain.chars().take(459).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_law_wants_told_cannot_be_switched_off() {
        assert!(Kind::Ruling.goes(Channel::Mail, Some(false)));
        assert!(Kind::Order.goes(Channel::Mail, Some(false)));
        assert!(Kind::Message.goes(Channel::Mail, None));
        assert!(!Kind::Message.goes(Channel::Mail, Some(false)));
        assert!(!Kind::Message.goes(Channel::Sms, None));
        assert!(Kind::Message.goes(Channel::Sms, Some(true)));
        assert!(!Kind::Digest.goes(Channel::Sms, Some(true)));
    }

    #[test]
    fn short_messages_are_plain() {
        let text = "Sàn Tỉnh: đã nhận ĐƠN hàng http://x/don-hang/K7?k=AbC";
        assert_eq!(plain(text), "San Tinh: da nhan DON hang http://x/don-hang/K7?k=AbC");
        assert_eq!(plain(&"á ".repeat(1000)).chars().count(), 459);
    }
}
