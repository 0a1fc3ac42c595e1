//! `/to-chuc/quy-tac`: when somebody has to agree, and who.

use super::{Choices, choices, names};
use crate::{
    approvals::{
        model::Rule,
        queries_rules,
        routes::Deps,
        rules::{self, NewRule},
    },
    catalogue::{Categories, Category},
    kernel::{Cx, Errors, Lang, PersonId, Text, Vnd},
    organisations::{OrgRole, OrgScope},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const HERE: &str = "/to-chuc/quy-tac";
/// Beyond any price; a typing slip is noticed.
const MOST: i64 = 1_000_000_000_000_000;

struct Row {
    id: Uuid,
    when: String,
    who: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::approvals) struct RuleForm {
    key: String,
    tu: String,
    nganh: String,
    nguoi: String,
    duyet: String,
}

#[derive(Template)]
#[template(path = "approvals/rules.html")]
struct RulesPage {
    page: Page,
    scope: OrgScope,
    may: bool,
    rows: Vec<Row>,
    categories: Vec<(String, String)>,
    members: Vec<(String, String)>,
    approvers: Vec<(String, String)>,
    form: RuleForm,
    errors: Errors,
}

/// Branches and leaves in the order of the tree, each below its branch.
fn options(tree: &Categories, lang: Lang) -> Vec<(String, String)> {
    fn walk(tree: &Categories, category: &Category, lang: Lang, out: &mut Vec<(String, String)>) {
        let depth = category.path.len().saturating_sub(1);
        let label = format!("{}{}", "\u{2003}".repeat(depth), category.name.get(lang));
        out.push((category.slug.clone(), label));
        for below in tree.children(&category.slug) {
            walk(tree, below, lang, out);
        }
    }
    let mut out = Vec::new();
    for root in tree.roots() {
        walk(tree, root, lang, &mut out);
    }
    out
}

fn row(rule: Rule, names: &HashMap<PersonId, String>, tree: &Categories, lang: Lang) -> Row {
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let mut when = match rule.over.0 {
        0 => lang.t("Mọi khoản", "Any amount").to_owned(),
        _ => format!("{} {}", lang.t("Từ", "From"), rule.over),
    };
    if let Some(slug) = &rule.category {
        when.push_str(" · ");
        when.push_str(&tree.full_name(slug, lang));
    }
    if let Some(person) = rule.person {
        when.push_str(lang.t(" · do ", " · asked by "));
        when.push_str(&name(person));
        when.push_str(lang.t(" đề nghị", ""));
    }
    let any = || lang.t("một người duyệt bất kỳ", "any approver").to_owned();
    Row { id: rule.id, when, who: rule.approver.map_or_else(any, name) }
}

async fn page_of(
    deps: &Deps,
    page: Page,
    scope: OrgScope,
    sent: Option<(RuleForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let rules = queries_rules::rules(&mut db, scope.org).await?;
    let people: Vec<PersonId> =
        rules.iter().flat_map(|rule| [rule.person, rule.approver]).flatten().collect();
    let names = names(&mut db, &people).await?;
    let (members, approvers) = choices(&mut db, &scope).await?;
    drop(db);
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (mut form, errors) = sent.unwrap_or_else(|| (RuleForm::default(), Errors::new(page.lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let tree = &deps.categories;
    let shown = RulesPage {
        may: scope.has(OrgRole::Administrator),
        rows: rules.into_iter().map(|rule| row(rule, &names, tree, page.lang)).collect(),
        categories: options(tree, page.lang),
        page: page.in_section("org-rules"),
        scope,
        members,
        approvers,
        form,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /to-chuc/quy-tac`
pub(in crate::approvals) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    page_of(&deps, page, scope, None).await
}

/// Somebody of a list; empty: nobody in particular.
pub(super) fn member(
    errors: &mut Errors,
    field: &str,
    typed: &str,
    of: &[(String, String)],
) -> Option<PersonId> {
    if typed.is_empty() {
        return None;
    }
    let known = of.iter().any(|(id, _)| id == typed);
    errors.check(known, field, "Chọn một người trong danh sách.", "Choose somebody of the list.");
    typed.parse().ok()
}

impl RuleForm {
    fn check(
        &self,
        errors: &mut Errors,
        tree: &Categories,
        (members, approvers): (&Choices, &Choices),
    ) -> NewRule {
        let over = match self.tu.trim() {
            "" => Vnd::ZERO,
            typed => Vnd::read(typed).filter(|v| (0..=MOST).contains(&v.0)).unwrap_or_else(|| {
                let text = Text::new(
                    "Ghi số tiền, ví dụ 5.000.000; để trống: mọi khoản.",
                    "Write an amount, e.g. 5.000.000; empty: any amount.",
                );
                errors.add("tu", text);
                Vnd::ZERO
            }),
        };
        let category = Some(self.nganh.clone()).filter(|slug| !slug.is_empty());
        errors.check(
            category.as_ref().is_none_or(|slug| tree.get(slug).is_some()),
            "nganh",
            "Chọn một ngành hàng trong danh sách.",
            "Choose a category of the list.",
        );
        let person = member(errors, "nguoi", &self.nguoi, members);
        let approver = member(errors, "duyet", &self.duyet, approvers);
        errors.check(
            person.is_none() || person != approver,
            "duyet",
            "Không ai tự duyệt đề nghị của mình.",
            "Nobody decides on what he asks for himself.",
        );
        NewRule { over, category, person, approver }
    }
}

/// `POST /to-chuc/quy-tac`
pub(in crate::approvals) async fn add(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<RuleForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    let mut errors = Errors::new(page.lang);
    let mut tx = deps.db.begin().await?;
    let (members, approvers) = choices(&mut tx, &scope).await?;
    let new = form.check(&mut errors, &deps.categories, (&members, &approvers));
    if !errors.is_empty() {
        drop(tx);
        return page_of(&deps, page, scope, Some((form, errors))).await;
    }
    let asked = ("POST /to-chuc/quy-tac", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return page_of(&deps, page, scope, Some((form, errors))).await;
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    rules::add_rule(&mut tx, &cx, (scope.org, scope.person), &new).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã thêm quy tắc.", "The rule is added.")))
}

/// `POST /to-chuc/quy-tac/{id}/go`
pub(in crate::approvals) async fn end(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let there = queries_rules::rules(&mut tx, scope.org).await?;
    if !there.iter().any(|rule| rule.id == id) {
        return Err(PageError::not_found());
    }
    scope.needs(OrgRole::Administrator)?;
    rules::end_rule(&mut tx, &cx, scope.org, id).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã bỏ quy tắc.", "The rule is ended.")))
}
