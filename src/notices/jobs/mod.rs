//! What notices do when they hear something, and by the clock.

mod ask;
mod daily;
mod goods_back;
mod orders;
mod rung;
mod shops;
mod voices;

pub use ask::{AskForReview, AskLater};
pub use daily::{Digest, Tidy};
pub use goods_back::{TellEdit, TellLost, TellReturn};
pub use orders::{TellChanged, TellJudged, TellPlaced};
pub use rung::TellRung;
pub use shops::{TellListed, TellMandate, TellShop, TellWarned};
pub use voices::{TellAnswered, TellReviewed, TellRuled, TellWaiting};

use super::tell::{Letter, News, ring, tell, text};
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, PersonId, SellerId},
};
use sqlx::PgConnection;

/// What a letter needs besides its news.
#[derive(Debug, Clone)]
pub struct Post {
    /// Links begin with it.
    pub base_url: String,
    /// Who writes.
    pub site_name: String,
}

/// Tells every member of a shop.
async fn tell_shop(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    news: &News,
    write: impl Fn(Lang) -> Letter,
) -> sqlx::Result<()> {
    for member in enterprises::members(db, seller).await? {
        tell(db, cx, member.person, news, &write).await?;
    }
    Ok(())
}

/// The bell of every member of a shop; its letters are written elsewhere.
async fn ring_shop(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    news: &News,
) -> sqlx::Result<()> {
    for member in enterprises::members(db, seller).await? {
        ring_and_text(db, cx, member.person, news).await?;
    }
    Ok(())
}

/// The bell, and a short message where he asked for that.
async fn ring_and_text(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    news: &News,
) -> sqlx::Result<()> {
    ring(db, cx, person, news).await?;
    match accounts::person(db, person).await? {
        Some(who) => text(db, cx, &who, news).await,
        None => Ok(()),
    }
}
