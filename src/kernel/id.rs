//! One type per kind of id, so that a buyer cannot be passed where an order is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// A person who can sign in.
    PersonId
);
id!(
    /// An enterprise, cooperative or household that sells, or is on its way to.
    SellerId
);
id!(
    /// A firm that buys.
    OrgId
);
id!(
    /// What a seller lists.
    ProductId
);
id!(
    /// One buyable form of a product: this coffee, ground, 500 g. The SKU.
    VariantId
);
id!(
    /// One checkout: a basket on its way to become orders.
    CheckoutId
);
id!(
    /// All orders of one checkout.
    GroupId
);
id!(
    /// One order with one seller.
    OrderId
);
id!(
    /// What is to be paid for one order.
    IntentId
);
id!(
    /// What a seller takes off an order on conditions.
    VoucherId
);
