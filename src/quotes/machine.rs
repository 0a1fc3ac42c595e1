//! Who may do what when. Pure.

use crate::kernel::Text;
use chrono::{DateTime, Utc};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RequestState {
    /// Sellers may offer.
    Open,
    /// The deadline is over; the buyer decides.
    Closed,
    Awarded,
    Cancelled,
    /// Nobody decided in time.
    Lapsed,
}

impl RequestState {
    /// All of them, as they are listed.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::Closed, Self::Awarded, Self::Cancelled, Self::Lapsed];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Awarded => "awarded",
            Self::Cancelled => "cancelled",
            Self::Lapsed => "lapsed",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Open => Text::new("Đang nhận chào giá", "Open for offers"),
            Self::Closed => Text::new("Chờ chọn", "To be decided"),
            Self::Awarded => Text::new("Đã chọn", "Awarded"),
            Self::Cancelled => Text::new("Đã hủy", "Cancelled"),
            Self::Lapsed => Text::new("Hết hạn, không chọn", "Lapsed"),
        }
    }

    /// The tone of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Open => "info",
            Self::Closed => "warn",
            Self::Awarded => "good",
            Self::Cancelled | Self::Lapsed => "neutral",
        }
    }

    /// Whether it can still be decided.
    #[must_use]
    pub const fn undecided(self) -> bool {
        matches!(self, Self::Open | Self::Closed)
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestEvent {
    Close,
    Extend,
    Award,
    Cancel,
    Lapse,
}

impl RequestEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Close, Self::Extend, Self::Award, Self::Cancel, Self::Lapse];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Extend => "extend",
            Self::Award => "award",
            Self::Cancel => "cancel",
            Self::Lapse => "lapse",
        }
    }
}

/// Where one seller's quote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum QuoteState {
    Invited,
    Declined,
    Sent,
    /// The buyer proposes something else; the offer is not acceptable meanwhile.
    Countered,
    Withdrawn,
    Rejected,
    Expired,
    Accepted,
    /// The request ended without it.
    Lost,
}

impl QuoteState {
    /// All of them, as they are listed.
    pub const ALL: [Self; 9] = [
        Self::Invited,
        Self::Sent,
        Self::Countered,
        Self::Accepted,
        Self::Lost,
        Self::Declined,
        Self::Withdrawn,
        Self::Rejected,
        Self::Expired,
    ];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Declined => "declined",
            Self::Sent => "sent",
            Self::Countered => "countered",
            Self::Withdrawn => "withdrawn",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Lost => "lost",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Invited => Text::new("Chờ chào giá", "To be quoted"),
            Self::Declined => Text::new("Không chào giá", "Declined"),
            Self::Sent => Text::new("Đã chào giá", "Offered"),
            Self::Countered => Text::new("Bên mua mặc cả", "Counter-offer"),
            Self::Withdrawn => Text::new("Đã rút lại", "Withdrawn"),
            Self::Rejected => Text::new("Bên mua từ chối", "Rejected"),
            Self::Expired => Text::new("Hết hiệu lực", "Expired"),
            Self::Accepted => Text::new("Được chọn", "Accepted"),
            Self::Lost => Text::new("Không được chọn", "Not chosen"),
        }
    }

    /// The tone of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Invited | Self::Countered => "warn",
            Self::Sent => "info",
            Self::Accepted => "good",
            Self::Declined | Self::Withdrawn | Self::Expired | Self::Lost | Self::Rejected => {
                "neutral"
            }
        }
    }
}

