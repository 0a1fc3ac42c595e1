//! `/ban-hang/doi-soat`: the bank's list against the orders, with what is to be done about each that does not fit.

use super::{
    named::{Names, names, typed_order},
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, OrderId, SellerId, Vnd},
    orders,
    payments::{self, Decision, Doubt, PaymentError, Shown, Uneven, Unread, transfers},
    platform::{audit, idempotency},
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

const HERE: &str = "/ban-hang/doi-soat";

#[derive(Template)]
#[template(path = "seller_desk/reconcile.html")]
struct ListPage {
    page: Page,
    lines: Vec<Shown>,
    uneven: Vec<Uneven>,
    done: Vec<Shown>,
    unread: Vec<Unread>,
    doubts: Vec<Doubt>,
    names: Names,
    /// What was typed about one of the doubts.
    typed: Option<(Uuid, String)>,
    errors: Errors,
}

impl ListPage {
    /// Where an order, or the purchase order of an instalment, is shown.
    fn href(&self, code: &str) -> String {
        match code.rsplit_once('-') {
            Some((purchase, _)) => format!("/ban-hang/don-mua/{purchase}"),
            None => format!("/ban-hang/don-hang/{code}"),
        }
    }

    /// The evidence that was typed for a refund in doubt.
    fn evidence(&self, refund: &Uuid) -> Option<&str> {
        let typed = self.typed.as_ref().filter(|(id, _)| id == refund);
        typed.map(|(_, evidence)| evidence.as_str())
    }

    fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    fn buyer(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.buyer.as_str())
    }

    fn code_of(&self, line: &Shown) -> &str {
        line.order.map_or("", |id| self.code(&OrderId(id)))
    }
}

/// `GET /ban-hang/doi-soat`
pub(super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let errors = Errors::new(page.lang);
    Ok(Html(list_page(&mut db, page, scope.seller, errors).await?))
}

async fn list_page(
    db: &mut PgConnection,
    page: Page,
    seller: SellerId,
    errors: Errors,
) -> sqlx::Result<ListPage> {
    let lines = payments::waiting_lines(db, seller).await?;
    let uneven = payments::uneven(db, seller).await?;
    let done = payments::done_lines(db, seller).await?;
    let unread = payments::unread_lines(db, seller).await?;
    let doubts = payments::doubts(db, seller).await?;
    let of_lines = lines.iter().chain(&done).filter_map(|l| l.order.map(OrderId));
    let of_doubts = doubts.iter().map(|d| d.order);
    let ids = of_lines.chain(uneven.iter().map(|u| u.order)).chain(of_doubts);
    let names = names(db, &ids.collect::<Vec<OrderId>>()).await?;
    let page = page.in_section("seller-reconcile");
    Ok(ListPage { page, lines, uneven, done, unread, doubts, names, typed: None, errors })
}

/// The list again, with what was wrong with a form on it.
pub(super) async fn again(
    db: &mut PgConnection,
    page: Page,
    seller: SellerId,
    errors: Errors,
) -> Result<Response, PageError> {
    let list = Html(list_page(db, page, seller, errors).await?);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, list).into_response())
}

/// The list again, with what was typed about a refund in doubt and what was wrong with it.
pub(super) async fn doubt_again(
    db: &mut PgConnection,
    page: Page,
    seller: SellerId,
    typed: (Uuid, String),
    errors: Errors,
) -> Result<Response, PageError> {
    let list = list_page(db, page, seller, errors).await?;
    let list = Html(ListPage { typed: Some(typed), ..list });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, list).into_response())
}

#[derive(Template)]
#[template(path = "seller_desk/reconcile_line.html")]
struct LinePage {
    page: Page,
    line: Shown,
    choices: Vec<(&'static str, &'static str, &'static str)>,
    form: LineForm,
    errors: Errors,
}

/// What the seller says of a line.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineForm {
    key: String,
    la: String,
    don: String,
    ly_do: String,
}

