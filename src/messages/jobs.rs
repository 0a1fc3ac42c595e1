//! What messages do by the clock.

use super::{events::MessagesWaiting, model::Side, queries};
use crate::{
    kernel::{Cx, PersonId, SellerId, day_of},
    platform::{
        files::Files,
        jobs::{Handler, JobError},
        kept_pictures::Pictures,
        outbox, rules,
    },
};
use async_trait::async_trait;
use chrono::{Months, TimeDelta};
use sqlx::PgPool;
use std::collections::BTreeMap;

/// Tells, once until they are read, of messages that have waited for some minutes: one fact for each reader.
pub struct TellWaiting {
    pub db: PgPool,
}

#[async_trait]
impl Handler for TellWaiting {
    type Payload = ();
    const NAME: &'static str = "messages.tell_waiting";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let minutes = rules::value(&mut tx, "message.mail_minutes", day_of(cx.now), 10).await?;
        let limit = cx.now - TimeDelta::try_minutes(minutes.clamp(0, 100_000)).unwrap_or_default();
        let mut shops: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (seller, thread) in queries::tell_sellers(&mut tx, cx, limit).await? {
            shops.entry(seller).or_default().push(thread);
        }
        let mut news = Vec::new();
        for (seller, threads) in shops {
            let seller = Some(SellerId(seller));
            let side = Side::Seller.code().to_owned();
            news.push(MessagesWaiting { side, seller, buyer: None, threads, at: cx.now });
        }
        let mut buyers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (buyer, thread) in queries::tell_buyers(&mut tx, cx, limit).await? {
            // Each guest has an order of his own.
            buyers.entry(buyer.ok_or(thread)).or_default().push(thread);
        }
        for (buyer, threads) in buyers {
            let buyer = buyer.ok().map(PersonId);
            let side = Side::Buyer.code().to_owned();
            news.push(MessagesWaiting { side, seller: None, buyer, threads, at: cx.now });
        }
        for event in news {
            outbox::publish(&mut tx, cx, &event).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Lets go of what is older than the law asks for, and of its files.
pub struct Sweep {
    pub db: PgPool,
    pub files: Files,
    pub pictures: Pictures,
}

/// Messages deleted in one transaction.
const BATCH: i64 = 1000;

#[async_trait]
impl Handler for Sweep {
    type Payload = ();
    const NAME: &'static str = "messages.sweep";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.db.acquire().await?;
        let years = rules::value(&mut db, "retention.messages_years", day_of(cx.now), 3).await?;
        let months = u32::try_from(years.clamp(1, 100)).unwrap_or(3) * 12;
        let limit = cx.now.checked_sub_months(Months::new(months)).unwrap_or_default();
        while queries::sweep_messages(&mut db, limit, BATCH).await? > 0 {}
        queries::sweep_threads(&mut db, limit).await?;
        for leftover in queries::leftovers(&mut db).await? {
            let gone = match leftover.split_once(':') {
                Some(("picture", key)) => self.pictures.remove(key).await,
                Some((_, key)) => self.files.remove(key).await,
                None => Ok(()),
            };
            gone.map_err(JobError::retry)?;
            queries::forget_leftover(&mut db, &leftover).await?;
        }
        Ok(())
    }
}
