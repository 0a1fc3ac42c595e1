//! One row of a shop's own table: what it says, and what it changes.

use super::{
    own::{HEADER, Owned},
    row::whole,
};
use crate::{
    catalogue::{
        CatalogueError, Categories,
        create::create_product,
        edit::{EditedVariant, save_about, save_variants},
        model::{About, NewProduct, NewVariant},
        queries::{products, variants},
    },
    kernel::{Cx, Gtin, ProductId, SellerId, Vnd},
    platform::import::Columns,
};
use sqlx::PgPool;

/// Why a row is not taken.
pub(super) enum Fault {
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

/// One row, and what it means.
pub(super) struct Incoming<'a> {
    pub(super) columns: &'a Columns,
    pub(super) cells: &'a [String],
    pub(super) categories: &'a Categories,
}

impl Incoming<'_> {
    pub(super) fn same_as(&self, had: &Owned) -> bool {
        let contents = HEADER.iter().filter(|field| !matches!(**field, "product" | "stock_seen"));
        contents.into_iter().all(|field| !self.edited(field, Some(had)))
    }

    /// Whether the table has the cell and it is not what the shop's list had: the other rows of a product repeat
    /// what one row changes.
    fn edited(&self, field: &str, had: Option<&Owned>) -> bool {
        // Goods are sold while a table is being edited: its own column says how many there were.
        if field == "stock"
            && had.is_some()
            && !self.columns.get(self.cells, "stock_seen").is_empty()
        {
            let cell = |field| self.columns.get(self.cells, field);
            return self.columns.has(field) && cell(field) != cell("stock_seen");
        }
        let at = HEADER.iter().position(|name| *name == field);
        let stored = had.and_then(|had| Some(had.cells[at?].trim()));
        self.columns.has(field) && stored != Some(self.columns.get(self.cells, field))
    }

    /// The cell, where the table has its column and another word than before in it.
    fn text(
        &self,
        field: &'static str,
        most: usize,
        had: Option<&Owned>,
    ) -> Result<Option<String>, Fault> {
        if !self.edited(field, had) {
            return Ok(None);
        }
        let text = self.columns.get(self.cells, field);
        if text.chars().count() > most {
            return Err(Fault::Row(field, format!("dài quá {most} ký tự")));
        }
        Ok(Some(text.to_owned()))
    }

    fn number(
        &self,
        field: &'static str,
        most: i64,
        had: Option<&Owned>,
    ) -> Result<Option<i64>, Fault> {
        if !self.edited(field, had) {
            return Ok(None);
        }
        match self.columns.get(self.cells, field) {
            "" => Ok(None),
            typed => whole(typed)
                .filter(|n| *n <= most)
                .map(Some)
                .ok_or_else(|| Fault::Row(field, format!("“{typed}” không phải số hợp lệ"))),
        }
    }

    /// The contents that the row asks for, over those there are.
    fn about(&self, mut about: About, had: Option<&Owned>) -> Result<About, Fault> {
        if let Some(name) = self.text("name", 200, had)? {
            about.name = name;
        }
        if about.name.is_empty() {
            return Err(Fault::Row("name", "thiếu tên".into()));
        }
        if let Some(category) = self.text("category", 100, had)?.filter(|c| !c.is_empty()) {
            if self.categories.get(&category).is_none_or(|c| !c.is_leaf) {
                return Err(Fault::Row("category", format!("không có ngành hàng “{category}”")));
            }
            about.category = category;
        }
        if let Some(unit) = self.text("unit", 20, had)?.filter(|unit| !unit.is_empty()) {
            about.unit = unit;
        }
        if let Some(brand) = self.text("brand", 100, had)? {
            about.brand = brand;
        }
        if let Some(text) = self.text("description", 20_000, had)? {
            about.description = text;
        }
        Ok(about)
    }

    fn variant(&self, mut form: NewVariant, had: Option<&Owned>) -> Result<NewVariant, Fault> {
        if let Some(label) = self.text("label", 100, had)? {
            form.label = label;
        }
        if let Some(price) = self.number("price", 1_000_000_000_000, had)? {
            form.price = Vnd(price);
        }
        if form.price.0 < 1 {
            return Err(Fault::Row("price", "thiếu giá".into()));
        }
        if self.edited("list_price", had) {
            form.list_price = self.number("list_price", 1_000_000_000_000, had)?.map(Vnd);
        }
        if form.list_price.is_some_and(|list| list <= form.price) {
            return Err(Fault::Row("list_price", "giá gốc phải cao hơn giá bán".into()));
        }
        if let Some(weight) = self.number("weight_g", 100_000_000, had)? {
            form.weight_g = i32::try_from(weight).unwrap_or(i32::MAX);
        }
        if let Some(stock) = self.number("stock", 1_000_000_000, had)? {
            form.stock = stock;
        }
        if let Some(gtin) = self.text("gtin", 20, had)? {
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

    /// A new SKU, as its row describes it.
    fn new_variant(&self) -> Result<NewVariant, Fault> {
        let sku = self.text("sku", 80, None)?.filter(|sku| !sku.is_empty());
        let sku = sku.ok_or_else(|| Fault::Row("sku", "thiếu mã hàng".into()))?;
        self.variant(NewVariant { sku, ..NewVariant::default() }, None)
    }

    pub(super) async fn create(
        &self,
        db: &PgPool,
        cx: &Cx,
        seller: SellerId,
    ) -> Result<ProductId, Fault> {
        let about = About { unit: "cái".into(), lead_days: 1, ..About::default() };
        let about = self.about(about, None)?;
        if about.category.is_empty() {
            return Err(Fault::Row("category", "thiếu ngành hàng".into()));
        }
        let new = NewProduct {
            seller,
            about,
            art: String::new(),
            variants: vec![self.new_variant()?],
            certificates: Vec::new(),
        };
        let mut tx = db.begin().await?;
        let product = create_product(&mut tx, cx, &new).await?;
        tx.commit().await?;
        Ok(product)
    }

    /// One more variant; what the row says of the product is not looked at.
    pub(super) async fn add(
        &self,
        db: &PgPool,
        cx: &Cx,
        seller: SellerId,
        product: ProductId,
    ) -> Result<(), Fault> {
        let form = self.new_variant()?;
        if form.label.is_empty() {
            let reason = "thiếu tên phân loại: sản phẩm này có nhiều phân loại".to_owned();
            return Err(Fault::Row("label", reason));
        }
        let mut tx = db.begin().await?;
        let version = products::version(&mut tx, product).await?;
        let edited = EditedVariant { id: None, form, stock_seen: None, remove: false };
        save_variants(&mut tx, cx, (seller, product), version, &[edited]).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn update(
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
        let before = NewVariant {
            sku: row.sku.clone(),
            label: row.label.clone(),
            price: row.price,
            list_price: row.list_price,
            weight_g: row.weight_g,
            gtin: row.gtin.clone(),
            stock: row.on_hand,
            tiers: Vec::new(),
        };
        let form = self.variant(before, Some(had))?;
        let about = self.about(product.about.clone(), Some(had))?;
        // What was sold since the export is not counted over.
        let seen = self.number("stock_seen", 1_000_000_000, None)?;
        let edited = self.edited("stock", Some(had));
        let stock_seen = Some(seen.filter(|_| edited).unwrap_or(row.on_hand));
        let edited = EditedVariant { id: Some(row.id), form, stock_seen, remove: false };
        save_variants(&mut tx, cx, key, product.version, &[edited]).await?;
        if about != product.about {
            let version = products::version(&mut tx, had.product).await?;
            save_about(&mut tx, cx, self.categories, key, version, &about).await?;
        }
        Ok(tx.commit().await?)
    }
}
