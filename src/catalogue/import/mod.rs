//! Goods by the table: a technician's import of many, and a shop's own list out and in again.

mod classify;
mod own;
mod own_row;
mod row;
mod shop;
mod write;

pub(super) use own::{HEADER, Owned, export_rows, import_own};
pub(super) use row::whole;
pub use shop::import_shop;

use super::{Categories, State};
use crate::{
    kernel::{Cx, SellerId},
    platform::{
        import::{Columns, Mapping, Outcome},
        spreadsheet::Table,
    },
};
use classify::Classifier;
use row::{FIELDS, Row};
use sqlx::PgPool;
use std::collections::HashSet;

/// Whose goods they become, and how.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    pub seller: SellerId,
    /// Where products begin that no ban speaks about.
    pub state: State,
    /// On hand where the file does not say.
    pub stock: i64,
}

impl ImportOptions {
    /// On sale at once, a hundred of each: goods that were reviewed where they come from.
    #[must_use]
    pub const fn of(seller: SellerId) -> Self {
        Self { seller, state: State::Published, stock: 100 }
    }
}

/// Rows written in one transaction.
const BATCH: usize = 2000;

/// Brings the products of a table into a shop. One product a row; its `product_id` becomes the SKU.
///
/// A row that came before and has not changed is left alone, so a second run changes nothing. Every
/// refused row is in the outcome; the good ones stay. `on_progress` hears how many rows were read.
///
/// # Errors
/// A table that cannot be read, a column of the mapping that is not there, or whatever the database says.
pub async fn import_products(
    db: &PgPool,
    cx: &Cx,
    categories: &Categories,
    table: Table,
    mapping: &Mapping,
    options: &ImportOptions,
    mut on_progress: impl FnMut(u64),
) -> anyhow::Result<Outcome> {
    let columns = Columns::of(&table.header, mapping, FIELDS)?;
    for needed in ["sku", "name", "price"] {
        anyhow::ensure!(columns.has(needed), "tệp thiếu cột “{needed}”");
    }
    let classifier = Classifier::new(categories);
    let (mut outcome, mut batch) = (Outcome::default(), Vec::with_capacity(BATCH));
    let mut seen: HashSet<u64> = HashSet::new();
    for (at, cells) in table.enumerate() {
        let line = at as u64 + 2;
        outcome.read += 1;
        let cells = match cells {
            Ok(cells) => cells,
            Err(error) => {
                outcome.refuse(line, "", format!("không đọc được dòng này: {error}"), &[]);
                continue;
            }
        };
        match Row::read(cx, categories, &classifier, &columns, &cells, options) {
            Ok(row) if !seen.insert(row::hash(&row.sku)) => {
                outcome.refuse(line, columns.name("sku"), "mã hàng đã có ở dòng trước", &cells);
            }
            Ok(row) => batch.push(row),
            Err((field, reason)) => outcome.refuse(line, columns.name(field), reason, &cells),
        }
        if batch.len() == BATCH {
            write::batch(db, cx, options.seller, &batch, &mut outcome).await?;
            batch.clear();
            on_progress(outcome.read);
        }
    }
    write::batch(db, cx, options.seller, &batch, &mut outcome).await?;
    on_progress(outcome.read);
    Ok(outcome)
}
