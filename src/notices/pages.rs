//! `/thong-bao`: what somebody has been told, and where else he wants to be told it.

use super::{
    model::{Channel, Choice, Kind},
    queries,
    routes::Deps,
};
use crate::{
    kernel::{Cx, Lang, date_time, normalise},
    web::{Form, Html, Page, PageError, Query, SignedIn, Viewer, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    trang: String,
    k: String,
}

struct Row {
    id: Uuid,
    title: String,
    when: String,
    read: bool,
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    unread: bool,
    newer: String,
    older: String,
}

const SIZE: i64 = 30;

/// `GET /thong-bao`
pub(super) async fn index(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let current = asked.trang.parse().unwrap_or(1i64).clamp(1, 1000);
    let mut db = deps.db.acquire().await?;
    let mut found = queries::items(&mut db, viewer.id, SIZE + 1, (current - 1) * SIZE).await?;
    let more = found.len() as i64 > SIZE;
    found.truncate(SIZE as usize);
    let rows = found.into_iter().map(|item| Row {
        title: page.lang.t(&item.title_vi, &item.title_en).to_owned(),
        id: item.id,
        when: date_time(item.told_at),
        read: item.read,
    });
    let href = |n: i64| format!("/thong-bao?trang={n}");
    Ok(Html(ListPage {
        rows: rows.collect(),
        unread: viewer.unread > 0,
        newer: if current > 1 { href(current - 1) } else { String::new() },
        older: if more { href(current + 1) } else { String::new() },
        page: page.in_section("notices"),
    }))
}

/// `GET /thong-bao/{id}`: marks one's own notice as read and leads on.
pub(super) async fn open(
    State(deps): State<Deps>,
    cx: Cx,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let href = queries::open(&mut *deps.db.acquire().await?, &cx, viewer.id, id).await?;
    Ok(go(&href.ok_or_else(PageError::not_found)?))
}

/// `POST /thong-bao/da-doc`
pub(super) async fn read_all(
    State(deps): State<Deps>,
    cx: Cx,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    queries::read_all(&mut *deps.db.acquire().await?, &cx, viewer.id).await?;
    Ok(go("/thong-bao"))
}

/// One box of the choices.
struct Cell {
    channel: &'static str,
    name: String,
    on: bool,
    fixed: bool,
    /// Nothing to choose.
    never: bool,
}

#[derive(Template)]
#[template(path = "notices/choices.html")]
struct ChoicesPage {
    page: Page,
    rows: Vec<(String, Vec<Cell>)>,
    has_phone: bool,
}

/// What may be chosen by somebody.
fn offered(viewer: &Viewer) -> impl Iterator<Item = Kind> {
    let (shop, firm) = (viewer.has_shop, !viewer.orgs.is_empty());
    let his = move |kind: &Kind| {
        (shop || !kind.is_for_shops()) && (shop || firm || !kind.is_between_firms())
    };
    Kind::ALL.into_iter().filter(his)
}

/// `GET /thong-bao/tuy-chon`
pub(super) async fn choices(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let said = queries::preferences(&mut db, viewer.id).await?;
    let person = crate::accounts::person(&mut db, viewer.id).await?;
    let lang = page.lang;
    let cell = |kind: Kind, channel: Channel| {
        let said = said.iter().find(|(k, c, _)| k == kind.code() && c == channel.code());
        let choice = kind.choice(channel);
        Cell {
            channel: match channel {
                Channel::Mail if lang == Lang::Vi => "Thư điện tử",
                Channel::Mail => "E-mail",
                Channel::Sms => "SMS, Zalo",
            },
            name: format!("{}.{}", kind.code(), channel.code()),
            on: kind.goes(channel, said.map(|(.., wanted)| *wanted)),
            fixed: choice == Choice::Always,
            never: choice == Choice::Never,
        }
    };
    let rows = offered(&viewer).map(|kind| {
        let cells = Channel::ALL.map(|channel| cell(kind, channel));
        (kind.label().get(lang).to_owned(), cells.into_iter().collect())
    });
    Ok(Html(ChoicesPage {
        rows: rows.collect(),
        has_phone: person.is_some_and(|p| p.phone.is_some()),
        page: page.in_section("notices"),
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceForm {
    /// `kind.channel` of each box that is ticked.
    on: Vec<String>,
}

/// `POST /thong-bao/tuy-chon`: sending it twice changes nothing.
pub(super) async fn choose(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Form { data, .. }: Form<ChoiceForm>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    for kind in offered(&viewer) {
        for channel in Channel::ALL {
            if matches!(kind.choice(channel), Choice::On | Choice::Off) {
                let name = format!("{}.{}", kind.code(), channel.code());
                let of = (kind.code(), channel.code());
                queries::set_preference(&mut tx, viewer.id, of, data.on.contains(&name)).await?;
            }
        }
    }
    tx.commit().await?;
    let line = page.t("Đã lưu lựa chọn.", "Your choices have been saved.");
    Ok(go_with(&page, "/thong-bao/tuy-chon", line))
}

#[derive(Template)]
#[template(path = "notices/ask_no_more.html")]
struct AskNoMorePage {
    page: Page,
    code: String,
    k: String,
    done: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeyForm {
    k: String,
}

async fn address(
    deps: &Deps,
    page: &Page,
    code: &str,
    k: &str,
) -> Result<Option<String>, PageError> {
    let person = page.viewer.as_ref().map(|v| v.id);
    let mut db = deps.db.acquire().await?;
    let found = queries::address_of(&mut db, &normalise(code), k, person).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /don-hang/{code}/thoi-hoi`
pub(super) async fn ask_no_more(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    address(&deps, &page, &code, &asked.k).await?;
    let code = normalise(&code);
    Ok(Html(AskNoMorePage { page, code, k: asked.k, done: false }).into_response())
}

/// `POST /don-hang/{code}/thoi-hoi`: this address is not asked for reviews any more.
pub(super) async fn refuse(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    Form { data, .. }: Form<KeyForm>,
) -> Result<Response, PageError> {
    if let Some(email) = address(&deps, &page, &code, &data.k).await? {
        let mut db = deps.db.acquire().await?;
        queries::refuse(&mut db, &cx, &email, Kind::Ask.code()).await?;
    }
    let code = normalise(&code);
    Ok(Html(AskNoMorePage { page, code, k: data.k, done: true }).into_response())
}
