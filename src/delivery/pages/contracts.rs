//! A seller's contracts with carriers.

use super::super::{
    carriers::CarrierKind,
    contracts::{self, Contract, NewContract, Office},
    queries_contracts, settings,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    platform::audit,
    web::{Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

const HERE: &str = "/ban-hang/giao-hang/hang";

#[derive(Template)]
#[template(path = "delivery/contracts.html")]
pub(in crate::delivery) struct ContractsPage {
    page: Page,
    errors: Errors,
    form: ContractForm,
    cards: Vec<Card>,
    /// Whose price counts at checkout: code, words, note.
    choices: Vec<(String, String, String)>,
    chosen: String,
}

/// One carrier as the page shows him.
struct Card {
    kind: CarrierKind,
    name: String,
    contract: Option<Contract>,
    /// Where he reports.
    address: String,
    shop_label: String,
    token_label: String,
    /// Whether his messages carry a secret.
    proves: bool,
    /// This form was sent and refused.
    open: bool,
}

/// What a member types.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::delivery) struct ContractForm {
    hang: String,
    cua_hang: String,
    khoa: String,
    ma_bao: String,
}

/// Whose price counts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::delivery) struct FeeForm {
    phi_theo: String,
}

async fn page_of(
    office: &Office,
    scope: &SellerScope,
    page: Page,
    form: ContractForm,
    errors: Errors,
) -> Result<ContractsPage, PageError> {
    let mut db = office.db.acquire().await?;
    let kept = contracts::of_seller(&mut db, scope.seller).await?;
    let rates = settings::rates(&mut db, &[scope.seller], None).await?;
    let chosen = rates.get(&scope.seller).and_then(|rates| rates.fee_by);
    let lang = page.lang;
    let card = |kind: CarrierKind| {
        let contract = kept.iter().find(|c| c.carrier == kind).cloned();
        let address = contract
            .as_ref()
            .map(|c| page.full_url(&format!("/giao-hang/{}/tin/{}", kind.slug(), c.path)));
        let login = kind == CarrierKind::ViettelPost;
        Card {
            name: kind.label().get(lang).to_owned(),
            shop_label: match kind {
                CarrierKind::ViettelPost => lang.t("Tên đăng nhập", "User name"),
                CarrierKind::Ghtk => lang.t("Mã đối tác (X-Client-Source)", "Partner code"),
                _ => lang.t("Mã cửa hàng (ShopID)", "Shop number (ShopID)"),
            }
            .to_owned(),
            token_label: if login { lang.t("Mật khẩu", "Password") } else { "Token" }.to_owned(),
            proves: login,
            open: form.hang == kind.code() && !errors.is_empty(),
            address: address.unwrap_or_default(),
            contract,
            kind,
        }
    };
    let cards: Vec<Card> = CarrierKind::NETWORK.into_iter().map(card).collect();
    let own = (
        String::new(),
        lang.t("Bảng phí của tôi", "My own rates").to_owned(),
        lang.t("Theo vùng, như trang Giao hàng.", "By zone, as on the page on delivery.")
            .to_owned(),
    );
    let priced = kept.iter().map(|c| {
        let name = c.carrier.label().get(lang).to_owned();
        let note = lang.t(
            "Hỏi giá khi khách đặt; hãng không trả lời trong 2 giây thì theo bảng phí của bạn.",
            "Asked while the buyer orders; without an answer in 2 seconds your own rates hold.",
        );
        (c.carrier.code().to_owned(), name, note.to_owned())
    });
    let choices = std::iter::once(own).chain(priced).collect();
    let chosen = chosen.map(CarrierKind::code).unwrap_or_default().to_owned();
    let page = page.in_section("seller-delivery");
    Ok(ContractsPage { page, errors, form, cards, choices, chosen })
}

/// `GET /ban-hang/giao-hang/hang`
pub(in crate::delivery) async fn show(
    State(office): State<Office>,
    page: Page,
    scope: SellerScope,
) -> Result<Html<ContractsPage>, PageError> {
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&office, &scope, page, ContractForm::default(), errors).await?))
}

