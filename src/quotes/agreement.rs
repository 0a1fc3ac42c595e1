//! What the buyer's firm has to agree to before a choice among offers binds it.

use super::{
    award::{Choice, Chosen},
    model::cost,
    queries_offers::Version,
    queries_read::{Line, Request},
};
use crate::{
    approvals::{self, Subject, SubjectKind},
    catalogue::Categories,
    kernel::{Lang, PersonId, Text, Vnd},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A chosen line at the price that is agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pick {
    pub(super) chosen: Chosen,
    pub(super) price: Vnd,
}

/// What is agreed to is the choice among the offers of one request.
pub(super) const fn subject(request: Uuid) -> Subject {
    Subject { kind: SubjectKind::Quote, id: request }
}

/// Of every chosen line with its offer's version, its quantity and its price, and of the sum: versions are never
/// changed, so their number stands for terms, fees and days.
pub(super) fn print(request: &Request, picks: &[Pick], total: Vnd) -> [u8; 32] {
    let mut picks = picks.to_vec();
    picks.sort_by_key(|pick| pick.chosen.position);
    let line = |pick: &Pick| {
        let one = &pick.chosen;
        let quantity = one.quantity.0;
        json!([one.position, one.quote, one.version, one.choice, quantity, pick.price.0])
    };
    let lines: Vec<_> = picks.iter().map(line).collect();
    let all = json!([request.org, request.id, lines, total.0]);
    Sha256::digest(all.to_string().as_bytes()).into()
}

/// What is asked for, by whomever; `what` is read by those who decide.
pub(super) fn request(
    tree: &Categories,
    by: PersonId,
    (request, asked): (&Request, &[Line]),
    (picks, total): (&[Pick], Vnd),
    what: Text,
) -> approvals::Request {
    let picked = |line: &&Line| picks.iter().any(|pick| pick.chosen.position == line.position);
    let lines = asked.iter().filter(picked).filter_map(|line| line.category.as_deref());
    // Words alone have the category whose sellers were asked.
    let slugs = lines.chain(request.category_slug.as_deref());
    approvals::Request {
        org: request.org,
        asked_by: by,
        subject: subject(request.id),
        print: print(request, picks, total),
        amount: total,
        categories: approvals::with_parents(tree, slugs),
        what,
        url: format!("/to-chuc/bao-gia/{}", request.id),
    }
}

/// The same of a choice that is to be made.
pub(super) fn of_choice(tree: &Categories, by: PersonId, choice: &Choice) -> approvals::Request {
    let what = Text::new(words(choice, Lang::Vi), words(choice, Lang::En));
    let picks = choice.picks();
    request(tree, by, (&choice.request, &choice.asked), (&picks, choice.total), what)
}

/// What those who decide read: what is bought in the first line, then each shop's lines, fee and terms.
fn words(choice: &Choice, lang: Lang) -> String {
    let request = &choice.request;
    let head = lang.t("Chọn chào giá cho", "Offers chosen for");
    let mut text = format!("{head} “{}” ({})", request.title, request.code);
    for version in &choice.versions {
        let shop = choice.shops.get(&version.quote).map_or("", String::as_str);
        text.push_str(&format!("\n\n{shop}"));
        part(&mut text, choice, version, lang);
    }
    text.push_str(&format!("\n\n{}: {}", lang.t("Tổng cộng", "Total"), choice.total));
    text
}

/// One shop's part of it.
fn part(text: &mut String, choice: &Choice, version: &Version, lang: Lang) {
    for one in choice.won.iter().filter(|won| won.chosen.quote == version.quote) {
        let total = cost(one.price, one.chosen.quantity).unwrap_or_default();
        let (name, unit, quantity) = (&one.line.name, &one.line.unit, one.chosen.quantity);
        text.push_str(&format!("\n• {name} × {quantity} {unit}, {}: {total}", one.price));
    }
    let offer = &version.offer;
    text.push_str(&format!("\n{}: {}", lang.t("Phí giao hàng", "Delivery"), offer.delivery_fee));
    let terms = offer.terms.told(lang);
    if !terms.is_empty() {
        text.push_str(&format!("\n{}: {terms}", lang.t("Thanh toán", "Payment")));
    }
    if !offer.terms.note.is_empty() {
        text.push_str(&format!("\n{}", offer.terms.note));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::OrgId,
        quotes::{Amount, RequestState},
    };
    use chrono::DateTime;

    fn request() -> Request {
        Request {
            id: Uuid::from_u128(1),
            code: "YC1".into(),
            org: OrgId(Uuid::from_u128(2)),
            org_name: String::new(),
            asked_by: PersonId(Uuid::from_u128(3)),
            title: "Nón".into(),
            body: String::new(),
            category_slug: None,
            area: "all".into(),
            sealed: false,
            closes_at: DateTime::UNIX_EPOCH,
            delivery_commune: None,
            delivery_text: String::new(),
            wanted_by: None,
            state: RequestState::Open,
            due_at: None,
            sent_at: DateTime::UNIX_EPOCH,
        }
    }

    fn pick(position: i32) -> Pick {
        let quote = Uuid::from_u128(9);
        let chosen = Chosen { position, quote, version: 1, choice: 0, quantity: Amount(5_000) };
        Pick { chosen, price: Vnd(7_000) }
    }

    #[test]
    fn whatever_is_agreed_to_is_in_the_print_and_its_order_is_not() {
        let request = request();
        let base = print(&request, &[pick(1), pick(2)], Vnd(70_000));
        assert_eq!(base, print(&request, &[pick(2), pick(1)], Vnd(70_000)));
        let changes: [fn(&mut Pick); 5] = [
            |pick| pick.chosen.quote = Uuid::from_u128(8),
            |pick| pick.chosen.version = 2,
            |pick| pick.chosen.choice = 1,
            |pick| pick.chosen.quantity = Amount(5_001),
            |pick| pick.price = Vnd(6_999),
        ];
        for change in changes {
            let mut other = pick(2);
            change(&mut other);
            assert_ne!(base, print(&request, &[pick(1), other], Vnd(70_000)));
        }
        assert_ne!(base, print(&request, &[pick(1), pick(2)], Vnd(70_001)));
        assert_ne!(base, print(&request, &[pick(1)], Vnd(70_000)));
    }
}
