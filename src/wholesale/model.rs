//! How a firm stands with a seller: pure.

use crate::kernel::Text;

/// How a firm stands with a seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CustomerState {
    /// It asked to be admitted.
    Asked,
    Admitted,
    Refused,
    /// It was a customer.
    Ended,
}

impl CustomerState {
    /// All of them, in the order of the seller's list.
    pub const ALL: [Self; 4] = [Self::Asked, Self::Admitted, Self::Refused, Self::Ended];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::Ended => "ended",
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
            Self::Asked => Text::new("Chờ nhận", "Asks to be admitted"),
            Self::Admitted => Text::new("Khách sỉ", "Customer"),
            Self::Refused => Text::new("Đã từ chối", "Refused"),
            Self::Ended => Text::new("Đã thôi", "Ended"),
        }
    }

    /// Of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Asked => "warn",
            Self::Admitted => "good",
            Self::Refused => "bad",
            Self::Ended => "neutral",
        }
    }
}

/// A step between a seller and a firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CustomerStep {
    /// The firm's alone.
    Ask,
    Admit,
    Refuse,
    End,
}

impl CustomerStep {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ask, Self::Admit, Self::Refuse, Self::End];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Admit => "admit",
            Self::Refuse => "refuse",
            Self::End => "end",
        }
    }

    /// The step of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Where it leads; `None`: it cannot be taken from there.
    #[must_use]
    pub fn leads(self, from: Option<CustomerState>) -> Option<CustomerState> {
        use CustomerState::{Admitted, Asked, Ended, Refused};
        match (from, self) {
            (None | Some(Refused | Ended), Self::Ask) => Some(Asked),
            (None | Some(Asked | Refused | Ended), Self::Admit) => Some(Admitted),
            (Some(Asked), Self::Refuse) => Some(Refused),
            (Some(Admitted), Self::End) => Some(Ended),
            _ => None,
        }
    }

    /// As written in the record.
    #[must_use]
    pub fn told(code: &str) -> Text {
        match Self::of(code) {
            Some(Self::Ask) => Text::new("Xin làm khách sỉ", "Asked to be admitted"),
            Some(Self::Admit) => Text::new("Nhận làm khách sỉ", "Admitted"),
            Some(Self::Refuse) => Text::new("Từ chối", "Refused"),
            Some(Self::End) => Text::new("Thôi là khách sỉ", "Ended"),
            None => Text::new("Đổi nhóm giá", "Put into another group"),
        }
    }
}

/// How a seller deals with firms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Prices for firms only to customers that he has admitted.
    pub hidden: bool,
    /// What he says to firms that ask.
    pub welcome: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        assert!(CustomerState::ALL.iter().all(|s| CustomerState::of(s.code()) == Some(*s)));
        assert!(CustomerStep::ALL.iter().all(|s| CustomerStep::of(s.code()) == Some(*s)));
    }

    #[test]
    fn a_firm_is_a_customer_by_the_sellers_word_alone() {
        let all = CustomerState::ALL.map(Some).into_iter().chain([None]);
        for from in all {
            let led = CustomerStep::ALL.map(|step| (step, step.leads(from)));
            let admits = led.iter().filter(|(_, to)| *to == Some(CustomerState::Admitted));
            assert!(admits.clone().all(|(step, _)| *step == CustomerStep::Admit));
            assert!(led.iter().any(|(_, to)| to.is_some()), "{from:?} is no dead end");
        }
        assert_eq!(CustomerStep::Ask.leads(Some(CustomerState::Admitted)), None);
    }
}
