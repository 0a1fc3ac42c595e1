//! What a seller says about delivery.

use super::{
    model::{Choice, Rates, ToPrice, Zone},
    queries,
};
use crate::kernel::{Cx, SellerId};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// The rates of several sellers; those who have said nothing have the usual ones. `to`: the commune for which
/// carriers' prices are wanted.
///
/// # Errors
/// Whatever the database says.
pub async fn rates(
    db: &mut PgConnection,
    sellers: &[SellerId],
    to: Option<&str>,
) -> sqlx::Result<HashMap<SellerId, Rates>> {
    queries::rates(db, sellers, to).await
}

/// The sellers who bring nothing to a commune. `at_home`: it is in the floor's own province.
///
/// # Errors
/// Whatever the database says.
pub async fn out_of_reach(
    db: &mut PgConnection,
    commune: &str,
    at_home: bool,
) -> sqlx::Result<Vec<SellerId>> {
    queries::out_of_reach(db, commune, at_home).await
}

/// Every way in which a parcel of one seller can go.
///
/// # Errors
/// Whatever the database says.
pub async fn quote(
    db: &mut PgConnection,
    seller: SellerId,
    parcel: &ToPrice<'_>,
) -> sqlx::Result<Vec<Choice>> {
    let to = parcel.to.map(|commune| commune.code.as_str());
    let found = rates(db, &[seller], to).await?;
    Ok(found.get(&seller).map(|rates| rates.quote(parcel)).unwrap_or_default())
}

/// Gives a new seller the usual rates, as rows to be edited. Nothing happens to one who has his own.
///
/// # Errors
/// Whatever the database says.
pub async fn set_defaults(db: &mut PgConnection, cx: &Cx, seller: SellerId) -> sqlx::Result<()> {
    set_up(db, cx, seller, &Rates::usual(|| cx.new_id())).await
}

/// Gives a seller who has none these rates, zones and all.
///
/// # Errors
/// Whatever the database says.
pub async fn set_up(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    rates: &Rates,
) -> sqlx::Result<()> {
    if queries::insert_settings(db, seller, rates, cx.now).await? {
        for zone in &rates.zones {
            queries::save_zone(db, seller, zone).await?;
        }
    }
    Ok(())
}

/// Changes everything but the zones. A seller who had the usual ones until now keeps them, as rows.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    rates: &Rates,
) -> sqlx::Result<()> {
    set_defaults(db, cx, seller).await?;
    queries::change_settings(db, seller, rates, cx.now).await
}

/// Adds or changes a zone. `false`: it is another seller's.
pub(super) async fn save_zone(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    zone: &Zone,
) -> sqlx::Result<bool> {
    set_defaults(db, cx, seller).await?;
    queries::save_zone(db, seller, zone).await
}

/// Takes a zone away. `false`: there is none, or it is another seller's.
pub(super) async fn remove_zone(
    db: &mut PgConnection,
    seller: SellerId,
    zone: Uuid,
) -> sqlx::Result<bool> {
    queries::remove_zone(db, seller, zone).await
}
