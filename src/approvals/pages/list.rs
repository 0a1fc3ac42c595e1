//! `/to-chuc/duyet`: what waits for somebody, and what was decided.

use super::{names, reads_all};
use crate::{
    approvals::{decide, model::Kept, queries, routes::Deps},
    kernel::{Cx, Lang, PersonId, date_time, name_place, read_place},
    organisations::OrgScope,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const SIZE: usize = 30;
/// So many that wait are looked through for what is the reader's to decide.
const WAITING: i64 = 200;

struct Row {
    id: Uuid,
    title: String,
    kind: String,
    who: String,
    amount: String,
    at: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "approvals/list.html")]
struct ListPage {
    page: Page,
    scope: OrgScope,
    /// What is the reader's to decide.
    mine: bool,
    rows: Vec<Row>,
    older: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::approvals) struct Asked {
    tt: String,
    sau: String,
}

fn row(kept: Kept, names: &HashMap<PersonId, String>, lang: Lang) -> Row {
    Row {
        id: kept.id,
        title: kept.title(lang).to_owned(),
        kind: kept.kind.label().get(lang).to_owned(),
        who: names.get(&kept.asked_by).cloned().unwrap_or_default(),
        amount: kept.amount.to_string(),
        at: date_time(kept.asked_at),
        state: kept.state.label().get(lang).to_owned(),
        tone: kept.state.tone(),
    }
}

/// `GET /to-chuc/duyet`
pub(in crate::approvals) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mine = asked.tt != "tat-ca";
    let mut db = deps.db.acquire().await?;
    let mut older = String::new();
    let found: Vec<Kept> = if mine {
        let voice = decide::voice(&mut db, &cx, scope.org, scope.person).await?;
        let waiting = queries::of_org(&mut db, (scope.org, None), true, None, WAITING).await?;
        let cases = queries::cases(&mut db, &waiting).await?;
        let own = waiting.into_iter().zip(cases).filter(|(_, case)| case.waits_for(&voice));
        own.map(|(kept, _)| kept).collect()
    } else {
        let before = read_place(&asked.sau);
        let whose = (scope.org, (!reads_all(&scope)).then_some(scope.person));
        let most = i64::try_from(SIZE).unwrap_or_default() + 1;
        let mut found = queries::of_org(&mut db, whose, false, before, most).await?;
        if found.len() > SIZE {
            found.truncate(SIZE);
            if let Some(last) = found.last() {
                older = format!("?tt=tat-ca&sau={}", name_place((last.asked_at, last.id)));
            }
        }
        found
    };
    let askers: Vec<PersonId> = found.iter().map(|kept| kept.asked_by).collect();
    let names = names(&mut db, &askers).await?;
    drop(db);
    let rows = found.into_iter().map(|kept| row(kept, &names, page.lang)).collect();
    let page = page.in_section("org-approvals");
    Ok(Html(ListPage { page, scope, mine, rows, older }).into_response())
}
