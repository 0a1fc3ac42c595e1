//! The bell: what people find under it beside their letters. Rung in the transaction of its cause, as mail is queued
//! there; who keeps the bell hears of it.

use crate::{
    kernel::{Cx, Lang, PersonId, Text},
    platform::outbox::{self, Event},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// Some people are to be told something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rung {
    pub people: Vec<PersonId>,
    /// What it is about, as the bell's keeper names it.
    pub kind: String,
    /// Names the cause: nobody is told of it twice.
    pub cause: String,
    pub title_vi: String,
    pub title_en: String,
    /// The path where its reader acts.
    pub href: String,
}

impl Event for Rung {
    const NAME: &'static str = "platform.rung";
}

/// Something to be told: what it is about, its cause, the path where its reader acts.
#[derive(Debug, Clone, Copy)]
pub struct Ring<'a> {
    pub kind: &'a str,
    pub cause: &'a str,
    pub href: &'a str,
}

/// Tells these people once the caller's transaction commits.
///
/// # Errors
/// Whatever the database says.
pub async fn ring(
    db: &mut PgConnection,
    cx: &Cx,
    people: &[PersonId],
    ring: Ring<'_>,
    title: &Text,
) -> sqlx::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rung = Rung {
        people: people.to_vec(),
        kind: ring.kind.to_owned(),
        cause: ring.cause.to_owned(),
        title_vi: title.get(Lang::Vi).to_owned(),
        title_en: title.get(Lang::En).to_owned(),
        href: ring.href.to_owned(),
    };
    outbox::publish(db, cx, &rung).await
}
