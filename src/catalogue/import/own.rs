//! A shop's own list, out as a table and in again: what comes back unchanged changes nothing.

use super::row::whole;
use crate::{
    catalogue::{
        CatalogueError, Categories,
        create::create_product,
        edit::{EditedVariant, save_about, save_variants},
        model::{About, NewProduct, NewVariant},
        queries::{own, products, variants},
    },
    kernel::{Cx, Gtin, ProductId, SellerId, VariantId, Vnd},
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
pub(in crate::catalogue) const HEADER: [&str; 12] = [
    "sku",
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
];

const FIELDS: [(&str, &[&str]); 12] = [
    ("sku", &["ma_hang"]),
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

/// Takes a shop's table: a known SKU is brought up to date, a new one becomes a draft. Columns that are
/// missing are left alone. Each row is a transaction: the good ones stay.
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
    let known: HashMap<String, Owned> =
        known.into_iter().map(|row| (row.cells[0].clone(), row)).collect();
    let mut outcome = Outcome::default();
    for (at, cells) in table.enumerate() {
        let line = at as u64 + 2;
        if outcome.read == MOST_ROWS {
            let reason = format!("bảng dài quá {MOST_ROWS} dòng; phần còn lại chưa được đọc");
            outcome.refuse(line, "", reason, &[]);
            break;
        }
        outcome.read += 1;
        let cells = cells?;
        let row = Incoming { columns: &columns, cells: &cells, categories };
        let sku = columns.get(&cells, "sku");
        let done = match known.get(sku) {
            Some(had) if row.same_as(had) => {
                outcome.unchanged += 1;
                continue;
            }
            Some(had) => row.update(db, cx, seller, had).await.map(|()| &mut outcome.updated),
            None => row.create(db, cx, seller).await.map(|()| &mut outcome.inserted),
        };
        match done {
            Ok(count) => *count += 1,
            Err(Fault::Row(field, reason)) => {
                outcome.refuse(line, columns.name(field), reason, &cells);
            }
            Err(Fault::Db(error)) => return Err(error.into()),
        }
    }
    Ok(outcome)
}

enum Fault {
    /// The field and what is wrong with it, in Vietnamese.
    Row(&'static str, String),
    Db(sqlx::Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error)
    }
}

impl From<CatalogueError> for Fault {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Db(error) => Self::Db(error),
            error => Self::Row("", error.text().to_string()),
        }
    }
}

struct Incoming<'a> {
    columns: &'a Columns,
    cells: &'a [String],
    categories: &'a Categories,
}

