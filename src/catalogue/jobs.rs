//! What the slice does when it hears of something, or by the clock.

use super::{
    events::{ListingChanged, ListingJudged},
    letters,
    model::{State, Step},
    papers::Lapsing,
    queries::{papers, products, variants},
};
use crate::{
    accounts,
    config::Site,
    enterprises::{self, SellerApproved, SellerChanged, SellerReinstated, SellerSuspended},
    kernel::{Cx, Day, ProductId, SellerId, day_of},
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
        outbox,
    },
    stock::StockChanged,
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;

/// Tells of the products whose variants have come to zero or left it.
pub struct TellOfStock(pub PgPool);

#[async_trait]
impl Handler for TellOfStock {
    type Payload = StockChanged;
    const NAME: &'static str = "catalogue.tell_of_stock";

    async fn handle(&self, cx: &Cx, told: StockChanged) -> Result<(), JobError> {
        let ids: Vec<uuid::Uuid> = told.variants.iter().map(|v| v.0).collect();
        let mut tx = self.0.begin().await?;
        for product in variants::products_of(&mut tx, &ids).await? {
            outbox::publish(&mut tx, cx, &ListingChanged { product }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A shop's papers may have changed: reckons anew until when its products may be shown.
async fn reckon(db: &PgPool, cx: &Cx, seller: Option<SellerId>) -> Result<(), JobError> {
    let mut tx = db.begin().await?;
    for product in papers::set_lapse(&mut tx, cx, None, seller).await? {
        outbox::publish(&mut tx, cx, &ListingChanged { product: ProductId(product) }).await?;
    }
    tx.commit().await?;
    Ok(())
}

macro_rules! hears {
    ($(#[$doc:meta])* $name:ident, $event:ty, $job:literal) => {
        $(#[$doc])*
        pub struct $name(pub PgPool);

        #[async_trait]
        impl Handler for $name {
            type Payload = $event;
            const NAME: &'static str = $job;

            async fn handle(&self, cx: &Cx, told: $event) -> Result<(), JobError> {
                reckon(&self.0, cx, Some(told.seller)).await
            }
        }
    };
}

hears!(
    /// On admission.
    ReckonOnApproval,
    SellerApproved,
    "catalogue.reckon_on_approval"
);
hears!(
    /// When facts or papers of a shop change.
    ReckonOnChange,
    SellerChanged,
    "catalogue.reckon_on_change"
);
hears!(
    /// When a shop stops.
    ReckonOnSuspension,
    SellerSuspended,
    "catalogue.reckon_on_suspension"
);
hears!(
    /// When a shop goes on.
    ReckonOnReinstatement,
    SellerReinstated,
    "catalogue.reckon_on_reinstatement"
);

/// Warns sellers 30, 7 and 1 days before a demanded paper lapses, and hides what has lapsed.
pub struct WatchPapers {
    pub db: PgPool,
    pub site: Arc<Site>,
}

#[async_trait]
impl Handler for WatchPapers {
    type Payload = ();
    const NAME: &'static str = "catalogue.watch_papers";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        reckon(&self.db, cx, None).await?;
        let today = day_of(cx.now);
        let until = today + TimeDelta::days(30);
        let lapsing = papers::lapsing(&mut *self.db.acquire().await?, until).await?;
        for product in lapsing {
            let mut tx = self.db.begin().await?;
            self.warn(&mut tx, cx, &product, today).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl WatchPapers {
    async fn warn(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        product: &Lapsing,
        today: Day,
    ) -> sqlx::Result<()> {
        let left = (product.lapses_on - today).num_days();
        let stage = match left {
            ..=0 => 0,
            1 => 1,
            2..=7 => 7,
            _ => 30,
        };
        if stage == 0 && !product.told {
            let on = product.lapses_on.to_string();
            let shown = State::Published;
            products::insert_event(db, cx, product.product, "lapse", shown, shown, &on).await?;
            outbox::publish(db, cx, &ListingChanged { product: product.product }).await?;
        }
        let cause = format!("catalogue.lapse:{}:{}:{stage}", product.product, product.lapses_on);
        let letter =
            letters::Letter { site: &self.site, product: product.product, name: &product.name };
        to_owners(db, cx, product.seller, &cause, |lang| {
            letter.lapse(lang, product.lapses_on, left)
        })
        .await
    }
}

/// Writes to the owners what a reviewer has decided.
pub struct TellOwners {
    pub db: PgPool,
    pub site: Arc<Site>,
}

#[async_trait]
impl Handler for TellOwners {
    type Payload = ListingJudged;
    const NAME: &'static str = "catalogue.tell_owners";

    async fn handle(&self, cx: &Cx, told: ListingJudged) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(step) = Step::of(&told.step) else { return Ok(()) };
        let found = products::product(&mut tx, told.product, None).await?;
        let Some(product) = found else { return Ok(()) };
        let letter =
            letters::Letter { site: &self.site, product: product.id, name: &product.about.name };
        let cause = format!("catalogue.judged:{}:{}", product.id, told.version);
        to_owners(&mut tx, cx, product.seller, &cause, |lang| {
            letter.judged(lang, step, &told.reason)
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn to_owners(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    cause: &str,
    write: impl Fn(crate::kernel::Lang) -> (String, String),
) -> sqlx::Result<()> {
    for owner in enterprises::owners(db, seller).await? {
        let Some(person) = accounts::person(db, owner).await? else { continue };
        let Some(to) = person.email else { continue };
        let (subject, body) = write(person.lang);
        let dedup_key = format!("{cause}:{owner}");
        mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
    }
    Ok(())
}
