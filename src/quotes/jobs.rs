//! What requests and quotes do by the clock and when they hear their own news.

pub use super::letters::Post;
use super::{
    error::QuoteError,
    events::{QuestionMoved, QuoteMoved, RequestMoved},
    letters::{self, Letter, Reader},
    machine::{Actor, Event, RequestEvent},
    pages::{buyer_path, seller_path},
    queries, queries_offers,
    queries_read::{self, Request},
    steps,
};
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, PersonId, SellerId, Text},
    organisations::{self, OrgRole},
    platform::{
        bell,
        jobs::{Handler, JobError},
        mail::{self, Mail},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    (to, cause): (&str, &str),
    letter: Letter,
) -> sqlx::Result<()> {
    let (subject, body) = (letter.subject, letter.body);
    let dedup_key = format!("{cause}:{to}");
    mail::queue(db, cx, &Mail { to: to.to_owned(), subject, body, dedup_key }).await
}

/// Under the bell of these readers, who read the letter's title and go where it leads.
async fn ring(
    db: &mut PgConnection,
    cx: &Cx,
    people: &[PersonId],
    (side, request, cause): (Actor, Uuid, &str),
    write: impl Fn(Reader) -> Letter,
) -> sqlx::Result<()> {
    let title = |lang| write(Reader { side, lang }).subject;
    let (cause, href) = match side {
        Actor::Seller => (format!("{cause}:seller"), seller_path(request)),
        _ => (format!("{cause}:buyer"), buyer_path(request)),
    };
    let ring = bell::Ring { kind: "quote", cause: &cause, href: &href };
    bell::ring(db, cx, people, ring, &Text::new(title(Lang::Vi), title(Lang::En))).await
}

/// To those of the firm who ask for goods, in their languages; the person who asked first of all.
async fn to_buyer(
    db: &mut PgConnection,
    cx: &Cx,
    request: &Request,
    cause: &str,
    write: impl Fn(Reader) -> Letter,
) -> sqlx::Result<()> {
    let mut people = organisations::members_with(db, request.org, OrgRole::Requester).await?;
    if people.contains(&request.asked_by) {
        people = vec![request.asked_by];
    }
    ring(db, cx, &people, (Actor::Buyer, request.id, cause), &write).await?;
    for person in accounts::people(db, &people).await? {
        if let Some(email) = &person.email {
            let letter = write(Reader { side: Actor::Buyer, lang: person.lang });
            send(db, cx, (email, cause), letter).await?;
        }
    }
    Ok(())
}

/// To every member of a shop in his language; to the shop's own address where no member has one.
async fn to_seller(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, request): (SellerId, Uuid),
    cause: &str,
    write: impl Fn(Reader) -> Letter,
) -> sqlx::Result<()> {
    let members: Vec<PersonId> =
        enterprises::members(db, seller).await?.iter().map(|m| m.person).collect();
    ring(db, cx, &members, (Actor::Seller, request, cause), &write).await?;
    let people = accounts::people(db, &members).await?;
    let mut readers: Vec<(String, Lang)> =
        people.into_iter().filter_map(|p| Some((p.email?, p.lang))).collect();
    if readers.is_empty() {
        let facts = enterprises::facts(db, &[seller]).await?;
        let email = facts.get(&seller).map(|f| f.email.clone()).filter(|e| !e.is_empty());
        readers.extend(email.map(|email| (email, Lang::Vi)));
    }
    for (email, lang) in readers {
        let letter = write(Reader { side: Actor::Seller, lang });
        send(db, cx, (&email, cause), letter).await?;
    }
    Ok(())
}

/// Shops that are written to in one transaction.
const AT_ONCE: i64 = 100;

