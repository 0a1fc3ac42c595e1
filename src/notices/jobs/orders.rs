//! News of orders and listings. Their letters are written by those slices; here they come under the bell, and go by
//! short message where somebody asked for that.

use super::{Post, ring_and_text, ring_shop};
use crate::{
    catalogue::{ListingJudged, Step},
    kernel::{Cx, Lang, Text},
    notices::{model::Kind, queries, tell::News, texts},
    orders::{ActorKind, OrderPlaced, OrderState, OrderStateChanged},
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::PgPool;

/// A shop has sold something. Whoever ordered without an e-mail address has his acknowledgement by short message.
pub struct TellPlaced {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellPlaced {
    type Payload = OrderPlaced;
    const NAME: &'static str = "notices.tell_placed";

    async fn handle(&self, cx: &Cx, told: OrderPlaced) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(order) = queries::parties(&mut tx, told.order).await? else { return Ok(()) };
        let (code, name) = (&order.code, &order.buyer_name);
        let news = News {
            kind: Kind::Sale,
            cause: format!("orders.placed:{}", told.order),
            title: Text::new(
                format!("Đơn hàng mới {code} của {name}"),
                format!("New order {code} by {name}"),
            ),
            href: format!("/ban-hang/don-hang/{code}"),
        };
        ring_shop(&mut tx, cx, order.seller, &news).await?;
        if order.email.as_deref().unwrap_or_default().is_empty() {
            let link = format!("{}/don-hang/{code}?k={}", self.post.base_url, order.secret);
            let (shop, site) = (&order.seller_name, &self.post.site_name);
            let words = match Lang::of(&order.lang) {
                Lang::Vi => format!("{site}: đã nhận đơn {code} gửi {shop}. Theo dõi: {link}"),
                Lang::En => format!("{site}: order {code} to {shop} received. Follow it: {link}"),
            };
            texts::queue(&mut tx, cx, &order.phone, &words, &news.cause).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// An order has moved: its buyer and the shop hear of what they did not do themselves.
pub struct TellChanged {
    pub db: PgPool,
}

#[async_trait]
impl Handler for TellChanged {
    type Payload = OrderStateChanged;
    const NAME: &'static str = "notices.tell_changed";

    async fn handle(&self, cx: &Cx, told: OrderStateChanged) -> Result<(), JobError> {
        let Some(state) = told.state() else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        let Some(order) = queries::parties(&mut tx, told.order).await? else { return Ok(()) };
        let (code, label) = (&order.code, state.label());
        let title = Text::new(
            format!("Đơn hàng {code}: {}", label.get(Lang::Vi)),
            format!("Order {code}: {}", label.get(Lang::En)),
        );
        let cause = format!("orders.changed:{}:{}", told.order, told.version);
        let to_buyer = News {
            kind: Kind::Order,
            cause: cause.clone(),
            title: title.clone(),
            href: format!("/don-hang/{code}"),
        };
        let did_it = |who: ActorKind| told.actor.as_deref() == Some(who.code());
        if let Some(buyer) = order.buyer.filter(|_| !did_it(ActorKind::Buyer)) {
            ring_and_text(&mut tx, cx, buyer, &to_buyer).await?;
        }
        let ends = matches!(state, OrderState::Completed | OrderState::Cancelled);
        if ends && !did_it(ActorKind::Seller) {
            let href = format!("/ban-hang/don-hang/{code}");
            let to_shop = News { kind: Kind::Sale, cause: format!("{cause}:shop"), title, href };
            ring_shop(&mut tx, cx, order.seller, &to_shop).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A listing has been judged.
pub struct TellJudged {
    pub db: PgPool,
}

#[async_trait]
impl Handler for TellJudged {
    type Payload = ListingJudged;
    const NAME: &'static str = "notices.tell_judged";

    async fn handle(&self, cx: &Cx, told: ListingJudged) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let found = queries::product(&mut tx, told.product.0).await?;
        let Some((name, seller)) = found else { return Ok(()) };
        let what = match Step::of(&told.step) {
            Some(Step::Approve) => Text::new("đã được duyệt", "has been approved"),
            Some(Step::SendBack) => {
                Text::new("được trả lại để sửa", "has been sent back for changes")
            }
            Some(Step::Block) => Text::new("đã bị chặn", "has been blocked"),
            _ => Text::new("đã được xem xét", "has been looked at"),
        };
        let news = News {
            kind: Kind::Listing,
            cause: format!("catalogue.judged:{}:{}", told.product, told.version),
            title: Text::new(
                format!("Sản phẩm “{name}” {}", what.get(Lang::Vi)),
                format!("“{name}” {}", what.get(Lang::En)),
            ),
            href: format!("/ban-hang/san-pham/{}", told.product),
        };
        ring_shop(&mut tx, cx, seller, &news).await?;
        tx.commit().await?;
        Ok(())
    }
}
