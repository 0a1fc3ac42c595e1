//! What a seller is, and the table of its steps: pure.

use crate::kernel::{Day, PersonId, SellerId, TaxCode, Text};
use chrono::{DateTime, Utc};

/// What kind of legal person sells. A household business is a kind of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Enterprise,
    Cooperative,
    Household,
}

impl Kind {
    /// All of them, in the order of the forms.
    pub const ALL: [Self; 3] = [Self::Enterprise, Self::Cooperative, Self::Household];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Cooperative => "cooperative",
            Self::Household => "household",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Enterprise => Text::new("Doanh nghiệp", "Enterprise"),
            Self::Cooperative => Text::new("Hợp tác xã", "Cooperative"),
            Self::Household => Text::new("Hộ kinh doanh", "Household business"),
        }
    }

    /// The paper that shows that it may do business.
    #[must_use]
    pub const fn licence(self) -> &'static str {
        match self {
            Self::Enterprise => "business-licence",
            Self::Cooperative => "cooperative-licence",
            Self::Household => "household-licence",
        }
    }
}

/// Where a seller stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
    NeedChanges,
    Approved,
    Refused,
    Suspended,
    Closed,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::NeedChanges,
        Self::Approved,
        Self::Refused,
        Self::Suspended,
        Self::Closed,
    ];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::NeedChanges => "need_changes",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
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
            Self::Draft => Text::new("Đang soạn", "Draft"),
            Self::Submitted => Text::new("Chờ duyệt", "Waiting for review"),
            Self::NeedChanges => Text::new("Cần bổ sung", "Changes asked for"),
            Self::Approved => Text::new("Đang bán", "Approved"),
            Self::Refused => Text::new("Bị từ chối", "Refused"),
            Self::Suspended => Text::new("Tạm ngừng", "Suspended"),
            Self::Closed => Text::new("Đã đóng", "Closed"),
        }
    }

    /// The tone of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Closed => "neutral",
            Self::Submitted => "info",
            Self::NeedChanges => "warn",
            Self::Approved => "good",
            Self::Refused | Self::Suspended => "bad",
        }
    }

    /// Whether the facts that identify the firm may still be changed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::NeedChanges)
    }
}

/// What a member may do: an owner everything, staff the daily work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    Owner,
    Staff,
}

impl Role {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Staff => "staff",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::Owner, Self::Staff].into_iter().find(|role| role.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Owner => Text::new("Chủ gian hàng", "Owner"),
            Self::Staff => Text::new("Nhân viên", "Staff"),
        }
    }
}

/// Who may take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Owner,
    Officer,
}

/// A step of a seller's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Submit,
    AskChanges,
    Approve,
    Refuse,
    Suspend,
    Reinstate,
    Close,
}

/// One line of the table: `step` by `by` leads from `from` to `to`, with a reason where one is due.
struct Line {
    from: State,
    step: Step,
    by: By,
    to: State,
    reason: bool,
}

const fn line(from: State, step: Step, by: By, to: State, reason: bool) -> Line {
    Line { from, step, by, to, reason }
}

/// The whole life of a seller.
const STEPS: [Line; 11] = [
    line(State::Draft, Step::Submit, By::Owner, State::Submitted, false),
    line(State::NeedChanges, Step::Submit, By::Owner, State::Submitted, false),
    line(State::Submitted, Step::AskChanges, By::Officer, State::NeedChanges, true),
    line(State::Submitted, Step::Approve, By::Officer, State::Approved, false),
    line(State::Submitted, Step::Refuse, By::Officer, State::Refused, true),
    line(State::Approved, Step::Suspend, By::Officer, State::Suspended, true),
    line(State::Suspended, Step::Reinstate, By::Officer, State::Approved, true),
    line(State::Suspended, Step::Close, By::Officer, State::Closed, true),
    line(State::Draft, Step::Close, By::Owner, State::Closed, false),
    line(State::NeedChanges, Step::Close, By::Owner, State::Closed, false),
    line(State::Approved, Step::Close, By::Officer, State::Closed, true),
];

