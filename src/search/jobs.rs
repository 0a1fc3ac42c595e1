//! What makes documents new: news of listings and shops, and the clock that proves all of them.

use super::{Search, asked::DAYS_KEPT, changes, queries_asked};
use crate::{
    catalogue::{ListingChanged, ListingsImported},
    enterprises::{SellerApproved, SellerChanged, SellerReinstated, SellerSuspended},
    kernel::{Cx, ProductId, SellerId, day_of},
    platform::{
        jobs::{Handler, Handlers, JobError},
        outbox::Event,
    },
};
use async_trait::async_trait;
use chrono::{Days, TimeDelta};
use sqlx::PgPool;
use std::marker::PhantomData;

/// All that this slice does by itself.
#[must_use]
pub fn handlers(handlers: Handlers, db: &PgPool, search: &Search) -> Handlers {
    handlers
        .on(Refresh::<ListingChanged>::new(db))
        .on(Refresh::<ListingsImported>::new(db))
        .on(Refresh::<SellerApproved>::new(db))
        .on(Refresh::<SellerSuspended>::new(db))
        .on(Refresh::<SellerReinstated>::new(db))
        .on(Refresh::<SellerChanged>::new(db))
        .every(TimeDelta::minutes(15), Scan { db: db.clone() })
        .every(TimeDelta::minutes(10), Sweep { search: search.clone() })
        .every(TimeDelta::hours(12), Forget { db: db.clone() })
}

/// Whose documents an event concerns.
enum Concerned {
    Product(ProductId),
    Seller(SellerId),
}

trait Concerns: Event {
    const HANDLER: &'static str;
    fn concerned(&self) -> Concerned;
}

macro_rules! concerns {
    ($event:ty, $name:literal, $event_value:ident => $concerned:expr) => {
        impl Concerns for $event {
            const HANDLER: &'static str = $name;
            fn concerned(&self) -> Concerned {
                let $event_value = self;
                $concerned
            }
        }
    };
}

concerns!(ListingChanged, "search.listing_changed", e => Concerned::Product(e.product));
concerns!(ListingsImported, "search.listings_imported", e => Concerned::Seller(e.seller));
concerns!(SellerApproved, "search.seller_approved", e => Concerned::Seller(e.seller));
concerns!(SellerSuspended, "search.seller_suspended", e => Concerned::Seller(e.seller));
concerns!(SellerReinstated, "search.seller_reinstated", e => Concerned::Seller(e.seller));
concerns!(SellerChanged, "search.seller_changed", e => Concerned::Seller(e.seller));

/// Computes the documents that an event concerns again.
struct Refresh<E> {
    db: PgPool,
    event: PhantomData<fn(E)>,
}

impl<E> Refresh<E> {
    fn new(db: &PgPool) -> Self {
        Self { db: db.clone(), event: PhantomData }
    }
}

#[async_trait]
impl<E: Concerns> Handler for Refresh<E> {
    type Payload = E;
    const NAME: &'static str = E::HANDLER;

    async fn handle(&self, cx: &Cx, event: E) -> Result<(), JobError> {
        match event.concerned() {
            Concerned::Product(product) => {
                let mut tx = self.db.begin().await?;
                changes::refresh(&mut tx, cx, &[product]).await?;
                tx.commit().await?;
            }
            Concerned::Seller(seller) => {
                changes::refresh_seller(&self.db, cx, seller).await?;
            }
        }
        Ok(())
    }
}

/// Computes every document again: whatever was missed is found here.
struct Scan {
    db: PgPool,
}

#[async_trait]
impl Handler for Scan {
    type Payload = ();
    const NAME: &'static str = "search.scan";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let written = changes::scan(&self.db, cx, false, |_, _| {}).await?;
        if written > 0 {
            tracing::info!(written, "the scan found documents that were late");
        }
        Ok(())
    }
}

/// Compares this process's index with the database.
struct Sweep {
    search: Search,
}

#[async_trait]
impl Handler for Sweep {
    type Payload = ();
    const NAME: &'static str = "search.sweep";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        self.search.sweep(cx).await.map_err(JobError::retry)?;
        Ok(())
    }
}

/// What people looked for is kept for [`DAYS_KEPT`] days.
struct Forget {
    db: PgPool,
}

#[async_trait]
impl Handler for Forget {
    type Payload = ();
    const NAME: &'static str = "search.forget";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let first = day_of(cx.now) - Days::new(DAYS_KEPT);
        queries_asked::forget(&mut *self.db.acquire().await?, first).await?;
        Ok(())
    }
}
