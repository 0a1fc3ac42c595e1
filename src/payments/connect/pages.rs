//! `/ban-hang/thanh-toan/stripe/…`: on to Stripe's questions, back from them, and where the account stands.

use super::{
    commands::{self, Way},
    countries, queries,
    standing::{Account, Standing},
};
use crate::{
    enterprises::{self, SellerScope},
    kernel::{Cx, Lang, SellerId, date_time},
    payments::{model::PaymentMethod, routes::Deps},
    web::{Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

const HERE: &str = "/ban-hang/thanh-toan/stripe";

/// Where the account stands, as the page shows it.
pub(in crate::payments) struct Panel {
    pub(in crate::payments) now: Option<Now>,
    countries: Vec<(&'static str, &'static str)>,
}

impl Panel {
    /// Where Stripe admits businesses.
    pub(in crate::payments) fn countries(&self) -> &[(&'static str, &'static str)] {
        &self.countries
    }
}

/// An account that there is.
pub(in crate::payments) struct Now {
    pub(in crate::payments) account: String,
    pub(in crate::payments) label: String,
    pub(in crate::payments) tone: &'static str,
    pub(in crate::payments) next: String,
    pub(in crate::payments) goes_on: bool,
    pub(in crate::payments) missing: Vec<String>,
    pub(in crate::payments) checked_at: String,
}

impl Now {
    fn of(account: &Account, lang: Lang) -> Self {
        let standing = account.standing();
        let missing = match standing {
            Standing::Refused | Standing::Gone | Standing::Unnamed => Vec::new(),
            _ => account.missing(),
        };
        Self {
            account: account.account.clone().unwrap_or_default(),
            label: standing.label().get(lang).to_owned(),
            tone: standing.tone(),
            next: standing.next().get(lang).to_owned(),
            goes_on: standing.goes_on(),
            missing: missing.iter().map(|text| text.get(lang).to_owned()).collect(),
            checked_at: account.checked_at.map(date_time).unwrap_or_default(),
        }
    }
}

/// The panel of a seller.
pub(in crate::payments) async fn panel(
    deps: &Deps,
    seller: SellerId,
    lang: Lang,
) -> sqlx::Result<Panel> {
    let now = queries::current(&deps.db, seller).await?;
    let now = now.map(|account| Now::of(&account, lang));
    Ok(Panel { now, countries: countries::countries(lang) })
}

/// What the button carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::payments) struct BeginForm {
    quoc_gia: String,
}

#[derive(Template)]
#[template(path = "payments/to_stripe.html")]
struct AwayPage {
    page: Page,
    url: String,
}

fn offered(deps: &Deps) -> Result<(), PageError> {
    if deps.gateways.has(PaymentMethod::Stripe) { Ok(()) } else { Err(PageError::not_found()) }
}

/// `POST …/ket-noi`: on to Stripe. A shop has one account, so pressing twice needs no key.
pub(in crate::payments) async fn begin(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<BeginForm>,
) -> Result<Response, PageError> {
    offered(&deps)?;
    scope.owner()?;
    let country = form.data.quoc_gia.as_str();
    let begun = queries::current(&deps.db, scope.seller).await?.is_some();
    if !begun && !countries::is_one(country) {
        let line = page.t(
            "Xin chọn nước nơi doanh nghiệp của bạn đăng ký.",
            "Please choose the country where your business is registered.",
        );
        return Ok(go_with(&page, HERE, line));
    }
    let mut db = deps.db.acquire().await?;
    let facts = enterprises::facts(&mut db, &[scope.seller]).await?.remove(&scope.seller);
    drop(db);
    let email = facts.map(|facts| facts.email).unwrap_or_default();
    let about = (country, email.as_str());
    match commands::go_on(&deps.db, &deps.gateways, &cx, scope.seller, about).await? {
        Way::To(url) => Ok(Html(AwayPage { page, url }).into_response()),
        Way::NoAnswer => Ok(go_with(&page, HERE, no_answer(&page))),
        Way::Refused { code } => {
            let (vi, en) = (
                format!("Stripe không nhận (mã {code}). Xin xem lại nước đã chọn."),
                format!("Stripe refuses (code {code}). Please check the country."),
            );
            Ok(go_with(&page, HERE, page.t(&vi, &en)))
        }
    }
}

fn no_answer(page: &Page) -> &'static str {
    page.t(
        "Stripe chưa trả lời; xin thử lại sau ít phút.",
        "Stripe does not answer; please try again in a few minutes.",
    )
}

/// `GET …/ve`: back from Stripe's page; and `POST …/hoi-lai`: asked again. It shows what Stripe says, not what the
/// browser says.
pub(in crate::payments) async fn back(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    offered(&deps)?;
    let row = queries::current(&deps.db, scope.seller).await?;
    let Some(account) = row.and_then(|row| row.account) else {
        let line = page.t("Chưa có tài khoản nào để hỏi.", "There is no account to ask about.");
        return Ok(go_with(&page, HERE, line));
    };
    let line = match commands::refresh(&deps.db, &deps.gateways, &cx, &account).await {
        Ok(()) => page.t("Đây là điều Stripe vừa trả lời.", "This is what Stripe says now."),
        Err(commands::Asked::Db(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "Stripe was asked in vain about an account");
            no_answer(&page)
        }
    };
    Ok(go_with(&page, HERE, line))
}

/// `GET …/tiep`: where Stripe sends a seller whose page has lapsed.
pub(in crate::payments) async fn lapsed(
    State(deps): State<Deps>,
    page: Page,
    _: SellerScope,
) -> Result<Response, PageError> {
    offered(&deps)?;
    let line = page.t(
        "Trang của Stripe đã hết hạn. Bấm Tiếp tục để mở trang mới.",
        "Stripe's page has lapsed. Press Continue for a new one.",
    );
    Ok(go_with(&page, HERE, line))
}
