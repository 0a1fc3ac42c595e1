//! Loads the shipped lists: VSIC, banks, kinds of papers.

use super::queries_register;
use crate::{
    kernel::Cx,
    platform::{
        import::{self, Mapping, Outcome},
        reference,
        spreadsheet::Table,
    },
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

#[derive(Deserialize)]
pub(super) struct VsicRow {
    pub(super) code: String,
    pub(super) level: i32,
    pub(super) parent_code: String,
    pub(super) section: String,
    pub(super) name_vi: String,
    pub(super) name_en: String,
    pub(super) key_group: String,
}

#[derive(Deserialize)]
pub(super) struct BankRow {
    pub(super) bin: String,
    pub(super) code: String,
    pub(super) short_name: String,
    pub(super) name: String,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) vietqr_ok: bool,
}

#[derive(Deserialize)]
pub(super) struct PaperKindRow {
    pub(super) kind: String,
    pub(super) label_vi: String,
    pub(super) label_en: String,
    #[serde(rename = "for")]
    pub(super) used_for: String,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) expires: bool,
    pub(super) help_vi: String,
    pub(super) help_en: String,
    pub(super) legal_ref: String,
}

/// Loads `data/vsic.csv`, `banks.csv` and `papers.csv` when they changed.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load_reference(db: &mut PgConnection, cx: &Cx) -> anyhow::Result<()> {
    let vsic = include_str!("../../data/vsic.csv");
    let banks = include_str!("../../data/banks.csv");
    let papers = include_str!("../../data/papers.csv");
    if !reference::changed(db, cx, "enterprises", &[vsic, banks, papers]).await? {
        return Ok(());
    }
    for row in reference::rows::<VsicRow>(vsic)? {
        queries_register::load_vsic(db, &row).await?;
    }
    for row in reference::rows::<BankRow>(banks)? {
        queries_register::load_bank(db, &row).await?;
    }
    for row in reference::rows::<PaperKindRow>(papers)? {
        queries_register::load_paper_kind(db, &row).await?;
    }
    Ok(())
}

/// Brings in a table of industries with the columns of `data/vsic.csv`, for `santinh import vsic`.
/// What the file does not name stays.
///
/// # Errors
/// A table that cannot be read or lacks its key, or whatever the database says.
pub async fn import_vsic(db: &PgPool, table: Table, mapping: &Mapping) -> anyhow::Result<Outcome> {
    const FIELDS: &[&str] =
        &["code", "level", "parent_code", "section", "name_vi", "name_en", "key_group"];
    let mut outcome = Outcome::default();
    let mut tx = db.begin().await?;
    let before = queries_register::vsic_digests(&mut tx).await?;
    let mut taken = 0;
    for (line, cells, row) in import::rows::<VsicRow>(table, mapping, FIELDS, &mut outcome)? {
        if !["agri_industry", "trade_services"].contains(&row.key_group.as_str()) {
            let reason = "key_group phải là agri_industry hoặc trade_services";
            outcome.refuse(line, "key_group", reason, &cells);
            continue;
        }
        queries_register::load_vsic(&mut tx, &row).await?;
        taken += 1;
    }
    let after = queries_register::vsic_digests(&mut tx).await?;
    outcome.compare(&before, &after, taken);
    tx.commit().await?;
    Ok(outcome)
}
