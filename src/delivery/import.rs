//! How carriers name communes, brought in by the operator: `santinh import carrier-places`.

use super::{carriers::CarrierKind, queries_contracts};
use crate::{
    places::Places,
    platform::{
        import::{self, Mapping, Outcome},
        spreadsheet::Table,
    },
};
use serde::Deserialize;
use sqlx::PgPool;

#[derive(Deserialize)]
struct Row {
    carrier: String,
    commune_code: String,
    district: String,
    ward: String,
}

/// Brings in a table with the columns carrier, `commune_code`, district, ward. What the file does not name stays.
///
/// # Errors
/// A table that cannot be read or lacks a column, or whatever the database says.
pub async fn carrier_places(
    db: &PgPool,
    places: &Places,
    table: Table,
    mapping: &Mapping,
) -> anyhow::Result<Outcome> {
    const FIELDS: &[&str] = &["carrier", "commune_code", "district", "ward"];
    let mut outcome = Outcome::default();
    let mut tx = db.begin().await?;
    let before = queries_contracts::carrier_places(&mut *tx).await?;
    let mut taken = 0;
    for (line, cells, row) in import::rows::<Row>(table, mapping, FIELDS, &mut outcome)? {
        let Some(carrier) = CarrierKind::of(row.carrier.trim()).filter(|c| c.is_network()) else {
            outcome.refuse(line, "carrier", "phải là ghn, ghtk hoặc viettel_post", &cells);
            continue;
        };
        let commune = row.commune_code.trim();
        if places.commune(commune).is_none() {
            outcome.refuse(line, "commune_code", "không có xã, phường mã này", &cells);
            continue;
        }
        let (district, ward) = (row.district.trim(), row.ward.trim());
        let number = carrier != CarrierKind::Ghn || district.parse::<i64>().is_ok();
        if district.is_empty() || !number || district.len() > 100 || ward.len() > 100 {
            outcome.refuse(
                line,
                "district",
                "GHN cần mã số quận, huyện; hãng khác cần tên",
                &cells,
            );
            continue;
        }
        queries_contracts::save_carrier_place(&mut tx, carrier, commune, district, ward).await?;
        taken += 1;
    }
    let after = queries_contracts::carrier_places(&mut *tx).await?;
    outcome.compare(&before, &after, taken);
    tx.commit().await?;
    Ok(outcome)
}
