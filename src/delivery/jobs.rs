//! What is said to carriers and heard of them. Nothing is locked while one is asked: what is wanted is written, he is
//! asked with the parcel's code as the key, the answer is noted. What is not known is looked up before it is repeated.

use super::{
    carriers::{Access, CarrierError, Created, Names, News, Seen, Shipment},
    contracts::Office,
    parcels::{
        AtCarrier, Fact, Parcel, ParcelError, ParcelEvent, ParcelId, ParcelState, Source, hear,
        queries, queries_carrier, queries_read,
    },
};
use crate::{
    kernel::{Cx, SellerId},
    platform::{
        inbox::{self, Arrived},
        jobs::{Handler, JobError, enqueue},
    },
};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Asks the carrier to bring a parcel.
pub(super) const SHIP: &str = "delivery.ship";
/// Asks him to forget it.
pub(super) const CANCEL: &str = "delivery.cancel";
/// Asks how it stands.
pub(super) const LOOK: &str = "delivery.look";
/// Reads a message.
pub(super) const HEAR: &str = "delivery.hear_push";

/// How long a parcel may be silent before the carrier is asked.
pub(super) const SILENT: TimeDelta = TimeDelta::hours(6);
/// After this time a question without an answer is taken up again.
const LOST: TimeDelta = TimeDelta::minutes(30);

/// Why the carrier is not asked.
const NO_CONTRACT: &str = "Chưa có hợp đồng với đơn vị vận chuyển, hoặc khóa không mở được.";

/// Which parcel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    pub(super) parcel: ParcelId,
}

/// [`SHIP`]
pub struct Ship(pub Office);

#[async_trait]
impl Handler for Ship {
    type Payload = About;
    const NAME: &'static str = SHIP;

    async fn handle(&self, cx: &Cx, about: About) -> Result<(), JobError> {
        self.0.ship(cx, about.parcel).await
    }
}

/// [`CANCEL`]
pub struct Cancel(pub Office);

#[async_trait]
impl Handler for Cancel {
    type Payload = About;
    const NAME: &'static str = CANCEL;

    async fn handle(&self, cx: &Cx, about: About) -> Result<(), JobError> {
        self.0.cancel(cx, about.parcel).await
    }
}

/// [`LOOK`]
pub struct Look(pub Office);

#[async_trait]
impl Handler for Look {
    type Payload = About;
    const NAME: &'static str = LOOK;

    async fn handle(&self, cx: &Cx, about: About) -> Result<(), JobError> {
        self.0.look(cx, about.parcel).await
    }
}

/// [`HEAR`]
pub struct HearPush(pub Office);

#[async_trait]
impl Handler for HearPush {
    type Payload = Arrived;
    const NAME: &'static str = HEAR;

    async fn handle(&self, cx: &Cx, arrived: Arrived) -> Result<(), JobError> {
        let office = &self.0;
        let Some(message) = inbox::read(&office.db, &arrived).await? else { return Ok(()) };
        let kind = super::CarrierKind::of(&message.provider);
        let seller: Option<SellerId> = message.subject.parse().ok();
        let (Some(kind), Some(seller), Some(body)) = (kind, seller, message.body) else {
            return Ok(());
        };
        let Ok(push) = office.carriers.of(kind).read_push(&body) else { return Ok(()) };
        let (ours, theirs) = (push.ours.as_str(), push.theirs.as_str());
        let found = queries_carrier::named(&office.db, seller.0, kind.code(), ours, theirs).await?;
        // Parcels that the seller has made at the carrier by himself are none of ours.
        let Some(id) = found.map(ParcelId) else { return Ok(()) };
        match push.says {
            Some(news) => {
                let seen = Seen { code: push.theirs, news: vec![news] };
                office.note(cx, id, &seen).await.map_err(JobError::retry)
            }
            None => office.look(cx, id).await,
        }
    }
}

/// Takes up what has been left, and asks about parcels that have been silent.
pub struct Watch(pub Office);

/// How many one run asks about.
const BATCH: i64 = 50;
/// How many are asked about side by side.
const AT_ONCE: usize = 8;
/// For one parcel, whatever has to be asked. A run is over within two minutes, even if nobody answers.
const PATIENCE: Duration = Duration::from_secs(8);

