//! What members of a shop hear besides orders: how their shop stands, what a clerk listed for them, and warnings.

use super::{Post, ring_shop, tell_shop};
use crate::{
    assisted::{Listed, MandateGiven},
    enterprises::{self, SellerStepTaken},
    kernel::{Cx, Lang, SellerId, Text},
    messages::{self, ReportSettled, Side},
    notices::{
        letters,
        model::Kind,
        tell::{News, tell},
        texts,
    },
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};

/// A shop was approved, sent back, suspended or the like. The letter is written by `enterprises`.
pub struct TellShop {
    pub db: PgPool,
}

#[async_trait]
impl Handler for TellShop {
    type Payload = SellerStepTaken;
    const NAME: &'static str = "notices.tell_shop";

    async fn handle(&self, cx: &Cx, told: SellerStepTaken) -> Result<(), JobError> {
        // What the system did by itself, as when the demo is loaded, is told to nobody.
        if told.by.is_none() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let state = told.to.label();
        let news = News {
            kind: Kind::Shop,
            cause: format!("enterprises.step:{}", told.record),
            title: Text::new(
                format!("Gian hàng của bạn: {}", state.get(Lang::Vi)),
                format!("Your shop: {}", state.get(Lang::En)),
            ),
            href: "/ban-hang/ho-so".to_owned(),
        };
        ring_shop(&mut tx, cx, told.seller, &news).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// To the telephone of the shop: whoever needs a clerk may have no mail.
async fn text_shop(
    db: &mut PgConnection,
    cx: &Cx,
    post: &Post,
    seller: SellerId,
    news: &News,
) -> sqlx::Result<()> {
    let found = enterprises::facts(db, &[seller]).await?.remove(&seller);
    let Some(shop) = found.filter(|shop| shop.phone.starts_with('+')) else { return Ok(()) };
    let words = format!(
        "{}: {}. Thu hồi: {}/ban-hang/dang-ho",
        post.site_name,
        news.title.get(Lang::Vi),
        post.base_url
    );
    texts::queue(db, cx, &shop.phone, &words, &format!("{}:shop", news.cause)).await
}

/// A household has agreed that a clerk lists for it; if it did not, it reads how to take that back.
pub struct TellMandate {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellMandate {
    type Payload = MandateGiven;
    const NAME: &'static str = "notices.tell_mandate";

    async fn handle(&self, cx: &Cx, told: MandateGiven) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let point = &told.point;
        let news = News {
            kind: Kind::Shop,
            cause: format!("assisted.mandate:{}", told.mandate),
            title: Text::new(
                format!("Đã ghi sự đồng ý để {point} đăng hàng hộ"),
                format!("Noted: {point} may list for your shop"),
            ),
            href: "/ban-hang/dang-ho".to_owned(),
        };
        let write = |lang| letters::mandate(&self.post, lang, point);
        tell_shop(&mut tx, cx, told.seller, &news, write).await?;
        text_shop(&mut tx, cx, &self.post, told.seller, &news).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A clerk has listed something for a household.
pub struct TellListed {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellListed {
    type Payload = Listed;
    const NAME: &'static str = "notices.tell_listed";

    async fn handle(&self, cx: &Cx, told: Listed) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let (name, point) = (&told.name, &told.point);
        let href = format!("/ban-hang/san-pham/{}", told.product);
        let news = News {
            kind: Kind::Listing,
            cause: format!("assisted.listed:{}", told.product),
            title: match told.submitted {
                true => Text::new(
                    format!("{point} đã đăng hộ “{name}”, đang chờ duyệt"),
                    format!("{point} has listed “{name}” for you; it awaits review"),
                ),
                false => Text::new(
                    format!("{point} đã soạn hộ “{name}”, cần bạn bổ sung"),
                    format!("{point} has drafted “{name}” for you; please complete it"),
                ),
            },
            href: href.clone(),
        };
        let write =
            |lang| letters::listed(&self.post, lang, (name.as_str(), point.as_str()), &href);
        tell_shop(&mut tx, cx, told.seller, &news, write).await?;
        text_shop(&mut tx, cx, &self.post, told.seller, &news).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A report of a conversation ended with a warning: whoever was reported reads it.
pub struct TellWarned {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellWarned {
    type Payload = ReportSettled;
    const NAME: &'static str = "notices.tell_warned";

    async fn handle(&self, cx: &Cx, told: ReportSettled) -> Result<(), JobError> {
        if told.outcome != "warned" {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let found = messages::waiting(&mut tx, &[told.thread]).await?.pop();
        let Some(thread) = found else { return Ok(()) };
        let to_seller = told.reported_by() == Side::Buyer;
        let href = match to_seller {
            true => format!("/ban-hang/tin-nhan/{}", told.thread),
            false => format!("/tin-nhan/{}", told.thread),
        };
        let subject = &thread.subject;
        let news = News {
            kind: Kind::Ruling,
            cause: format!("messages.warned:{}", told.report),
            title: Text::new(
                format!("Nhắc nhở về cuộc trò chuyện “{subject}”"),
                format!("A warning about the conversation “{subject}”"),
            ),
            href: href.clone(),
        };
        let write = |lang| letters::warned(&self.post, lang, subject, &href);
        match (to_seller, told.buyer) {
            (true, _) => tell_shop(&mut tx, cx, told.seller, &news, write).await?,
            (false, Some(buyer)) => tell(&mut tx, cx, buyer, &news, write).await?,
            (false, None) => {
                if let Some(to) = thread.email.clone().filter(|to| !to.is_empty()) {
                    let key = thread.secret.as_deref().unwrap_or_default();
                    let link = format!("{href}?k={key}");
                    let lang = Lang::of(&thread.lang);
                    let (subject, body) = letters::warned(&self.post, lang, subject, &link);
                    let dedup_key = format!("notices:{}", news.cause);
                    mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