/// To all who are asked and have not declined, however many: some at a time, so that nobody waits for all of them.
async fn to_all_sellers(
    pool: &PgPool,
    cx: &Cx,
    request: Uuid,
    cause: &str,
    write: impl Fn(Reader) -> Letter,
) -> sqlx::Result<()> {
    let mut after = None;
    loop {
        let mut tx = pool.begin().await?;
        let some = queries_read::asked(&mut tx, request, after, AT_ONCE).await?;
        for (_, seller) in &some {
            to_seller(&mut tx, cx, (*seller, request), cause, &write).await?;
        }
        tx.commit().await?;
        match some.last() {
            Some((last, _)) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

/// Writes when a request was sent or has moved: to the sellers, and to the buyer when the clock moved it.
pub struct TellRequest {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellRequest {
    type Payload = RequestMoved;
    const NAME: &'static str = "quotes.tell_request";

    async fn handle(&self, cx: &Cx, news: RequestMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let id = news.request;
        let Some(request) = queries_read::request(&mut tx, id).await? else { return Ok(()) };
        let lines = queries_read::lines(&mut tx, id).await?;
        let cause = format!("quotes.request:{id}:{}", news.version);
        let write = |reader| letters::request(&self.post, &request, &lines, &news.event, reader);
        let to_buyer_too =
            news.event == RequestEvent::Close.code() || news.event == RequestEvent::Lapse.code();
        if to_buyer_too {
            to_buyer(&mut tx, cx, &request, &cause, write).await?;
        }
        // Whoever lost or won hears it by his own quote.
        let sellers = ["send", "extend", "cancel", "lapse"].contains(&news.event.as_str());
        tx.commit().await?;
        if sellers {
            to_all_sellers(&self.db, cx, id, &cause, write).await?;
        }
        Ok(())
    }
}

/// Writes to the other side when a quote has moved.
pub struct TellQuote {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellQuote {
    type Payload = QuoteMoved;
    const NAME: &'static str = "quotes.tell_quote";

    async fn handle(&self, cx: &Cx, news: QuoteMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let id = news.request;
        let Some(request) = queries_read::request(&mut tx, id).await? else { return Ok(()) };
        let found = queries_read::quotes(&mut tx, id, Some(news.seller)).await?;
        let events = queries_read::history(&mut tx, id, Some(news.quote)).await?;
        let what = events.iter().find(|h| h.quote == Some(news.quote) && h.number == news.number);
        let (Some(quote), Some(what)) = (found.first(), what) else { return Ok(()) };
        let cause = format!("quotes.quote:{}:{}", news.quote, news.number);
        let readable = request.window(cx).is_readable();
        let write = |reader| letters::quote(&self.post, &request, (quote, what), readable, reader);
        let event = news.event.as_str();
        if ["offer", "decline", "keep", "take", "withdraw", "expire"].contains(&event) {
            // That somebody does not offer, or not any more, is not told under the seal.
            if readable || event == "offer" {
                to_buyer(&mut tx, cx, &request, &cause, write).await?;
            }
        }
        let answered = quote.offer.is_some() && request.state == super::RequestState::Awarded;
        if ["wait", "refuse", "counter", "reject", "accept", "expire"].contains(&event)
            || (event == "lose" && answered)
        {
            to_seller(&mut tx, cx, (quote.seller, request.id), &cause, write).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Writes when a question was asked or answered.
pub struct TellQuestion {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellQuestion {
    type Payload = QuestionMoved;
    const NAME: &'static str = "quotes.tell_question";

    async fn handle(&self, cx: &Cx, news: QuestionMoved) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(question) = queries_read::question(&mut tx, news.question).await? else {
            return Ok(());
        };
        let request = queries_read::request(&mut tx, question.request).await?;
        let Some(request) = request else { return Ok(()) };
        let cause = format!("quotes.question:{}:{}", news.question, news.answered);
        let told = (&question, news.answered);
        let write = |reader| letters::question(&self.post, &request, told, reader);
        if !news.answered {
            to_buyer(&mut tx, cx, &request, &cause, write).await?;
        } else if question.private {
            to_seller(&mut tx, cx, (question.seller, request.id), &cause, write).await?;
        }
        tx.commit().await?;
        if news.answered && !question.private {
            to_all_sellers(&self.db, cx, request.id, &cause, write).await?;
        }
        Ok(())
    }
}

/// Ends what has run out: deadlines of requests, offers' validity, decisions that nobody took.
pub struct Clocks {
    pub db: PgPool,
}

/// How many one run takes.
const BATCH: i64 = 500;

#[async_trait]
impl Handler for Clocks {
    type Payload = ();
    const NAME: &'static str = "quotes.clocks";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut failed = None;
        for id in queries::due(&self.db, cx.now, BATCH).await? {
            if let Err(error) = self.ring(cx, id).await {
                tracing::warn!(%id, %error, "a request's clock was not heard");
                failed = Some(error);
            }
        }
        for (request, id) in queries_offers::run_out(&self.db, cx.now, BATCH).await? {
            if let Err(error) = self.expire(cx, request, id).await {
                tracing::warn!(%id, %error, "an offer did not expire");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), |error| Err(JobError::retry(error)))
    }
}

/// Somebody was faster.
fn or_faster<T>(done: Result<T, QuoteError>) -> Result<Option<T>, QuoteError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(QuoteError::Moved) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Clocks {
    async fn ring(&self, cx: &Cx, id: Uuid) -> Result<(), QuoteError> {
        let mut tx = self.db.begin().await?;
        let held = steps::hold(&mut tx, id, None).await?;
        let event = match held.state {
            super::RequestState::Open if cx.now >= held.closes_at => RequestEvent::Close,
            super::RequestState::Closed if held.due_at.is_some_and(|due| due <= cx.now) => {
                RequestEvent::Lapse
            }
            _ => return Ok(()),
        };
        let step = (event, Actor::System);
        let done = steps::move_request(&mut tx, cx, &held, step, None, "").await;
        if or_faster(done)?.is_some() {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn expire(&self, cx: &Cx, request: Uuid, id: Uuid) -> Result<(), QuoteError> {
        let mut tx = self.db.begin().await?;
        let held = steps::hold(&mut tx, request, None).await?;
        let quote = queries_offers::lock_one(&mut tx, request, (Some(id), None)).await?;
        let quote = quote.ok_or(QuoteError::NotFound)?;
        let version = quote.offer;
        let done = steps::move_quote(&mut tx, cx, &held, quote, Event::Expire, (version, "")).await;
        if or_faster(done)?.is_some() {
            tx.commit().await?;
        }
        Ok(())
    }
}
