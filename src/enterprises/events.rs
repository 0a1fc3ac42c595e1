//! What the slice tells.

use super::model::{State, Step};
use crate::{
    kernel::{PersonId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};

macro_rules! told {
    ($(#[$doc:meta])* $name:ident, $event:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, Deserialize)]
        pub struct $name {
            pub seller: SellerId,
        }

        impl Event for $name {
            const NAME: &'static str = $event;
        }
    };
}

told!(
    /// A shop may sell from now on.
    SellerApproved,
    "enterprises.seller_approved"
);
told!(
    /// A shop no longer sells: suspended, or closed after it had been approved.
    SellerSuspended,
    "enterprises.seller_suspended"
);
told!(
    /// A suspended shop sells again.
    SellerReinstated,
    "enterprises.seller_reinstated"
);
told!(
    /// Facts that pages show have changed: name, place, introduction, contact, state.
    SellerChanged,
    "enterprises.seller_changed"
);
/// The account that buyers pay into has changed; all owners are written to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BankAccountChanged {
    pub seller: SellerId,
    /// Nobody: the system itself; then nobody is written to.
    pub by: Option<PersonId>,
    /// Names this change.
    pub record: uuid::Uuid,
}

impl Event for BankAccountChanged {
    const NAME: &'static str = "enterprises.bank_account_changed";
}

/// A step was taken; the owners are written to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SellerStepTaken {
    pub seller: SellerId,
    pub step: Step,
    pub to: State,
    pub reason: String,
    /// Nobody: the system itself, as when the demo is loaded. Then nobody is written to.
    pub by: Option<PersonId>,
    /// The line of the record.
    pub record: uuid::Uuid,
}

impl Event for SellerStepTaken {
    const NAME: &'static str = "enterprises.seller_step_taken";
}
