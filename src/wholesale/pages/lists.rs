//! `/to-chuc/danh-sach-mua`: what a firm buys again and again, back in the basket with one press.

use super::{sent_lines, status, told, uuid, words};
use crate::{
    catalogue,
    kernel::{Cx, Errors, OrgId, Text, VariantId, Vnd, date, day_of},
    organisations::{OrgRole, OrgScope},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go, go_with},
    wholesale::{
        lists,
        queries_lists::{self, List, Listed},
        quick::{self, Asked},
        shown::{Known, Line},
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

const HERE: &str = "/to-chuc/danh-sach-mua";
const SECTION: &str = "org-lists";

/// A list as typed: goods and pieces side by side.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct ListForm {
    key: String,
    ten: String,
    v: String,
    variant: Vec<String>,
    quantity: Vec<String>,
    /// More goods by their codes.
    ma: String,
}

#[derive(Template)]
#[template(path = "wholesale/lists.html")]
struct ListsPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    form: ListForm,
    lists: Vec<Listed>,
}

impl ListsPage {
    fn at(list: &Listed) -> String {
        date(day_of(list.updated_at))
    }
}

async fn show_all(
    db: &PgPool,
    page: Page,
    scope: OrgScope,
    (form, errors): (ListForm, Errors),
) -> Result<Response, PageError> {
    let lists = queries_lists::lists(&mut *db.acquire().await?, scope.org).await?;
    let page = page.in_section(SECTION);
    let shown = ListsPage { page, scope, errors, form, lists };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /to-chuc/danh-sach-mua`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    show_all(&db, page, scope, (ListForm::default(), errors)).await
}

/// `POST /to-chuc/danh-sach-mua`: a list of what was sent along, such as a basket; or an empty one.
pub(in crate::wholesale) async fn create(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<ListForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let mut errors = Errors::new(page.lang);
    let name = words(&mut errors, "ten", &form.ten, 80, true);
    if !errors.is_empty() {
        return show_all(&db, page, scope, (form, errors)).await;
    }
    let lines = sent_lines(&form.variant, &form.quantity);
    let mut tx = db.begin().await?;
    let sent = (HERE, raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, sent).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return show_all(&db, page, scope, (form, errors)).await,
    };
    let lines = there(&mut tx, &cx, lines).await?;
    let to = match lists::add_list(&mut tx, &cx, scope.org, &name, &lines).await {
        Ok(id) => format!("{HERE}/{id}"),
        Err(error) => {
            let errors = told(error, page.lang, "ten")?;
            return show_all(&db, page, scope, (form, errors)).await;
        }
    };
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    Ok(go_with(&page, &to, page.t("Đã lưu danh sách mua.", "The purchase list is saved.")))
}

/// Those of which there ever were such goods.
async fn there(
    db: &mut PgConnection,
    cx: &Cx,
    mut lines: Vec<(VariantId, i64)>,
) -> sqlx::Result<Vec<(VariantId, i64)>> {
    lines.truncate(lists::MOST_LINES + 1);
    let ids: Vec<VariantId> = lines.iter().map(|(variant, _)| *variant).collect();
    let offers = catalogue::offers(db, cx, &ids).await?;
    lines.retain(|(variant, _)| offers.iter().any(|offer| offer.variant == *variant));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "wholesale/list.html")]
struct ListPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    id: String,
    name: String,
    version: i32,
    lines: Vec<Line>,
    /// Of what fits.
    total: String,
    fitting: usize,
    /// Codes that named nothing.
    codes: String,
}

impl ListPage {
    fn may_change(&self) -> bool {
        self.scope.has(OrgRole::Requester)
    }

    fn total_of(line: &Line) -> String {
        line.total.map(|v| v.to_string()).unwrap_or_default()
    }

    fn problem(&self, line: &Line) -> String {
        line.problem.as_ref().map(|t| t.get(self.page.lang).to_owned()).unwrap_or_default()
    }
}

async fn of(
    db: &mut PgConnection,
    cx: &Cx,
    page: Page,
    scope: OrgScope,
    (id, list): (&str, List),
    (errors, codes): (Errors, String),
) -> Result<Response, PageError> {
    let ids: Vec<VariantId> = list.lines.iter().map(|(variant, _)| *variant).collect();
    let known = Known::read(db, cx, scope.org, &ids).await?;
    let lines: Vec<Line> = list.lines.iter().filter_map(|(v, n)| known.line(*v, *n)).collect();
    let fitting = lines.iter().filter(|line| line.fits);
    let total = fitting.clone().try_fold(Vnd::ZERO, |sum, line| sum.plus(line.total?));
    let shown = ListPage {
        fitting: fitting.count(),
        total: total.map(|v| v.to_string()).unwrap_or_default(),
        id: id.to_owned(),
        name: list.name,
        version: list.version,
        lines,
        codes,
        errors,
        scope,
        page: page.in_section(SECTION),
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

async fn find(db: &mut PgConnection, org: OrgId, id: &str) -> Result<List, PageError> {
    let found = queries_lists::list(db, org, uuid(id)?).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /to-chuc/danh-sach-mua/{id}`
pub(in crate::wholesale) async fn show(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let list = find(&mut db, scope.org, &id).await?;
    let errors = Errors::new(page.lang);
    of(&mut db, &cx, page, scope, (&id, list), (errors, String::new())).await
}

/// The goods that were added by code; what could not be read comes back as it was typed.
async fn added(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    typed: &str,
) -> Result<(Vec<(VariantId, i64)>, Vec<String>), PageError> {
    let rows = quick::read_text(typed);
    let found = super::quick::resolve(db, cx, org, None, &rows).await?;
    let mut lines = Vec::new();
    let mut unknown = Vec::new();
    for (row, asked) in found.into_iter().zip(&rows) {
        match row.line {
            Some(line) if line.quantity <= catalogue::MOST_PIECES => {
                lines.push((line.variant, line.quantity));
            }
            _ if row.added_above => {}
            _ => unknown.push(typed_again(asked)),
        }
    }
    Ok((lines, unknown))
}

fn typed_again(asked: &Asked) -> String {
    let amount = asked.amount.map(|n| (n / 1_000).to_string()).unwrap_or_default();
    format!("{} {amount} {}", asked.code, asked.unit).trim().to_owned()
}

/// `POST /to-chuc/danh-sach-mua/{id}`: name, quantities, and goods by their codes; a quantity of 0 takes a line out.
pub(in crate::wholesale) async fn save(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<ListForm>,
) -> Result<Response, PageError> {
    let list_id = uuid(&id)?;
    let mut tx = db.begin().await?;
    let before = find(&mut tx, scope.org, &id).await?;
    scope.needs(OrgRole::Requester)?;
    let mut errors = Errors::new(page.lang);
    let name = words(&mut errors, "ten", &form.ten, 80, true);
    let mut lines = sent_lines(&form.variant, &form.quantity);
    // Goods that were not known before come by their codes alone.
    lines.retain(|(variant, _)| before.lines.iter().any(|(known, _)| known == variant));
    let (more, unknown) = added(&mut tx, &cx, scope.org, &form.ma).await?;
    for (variant, quantity) in more {
        lines.retain(|(known, _)| *known != variant);
        lines.push((variant, quantity));
    }
    if !unknown.is_empty() {
        let codes = unknown.join(", ");
        let text = Text::new(
            format!("Không tìm thấy hoặc không rõ: {codes}."),
            format!("Not found, or not clear: {codes}."),
        );
        errors.add("ma", text);
    }
    if errors.is_empty() {
        let version = form.v.parse().unwrap_or(-1);
        let key = (scope.org, list_id);
        match lists::save_list(&mut tx, &cx, key, version, &name, &lines).await {
            Ok(()) => {
                tx.commit().await?;
                let line = page.t("Đã lưu danh sách mua.", "The purchase list is saved.");
                return Ok(go_with(&page, &format!("{HERE}/{id}"), line));
            }
            Err(error) => errors = told(error, page.lang, "ten")?,
        }
    }
    drop(tx);
    let mut db = db.acquire().await?;
    let typed = List { name: form.ten, lines, ..before };
    let codes = unknown.join("\n");
    of(&mut db, &cx, page, scope, (&id, typed), (errors, codes)).await
}

/// `POST /to-chuc/danh-sach-mua/{id}/xoa`
pub(in crate::wholesale) async fn remove(
    State(db): State<PgPool>,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = uuid(&id)?;
    let mut tx = db.begin().await?;
    if queries_lists::list(&mut tx, scope.org, id).await?.is_none() {
        return Err(PageError::not_found());
    }
    scope.needs(OrgRole::Requester)?;
    if !queries_lists::delete(&mut tx, scope.org, id).await? {
        return Ok(go(HERE));
    }
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã xóa danh sách.", "The list is gone.")))
}
