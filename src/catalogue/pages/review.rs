//! `/so-cong-thuong/tin-dang` and `/van-hanh/tin-dang`: officers and operators look before buyers do.

use super::{
    editor::{PaperRow, Told, demanded_rows},
    form::{Fields, product_id, told},
    media::serve_copy,
    new::paper_names,
};
use crate::{
    catalogue::{
        BanAction, Deps,
        listing::{Listing, preview},
        model::{By, Product, State, Step},
        papers::{self, judge_certificate},
        queries::{list, papers as rows, products},
        ready::{Bar, judged, missing},
        step,
    },
    kernel::{Cx, Errors, Text, date_time, day_of, fold, name_place, read_place},
    web::{Denied, Form, Html, Officer, Operator, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State as Part},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// An officer at the Department's desk, or somebody of the operator at his own.
pub(in crate::catalogue) struct Reviewer {
    /// `/so-cong-thuong/tin-dang` or `/van-hanh/tin-dang`.
    base: &'static str,
}

impl<S: Send + Sync> FromRequestParts<S> for Reviewer {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        if parts.uri.path().starts_with("/van-hanh/") {
            Operator::from_request_parts(parts, state).await?;
            Ok(Self { base: "/van-hanh/tin-dang" })
        } else {
            Officer::from_request_parts(parts, state).await?;
            Ok(Self { base: "/so-cong-thuong/tin-dang" })
        }
    }
}

impl Reviewer {
    fn page(&self, page: Page) -> Page {
        page.in_section(if self.base.starts_with("/van") {
            "operator-listings"
        } else {
            "department-listings"
        })
    }

    fn shop_href(&self, listing: &Listing) -> String {
        if self.base.starts_with("/van") {
            String::new()
        } else {
            format!("/so-cong-thuong/gian-hang/{}", listing.seller)
        }
    }

