//! One row of a table of products, read and judged: pure.

use super::{ImportOptions, classify::Classifier};
use crate::{
    catalogue::{BanAction, Categories, State, art, create::folded},
    kernel::{Cx, Gtin, Lang, Vnd, day_of, safe_html},
    platform::import::Columns,
};
use sha2::{Digest, Sha256};

/// What a row may carry, and what files call it.
pub(super) const FIELDS: &[(&str, &[&str])] = &[
    ("sku", &["product_id", "ma_hang", "ma_sku"]),
    ("name", &["ten", "ten_hang", "ten_san_pham"]),
    ("price", &["price_vnd", "gia", "gia_ban"]),
    ("list_price", &["list_price_vnd", "gia_niem_yet"]),
    ("category", &["category_path", "nganh_hang", "danh_muc"]),
    ("brand", &["thuong_hieu", "nhan_hieu"]),
    ("description", &["mo_ta"]),
    ("unit", &["don_vi", "don_vi_tinh"]),
    ("weight_g", &["khoi_luong_g", "khoi_luong"]),
    ("stock", &["ton_kho", "ton", "so_luong"]),
    ("gtin", &["ma_vach", "barcode"]),
];

/// A product of one variant, ready to be written.
pub(super) struct Row {
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) price: i64,
    pub(super) list_price: Option<i64>,
    pub(super) category: String,
    /// The last step of its place at the source, where that is not one of ours.
    pub(super) source_category: String,
    pub(super) brand: String,
    pub(super) description: String,
    pub(super) description_html: String,
    pub(super) unit: String,
    pub(super) weight_g: i32,
    pub(super) gtin: Option<String>,
    pub(super) stock: i64,
    /// The file says how many there are.
    pub(super) stock_given: bool,
    pub(super) art: String,
    pub(super) folded: String,
    pub(super) state: State,
    pub(super) state_reason: String,
    pub(super) digest: Vec<u8>,
}

/// The field at fault and what is wrong with it, in Vietnamese.
pub(super) type Fault = (&'static str, String);

pub(super) fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
}

impl Row {
    pub(super) fn read(
        cx: &Cx,
        categories: &Categories,
        classifier: &Classifier,
        columns: &Columns,
        cells: &[String],
        options: &ImportOptions,
    ) -> Result<Self, Fault> {
        let cell = |field| columns.get(cells, field).trim();
        let sku = bounded(cell("sku"), "sku", 1, 80)?;
        let name = bounded(cell("name"), "name", 1, 200)?;
        let price = amount(cell("price"), "price")?.ok_or(("price", "thiếu giá".to_owned()))?;
        let list_price = amount(cell("list_price"), "list_price")?.filter(|list| *list > price);
        let description = bounded(cell("description"), "description", 0, 20_000)?;
        let brand = bounded(cell("brand"), "brand", 0, 100)?;
        let unit = match bounded(cell("unit"), "unit", 0, 20)? {
            unit if unit.is_empty() => "cái".to_owned(),
            unit => unit,
        };
        let weight_g = match cell("weight_g") {
            "" => 500,
            typed => whole(typed).and_then(|n| i32::try_from(n).ok()).ok_or_else(|| {
                ("weight_g", format!("“{typed}” không phải khối lượng tính bằng gam"))
            })?,
        };
        let stock = match cell("stock") {
            "" => options.stock,
            typed => whole(typed)
                .filter(|n| *n <= 1_000_000_000)
                .ok_or_else(|| ("stock", format!("“{typed}” không phải số lượng tồn")))?,
        };
        let gtin = match cell("gtin") {
            "" => None,
            typed => Some(
                Gtin::parse(typed).map_err(|text| ("gtin", text.to_string()))?.as_str().to_owned(),
            ),
        };
        let (category, source_category) = shelf(categories, classifier, cell("category"), &name);
        let (state, state_reason) = judged(cx, categories, &[&name, &description], options.state);
        let art = categories.get(&category).map_or("box", |c| c.art.as_str());
        let mut row = Self {
            art: format!("{art}/{}", art::tint_for(&sku)),
            folded: folded(&name, &[&sku]),
            description_html: safe_html(&description),
            stock_given: !cell("stock").is_empty(),
            digest: Vec::new(),
            sku,
            name,
            price,
            list_price,
            category,
            source_category,
            brand,
            description,
            unit,
            weight_g,
            gtin,
            stock,
            state,
            state_reason,
        };
        row.digest = row.digest();
        Ok(row)
    }

    fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [
            self.name.as_str(),
            &self.price.to_string(),
            &self.list_price.unwrap_or_default().to_string(),
            &self.category,
            &self.source_category,
            &self.brand,
            &self.description,
            &self.unit,
            &self.weight_g.to_string(),
            &self.stock.to_string(),
            self.gtin.as_deref().unwrap_or_default(),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().to_vec()
    }
}

/// One of our leaves, and what it is called at the source where that is not ours.
fn shelf(
    categories: &Categories,
    classifier: &Classifier,
    place: &str,
    name: &str,
) -> (String, String) {
    match categories.get(place).filter(|category| category.is_leaf) {
        Some(leaf) => (leaf.slug.clone(), String::new()),
        None => {
            let last = place.rsplit(['>', '|']).next().unwrap_or_default();
            (classifier.leaf(place, name), last.trim().chars().take(300).collect())
        }
    }
}

/// What no ban speaks about begins in `state`; the rest is looked at, or stays hidden with its reason.
fn judged(cx: &Cx, categories: &Categories, texts: &[&str], state: State) -> (State, String) {
    let rules = categories.banned().judge(day_of(cx.now), texts, &[]);
    let blocks = rules.iter().find(|rule| rule.action == BanAction::Block);
    match (blocks, rules.first()) {
        (Some(rule), _) => (State::Blocked, rule.reason.get(Lang::Vi).to_owned()),
        (None, Some(_)) if state == State::Published => (State::InReview, String::new()),
        _ => (state, String::new()),
    }
}

fn bounded(text: &str, field: &'static str, least: usize, most: usize) -> Result<String, Fault> {
    let length = text.chars().count();
    if length < least {
        return Err((field, "để trống".to_owned()));
    }
    if length > most {
        return Err((field, format!("dài {length} ký tự, nhiều nhất {most}")));
    }
    Ok(text.to_owned())
}

/// A whole number as [`Vnd::read`] reads it; spreadsheets add `.0`.
pub(in crate::catalogue) fn whole(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    Vnd::read(typed.strip_suffix(".0").unwrap_or(typed)).map(|amount| amount.0)
}

fn amount(typed: &str, field: &'static str) -> Result<Option<i64>, Fault> {
    if typed.is_empty() {
        return Ok(None);
    }
    let found = whole(typed).map(Vnd).filter(|v| (1..=1_000_000_000_000).contains(&v.0));
    match found {
        Some(amount) => Ok(Some(amount.0)),
        None => Err((field, format!("“{typed}” không phải số tiền bằng đồng"))),
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, read) in [
            ("85000", Some(85_000)),
            ("85.000", Some(85_000)),
            ("1,250,000 đ", Some(1_250_000)),
            ("85000.0", Some(85_000)),
            ("85.5", None),
            ("-5", None),
            ("1e6", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(whole(typed), read, "{typed}");
        }
    }
}