/// What a line can be.
fn choices(page: &Page, line: &Shown) -> Vec<(&'static str, &'static str, &'static str)> {
    let ignored = (
        "ignored",
        page.lang.t("Không phải tiền của đơn nào trên sàn", "Not for any order here"),
        page.lang.t("việc riêng, đơn ngoài sàn …", "private, other sales …"),
    );
    if line.direction == transfers::Direction::In {
        let pays = page.lang.t("Tiền trả cho một đơn hàng", "It pays an order");
        return vec![("pays", pays, ""), ignored];
    }
    vec![
        (
            "refunds",
            page.lang.t("Tôi đã hoàn tiền cho người mua", "I gave the buyer his money back"),
            "",
        ),
        (
            "reverses",
            page.lang.t("Ngân hàng thu lại tiền đã báo có", "The bank took back what had come in"),
            page.lang.t("đơn trở lại chưa trả đủ", "the order counts as unpaid again"),
        ),
        ignored,
    ]
}

fn line_page(page: Page, line: Shown, form: LineForm, errors: Errors) -> LinePage {
    let choices = choices(&page, &line);
    LinePage { page: page.in_section("seller-reconcile"), line, choices, form, errors }
}

/// The page of a line again, with what was wrong with the reason given.
pub(super) fn line_again(page: Page, line: Shown, ly_do: String, errors: Errors) -> Response {
    let form = LineForm { key: page.new_key(), ly_do, ..LineForm::default() };
    let again = Html(line_page(page, line, form, errors));
    (StatusCode::UNPROCESSABLE_ENTITY, again).into_response()
}

