//! States of events, sign-ups and meetings. Pure.

use crate::kernel::Text;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $case:ident = $code:literal, $vi:literal, $en:literal, $tone:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $case,)+
        }

        impl $name {
            /// All of them, as they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// As stored.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$case => $code,)+ }
            }

            /// The case of a code.
            #[must_use]
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|case| case.code() == code)
            }

            /// For people.
            #[must_use]
            pub fn label(self) -> Text {
                match self { $(Self::$case => Text::new($vi, $en),)+ }
            }

            /// The colour of its badge.
            #[must_use]
            pub const fn tone(self) -> &'static str {
                match self { $(Self::$case => $tone,)+ }
            }
        }
    };
}

words!(
    /// What kind of event.
    Kind {
        Fair = "fair", "Hội chợ", "Fair", "info";
        MatchingDay = "matching_day", "Ngày kết nối giao thương", "Matching day", "info";
        Campaign = "campaign", "Chiến dịch quảng bá", "Campaign", "info";
    }
);

words!(
    /// Whether an event is to be seen.
    EventState {
        Draft = "draft", "Bản nháp", "Draft", "neutral";
        Published = "published", "Đã công bố", "Published", "good";
        Cancelled = "cancelled", "Đã hủy", "Cancelled", "bad";
    }
);

words!(
    /// How a shop stands at an event.
    SignUpState {
        Waiting = "waiting", "Chờ xét", "Waiting", "warn";
        Accepted = "accepted", "Tham gia", "Takes part", "good";
        Refused = "refused", "Không nhận", "Refused", "bad";
        Withdrawn = "withdrawn", "Đã rút", "Withdrawn", "neutral";
    }
);

words!(
    /// How a wish to meet stands.
    MeetingState {
        Asked = "asked", "Chờ trả lời", "Asked", "warn";
        Agreed = "agreed", "Đã hẹn", "Agreed", "good";
        Declined = "declined", "Không gặp được", "Declined", "neutral";
        Cancelled = "cancelled", "Đã hủy hẹn", "Cancelled", "neutral";
        Held = "held", "Đã gặp", "Held", "good";
        /// One side did not come.
        Missed = "missed", "Không diễn ra", "Missed", "bad";
    }
);

words!(
    /// What came of a meeting, as the shop tells it.
    Outcome {
        Contact = "contact", "Giữ liên lạc", "Contact kept", "info";
        Sample = "sample", "Gửi mẫu", "Samples", "info";
        Quote = "quote", "Yêu cầu báo giá", "Quote asked for", "info";
        Order = "order", "Có đơn hàng", "Order", "good";
        Nothing = "nothing", "Không có kết quả", "Nothing", "neutral";
    }
);

/// Who acts on a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    Buyer,
    Seller,
}

/// What happens to a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetingEvent {
    Agree,
    Decline,
    Cancel,
    Hold,
    Miss,
}

/// The whole machine: from, event, who may, to.
pub(super) const MEETINGS: &[(MeetingState, MeetingEvent, &[Party], MeetingState)] = {
    use MeetingEvent::{Agree, Cancel, Decline, Hold, Miss};
    use MeetingState::{Agreed, Asked, Cancelled, Declined, Held, Missed};
    use Party::{Buyer, Seller};
    &[
        (Asked, Agree, &[Seller], Agreed),
        (Asked, Decline, &[Seller], Declined),
        (Asked, Cancel, &[Buyer], Cancelled),
        (Agreed, Cancel, &[Buyer, Seller], Cancelled),
        // Another time is agreed upon.
        (Agreed, Agree, &[Seller], Agreed),
        (Agreed, Hold, &[Seller], Held),
        (Agreed, Miss, &[Seller], Missed),
    ]
};

/// Where an event leads; `None`: it cannot happen.
pub(super) fn next(from: MeetingState, event: MeetingEvent, by: Party) -> Option<MeetingState> {
    MEETINGS
        .iter()
        .find(|(at, what, who, _)| *at == from && *what == event && who.contains(&by))
        .map(|(.., to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_table_says_happens() {
        use MeetingEvent::{Agree, Cancel, Decline, Hold, Miss};
        let mut possible = 0;
        for from in MeetingState::ALL {
            for event in [Agree, Decline, Cancel, Hold, Miss] {
                for by in [Party::Buyer, Party::Seller] {
                    let to = next(*from, event, by);
                    possible += usize::from(to.is_some());
                    let over = !matches!(from, MeetingState::Asked | MeetingState::Agreed);
                    assert!(!over || to.is_none(), "{from:?} {event:?} {by:?}");
                    assert!(by == Party::Seller || event == Cancel || to.is_none());
                }
            }
        }
        assert_eq!(possible, 8);
        assert_eq!(next(MeetingState::Asked, Cancel, Party::Seller), None, "he declines instead");
    }

    #[test]
    fn codes_are_read_back() {
        for state in MeetingState::ALL {
            assert_eq!(MeetingState::of(state.code()), Some(*state));
        }
        assert_eq!(Kind::of("party"), None);
    }
}
