//! What orders do by the clock and when they hear their own news.

use super::{
    act::{Act, act},
    error::OrderError,
    events::{OrderPlaced, OrderStateChanged},
    letters::{self, Letter},
    machine::{ActorKind, OrderEvent, OrderState},
    queries, queries_read,
    read::{self, Order, OrderHead},
    times::Times,
};
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, OrderId},
    platform::{
        db::begin_planned_once,
        jobs::{Handler, JobError},
        mail,
    },
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};

/// What a letter needs besides the order.
#[derive(Debug, Clone)]
pub struct Post {
    /// Links begin with it.
    pub base_url: String,
    /// Who writes.
    pub site_name: String,
}

/// Writes to the buyer and to the seller when an order has been placed.
pub struct TellPlaced {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellPlaced {
    type Payload = OrderPlaced;
    const NAME: &'static str = "orders.tell_placed";

    async fn handle(&self, cx: &Cx, news: OrderPlaced) -> Result<(), JobError> {
        let mut tx = begin_planned_once(&self.db).await?;
        let Some(order) = read::by_id(&mut tx, news.order).await? else { return Ok(()) };
        let write = |lang| letters::seller_placed(&self.post, &order, lang);
        to_seller(&mut tx, cx, &order.head, |lang| Some(write(lang))).await?;
        if order.head.reader().is_some() {
            self.acknowledge(&mut tx, cx, order).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

impl TellPlaced {
    /// One letter for all orders of a checkout: its key is the group's.
    async fn acknowledge(&self, db: &mut PgConnection, cx: &Cx, order: Order) -> sqlx::Result<()> {
        let ids = queries_read::ids_of(db, order.head.group).await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            if id == order.head.id {
                all.push(order.clone());
            } else {
                all.extend(read::by_id(db, id).await?);
            }
        }
        match letters::buyer_placed(&self.post, &all) {
            Some(letter) => to_buyer(db, cx, &order.head, &letter).await,
            None => Ok(()),
        }
    }
}

/// Writes to the buyer, and to the seller if he did not do it himself, when an order has moved.
pub struct TellChanged {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellChanged {
    type Payload = OrderStateChanged;
    const NAME: &'static str = "orders.tell_changed";

    async fn handle(&self, cx: &Cx, news: OrderStateChanged) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(order) = read::by_id(&mut tx, news.order).await? else { return Ok(()) };
        let Some(what) = order.history.iter().find(|h| h.version == news.version) else {
            return Ok(());
        };
        let letter = letters::buyer_changed(&self.post, &order, what);
        to_buyer(&mut tx, cx, &order.head, &letter).await?;
        let write = |lang| letters::seller_changed(&self.post, &order, what, lang);
        to_seller(&mut tx, cx, &order.head, write).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// To the address that the buyer gave, if he gave one.
async fn to_buyer(
    db: &mut PgConnection,
    cx: &Cx,
    head: &OrderHead,
    letter: &Letter,
) -> sqlx::Result<()> {
    match head.reader() {
        Some(email) => mail::queue(db, cx, &letter.to(email)).await,
        None => Ok(()),
    }
}

/// To every member of the seller in his language; to the shop's own address where no member has one.
async fn to_seller(
    db: &mut PgConnection,
    cx: &Cx,
    head: &OrderHead,
    write: impl Fn(Lang) -> Option<Letter>,
) -> sqlx::Result<()> {
    let mut readers = Vec::new();
    for member in enterprises::members(db, head.seller).await? {
        let person = accounts::person(db, member.person).await?;
        readers.extend(person.and_then(|p| Some((p.email?, p.lang))));
    }
    if readers.is_empty() && !head.seller_email.is_empty() {
        readers.push((head.seller_email.clone(), Lang::Vi));
    }
    for (reader, lang) in readers {
        if let Some(letter) = write(lang) {
            mail::queue(db, cx, &letter.to(&reader)).await?;
        }
    }
    Ok(())
}

/// Lapses what was not paid or not confirmed, reminds sellers, completes what was delivered.
pub struct Clocks {
    pub db: PgPool,
    pub post: Post,
}

/// How many one run takes.
const BATCH: i64 = 500;

#[async_trait]
impl Handler for Clocks {
    type Payload = ();
    const NAME: &'static str = "orders.clocks";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut failed = None;
        for id in queries::due(&self.db, cx.now, BATCH).await? {
            if let Err(error) = self.ring(cx, OrderId(id)).await {
                tracing::warn!(%id, %error, "an order's clock was not heard");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), |error| Err(JobError::retry(error)))
    }
}

impl Clocks {
    /// One order, in a transaction of its own: a broken one does not hold the others up.
    async fn ring(&self, cx: &Cx, id: OrderId) -> Result<(), OrderError> {
        let mut tx = self.db.begin().await?;
        if queries::lock_due(&mut tx, id.0, cx.now).await?.is_none() {
            return Ok(());
        }
        let head = queries::head(&mut tx, id).await?.ok_or(OrderError::NotFound)?;
        let lapses = Times::on(&mut tx, cx).await?.lapses(head.state_since);
        let lapses = lapses + TimeDelta::seconds(head.extended_s);
        if head.state == OrderState::Placed && cx.now < lapses {
            queries::set_due(&mut tx, &head, lapses).await?;
            if let Some(order) = read::by_id(&mut tx, id).await? {
                let write = |lang| Some(letters::remind(&self.post, &order, lapses, lang));
                to_seller(&mut tx, cx, &order.head, write).await?;
            }
        } else {
            let (event, actor) = (OrderEvent::Elapse, ActorKind::System);
            act(&mut tx, cx, id, &Act { event, actor, note: "", seen: Some(head.version) }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
