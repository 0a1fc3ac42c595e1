//! News of returns, of proposed changes of orders and of lost parcels. Letters of the first two are written by
//! `returns`; here they come under the bell. A buyer without an e-mail address reads them as short messages.

use super::{Post, ring_and_text, ring_shop, tell_shop};
use crate::{
    delivery::{ParcelMoved, ParcelState},
    kernel::{Cx, Lang, Text},
    notices::{
        letters,
        model::Kind,
        queries::{self, Parties},
        tell::News,
        texts,
    },
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
    returns::{self, Actor, EditMoved, ReturnMoved},
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};

/// Under the buyer's bell; one who gave no address reads it on his telephone. `end`: of the order's address.
async fn ring_buyer(
    db: &mut PgConnection,
    cx: &Cx,
    post: &Post,
    order: &Parties,
    (cause, title, end): (&str, &Text, &str),
) -> sqlx::Result<()> {
    let href = format!("/don-hang/{}{end}", order.code);
    if let Some(buyer) = order.buyer {
        let (cause, title) = (cause.to_owned(), title.clone());
        let news = News { kind: Kind::Return, cause, title, href: href.clone() };
        ring_and_text(db, cx, buyer, &news).await?;
    }
    if order.email.as_deref().unwrap_or_default().is_empty() {
        let words = title.get(Lang::of(&order.lang));
        let link = format!("{}{href}?k={}", post.base_url, order.secret);
        let text = format!("{}: {words}. {link}", post.site_name);
        texts::queue(db, cx, &order.phone, &text, cause).await?;
    }
    Ok(())
}

/// A return has moved: whoever did not move it hears of it.
pub struct TellReturn {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellReturn {
    type Payload = ReturnMoved;
    const NAME: &'static str = "notices.tell_return";

    async fn handle(&self, cx: &Cx, event: ReturnMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(told) = returns::told(&mut tx, event.case, event.version).await? else {
            return Ok(());
        };
        let Some(order) = queries::parties(&mut tx, event.order).await? else { return Ok(()) };
        let (code, at) = (&told.code, &order.code);
        let title = Text::new(
            format!("Trả hàng {code} (đơn {at}): {}", told.state.get(Lang::Vi)),
            format!("Return {code} (order {at}): {}", told.state.get(Lang::En)),
        );
        let cause = format!("returns.moved:{}:{}", event.case, event.version);
        if told.actor != Actor::Buyer {
            let about = (cause.as_str(), &title, "/tra-hang");
            ring_buyer(&mut tx, cx, &self.post, &order, about).await?;
        }
        if told.actor != Actor::Seller {
            let href = format!("/ban-hang/tra-hang/{}", event.case);
            let cause = format!("{cause}:shop");
            let news = News { kind: Kind::Return, cause, title, href };
            ring_shop(&mut tx, cx, order.seller, &news).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A change of an order was proposed, or answered.
pub struct TellEdit {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellEdit {
    type Payload = EditMoved;
    const NAME: &'static str = "notices.tell_edit";

    async fn handle(&self, cx: &Cx, event: EditMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(order) = queries::parties(&mut tx, event.order).await? else { return Ok(()) };
        let what = match event.state.as_str() {
            "proposed" => Text::new(
                "người bán đề nghị đổi đơn, cần bạn trả lời",
                "the seller proposes a change; please answer",
            ),
            "accepted" => Text::new("người mua đồng ý đổi đơn", "the buyer agrees to the change"),
            "declined" => {
                Text::new("người mua không đồng ý đổi đơn", "the buyer declines the change")
            }
            "withdrawn" => Text::new(
                "người bán đã rút đề nghị đổi đơn",
                "the seller has taken the proposal back",
            ),
            "lapsed" => Text::new(
                "đề nghị đổi đơn hết hạn, đơn giữ nguyên",
                "the proposal has lapsed; the order stays",
            ),
            _ => return Ok(()),
        };
        let code = &order.code;
        let title = Text::new(
            format!("Đơn hàng {code}: {}", what.get(Lang::Vi)),
            format!("Order {code}: {}", what.get(Lang::En)),
        );
        let cause = format!("returns.edit:{}:{}", event.edit, event.state);
        if ["proposed", "withdrawn", "lapsed"].contains(&event.state.as_str()) {
            let about = (cause.as_str(), &title, "/doi-don");
            ring_buyer(&mut tx, cx, &self.post, &order, about).await?;
        }
        if ["accepted", "declined", "lapsed"].contains(&event.state.as_str()) {
            let href = format!("/ban-hang/don-hang/{code}/doi-don");
            let cause = format!("{cause}:shop");
            let news = News { kind: Kind::Return, cause, title, href };
            ring_shop(&mut tx, cx, order.seller, &news).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A parcel was lost: the seller has to say what becomes of it, the buyer hears that he will.
pub struct TellLost {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellLost {
    type Payload = ParcelMoved;
    const NAME: &'static str = "notices.tell_lost";

    async fn handle(&self, cx: &Cx, event: ParcelMoved) -> Result<(), JobError> {
        if event.state() != Some(ParcelState::Lost) {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let Some(order) = queries::parties(&mut tx, event.order).await? else { return Ok(()) };
        let code = &order.code;
        let cause = format!("delivery.lost:{}", event.parcel);
        let title = Text::new(
            format!("Đơn hàng {code}: một kiện bị thất lạc"),
            format!("Order {code}: a parcel was lost"),
        );
        let about = (cause.as_str(), &title, "");
        ring_buyer(&mut tx, cx, &self.post, &order, about).await?;
        let own = format!("/don-hang/{code}");
        if let Some(to) = order.email.clone().filter(|to| !to.is_empty()) {
            let lang = Lang::of(&order.lang);
            let link = format!("{own}?k={}", order.secret);
            let (subject, body) = letters::lost(&self.post, lang, code, (link.as_str(), false));
            let dedup_key = format!("notices:{cause}");
            mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        let href = format!("/ban-hang{own}");
        let write = |lang| letters::lost(&self.post, lang, code, (href.as_str(), true));
        let news =
            News { kind: Kind::Return, cause: format!("{cause}:shop"), title, href: href.clone() };
        tell_shop(&mut tx, cx, order.seller, &news, write).await?;
        tx.commit().await?;
        Ok(())
    }
}
