//! What was agreed, in the form that is frozen. Pure.

use crate::{
    config::Site,
    enterprises::SellerFacts,
    kernel::{BasisPoints, Lang, Text, Vnd, date},
    orders::{DeliveryMethod, Order, OrderHead, PaymentMethod},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Words in both languages, as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    vi: String,
    en: String,
}

impl Said {
    pub(super) fn get(&self, lang: Lang) -> &str {
        lang.t(&self.vi, &self.en)
    }
}

impl From<Text> for Said {
    fn from(text: Text) -> Self {
        Self { vi: text.get(Lang::Vi).to_owned(), en: text.get(Lang::En).to_owned() }
    }
}

/// A way of delivering or paying: its word, which no wording changes. Contracts that were issued before hold the label
/// of their day, and go on showing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Chosen {
    Word(String),
    Label(Said),
}

impl Chosen {
    /// In the reader's language; `label` knows the words.
    fn shown(&self, lang: Lang, label: impl FnOnce(&str) -> Option<Text>) -> String {
        match self {
            Self::Label(said) => said.get(lang).to_owned(),
            Self::Word(word) => {
                label(word).map_or_else(|| word.clone(), |text| text.get(lang).to_owned())
            }
        }
    }
}

/// One side of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Party {
    /// The legal name.
    pub(super) name: String,
    pub(super) tax_code: Option<String>,
    /// Who acts for a firm.
    pub(super) person: String,
    pub(super) address: String,
    pub(super) phone: String,
    pub(super) email: String,
}

/// One line as it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Goods {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) sku: String,
    pub(super) unit: String,
    pub(super) quantity: i64,
    pub(super) unit_price: Vnd,
    pub(super) tax_rate: BasisPoints,
    pub(super) total: Vnd,
    pub(super) tax: Vnd,
}

/// Where a transfer goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) bank: String,
    pub(super) number: String,
    pub(super) holder: String,
    pub(super) memo: String,
}

/// What both sides agreed on. Its digest tells whether an order has been changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agreed {
    pub(super) order: String,
    pub(super) group: String,
    pub(super) placed_at: DateTime<Utc>,
    pub(super) seller: Party,
    pub(super) buyer: Party,
    pub(super) goods: Vec<Goods>,
    pub(super) goods_total: Vnd,
    pub(super) delivery_fee: Vnd,
    pub(super) tax_total: Vnd,
    /// Code and conditions of what was taken off; empty: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) voucher: String,
    pub(super) total: Vnd,
    pub(super) delivery: Chosen,
    pub(super) delivery_to: String,
    pub(super) delivery_days: String,
    pub(super) note: String,
    pub(super) payment: Chosen,
    pub(super) account: Option<Account>,
}

/// The contract with what surrounded it on the day of its paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contract {
    pub(super) agreed: Agreed,
    /// The seller's entry in the business register, as known then.
    pub(super) registration: Said,
    pub(super) floor: Floor,
}

/// The floor on which it was concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Floor {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) operator: String,
    pub(super) operator_address: String,
    pub(super) operator_email: String,
}

impl Agreed {
    pub(super) fn of(order: &Order) -> Self {
        let head = &order.head;
        let account = order.payment.as_ref().and_then(|intent| {
            let account = intent.account.as_ref()?;
            Some(Account {
                bank: account.bank_name.clone(),
                number: account.number.clone(),
                holder: account.name.clone(),
                memo: intent.memo.clone(),
            })
        });
        Self {
            order: head.code.clone(),
            group: head.group_code.clone(),
            placed_at: head.placed_at,
            seller: seller(head),
            buyer: buyer(head),
            goods: order.lines.iter().map(Goods::of).collect(),
            goods_total: head.goods_total,
            delivery_fee: head.delivery_fee,
            tax_total: head.tax_total,
            voucher: match head.voucher_code.as_str() {
                "" => String::new(),
                code => format!("{code}: {}", head.voucher_terms),
            },
            total: head.total,
            delivery: Chosen::Word(head.delivery_method.code().to_owned()),
            delivery_to: head.delivery_text.clone(),
            delivery_days: head.delivery_days.clone(),
            note: head.note.clone(),
            payment: Chosen::Word(head.payment_method.code().to_owned()),
            account,
        }
    }

