//! What is written is read again as it was, whatever its words and numbers.

use super::*;
use crate::{
    kernel::{Cx, OrgId, PersonId, SellerId},
    purchasing::{model::line_total, read::Po, read_ubl},
};
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn numbers_are_written_for_machines() {
    assert_eq!([1_000, 12_500, 125, 20_050].map(decimal), ["1", "12.5", "0.125", "20.05"]);
    assert_eq!(net_price(Vnd(108_000), BasisPoints(800)), "100000.00");
}

fn whole(lines: Vec<PoLine>, words: &str) -> Whole {
    let now = chrono::DateTime::UNIX_EPOCH;
    let goods = Vnd(lines.iter().map(|line| line.total.0).sum());
    let head = Po {
        id: Uuid::nil(),
        number: "DM26-000123".into(),
        org: OrgId(Uuid::nil()),
        seller: SellerId(Uuid::nil()),
        asked_by: PersonId(Uuid::nil()),
        title: words.into(),
        state: PoState::Confirmed,
        version: 2,
        lang: "vi".into(),
        goods_total: goods,
        tax_total: Vnd::ZERO,
        delivery_fee: Vnd(70_000),
        total: Vnd(goods.0 + 70_000),
        delivery_text: words.into(),
        wanted_by: "2026-12-31".parse().ok(),
        deposit_bps: 3_000,
        on_delivery_bps: 0,
        net_days: Some(30),
        terms_note: words.into(),
        buyer_name: words.into(),
        buyer_tax_code: "0101197803".into(),
        buyer_address: words.into(),
        seller_name: words.into(),
        seller_tax_code: Some("3200000027".into()),
        seller_address: words.into(),
        seller_phone: String::new(),
        credit_held: Vnd::ZERO,
        cancel_asked_by: None,
        cancel_reason: String::new(),
        issued_at: now,
        confirmed_at: Some(now),
        accepted_at: None,
        accept_note: String::new(),
    };
    Whole {
        head,
        lines,
        instalments: Vec::new(),
        deliveries: Vec::new(),
        history: Vec::new(),
        signatures: Vec::new(),
        contract: None,
    }
}

fn lines() -> impl Strategy<Value = Vec<PoLine>> {
    let units = prop::sample::select(vec!["kg", "cái", "tấn", "thùng 24", "Hộp", "m³"]);
    let words = "[a-zA-ZăêđƠư0-9<>&\"'./-]{1,20}( [a-zấ<&]{1,8})?";
    let tax = prop::sample::select(vec![0, 500, 800, 1_000]);
    let one = (words, "[A-Z0-9-]{0,12}", units, 1..5_000_000_i64, 0..2_000_000_000_i64, tax);
    let line = one.prop_map(|(name, sku, unit, quantity, price, tax)| PoLine {
        position: 1,
        variant: None,
        name,
        sku,
        unit: unit.into(),
        quantity,
        unit_price: Vnd(price),
        tax: BasisPoints(tax),
        total: line_total(quantity, Vnd(price)).unwrap(),
        units: None,
        base: None,
        sent: 0,
    });
    prop::collection::vec(line, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_written_is_read_again_as_it_was(lines in lines(), words in "[a-zA-Zắ<>&\"' ]{0,40}") {
        let whole = whole(lines, &words);
        let read = read_ubl(order(&whole).as_bytes()).unwrap();
        let plain: Vec<&str> = words.split_whitespace().collect();
        prop_assert_eq!(&read.note, &plain.join(" "));
        prop_assert_eq!(&read.deliver_to, &plain.join(" "));
        prop_assert_eq!((read.number.as_str(), read.wanted_by), ("DM26-000123", whole.head.wanted_by));
        prop_assert_eq!(read.buyer_tax_code, whole.head.buyer_tax_code);
        prop_assert_eq!(Some(read.seller_tax_code), whole.head.seller_tax_code);
        prop_assert_eq!(read.lines.len(), whole.lines.len());
        for (read, line) in read.lines.iter().zip(&whole.lines) {
            prop_assert_eq!((&read.name, &read.sku, &read.unit), (&line.name, &line.sku, &line.unit));
            prop_assert_eq!((read.quantity, read.price, read.tax), (line.quantity, Some(line.unit_price), Some(line.tax)));
        }
    }

    /// The answer and the despatch advice are XML with a line for each line.
    #[test]
    fn answers_and_despatches_have_every_line(lines in lines(), words in "[a-z<>&\"']{0,20}") {
        let mut whole = whole(lines, &words);
        let delivery = Delivery {
            id: Cx::at(chrono::DateTime::UNIX_EPOCH).new_id(),
            nth: 1,
            carrier: words.clone(),
            note: words.clone(),
            sent_at: chrono::DateTime::UNIX_EPOCH,
            received_at: None,
            remark: String::new(),
            lines: whole.lines.iter().map(|line| DeliveryLine {
                position: line.position,
                name: line.name.clone(),
                unit: line.unit.clone(),
                unit_price: line.unit_price,
                quantity: line.quantity,
                pieces: 0,
                received: None,
            }).collect(),
        };
        for (text, line) in [(response(&whole).unwrap(), "OrderLine"), (despatch(&whole, &delivery), "DespatchLine")] {
            let document = roxmltree::Document::parse(&text).unwrap();
            let found = document.descendants().filter(|n| n.tag_name().name() == line).count();
            prop_assert_eq!(found, whole.lines.len());
        }
        whole.head.confirmed_at = None;
        whole.head.state = PoState::Issued;
        prop_assert!(response(&whole).is_none());
    }
}
