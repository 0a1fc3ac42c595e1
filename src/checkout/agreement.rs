//! What a firm has to agree to before its order is placed.

use super::plan::{Plan, ShopPlan};
use crate::{
    approvals::{self, Request, Standing, Subject, SubjectKind},
    kernel::{Lang, PersonId, Text},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// How the order stands with the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    /// It may be placed.
    Free,
    /// The same, because somebody has agreed.
    Given,
    Waiting,
    Refused,
    /// Somebody has to agree and has not been asked.
    ToAsk,
}

impl Agreement {
    /// Whether the order may be placed.
    pub(super) const fn allows(self) -> bool {
        matches!(self, Self::Free | Self::Given)
    }
}

/// How the order stands with the buyer's firm. A person who buys for himself needs nobody: nothing is asked then.
pub(super) async fn of(
    db: &mut PgConnection,
    plan: &Plan,
    person: Option<PersonId>,
) -> sqlx::Result<Agreement> {
    let Some(request) = request(plan, person) else { return Ok(Agreement::Free) };
    Ok(match approvals::look(db, &request).await? {
        Some(Standing::NotNeeded) => Agreement::Free,
        Some(Standing::Approved) => Agreement::Given,
        Some(Standing::Waiting) => Agreement::Waiting,
        Some(Standing::Refused) => Agreement::Refused,
        None => Agreement::ToAsk,
    })
}

/// What is asked for; `None`: it is no firm that buys.
pub(super) fn request(plan: &Plan, person: Option<PersonId>) -> Option<Request> {
    let (org, asked_by) = (plan.org.as_ref()?, person?);
    let lines = || plan.shops.iter().flat_map(|shop| &shop.shop.lines);
    let categories: BTreeSet<&String> = lines().flat_map(|line| &line.categories).collect();
    Some(Request {
        org: org.id,
        asked_by,
        subject: Subject { kind: SubjectKind::Checkout, id: plan.checkout.0 },
        print: print(plan),
        amount: plan.total,
        categories: categories.into_iter().cloned().collect(),
        what: Text::new(words(plan, Lang::Vi), words(plan, Lang::En)),
        url: "/dat-hang/xem-lai".to_owned(),
    })
}

/// Of goods, quantities, prices, fees and where it goes: who calls at the door and how it is paid is not agreed to.
fn print(plan: &Plan) -> [u8; 32] {
    let shop = |part: &ShopPlan| {
        let lines: Vec<_> = part
            .shop
            .lines
            .iter()
            .map(|line| json!([line.variant, line.quantity, line.unit_price.0]))
            .collect();
        json!([part.shop.seller.id, part.to, part.way.choice.fee.0, part.discount().0, lines])
    };
    let shops: Vec<_> = plan.shops.iter().map(shop).collect();
    let all = json!([plan.org.as_ref().map(|org| org.id), shops, plan.total.0]);
    Sha256::digest(all.to_string().as_bytes()).into()
}

/// What those who decide read: the sellers in the first line, then every line with its amount.
fn words(plan: &Plan, lang: Lang) -> String {
    let sellers: Vec<&str> =
        plan.shops.iter().map(|part| part.shop.seller.shop_name.as_str()).collect();
    let mut text = format!("{} {}", lang.t("Hàng của", "Goods of"), sellers.join(", "));
    for part in &plan.shops {
        text.push_str(&format!("\n\n{}", part.shop.seller.shop_name));
        for line in &part.shop.lines {
            let total = line.total().unwrap_or_default();
            text.push_str(&format!(
                "\n• {} × {} {}: {total}",
                line.title(),
                line.quantity,
                line.unit
            ));
        }
        let fee = part.way.choice.fee;
        text.push_str(&format!("\n{}: {fee}", lang.t("Phí giao hàng", "Delivery")));
        text.push_str(&format!("\n{}: {}", lang.t("Giao tới", "To"), part.to));
    }
    text.push_str(&format!("\n\n{}: {}", lang.t("Tổng cộng", "Total"), plan.total));
    if !plan.note.is_empty() {
        text.push_str(&format!("\n{}: {}", lang.t("Lời nhắn", "Note"), plan.note));
    }
    text
}
