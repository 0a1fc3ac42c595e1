//! Organisations and the roles in them.

use crate::kernel::{Lang, OrgId, Text};

/// Whether it is known who an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrgState {
    /// Its members say so.
    Unverified,
    /// An officer has seen it, or its own shop was admitted.
    Verified,
    Refused,
    Closed,
}

impl OrgState {
    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Unverified => Text::new("Chưa xác minh", "Unverified"),
            Self::Verified => Text::new("Đã xác minh", "Verified"),
            Self::Refused => Text::new("Bị từ chối", "Refused"),
            Self::Closed => Text::new("Đã đóng", "Closed"),
        }
    }

    /// Of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Unverified => "warn",
            Self::Verified => "good",
            Self::Refused => "bad",
            Self::Closed => "neutral",
        }
    }
}

/// What a member may do; one member may have several roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrgRole {
    /// Fills baskets, asks for quotes, orders within the rules.
    Requester,
    /// Agrees to spending that the rules put before him.
    Approver,
    /// Reads orders and invoices, marks what was paid.
    Accountant,
    /// Members, sites, facts and rules.
    Administrator,
}

impl OrgRole {
    /// All of them, as they are listed.
    pub const ALL: [Self; 4] =
        [Self::Requester, Self::Approver, Self::Accountant, Self::Administrator];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Accountant => "accountant",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What it allows, for the form that gives it.
    #[must_use]
    pub fn about(self) -> Text {
        match self {
            Self::Requester => {
                Text::new("Chọn hàng, hỏi giá, đặt hàng", "Chooses goods, asks for quotes, orders")
            }
            Self::Approver => Text::new(
                "Duyệt chi theo quy tắc của đơn vị",
                "Agrees to spending by the organisation's rules",
            ),
            Self::Accountant => {
                Text::new("Xem đơn hàng, hóa đơn, công nợ", "Reads orders, invoices and debts")
            }
            Self::Administrator => Text::new(
                "Thành viên, địa điểm, thông tin, quy tắc duyệt",
                "Members, sites, facts and rules of approval",
            ),
        }
    }

    /// Those of these codes, each once, in the order of the list.
    #[must_use]
    pub fn all_of(codes: &[String]) -> Vec<Self> {
        Self::ALL.into_iter().filter(|role| codes.iter().any(|code| code == role.code())).collect()
    }

    /// Several in one line.
    #[must_use]
    pub fn shown(roles: &[Self], lang: Lang) -> String {
        let labels: Vec<String> = roles.iter().map(|r| r.label().get(lang).to_owned()).collect();
        labels.join(", ")
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Requester => Text::new("Người đề nghị mua", "Requester"),
            Self::Approver => Text::new("Người duyệt", "Approver"),
            Self::Accountant => Text::new("Kế toán", "Accountant"),
            Self::Administrator => Text::new("Quản trị", "Administrator"),
        }
    }
}

/// What somebody tells who opens one.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Ten or thirteen digits, checked.
    pub tax_code: String,
    pub name: String,
    /// As the invoice names it.
    pub address: String,
    pub commune_code: String,
    /// Where invoices go; may be empty.
    pub email: String,
}

/// A buying firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrgId,
    pub tax_code: String,
    pub name: String,
    pub address: String,
    pub commune_code: String,
    /// May be empty.
    pub email: String,
    pub state: OrgState,
}

/// One membership of a person.
#[derive(Debug, Clone)]
pub struct Membership {
    pub org: OrgId,
    pub name: String,
    pub tax_code: String,
    pub state: OrgState,
    pub roles: Vec<OrgRole>,
}
