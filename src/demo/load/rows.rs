//! The files of `data/demo/` as they are written; see the README there.

use crate::{kernel::Day, platform::reference};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Firm {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) short_name: String,
    pub(super) kind: String,
    pub(super) tax_code: String,
    pub(super) vsic: String,
    pub(super) commune_code: String,
    pub(super) address: String,
    pub(super) employees: Option<i32>,
    pub(super) revenue_vnd: Option<i64>,
    pub(super) capital_vnd: Option<i64>,
    pub(super) founded: Day,
    pub(super) state: String,
    pub(super) intro_vi: String,
    pub(super) intro_en: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) bank_bin: String,
    pub(super) bank_account: String,
    pub(super) ship_inner_fee: Option<i64>,
    pub(super) ship_outer_fee: Option<i64>,
    pub(super) free_over: Option<i64>,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) cod: bool,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) transfer: bool,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) pickup: bool,
}

#[derive(Deserialize)]
pub(super) struct Product {
    pub(super) firm: String,
    pub(super) sku: String,
    pub(super) category: String,
    pub(super) name: String,
    pub(super) art: String,
    pub(super) tint: String,
    pub(super) description: String,
    pub(super) facts: String,
    pub(super) unit: String,
    pub(super) variants: String,
    pub(super) b2b_tiers: String,
    pub(super) tax_bps: i32,
    pub(super) lead_days: i32,
    pub(super) certificates: String,
    pub(super) state: String,
    pub(super) name_en: String,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) commune_code: String,
    pub(super) address: String,
}

#[derive(Deserialize)]
pub(super) struct Registered {
    pub(super) tax_code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) commune_code: String,
    pub(super) vsic: String,
    pub(super) employees: Option<i32>,
    pub(super) revenue_vnd: Option<i64>,
    pub(super) capital_vnd: Option<i64>,
    pub(super) status: String,
    pub(super) founded: Day,
}

macro_rules! file {
    ($name:ident, $row:ty, $path:literal) => {
        /// The rows of the file.
        pub(super) fn $name() -> anyhow::Result<Vec<$row>> {
            reference::rows(include_str!($path))
        }
    };
}

file!(firms, Firm, "../../../data/demo/firms.csv");
file!(products, Product, "../../../data/demo/products.csv");
file!(people, Person, "../../../data/demo/people.csv");
file!(register, Registered, "../../../data/demo/register.csv");
