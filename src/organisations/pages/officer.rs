//! `/so-cong-thuong/don-vi-mua`: an officer sees who a buying organisation is.

use crate::{
    accounts,
    enterprises::registered,
    kernel::{Cx, Errors, OrgId, PersonId, TaxCode, date, day_of, fold, name_place, read_place},
    organisations::{
        OrgRole,
        error::OrgError,
        letters,
        model::{OrgState, Organisation},
        queries, queries_people,
        routes::Deps,
        verify::{self, Decision},
    },
    platform::mail::{self, Mail},
    web::{AsProblem, Form, Html, Officer, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgConnection;

const HERE: &str = "/so-cong-thuong/don-vi-mua";
const SIZE: usize = 30;

struct Row {
    id: OrgId,
    name: String,
    tax_code: String,
    place: String,
    since: String,
}

#[derive(Template)]
#[template(path = "organisations/officer_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    /// Code, label, current.
    tabs: Vec<(&'static str, String, bool)>,
    older: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct Asked {
    tt: String,
    sau: String,
}

/// `GET /so-cong-thuong/don-vi-mua`
pub(in crate::organisations) async fn list(
    State(deps): State<Deps>,
    page: Page,
    _: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (state, code) = match asked.tt.as_str() {
        "verified" => (OrgState::Verified, "verified"),
        "refused" => (OrgState::Refused, "refused"),
        _ => (OrgState::Unverified, "unverified"),
    };
    let after = read_place(&asked.sau);
    let mut db = deps.db.acquire().await?;
    let most = i64::try_from(SIZE).unwrap_or_default() + 1;
    let mut found = queries::in_state(&mut db, state, after, most).await?;
    drop(db);
    let more = found.len() > SIZE;
    found.truncate(SIZE);
    let last = found.last().filter(|_| more);
    let older = last.map(|o| format!("?tt={code}&sau={}", name_place((o.created_at, o.id.0))));
    let rows = found.into_iter().map(|org| Row {
        id: org.id,
        place: deps.places.shown(&org.commune_code),
        since: date(day_of(org.created_at)),
        name: org.name,
        tax_code: org.tax_code,
    });
    let tabs = [
        ("unverified", OrgState::Unverified),
        ("verified", OrgState::Verified),
        ("refused", OrgState::Refused),
    ];
    let tabs = tabs.map(|(c, s)| (c, s.label().get(page.lang).to_owned(), c == code));
    let shown = ListPage {
        rows: rows.collect(),
        tabs: tabs.into(),
        older: older.unwrap_or_default(),
        page: page.in_section("department-organisations"),
    };
    Ok(Html(shown).into_response())
}

/// One fact, as told and as registered.
struct Compared {
    label: &'static str,
    told: String,
    registered: String,
    differs: bool,
}

struct Person {
    name: String,
    contact: String,
    roles: String,
}

#[derive(Template)]
#[template(path = "organisations/officer.html")]
struct OrgPage {
    page: Page,
    org: Organisation,
    state: String,
    tone: &'static str,
    place: String,
    compared: Vec<Compared>,
    people: Vec<Person>,
    others: Vec<Organisation>,
    /// It is still to be decided, and not by a member.
    open: bool,
    note: String,
    decided: String,
    errors: Errors,
}

async fn compared(
    db: &mut PgConnection,
    deps: &Deps,
    page: &Page,
    org: &Organisation,
) -> sqlx::Result<Vec<Compared>> {
    let Ok(code) = TaxCode::parse(&org.tax_code) else { return Ok(Vec::new()) };
    let Some(entry) = registered(db, &code).await? else { return Ok(Vec::new()) };
    // Lists write names in capitals and tones in either place.
    let same = |a: &str, b: &str| fold(a).split_whitespace().eq(fold(b).split_whitespace());
    let row = |label, told: String, registered: String| Compared {
        label,
        differs: !registered.is_empty() && !same(&told, &registered),
        told,
        registered,
    };
    let place = entry.commune_code.as_deref().map(|code| deps.places.shown(code));
    Ok(vec![
        row(page.lang.t("Tên", "Name"), org.name.clone(), entry.name),
        row(page.lang.t("Địa chỉ", "Address"), org.address.clone(), entry.address),
        row(
            page.lang.t("Xã, phường", "Commune"),
            deps.places.shown(&org.commune_code),
            place.unwrap_or_default(),
        ),
    ])
}

async fn org_page(
    deps: &Deps,
    page: Page,
    viewer: PersonId,
    id: OrgId,
    sent: Option<(String, Errors)>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let org = queries::organisation(&mut db, id).await?.ok_or(OrgError::NotFound)?;
    let members = queries_people::members(&mut db, id).await?;
    let ids: Vec<PersonId> = members.iter().map(|m| m.person).collect();
    let known = accounts::people(&mut db, &ids).await?;
    let mut others = queries::of_tax_code(&mut db, &org.tax_code).await?;
    others.retain(|other| other.id != id);
    let compared = compared(&mut db, deps, &page, &org).await?;
    let decided = queries::decision(&mut db, id).await?;
    drop(db);
    let people = members.iter().filter_map(|member| {
        let person = known.iter().find(|p| p.id == member.person)?;
        let contact = person.email.clone().or_else(|| person.phone.clone()).unwrap_or_default();
        let roles = OrgRole::shown(&member.roles, lang);
        Some(Person { name: person.name.clone(), contact, roles })
    });
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (note, errors) = sent.unwrap_or_else(|| (String::new(), Errors::new(lang)));
    let shown = OrgPage {
        people: people.collect(),
        state: org.state.label().get(lang).to_owned(),
        tone: org.state.tone(),
        place: format!("{}, {}", org.address, deps.places.shown(&org.commune_code)),
        open: org.state == OrgState::Unverified && !ids.contains(&viewer),
        page: page.in_section("department-organisations"),
        compared,
        others,
        org,
        note,
        decided,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /so-cong-thuong/don-vi-mua/{id}`
pub(in crate::organisations) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Officer(viewer): Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found())?;
    org_page(&deps, page, viewer.id, id, None).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct Decided {
    act: String,
    ly_do: String,
    /// The name that was looked at.
    ten: String,
}

/// `POST /so-cong-thuong/don-vi-mua/{id}`: once it is decided nothing more happens, so the form needs no key.
pub(in crate::organisations) async fn decide(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<Decided>,
) -> Result<Response, PageError> {
    let id: OrgId = id.parse().map_err(|_| PageError::not_found())?;
    let mut errors = Errors::new(page.lang);
    let note = form.ly_do.trim().to_owned();
    let decision = Decision::of(&form.act);
    errors.check(
        decision.is_some(),
        "act",
        "Hãy bấm Xác minh hoặc Từ chối.",
        "Press Verify or Refuse.",
    );
    errors.check(
        decision != Some(Decision::Refuse) || !note.is_empty(),
        "ly_do",
        "Từ chối thì ghi lý do.",
        "Give a reason when you refuse.",
    );
    errors.check(
        note.chars().count() <= 1000,
        "ly_do",
        "Tối đa 1000 chữ.",
        "At most 1000 characters.",
    );
    let Some(decision) = decision.filter(|_| errors.is_empty()) else {
        return org_page(&deps, page, viewer.id, id, Some((note, errors))).await;
    };
    let mut tx = deps.db.begin().await?;
    // A name is verified as it was seen: until then its members may change it.
    queries::lock(&mut tx, id).await?.ok_or(OrgError::NotFound)?;
    let org = queries::organisation(&mut tx, id).await?.ok_or(OrgError::NotFound)?;
    if org.name != form.ten {
        return Err(OrgError::Stale.into());
    }
    for person in queries::members_with(&mut tx, id, OrgRole::Administrator).await? {
        let Some(person) = accounts::person(&mut tx, person).await? else { continue };
        let Some(to) = person.email else { continue };
        let (subject, body) = letters::decided(&page.site, person.lang, &org.name, decision, &note);
        let dedup_key = format!("organisations.decided:{id}:{}", person.id);
        mail::queue(&mut tx, &cx, &Mail { to, subject, body, dedup_key }).await?;
    }
    if let Err(error) = verify::decide(&mut tx, &cx, id, decision, &note).await {
        let OrgError::Taken = error else { return Err(error.into()) };
        drop(tx);
        errors.add("act", error.problem().title);
        return org_page(&deps, page, viewer.id, id, Some((note, errors))).await;
    }
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã ghi quyết định.", "The decision is recorded.")))
}