/// What happens to a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The seller sends an offer, the first or another one.
    Offer,
    Decline,
    /// The buyer proposes other prices.
    Counter,
    /// The seller keeps to his offer.
    Keep,
    /// The seller takes the buyer's proposal: it becomes his next offer.
    Take,
    Withdraw,
    Reject,
    Expire,
    Accept,
    Lose,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Offer,
        Self::Decline,
        Self::Counter,
        Self::Keep,
        Self::Take,
        Self::Withdraw,
        Self::Reject,
        Self::Expire,
        Self::Accept,
        Self::Lose,
    ];

    /// As stored and as forms send it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Decline => "decline",
            Self::Counter => "counter",
            Self::Keep => "keep",
            Self::Take => "take",
            Self::Withdraw => "withdraw",
            Self::Reject => "reject",
            Self::Expire => "expire",
            Self::Accept => "accept",
            Self::Lose => "lose",
        }
    }

    /// Who does it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        match self {
            Self::Offer | Self::Decline | Self::Keep | Self::Take | Self::Withdraw => Actor::Seller,
            Self::Counter | Self::Reject | Self::Accept => Actor::Buyer,
            Self::Expire | Self::Lose => Actor::System,
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Actor {
    Buyer,
    Seller,
    System,
}

impl Actor {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::System => "system",
        }
    }
}

/// What the clock and the seal say of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub state: RequestState,
    pub sealed: bool,
    pub closes_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

impl Window {
    /// Sellers may still come with offers of their own.
    pub(super) fn takes_offers(self) -> bool {
        self.state == RequestState::Open && self.now < self.closes_at
    }

    /// The buyer may read what was offered. What was called off under its seal stays sealed.
    pub(super) fn is_readable(self) -> bool {
        !self.sealed
            || match self.state {
                RequestState::Open => self.now >= self.closes_at,
                RequestState::Cancelled => false,
                RequestState::Closed | RequestState::Awarded | RequestState::Lapsed => true,
            }
    }

    /// The buyer may bargain and choose.
    pub(super) fn is_decidable(self) -> bool {
        self.state.undecided() && self.is_readable()
    }

    /// What the state is by the clock, before the job has noted it.
    pub(super) fn by_clock(self) -> RequestState {
        match self.state {
            RequestState::Open if self.now >= self.closes_at => RequestState::Closed,
            other => other,
        }
    }
}

/// Where a request goes; `None`: it cannot happen now.
pub(super) fn request_next(window: Window, event: RequestEvent) -> Option<RequestState> {
    use RequestEvent as E;
    use RequestState as S;
    let state = window.state;
    match event {
        // A sealed request is opened by its deadline alone.
        E::Close if state == S::Open && (!window.sealed || window.now >= window.closes_at) => {
            Some(S::Closed)
        }
        E::Extend if window.takes_offers() => Some(S::Open),
        E::Award if window.is_decidable() => Some(S::Awarded),
        E::Cancel if state.undecided() => Some(S::Cancelled),
        E::Lapse if state == S::Closed => Some(S::Lapsed),
        _ => None,
    }
}

/// Where a quote goes; `None`: it cannot happen now. `valid`: the offer that stands has not run out.
pub(super) fn quote_next(
    window: Window,
    from: QuoteState,
    valid: bool,
    event: Event,
) -> Option<QuoteState> {
    use Event as E;
    use QuoteState as S;
    let answering = from == S::Countered && window.state.undecided();
    let stands = matches!(from, S::Sent | S::Countered);
    match event {
        E::Offer if from == S::Accepted || from == S::Lost => None,
        E::Offer if window.takes_offers() || answering => Some(S::Sent),
        E::Decline if from == S::Invited && window.state.undecided() => Some(S::Declined),
        E::Counter if from == S::Sent && valid && window.is_decidable() => Some(S::Countered),
        E::Keep | E::Take if answering && valid => Some(S::Sent),
        E::Withdraw if stands && window.state.undecided() => Some(S::Withdrawn),
        E::Reject if stands && window.is_decidable() => Some(S::Rejected),
        E::Expire if stands && !valid => Some(S::Expired),
        E::Accept if from == S::Sent && valid && window.is_decidable() => Some(S::Accepted),
        E::Lose if from != S::Accepted && from != S::Lost => Some(S::Lost),
        _ => None,
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
