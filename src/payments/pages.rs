//! How a seller wants to be paid.

use super::{
    commands,
    model::{PaymentMethod, Settings},
    queries, queries_gateways,
    routes::Deps,
};
use crate::{
    enterprises::{self, SealedAccount, SellerScope},
    kernel::{Cx, Errors},
    platform::{
        audit,
        idempotency::{self, Claim, Once},
    },
    web::{Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

#[derive(Template)]
#[template(path = "payments/settings.html")]
struct SettingsPage {
    page: Page,
    chosen: Settings,
    bank: Option<SealedAccount>,
    online: Vec<Online>,
    errors: Errors,
    key: String,
}

/// A gateway, and the seller's contract with it.
struct Online {
    brand: &'static str,
    href: String,
    code: Option<String>,
}

/// What the seller ticks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    key: String,
    cod: String,
    transfer: String,
}

async fn bank(deps: &Deps, scope: &SellerScope) -> Result<Option<SealedAccount>, PageError> {
    let mut db = deps.db.acquire().await?;
    let facts = enterprises::facts(&mut db, &[scope.seller]).await?.remove(&scope.seller);
    Ok(facts.and_then(|facts| facts.bank))
}

async fn online(deps: &Deps, scope: &SellerScope) -> Result<Vec<Online>, PageError> {
    let contracts = queries_gateways::merchants(&deps.db, scope.seller).await?;
    let offered = PaymentMethod::ONLINE.into_iter().filter(|m| deps.gateways.has(*m));
    let online = offered.map(|method| Online {
        brand: method.brand(),
        href: format!("/ban-hang/thanh-toan/{}", method.code()),
        code: contracts.iter().find(|c| c.method == method).map(|c| c.code.clone()),
    });
    Ok(online.collect())
}

/// `GET /ban-hang/thanh-toan`
pub(super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let bank = bank(&deps, &scope).await?;
    let online = online(&deps, &scope).await?;
    let all = commands::settings(&deps.db, &[scope.seller]).await?;
    let chosen = all.get(&scope.seller).copied().unwrap_or_default();
    let (errors, key) = (Errors::new(page.lang), page.new_key());
    let page = page.in_section("seller-payment");
    Ok(Html(SettingsPage { page, chosen, bank, online, errors, key }))
}

/// `POST /ban-hang/thanh-toan`
pub(super) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<SettingsForm>,
) -> Result<Response, PageError> {
    const HERE: &str = "/ban-hang/thanh-toan";
    let bank = bank(&deps, &scope).await?;
    let online = online(&deps, &scope).await?;
    let sent = &form.data;
    let chosen = Settings {
        cod: !sent.cod.is_empty(),
        transfer: !sent.transfer.is_empty(),
        ..Settings::default()
    };
    let mut errors = Errors::new(page.lang);
    errors.check(
        chosen.cod || chosen.transfer || online.iter().any(|o| o.code.is_some()),
        "cod",
        "Xin chọn ít nhất một cách thanh toán, nếu không sẽ không ai đặt hàng được.",
        "Choose at least one way of paying; otherwise nobody can order.",
    );
    errors.check(
        !chosen.transfer || bank.is_some(),
        "transfer",
        "Muốn nhận chuyển khoản, xin thêm tài khoản ngân hàng trước.",
        "To take transfers, please add a bank account first.",
    );
    let once = errors.take("key", Once::new(scope.person, &sent.key, HERE, &form.raw));
    if let Some(once) = once.filter(|_| errors.is_empty()) {
        let mut tx = deps.db.begin().await?;
        match idempotency::claim(&mut tx, &cx, &once).await? {
            Claim::First => {
                queries::save_settings(&mut tx, &cx, scope.seller, chosen).await?;
                idempotency::settle(&mut tx, &once, HERE).await?;
                let detail = json!({ "cod": chosen.cod, "transfer": chosen.transfer });
                let subject = format!("seller:{}", scope.seller);
                audit::record(&mut tx, &cx, "payments.settings", &subject, detail).await?;
                tx.commit().await?;
                return Ok(go_with(&page, HERE, page.t("Đã lưu.", "Saved.")));
            }
            Claim::Again(to) => return Ok(go(&to)),
            Claim::Misused => errors = Once::misused(page.lang),
        }
    }
    let key = form.data.key;
    let page = page.in_section("seller-payment");
    let shown = Html(SettingsPage { page, chosen, bank, online, errors, key });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}
