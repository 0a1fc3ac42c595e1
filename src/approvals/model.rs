//! What is asked for, and by which rules: pure.

use crate::kernel::{Lang, OrgId, PersonId, Text, Vnd};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of thing is to be agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SubjectKind {
    /// A basket on its way to become orders.
    Checkout,
    /// Sellers' quotes that are to be accepted; the subject is the request that they answer.
    Quote,
}

impl SubjectKind {
    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Checkout => Text::new("Đặt hàng", "Order"),
            Self::Quote => Text::new("Chọn báo giá", "Choice of quotes"),
        }
    }
}

/// The thing itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: Uuid,
}

/// What somebody asks his firm to agree to.
#[derive(Debug, Clone)]
pub struct Request {
    pub org: OrgId,
    pub asked_by: PersonId,
    pub subject: Subject,
    /// Of everything that is agreed to: another print needs another approval.
    pub print: [u8; 32],
    pub amount: Vnd,
    /// Slugs of the goods' categories with all branches above them; see [`super::with_parents`].
    pub categories: Vec<String>,
    /// What those who decide read; may have several lines.
    pub what: Text,
    /// Where it is: a path of this site.
    pub url: String,
}

/// How something stands with the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No rule asks for anybody's agreement.
    NotNeeded,
    Approved,
    Waiting,
    Refused,
}

/// A rule in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) id: Uuid,
    /// From this amount on.
    pub(super) over: Vnd,
    /// Of these goods; `None`: of all.
    pub(super) category: Option<String>,
    /// What this member asks for; `None`: anybody.
    pub(super) person: Option<PersonId>,
    /// Who agrees; `None`: any approver.
    pub(super) approver: Option<PersonId>,
}

impl Rule {
    fn applies(&self, asked: &Request) -> bool {
        asked.amount >= self.over
            && self.person.is_none_or(|person| person == asked.asked_by)
            && self.category.as_ref().is_none_or(|slug| asked.categories.contains(slug))
    }
}

/// Who has to agree, each once; `None` stands for any approver. Who is no approver any more, and the asker himself,
/// are replaced by any other; where there is no other approver nobody can be asked.
pub(super) fn needed(
    rules: &[Rule],
    asked: &Request,
    approvers: &[PersonId],
) -> Vec<Option<PersonId>> {
    let others: Vec<PersonId> =
        approvers.iter().copied().filter(|person| *person != asked.asked_by).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let applying = rules.iter().filter(|rule| rule.applies(asked));
    let mut steps: Vec<Option<PersonId>> =
        applying.map(|rule| rule.approver.filter(|person| others.contains(person))).collect();
    // The named ones first, then whoever it may be.
    steps.sort_by_key(|step| (step.is_none(), *step));
    steps.dedup();
    steps
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum State {
    Waiting,
    Approved,
    Refused,
    /// Another print was asked for, what it was about has ended, or nobody decided in time.
    Void,
}

impl State {
    /// For people.
    pub(super) fn label(self) -> Text {
        match self {
            Self::Waiting => Text::new("Chờ duyệt", "Waiting"),
            Self::Approved => Text::new("Đã duyệt", "Approved"),
            Self::Refused => Text::new("Từ chối", "Refused"),
            Self::Void => Text::new("Không còn hiệu lực", "No longer stands"),
        }
    }

    /// Of its badge.
    pub(super) const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "warn",
            Self::Approved => "good",
            Self::Refused => "bad",
            Self::Void => "neutral",
        }
    }

    pub(super) const fn standing(self) -> Option<Standing> {
        match self {
            Self::Waiting => Some(Standing::Waiting),
            Self::Approved => Some(Standing::Approved),
            Self::Refused => Some(Standing::Refused),
            Self::Void => None,
        }
    }
}

/// A request as kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) org: OrgId,
    pub(super) kind: SubjectKind,
    pub(super) subject: Uuid,
    pub(super) print: Vec<u8>,
    pub(super) asked_by: PersonId,
    pub(super) amount: Vnd,
    pub(super) what_vi: String,
    pub(super) what_en: String,
    pub(super) url: String,
    pub(super) state: State,
    pub(super) asked_at: DateTime<Utc>,
}

impl Kept {
    /// What it is about.
    pub(super) fn what(&self, lang: Lang) -> &str {
        lang.t(&self.what_vi, &self.what_en)
    }

    /// The first line of that.
    pub(super) fn title(&self, lang: Lang) -> &str {
        self.what(lang).lines().next().unwrap_or_default()
    }
}

/// Something that happened to a request.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub(super) at: DateTime<Utc>,
    pub(super) event: String,
    pub(super) person: Option<PersonId>,
    pub(super) stands_for: Option<PersonId>,
    pub(super) note: String,
}
