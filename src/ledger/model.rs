//! Accounts, and what an order's money comes to on them. Pure.

use super::tax::Taxed;
use crate::{kernel::Text, payments::Position};
use std::collections::BTreeMap;

/// An account of the books of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Account {
    Buyer,
    Sales,
    Returns,
    Bank,
    Cash,
    Gateway,
    Carrier,
    Refunds,
    Disputed,
    Commission,
    CommissionOwed,
    CommissionPaid,
    Tax,
    TaxOwed,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 14] = [
        Self::Buyer,
        Self::Sales,
        Self::Returns,
        Self::Bank,
        Self::Cash,
        Self::Gateway,
        Self::Carrier,
        Self::Refunds,
        Self::Disputed,
        Self::Commission,
        Self::CommissionOwed,
        Self::CommissionPaid,
        Self::Tax,
        Self::TaxOwed,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Sales => "sales",
            Self::Returns => "returns",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::Gateway => "gateway",
            Self::Carrier => "carrier",
            Self::Refunds => "refunds",
            Self::Disputed => "disputed",
            Self::Commission => "commission",
            Self::CommissionOwed => "commission_owed",
            Self::CommissionPaid => "commission_paid",
            Self::Tax => "tax",
            Self::TaxOwed => "tax_owed",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Buyer => Text::new("Người mua còn nợ", "Owed by buyers"),
            Self::Sales => Text::new("Bán hàng", "Sales"),
            Self::Returns => Text::new("Đơn hủy, hàng trả lại", "Cancelled and returned"),
            Self::Bank => Text::new("Về tài khoản ngân hàng", "Seen on the bank account"),
            Self::Cash => Text::new("Tiền mặt tự thu", "Cash taken at the door"),
            Self::Gateway => Text::new("Qua cổng thanh toán", "At payment gateways"),
            Self::Carrier => Text::new("Tiền thu hộ chưa chuyển", "With carriers"),
            Self::Refunds => Text::new("Đã hoàn cho người mua", "Given back to buyers"),
            Self::Disputed => {
                Text::new("Ngân hàng người mua thu lại", "Taken back by buyers' banks")
            }
            Self::Commission => Text::new("Phí của sàn", "The floor's commission"),
            Self::CommissionOwed => Text::new("Phí sàn chưa trả", "Commission not yet paid"),
            Self::CommissionPaid => Text::new("Phí sàn đã trả", "Commission paid"),
            Self::Tax => Text::new("Thuế khấu trừ", "Tax withheld"),
            Self::TaxOwed => Text::new("Thuế sàn phải nộp thay", "Tax that the floor owes for you"),
        }
    }
}

/// What stands on each account; accounts at zero are left out.
pub(super) type Standing = BTreeMap<Account, i128>;

/// What was agreed on the operator's commission and on tax when the order was completed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Agreed {
    /// On all that was billed.
    pub commission: i64,
    pub billed: i64,
    pub tax: Taxed,
}

impl Agreed {
    /// The commission on what is still due: rounded down, in the seller's favour.
    fn on(&self, due: i128) -> i128 {
        let (whole, billed) = (i128::from(self.commission), i128::from(self.billed));
        if billed <= 0 { 0 } else { whole * due.clamp(0, billed) / billed }
    }
}

/// Where the money of an order stands. Adds up to zero, whatever the position.
pub(super) fn standing(at: &Position, agreed: &Agreed) -> Standing {
    let came = at.bank + at.cash + at.gateway + at.carrier;
    let (commission, tax) = (agreed.on(at.due), agreed.tax.withheld(at.due));
    let all = [
        (Account::Buyer, at.due - came + at.refunded + at.charged_back),
        (Account::Sales, -at.billed),
        (Account::Returns, at.billed - at.due),
        (Account::Bank, at.bank),
        (Account::Cash, at.cash),
        (Account::Gateway, at.gateway),
        (Account::Carrier, at.carrier),
        (Account::Refunds, -at.refunded),
        (Account::Disputed, -at.charged_back),
        (Account::Commission, commission),
        (Account::CommissionOwed, -commission),
        (Account::Tax, tax),
        (Account::TaxOwed, -tax),
    ];
    all.into_iter().filter(|(_, amount)| *amount != 0).collect()
}

/// What must be posted to come from one standing to another.
pub(super) fn change(from: &Standing, to: &Standing) -> Standing {
    let of = |standing: &Standing, account| standing.get(&account).copied().unwrap_or(0);
    Account::ALL
        .into_iter()
        .map(|account| (account, of(to, account) - of(from, account)))
        .filter(|(_, amount)| *amount != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = Position> {
        prop::array::uniform8(-1000i128..1000).prop_map(|n| Position {
            billed: n[0],
            due: n[1],
            bank: n[2],
            cash: n[3],
            gateway: n[4],
            carrier: n[5],
            refunded: n[6],
            charged_back: n[7],
        })
    }

    proptest! {
        #[test]
        fn every_entry_adds_up_to_zero(a in position(), b in position(), commission in 0i64..100, billed in 0i64..1000) {
            let agreed = Agreed { commission, billed, ..Agreed::default() };
            let (from, to) = (standing(&a, &Agreed::default()), standing(&b, &agreed));
            prop_assert_eq!(from.values().sum::<i128>(), 0);
            prop_assert_eq!(to.values().sum::<i128>(), 0);
            let posted = change(&from, &to);
            prop_assert_eq!(posted.values().sum::<i128>(), 0);
            let mut reached = from;
            for (account, amount) in posted {
                *reached.entry(account).or_default() += amount;
            }
            reached.retain(|_, amount| *amount != 0);
            prop_assert_eq!(reached, to);
        }

        #[test]
        fn the_commission_never_grows_and_goes_with_the_sale(commission in 0i64..1000, billed in 1i64..100_000, due in 0i128..100_000) {
            let agreed = Agreed { commission, billed, ..Agreed::default() };
            prop_assert!(agreed.on(due) <= i128::from(commission));
            prop_assert_eq!(agreed.on(i128::from(billed)), i128::from(commission));
            prop_assert_eq!(agreed.on(0), 0);
        }
    }
}
