//! Where a seller enters the contract with a gateway: once, and never to be read again.

use super::{
    contract::{Contract, ContractForm},
    model::PaymentMethod,
    queries_gateways::{self as q, Merchant},
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, date_time},
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
    let page = page.in_section("seller-payment");
    let shown = Html(ContractPage { page, scope, method, contract, form, errors, key });
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
    let wanted = match sent.act.as_str() {
        "remove" => None,
        _ => match Contract::read(method, &sent.contract, page.lang) {
            Ok(contract) => Some(contract),
            Err(errors) => {
                let code: String = sent.contract.code.chars().take(60).collect();
                return render(&deps, page, (scope, method), Some((code, errors))).await;
            }
        },
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
        Some(contract) => keep(&mut tx, &cx, &deps, &scope, contract).await?,
        None => {
            q::end_merchant(&mut tx, &cx, scope.seller, method).await?;
            "payments.contract_removed"
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    // The keys are in no log: only who has changed what.
    let code = wanted.map(|contract| contract.code());
    let detail = json!({ "provider": method.code(), "code": code });
    audit::record(&mut tx, &cx, verb, &format!("seller:{}", scope.seller), detail).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã lưu.", "Saved.")))
}

/// The same account at the provider keeps its address for notices; another one gets a new row.
async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    deps: &Deps,
    scope: &SellerScope,
    contract: &Contract,
) -> sqlx::Result<&'static str> {
    let (method, code) = (contract.method(), contract.code());
    let now = q::merchants(&mut *db, scope.seller).await?;
    let now = now.into_iter().find(|m| m.method == method);
    if let Some(same) = now.as_ref().filter(|m| m.code == code) {
        q::reseal(db, cx, same.id, &deps.gateways.seal(same.id, contract)).await?;
        return Ok("payments.contract_replaced");
    }
    q::end_merchant(db, cx, scope.seller, method).await?;
    let id = cx.new_id();
    let sealed = Some(deps.gateways.seal(id, contract));
    let merchant = Merchant { id, method, code, sealed, made_at: cx.now };
    q::insert_merchant(db, cx, scope.seller, &merchant).await?;
    Ok(if now.is_some() { "payments.contract_replaced" } else { "payments.contract_entered" })
}
