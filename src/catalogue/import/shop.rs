//! The shop that imported goods belong to.

use crate::{
    catalogue::queries::bulk,
    enterprises::{self, Kind, NewSeller},
    kernel::{Cx, SellerId},
    places::Places,
};
use anyhow::Context;
use sqlx::PgConnection;

/// Where goods go when no shop is named.
const DEFAULT: &str = "nhap-du-lieu";

/// The shop of a slug; without one the shop for imported goods, which is opened when it is not there yet.
///
/// # Errors
/// No shop of that slug, or whatever the database says.
pub async fn import_shop(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Places,
    slug: Option<&str>,
) -> anyhow::Result<SellerId> {
    if let Some(found) = bulk::shop(db, slug.unwrap_or(DEFAULT)).await? {
        return Ok(found);
    }
    if let Some(slug) = slug {
        anyhow::bail!("không có gian hàng “{slug}”");
    }
    let commune = places.home_communes().first().map(|c| c.code.clone());
    let new = NewSeller {
        kind: Kind::Household,
        legal_name: "Gian hàng dữ liệu nhập".into(),
        shop_name: "Gian hàng dữ liệu nhập".into(),
        slug: DEFAULT.into(),
        commune_code: commune.context("chưa có danh mục xã, phường")?,
        address: "Sàn thương mại điện tử tỉnh".into(),
        intro: "Hàng hóa nhập từ tệp dữ liệu.".into(),
        ..NewSeller::default()
    };
    let seller = enterprises::open_shop(db, cx, new, None).await?;
    enterprises::submit(db, cx, seller).await?;
    enterprises::decide(db, cx, seller, enterprises::Step::Approve, "", None).await?;
    Ok(seller)
}
