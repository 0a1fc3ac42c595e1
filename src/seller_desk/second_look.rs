//! What the seller sets right on `/ban-hang/doi-soat`: a decision taken back, a line that could not be read, a refund of
//! which the provider cannot say what became of it.

use super::{reconcile, routes::Deps};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    payments,
    platform::{audit, idempotency},
    web::{Begun, Form, Page, PageError, begin_once, go_with},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

const HERE: &str = "/ban-hang/doi-soat";

fn id(typed: &str) -> Result<Uuid, PageError> {
    typed.parse().map_err(|_| PageError::not_found())
}

fn words(typed: &str, errors: &mut Errors, field: &'static str) -> String {
    let typed = typed.trim();
    errors.check(
        (3..=300).contains(&typed.chars().count()),
        field,
        "Xin ghi lý do hoặc chứng từ, từ 3 đến 300 chữ: sau này ai xem cũng hiểu.",
        "Please give a reason or evidence of 3 to 300 characters, for whoever looks later.",
    );
    typed.to_owned()
}

/// Why a decision is taken back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UndoForm {
    key: String,
    ly_do: String,
}

/// `POST /ban-hang/doi-soat/{id}/lai`
pub(super) async fn undo(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(line): Path<String>,
    form: Form<UndoForm>,
) -> Result<Response, PageError> {
    let line = id(&line)?;
    let mut tx = deps.db.begin().await?;
    // Not his is not there, whatever else is wrong.
    let shown = payments::line(&mut tx, scope.seller, line).await?;
    let shown = shown.ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    let reason = words(&form.data.ly_do, &mut errors, "ly_do");
    if errors.is_empty() {
        let route = (HERE, form.raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                let order = payments::undo(&mut tx, &cx, scope.seller, line, &reason).await?;
                idempotency::settle(&mut tx, &once, HERE).await?;
                let detail = json!({ "seller": scope.seller, "order": order, "reason": reason });
                let subject = format!("transfer:{line}");
                audit::record(&mut tx, &cx, "payments.undo", &subject, detail).await?;
                tx.commit().await?;
                let (vi, en) = (
                    "Đã bỏ quyết định cũ; khoản này chờ bạn quyết định lại.",
                    "The decision is taken back; the line waits for you again.",
                );
                return Ok(go_with(&page, HERE, page.t(vi, en)));
            }
        }
    }
    Ok(reconcile::line_again(page, shown, form.data.ly_do, errors))
}

/// Which line was looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeenForm {
    key: String,
    dong: String,
}

/// `POST /ban-hang/doi-soat/khong-doc-duoc`
pub(super) async fn seen(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<SeenForm>,
) -> Result<Response, PageError> {
    let line = id(&form.data.dong)?;
    let mut tx = deps.db.begin().await?;
    let route = (HERE, form.raw.as_ref());
    match begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, route).await? {
        Begun::Done(answer) => Ok(answer),
        Begun::Wrong(errors) => reconcile::again(&mut tx, page, scope.seller, errors).await,
        Begun::First(once) => {
            payments::have_seen(&mut tx, &cx, scope.seller, line).await?;
            idempotency::settle(&mut tx, &once, HERE).await?;
            let subject = format!("unread_line:{line}");
            let detail = json!({ "seller": scope.seller });
            audit::record(&mut tx, &cx, "payments.have_seen", &subject, detail).await?;
            tx.commit().await?;
            Ok(go_with(&page, HERE, page.t("Đã ghi nhận.", "It is noted.")))
        }
    }
}

/// What the seller found at the provider's desk.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DoubtForm {
    key: String,
    hoan: String,
    la: String,
    chung_tu: String,
}

/// `POST /ban-hang/doi-soat/hoan-chua-ro`
pub(super) async fn doubt(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<DoubtForm>,
) -> Result<Response, PageError> {
    let refund = id(&form.data.hoan)?;
    let mut tx = deps.db.begin().await?;
    let mut errors = Errors::new(page.lang);
    let evidence = words(&form.data.chung_tu, &mut errors, "chung_tu");
    let went_back = match form.data.la.as_str() {
        "done" => true,
        "refused" => false,
        _ => {
            errors.check(false, "la", "Xin chọn tiền đã hoàn hay chưa.", "Please say which.");
            false
        }
    };
    if errors.is_empty() {
        let route = (HERE, form.raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                let (seller, word) = (scope.seller, (refund, went_back));
                let order = payments::settle_doubt(&mut tx, &cx, seller, word, &evidence).await?;
                idempotency::settle(&mut tx, &once, HERE).await?;
                let detail = json!({ "seller": seller, "order": order, "went_back": went_back, "evidence": evidence });
                let subject = format!("refund:{refund}");
                audit::record(&mut tx, &cx, "payments.settle_doubt", &subject, detail).await?;
                tx.commit().await?;
                return Ok(go_with(&page, HERE, page.t("Đã ghi nhận.", "It is noted.")));
            }
        }
    }
    let typed = (refund, form.data.chung_tu);
    reconcile::doubt_again(&mut tx, page, scope.seller, typed, errors).await
}