    /// How the goods come.
    pub(super) fn delivery(&self, lang: Lang) -> String {
        self.delivery.shown(lang, |word| DeliveryMethod::of(word).map(DeliveryMethod::label))
    }

    /// How they are paid.
    pub(super) fn payment(&self, lang: Lang) -> String {
        self.payment.shown(lang, |word| PaymentMethod::of(word).map(PaymentMethod::label))
    }

    /// Whether a kept contract says the same. One of before held labels, whose wording is not what was agreed.
    pub(super) fn is_in(&self, kept: &str) -> bool {
        let Ok(Contract { agreed: mut before, .. }) = serde_json::from_str(kept) else {
            return false;
        };
        for (then, now) in
            [(&mut before.delivery, &self.delivery), (&mut before.payment, &self.payment)]
        {
            if matches!(then, Chosen::Label(_)) {
                *then = now.clone();
            }
        }
        before == *self
    }

    /// What was taken off the sum of goods and delivery.
    pub(super) fn discount(&self) -> Vnd {
        Vnd(self.goods_total.0.saturating_add(self.delivery_fee.0).saturating_sub(self.total.0))
    }

    /// SHA-256 of the agreement as it is kept.
    ///
    /// # Errors
    /// Never in practice, but the writer says so.
    pub(super) fn digest(&self) -> serde_json::Result<Vec<u8>> {
        Ok(Sha256::digest(serde_json::to_vec(self)?).to_vec())
    }
}

fn seller(head: &OrderHead) -> Party {
    Party {
        name: head.seller_name.clone(),
        tax_code: head.seller_tax_code.clone(),
        person: String::new(),
        address: head.seller_address.clone(),
        phone: head.seller_phone_shown(),
        email: head.seller_email.clone(),
    }
}

fn buyer(head: &OrderHead) -> Party {
    let firm = head.buyer_tax_code.is_some();
    Party {
        name: if firm { head.buyer_org.clone() } else { head.buyer_name.clone() },
        tax_code: head.buyer_tax_code.clone(),
        person: if firm { head.buyer_name.clone() } else { String::new() },
        address: String::new(),
        phone: head.phone(),
        email: head.buyer_email.clone().unwrap_or_default(),
    }
}

impl Goods {
    fn of(line: &crate::orders::Line) -> Self {
        Self {
            name: line.name.clone(),
            label: line.label.clone(),
            sku: line.sku.clone(),
            unit: line.unit.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            tax_rate: line.tax_bps,
            total: line.total,
            tax: line.tax,
        }
    }
}

impl Contract {
    pub(super) fn of(agreed: Agreed, facts: Option<&SellerFacts>, site: &Site) -> Self {
        Self {
            agreed,
            registration: facts.map_or_else(|| Text::new("", ""), registration).into(),
            floor: Floor {
                name: site.name.clone(),
                address: site.base_url.clone(),
                operator: site.operator.name.clone(),
                operator_address: site.operator.address.clone(),
                operator_email: site.operator.email.clone(),
            },
        }
    }
}

fn registration(facts: &SellerFacts) -> Text {
    if facts.registration_no.is_empty() {
        return Text::new("", "");
    }
    let (mut vi, mut en) =
        (format!("số {}", facts.registration_no), format!("no. {}", facts.registration_no));
    if let Some(day) = facts.registered_on {
        vi += &format!(", cấp ngày {}", date(day));
        en += &format!(", issued on {}", date(day));
    }
    if !facts.registered_by.is_empty() {
        vi += &format!(", nơi cấp: {}", facts.registered_by);
        en += &format!(", by {}", facts.registered_by);
    }
    Text::new(vi, en)
}
