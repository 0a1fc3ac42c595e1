//! Facts that quotes tell.

use crate::{
    kernel::{OrgId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request was sent, or has moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestMoved {
    pub request: Uuid,
    pub org: OrgId,
    /// `send`, or the word of a step.
    pub event: String,
    /// The request's version with this step.
    pub version: i32,
}

impl Event for RequestMoved {
    const NAME: &'static str = "quotes.request_moved";
}

/// One seller's quote has moved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuoteMoved {
    pub request: Uuid,
    pub quote: Uuid,
    pub org: OrgId,
    pub seller: SellerId,
    /// The word of the step.
    pub event: String,
    /// The number of the quote's event.
    pub number: i32,
}

impl Event for QuoteMoved {
    const NAME: &'static str = "quotes.quote_moved";
}

/// A question was asked, or answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuestionMoved {
    pub question: Uuid,
    pub request: Uuid,
    pub org: OrgId,
    pub answered: bool,
}

impl Event for QuestionMoved {
    const NAME: &'static str = "quotes.question_moved";
}
