//! Asking, once for each order, what its buyer thinks of what he bought.

use super::Post;
use crate::{
    accounts,
    kernel::{Cx, Lang, OrderId, Text, day_of},
    notices::{
        letters,
        model::{Channel, Kind},
        queries,
        tell::{News, ring, wants},
    },
    orders::OrderCompleted,
    platform::{
        jobs::{self, Handler, JobError},
        mail::{self, Mail},
        rules,
    },
    reviews,
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;

/// An order is complete: its buyer is asked some days later, when he has used what he bought.
pub struct AskLater {
    pub db: PgPool,
}

#[async_trait]
impl Handler for AskLater {
    type Payload = OrderCompleted;
    const NAME: &'static str = "notices.ask_later";

    async fn handle(&self, cx: &Cx, told: OrderCompleted) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let days = rules::value(&mut tx, "review.ask_days", day_of(cx.now), 3).await?;
        let due = cx.now + TimeDelta::try_days(days.clamp(0, 365)).unwrap_or_default();
        let key = told.order.to_string();
        jobs::enqueue_at(&mut tx, cx, AskForReview::NAME, &key, &told.order, due).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Asks, unless he does not want to be asked or has said it already.
pub struct AskForReview {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for AskForReview {
    type Payload = OrderId;
    const NAME: &'static str = "notices.ask_for_review";

    async fn handle(&self, cx: &Cx, id: OrderId) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(order) = queries::parties(&mut tx, id).await? else { return Ok(()) };
        if order.state != "completed" || reviews::all_reviewed(&mut tx, id).await? {
            return Ok(());
        }
        let (code, shop) = (&order.code, &order.seller_name);
        let own = format!("/don-hang/{code}/danh-gia");
        let key = format!("?k={}", order.secret);
        if let Some(buyer) = order.buyer {
            let title = Text::new(
                format!("Bạn thấy hàng của {shop} thế nào?"),
                format!("How are the goods of {shop}?"),
            );
            let cause = format!("notices.ask:{id}");
            let news = News { kind: Kind::Ask, cause, title, href: own.clone() };
            ring(&mut tx, cx, buyer, &news).await?;
        }
        let wanted = match order.buyer {
            Some(buyer) => wants(&mut tx, buyer, Kind::Ask, Channel::Mail).await?,
            None => true,
        };
        let mut to = order.email.clone().filter(|to| !to.is_empty());
        if to.is_none()
            && let Some(buyer) = order.buyer
        {
            to = accounts::person(&mut tx, buyer).await?.and_then(|who| who.email);
        }
        if let Some(to) = to.filter(|_| wanted)
            && !queries::has_refused(&mut tx, &to, Kind::Ask.code()).await?
        {
            let lang = Lang::of(&order.lang);
            let (href, stop) = (format!("{own}{key}"), format!("/don-hang/{code}/thoi-hoi{key}"));
            let who = (order.buyer_name.as_str(), shop.as_str(), code.as_str());
            let (subject, body) = letters::ask(&self.post, lang, who, (&href, &stop));
            let dedup_key = format!("notices.ask:{id}");
            mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
