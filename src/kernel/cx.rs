//! Who is asking, and when: read once per request or job, then passed down.

use super::PersonId;
use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// On whose behalf a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Actor {
    /// Nobody has signed in.
    #[default]
    Guest,
    /// A person who has signed in.
    Person(PersonId),
    /// A clock or a job.
    System,
}

/// The circumstances of one request or one job run.
///
/// `now` is fixed for the whole run, so every row that one command writes carries
/// the same time and a test can set it.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// When what it is about happened: of a job its cause, otherwise the same as `now`.
    pub cause_at: DateTime<Utc>,
    /// Who asks.
    pub actor: Actor,
    /// Names the request in logs.
    pub request: Uuid,
}

impl Cx {
    /// A context of the system itself: jobs, commands, tests.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, cause_at: now, actor: Actor::System, request: Uuid::nil() }
    }

    /// The same moment, on behalf of `actor`.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The person who asks, if one has signed in.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self.actor {
            Actor::Person(id) => Some(id),
            Actor::Guest | Actor::System => None,
        }
    }

    /// Makes a UUIDv7 that sorts by [`Cx::now`].
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let seconds = u64::try_from(self.now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(
            ContextV7::new(),
            seconds,
            self.now.timestamp_subsec_nanos(),
        ))
    }
}
