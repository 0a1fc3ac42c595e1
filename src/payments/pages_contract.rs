//! Where a seller enters the contract with a gateway: once, and never to be read again.

use super::{
    adapters::stripe_connect::Told,
    connect::{
        commands as stripe_accounts,
        pages::{Panel, panel},
        queries as stripe_queries,
    },
    contract::{Contract, ContractForm},
    gateways::Gateways,
    model::PaymentMethod,
    queries_gateways::{self as q, Merchant},
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, SellerId, Text, date_time},
    platform::{
        audit,
        idempotency::{self, Claim, Once},
    },
    web::{Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

/// The contract in use, as far as it may be shown.
struct Shown {
    code: String,
    since: String,
    notice_url: String,
}

#[derive(Template)]
#[template(path = "payments/contract.html")]
struct ContractPage {
    page: Page,
    scope: SellerScope,
    method: PaymentMethod,
    contract: Option<Shown>,
    /// For Stripe: where the seller's account stands.
    connect: Option<Panel>,
    form: ContractForm,
    errors: Errors,
    key: String,
}

impl ContractPage {
    fn brand(&self) -> &'static str {
        self.method.brand()
    }

    fn code_label(&self) -> &'static str {
        match self.method {
            PaymentMethod::VnPay => {
                self.page.t("Mã website (vnp_TmnCode)", "Terminal (vnp_TmnCode)")
            }
            PaymentMethod::MoMo => self.page.t("Mã đối tác (partnerCode)", "Partner code"),
            PaymentMethod::ZaloPay => self.page.t("Mã ứng dụng (app_id)", "Application (app_id)"),
            _ => self.page.t("Tài khoản Stripe (acct_…)", "Stripe account (acct_…)"),
        }
    }

    fn key1_label(&self) -> Option<&'static str> {
        match self.method {
            PaymentMethod::VnPay => {
                Some(self.page.t("Chuỗi bí mật (vnp_HashSecret)", "Secret (vnp_HashSecret)"))
            }
            PaymentMethod::MoMo => Some("Access key"),
            PaymentMethod::ZaloPay => Some("Key 1"),
            _ => None,
        }
    }

    fn key2_label(&self) -> Option<&'static str> {
        match self.method {
            PaymentMethod::MoMo => Some("Secret key"),
            PaymentMethod::ZaloPay => Some("Key 2"),
            _ => None,
        }
    }
}

/// What the seller sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    key: String,
    act: String,
    #[serde(flatten)]
    contract: ContractForm,
}

fn offered(deps: &Deps, method: PaymentMethod) -> Result<(), PageError> {
    if deps.gateways.has(method) { Ok(()) } else { Err(PageError::not_found()) }
}

async fn render(
    deps: &Deps,
    page: Page,
    (scope, method): (SellerScope, PaymentMethod),
    sent: Option<(String, Errors)>,
) -> Result<Response, PageError> {
    let contracts = q::merchants(&deps.db, scope.seller).await?;
    let contract = contracts.into_iter().find(|m| m.method == method).map(|m| Shown {
        notice_url: deps.gateways.notice_url(method, m.id),
        since: date_time(m.made_at),
        code: m.code,
    });
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // Keys are never sent back, not even those that were just typed.
    let (code, errors) = sent.unwrap_or_else(|| (String::new(), Errors::new(page.lang)));
    let (form, key) = (ContractForm { code, ..ContractForm::default() }, page.new_key());
    let connect = match method {
        PaymentMethod::Stripe => Some(panel(deps, scope.seller, page.lang).await?),
        _ => None,
    };
    let page = page.in_section("seller-payment");
    let shown = Html(ContractPage { page, scope, method, contract, connect, form, errors, key });
    Ok((status, shown).into_response())
}

/// `GET /ban-hang/thanh-toan/{provider}`
pub(super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Extension(method): Extension<PaymentMethod>,
) -> Result<Response, PageError> {
    offered(&deps, method)?;
    render(&deps, page, (scope, method), None).await
}