impl Step {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Submit,
        Self::AskChanges,
        Self::Approve,
        Self::Refuse,
        Self::Suspend,
        Self::Reinstate,
        Self::Close,
    ];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::AskChanges => "ask_changes",
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Close => "close",
        }
    }

    /// The step of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Where it leads from `from`, and whether it wants a reason; `None` when it cannot be taken there.
    #[must_use]
    pub fn leads(self, from: State, by: By) -> Option<(State, bool)> {
        let found = STEPS.iter().find(|l| l.from == from && l.step == self && l.by == by)?;
        Some((found.to, found.reason))
    }

    /// What may be done in a state.
    pub fn from(state: State, by: By) -> impl Iterator<Item = Self> {
        STEPS.iter().filter(move |l| l.from == state && l.by == by).map(|l| l.step)
    }

    /// As written in the history.
    #[must_use]
    pub fn told(code: &str) -> Text {
        match Self::of(code) {
            Some(Self::Submit) => Text::new("Gửi hồ sơ", "Sent for review"),
            Some(Self::AskChanges) => Text::new("Yêu cầu bổ sung", "Changes asked for"),
            Some(Self::Approve) => Text::new("Duyệt gian hàng", "Approved"),
            Some(Self::Refuse) => Text::new("Từ chối", "Refused"),
            Some(Self::Suspend) => Text::new("Tạm ngừng gian hàng", "Suspended"),
            Some(Self::Reinstate) => Text::new("Cho bán trở lại", "Reinstated"),
            Some(Self::Close) => Text::new("Đóng gian hàng", "Closed"),
            None => Text::new("Tạo hồ sơ", "Opened"),
        }
    }
}

/// What a firm tells of itself; also what changes when it edits its profile.
#[derive(Debug, Clone, Default)]
pub struct NewSeller {
    /// `None` only for a household business that has none yet.
    pub tax_code: Option<TaxCode>,
    pub kind: Kind,
    pub legal_name: String,
    pub shop_name: String,
    /// Empty: made from the shop's name.
    pub slug: String,
    pub commune_code: String,
    pub address: String,
    /// A section or division of VSIC.
    pub vsic: Option<String>,
    pub employees: Option<i32>,
    /// Đồng a year.
    pub revenue: Option<i64>,
    /// Đồng.
    pub capital: Option<i64>,
    pub intro: String,
    pub intro_en: String,
    /// E.164.
    pub phone: String,
    pub email: String,
    pub registration_no: String,
    pub registered_on: Option<Day>,
    pub registered_by: String,
    pub art: String,
}

/// A seller as stored.
#[derive(Debug, Clone)]
pub struct Seller {
    pub id: SellerId,
    pub tax_code: Option<String>,
    pub kind: Kind,
    pub legal_name: String,
    pub shop_name: String,
    pub slug: String,
    pub commune_code: String,
    pub address: String,
    pub vsic: Option<String>,
    pub employees: Option<i32>,
    pub revenue: Option<i64>,
    pub capital: Option<i64>,
    pub size_class: super::SizeClass,
    pub intro: String,
    pub intro_en: String,
    pub phone: String,
    pub email: String,
    pub registration_no: String,
    pub registered_on: Option<Day>,
    pub registered_by: String,
    pub state: State,
    pub version: i32,
    pub decision_reason: String,
    pub submitted_at: Option<DateTime<Utc>>,
    pub approved_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// One line of a seller's record.
#[derive(Debug, Clone)]
pub struct SellerEvent {
    pub at: DateTime<Utc>,
    pub actor: Option<PersonId>,
    pub event: String,
    pub to_state: State,
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::of(state.code()), Some(state));
        }
        for step in Step::ALL {
            assert_eq!(Step::of(step.code()), Some(step));
        }
        assert_eq!(Kind::of("person"), None);
    }

    #[test]
    fn only_officers_judge_and_never_without_a_reason_but_for_approval() {
        for state in State::ALL {
            for step in Step::from(state, By::Owner) {
                assert!(matches!(step, Step::Submit | Step::Close), "{step:?}");
            }
            for step in Step::from(state, By::Officer) {
                let (_, reason) = step.leads(state, By::Officer).unwrap();
                assert_eq!(reason, step != Step::Approve, "{step:?}");
            }
        }
        assert_eq!(Step::Approve.leads(State::Draft, By::Officer), None);
        assert_eq!(Step::Approve.leads(State::Submitted, By::Owner), None);
        assert_eq!(Step::from(State::Refused, By::Officer).count(), 0);
        assert_eq!(Step::from(State::Closed, By::Officer).count(), 0);
    }
}
