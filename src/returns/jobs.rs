//! What returns do by the clock and when they hear their own news.

use super::{
    act::{Act, act},
    error::ReturnError,
    events::{EditMoved, ReturnMoved},
    letters::{self, Letter},
    machine::{Actor, Event},
    propose::{self, Answer},
    queries, queries_edits,
    queries_read::{self, Scope},
};
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang},
    orders::{self, OrderHead, Post},
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Writes to both sides when a return has moved; not to him who moved it.
pub struct TellMoved {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellMoved {
    type Payload = ReturnMoved;
    const NAME: &'static str = "returns.tell_moved";

    async fn handle(&self, cx: &Cx, news: ReturnMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(whole) = queries_read::find(&mut tx, news.case, Scope::Anywhere).await? else {
            return Ok(());
        };
        let Some(order) = orders::by_id(&mut tx, whole.case.order).await? else { return Ok(()) };
        let Some(what) = whole.history.iter().find(|h| h.version == news.version) else {
            return Ok(());
        };
        let cause = format!("{}:{}:{}", "returns.moved", news.case, news.version);
        let write =
            |reader, lang| letters::moved(&self.post, &order.head, &whole, what, reader, lang);
        if what.actor != Actor::Buyer {
            to_buyer(&mut tx, cx, &order.head, &cause, |lang| write(Actor::Buyer, lang)).await?;
        }
        if what.actor != Actor::Seller {
            to_seller(&mut tx, cx, &order.head, &cause, |lang| write(Actor::Seller, lang)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Writes about proposed changes of orders.
pub struct TellEdit {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellEdit {
    type Payload = EditMoved;
    const NAME: &'static str = "returns.tell_edit";

    async fn handle(&self, cx: &Cx, news: EditMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(edit) = queries_edits::find(&mut tx, news.edit).await? else { return Ok(()) };
        let Some(order) = orders::by_id(&mut tx, edit.order).await? else { return Ok(()) };
        let cause = format!("returns.edit:{}:{}", news.edit, news.state);
        let write = |reader, lang| {
            letters::edit(&self.post, &order.head, &edit, &news.state, (reader, lang))
        };
        if ["proposed", "withdrawn", "lapsed"].contains(&news.state.as_str()) {
            to_buyer(&mut tx, cx, &order.head, &cause, |lang| write(Actor::Buyer, lang)).await?;
        }
        if ["accepted", "declined", "lapsed"].contains(&news.state.as_str()) {
            to_seller(&mut tx, cx, &order.head, &cause, |lang| write(Actor::Seller, lang)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    (to, cause): (&str, &str),
    letter: Letter,
) -> sqlx::Result<()> {
    let dedup_key = format!("{cause}:{to}");
    let (subject, body) = (letter.subject, letter.body);
    mail::queue(db, cx, &Mail { to: to.to_owned(), subject, body, dedup_key }).await
}

/// To the address that the buyer gave, if he gave one.
async fn to_buyer(
    db: &mut PgConnection,
    cx: &Cx,
    head: &OrderHead,
    cause: &str,
    write: impl FnOnce(Lang) -> Letter,
) -> sqlx::Result<()> {
    match head.buyer_email.as_deref().filter(|email| !email.is_empty()) {
        Some(email) => send(db, cx, (email, cause), write(head.lang())).await,
        None => Ok(()),
    }
}

/// To every member of the seller in his language; to the shop's own address where no member has one.
async fn to_seller(
    db: &mut PgConnection,
    cx: &Cx,
    head: &OrderHead,
    cause: &str,
    write: impl Fn(Lang) -> Letter,
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
        send(db, cx, (&reader, cause), write(lang)).await?;
    }
    Ok(())
}

/// Moves on what nobody has answered in time.
pub struct Clocks {
    pub db: PgPool,
}

/// How many one run takes.
const BATCH: i64 = 500;

#[async_trait]
impl Handler for Clocks {
    type Payload = ();
    const NAME: &'static str = "returns.clocks";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut failed = None;
        for id in queries::due(&self.db, cx.now, BATCH).await? {
            if let Err(error) = self.ring(cx, id).await {
                tracing::warn!(%id, %error, "a return's clock was not heard");
                failed = Some(error);
            }
        }
        for id in queries_edits::due(&self.db, cx.now, BATCH).await? {
            if let Err(error) = self.lapse(cx, id).await {
                tracing::warn!(%id, %error, "a proposal did not lapse");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), |error| Err(JobError::retry(error)))
    }
}

impl Clocks {
    async fn ring(&self, cx: &Cx, id: Uuid) -> Result<(), ReturnError> {
        let mut tx = self.db.begin().await?;
        let (event, actor) = (Event::Elapse, Actor::System);
        match act(&mut tx, cx, id, &Act { event, actor, note: "", amount: None, seen: None }).await
        {
            // Somebody was faster.
            Err(ReturnError::Moved(_)) => return Ok(()),
            other => other?,
        };
        tx.commit().await?;
        Ok(())
    }

    async fn lapse(&self, cx: &Cx, id: Uuid) -> Result<(), ReturnError> {
        let mut tx = self.db.begin().await?;
        let Some(edit) = queries_edits::find(&mut tx, id).await? else { return Ok(()) };
        let order = orders::by_id(&mut tx, edit.order).await?.ok_or(ReturnError::NotFound)?;
        match propose::answer(&mut tx, cx, &order, id, Answer::Lapse).await {
            Err(ReturnError::NotFound) => return Ok(()),
            other => other?,
        }
        tx.commit().await?;
        Ok(())
    }
}
