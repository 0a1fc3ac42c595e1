//! What is told and swept once a day.

use super::Post;
use crate::{
    accounts::{self, Person},
    kernel::{Cx, PersonId, day_of, vn},
    messages,
    notices::{
        letters::{self, Day},
        model::{Channel, Kind},
        queries,
    },
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
        rules,
    },
    reviews,
};
use async_trait::async_trait;
use chrono::{TimeDelta, Timelike};
use sqlx::PgPool;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// From seven in the morning, once a day: what waits for each shop that has something waiting.
pub struct Digest {
    pub db: PgPool,
    pub post: Post,
}

const FROM: u32 = 7;

#[async_trait]
impl Handler for Digest {
    type Payload = ();
    const NAME: &'static str = "notices.digest";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        if cx.now.with_timezone(&vn()).hour() < FROM {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        // One server, once a day: the others find the day written.
        if !queries::begin_digest(&mut tx, day_of(cx.now), cx.now).await? {
            return Ok(());
        }
        let mut shops: BTreeMap<Uuid, Day> = BTreeMap::new();
        for (seller, n) in queries::orders_waiting(&mut tx).await? {
            shops.entry(seller.0).or_default().orders = n;
        }
        for (seller, n) in messages::waiting_by_seller(&mut tx).await? {
            shops.entry(seller.0).or_default().messages = n;
        }
        for (seller, n) in reviews::unanswered(&mut tx, cx).await? {
            shops.entry(seller.0).or_default().reviews = n;
        }
        let sellers: Vec<Uuid> = shops.keys().copied().collect();
        let readers = queries::digest_readers(&mut tx, &sellers).await?;
        let people: Vec<PersonId> = readers.iter().map(|reader| reader.person).collect();
        let people: HashMap<PersonId, Person> = accounts::people(&mut tx, &people)
            .await?
            .into_iter()
            .map(|who| (who.id, who))
            .collect();
        for reader in readers {
            let (Some(day), Some(who)) = (shops.get(&reader.seller.0), people.get(&reader.person))
            else {
                continue;
            };
            let Some(to) = who.email.clone() else { continue };
            if !Kind::Digest.goes(Channel::Mail, reader.said) {
                continue;
            }
            let (subject, body) = letters::digest(&self.post, who.lang, &reader.shop, *day);
            let dedup_key =
                format!("notices.digest:{}:{}:{}", reader.seller, day_of(cx.now), who.id);
            mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Lets go of old notices.
pub struct Tidy {
    pub db: PgPool,
}

#[async_trait]
impl Handler for Tidy {
    type Payload = ();
    const NAME: &'static str = "notices.tidy";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.db.acquire().await?;
        let days = rules::value(&mut db, "retention.notices_days", day_of(cx.now), 365).await?;
        let span = TimeDelta::try_days(days.clamp(30, 36_500)).unwrap_or_default();
        queries::sweep(&mut db, cx.now - span).await?;
        Ok(())
    }
}
