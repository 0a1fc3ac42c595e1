//! What is told and swept once a day.

use super::Post;
use crate::{
    accounts, enterprises,
    kernel::{Cx, SellerId, day_of, vn},
    messages,
    notices::{
        letters::{self, Day},
        model::{Channel, Kind},
        queries,
        tell::wants,
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
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
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
        let mut shops: BTreeMap<Uuid, Day> = BTreeMap::new();
        let mut db = self.db.acquire().await?;
        for (seller, n) in queries::orders_waiting(&mut db).await? {
            shops.entry(seller.0).or_default().orders = n;
        }
        for (seller, n) in messages::waiting_by_seller(&mut db).await? {
            shops.entry(seller.0).or_default().messages = n;
        }
        for (seller, n) in reviews::unanswered(&mut db, cx).await? {
            shops.entry(seller.0).or_default().reviews = n;
        }
        drop(db);
        for (seller, day) in shops {
            let mut tx = self.db.begin().await?;
            self.write(&mut tx, cx, SellerId(seller), day).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Digest {
    async fn write(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        seller: SellerId,
        day: Day,
    ) -> sqlx::Result<()> {
        let facts = enterprises::facts(db, &[seller]).await?.remove(&seller);
        let Some(shop) = facts.map(|facts| facts.shop_name) else { return Ok(()) };
        for member in enterprises::members(db, seller).await? {
            let Some(who) = accounts::person(db, member.person).await? else { continue };
            let Some(to) = who.email.clone() else { continue };
            if !wants(db, who.id, Kind::Digest, Channel::Mail).await? {
                continue;
            }
            let (subject, body) = letters::digest(&self.post, who.lang, &shop, day);
            let dedup_key = format!("notices.digest:{seller}:{}:{}", day_of(cx.now), who.id);
            mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
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