impl Incoming<'_> {
    fn same_as(&self, had: &Owned) -> bool {
        HEADER.iter().zip(&had.cells).all(|(field, stored)| {
            !self.columns.has(field) || self.columns.get(self.cells, field) == stored.trim()
        })
    }

    /// The cell, where the table has its column.
    fn text(&self, field: &'static str, most: usize) -> Result<Option<String>, Fault> {
        if !self.columns.has(field) {
            return Ok(None);
        }
        let text = self.columns.get(self.cells, field);
        if text.chars().count() > most {
            return Err(Fault::Row(field, format!("dài quá {most} ký tự")));
        }
        Ok(Some(text.to_owned()))
    }

    fn number(&self, field: &'static str, most: i64) -> Result<Option<i64>, Fault> {
        match self.columns.get(self.cells, field) {
            "" => Ok(None),
            typed => whole(typed)
                .filter(|n| *n <= most)
                .map(Some)
                .ok_or_else(|| Fault::Row(field, format!("“{typed}” không phải số hợp lệ"))),
        }
    }

    /// The contents that the row asks for, over those there are.
    fn about(&self, mut about: About) -> Result<About, Fault> {
        if let Some(name) = self.text("name", 200)? {
            about.name = name;
        }
        if about.name.is_empty() {
            return Err(Fault::Row("name", "thiếu tên".into()));
        }
        if let Some(category) = self.text("category", 100)?.filter(|c| !c.is_empty()) {
            if self.categories.get(&category).is_none_or(|c| !c.is_leaf) {
                return Err(Fault::Row("category", format!("không có ngành hàng “{category}”")));
            }
            about.category = category;
        }
        if let Some(unit) = self.text("unit", 20)?.filter(|unit| !unit.is_empty()) {
            about.unit = unit;
        }
        if let Some(brand) = self.text("brand", 100)? {
            about.brand = brand;
        }
        // A cell's ends are trimmed on the way; that alone is no change.
        match self.text("description", 20_000)? {
            Some(text) if text != about.description.trim() => about.description = text,
            _ => {}
        }
        Ok(about)
    }

    fn variant(&self, mut form: NewVariant) -> Result<NewVariant, Fault> {
        if let Some(label) = self.text("label", 100)? {
            form.label = label;
        }
        if let Some(price) = self.number("price", 1_000_000_000_000)? {
            form.price = Vnd(price);
        }
        if form.price.0 < 1 {
            return Err(Fault::Row("price", "thiếu giá".into()));
        }
        if self.columns.has("list_price") {
            form.list_price = self.number("list_price", 1_000_000_000_000)?.map(Vnd);
        }
        if form.list_price.is_some_and(|list| list <= form.price) {
            return Err(Fault::Row("list_price", "giá gốc phải cao hơn giá bán".into()));
        }
        if let Some(weight) = self.number("weight_g", 100_000_000)? {
            form.weight_g = i32::try_from(weight).unwrap_or(i32::MAX);
        }
        if let Some(stock) = self.number("stock", 1_000_000_000)? {
            form.stock = stock;
        }
        if let Some(gtin) = self.text("gtin", 20)? {
            form.gtin = match gtin.as_str() {
                "" => None,
                typed => {
                    let read = Gtin::parse(typed);
                    let read = read.map_err(|text| Fault::Row("gtin", text.to_string()))?;
                    Some(read.as_str().to_owned())
                }
            };
        }
        Ok(form)
    }

    async fn create(&self, db: &PgPool, cx: &Cx, seller: SellerId) -> Result<(), Fault> {
        let sku = self.text("sku", 80)?.filter(|sku| !sku.is_empty());
        let sku = sku.ok_or_else(|| Fault::Row("sku", "thiếu mã hàng".into()))?;
        let about = About { unit: "cái".into(), lead_days: 1, ..About::default() };
        let about = self.about(about)?;
        if about.category.is_empty() {
            return Err(Fault::Row("category", "thiếu ngành hàng".into()));
        }
        let variant = self.variant(NewVariant { sku, ..NewVariant::default() })?;
        let new = NewProduct {
            seller,
            about,
            art: String::new(),
            variants: vec![variant],
            certificates: Vec::new(),
        };
        let mut tx = db.begin().await?;
        create_product(&mut tx, cx, &new).await?;
        Ok(tx.commit().await?)
    }

    async fn update(
        &self,
        db: &PgPool,
        cx: &Cx,
        seller: SellerId,
        had: &Owned,
    ) -> Result<(), Fault> {
        let mut tx = db.begin().await?;
        let key = (seller, had.product);
        let product = products::product(&mut tx, had.product, Some(seller)).await?;
        let product = product.ok_or(CatalogueError::NotFound)?;
        let rows = variants::all(&mut tx, had.product).await?;
        let row = rows.iter().find(|v| v.id == had.variant).ok_or(CatalogueError::NotFound)?;
        let form = self.variant(NewVariant {
            sku: row.sku.clone(),
            label: row.label.clone(),
            price: row.price,
            list_price: row.list_price,
            weight_g: row.weight_g,
            gtin: row.gtin.clone(),
            stock: row.on_hand,
            tiers: Vec::new(),
        })?;
        let about = self.about(product.about.clone())?;
        let edited =
            EditedVariant { id: Some(row.id), form, stock_seen: Some(row.on_hand), remove: false };
        save_variants(&mut tx, cx, key, product.version, &[edited]).await?;
        if about != product.about {
            let version = products::version(&mut tx, had.product).await?;
            save_about(&mut tx, cx, self.categories, key, version, &about).await?;
        }
        Ok(tx.commit().await?)
    }
}