    /// The same body under the desk's own frame.
    fn show<D: Template, O: Template>(&self, department: D, operator: impl Fn(D) -> O) -> Response {
        if self.base.starts_with("/van") {
            Html(operator(department)).into_response()
        } else {
            Html(department).into_response()
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::catalogue) struct Asked {
    q: String,
    t: String,
    sau: String,
}

struct Row {
    href: String,
    name: String,
    shop: String,
    category: String,
    since: String,
    papers: i64,
}

#[derive(Template)]
#[template(path = "catalogue/review_list_department.html")]
struct DepartmentList {
    page: Page,
    base: &'static str,
    q: String,
    t: &'static str,
    tabs: Vec<(String, String, bool, String)>,
    rows: Vec<Row>,
    next: String,
}

#[derive(Template)]
#[template(path = "catalogue/review_list_operator.html")]
struct OperatorList(DepartmentList);

impl std::ops::Deref for OperatorList {
    type Target = DepartmentList;
    fn deref(&self) -> &DepartmentList {
        &self.0
    }
}

/// `GET …/tin-dang`
pub(in crate::catalogue) async fn index(
    Part(deps): Part<Deps>,
    page: Page,
    reviewer: Reviewer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let state = State::of(&asked.t).filter(|s| *s != State::Draft).unwrap_or(State::InReview);
    let words: String =
        fold(asked.q.trim()).replace(['%', '_', '\\'], " ").chars().take(100).collect();
    let mut db = deps.db.acquire().await?;
    let after = read_place(&asked.sau);
    let (found, next) = list::by_state(&mut db, state, words.trim(), after).await?;
    let waiting = list::waiting(&mut db).await?;
    let (lang, base) = (page.lang, reviewer.base);
    let tabs = State::ALL.into_iter().filter(|s| *s != State::Draft).map(|s| {
        let count = if s == State::InReview { waiting.to_string() } else { String::new() };
        (format!("{base}?t={}", s.code()), s.label().get(lang).to_owned(), s == state, count)
    });
    let rows = found.into_iter().map(|row| Row {
        href: format!("{base}/{}", row.id),
        category: deps.categories.full_name(&row.category_slug, lang),
        since: row.submitted_at.map(date_time).unwrap_or_default(),
        name: row.name,
        shop: row.shop_name,
        papers: row.papers,
    });
    let query = |place| {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("t", state.code())
            .append_pair("q", &asked.q)
            .append_pair("sau", &name_place(place))
            .finish()
    };
    let shown = DepartmentList {
        next: next.map(|place| format!("{base}?{}", query(place))).unwrap_or_default(),
        tabs: tabs.collect(),
        rows: rows.collect(),
        page: reviewer.page(page),
        q: asked.q.clone(),
        t: state.code(),
        base,
    };
    Ok(reviewer.show(shown, OperatorList))
}

struct Flag {
    pattern: String,
    reason: String,
    blocks: bool,
}

#[derive(Template)]
#[template(path = "catalogue/review_department.html")]
struct DepartmentReview {
    page: Page,
    errors: Errors,
    base: String,
    list: String,
    /// The shop's file at the Department; empty for the operator, who may not open it.
    shop_href: String,
    product: Product,
    state: String,
    tone: &'static str,
    steps: Vec<Step>,
    reason: String,
    missing: Vec<String>,
    flags: Vec<Flag>,
    demanded: Vec<(String, bool, bool)>,
    proofs: Vec<PaperRow>,
    history: Vec<Told>,
    listing: Listing,
    facts: Vec<(String, String)>,
    papers: Vec<String>,
    trail: String,
}

#[derive(Template)]
#[template(path = "catalogue/review_operator.html")]
struct OperatorReview(DepartmentReview);

impl std::ops::Deref for OperatorReview {
    type Target = DepartmentReview;
    fn deref(&self) -> &DepartmentReview {
        &self.0
    }
}

/// `GET …/tin-dang/{id}`
pub(in crate::catalogue) async fn look(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    reviewer: Reviewer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    render(&deps, &cx, page, &reviewer, &id, (errors, "")).await
}

async fn render(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    reviewer: &Reviewer,
    id: &str,
    (errors, reason): (Errors, &str),
) -> Result<Response, PageError> {
    let id = product_id(id)?;
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let product = products::product(&mut db, id, None).await?.ok_or_else(PageError::not_found)?;
    let listing = preview(&mut db, cx, id).await?.ok_or_else(PageError::not_found)?;
    let missing = missing(&mut db, cx, &deps.categories, &product, Bar::Accepted).await?;
    let demanded = papers::demanded(&mut db, id, day_of(cx.now)).await?;
    let proofs = rows::certificates(&mut db, id).await?;
    let history = products::events(&mut db, id).await?;
    drop(db);
    let flags = judged(&deps.categories, &product, cx).into_iter().map(|rule| Flag {
        pattern: rule.pattern.clone(),
        reason: format!("{} {}", rule.reason.get(lang), rule.legal_ref),
        blocks: rule.action == BanAction::Block,
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = DepartmentReview {
        base: format!("{}/{id}", reviewer.base),
        list: reviewer.base.to_owned(),
        shop_href: reviewer.shop_href(&listing),
        state: product.state.label().get(lang).to_owned(),
        tone: product.state.tone(),
        steps: Step::ALL
            .into_iter()
            .filter(|s| s.leads(product.state, By::Reviewer).is_some())
            .collect(),
        reason: reason.to_owned(),
        missing: missing.iter().map(|text| text.get(lang).to_owned()).collect(),
        flags: flags.collect(),
        demanded: demanded_rows(demanded, &deps.categories, lang),
        proofs: proofs.into_iter().map(|p| PaperRow::of(p, &deps.categories, lang, cx)).collect(),
        history: history.into_iter().map(|event| Told::of(event, lang)).collect(),
        facts: listing.labelled_facts(&deps.categories, lang),
        papers: paper_names(&listing, deps, lang),
        trail: deps.categories.full_name(&listing.category_slug, lang),
        page: reviewer.page(page),
        errors,
        listing,
        product,
    };
    Ok((status, reviewer.show(shown, OperatorReview)).into_response())
}

/// `POST …/tin-dang/{id}`: `act` is a step; all but approval want a reason.
pub(in crate::catalogue) async fn judge(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    reviewer: Reviewer,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let product = product_id(&id)?;
    let steps = [Step::Approve, Step::SendBack, Step::Block, Step::Unblock];
    let step = Step::of(fields.get("act")).filter(|step| steps.contains(step));
    let step = step.ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    let reason = fields.text(&mut errors, "reason", 1000);
    let told_why = step == Step::Approve || !fields.get("reason").is_empty();
    errors.check(
        told_why,
        "reason",
        "Cần ghi lý do để người bán biết phải sửa gì.",
        "A reason is needed, so that the seller knows what to put right.",
    );
    if errors.is_empty() {
        let reason = if step == Step::Approve { "" } else { reason.as_str() };
        let mut tx = deps.db.begin().await?;
        match step::by_reviewer(&mut tx, &cx, &deps.categories, product, step, reason).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(go_with(&page, reviewer.base, done(step).get(page.lang)));
            }
            Err(error) => errors = told(error, page.lang)?,
        }
    }
    render(&deps, &cx, page, &reviewer, &id, (errors, fields.get("reason"))).await
}

fn done(step: Step) -> Text {
    match step {
        Step::Approve => Text::new("Đã duyệt, sản phẩm lên sàn.", "Approved and on sale."),
        Step::SendBack => Text::new("Đã trả lại cho người bán sửa.", "Sent back to the seller."),
        Step::Block => Text::new("Đã chặn sản phẩm.", "The product is blocked."),
        _ => Text::new(
            "Đã bỏ chặn; sản phẩm về bản nháp.",
            "Unblocked; the product is a draft again.",
        ),
    }
}

/// `POST …/tin-dang/{id}/giay-to/{paper}`
pub(in crate::catalogue) async fn judge_paper(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    reviewer: Reviewer,
    Path((id, paper)): Path<(String, String)>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let product = product_id(&id)?;
    let paper = paper.parse().map_err(|_| PageError::not_found())?;
    let accepted = match fields.get("act") {
        "accept" => true,
        "reject" => false,
        _ => return Err(PageError::not_found()),
    };
    let mut errors = Errors::new(page.lang);
    let reason = fields.text(&mut errors, "why", 500);
    let told_why = accepted || !fields.get("why").is_empty();
    errors.check(
        told_why,
        "why",
        "Cần ghi lý do từ chối.",
        "A reason for the rejection is needed.",
    );
    if !errors.is_empty() {
        return render(&deps, &cx, page, &reviewer, &id, (errors, "")).await;
    }
    let mut tx = deps.db.begin().await?;
    judge_certificate(&mut tx, &cx, product, paper, accepted, &reason).await?;
    tx.commit().await?;
    let line = page.t("Đã ghi ý kiến về giấy tờ.", "Your judgement of the paper is recorded.");
    Ok(go_with(&page, &format!("{}/{product}", reviewer.base), line))
}

/// `GET …/tin-dang/{id}/giay-to/{paper}`
pub(in crate::catalogue) async fn copy(
    Part(deps): Part<Deps>,
    _reviewer: Reviewer,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, PageError> {
    serve_copy(&deps, product_id(&id)?, &paper).await
}

impl DepartmentReview {
    fn can(&self, code: &str) -> bool {
        self.steps.iter().any(|step| step.code() == code)
    }
}
