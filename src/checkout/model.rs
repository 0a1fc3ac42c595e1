//! What lies in a basket today, and what it comes to: pure.

use crate::{
    kernel::{BasisPoints, ProductId, SellerId, VariantId, Vnd},
    payments::{PayAccount, PaymentMethod},
    promotions,
};

/// Nobody orders more of one thing in one go.
pub(super) const MOST_OF_ONE: i64 = 1_000_000;
/// Different things in one basket.
pub(super) const MOST_LINES: usize = 100;

/// One line with its goods as they are offered now.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) variant: VariantId,
    pub(super) product: ProductId,
    pub(super) seller: SellerId,
    pub(super) slug: String,
    pub(super) name: String,
    /// Of the variant; may be empty.
    pub(super) label: String,
    pub(super) sku: String,
    pub(super) unit: String,
    /// What the goods belong to, with all branches above; empty where no firm buys.
    pub(super) categories: Vec<String>,
    pub(super) picture: String,
    pub(super) quantity: i64,
    /// The single price when it was put in.
    pub(super) seen_price: Vnd,
    /// The single price today.
    pub(super) retail: Vnd,
    /// What one costs this buyer in this quantity, tax included.
    pub(super) unit_price: Vnd,
    pub(super) tax: BasisPoints,
    pub(super) weight_g: i64,
    pub(super) lead_days: i64,
    /// The fewest that this buyer may order, and the multiple that it has to be.
    pub(super) least: i64,
    pub(super) step: i64,
    /// It is a firm's sample.
    pub(super) sample: bool,
    pub(super) available: i64,
    /// Published, not lapsed, and its seller sells.
    pub(super) sellable: bool,
}

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Fine,
    /// Fewer are left than are wished for.
    Short(i64),
    /// Fewer than the seller sells at once.
    Below(i64),
    /// No multiple of what he sells.
    Uneven(i64),
    /// No longer sold.
    Gone,
}

impl Line {
    pub(super) fn standing(&self) -> Standing {
        match self {
            _ if !self.sellable => Standing::Gone,
            _ if self.available < self.quantity => Standing::Short(self.available.max(0)),
            _ if self.quantity < self.least => Standing::Below(self.least),
            _ if self.quantity % self.step.max(1) != 0 => Standing::Uneven(self.step),
            _ => Standing::Fine,
        }
    }

    /// Whether it counts in the totals.
    pub(super) fn counts(&self) -> bool {
        self.sellable && self.available > 0
    }

    /// The former price, when it is another one today.
    pub(super) fn price_was(&self) -> Option<Vnd> {
        (self.sellable && self.seen_price != self.retail).then_some(self.seen_price)
    }

    /// `None` when it leaves all bounds.
    pub(super) fn total(&self) -> Option<Vnd> {
        self.unit_price.times(self.quantity)
    }

    pub(super) fn href(&self) -> String {
        format!("/san-pham/{}", self.slug)
    }

    /// Name and label in one.
    pub(super) fn title(&self) -> String {
        match self.label.as_str() {
            "" => self.name.clone(),
            label => format!("{} – {label}", self.name),
        }
    }
}

/// Who sells: the facts that the law wants named.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    pub(super) id: SellerId,
    pub(super) slug: String,
    pub(super) shop_name: String,
    pub(super) legal_name: String,
    pub(super) tax_code: Option<String>,
    /// Line, commune and province.
    pub(super) address: String,
    /// The commune's code.
    pub(super) commune: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) bank: Option<PayAccount>,
    pub(super) takes_cod: bool,
    pub(super) takes_transfer: bool,
    /// The gateways with which he has contracts.
    pub(super) takes_online: Vec<PaymentMethod>,
}

impl Seller {
    /// Whether the buyer may pay him so.
    pub(super) fn takes(&self, payment: PaymentMethod) -> bool {
        match payment {
            PaymentMethod::Cod => self.takes_cod,
            PaymentMethod::VietQr => self.takes_transfer && self.bank.is_some(),
            online => self.takes_online.contains(&online),
        }
    }

    /// The ways of paying him.
    pub(super) fn payments(&self) -> Vec<PaymentMethod> {
        PaymentMethod::ALL.into_iter().filter(|payment| self.takes(*payment)).collect()
    }
}

/// The lines of one seller.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) seller: Seller,
    pub(super) lines: Vec<Line>,
}

/// A whole basket, by seller.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    /// In the order of the sellers' ids, which is the order of locks too.
    pub(super) shops: Vec<Shop>,
    /// What nobody offers any more.
    pub(super) lost: Vec<Line>,
}

/// The sum of amounts; `None` when it leaves all bounds.
pub(super) fn sum(amounts: impl IntoIterator<Item = Option<Vnd>>) -> Option<Vnd> {
    amounts.into_iter().try_fold(Vnd::ZERO, |sum, amount| sum.plus(amount?))
}

