//! The pages of messages: the buyer's, the shop's, the operator's.

pub(super) mod buyer;
pub(super) mod file;
pub(super) mod operator;
pub(super) mod quick;
pub(super) mod seller;

use super::{
    attach,
    error::MessageError,
    model::{self, MOST_TEXT, Side, mask},
    open::{About, open},
    queries, queries_read,
    queries_read::{Thread, Wanted},
    queries_reports,
    routes::Deps,
    send::{Attachment, Sending, send},
};
use crate::{
    kernel::{Cx, Errors, PersonId, Text, date_time},
    platform::idempotency,
    web::{AsProblem, Begun, Page, PageError, Upload, begin_once, go_with},
};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

/// Messages shown of a thread.
const SHOWN: i64 = 200;

/// What somebody writes.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct SendForm {
    key: String,
    k: String,
    sp: String,
    body: String,
}

/// What somebody reports.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct ReportForm {
    key: String,
    k: String,
    reason: String,
    note: String,
}

/// A file beside its message.
struct ShownFile {
    href: String,
    /// The small picture; empty for a PDF.
    small: String,
    name: String,
    size: String,
}

/// A message as a page shows it.
struct ShownMessage {
    own: bool,
    from: String,
    when: String,
    body: String,
    masked: bool,
    files: Vec<ShownFile>,
}

