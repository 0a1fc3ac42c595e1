//! Orders as other systems write them, and what is none.

use super::*;
use proptest::prelude::*;

const HEAD: &str = r#"<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">"#;

fn order(version: &str, lines: &str) -> String {
    format!(
        "{HEAD}\n<b:UBLVersionID>{version}</b:UBLVersionID>\n<b:ID>PO-1</b:ID>\n{lines}\n</Order>"
    )
}

fn line(quantity: &str, unit: &str, name: &str) -> String {
    format!(
        "<a:OrderLine><a:LineItem><b:Quantity unitCode=\"{unit}\">{quantity}</b:Quantity>\n<a:Item><b:Name>{name}</b:Name></a:Item></a:LineItem></a:OrderLine>"
    )
}

fn told(xml: &str) -> Vec<(u32, String)> {
    let wrong = read(xml.as_bytes()).unwrap_err();
    wrong.iter().map(|w| (w.line, w.text.get(crate::kernel::Lang::En).to_owned())).collect()
}

#[test]
fn orders_of_both_versions_are_read_whatever_the_prefixes() {
    for version in ["2.1", "2.3"] {
        let read =
            read(order(version, &line("12.50", "KGM", "Hạt &amp; tiêu")).as_bytes()).unwrap();
        assert_eq!((read.number.as_str(), read.lines.len()), ("PO-1", 1));
        let one = &read.lines[0];
        assert_eq!(
            (one.quantity, one.unit.as_str(), one.name.as_str()),
            (12_500, "kg", "Hạt & tiêu")
        );
        assert_eq!((one.price, one.tax), (None, None));
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let lines = [line("0", "KGM", "x"), line("1", "ZZZ", "y"), line("1.2345", "C62", "")];
    let wrong = told(&order("2.1", &lines.join("\n")));
    let rows: Vec<u32> = wrong.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [6, 8, 11, 10], "{wrong:?}");
    assert!(wrong[1].1.contains("ZZZ"));
    assert!(told(&order("3.0", &line("1", "EA", "x")))[0].1.contains("2.x"));
    assert!(told(&order("2.1", ""))[0].1.contains("500"));
    assert!(told("<Invoice/>")[0].1.contains("Order"));
    assert!(told(&HEAD.replace("Order-2", "Order-3").replace('>', "/>"))[0].1.contains("Order"));
    assert!(!told("<Order").is_empty());
}

#[test]
fn nothing_is_expanded_and_nothing_is_without_bounds() {
    let bomb = r#"<!DOCTYPE Order [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Order>&b;</Order>"#;
    assert!(told(bomb)[0].1.contains("DTD"), "{:?}", told(bomb));
    let outside = r#"<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>"#;
    assert!(told(outside)[0].1.contains("DTD"));
    assert!(told(&"<a>".repeat(300_000))[0].1.contains("deep"));
    assert!(told(&format!("<a>{}</a>", "<b/>".repeat(100_000)))[0].1.contains("limit"));
    assert!(told(&" ".repeat(MOST_BYTES + 1))[0].1.contains("1 MB"));
    let many = line("1", "EA", "x").repeat(501);
    assert!(told(&order("2.1", &many))[0].1.contains("500"));
    assert!(read(&[0xff, 0xfe, b'<', 0]).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn numbers_are_read_exactly_or_not_at_all(thousandths in 1..100_000_000_000_i64) {
        let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        prop_assert_eq!(scaled(&text, 3), Some(thousandths));
        prop_assert_eq!(scaled(&format!("{text}5"), 3), None);
        prop_assert_eq!(scaled(&format!("+{text}"), 3), None);
    }
}