async fn line(db: &mut PgConnection, seller: SellerId, id: &str) -> Result<Shown, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    payments::line(db, seller, id).await?.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/doi-soat/{id}`
pub(super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let line = line(&mut db, scope.seller, &id).await?;
    let mut form = LineForm { key: page.new_key(), ..LineForm::default() };
    if let Some(order) = line.order.map(OrderId) {
        let names = names(&mut db, &[order]).await?;
        form.don = names.get(&order).map(|n| n.code.clone()).unwrap_or_default();
    }
    let errors = Errors::new(page.lang);
    Ok(Html(line_page(page, line, form, errors)))
}

/// Reads the form; the decision only when everything is there.
async fn read(
    db: &mut PgConnection,
    seller: SellerId,
    form: &LineForm,
    errors: &mut Errors,
) -> sqlx::Result<Option<Decision>> {
    let reason = form.ly_do.trim();
    errors.check(
        (3..=300).contains(&reason.chars().count()),
        "ly_do",
        "Xin ghi lý do, từ 3 đến 300 chữ: sau này ai xem cũng hiểu.",
        "Please give a reason of 3 to 300 characters, for whoever looks later.",
    );
    let make: fn(OrderId) -> Decision = match form.la.as_str() {
        "ignored" => return Ok(Some(Decision::Ignored)),
        "pays" => Decision::Pays,
        "refunds" => Decision::Refunds,
        "reverses" => Decision::Reverses,
        _ => {
            errors.check(false, "la", "Xin chọn khoản này là gì.", "Please say what this is.");
            return Ok(None);
        }
    };
    let order = typed_order(db, seller, &form.don).await?;
    errors.check(
        order.is_some(),
        "don",
        "Gian hàng của bạn không có đơn với mã này.",
        "Your shop has no order with this code.",
    );
    Ok(order.map(make))
}

/// `POST /ban-hang/doi-soat/{id}`
pub(super) async fn decide(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    form: Form<LineForm>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let line = line(&mut tx, scope.seller, &id).await?;
    let mut errors = Errors::new(page.lang);
    let sent = form.data;
    let decision = read(&mut tx, scope.seller, &sent, &mut errors).await?;
    if let Some(decision) = decision.filter(|_| errors.is_empty()) {
        let route = (HERE, form.raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, scope.person, &sent.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                let reason = sent.ly_do.trim();
                let seller = scope.seller;
                match payments::decide(&mut tx, &cx, seller, line.id, decision, reason).await {
                    Ok(()) => {
                        idempotency::settle(&mut tx, &once, HERE).await?;
                        let detail = json!({ "seller": seller, "is": sent.la, "reason": reason });
                        let subject = format!("transfer:{}", line.id);
                        audit::record(&mut tx, &cx, "payments.decide", &subject, detail).await?;
                        tx.commit().await?;
                        let done = page.t("Đã ghi nhận.", "It is noted.");
                        return Ok(go_with(&page, HERE, done));
                    }
                    Err(PaymentError::Amount) => errors.check(
                        false,
                        "don",
                        "Đơn này không còn phải hoàn từng ấy: có thể lần hoàn này đã được ghi nhận.",
                        "This order does not owe so much back: the refund may be noted already.",
                    ),
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    let again = Html(line_page(page, line, sent, errors));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// Whose money goes back.
struct Payer {
    code: String,
    buyer: String,
    /// Empty for a firm's purchase order.
    phone: String,
}

#[derive(Template)]
#[template(path = "seller_desk/reconcile_refund.html")]
struct RefundPage {
    page: Page,
    order: Payer,
    owed: Vnd,
    form: RefundForm,
    errors: Errors,
}

/// How the money went back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RefundForm {
    key: String,
    so_tien: String,
    chung_tu: String,
}

async fn owed(
    db: &mut PgConnection,
    seller: SellerId,
    code: &str,
) -> Result<(OrderId, Payer, Vnd), PageError> {
    let id = typed_order(db, seller, code).await?.ok_or_else(PageError::not_found)?;
    let payer = match orders::by_id(db, id).await? {
        Some(order) => {
            let phone = order.head.phone();
            Payer { code: order.head.code, buyer: order.head.buyer_name, phone }
        }
        None => {
            let name = names(db, &[id]).await?.remove(&id).ok_or_else(PageError::not_found)?;
            Payer { code: name.code, buyer: name.buyer, phone: String::new() }
        }
    };
    let intent = payments::of_order(&mut *db, id).await?.ok_or_else(PageError::not_found)?.id;
    let owed = payments::sums(db, intent).await?.refundable();
    Ok((id, payer, owed))
}

/// `GET /ban-hang/doi-soat/hoan/{code}`
pub(super) async fn refund_form(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let (_, order, owed) = owed(&mut db, scope.seller, &code).await?;
    let so_tien = owed.0.to_string();
    let form = RefundForm { key: page.new_key(), so_tien, chung_tu: String::new() };
    let (errors, page) = (Errors::new(page.lang), page.in_section("seller-reconcile"));
    Ok(Html(RefundPage { page, order, owed, form, errors }))
}

/// `POST /ban-hang/doi-soat/hoan/{code}`
pub(super) async fn refund(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    form: Form<RefundForm>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let (id, order, owed) = owed(&mut tx, scope.seller, &code).await?;
    let (sent, raw) = (form.data, form.raw);
    let route = (HERE, raw.as_ref());
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, &sent.key, route).await?;
    let amount = Vnd::read(&sent.so_tien).filter(|a| a.0 > 0 && *a <= owed);
    let evidence = sent.chung_tu.trim();
    let mut errors = Errors::new(page.lang);
    errors.check(
        amount.is_some(),
        "so_tien",
        "Số tiền phải lớn hơn 0 và không quá số còn phải hoàn.",
        "The amount must be more than 0 and at most what is owed.",
    );
    errors.check(
        (3..=200).contains(&evidence.chars().count()),
        "chung_tu",
        "Xin ghi mã giao dịch ngân hàng hoặc số phiếu chi, từ 3 đến 200 chữ.",
        "Please give the bank's reference or the receipt's number, 3 to 200 characters.",
    );
    match (begun, amount.filter(|_| errors.is_empty())) {
        (Begun::Done(answer), _) => return Ok(answer),
        (Begun::First(once), Some(amount)) => {
            payments::mark_refunded(&mut tx, &cx, scope.seller, id, amount, evidence)
                .await
                .map_err(|e: PaymentError| PageError::from(e))?;
            idempotency::settle(&mut tx, &once, HERE).await?;
            let detail =
                json!({ "seller": scope.seller, "amount": amount.0, "evidence": evidence });
            let subject = format!("order:{id}");
            audit::record(&mut tx, &cx, "payments.mark_refunded", &subject, detail).await?;
            tx.commit().await?;
            let done = page.t("Đã ghi nhận hoàn tiền.", "The refund is noted.");
            return Ok(go_with(&page, HERE, done));
        }
        (Begun::Wrong(wrong), _) => errors = wrong,
        (Begun::First(_), None) => {}
    }
    let page = page.in_section("seller-reconcile");
    let again = Html(RefundPage { page, order, owed, form: sent, errors });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}
