//! What a product is, and the table of its steps: pure.

use crate::kernel::{Day, ProductId, SellerId, Text, Vnd};
use std::collections::BTreeMap;

/// Where a product stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    Draft,
    InReview,
    Published,
    Unlisted,
    Blocked,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::InReview, Self::Published, Self::Unlisted, Self::Blocked];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Unlisted => "unlisted",
            Self::Blocked => "blocked",
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
            Self::Draft => Text::new("Bản nháp", "Draft"),
            Self::InReview => Text::new("Chờ duyệt", "In review"),
            Self::Published => Text::new("Đang bán", "On sale"),
            Self::Unlisted => Text::new("Tạm ẩn", "Unlisted"),
            Self::Blocked => Text::new("Bị chặn", "Blocked"),
        }
    }

    /// The tone of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Unlisted => "neutral",
            Self::InReview => "info",
            Self::Published => "good",
            Self::Blocked => "bad",
        }
    }
}

/// Who may take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A member of the shop.
    Seller,
    /// An officer or somebody of the operator.
    Reviewer,
}

/// A step of a product's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Submit,
    Withdraw,
    /// What was reviewed has been changed: it is reviewed again.
    Revise,
    Approve,
    SendBack,
    Unlist,
    Relist,
    Block,
    Unblock,
}

/// The whole life of a product: (from, step, by, to, wants a reason).
const STEPS: [(State, Step, By, State, bool); 13] = [
    (State::Draft, Step::Submit, By::Seller, State::InReview, false),
    (State::InReview, Step::Withdraw, By::Seller, State::Draft, false),
    (State::InReview, Step::Approve, By::Reviewer, State::Published, false),
    (State::InReview, Step::SendBack, By::Reviewer, State::Draft, true),
    (State::Published, Step::Revise, By::Seller, State::InReview, false),
    (State::Published, Step::Unlist, By::Seller, State::Unlisted, false),
    (State::Unlisted, Step::Relist, By::Seller, State::Published, false),
    // What is not shown anyway is not sent to review before its seller wants it shown.
    (State::Unlisted, Step::Revise, By::Seller, State::Draft, false),
    (State::InReview, Step::Block, By::Reviewer, State::Blocked, true),
    (State::Published, Step::Block, By::Reviewer, State::Blocked, true),
    (State::Unlisted, Step::Block, By::Reviewer, State::Blocked, true),
    // Back to the seller, and through the review again.
    (State::Blocked, Step::Unblock, By::Reviewer, State::Draft, true),
    (State::Draft, Step::Block, By::Reviewer, State::Blocked, true),
];

impl Step {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Submit,
        Self::Withdraw,
        Self::Revise,
        Self::Approve,
        Self::SendBack,
        Self::Unlist,
        Self::Relist,
        Self::Block,
        Self::Unblock,
    ];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Revise => "revise",
            Self::Approve => "approve",
            Self::SendBack => "send_back",
            Self::Unlist => "unlist",
            Self::Relist => "relist",
            Self::Block => "block",
            Self::Unblock => "unblock",
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
        let found = STEPS.iter().find(|l| l.0 == from && l.1 == self && l.2 == by)?;
        Some((found.3, found.4))
    }

    /// As written in the history.
    #[must_use]
    pub fn told(code: &str) -> Text {
        match Self::of(code) {
            Some(Self::Submit) => Text::new("Gửi duyệt", "Sent for review"),
            Some(Self::Withdraw) => Text::new("Rút về sửa", "Taken back"),
            Some(Self::Revise) => Text::new("Sửa nội dung đã duyệt", "Reviewed contents changed"),
            Some(Self::Approve) => Text::new("Duyệt", "Approved"),
            Some(Self::SendBack) => Text::new("Trả lại để sửa", "Sent back"),
            Some(Self::Unlist) => Text::new("Tạm ẩn", "Unlisted"),
            Some(Self::Relist) => Text::new("Bán lại", "Relisted"),
            Some(Self::Block) => Text::new("Chặn", "Blocked"),
            Some(Self::Unblock) => Text::new("Bỏ chặn", "Unblocked"),
            None => Text::new("Tạo", "Made"),
        }
    }
}

/// A price for firms from a quantity upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tier {
    pub min_quantity: i32,
    pub price: Vnd,
}

/// The price of one piece when `quantity` are bought; firms' members get the price of their quantity.
#[must_use]
pub fn tier_price(price: Vnd, tiers: &[Tier], quantity: i64, business: bool) -> Vnd {
    let reached = tiers.iter().filter(|t| business && i64::from(t.min_quantity) <= quantity);
    reached.max_by_key(|t| t.min_quantity).map_or(price, |t| t.price)
}

