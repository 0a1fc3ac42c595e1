//! Carriers' prices at checkout: asked outside of any transaction, within two seconds in all, and kept, so that the price
//! shown is the price placed. Where none comes, the seller's own rates hold, and the page says so.

use super::{
    carriers::{Access, Ask, CarrierKind, Spot},
    contracts::Office,
    model::band,
    queries_contracts, queries_fees,
};
use crate::{
    kernel::{Cx, SellerId, Vnd},
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::future::join_all;
use sqlx::PgPool;
use std::time::Duration;

/// A price that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub seller: SellerId,
    pub carrier: CarrierKind,
    /// Where the seller is.
    pub from: String,
    /// Where the buyer is.
    pub to: String,
    pub weight_g: i64,
}

/// For all carriers together: the buyer waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a price holds.
const HOLDS: TimeDelta = TimeDelta::hours(24);
/// How long one is not asked again who gave none.
const SILENT: TimeDelta = TimeDelta::minutes(5);

impl Office {
    /// Asks for prices and keeps what comes in time. No connection is held while carriers are asked.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn ask_fees(&self, cx: &Cx, wanted: &[Wanted]) -> sqlx::Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let ready = self.ready(wanted).await?;
        let calls = ready.into_iter().map(|(one, access, from, to)| async move {
            let call = self.price(one, access, from, to);
            let fee = tokio::time::timeout(PATIENCE, call).await.ok().flatten();
            (one, fee)
        });
        let answers = join_all(calls).await;
        let mut db = self.db.acquire().await?;
        queries_fees::keep(&mut db, &answers, cx.now).await
    }

    /// What each question needs, in two statements for all of them.
    async fn ready<'a>(
        &self,
        wanted: &'a [Wanted],
    ) -> sqlx::Result<Vec<(&'a Wanted, Option<Access>, Spot, Spot)>> {
        let mut db = self.db.acquire().await?;
        let keys: Vec<_> = wanted.iter().map(|one| (one.seller, one.carrier)).collect();
        let contracts = queries_contracts::several(&mut *db, &keys).await?;
        let ends =
            wanted.iter().flat_map(|one| [(one.carrier, &*one.from), (one.carrier, &*one.to)]);
        let names =
            queries_contracts::carrier_places_of(&mut *db, &ends.collect::<Vec<_>>()).await?;
        let spot = |one: &Wanted, commune: &str| {
            let mapped = names.get(&(one.carrier, commune.to_owned())).cloned();
            self.spot_named(commune, mapped)
        };
        let ready = wanted.iter().map(|one| {
            let of = |c: &&super::Contract| c.seller == one.seller && c.carrier == one.carrier;
            let access = contracts.iter().find(of).and_then(|contract| self.opened(contract));
            (one, access, spot(one, &one.from), spot(one, &one.to))
        });
        Ok(ready.collect())
    }

    /// The carrier's price, if he gives one.
    async fn price(
        &self,
        one: &Wanted,
        access: Option<Access>,
        from: Spot,
        to: Spot,
    ) -> Option<Vnd> {
        // Kept for every basket of this weight: what one basket is worth, and its insurance, must not be in it.
        let ask = Ask { from, to, weight_g: band(one.weight_g), goods: Vnd::ZERO };
        match self.carriers.of(one.carrier).quote(&access?, &ask).await {
            Ok(fee) => Some(fee),
            Err(error) => {
                tracing::info!(carrier = one.carrier.code(), %error, "no price");
                None
            }
        }
    }
}

/// Forgets prices that no longer hold.
pub struct ForgetFees(pub PgPool);

#[async_trait]
impl Handler for ForgetFees {
    type Payload = ();
    const NAME: &'static str = "delivery.forget_fees";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        queries_fees::forget(&self.0, cx.now - HOLDS, cx.now - SILENT).await?;
        Ok(())
    }
}
