//! Loads the demo province: once, in one transaction, by the same commands that people use, at
//! moments of the past year.

mod fairs;
mod buying;
mod firms;
mod goods_back;
mod history;
mod papers;
mod people;
mod products;
mod purchases;
mod quotes;
mod rows;
mod voices;
mod wholesale;

use crate::{
    catalogue::Categories,
    config::Site,
    kernel::Cx,
    places::Places,
    platform::{files::Files, reference, sealed::Sealer},
};
use chrono::TimeDelta;
use sqlx::PgPool;

pub use people::{PASSWORD, SIGN_INS, secret_of};

/// What the loader needs of the running process.
pub struct Parts {
    pub db: PgPool,
    pub places: Places,
    pub categories: Categories,
    pub files: Files,
    /// Seals the account numbers.
    pub sealer: Sealer,
    /// Letters name it.
    pub site: Site,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// The province was loaded now.
    Now { firms: usize, listings: usize, orders: usize },
    /// It had been loaded before; nothing was changed.
    Before,
}

/// Loads the demo province unless it is there. `told` hears what is being done, for a progress bar.
///
/// # Errors
/// A broken file, or whatever the database says. What was written before it failed is taken back.
pub async fn load(parts: &Parts, cx: &Cx, told: impl Fn(&str)) -> anyhow::Result<Loaded> {
    let mut tx = parts.db.begin().await?;
    if !reference::changed(&mut tx, cx, "demo", &["1"]).await? {
        return Ok(Loaded::Before);
    }
    reference::patient(&mut tx).await?;
    told("người và doanh nghiệp / people and firms");
    let hash = people::hash().await?;
    let people = people::load(&mut tx, cx, &parts.places, &hash).await?;
    let firms = firms::load(&mut tx, cx, parts, &people).await?;
    told("hàng hóa / goods");
    let goods = products::load(&mut tx, cx, &firms).await?;
    told("một năm đơn hàng / a year of orders");
    let orders = history::load(
        &mut tx,
        cx,
        &history::Cast { parts, people: &people, firms: &firms, goods: &goods },
    )
    .await?;
    told("đánh giá, tin nhắn / reviews, messages");
    voices::load(&mut tx, cx, &people, &firms).await?;
    told("doanh nghiệp mua hàng / firms that buy");
    buying::load(&mut tx, cx, &people, &firms).await?;
    told("giá sỉ / wholesale");
    wholesale::load(&mut tx, cx, &people, &firms).await?;
    told("đơn mua giữa các doanh nghiệp / purchase orders between firms");
    purchases::load(&mut tx, cx, (parts, &people, &firms)).await?;
    told("hỏi giá, báo giá / requests and quotes");
    quotes::load(&mut tx, cx, (&people, &parts.categories), (&firms, &goods)).await?;
    told("sự kiện giao thương / trade events");
    fairs::load(&mut tx, cx, parts, &people, &firms).await?;
    tx.commit().await?;
    Ok(Loaded::Now { firms: firms.len(), listings: goods.len(), orders })
}

/// A context of `days` and `hours` before now.
fn ago(cx: &Cx, days: i64, hours: i64) -> Cx {
    Cx::at(cx.now - TimeDelta::days(days) - TimeDelta::hours(hours))
}