impl Shop {
    /// The lines that can be bought.
    pub(super) fn counting(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.counts())
    }

    pub(super) fn goods(&self) -> Option<Vnd> {
        sum(self.counting().map(Line::total))
    }

    /// The tax contained in what is paid for the goods once `off` is taken off them, shared as orders share it.
    pub(super) fn tax_after(&self, off: Vnd) -> Option<Vnd> {
        let lines: Vec<&Line> = self.counting().collect();
        let totals = lines.iter().map(|line| line.total()).collect::<Option<Vec<Vnd>>>()?;
        let shares = promotions::share(off, &totals);
        let paid = totals.iter().zip(shares).map(|(total, share)| Vnd(total.0 - share.0));
        sum(paid.zip(lines).map(|(paid, line)| Some(paid.contained_tax(line.tax))))
    }

    /// Grams; `None` when nobody could carry it.
    pub(super) fn weight_g(&self) -> Option<i64> {
        self.counting()
            .try_fold(0_i64, |sum, line| sum.checked_add(line.weight_g.checked_mul(line.quantity)?))
    }

    /// Days until the last of the goods is ready.
    pub(super) fn lead_days(&self) -> i64 {
        self.counting().map(|line| line.lead_days).max().unwrap_or(0)
    }
}

impl Contents {
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.shops.iter().flat_map(|shop| &shop.lines)
    }

    /// Whether nothing lies in it at all.
    pub(super) fn is_empty(&self) -> bool {
        self.lines().next().is_none() && self.lost.is_empty()
    }

    /// Whether something can be bought.
    pub(super) fn is_buyable(&self) -> bool {
        self.lines().any(Line::counts)
    }

    pub(super) fn goods(&self) -> Option<Vnd> {
        sum(self.shops.iter().map(Shop::goods))
    }

    /// The first line of which fewer are left than wished for.
    pub(super) fn short(&self) -> Option<(&Line, i64)> {
        self.lines().find_map(|line| match line.standing() {
            Standing::Short(left) => Some((line, left)),
            _ => None,
        })
    }

    /// The first line whose quantity is not one that its seller sells.
    pub(super) fn odd(&self) -> Option<&Line> {
        let odd =
            |line: &&Line| matches!(line.standing(), Standing::Below(_) | Standing::Uneven(_));
        self.lines().find(odd)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::checkout) fn line(price: i64, quantity: i64) -> Line {
        Line {
            variant: VariantId(uuid::Uuid::from_u128(7)),
            product: ProductId(uuid::Uuid::from_u128(8)),
            seller: SellerId(uuid::Uuid::from_u128(9)),
            slug: "ca-phe".into(),
            name: "Cà phê Khe Sanh".into(),
            label: "500 g".into(),
            sku: "CP".into(),
            unit: "gói".into(),
            categories: Vec::new(),
            picture: String::new(),
            quantity,
            seen_price: Vnd(price),
            retail: Vnd(price),
            unit_price: Vnd(price),
            tax: BasisPoints(800),
            weight_g: 500,
            lead_days: 1,
            least: 1,
            step: 1,
            sample: false,
            available: 10,
            sellable: true,
        }
    }

    pub(in crate::checkout) fn shop(lines: Vec<Line>) -> Shop {
        let seller = Seller {
            id: SellerId(uuid::Uuid::from_u128(9)),
            slug: "khe-sanh".into(),
            shop_name: "Khe Sanh".into(),
            legal_name: "Hợp tác xã Khe Sanh".into(),
            tax_code: Some("3200000001".into()),
            address: "Thôn 1, Xã Khe Sanh, Quảng Trị".into(),
            commune: "19429".into(),
            phone: "+84912345678".into(),
            email: "ban@example.vn".into(),
            bank: None,
            takes_cod: true,
            takes_transfer: true,
            takes_online: Vec::new(),
        };
        Shop { seller, lines }
    }

    #[test]
    fn what_is_short_or_gone_is_told() {
        let mut one = line(1_000, 12);
        assert_eq!(one.standing(), Standing::Short(10));
        one.sellable = false;
        assert_eq!(one.standing(), Standing::Gone);
        assert!(!one.counts());
        let packed = |quantity| Line { least: 4, step: 2, ..line(1_000, quantity) }.standing();
        assert_eq!(
            [packed(2), packed(5), packed(6)],
            [Standing::Below(4), Standing::Uneven(2), Standing::Fine]
        );
        let mut dearer = line(1_000, 1);
        dearer.retail = Vnd(1_200);
        assert_eq!(dearer.price_was(), Some(Vnd(1_000)));
    }

    proptest! {
        #[test]
        fn a_basket_comes_to_the_sum_of_its_lines_or_is_refused(
            lines in prop::collection::vec((1i64..=1_000_000_000_000, 1i64..=MOST_OF_ONE), 0..40),
        ) {
            let exact: i128 = lines.iter().map(|(p, q)| i128::from(*p) * i128::from(*q)).sum();
            let lines = lines.into_iter().map(|(p, q)| Line { available: q, ..line(p, q) }).collect();
            let contents = Contents { shops: vec![shop(lines)], lost: Vec::new() };
            match contents.goods() {
                Some(sum) => prop_assert_eq!(i128::from(sum.0), exact),
                None => prop_assert!(exact > i128::from(i64::MAX)),
            }
        }
    }
}
