//! An OASIS UBL 2.x `Order` as other firms' systems write it. Pure.
//!
//! No document type, no entities, bounded in bytes, elements and lines; what is wrong is told with the line of the file.

use crate::kernel::{BasisPoints, Day, Text, Vnd};
use roxmltree::{Document, Node, ParsingOptions};

const ORDER: &str = "urn:oasis:names:specification:ubl:schema:xsd:Order-2";
const PARTS: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const VALUES: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
/// Bytes of a file.
pub const MOST_BYTES: usize = 1 << 20;
const MOST_NODES: u32 = 60_000;
const DEEPEST: usize = 64;
const MOST_LINES: usize = 500;
/// Thousandths of a unit in a line.
const MOST_QUANTITY: i64 = 100_000_000_000;

/// Codes of UN/ECE Recommendation 20 (and 21, of packages) with our words; of several words the first is read.
const UNITS: &[(&str, &[&str])] = &[
    ("KGM", &["kg"]),
    ("GRM", &["g"]),
    ("TNE", &["tấn"]),
    ("DTN", &["tạ"]),
    ("LTR", &["lít", "l"]),
    ("MLT", &["ml"]),
    ("MTR", &["m", "mét"]),
    ("MTK", &["m²", "m2"]),
    ("MTQ", &["m³", "m3"]),
    ("SET", &["bộ"]),
    ("PR", &["đôi"]),
    ("DZN", &["tá"]),
    ("CT", &["thùng"]),
    ("BX", &["hộp"]),
    ("BG", &["bao"]),
    ("BO", &["chai"]),
    ("PK", &["gói"]),
];
/// One, each, piece: what has no code of its own.
const PIECES: [&str; 4] = ["C62", "EA", "H87", "PCE"];

/// The code for a unit; `C62` (one) for what has none, its name stands beside it.
#[must_use]
pub(super) fn unit_code(unit: &str) -> &'static str {
    let unit = unit.trim().to_lowercase();
    let found = UNITS.iter().find(|(_, words)| words.contains(&unit.as_str()));
    found.map_or(PIECES[0], |(code, _)| code)
}

fn unit_word(code: &str) -> Option<&'static str> {
    match UNITS.iter().find(|(known, _)| *known == code) {
        Some((_, words)) => words.first().copied(),
        None => PIECES.contains(&code).then_some("cái"),
    }
}

/// What is wrong, and in which line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub line: u32,
    pub text: Text,
}

impl Wrong {
    /// The reason with its line.
    #[must_use]
    pub fn told(&self) -> Text {
        use crate::kernel::Lang::{En, Vi};
        Text::new(
            format!("Dòng {} của tệp: {}", self.line, self.text.get(Vi)),
            format!("Line {} of the file: {}", self.line, self.text.get(En)),
        )
    }
}

/// One line of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UblLine {
    pub name: String,
    pub sku: String,
    pub note: String,
    /// Thousandths of the unit.
    pub quantity: i64,
    pub unit: String,
    /// Tax included, as the order states it; `None`: no price, or none in đồng.
    pub price: Option<Vnd>,
    pub tax: Option<BasisPoints>,
    pub wanted_by: Option<Day>,
}

/// An order as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UblOrder {
    pub number: String,
    pub note: String,
    pub buyer_tax_code: String,
    pub seller_tax_code: String,
    pub deliver_to: String,
    pub wanted_by: Option<Day>,
    pub lines: Vec<UblLine>,
}

struct Reader<'a, 'd> {
    document: &'d Document<'a>,
    wrong: Vec<Wrong>,
}

/// Reads a file.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read(bytes: &[u8]) -> Result<UblOrder, Vec<Wrong>> {
    let one =
        |line, vi: &'static str, en: &'static str| vec![Wrong { line, text: Text::new(vi, en) }];
    if bytes.len() > MOST_BYTES {
        return Err(one(1, "tệp lớn quá 1 MB.", "the file is larger than 1 MB."));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| one(1, "tệp phải là XML mã hóa UTF-8.", "the file must be XML in UTF-8."))?;
    if let Some(line) = too_deep(text) {
        return Err(one(line, "các phần tử lồng nhau quá sâu.", "elements are nested too deeply."));
    }
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let text = Text::new(
            format!("không phải XML hợp lệ ({error})."),
            format!("not valid XML ({error})."),
        );
        vec![Wrong { line: error.pos().row, text }]
    })?;
    let mut reader = Reader { document: &document, wrong: Vec::new() };
    let order = reader.order();
    match order {
        Some(order) if reader.wrong.is_empty() => Ok(order),
        _ => Err(reader.wrong),
    }
}