#[async_trait]
impl Handler for Watch {
    type Payload = ();
    const NAME: &'static str = "delivery.watch";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let office = &self.0;
        let left = queries_carrier::take_up(&office.db, cx.now - LOST, cx.now, BATCH).await?;
        let silent = queries_carrier::silent(&office.db, cx.now, cx.now + SILENT, BATCH).await?;
        let take_up = left.into_iter().map(|(id, at)| (id, Some(at)));
        let ask = silent.into_iter().map(|id| (id, None));
        // Nothing is locked meanwhile: both statements have committed.
        let all = futures_util::stream::iter(take_up.chain(ask));
        all.for_each_concurrent(AT_ONCE, |(id, at)| async move {
            let asked = async {
                match at {
                    Some(AtCarrier::Cancelling) => office.cancel(cx, id).await,
                    Some(_) => office.ship(cx, id).await,
                    None => office.look(cx, id).await,
                }
            };
            // One that does not answer, or cannot be asked about, does not hold the others up.
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(parcel = %id, ?error, "a carrier could not be asked")
                }
                Err(_) => tracing::warn!(parcel = %id, "a carrier did not answer"),
            }
        })
        .await;
        Ok(())
    }
}

fn lost(error: CarrierError) -> JobError {
    JobError::retry(error)
}

impl Office {
    async fn parcel(&self, id: ParcelId) -> sqlx::Result<Option<(Parcel, Option<Access>)>> {
        let mut db = self.db.acquire().await?;
        let Some(parcel) = queries_read::by_id(&mut db, id).await? else { return Ok(None) };
        let access = self.access(&mut db, parcel.seller, parcel.carrier).await?;
        Ok(Some((parcel, access)))
    }

    async fn set(&self, cx: &Cx, id: ParcelId, at: AtCarrier, why: &str) -> sqlx::Result<()> {
        let mut db = self.db.acquire().await?;
        queries_carrier::set_at(&mut db, id, at, why, cx.now).await
    }

    /// The carrier has not taken the parcel, as far as he says.
    async fn failed(&self, cx: &Cx, id: ParcelId, at: AtCarrier, why: &str) -> sqlx::Result<()> {
        let mut db = self.db.acquire().await?;
        queries_carrier::set_failed(&mut db, id, at, why, cx.now).await
    }

    /// Makes the parcel known to its carrier, once.
    async fn ship(&self, cx: &Cx, id: ParcelId) -> Result<(), JobError> {
        let Some((parcel, access)) = self.parcel(id).await? else { return Ok(()) };
        let asked_before = match parcel.at_carrier {
            AtCarrier::Wanted => false,
            AtCarrier::Asking => true,
            _ => return Ok(()),
        };
        let Some(access) = access else {
            return Ok(self.failed(cx, id, AtCarrier::Refused, NO_CONTRACT).await?);
        };
        let carrier = self.carriers.of(parcel.carrier);
        if asked_before {
            if !carrier.looks_up() {
                return Ok(self.failed(cx, id, AtCarrier::Unclear, "").await?);
            }
            let names = Names { ours: parcel.code.clone(), theirs: None };
            match carrier.look_up(&access, &names).await {
                Ok(seen) => return self.note(cx, id, &seen).await.map_err(JobError::retry),
                Err(CarrierError::NotThere) => {}
                Err(other) => return Err(lost(other)),
            }
        } else if !queries_carrier::begin_asking(&self.db, id, cx.now).await? {
            // Another process has begun, or it was taken back.
            return Ok(());
        }
        let shipment = self.shipment(&parcel).await?;
        match carrier.create(&access, &shipment).await {
            Ok(created) => self.created(cx, &parcel, &created).await.map_err(JobError::retry),
            Err(CarrierError::Unknown(why)) if carrier.looks_up() => {
                Err(lost(CarrierError::Unknown(why)))
            }
            Err(CarrierError::Unknown(why)) => {
                Ok(self.failed(cx, id, AtCarrier::Unclear, &why).await?)
            }
            Err(CarrierError::Refused(why)) => {
                Ok(self.failed(cx, id, AtCarrier::Refused, &why).await?)
            }
            Err(other) => Ok(self.failed(cx, id, AtCarrier::Refused, &other.to_string()).await?),
        }
    }

    async fn shipment(&self, parcel: &Parcel) -> sqlx::Result<Shipment> {
        let mut db = self.db.acquire().await?;
        let from_spot = self.spot(&mut db, parcel.carrier, &parcel.from.commune).await?;
        let to_spot = self.spot(&mut db, parcel.carrier, &parcel.to.commune).await?;
        Ok(Shipment {
            code: parcel.code.clone(),
            from: parcel.from.clone(),
            from_spot,
            to: parcel.to.clone(),
            to_spot,
            weight_g: parcel.weight_g,
            cod: parcel.cod,
            goods: parcel.goods,
            contents: parcel.lines.iter().map(|l| (l.name.clone(), l.quantity)).collect(),
            note: parcel.note.clone(),
        })
    }

