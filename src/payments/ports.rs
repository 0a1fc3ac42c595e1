//! What every payment gateway can do, whoever runs it. The money goes to the seller's own account there.

use crate::kernel::{Lang, Vnd};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One seller's contract with one provider.
///
/// The same request twice moves money once: a request is named by its `key` or `reference`. An answer that did not
/// come is [`GatewayError::Unknown`], and is looked up before anything is repeated.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Asks for the page on which the buyer pays.
    async fn start(&self, ask: &Ask<'_>) -> Result<Started, GatewayError>;

    /// Reads what the provider tells us of its own accord, once its signature over the raw bytes fits.
    fn verify(&self, now: DateTime<Utc>, inbound: &Inbound<'_>) -> Result<Notice, Forged>;

    /// Reads again what was verified when it came.
    fn read(&self, raw: &[u8]) -> Option<Notice>;

    /// What the provider wants to be answered.
    fn acknowledge(&self, heard: Heard) -> Reply;

    /// Asks what became of a payment.
    async fn look_up(&self, now: DateTime<Utc>, of: &Known<'_>) -> Result<Fate, GatewayError>;

    /// Sends money back to the buyer.
    async fn refund(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError>;

    /// Whether the provider can be asked about one refund among several of the same payment.
    fn tells_refunds_apart(&self) -> bool {
        true
    }

    /// Asks what became of a refund.
    async fn refund_status(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError>;
}

/// One attempt to pay.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The id of our own row: the provider's idempotency key.
    pub key: Uuid,
    /// How the provider and we name the payment.
    pub reference: &'a str,
    pub amount: Vnd,
    /// Letters without marks, digits and spaces.
    pub info: &'a str,
    /// When the attempt was written down: the same request again is the same to the letter.
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Where the buyer comes back to. It decides nothing.
    pub return_url: &'a str,
    /// Where the provider tells us.
    pub notice_url: &'a str,
    pub buyer_ip: &'a str,
    pub lang: Lang,
}

/// Where the buyer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub url: String,
    /// The provider's own name of the page, if lookups need it.
    pub session: Option<String>,
}

/// A payment that was asked for before.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub reference: &'a str,
    pub session: Option<&'a str>,
    pub made_at: DateTime<Utc>,
}

/// What has become of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The buyer may still pay.
    Pending,
    Captured(Capture),
    /// It will not be paid any more; another attempt may.
    Failed {
        code: String,
    },
    /// The provider has never heard of it.
    NotFound,
}

/// Money that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The provider's own number of the transaction.
    pub payment: String,
    /// In the currency's smallest unit; đồng have none smaller.
    pub amount: i64,
    /// `VND`.
    pub currency: String,
}

/// A refund, asked for now or before.
#[derive(Debug, Clone, Copy)]
pub struct RefundAsk<'a> {
    /// The id of our own row.
    pub key: Uuid,
    /// When the row was written.
    pub made_at: DateTime<Utc>,
    /// How the payment is named.
    pub reference: &'a str,
    /// When its attempt was written.
    pub paid_made_at: DateTime<Utc>,
    /// The provider's number of the payment.
    pub payment: &'a str,
    pub paid: Vnd,
    pub amount: Vnd,
    /// The provider's number of the refund, once it has told it.
    pub refund: Option<&'a str>,
}

/// What has become of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundFate {
    Done {
        refund: String,
    },
    /// Taken on, not done.
    Pending {
        refund: Option<String>,
    },
    Refused {
        code: String,
    },
    /// The provider has never heard of it: it may be asked for again.
    NotFound,
    /// The provider cannot say which of several refunds it speaks of: a person has to look.
    Unclear,
}

/// What the provider sends, as it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inbound<'a> {
    /// The body; the query where a notice comes by GET.
    pub raw: &'a [u8],
    /// Of the header that carries a signature.
    pub signature: &'a str,
}

/// A notice whose signature fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Names the notice: the same again is the same.
    pub id: String,
    pub about: About,
    /// The provider's account to which it belongs, where one endpoint serves several.
    pub account: Option<String>,
    pub told: Told,
}

/// Which payment a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// By the name that we gave it.
    Reference(String),
    /// By the provider's own number.
    Payment(String),
    /// None that we can know.
    Nothing,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Captured(Capture),
    Failed {
        code: String,
    },
    Refunded {
        /// Of our own row, where we asked for it.
        ours: Option<Uuid>,
        refund: String,
        amount: i64,
        currency: String,
    },
    RefundFailed {
        ours: Option<Uuid>,
        code: String,
    },
    /// The buyer's bank has taken the money back.
    Chargeback {
        dispute: String,
        amount: i64,
        currency: String,
    },
    /// And has given it again.
    ChargebackReversed {
        dispute: String,
        amount: i64,
        currency: String,
    },
    /// Something has moved: the provider is to be asked.
    Hint,
    /// Something about the seller's account there has changed: the provider is to be asked.
    Account,
    /// Nothing of ours; kept.
    Other,
}

/// How a notice was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Kept; it is acted upon.
    Kept,
    /// It was known.
    Before,
    /// Nothing of that name was ever asked for.
    NotFound,
    /// Another amount or currency than was asked for.
    WrongAmount,
    /// The signature does not fit.
    Forged,
}

/// An answer to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// JSON; may be empty.
    pub body: String,
}

/// Why a provider did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// It said no: nothing has happened.
    #[error("the provider refused: {code}")]
    Refused { code: String },
    /// It was never reached: nothing has happened.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// No answer that can be understood: it may have happened.
    #[error("no clear answer: {0}")]
    Unknown(String),
    /// It has had this very request before.
    #[error("the provider has had this request before")]
    Duplicate,
}

/// A notice that is not from the provider, or was changed on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit")]
pub struct Forged;

impl Reply {
    /// With a body of JSON.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string() }
    }

    /// Without a body.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, body: String::new() }
    }
}
