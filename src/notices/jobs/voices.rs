//! News of reviews and messages.

use super::{Post, tell_shop};
use crate::{
    kernel::{Cx, Lang, Text},
    messages::{self, MessagesWaiting, Side, Waiting},
    notices::{
        letters::{self, Ruled, Unread},
        model::Kind,
        tell::{News, tell},
    },
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
    reviews::{self, HideReason, ReviewAnswered, ReviewRuled, ReviewWritten},
};
use async_trait::async_trait;
use sqlx::PgPool;

/// A shop's goods have been judged.
pub struct TellReviewed {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellReviewed {
    type Payload = ReviewWritten;
    const NAME: &'static str = "notices.tell_reviewed";

    async fn handle(&self, cx: &Cx, event: ReviewWritten) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(told) = reviews::told(&mut tx, event.review).await? else { return Ok(()) };
        let (product, stars) = (&told.product_name, told.stars);
        let news = News {
            kind: Kind::Review,
            cause: format!("reviews.written:{}", event.review),
            title: Text::new(
                format!("Đánh giá mới {stars} sao: {product}"),
                format!("A new review of {stars} stars: {product}"),
            ),
            href: format!("/ban-hang/danh-gia?loc={stars}"),
        };
        let write = |lang| letters::reviewed(&self.post, lang, product, stars);
        tell_shop(&mut tx, cx, told.seller, &news, write).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The shop has answered: its author hears of it.
pub struct TellAnswered {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellAnswered {
    type Payload = ReviewAnswered;
    const NAME: &'static str = "notices.tell_answered";

    async fn handle(&self, cx: &Cx, event: ReviewAnswered) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(told) = reviews::told(&mut tx, event.review).await? else { return Ok(()) };
        let Some(author) = told.author else { return Ok(()) };
        let (product, slug) = (&told.product_name, &told.slug);
        let news = News {
            kind: Kind::Review,
            cause: format!("reviews.answered:{}", event.review),
            title: Text::new(
                format!("Gian hàng đã trả lời đánh giá của bạn về {product}"),
                format!("The shop has answered your review of {product}"),
            ),
            href: format!("/san-pham/{slug}/danh-gia"),
        };
        let write = |lang| letters::answered(&self.post, lang, product, slug);
        tell(&mut tx, cx, author, &news, write).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A review has been ruled upon: its author is always told, with the reason.
pub struct TellRuled {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellRuled {
    type Payload = ReviewRuled;
    const NAME: &'static str = "notices.tell_ruled";

    async fn handle(&self, cx: &Cx, event: ReviewRuled) -> Result<(), JobError> {
        // Who was reported and found in order need not hear of it.
        if event.act == "keep" && !event.appealed {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let Some(told) = reviews::told(&mut tx, event.review).await? else { return Ok(()) };
        let reason = HideReason::of(&event.reason).map(HideReason::label);
        let own = format!("/don-hang/{}/danh-gia/{}", told.code, told.position);
        let by_link = format!("{own}?k={}", told.secret);
        let letter = |lang: Lang, own: &str| {
            let ruled = Ruled {
                act: &event.act,
                reason: reason.as_ref().map(|r| r.get(lang)).unwrap_or_default(),
                note: &event.note,
                appealed: event.appealed,
                product: &told.product_name,
                own,
            };
            letters::ruled(&self.post, lang, &ruled)
        };
        let cause = format!("reviews.ruled:{}", event.ruling);
        match (told.author, &told.email) {
            (Some(author), _) => {
                let title = Text::new(letter(Lang::Vi, &own).0, letter(Lang::En, &own).0);
                let news = News { kind: Kind::Ruling, cause, title, href: own.clone() };
                tell(&mut tx, cx, author, &news, |lang| letter(lang, &own)).await?;
            }
            (None, Some(email)) => {
                let (subject, body) = letter(Lang::of(&told.lang), &by_link);
                let to = email.clone();
                let dedup_key = format!("notices:{cause}");
                mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
            }
            (None, None) => {}
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Messages have waited for some minutes: one word about all of them.
pub struct TellWaiting {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellWaiting {
    type Payload = MessagesWaiting;
    const NAME: &'static str = "notices.tell_waiting";

    async fn handle(&self, cx: &Cx, event: MessagesWaiting) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let side = event.side();
        let mut threads = messages::waiting(&mut tx, &event.threads).await?;
        // What has been read in the meantime needs no word.
        threads.retain(|t| count(t, side) > 0);
        let (Some(first), Some(named)) = (threads.first().cloned(), event.threads.first()) else {
            return Ok(());
        };
        let unread =
            |lang| threads.iter().map(|t| unread(t, side, lang, false)).collect::<Vec<_>>();
        let total: i32 = threads.iter().map(|t| count(t, side)).sum();
        let from = if side == Side::Seller { &first.buyer_name } else { &first.shop_name };
        let news = News {
            kind: Kind::Message,
            cause: format!("messages.waiting:{named}:{}", event.at.timestamp_micros()),
            title: Text::new(
                format!("{total} tin nhắn chưa đọc, từ {from}"),
                format!("{total} unread message(s), from {from}"),
            ),
            href: match (side, threads.len()) {
                (Side::Seller, 1) => format!("/ban-hang/tin-nhan/{}", first.thread),
                (Side::Seller, _) => "/ban-hang/tin-nhan?loc=chua-doc".to_owned(),
                (Side::Buyer, 1) => format!("/tin-nhan/{}", first.thread),
                (Side::Buyer, _) => "/tin-nhan".to_owned(),
            },
        };
        let write = |lang| letters::waiting(&self.post, lang, &unread(lang), true);
        match (event.seller, event.buyer) {
            (Some(seller), _) => tell_shop(&mut tx, cx, seller, &news, write).await?,
            (None, Some(buyer)) => tell(&mut tx, cx, buyer, &news, write).await?,
            (None, None) => {
                if let Some(to) = first.email.clone() {
                    let lang = Lang::of(&first.lang);
                    let own = [self::unread(&first, side, lang, true)];
                    let (subject, body) = letters::waiting(&self.post, lang, &own, false);
                    let dedup_key = format!("notices:{}", news.cause);
                    mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

fn count(thread: &Waiting, side: Side) -> i32 {
    if side == Side::Seller { thread.seller_unread } else { thread.buyer_unread }
}

/// One thread in a letter; a guest's link carries his key.
fn unread(thread: &Waiting, side: Side, lang: Lang, by_link: bool) -> Unread {
    let key = thread.secret.as_ref().filter(|_| by_link).map(|k| format!("?k={k}"));
    Unread {
        from: if side == Side::Seller { &thread.buyer_name } else { &thread.shop_name }.clone(),
        about: match &thread.code {
            Some(code) => format!("{} {code}", lang.t("đơn hàng", "order")),
            None => thread.subject.clone(),
        },
        count: count(thread, side),
        href: match side {
            Side::Seller => format!("/ban-hang/tin-nhan/{}", thread.thread),
            Side::Buyer => format!("/tin-nhan/{}{}", thread.thread, key.unwrap_or_default()),
        },
    }
}
