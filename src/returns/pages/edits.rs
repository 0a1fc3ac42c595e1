//! Fewer goods before packing: the seller proposes, the buyer answers.

use super::{
    super::{
        error::ReturnError,
        propose::{self, Answer},
        queries_edits::{self, Edit},
        routes::Deps,
    },
    id_of,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, Text, date_time, normalise},
    orders::{self, Asker, Order, OrderState},
    platform::{audit, idempotency},
    web::{AsProblem, Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(in super::super) struct EditForm {
    key: String,
    k: String,
    act: String,
    edit: String,
    reason: String,
    /// How many are left of each line: `sl-<position>`.
    rest: BTreeMap<String, String>,
}

impl From<Vec<(String, String)>> for EditForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut rest: BTreeMap<String, String> = fields.into_iter().collect();
        let mut take = |name: &str| rest.remove(name).unwrap_or_default();
        Self {
            key: take("key"),
            k: take("k"),
            act: take("act"),
            edit: take("edit"),
            reason: take("reason"),
            rest,
        }
    }
}

struct Choice {
    field: String,
    name: String,
    unit: String,
    quantity: i64,
    typed: String,
}

/// A proposal as a page shows it.
struct ShownEdit {
    id: String,
    state: String,
    waits: bool,
    reason: String,
    changes: String,
    before: String,
    after: String,
    due: String,
}

fn shown_edit(edit: &Edit, page: &Page) -> ShownEdit {
    let (vi, en) = match edit.state.as_str() {
        "proposed" => ("Chờ người mua trả lời", "Awaiting the buyer's answer"),
        "accepted" => ("Người mua đã đồng ý", "Accepted by the buyer"),
        "declined" => ("Người mua không đồng ý", "Declined by the buyer"),
        "withdrawn" => ("Người bán đã rút", "Taken back by the seller"),
        _ => ("Hết hạn, đơn giữ nguyên", "Lapsed, the order stays"),
    };
    ShownEdit {
        id: edit.id.to_string(),
        state: page.t(vi, en).to_owned(),
        waits: edit.state == "proposed",
        reason: edit.reason.clone(),
        changes: propose::changes(edit),
        before: edit.total_before.to_string(),
        after: edit.total_after.to_string(),
        due: date_time(edit.due_at),
    }
}

#[derive(Template)]
#[template(path = "returns/edit_seller.html")]
struct SellerPage {
    page: Page,
    errors: Errors,
    code: String,
    form: EditForm,
    choices: Vec<Choice>,
    edits: Vec<ShownEdit>,
    waits: bool,
}

#[derive(Template)]
#[template(path = "returns/edit_buyer.html")]
struct BuyerPage {
    page: Page,
    errors: Errors,
    code: String,
    order_href: String,
    k: String,
    edits: Vec<ShownEdit>,
}

impl SellerPage {
    fn here(&self) -> String {
        format!("/ban-hang/don-hang/{}/doi-don", self.code)
    }
}

impl BuyerPage {
    fn here(&self) -> String {
        format!("/don-hang/{}/doi-don", self.code)
    }
}

async fn seller_page(
    deps: &Deps,
    page: Page,
    order: &Order,
    form: EditForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let found = queries_edits::of_order(&mut *deps.db.acquire().await?, order.head.id).await?;
    let edits: Vec<ShownEdit> = found.iter().map(|edit| shown_edit(edit, &page)).collect();
    let waits = edits.iter().any(|edit| edit.waits);
    let open = orders::is_amendable(order) && !waits;
    let choice = |line: &orders::Line| {
        let field = format!("sl-{}", line.position);
        let typed = form.rest.get(&field).cloned();
        Choice {
            name: line.shown(),
            unit: line.unit.clone(),
            quantity: line.quantity,
            typed: typed.unwrap_or_else(|| line.quantity.to_string()),
            field,
        }
    };
    let choices = if open { order.lines.iter().map(choice).collect() } else { Vec::new() };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let code = order.head.code.clone();
    let page = page.in_section("seller-orders");
    Ok((status, Html(SellerPage { page, errors, code, form, choices, edits, waits }))
        .into_response())
}