/// What the seller wants to have, and at Stripe the account as Stripe knows it; `None`: nothing any more.
async fn wanted(
    deps: &Deps,
    page: &Page,
    method: PaymentMethod,
    sent: &Sent,
) -> Result<Option<(Contract, Option<Told>)>, Errors> {
    if sent.act == "remove" {
        return Ok(None);
    }
    let contract = Contract::read(method, &sent.contract, page.lang)?;
    let Contract::Stripe { account } = &contract else { return Ok(Some((contract, None))) };
    let mut errors = Errors::new(page.lang);
    match stripe_accounts::known(&deps.gateways, account).await {
        Ok(Some(told)) => return Ok(Some((contract, Some(told)))),
        Ok(None) => errors.add("code", not_connected()),
        Err(error) => {
            tracing::warn!(%error, "Stripe was asked in vain about an account");
            let text = Text::new(
                "Stripe chưa trả lời về tài khoản này; xin thử lại sau ít phút.",
                "Stripe does not answer about this account; please try again in a few minutes.",
            );
            errors.add("code", text);
        }
    }
    Err(errors)
}

fn not_connected() -> Text {
    Text::new(
        "Tài khoản này chưa nối với sàn, hoặc đang thuộc gian hàng khác. Xin dùng nút Nối với Stripe.",
        "This account is not connected to the floor, or belongs to another shop. Please use Connect with Stripe.",
    )
}

/// `POST /ban-hang/thanh-toan/{provider}`: enters, replaces or removes the contract.
pub(super) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Extension(method): Extension<PaymentMethod>,
    form: Form<Sent>,
) -> Result<Response, PageError> {
    const HERE: &str = "/ban-hang/thanh-toan";
    offered(&deps, method)?;
    scope.owner()?;
    let sent = &form.data;
    let code: String = sent.contract.code.chars().take(60).collect();
    let wanted = match wanted(&deps, &page, method, sent).await {
        Ok(wanted) => wanted,
        Err(errors) => return render(&deps, page, (scope, method), Some((code, errors))).await,
    };
    let mut errors = Errors::new(page.lang);
    let route = format!("{HERE}/{}", method.code());
    let once = errors.take("key", Once::new(scope.person, &sent.key, &route, &form.raw));
    let Some(once) = once else {
        return render(&deps, page, (scope, method), Some((String::new(), errors))).await;
    };
    let mut tx = deps.db.begin().await?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => {
            let errors = Once::misused(page.lang);
            return render(&deps, page, (scope, method), Some((String::new(), errors))).await;
        }
    }
    let verb = match &wanted {
        Some((contract, told)) => {
            if let Some(told) = told
                && !stripe_accounts::adopt(&mut tx, &cx, scope.seller, told).await?
            {
                drop(tx);
                errors.add("code", not_connected());
                return render(&deps, page, (scope, method), Some((code, errors))).await;
            }
            keep(&mut tx, &cx, &deps.gateways, scope.seller, contract).await?
        }
        None => {
            if method == PaymentMethod::Stripe {
                stripe_queries::end(&mut tx, &cx, scope.seller).await?;
            }
            q::end_merchant(&mut tx, &cx, scope.seller, method).await?;
            "payments.contract_removed"
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    // The keys are in no log: only who has changed what.
    let code = wanted.map(|(contract, _)| contract.code());
    let detail = json!({ "provider": method.code(), "code": code });
    audit::record(&mut tx, &cx, verb, &format!("seller:{}", scope.seller), detail).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã lưu.", "Saved.")))
}

/// The same account at the provider keeps its address for notices; another one gets a new row.
pub(super) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    gateways: &Gateways,
    seller: SellerId,
    contract: &Contract,
) -> sqlx::Result<&'static str> {
    let (method, code) = (contract.method(), contract.code());
    let now = q::merchants(&mut *db, seller).await?;
    let now = now.into_iter().find(|m| m.method == method);
    if let Some(same) = now.as_ref().filter(|m| m.code == code) {
        q::reseal(db, cx, same.id, &gateways.seal(same.id, contract)).await?;
        return Ok("payments.contract_replaced");
    }
    q::end_merchant(db, cx, seller, method).await?;
    let id = cx.new_id();
    let sealed = Some(gateways.seal(id, contract));
    let merchant = Merchant { id, method, code, sealed, made_at: cx.now };
    q::insert_merchant(db, cx, seller, &merchant).await?;
    Ok(if now.is_some() { "payments.contract_replaced" } else { "payments.contract_entered" })
}