/// The line at which elements are nested deeper than any order: asked before anything is built.
fn too_deep(text: &str) -> Option<u32> {
    let mut depth = 0_usize;
    let mut line = 1;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, bytes.get(at + 1)) {
            (b'\n', _) => line += 1,
            (b'<', Some(b'/')) => depth = depth.saturating_sub(1),
            (b'<', Some(b'!' | b'?')) => {}
            (b'<', _) => depth += 1,
            (b'/', Some(b'>')) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(line);
        }
    }
    None
}

fn part<'a, 'd>(node: Node<'d, 'a>, path: &[&str]) -> Option<Node<'d, 'a>> {
    path.iter()
        .try_fold(node, |node, name| node.children().find(|n| n.has_tag_name((PARTS, *name))))
}

fn value<'a, 'd>(node: Node<'d, 'a>, name: &str) -> Option<Node<'d, 'a>> {
    node.children().find(|child| child.has_tag_name((VALUES, name)))
}

/// The text of a value, on one line and no longer than `most`.
fn words(node: Option<Node<'_, '_>>, most: usize) -> String {
    let text = node.and_then(|node| node.text()).unwrap_or_default();
    let plain: Vec<&str> = text.split_whitespace().collect();
    plain.join(" ").chars().filter(|char| !char.is_control()).take(most).collect()
}

impl Reader<'_, '_> {
    fn add(&mut self, node: Node<'_, '_>, vi: impl Into<String>, en: impl Into<String>) {
        let line = self.document.text_pos_at(node.range().start).row;
        self.wrong.push(Wrong { line, text: Text::new(vi.into(), en.into()) });
    }

    fn order(&mut self) -> Option<UblOrder> {
        let root = self.document.root_element();
        if !root.has_tag_name((ORDER, "Order")) {
            self.add(root, "không phải Order của UBL 2.x.", "not an Order of UBL 2.x.");
            return None;
        }
        if let Some(version) = value(root, "UBLVersionID")
            && !words(Some(version), 10).starts_with("2.")
        {
            self.add(version, "chỉ đọc UBL 2.x.", "only UBL 2.x is read.");
        }
        let delivery = part(root, &["Delivery"]);
        let lines: Vec<_> =
            root.children().filter(|child| child.has_tag_name((PARTS, "OrderLine"))).collect();
        if lines.is_empty() || lines.len() > MOST_LINES {
            self.add(
                root,
                "đơn phải có từ 1 đến 500 dòng hàng.",
                "an order has between 1 and 500 lines.",
            );
            return None;
        }
        let lines: Vec<UblLine> = lines.into_iter().filter_map(|line| self.line(line)).collect();
        Some(UblOrder {
            number: words(value(root, "ID"), 60),
            note: words(value(root, "Note"), 160),
            buyer_tax_code: tax_code(part(root, &["BuyerCustomerParty", "Party"])),
            seller_tax_code: tax_code(part(root, &["SellerSupplierParty", "Party"])),
            deliver_to: delivery.map(place).unwrap_or_default(),
            wanted_by: delivery.and_then(|delivery| self.end(delivery)),
            lines,
        })
    }

    fn line(&mut self, line: Node<'_, '_>) -> Option<UblLine> {
        let Some(item_of) = part(line, &["LineItem"]) else {
            self.add(line, "thiếu LineItem.", "LineItem is missing.");
            return None;
        };
        let Some(item) = part(item_of, &["Item"]) else {
            self.add(item_of, "thiếu Item.", "Item is missing.");
            return None;
        };
        let name = words(value(item, "Name").or_else(|| value(item, "Description")), 200);
        if name.is_empty() {
            self.add(item, "thiếu tên hàng (cbc:Name).", "the name (cbc:Name) is missing.");
        }
        let (quantity, unit) = self.quantity(item_of, item)?;
        let tax = part(item, &["ClassifiedTaxCategory"]).and_then(|tax| value(tax, "Percent"));
        let tax = tax.and_then(|percent| scaled(&words(Some(percent), 20), 2));
        let tax =
            tax.and_then(|bps| i32::try_from(bps).ok()).filter(|bps| (0..=10_000).contains(bps));
        let net = part(item_of, &["Price"]).and_then(|price| value(price, "PriceAmount"));
        let net = net.filter(|net| net.attribute("currencyID") == Some("VND"));
        let net = net.and_then(|net| scaled(&words(Some(net), 30), 2)).filter(|net| *net >= 0);
        let of_line = part(item_of, &["Delivery"]).and_then(|delivery| self.end(delivery));
        Some(UblLine {
            name,
            sku: words(
                part(item, &["SellersItemIdentification"]).and_then(|id| value(id, "ID")),
                60,
            ),
            note: words(value(line, "Note").or_else(|| value(item_of, "Note")), 300),
            quantity,
            unit,
            price: net.and_then(|net| gross(net, tax.unwrap_or(0))),
            tax: tax.map(BasisPoints),
            wanted_by: of_line,
        })
    }

