//! Carriers' prices at checkout: asked outside of any transaction, within two seconds in all, and kept, so that the price
//! shown is the price placed. Where none comes, the seller's own rates hold, and the page says so.

use super::{
    carriers::{Access, Ask, CarrierKind, Spot},
    contracts::Office,
    model::band,
    queries_fees,
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
    pub goods: Vnd,
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
        let mut ready = Vec::new();
        let mut db = self.db.acquire().await?;
        for one in wanted {
            let access = self.access(&mut db, one.seller, one.carrier).await?;
            let from = self.spot(&mut db, one.carrier, &one.from).await?;
            let to = self.spot(&mut db, one.carrier, &one.to).await?;
            ready.push((one, access, from, to));
        }
        drop(db);
        let calls = ready.into_iter().map(|(one, access, from, to)| async move {
            let call = self.price(one, access, from, to);
            let fee = tokio::time::timeout(PATIENCE, call).await.ok().flatten();
            (one, fee)
        });
        let answers = join_all(calls).await;
        let mut db = self.db.acquire().await?;
        for (one, fee) in answers {
            queries_fees::keep(&mut db, one, band(one.weight_g), fee, cx.now).await?;
        }
        Ok(())
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
