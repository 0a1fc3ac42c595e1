//! What the buyer was shown before he said yes: remembered as a digest, compared when he does.

use super::plan::{Plan, ShopPlan};
use crate::{
    kernel::{Lang, SellerId, Text, VariantId, Vnd},
    orders::PaymentMethod,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The facts of one review page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    buyer: String,
    address: String,
    shops: Vec<ShopFacts>,
    total: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ShopFacts {
    id: SellerId,
    name: String,
    /// Legal name, tax code, address.
    who: String,
    way: String,
    days: String,
    fee: i64,
    /// Code and conditions of the voucher; empty: none.
    #[serde(default)]
    voucher: String,
    #[serde(default)]
    discount: i64,
    /// Method and account.
    pays: String,
    lines: Vec<LineFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LineFacts {
    id: VariantId,
    title: String,
    quantity: i64,
    price: i64,
    tax: i32,
}

/// One thing that is not as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The line it is about, if it is about one.
    pub(super) variant: Option<VariantId>,
    pub(super) text: Text,
}

impl Facts {
    /// The facts of a plan, in words that do not depend on the reader's language.
    pub(super) fn of(plan: &Plan) -> Self {
        let contact = &plan.recipient.contact;
        let org = plan.org.as_ref().map(|org| format!("{} {}", org.tax_code, org.name));
        let buyer = [
            contact.name.as_str(),
            &contact.phone,
            contact.email.as_deref().unwrap_or_default(),
            org.as_deref().unwrap_or_default(),
            &plan.note,
        ];
        Self {
            buyer: buyer.join("\n"),
            address: plan.recipient.address(),
            shops: plan.shops.iter().map(ShopFacts::of).collect(),
            total: plan.total.0,
        }
    }

    /// Lower-case hexadecimal SHA-256.
    pub(super) fn digest(&self) -> String {
        let text = self.text();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// For the form to carry.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a form carried; `None` when it is not what we wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// What has become different since `before`, for the buyer to see.
    pub(super) fn changes(&self, before: &Self) -> Vec<Change> {
        let mut out = Vec::new();
        let mut tell = |variant, vi: String, en: String| {
            out.push(Change { variant, text: Text::new(vi, en) });
        };
        if self.buyer != before.buyer || self.address != before.address {
            tell(
                None,
                "Người nhận hoặc địa chỉ đã đổi ở một trang khác.".into(),
                "The recipient or the address was changed on another page.".into(),
            );
        }
        for shop in &before.shops {
            if !self.shops.iter().any(|now| now.id == shop.id) {
                let name = &shop.name;
                tell(
                    None,
                    format!("{name} hiện không bán những món này nữa."),
                    format!("{name} no longer sells these goods."),
                );
            }
        }
        for now in &self.shops {
            match before.shops.iter().find(|shop| shop.id == now.id) {
                Some(before) => now.tell_changes(before, &mut tell),
                None => tell(
                    None,
                    format!("Có thêm hàng của {}.", now.name),
                    format!("Goods of {} were added.", now.name),
                ),
            }
        }
        out
    }
}

impl ShopFacts {
    fn of(plan: &ShopPlan) -> Self {
        let seller = &plan.shop.seller;
        let account = seller.bank.as_ref().filter(|_| plan.payment == PaymentMethod::VietQr);
        let account = account.map(|a| format!("{} {} {}", a.bin, a.number, a.name));
        Self {
            id: seller.id,
            name: seller.shop_name.clone(),
            who: [
                seller.legal_name.as_str(),
                seller.tax_code.as_deref().unwrap_or_default(),
                &seller.address,
            ]
            .join("\n"),
            way: format!("{} {}", plan.way.value(), plan.to),
            days: plan.way.choice.days_text(),
            fee: plan.way.choice.fee.0,
            voucher: plan
                .voucher
                .as_ref()
                .map(|v| format!("{} {}", v.code, v.terms.get(Lang::Vi)))
                .unwrap_or_default(),
            discount: plan.discount().0,
            pays: format!("{} {}", plan.payment.code(), account.unwrap_or_default()),
            lines: plan
                .shop
                .lines
                .iter()
                .map(|line| LineFacts {
                    id: line.variant,
                    title: line.title(),
                    quantity: line.quantity,
                    price: line.unit_price.0,
                    tax: line.tax.0,
                })
                .collect(),
        }
    }

    fn tell_changes(
        &self,
        before: &Self,
        tell: &mut impl FnMut(Option<VariantId>, String, String),
    ) {
        let name = &self.name;
        for line in &before.lines {
            if !self.lines.iter().any(|now| now.id == line.id) {
                let title = &line.title;
                tell(
                    None,
                    format!("“{title}” không còn bán."),
                    format!("“{title}” is no longer sold."),
                );
            }
        }
        for now in &self.lines {
            match before.lines.iter().find(|line| line.id == now.id) {
                Some(before) => now.tell_changes(before, tell),
                None => tell(
                    Some(now.id),
                    format!("Có thêm “{}”.", now.title),
                    format!("“{}” was added.", now.title),
                ),
            }
        }
        if self.fee != before.fee {
            let (was, fee) = (Vnd(before.fee), Vnd(self.fee));
            tell(
                None,
                format!("Phí giao hàng của {name} đổi từ {was} thành {fee}."),
                format!("The delivery fee of {name} changed from {was} to {fee}."),
            );
        }
        if (&self.voucher, self.discount) != (&before.voucher, before.discount) {
            let (was, off) = (Vnd(before.discount), Vnd(self.discount));
            tell(
                None,
                format!("Giảm giá của {name} đổi từ {was} thành {off}."),
                format!("The discount of {name} changed from {was} to {off}."),
            );
        }
        if (&self.way, &self.days) != (&before.way, &before.days) {
            tell(
                None,
                format!("Cách giao hoặc thời gian giao của {name} đã đổi."),
                format!("Way or time of delivery of {name} changed."),
            );
        }
        if self.pays != before.pays {
            tell(
                None,
                format!("Cách trả tiền cho {name} đã đổi."),
                format!("The payment to {name} changed."),
            );
        }
        if self.who != before.who {
            tell(
                None,
                format!("Thông tin người bán của {name} đã đổi."),
                format!("The seller's particulars of {name} changed."),
            );
        }
    }
}

impl LineFacts {
    fn tell_changes(
        &self,
        before: &Self,
        tell: &mut impl FnMut(Option<VariantId>, String, String),
    ) {
        let title = &self.title;
        if self.price != before.price {
            let (was, price) = (Vnd(before.price), Vnd(self.price));
            tell(
                Some(self.id),
                format!("Giá “{title}” đổi từ {was} thành {price}."),
                format!("The price of “{title}” changed from {was} to {price}."),
            );
        }
        if self.quantity != before.quantity {
            let (was, quantity) = (before.quantity, self.quantity);
            tell(
                Some(self.id),
                format!("Số lượng “{title}” đổi từ {was} thành {quantity}."),
                format!("The quantity of “{title}” changed from {was} to {quantity}."),
            );
        }
        if (&self.title, self.tax) != (&before.title, before.tax) {
            tell(
                Some(self.id),
                format!("Thông tin “{title}” đã đổi."),
                format!("The particulars of “{title}” changed."),
            );
        }
    }
}

impl Change {
    /// In the reader's language.
    pub(super) fn shown(&self, lang: Lang) -> &str {
        self.text.get(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let id = uuid::Uuid::from_u128(1);
        let title = "Cà phê".to_owned();
        let line = LineFacts { id: VariantId(id), title, quantity: 2, price: 100, tax: 800 };
        Facts {
            buyer: "Lan".into(),
            address: "Khe Sanh".into(),
            shops: vec![ShopFacts {
                id: SellerId(id),
                name: "Khe Sanh".into(),
                who: "HTX".into(),
                way: "own".into(),
                days: "1–3".into(),
                fee: 25_000,
                voucher: String::new(),
                discount: 0,
                pays: "cod".into(),
                lines: vec![line],
            }],
            total: 25_200,
        }
    }

    #[test]
    fn the_same_facts_have_the_same_digest_and_come_back_from_the_form() {
        assert_eq!(facts().digest(), facts().digest());
        assert_eq!(Facts::read(&facts().text()), Some(facts()));
        assert_eq!(facts().changes(&facts()), []);
        assert_eq!(Facts::read("{}"), None);
    }

    #[test]
    fn every_difference_has_another_digest_and_is_told() {
        let edits: [fn(&mut Facts); 10] = [
            |f| f.address.push('x'),
            |f| f.shops[0].lines[0].price += 1,
            |f| f.shops[0].lines[0].quantity += 1,
            |f| f.shops[0].lines[0].tax += 1,
            |f| f.shops[0].lines.clear(),
            |f| f.shops[0].fee += 1,
            |f| f.shops[0].discount += 1,
            |f| f.shops[0].days.push('x'),
            |f| f.shops[0].pays.push('x'),
            |f| f.shops.clear(),
        ];
        for (i, edit) in edits.into_iter().enumerate() {
            let mut now = facts();
            edit(&mut now);
            assert_ne!(now.digest(), facts().digest(), "edit {i}");
            assert_eq!(now.changes(&facts()).len(), 1, "edit {i}");
        }
        let mut dearer = facts();
        dearer.shops[0].lines[0].price = 120;
        let told = &dearer.changes(&facts())[0];
        assert_eq!(told.variant, Some(VariantId(uuid::Uuid::from_u128(1))));
        assert!(told.shown(Lang::Vi).contains("100\u{a0}₫ thành 120\u{a0}₫"));
    }
}
