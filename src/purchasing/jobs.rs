//! Mail about what has happened to purchase orders: to the side that did not do it.

use super::{
    events::PoMoved,
    letters,
    machine::Side,
    queries_read,
    read::{Happened, Po},
};
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, PersonId, Text},
    orders::Post,
    platform::{
        bell,
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};

/// Writes to the other side; to both of what the floor has seen.
pub struct TellMoved {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellMoved {
    type Payload = PoMoved;
    const NAME: &'static str = "purchasing.tell_moved";

    async fn handle(&self, cx: &Cx, news: PoMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(po) = queries_read::head(&mut tx, news.order).await? else { return Ok(()) };
        let history = queries_read::history(&mut tx, news.order).await?;
        let Some(what) = history.iter().find(|h| h.version == news.version) else { return Ok(()) };
        let nth = history.iter().filter(|h| h.event == what.event && h.version <= what.version);
        let what = &(what, nth.count());
        if what.0.side != Side::Buyer.code() {
            self.send(&mut tx, cx, &po, what, (Side::Buyer, &[po.asked_by])).await?;
        }
        if what.0.side != Side::Seller.code() {
            let members = enterprises::members(&mut tx, po.seller).await?;
            let people: Vec<PersonId> = members.into_iter().map(|member| member.person).collect();
            self.send(&mut tx, cx, &po, what, (Side::Seller, &people)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

impl TellMoved {
    /// `nth`: deliveries and instalments come several times, and are told apart.
    async fn send(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        po: &Po,
        (what, nth): &(&Happened, usize),
        (reader, people): (Side, &[PersonId]),
    ) -> sqlx::Result<()> {
        let letter = |lang: Lang| {
            let (title, body) = letters::moved(&self.post, po, what, reader, lang);
            match nth {
                0 | 1 => (title, body),
                n => (format!("{title} ({} {n})", lang.t("lần", "no.")), body),
            }
        };
        let cause = format!("purchasing.moved:{}:{}:{}", po.id, what.version, reader.code());
        let ring = bell::Ring { kind: "purchase", cause: &cause, href: &letters::path(po, reader) };
        let title = Text::new(letter(Lang::Vi).0, letter(Lang::En).0);
        bell::ring(db, cx, people, ring, &title).await?;
        for person in accounts::people(db, people).await? {
            let Some(to) = person.email else { continue };
            let (subject, body) = letter(person.lang);
            let dedup_key = format!("purchasing.moved:{}:{}:{to}", po.id, what.version);
            mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        Ok(())
    }
}
