//! Loads the shipped lists of units, and one collection point a commune.

use super::queries;
use crate::{
    kernel::{Cx, Day},
    platform::reference,
};
use serde::Deserialize;
use sqlx::PgConnection;

const PROVINCES: &str = include_str!("../../data/units/provinces.csv");
const COMMUNES: &str = include_str!("../../data/units/communes.csv");
const OLD_UNITS: &str = include_str!("../../data/units/old_units.csv");
const OLD_TO_NEW: &str = include_str!("../../data/units/old_to_new.csv");

#[derive(Deserialize)]
pub(super) struct Province {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) kind: String,
    pub(super) name_en: String,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) valid_from: Day,
}

#[derive(Deserialize)]
pub(super) struct CommuneRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) kind: String,
    pub(super) province_code: String,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) valid_from: Day,
    /// Exclusive.
    #[serde(deserialize_with = "reference::optional_day")]
    pub(super) valid_to: Option<Day>,
}

#[derive(Deserialize)]
pub(super) struct OldUnit {
    pub(super) code: String,
    pub(super) level: String,
    pub(super) full_name: String,
    pub(super) parent_code: String,
}

#[derive(Deserialize)]
pub(super) struct Crossing {
    pub(super) old_ward_code: String,
    pub(super) new_commune_code: String,
    pub(super) extent: String,
    #[serde(deserialize_with = "reference::flag")]
    pub(super) is_default: bool,
}

/// Loads `data/units/*.csv` when they changed. Units that a newer list no longer has are kept:
/// addresses of orders name them.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load_reference(db: &mut PgConnection, cx: &Cx) -> anyhow::Result<()> {
    let texts = [PROVINCES, COMMUNES, OLD_UNITS, OLD_TO_NEW];
    if !reference::changed(db, cx, "units", &texts).await? {
        return Ok(());
    }
    queries::put_provinces(db, &reference::rows(PROVINCES)?).await?;
    let communes: Vec<CommuneRow> = reference::rows(COMMUNES)?;
    queries::put_communes(db, &communes).await?;
    queries::put_old_units(db, &reference::rows(OLD_UNITS)?).await?;
    let mut crossings: Vec<Crossing> = reference::rows(OLD_TO_NEW)?;
    // A few island districts had no wards: there is nothing to cross from.
    crossings.retain(|c| !c.old_ward_code.is_empty());
    queries::put_crossings(db, &crossings).await?;
    queries::add_missing_points(db, &points(cx, &communes)).await?;
    Ok(())
}

/// A collection point to be made.
pub(super) struct NewPoint {
    pub(super) id: uuid::Uuid,
    pub(super) name: String,
    pub(super) commune_code: String,
    pub(super) address: String,
}

/// One post office a commune of today, under a name of its kind: a real list replaces these.
fn points(cx: &Cx, communes: &[CommuneRow]) -> Vec<NewPoint> {
    let today = communes.iter().filter(|c| c.valid_to.is_none());
    today
        .map(|c| {
            let (sort, unit) = match c.kind.as_str() {
                "xa" => ("Bưu điện văn hóa", "xã"),
                "phuong" => ("Bưu điện", "phường"),
                _ => ("Bưu điện", "đặc khu"),
            };
            NewPoint {
                id: cx.new_id(),
                name: format!("{sort} {unit} {}", c.name),
                commune_code: c.code.clone(),
                address: format!("Trung tâm {unit} {}", c.name),
            }
        })
        .collect()
}