/// A thread as its page shows it, for one of the two.
struct Talk {
    thread: Thread,
    messages: Vec<ShownMessage>,
    /// Where the forms go.
    action: String,
    /// The key of the order's link; empty where he has signed in.
    k: String,
    reasons: Vec<(&'static str, String)>,
    /// He has reported, and nobody has looked yet.
    reported: bool,
}

/// The end of an address with the key of an order's link.
fn with_key(k: &str) -> String {
    if k.is_empty() {
        String::new()
    } else {
        let pairs = form_urlencoded::Serializer::new(String::new()).append_pair("k", k).finish();
        format!("?{pairs}")
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        b if b < 1 << 20 => format!("{} KB", (b + 1023) / 1024),
        b => format!("{},{} MB", b >> 20, ((b % (1 << 20)) * 10) >> 20),
    }
}

fn thread_id(typed: &str) -> Result<Uuid, PageError> {
    typed.parse().map_err(|_| PageError::not_found())
}

/// The messages of a thread until a moment; masked unless the two know each other.
async fn said(
    db: &mut PgConnection,
    page: &Page,
    thread: &Thread,
    (side, k): (Option<Side>, &str),
    (until, most): (DateTime<Utc>, i64),
) -> sqlx::Result<Vec<ShownMessage>> {
    let messages = queries_read::messages(db, thread.id, until, most).await?;
    let ids: Vec<Uuid> = messages.iter().map(|m| m.id).collect();
    let files = queries_read::files(db, &ids).await?;
    let key = with_key(k);
    let shown = messages.into_iter().map(|message| {
        let from = Side::of(&message.side);
        let (body, masked) = if thread.known { (message.body, false) } else { mask(&message.body) };
        let own = files.iter().filter(|file| file.message == message.id);
        // The operator reads words; files are for the two alone.
        let own = own.map(|file| ShownFile {
            href: side.map(|_| format!("/tin-nhan/tep/{}{key}", file.id)).unwrap_or_default(),
            small: match (side, file.kind.as_str(), k) {
                (Some(_), "picture", "") => format!("/tin-nhan/tep/{}?co=240", file.id),
                (Some(_), "picture", _) => format!("/tin-nhan/tep/{}{key}&co=240", file.id),
                _ => String::new(),
            },
            name: file.name.clone(),
            size: size(file.bytes),
        });
        ShownMessage {
            own: side == Some(from),
            from: match from {
                Side::Buyer => thread.buyer_name.clone(),
                Side::Seller if thread.shop_name.is_empty() => {
                    page.t("Gian hàng", "The shop").into()
                }
                Side::Seller => thread.shop_name.clone(),
            },
            when: date_time(message.sent_at),
            body,
            masked,
            files: own.collect(),
        }
    });
    Ok(shown.collect())
}

/// Everything that a thread's page shows.
async fn talk(
    db: &mut PgConnection,
    cx: &Cx,
    page: &Page,
    thread: Thread,
    (side, k): (Side, &str),
    action: String,
) -> sqlx::Result<Talk> {
    let lang = page.lang;
    Ok(Talk {
        messages: said(db, page, &thread, (Some(side), k), (cx.now, SHOWN)).await?,
        reported: queries_reports::is_open(db, thread.id, side).await?,
        reasons: model::REASONS.map(|r| (r, model::reason(r).get(lang).to_owned())).to_vec(),
        k: k.to_owned(),
        thread,
        action,
    })
}

/// A thread in a list, for one of the two.
struct Row {
    href: String,
    /// The other one.
    who: String,
    subject: String,
    excerpt: String,
    when: String,
    unread: i32,
    own: bool,
}

/// One page of somebody's threads, and whether older ones follow.
async fn rows(
    db: &mut PgConnection,
    page: &Page,
    side: Side,
    wanted: Wanted,
    (number, size): (i64, i64),
) -> sqlx::Result<(Vec<Row>, bool)> {
    let wanted = Wanted { limit: size + 1, offset: (number - 1) * size, ..wanted };
    let mut found = queries_read::threads(db, &wanted).await?;
    let more = found.len() as i64 > size;
    found.truncate(usize::try_from(size).unwrap_or(0));
    let rows = found.into_iter().map(|thread| {
        let (base, unread) = match side {
            Side::Buyer => ("/tin-nhan", thread.buyer_unread),
            Side::Seller => ("/ban-hang/tin-nhan", thread.seller_unread),
        };
        Row {
            href: format!("{base}/{}", thread.id),
            subject: subject(page, &thread),
            excerpt: excerpt(&thread),
            when: date_time(thread.last_at),
            unread,
            own: Side::of(&thread.last_side) == side,
            who: if side == Side::Seller { thread.buyer_name } else { thread.shop_name },
        }
    });
    Ok((rows.collect(), more))
}

/// `Đơn hàng K7…` or the product's name.
fn subject(page: &Page, thread: &Thread) -> String {
    if thread.code.is_empty() {
        thread.subject.clone()
    } else {
        format!("{} {}", page.t("Đơn hàng", "Order"), thread.code)
    }
}

/// The excerpt of a list, masked like the message itself.
fn excerpt(thread: &Thread) -> String {
    if thread.known { thread.excerpt.clone() } else { mask(&thread.excerpt).0 }
}

fn check(form: &SendForm, has_files: bool, errors: &mut Errors) {
    let length = form.body.trim().chars().count();
    errors.check(length > 0 || has_files, "body", "Xin viết tin nhắn.", "Please write a message.");
    if length > MOST_TEXT {
        let vi = format!("Xin viết không quá {MOST_TEXT} chữ.");
        errors.add("body", Text::new(vi, format!("Please write at most {MOST_TEXT} characters.")));
    }
}

/// Into which thread a message goes.
enum Where<'a> {
    Thread(Uuid),
    New(&'a About),
}

/// Who writes, from where, and where he is led then: before and after the thread's id.
struct Writer<'a> {
    side: Side,
    person: Option<PersonId>,
    /// Who may use the form's key.
    principal: String,
    route: String,
    to: (&'a str, String),
}

/// Opens the thread if there is none, and sends.
async fn put(
    db: &mut PgConnection,
    cx: &Cx,
    into: Where<'_>,
    writer: &Writer<'_>,
    body: &str,
    kept: &[Attachment],
) -> Result<Uuid, MessageError> {
    let thread = match into {
        Where::Thread(id) => id,
        Where::New(about) => open(db, cx, about, writer.side).await?,
    };
    let new = Sending {
        thread,
        side: writer.side,
        author: writer.person,
        body: body.trim().to_owned(),
        attachments: kept.to_vec(),
    };
    send(db, cx, &new).await?;
    Ok(thread)
}

/// Checks and sends; `Err` is what to show beside the form.
async fn write(
    deps: &Deps,
    cx: &Cx,
    page: &Page,
    upload: &Upload<SendForm>,
    into: Where<'_>,
    writer: &Writer<'_>,
) -> Result<Result<Response, Errors>, PageError> {
    let mut errors = Errors::new(page.lang);
    check(&upload.data, !upload.files.is_empty(), &mut errors);
    let kept = if errors.is_empty() {
        attach::keep(deps, cx, &upload.files, &mut errors).await.map_err(PageError::internal)?
    } else {
        Vec::new()
    };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let mut tx = deps.db.begin().await?;
    let asked = (writer.route.as_str(), upload.raw.as_ref());
    let who = &writer.principal;
    match begin_once(&mut tx, cx, page.lang, who, &upload.data.key, asked).await? {
        Begun::Done(response) => {
            drop(tx);
            attach::forget(deps, &kept).await;
            return Ok(Ok(response));
        }
        Begun::Wrong(wrong) => errors = wrong,
        Begun::First(once) => {
            match put(&mut tx, cx, into, writer, &upload.data.body, &kept).await {
                Ok(thread) => {
                    let to = format!("{}{thread}{}", writer.to.0, writer.to.1);
                    idempotency::settle(&mut tx, &once, &to).await?;
                    tx.commit().await?;
                    return Ok(Ok(go_with(page, &to, page.t("Đã gửi.", "Sent."))));
                }
                Err(error @ (MessageError::NotFound | MessageError::Db(_))) => {
                    drop(tx);
                    attach::forget(deps, &kept).await;
                    return Err(error.into());
                }
                Err(error) => errors.add("body", error.problem().title),
            }
        }
    }
    drop(tx);
    attach::forget(deps, &kept).await;
    Ok(Err(errors))
}

/// Puts a thread before the operator.
async fn put_report(
    deps: &Deps,
    cx: &Cx,
    page: &Page,
    thread: &Thread,
    side: Side,
    form: &ReportForm,
    to: &str,
) -> Result<Response, PageError> {
    let known = model::REASONS.contains(&form.reason.as_str());
    let note: String = form.note.trim().chars().take(500).collect();
    let reason = if known { form.reason.as_str() } else { "other" };
    let mut tx = deps.db.begin().await?;
    queries_reports::insert(&mut tx, cx, thread.id, side, reason, &note).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã gửi báo cáo. Đơn vị vận hành sẽ xem đoạn trò chuyện này.",
        "Reported. The operator will look at this conversation.",
    );
    Ok(go_with(page, to, line))
}

/// Notes that one of the two has the thread before him.
async fn seen(db: &mut PgConnection, thread: &Thread, side: Side) -> sqlx::Result<()> {
    let unread = match side {
        Side::Buyer => thread.buyer_unread,
        Side::Seller => thread.seller_unread,
    };
    if unread > 0 { queries::mark_read(db, thread.id, side).await } else { Ok(()) }
}
