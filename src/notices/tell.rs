//! Telling somebody something: the bell always, other ways as he has chosen.

use super::{
    model::{Channel, Kind},
    queries, texts,
};
use crate::{
    accounts::{self, Person},
    kernel::{Cx, Lang, PersonId, Text},
    platform::mail::{self, Mail},
};
use sqlx::PgConnection;

/// One thing to be told.
pub(super) struct News {
    pub(super) kind: Kind,
    /// Names the cause: nobody is told of it twice.
    pub(super) cause: String,
    pub(super) title: Text,
    /// A path of this site.
    pub(super) href: String,
}

/// Subject and body of a letter in one language.
pub(super) type Letter = (String, String);

/// Puts it under somebody's bell.
pub(super) async fn ring(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    news: &News,
) -> sqlx::Result<()> {
    queries::insert_item(db, cx, person, news).await
}

/// Under the bell, and by mail and short message where he has not switched that off.
pub(super) async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    news: &News,
    write: impl Fn(Lang) -> Letter,
) -> sqlx::Result<()> {
    ring(db, cx, person, news).await?;
    let Some(who) = accounts::person(db, person).await? else { return Ok(()) };
    if let Some(to) = &who.email
        && wants(db, person, news.kind, Channel::Mail).await?
    {
        let (subject, body) = write(who.lang);
        let dedup_key = format!("notices:{}:{person}", news.cause);
        mail::queue(db, cx, &Mail { to: to.clone(), subject, body, dedup_key }).await?;
    }
    text(db, cx, &who, news).await
}

/// By short message, if he asked for that.
pub(super) async fn text(
    db: &mut PgConnection,
    cx: &Cx,
    who: &Person,
    news: &News,
) -> sqlx::Result<()> {
    if let Some(phone) = &who.phone
        && wants(db, who.id, news.kind, Channel::Sms).await?
    {
        let dedup_key = format!("{}:{}", news.cause, who.id);
        texts::queue(db, cx, phone, news.title.get(who.lang), &dedup_key).await?;
    }
    Ok(())
}

/// Whether a notice goes that way to somebody.
pub(super) async fn wants(
    db: &mut PgConnection,
    person: PersonId,
    kind: Kind,
    channel: Channel,
) -> sqlx::Result<bool> {
    let said = queries::preference(db, person, kind.code(), channel.code()).await?;
    Ok(kind.goes(channel, said))
}