/// Whether quantities rise and prices fall, all of them below the retail price.
#[must_use]
pub(super) fn tiers_fit(price: Vnd, tiers: &[Tier]) -> bool {
    let first = Tier { min_quantity: 0, price };
    std::iter::once(&first)
        .chain(tiers)
        .zip(tiers)
        .all(|(a, b)| b.min_quantity > a.min_quantity && b.price < a.price && b.price.0 > 0)
        && tiers.first().is_none_or(|t| t.min_quantity >= 2)
}

/// One buyable form, as a seller gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewVariant {
    pub sku: String,
    /// What tells it from its siblings: `500 g, rang đậm`. Empty when there is one only.
    pub label: String,
    /// VAT included.
    pub price: Vnd,
    /// The price before a reduction.
    pub list_price: Option<Vnd>,
    /// Grams, packed.
    pub weight_g: i32,
    pub gtin: Option<String>,
    /// On hand at the beginning; services have no limit.
    pub stock: i64,
    pub tiers: Vec<Tier>,
}

/// A paper about a product, as a seller gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCertificate {
    /// A kind of `data/papers.csv`, or `ocop3` … `ocop5`.
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub issued: Option<Day>,
    /// The last day on which it is valid; `None`: it does not expire.
    pub expires: Option<Day>,
    pub file_key: String,
    pub file_type: String,
    /// Seen and found right. A seller's own papers never come with it.
    pub accepted: bool,
}

/// What the reviewer looks at: a change of it makes a published product be reviewed again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub category: String,
    pub name: String,
    pub name_en: String,
    /// Markdown.
    pub description: String,
    pub brand: String,
    pub origin_commune: Option<String>,
    /// Fact key → text.
    pub facts: BTreeMap<String, String>,
    pub unit: String,
    /// VAT contained in the price, basis points.
    pub tax_bps: i32,
    /// Days until it can be handed over.
    pub lead_days: i32,
}

/// A product that begins as a draft.
#[derive(Debug, Clone)]
pub struct NewProduct {
    pub seller: SellerId,
    pub about: About,
    /// `coffee/green`; empty: the category's drawing in a tint of its own.
    pub art: String,
    pub variants: Vec<NewVariant>,
    pub certificates: Vec<NewCertificate>,
}

/// A product as its seller or its reviewer sees it.
#[derive(Debug, Clone)]
pub struct Product {
    pub id: ProductId,
    pub seller: SellerId,
    pub slug: String,
    pub about: About,
    pub description_html: String,
    pub art: String,
    pub state: State,
    pub state_reason: String,
    pub lapses_on: Option<Day>,
    pub version: i64,
    /// Ever shown to buyers.
    pub was_published: bool,
}

/// One line of a product's record.
#[derive(Debug, Clone)]
pub(super) struct ProductEvent {
    pub(super) at: chrono::DateTime<chrono::Utc>,
    pub(super) event: String,
    pub(super) reason: String,
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
    }

    #[test]
    fn only_a_reviewer_leads_a_product_out_of_review_to_buyers() {
        for state in State::ALL {
            for step in Step::ALL {
                if let Some((State::Published, _)) = step.leads(state, By::Seller) {
                    assert_eq!((state, step), (State::Unlisted, Step::Relist));
                }
            }
        }
        assert_eq!(Step::Unlist.leads(State::Blocked, By::Seller), None);
        assert_eq!(Step::Unblock.leads(State::Blocked, By::Seller), None);
    }

    #[test]
    fn firms_pay_the_price_of_their_quantity() {
        let tiers = [(10, 90), (50, 80)]
            .map(|(min_quantity, price)| Tier { min_quantity, price: Vnd(price) });
        let price = |n, business| tier_price(Vnd(100), &tiers, n, business).0;
        assert_eq!(
            [price(9, true), price(10, true), price(49, true), price(50, true)],
            [100, 90, 90, 80]
        );
        assert_eq!(price(50, false), 100);
        assert!(tiers_fit(Vnd(100), &tiers));
        assert!(!tiers_fit(Vnd(90), &tiers), "not below retail");
        assert!(!tiers_fit(Vnd(100), &[tiers[1], tiers[0]]));
        assert!(!tiers_fit(Vnd(100), &[Tier { min_quantity: 1, price: Vnd(90) }]));
    }
}
