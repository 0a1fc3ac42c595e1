//! A shop's own list, out as a table and in again: what comes back unchanged changes nothing.

use super::own_row::{Fault, Incoming};
use crate::{
    catalogue::{Categories, queries::own},
    kernel::{Cx, ProductId, SellerId, VariantId},
    platform::{
        import::{Columns, Mapping, Outcome},
        spreadsheet::Table,
    },
};
use sqlx::PgPool;
use std::collections::HashMap;

/// Rows of an upload.
pub(in crate::catalogue) const MOST_ROWS: u64 = 5000;

/// The columns, in the order of the export.
pub(in crate::catalogue) const HEADER: [&str; 14] = [
    "sku",
    "product",
    "name",
    "label",
    "category",
    "price",
    "list_price",
    "unit",
    "weight_g",
    "stock",
    "gtin",
    "brand",
    "description",
    "stock_seen",
];

const FIELDS: [(&str, &[&str]); 14] = [
    ("sku", &["ma_hang"]),
    ("product", &["san_pham", "nhom", "group"]),
    ("name", &["ten", "ten_hang"]),
    ("label", &["phan_loai"]),
    ("category", &["nganh_hang"]),
    ("price", &["gia", "gia_ban"]),
    ("list_price", &["gia_goc"]),
    ("unit", &["don_vi", "don_vi_tinh"]),
    ("weight_g", &["khoi_luong_g"]),
    ("stock", &["ton_kho"]),
    ("gtin", &["ma_vach"]),
    ("brand", &["thuong_hieu"]),
    ("description", &["mo_ta"]),
    ("stock_seen", &["ton_kho_luc_xuat"]),
];

/// One variant as a row of the table.
#[derive(Debug, Clone)]
pub(in crate::catalogue) struct Owned {
    pub(in crate::catalogue) product: ProductId,
    pub(in crate::catalogue) variant: VariantId,
    /// In the order of [`HEADER`].
    pub(in crate::catalogue) cells: Vec<String>,
}

/// Every variant of a shop, by product.
///
/// # Errors
/// Whatever the database says.
pub(in crate::catalogue) async fn export_rows(
    db: &PgPool,
    seller: SellerId,
) -> sqlx::Result<Vec<Vec<String>>> {
    let rows = own::rows(&mut *db.acquire().await?, seller).await?;
    Ok(rows.into_iter().map(|row| row.cells).collect())
}

/// Which product a row belongs to: by its `product` (the address in the export, or any word that rows of one new
/// product share), else by its name where the row names a variant and just one product is called so.
#[derive(Default)]
struct Groups {
    words: HashMap<String, ProductId>,
    /// `None`: several are called so.
    names: HashMap<String, Option<ProductId>>,
}

impl Groups {
    fn learn(&mut self, word: &str, name: &str, product: ProductId) {
        if !word.is_empty() {
            self.words.entry(word.to_owned()).or_insert(product);
        }
        let called = self.names.entry(name.to_owned()).or_insert(Some(product));
        if *called != Some(product) {
            *called = None;
        }
    }

    fn product(&self, row: &Incoming<'_>) -> Option<ProductId> {
        let text = |field| row.columns.get(row.cells, field);
        match text("product") {
            "" if text("label").is_empty() => None,
            "" => self.names.get(text("name")).copied().flatten(),
            word => self.words.get(word).copied(),
        }
    }
}

/// Takes a shop's table: a known SKU is brought up to date where its cells differ from the export, a new one becomes
/// a variant of the product that its row names, else a draft. Columns that are missing are left alone. Each row is
/// a transaction: the good ones stay.
///
/// # Errors
/// A table without SKUs, or whatever the database says.
pub(in crate::catalogue) async fn import_own(
    db: &PgPool,
    cx: &Cx,
    categories: &Categories,
    seller: SellerId,
    table: Table,
) -> anyhow::Result<Outcome> {
    let columns = Columns::of(&table.header, &Mapping::default(), &FIELDS)?;
    anyhow::ensure!(columns.has("sku"), "bảng thiếu cột sku");
    let known = own::rows(&mut *db.acquire().await?, seller).await?;
    let mut groups = Groups::default();
    for had in &known {
        groups.learn(&had.cells[1], &had.cells[2], had.product);
    }
    let known: HashMap<String, Owned> =
        known.into_iter().map(|row| (row.cells[0].clone(), row)).collect();
    let mut outcome = Outcome::default();
    let mut rows = Vec::new();
    for (at, cells) in table.enumerate() {
        let line = at as u64 + 2;
        if outcome.read == MOST_ROWS {
            let reason = format!("bảng dài quá {MOST_ROWS} dòng; phần còn lại chưa được đọc");
            outcome.refuse(line, "", reason, &[]);
            break;
        }
        outcome.read += 1;
        let cells = cells?;
        // What a word means is known before the first row is written.
        if let Some(had) = known.get(columns.get(&cells, "sku")) {
            groups.words.entry(columns.get(&cells, "product").to_owned()).or_insert(had.product);
        }
        rows.push((line, cells));
    }
    let writer = Writer { db, cx, seller, known: &known };
    for (line, cells) in &rows {
        let row = Incoming { columns: &columns, cells, categories };
        match writer.take(&row, &mut groups, &mut outcome).await {
            Ok(()) => {}
            Err(Fault::Row(field, reason)) => {
                outcome.refuse(*line, columns.name(field), reason, cells);
            }
            Err(Fault::Db(error)) => return Err(error.into()),
        }
    }
    Ok(outcome)
}

/// Whose table it is, and what was there before it.
struct Writer<'a> {
    db: &'a PgPool,
    cx: &'a Cx,
    seller: SellerId,
    known: &'a HashMap<String, Owned>,
}

impl Writer<'_> {
    async fn take(
        &self,
        row: &Incoming<'_>,
        groups: &mut Groups,
        outcome: &mut Outcome,
    ) -> Result<(), Fault> {
        let text = |field| row.columns.get(row.cells, field);
        let named = groups.product(row);
        if let Some(had) = self.known.get(text("sku")) {
            if !text("product").is_empty() && named.is_some_and(|product| product != had.product) {
                let reason = "mã hàng này thuộc sản phẩm khác; không chuyển được".to_owned();
                return Err(Fault::Row("product", reason));
            }
            if row.same_as(had) {
                outcome.unchanged += 1;
            } else {
                row.update(self.db, self.cx, self.seller, had).await?;
                outcome.updated += 1;
            }
            return Ok(());
        }
        let product = match named {
            Some(product) => {
                row.add(self.db, self.cx, self.seller, product).await?;
                product
            }
            None => row.create(self.db, self.cx, self.seller).await?,
        };
        groups.learn(text("product"), text("name"), product);
        outcome.inserted += 1;
        Ok(())
    }
}
