//! What notices do when they hear something, and by the clock.

mod ask;
mod daily;
mod orders;
mod voices;

pub use ask::{AskForReview, AskLater};
pub use daily::{Digest, Tidy};
pub use orders::{TellChanged, TellJudged, TellPlaced};
pub use voices::{TellAnswered, TellReviewed, TellRuled, TellWaiting};

use super::tell::{Letter, News, tell};
use crate::{
    enterprises,
    kernel::{Cx, Lang, SellerId},
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
