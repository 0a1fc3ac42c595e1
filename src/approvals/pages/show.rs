//! `/to-chuc/duyet/{id}`: one request, its record, and the decision.

use super::{names, reads_all};
use crate::{
    approvals::{
        decide,
        error::ApprovalError,
        model::{Kept, State, SubjectKind},
        queries,
        routes::Deps,
    },
    kernel::{Cx, Errors, Lang, PersonId, date_time},
    organisations::OrgScope,
    web::{AsProblem, Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

struct StepRow {
    who: String,
    state: String,
    tone: &'static str,
}

struct RecordRow {
    title: String,
    when: String,
    note: String,
    mark: &'static str,
}

#[derive(Template)]
#[template(path = "approvals/show.html")]
struct ShowPage {
    page: Page,
    scope: OrgScope,
    id: Uuid,
    what: String,
    kind: String,
    who: String,
    amount: String,
    at: String,
    state: String,
    tone: &'static str,
    /// To go on there; empty: nobody goes on from here.
    url: String,
    /// Where what is to be agreed to can be read by all members; empty: nowhere but here.
    source: String,
    steps: Vec<StepRow>,
    record: Vec<RecordRow>,
    /// The reader decides.
    mine: bool,
    note: String,
    errors: Errors,
}

type Names = HashMap<PersonId, String>;

fn step_rows(case: &crate::approvals::machine::Case, names: &Names, lang: Lang) -> Vec<StepRow> {
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let any = || lang.t("Một người duyệt bất kỳ", "Any approver").to_owned();
    let row = |step: &crate::approvals::machine::Step| StepRow {
        who: match (step.approver, step.decided_by) {
            (approver, Some(by)) if approver != Some(by) => {
                format!("{} ({})", approver.map_or_else(any, name), name(by))
            }
            (approver, _) => approver.map_or_else(any, name),
        },
        state: step.state.label().get(lang).to_owned(),
        tone: step.state.tone(),
    };
    case.steps.iter().map(row).collect()
}

fn record_row(happened: crate::approvals::model::Happened, names: &Names, lang: Lang) -> RecordRow {
    let (words, mark) = match happened.event.as_str() {
        "ask" => (lang.t("gửi đề nghị", "asked"), "done"),
        "approve" => (lang.t("đã duyệt", "approved"), "done"),
        "refuse" => (lang.t("đã từ chối", "refused"), "bad"),
        "withdraw" => (lang.t("đã khép lại việc cần duyệt", "ended what it was about"), "bad"),
        "expire" => (lang.t("quá hạn, không ai quyết định", "nobody decided in time"), "bad"),
        _ => (lang.t("thay bằng đề nghị mới", "replaced it by a new request"), "bad"),
    };
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let who = happened.person.map(name).unwrap_or_default();
    let place = happened
        .stands_for
        .map(|person| format!(" ({} {})", lang.t("thay", "in place of"), name(person)));
    RecordRow {
        title: format!("{who}{} {words}", place.unwrap_or_default()).trim().to_owned(),
        when: date_time(happened.at),
        note: happened.note,
        mark,
    }
}

/// One of the firm's requests that this member may read; others are not there.
async fn own(deps: &Deps, cx: &Cx, scope: &OrgScope, id: &str) -> Result<(Kept, bool), PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let kept = queries::request(&mut db, id).await?.filter(|kept| kept.org == scope.org);
    let kept = kept.ok_or_else(PageError::not_found)?;
    let voice = decide::voice(&mut db, cx, scope.org, scope.person).await?;
    let mine = queries::case(&mut db, &kept).await?.waits_for(&voice);
    let reads = reads_all(scope) || !voice.stands_for.is_empty() || kept.asked_by == scope.person;
    if reads { Ok((kept, mine)) } else { Err(PageError::not_found()) }
}

async fn page_of(
    deps: &Deps,
    page: Page,
    scope: OrgScope,
    (kept, mine): (Kept, bool),
    sent: Option<(String, Errors, StatusCode)>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let case = queries::case(&mut db, &kept).await?;
    let record = queries::record(&mut db, kept.id).await?;
    let mut people: Vec<PersonId> = vec![kept.asked_by];
    people.extend(case.steps.iter().flat_map(|s| [s.approver, s.decided_by]).flatten());
    people.extend(record.iter().flat_map(|h| [h.person, h.stands_for]).flatten());
    let names = names(&mut db, &people).await?;
    drop(db);
    let fresh = || (String::new(), Errors::new(lang), StatusCode::OK);
    let (note, errors, status) = sent.unwrap_or_else(fresh);
    let goes_on = kept.asked_by == scope.person && kept.state == State::Approved;
    let shown = ShowPage {
        id: kept.id,
        what: kept.what(lang).to_owned(),
        kind: kept.kind.label().get(lang).to_owned(),
        who: names.get(&kept.asked_by).cloned().unwrap_or_default(),
        amount: kept.amount.to_string(),
        at: date_time(kept.asked_at),
        state: kept.state.label().get(lang).to_owned(),
        tone: kept.state.tone(),
        url: if goes_on { kept.url.clone() } else { String::new() },
        source: if kept.kind == SubjectKind::Quote { kept.url.clone() } else { String::new() },
        steps: step_rows(&case, &names, lang),
        record: record.into_iter().map(|h| record_row(h, &names, lang)).collect(),
        page: page.in_section("org-approvals"),
        scope,
        mine,
        note,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /to-chuc/duyet/{id}`
pub(in crate::approvals) async fn show(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let own = own(&deps, &cx, &scope, &id).await?;
    page_of(&deps, page, scope, own, None).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::approvals) struct Decided {
    act: String,
    ghi_chu: String,
}

/// `POST /to-chuc/duyet/{id}`: a step is decided once, so the form needs no key.
pub(in crate::approvals) async fn answer(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<Decided>,
) -> Result<Response, PageError> {
    let (kept, mine) = own(&deps, &cx, &scope, &id).await?;
    let note = form.ghi_chu.trim().to_owned();
    let yes = form.act == "approve";
    let mut errors = Errors::new(page.lang);
    errors.check(
        yes || form.act == "refuse",
        "act",
        "Hãy bấm Duyệt hoặc Từ chối.",
        "Press Approve or Refuse.",
    );
    errors.check(
        form.act != "refuse" || !note.is_empty(),
        "ghi_chu",
        "Từ chối thì ghi lý do để người đề nghị biết sửa gì.",
        "Give a reason when you refuse, so that it can be mended.",
    );
    errors.check(
        note.chars().count() <= 1000,
        "ghi_chu",
        "Tối đa 1000 chữ.",
        "At most 1000 characters.",
    );
    if !errors.is_empty() {
        let sent = Some((note, errors, StatusCode::UNPROCESSABLE_ENTITY));
        return page_of(&deps, page, scope, (kept, mine), sent).await;
    }
    let mut tx = deps.db.begin().await?;
    let who = (scope.org, scope.person);
    match decide::decide(&mut tx, &cx, who, kept.id, (yes, &note)).await {
        Ok(()) => tx.commit().await?,
        Err(error @ (ApprovalError::Stale | ApprovalError::NotYours)) => {
            drop(tx);
            let problem = error.problem();
            errors.add("act", problem.title);
            let own = own(&deps, &cx, &scope, &id).await?;
            return page_of(&deps, page, scope, own, Some((note, errors, problem.status))).await;
        }
        Err(error) => return Err(error.into()),
    }
    let line = match yes {
        true => page.t("Đã duyệt.", "Approved."),
        false => page.t("Đã từ chối.", "Refused."),
    };
    Ok(go_with(&page, "/to-chuc/duyet", line))
}
