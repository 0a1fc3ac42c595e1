//! The buyer goes to a payment gateway and comes back. Coming back decides nothing: the order shows what is known.

use super::super::routes::Deps;
use super::{bad_key, buyer, misused, seller};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Vnd},
    payments::{self, Payer, PaymentError, Way},
    platform::{
        audit,
        idempotency::{self, Claim, Once},
    },
    web::{Form, Html, Page, PageError, context::Asked, cookies, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use serde_json::json;

#[derive(Template)]
#[template(path = "orders/to_gateway.html")]
struct AwayPage {
    page: Page,
    brand: &'static str,
    seller: String,
    amount: Vnd,
    url: String,
    back: String,
}

/// What the button carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct PayForm {
    k: String,
}

/// `POST /don-hang/{code}/thanh-toan`: on to the gateway's page.
pub(in super::super) async fn go_and_pay(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    asked: Asked,
    Path(code): Path<String>,
    form: Form<PayForm>,
) -> Result<Response, PageError> {
    let k = &form.data.k;
    let order = buyer::find(&deps, page.viewer.as_ref(), &code, k).await?;
    let head = &order.head;
    let query = if k.is_empty() { String::new() } else { format!("?k={}", head.secret) };
    let back = format!("/don-hang/{}{query}", head.code);
    let Some(intent) = order.to_pay_online() else { return Ok(go(&back)) };
    let (amount, brand) = (intent.to_pay(), intent.method.brand());
    let ip = asked.address.to_string();
    let payer = Payer { ip: &ip, lang: page.lang };
    let say = |vi: String, en: String| Ok(go_with(&page, &back, page.t(&vi, &en)));
    match payments::go_and_pay(&deps.db, &deps.gateways, &cx, head.id, payer).await? {
        Way::To { url, attempt } => {
            let kept = cookies::encode(&format!("{attempt} {back}"));
            let https = page.site.https();
            let seller = head.seller_name.clone();
            let shown = Html(AwayPage { page: page.clone(), brand, seller, amount, url, back });
            let mut response = shown.into_response();
            let cookie = cookies::for_days(cookies::RETURN, kept, 1, https).to_string();
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Way::Nothing => Ok(go(&back)),
        Way::NoAnswer => say(
            format!(
                "{brand} chưa trả lời; xin thử lại sau nửa phút. Chưa có khoản tiền nào bị trừ hai lần."
            ),
            format!(
                "{brand} does not answer yet; please try again in half a minute. Nothing is paid twice."
            ),
        ),
        Way::Refused { code } => say(
            format!("{brand} không nhận khoản này (mã {code}). Xin thử lại hoặc gọi người bán."),
            format!(
                "{brand} refuses this payment (code {code}). Please try again or call the seller."
            ),
        ),
        Way::Off => say(
            format!("Người bán không còn nhận {brand}. Xin gọi người bán hoặc hủy đơn."),
            format!("The seller no longer takes {brand}. Please call the seller or cancel."),
        ),
    }
}

/// `GET /thanh-toan/ve/{attempt}`: back from the gateway, whatever it says in the address.
pub(in super::super) async fn back(
    page: Page,
    jar: CookieJar,
    Path(attempt): Path<String>,
) -> Response {
    let kept = jar.get(cookies::RETURN).map(|c| cookies::decode(c.value())).unwrap_or_default();
    match kept.split_once(' ') {
        Some((known, to)) if known == attempt && to.starts_with("/don-hang/") => go(to),
        _ if page.viewer.is_some() => go("/don-hang"),
        _ => go("/tra-cuu"),
    }
}

/// What the seller presses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct RefundForm {
    key: String,
}

/// `POST /ban-hang/don-hang/{code}/hoan-tien`: gives back what is owed, by the way it came.
pub(in super::super) async fn refund(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    form: Form<RefundForm>,
) -> Result<Response, PageError> {
    let order = seller::find(&deps, &scope, &code).await?;
    let to = format!("/ban-hang/don-hang/{}", order.head.code);
    let once = Once::new(scope.person, &form.data.key, &format!("{to}/hoan-tien"), &form.raw);
    let once = once.map_err(bad_key)?;
    let mut tx = deps.db.begin().await?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => return Err(misused()),
    }
    let sum = match payments::refund_what_is_owed(&mut tx, &cx, order.head.id).await {
        Ok(sum) => sum,
        Err(PaymentError::NotFound) => {
            let line =
                page.t("Không có khoản nào phải hoàn qua cổng.", "Nothing is to be refunded here.");
            return Ok(go_with(&page, &to, line));
        }
        Err(error) => return Err(error.into()),
    };
    idempotency::settle(&mut tx, &once, &to).await?;
    let detail = json!({ "seller": scope.seller, "amount": sum.0 });
    audit::record(&mut tx, &cx, "orders.refund", &format!("order:{}", order.head.id), detail)
        .await?;
    tx.commit().await?;
    let line = page.t(
        "Đã gửi yêu cầu hoàn tiền; kết quả hiện ở đây.",
        "The refund was asked for; its result shows here.",
    );
    Ok(go_with(&page, &to, line))
}