async fn of_seller(deps: &Deps, scope: &SellerScope, code: &str) -> Result<Order, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = orders::find(&mut db, &normalise(code), Asker::Seller(scope.seller)).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/don-hang/{code}/doi-don`
pub(in super::super) async fn seller_show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let order = of_seller(&deps, &scope, &code).await?;
    let form = EditForm { key: page.new_key(), ..EditForm::default() };
    let errors = Errors::new(page.lang);
    seller_page(&deps, page, &order, form, errors).await
}

impl EditForm {
    fn wanted(&self, order: &Order, errors: &mut Errors) -> BTreeMap<i32, i64> {
        let mut wanted = BTreeMap::new();
        for line in &order.lines {
            let field = format!("sl-{}", line.position);
            let typed = self.rest.get(&field).map(|t| t.trim()).unwrap_or_default();
            match typed.parse::<i64>() {
                Ok(n) if (0..=line.quantity).contains(&n) => {
                    wanted.insert(line.position, n);
                }
                Err(_) if typed.is_empty() => {}
                _ => errors.add(
                    field,
                    Text::new("Chỉ được bớt số lượng.", "Quantities can only go down."),
                ),
            }
        }
        errors.check(
            (3..=500).contains(&self.reason.trim().chars().count()),
            "reason",
            "Ghi lý do cho người mua (3 đến 500 chữ).",
            "Tell the buyer why (3 to 500 characters).",
        );
        wanted
    }
}

/// `POST /ban-hang/don-hang/{code}/doi-don`: proposes, or takes the proposal back.
pub(in super::super) async fn seller_act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    Form { data: form, raw }: Form<EditForm>,
) -> Result<Response, PageError> {
    let order = of_seller(&deps, &scope, &code).await?;
    let mut errors = Errors::new(page.lang);
    let withdraws = form.act == "withdraw";
    let wanted = if withdraws { BTreeMap::new() } else { form.wanted(&order, &mut errors) };
    if !errors.is_empty() {
        return seller_page(&deps, page, &order, form, errors).await;
    }
    let back = format!("/ban-hang/don-hang/{}/doi-don", order.head.code);
    let mut tx = deps.db.begin().await?;
    let asked = ("/ban-hang/doi-don", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => {
            drop(tx);
            return seller_page(&deps, page, &order, form, errors).await;
        }
    };
    let done = if withdraws {
        propose::answer(&mut tx, &cx, &order, id_of(&form.edit)?, Answer::Withdraw).await
    } else {
        propose::propose(&mut tx, &cx, &order, &wanted, &form.reason).await.map(|_| ())
    };
    match done {
        Ok(()) => {}
        Err(ReturnError::Db(error)) => return Err(error.into()),
        Err(ReturnError::NotFound) => return Err(PageError::not_found()),
        Err(error) => {
            drop(tx);
            errors.add("reason", error.problem().title);
            let form = EditForm { key: page.new_key(), ..form };
            return seller_page(&deps, page, &order, form, errors).await;
        }
    }
    idempotency::settle(&mut tx, &once, &back).await?;
    let (subject, detail) = (format!("order:{}", order.head.id), json!({ "withdraws": withdraws }));
    audit::record(&mut tx, &cx, "returns.propose", &subject, detail).await?;
    tx.commit().await?;
    let line = if withdraws {
        page.t("Đã rút đề nghị.", "The proposal is taken back.")
    } else {
        page.t("Đã gửi đề nghị tới người mua.", "The proposal has been sent to the buyer.")
    };
    Ok(go_with(&page, &back, line))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Key {
    k: String,
}

async fn of_buyer(deps: &Deps, page: &Page, code: &str, key: &str) -> Result<Order, PageError> {
    let mut db = deps.db.acquire().await?;
    let asker = Asker::Buyer { secret: key, person: page.viewer.as_ref().map(|v| v.id) };
    orders::find(&mut db, &normalise(code), asker).await?.ok_or_else(PageError::not_found)
}

async fn buyer_page(
    deps: &Deps,
    page: Page,
    order: &Order,
    k: &str,
    errors: Errors,
) -> Result<Response, PageError> {
    let found = queries_edits::of_order(&mut *deps.db.acquire().await?, order.head.id).await?;
    let edits = found.iter().map(|edit| shown_edit(edit, &page)).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let query = if k.is_empty() { String::new() } else { format!("?k={k}") };
    let (code, k) = (order.head.code.clone(), k.to_owned());
    let order_href = format!("/don-hang/{code}{query}");
    Ok((status, Html(BuyerPage { page, errors, code, order_href, k, edits })).into_response())
}

/// `GET /don-hang/{code}/doi-don`
pub(in super::super) async fn buyer_show(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = of_buyer(&deps, &page, &code, &key.k).await?;
    let errors = Errors::new(page.lang);
    buyer_page(&deps, page, &order, &key.k, errors).await
}

/// `POST /don-hang/{code}/doi-don`: the buyer accepts or declines.
pub(in super::super) async fn buyer_act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    Form { data: form, raw }: Form<EditForm>,
) -> Result<Response, PageError> {
    let order = of_buyer(&deps, &page, &code, &form.k).await?;
    let answer = match form.act.as_str() {
        "accept" => Answer::Accept,
        "decline" => Answer::Decline,
        _ => {
            let mut errors = Errors::new(page.lang);
            errors.add("act", Text::new("Xin chọn một việc.", "Please choose what to do."));
            return buyer_page(&deps, page, &order, &form.k, errors).await;
        }
    };
    let edit = id_of(&form.edit)?;
    let mut tx = deps.db.begin().await?;
    let principal = format!("order:{}", order.head.id);
    let asked = ("/don-hang/doi-don", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, principal, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => {
            drop(tx);
            return buyer_page(&deps, page, &order, &form.k, errors).await;
        }
    };
    propose::answer(&mut tx, &cx, &order, edit, answer).await?;
    let query = if form.k.is_empty() { String::new() } else { format!("?k={}", form.k) };
    let back = format!("/don-hang/{}{query}", order.head.code);
    idempotency::settle(&mut tx, &once, &back).await?;
    tx.commit().await?;
    let line = match answer {
        Answer::Accept if order.head.state == OrderState::AwaitingPayment => page.t(
            "Đơn đã đổi. Xin chuyển đúng số tiền mới; mã QR dưới đây đã đổi theo.",
            "The order has been changed. Please transfer the new amount; the code below has it.",
        ),
        Answer::Accept => page.t("Đơn đã đổi như hai bên đồng ý.", "The order has been changed."),
        _ => page.t("Đơn giữ nguyên.", "The order stays as it is."),
    };
    Ok(go_with(&page, &back, line))
}
