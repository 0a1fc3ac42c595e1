//! `santinh import units`: a table of units in the shape of the shipped files.

use super::{
    load::{CommuneRow, Crossing, OldUnit, Province},
    queries,
};
use crate::platform::{
    import::{self, Line, Mapping, Outcome},
    spreadsheet::Table,
};
use sqlx::PgPool;

const PROVINCE: &[&str] =
    &["code", "name", "full_name", "kind", "name_en", "lat", "lon", "valid_from"];
const COMMUNE: &[&str] =
    &["code", "name", "full_name", "kind", "province_code", "lat", "lon", "valid_from", "valid_to"];
const OLD_UNIT: &[&str] = &["code", "level", "full_name", "parent_code"];
const CROSSING: &[&str] = &["old_ward_code", "new_commune_code", "extent", "is_default"];

fn taken<T>(lines: Vec<Line<T>>) -> Vec<T> {
    lines.into_iter().map(|(_, _, row)| row).collect()
}

/// Brings in provinces, communes, units of the time before July 2025, or the crossing between them:
/// the columns tell which. Columns are those of `data/units/*.csv`, see `data/README.md`. A crossing
/// replaces the one before; of the others, what the file does not name stays.
///
/// # Errors
/// A table that cannot be read or lacks its key, or whatever the database says.
pub async fn import_units(db: &PgPool, table: Table, mapping: &Mapping) -> anyhow::Result<Outcome> {
    let named = |field: &str| {
        let pairs = mapping.pairs();
        table.header.iter().any(|h| h == field) || pairs.iter().any(|(f, _)| f == field)
    };
    let kind = ["old_ward_code", "level", "province_code"].into_iter().find(|field| named(field));
    let mut outcome = Outcome::default();
    let mut tx = db.begin().await?;
    let before = queries::digests(&mut tx).await?;
    let count = match kind {
        Some("old_ward_code") => {
            let rows = taken(import::rows::<Crossing>(table, mapping, CROSSING, &mut outcome)?);
            queries::put_crossings(&mut tx, &rows).await?;
            rows.len()
        }
        Some("level") => {
            let rows = taken(import::rows::<OldUnit>(table, mapping, OLD_UNIT, &mut outcome)?);
            queries::put_old_units(&mut tx, &rows).await?;
            rows.len()
        }
        Some(_) => {
            let known = queries::province_codes(&mut tx).await?;
            let lines = import::rows::<CommuneRow>(table, mapping, COMMUNE, &mut outcome)?;
            let (good, bad): (Vec<_>, Vec<_>) =
                lines.into_iter().partition(|(_, _, row)| known.contains(&row.province_code));
            for (line, cells, _) in bad {
                outcome.refuse(line, "province_code", "không có tỉnh, thành phố mã này", &cells);
            }
            let rows = taken(good);
            queries::put_communes(&mut tx, &rows).await?;
            rows.len()
        }
        None => {
            let rows = taken(import::rows::<Province>(table, mapping, PROVINCE, &mut outcome)?);
            queries::put_provinces(&mut tx, &rows).await?;
            rows.len()
        }
    };
    let after = queries::digests(&mut tx).await?;
    outcome.compare(&before, &after, count as u64);
    tx.commit().await?;
    Ok(outcome)
}