/// `POST /ban-hang/giao-hang/hang`: saving the same twice changes nothing, so the form needs no key.
pub(in crate::delivery) async fn save(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<ContractForm>,
) -> Result<Response, PageError> {
    let sent = form.data;
    let kind = CarrierKind::of(&sent.hang).filter(|kind| kind.is_network());
    let kind = kind.ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    let (shop, token, secret) = (sent.cua_hang.trim(), sent.khoa.trim(), sent.ma_bao.trim());
    let plain = |text: &str| text.len() <= 300 && text.bytes().all(|b| b.is_ascii_graphic());
    errors.check(
        !shop.is_empty() && plain(shop),
        "cua_hang",
        "Nhập mã đúng như hãng cấp, không dấu cách.",
        "Enter it as the carrier gave it, without blanks.",
    );
    errors.check(
        plain(token),
        "khoa",
        "Khóa chỉ gồm chữ không dấu, số và ký hiệu.",
        "A key is made of plain letters, digits and signs.",
    );
    errors.check(
        plain(secret) && (secret.is_empty() || secret.len() >= 8),
        "ma_bao",
        "Mã xác thực tin báo dài ít nhất 8 ký tự, không dấu cách.",
        "The secret of messages has at least 8 characters, without blanks.",
    );
    if errors.is_empty() {
        let new = NewContract { carrier: kind, shop, token, secret };
        let mut tx = office.db.begin().await?;
        if contracts::save(&mut tx, &cx, &office.sealer, scope.seller, &new).await? {
            let subject = format!("seller:{}", scope.seller);
            let detail =
                json!({ "carrier": kind.code(), "shop": shop, "token": !token.is_empty() });
            audit::record(&mut tx, &cx, "delivery.save_contract", &subject, detail).await?;
            tx.commit().await?;
            let line = page.t(
                "Đã lưu. Bấm “Thử kết nối” để kiểm tra khóa.",
                "Saved. Press “Test” to see whether the key fits.",
            );
            return Ok(go_with(&page, HERE, line));
        }
        errors.check(false, "khoa", "Nhập khóa do hãng cấp.", "Enter the carrier's key.");
    }
    // A key that was typed is not sent back.
    let form = ContractForm { khoa: String::new(), ma_bao: String::new(), ..sent };
    let shown = page_of(&office, &scope, page, form, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
}

/// `POST /ban-hang/giao-hang/hang/phi`
pub(in crate::delivery) async fn choose_fee(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<FeeForm>,
) -> Result<Response, PageError> {
    let mut tx = office.db.begin().await?;
    let chosen = match form.data.phi_theo.as_str() {
        "" => None,
        word => {
            let kind = CarrierKind::of(word).ok_or_else(PageError::not_found)?;
            let kept = queries_contracts::one(&mut *tx, scope.seller, kind).await?;
            Some(kept.ok_or_else(PageError::not_found)?.carrier)
        }
    };
    settings::set_defaults(&mut tx, &cx, scope.seller).await?;
    queries_contracts::set_fee_by(&mut tx, scope.seller, chosen).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã lưu cách tính phí.", "Saved.")))
}

fn kind_of(word: &str) -> Result<CarrierKind, PageError> {
    let kind = CarrierKind::of(word).filter(|kind| kind.is_network());
    kind.ok_or_else(PageError::not_found)
}

/// `POST /ban-hang/giao-hang/hang/{carrier}/thu`: the carrier is asked with no transaction open.
pub(in crate::delivery) async fn test(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(carrier): Path<String>,
) -> Result<Response, PageError> {
    let kind = kind_of(&carrier)?;
    let contract = queries_contracts::one(&office.db, scope.seller, kind).await?;
    let contract = contract.ok_or_else(PageError::not_found)?;
    let said = match contract.open(&office.sealer) {
        Ok(access) => match office.carriers.of(kind).check(&access).await {
            Ok(()) => String::new(),
            Err(error) => error.to_string().chars().take(300).collect(),
        },
        Err(error) => error.to_string(),
    };
    queries_contracts::set_test(&office.db, scope.seller, kind, &said, cx.now).await?;
    let line = match said.as_str() {
        "" => page.t("Kết nối tốt.", "The connection works.").to_owned(),
        said => format!("{} {said}", page.t("Hãng trả lời:", "The carrier answered:")),
    };
    Ok(go_with(&page, HERE, &line))
}

/// `POST /ban-hang/giao-hang/hang/{carrier}/bo`
pub(in crate::delivery) async fn end(
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(carrier): Path<String>,
) -> Result<Response, PageError> {
    let kind = kind_of(&carrier)?;
    let mut tx = office.db.begin().await?;
    if !queries_contracts::end(&mut tx, scope.seller, kind).await? {
        return Err(PageError::not_found());
    }
    let (subject, detail) = (format!("seller:{}", scope.seller), json!({ "carrier": kind.code() }));
    audit::record(&mut tx, &cx, "delivery.end_contract", &subject, detail).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã bỏ kết nối.", "The contract is taken out.")))
}