    fn quantity(&mut self, item_of: Node<'_, '_>, item: Node<'_, '_>) -> Option<(i64, String)> {
        let Some(node) = value(item_of, "Quantity") else {
            self.add(
                item_of,
                "thiếu số lượng (cbc:Quantity).",
                "the quantity (cbc:Quantity) is missing.",
            );
            return None;
        };
        let quantity =
            scaled(&words(Some(node), 30), 3).filter(|all| (1..=MOST_QUANTITY).contains(all));
        if quantity.is_none() {
            self.add(
                node,
                "số lượng phải lớn hơn 0, tối đa ba số lẻ, ví dụ 12.5.",
                "the quantity is above 0 with at most three decimals, e.g. 12.5.",
            );
        }
        let own = item.children().filter(|n| n.has_tag_name((PARTS, "AdditionalItemProperty")));
        let own = own.filter(|n| words(value(*n, "Name"), 10) == "unit");
        let own = own.map(|n| words(value(n, "Value"), 30)).find(|unit| !unit.is_empty());
        let code = node.attribute("unitCode").unwrap_or_default();
        let unit = own.or_else(|| unit_word(code).map(str::to_owned));
        if unit.is_none() {
            let code: String = code.chars().take(10).collect();
            self.add(
                node,
                format!("không hiểu mã đơn vị tính “{code}” (UN/ECE Rec 20)."),
                format!("unit code “{code}” (UN/ECE Rec 20) is not known."),
            );
        }
        quantity.zip(unit)
    }

    /// The end of the period that is asked for.
    fn end(&mut self, delivery: Node<'_, '_>) -> Option<Day> {
        let node = value(part(delivery, &["RequestedDeliveryPeriod"])?, "EndDate")?;
        let day = words(Some(node), 30).get(..10).and_then(|day| day.parse().ok());
        if day.is_none() {
            self.add(node, "ngày phải ghi dạng 2026-01-31.", "a date is written 2026-01-31.");
        }
        day
    }
}

fn tax_code(party: Option<Node<'_, '_>>) -> String {
    let schemes = party.into_iter().flat_map(|party| party.children());
    let schemes = schemes.filter(|node| node.has_tag_name((PARTS, "PartyTaxScheme")));
    let mut codes = schemes.map(|scheme| words(value(scheme, "CompanyID"), 30));
    codes.next().unwrap_or_default().trim_start_matches("VN").to_owned()
}

fn place(delivery: Node<'_, '_>) -> String {
    let address = part(delivery, &["DeliveryAddress"])
        .or_else(|| part(delivery, &["DeliveryLocation", "Address"]));
    let Some(address) = address else { return String::new() };
    let lines = address.children().filter(|n| n.has_tag_name((PARTS, "AddressLine")));
    let mut all: Vec<String> = lines.map(|line| words(value(line, "Line"), 200)).collect();
    all.extend(["StreetName", "CityName"].map(|name| words(value(address, name), 100)));
    all.retain(|text| !text.is_empty());
    all.join(", ").chars().take(300).collect()
}

/// `12.5` in thousandths (`places` = 3): no sign but a minus, no exponent, no digits that would be lost.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let rest = rest.trim_end_matches('0');
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 14 || rest.len() > places || !plain(whole) || !plain(rest)
    {
        return None;
    }
    let all: i64 = format!("{whole}{rest:0<places$}").parse().ok()?;
    Some(if minus { -all } else { all })
}

/// The price with tax of one without, in hundredths of a đồng: rounded, for the hundredth was cut off.
fn gross(net: i64, tax_bps: i32) -> Option<Vnd> {
    let all = i128::from(net) * (10_000 + i128::from(tax_bps));
    i64::try_from((all + 500_000) / 1_000_000).ok().map(Vnd)
}

#[cfg(test)]
#[path = "ubl_read_tests.rs"]
mod tests;