    async fn created(
        &self,
        cx: &Cx,
        parcel: &Parcel,
        created: &Created,
    ) -> Result<(), ParcelError> {
        let mut tx = self.db.begin().await?;
        let head = queries::lock(&mut tx, parcel.id).await?.ok_or(ParcelError::NotFound)?;
        let look = self.carriers.of(parcel.carrier).looks_up().then_some(cx.now + SILENT);
        queries_carrier::set_known(&mut tx, parcel.id, &created.code, created.fee, look).await?;
        let fact = Fact {
            key: "accepted".into(),
            ..Fact::now(cx, Source::Carrier, ParcelEvent::AwaitPickup, "")
        };
        hear(&mut tx, cx, parcel.id, &fact).await?;
        if head.state == ParcelState::Cancelled {
            // It was taken back here while he was asked.
            queries_carrier::set_at(&mut tx, parcel.id, AtCarrier::Cancelling, "", cx.now).await?;
            let key = format!("{CANCEL}:{}:{}", parcel.id, cx.new_id());
            enqueue(&mut tx, cx, CANCEL, &key, &About { parcel: parcel.id }).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Notes how the parcel stands at the carrier.
    async fn note(&self, cx: &Cx, id: ParcelId, seen: &Seen) -> Result<(), ParcelError> {
        let mut tx = self.db.begin().await?;
        let Some(parcel) = queries_read::by_id(&mut tx, id).await? else { return Ok(()) };
        if parcel.carrier_code.is_none() || parcel.at_carrier != AtCarrier::Known {
            let look = self.carriers.of(parcel.carrier).looks_up().then_some(cx.now + SILENT);
            let live = parcel.state.is_here() || parcel.state.is_under_way();
            let look = look.filter(|_| live);
            queries_carrier::set_known(&mut tx, id, &seen.code, None, look).await?;
        }
        for news in &seen.news {
            if news.event.is_none() {
                tracing::warn!(carrier = parcel.carrier.code(), word = news.raw, "an unknown word");
            }
            hear(&mut tx, cx, id, &fact(&parcel, news)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Asks the carrier how the parcel stands.
    async fn look(&self, cx: &Cx, id: ParcelId) -> Result<(), JobError> {
        let Some((parcel, Some(access))) = self.parcel(id).await? else { return Ok(()) };
        let carrier = self.carriers.of(parcel.carrier);
        if !carrier.looks_up() {
            return Ok(());
        }
        let names = Names { ours: parcel.code.clone(), theirs: parcel.carrier_code.clone() };
        match carrier.look_up(&access, &names).await {
            Ok(seen) => self.note(cx, id, &seen).await.map_err(JobError::retry),
            Err(CarrierError::NotThere) => {
                tracing::warn!(parcel = parcel.code, "the carrier does not know this parcel");
                Ok(())
            }
            Err(other) => Err(lost(other)),
        }
    }

    /// Takes a parcel back that the carrier has not fetched.
    async fn cancel(&self, cx: &Cx, id: ParcelId) -> Result<(), JobError> {
        let Some((mut parcel, access)) = self.parcel(id).await? else { return Ok(()) };
        if parcel.at_carrier != AtCarrier::Cancelling {
            return Ok(());
        }
        let Some(access) = access else {
            return Ok(self.set(cx, id, AtCarrier::Known, NO_CONTRACT).await?);
        };
        let carrier = self.carriers.of(parcel.carrier);
        let mut names = Names { ours: parcel.code.clone(), theirs: parcel.carrier_code.take() };
        if names.theirs.is_none() && carrier.looks_up() {
            match carrier.look_up(&access, &names).await {
                Ok(seen) => names.theirs = Some(seen.code),
                Err(CarrierError::NotThere) => return self.cancelled(cx, id).await,
                Err(other) => return Err(lost(other)),
            }
        }
        match carrier.cancel(&access, &names).await {
            Ok(()) | Err(CarrierError::NotThere) => self.cancelled(cx, id).await,
            Err(CarrierError::Refused(why)) => Ok(self.set(cx, id, AtCarrier::Known, &why).await?),
            Err(other) => Err(lost(other)),
        }
    }

    async fn cancelled(&self, cx: &Cx, id: ParcelId) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let fact = Fact {
            key: "taken back".into(),
            ..Fact::now(cx, Source::System, ParcelEvent::Cancel, "")
        };
        hear(&mut tx, cx, id, &fact).await.map_err(JobError::retry)?;
        queries_carrier::set_at(&mut tx, id, AtCarrier::None, "", cx.now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A carrier's news: the same word for the same moment is the same news.
fn fact(parcel: &Parcel, news: &News) -> Fact {
    Fact {
        source: Source::Carrier,
        key: format!("{}:{}:{}", parcel.carrier.code(), news.raw, news.at.timestamp()),
        event: news.event,
        at: news.at,
        raw: news.raw.clone(),
        note: news.note.chars().take(500).collect(),
        weight_g: news.weight_g,
        fee: news.fee,
        cod: news.cod,
    }
}
