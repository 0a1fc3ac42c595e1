//! What a buyer has said so far about who he is, where it goes, and how he pays.

use crate::{
    delivery::Method,
    kernel::{CheckoutId, SellerId},
    payments::PaymentMethod,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The choices for one seller's order, as words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pick {
    #[serde(default)]
    pub(super) delivery: String,
    #[serde(default)]
    pub(super) point: Option<Uuid>,
    #[serde(default)]
    pub(super) payment: String,
    /// The voucher's code as it is kept; empty: none.
    #[serde(default)]
    pub(super) voucher: String,
}

impl Pick {
    pub(super) fn method(&self) -> Option<Method> {
        Method::of(&self.delivery)
    }

    pub(super) fn pays(&self) -> Option<PaymentMethod> {
        PaymentMethod::of(&self.payment)
    }
}

/// One checkout before it is placed. Everything is kept as typed, right or wrong.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// `None`: nothing has been saved yet.
    pub(super) id: Option<CheckoutId>,
    pub(super) for_firm: bool,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) commune: Option<String>,
    pub(super) commune_typed: String,
    pub(super) address_line: String,
    pub(super) note: String,
    pub(super) picks: HashMap<SellerId, Pick>,
}

impl Draft {
    /// Nothing said yet.
    pub(super) fn empty() -> Self {
        Self {
            id: None,
            for_firm: false,
            name: String::new(),
            phone: String::new(),
            email: String::new(),
            commune: None,
            commune_typed: String::new(),
            address_line: String::new(),
            note: String::new(),
            picks: HashMap::new(),
        }
    }

    /// As the form's choice.
    pub(super) const fn buyer_kind(&self) -> &'static str {
        if self.for_firm { "organisation" } else { "person" }
    }

    pub(super) fn commune_code(&self) -> &str {
        self.commune.as_deref().unwrap_or_default()
    }
}
