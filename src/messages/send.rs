//! Sending a message.

use super::{
    error::MessageError,
    model::{AN_HOUR, Side},
    queries,
};
use crate::kernel::{Cx, PersonId};
use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

/// A file that has been made safe and kept.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    /// Of a picture there are sizes; a PDF is kept as it came.
    pub is_picture: bool,
    pub key: String,
    pub bytes: i64,
}

/// What one of the two says.
#[derive(Debug, Clone)]
pub struct Sending {
    pub thread: Uuid,
    pub side: Side,
    pub author: Option<PersonId>,
    pub body: String,
    pub attachments: Vec<Attachment>,
}

/// Characters of a message in a list.
const EXCERPT: usize = 140;

/// Sends a message; the caller knows that the sender is one of the two.
///
/// # Errors
/// [`MessageError::Closed`], [`MessageError::TooMany`].
pub async fn send(db: &mut PgConnection, cx: &Cx, new: &Sending) -> Result<Uuid, MessageError> {
    let line = new.body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = line.chars().take(EXCERPT).collect();
    if excerpt.is_empty() {
        excerpt = new.attachments.first().map(|file| file.name.clone()).unwrap_or_default();
    }
    if !queries::touch(db, cx, new.thread, new.side, &excerpt).await? {
        return Err(MessageError::Closed);
    }
    let since = cx.now - TimeDelta::hours(1);
    if queries::sent_since(db, new.thread, new.side, since).await? >= AN_HOUR {
        return Err(MessageError::TooMany);
    }
    let id = cx.new_id();
    queries::insert(db, cx, id, new).await?;
    for file in &new.attachments {
        queries::attach(db, cx.new_id(), id, file).await?;
    }
    Ok(id)
}
