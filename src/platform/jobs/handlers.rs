//! Who does what, and when.

use crate::{kernel::Cx, platform::outbox::Event};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use std::{collections::HashMap, marker::PhantomData, sync::Arc};

/// How a job failed, which decides what happens next.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The world was not ready; try again later.
    #[error("will retry: {0:#}")]
    Retry(anyhow::Error),
    /// Trying again cannot help; a person must look.
    #[error("gave up: {0:#}")]
    GiveUp(anyhow::Error),
}

impl JobError {
    /// Try again later.
    pub fn retry(error: impl Into<anyhow::Error>) -> Self {
        Self::Retry(error.into())
    }

    /// A person must look.
    pub fn give_up(error: impl Into<anyhow::Error>) -> Self {
        Self::GiveUp(error.into())
    }
}

/// A database that fails today may answer tomorrow.
impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::retry(error)
    }
}

/// Does one kind of work. Must be safe to run twice, and re-reads the state it acts on.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// What a run is given: an event, a job's own payload, or `()` for a timer.
    type Payload: DeserializeOwned + Send + 'static;
    /// `slice.verb`, unique in the program; stored with the job.
    const NAME: &'static str;

    /// Does the work.
    async fn handle(&self, cx: &Cx, payload: Self::Payload) -> Result<(), JobError>;
}

/// A handler of whatever payload.
#[async_trait]
pub(super) trait Erased: Send + Sync {
    async fn handle(&self, cx: &Cx, payload: serde_json::Value) -> Result<(), JobError>;
}

struct Typed<H>(H, PhantomData<H>);

#[async_trait]
impl<H: Handler> Erased for Typed<H> {
    async fn handle(&self, cx: &Cx, payload: serde_json::Value) -> Result<(), JobError> {
        let payload = serde_json::from_value(payload).map_err(JobError::give_up)?;
        self.0.handle(cx, payload).await
    }
}

/// Who does what, and when. Filled once, in `app::handlers`.
#[derive(Clone, Default)]
pub struct Handlers {
    pub(super) by_event: HashMap<&'static str, Vec<&'static str>>,
    pub(super) by_name: HashMap<&'static str, Arc<dyn Erased>>,
    pub(super) timers: Vec<(&'static str, TimeDelta)>,
}

impl Handlers {
    /// `handler` hears the event `E`.
    #[must_use]
    pub fn on<E: Event, H: Handler<Payload = E>>(mut self, handler: H) -> Self {
        self.by_event.entry(E::NAME).or_default().push(H::NAME);
        self.with(handler)
    }

    /// `handler` runs once in each period, in whichever process comes first.
    #[must_use]
    pub fn every<H: Handler<Payload = ()>>(mut self, period: TimeDelta, handler: H) -> Self {
        self.timers.push((H::NAME, period));
        self.with(handler)
    }

    /// `handler` does the jobs that are enqueued under its name.
    #[must_use]
    pub fn with<H: Handler>(mut self, handler: H) -> Self {
        self.by_name.insert(H::NAME, Arc::new(Typed(handler, PhantomData)));
        self
    }

    /// All but what the clock asks for; and that alone. What the clock asks for may take minutes, and news do not
    /// wait behind it: two loops do the two parts.
    #[must_use]
    pub fn parted(mut self) -> (Self, Self) {
        let names: Vec<&str> = self.timers.iter().map(|(name, _)| *name).collect();
        let (timed, news) = self.by_name.into_iter().partition(|(name, _)| names.contains(name));
        self.by_name = news;
        let timers = std::mem::take(&mut self.timers);
        (self, Self { by_event: HashMap::new(), by_name: timed, timers })
    }

    /// Jobs of other names are a newer program's: they are left to it.
    pub(super) fn names(&self) -> Vec<String> {
        self.by_name.keys().map(|name| (*name).to_owned()).collect()
    }
}
