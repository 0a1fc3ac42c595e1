//! `/dang-ky`

use super::{Onward, again, text, with_onward};
use crate::{
    accounts::{AccountError, Contact, Purpose, letters::Letters, model, passwords, sign_up},
    kernel::{Cx, Errors, Lang},
    platform::idempotency::{self, Claim, Once},
    web::{Form, Html, Page, PageError, Query, go, go_with, local_path},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// The sign-up as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct SignUpForm {
    key: String,
    name: String,
    login: String,
    password: String,
    terms: String,
    privacy: String,
    marketing: String,
    tiep: String,
}

impl SignUpForm {
    fn ticked(&self, purpose: Purpose) -> bool {
        let value = match purpose {
            Purpose::Terms => &self.terms,
            Purpose::Privacy => &self.privacy,
            Purpose::Marketing => &self.marketing,
            Purpose::Delivery => return false,
        };
        !value.is_empty()
    }

    /// Name, contact, consents.
    fn check(&self, lang: Lang) -> Result<(String, Contact, Vec<Purpose>), Errors> {
        let mut errors = Errors::new(lang);
        let name = errors.take("name", model::name(&self.name));
        let contact = errors.take("login", Contact::parse(&self.login));
        let own = contact.as_ref().map_or("", Contact::as_str);
        errors.take("password", model::password(&self.password, own));
        for purpose in Purpose::AT_SIGN_UP.into_iter().filter(|p| p.required()) {
            errors.check(
                self.ticked(purpose),
                purpose.as_str(),
                "Cần đồng ý với nội dung này để có tài khoản.",
                "An account needs your agreement to this.",
            );
        }
        let given = Purpose::AT_SIGN_UP.into_iter().filter(|p| self.ticked(*p)).collect();
        match (name, contact) {
            (Some(name), Some(contact)) if errors.is_empty() => Ok((name, contact, given)),
            _ => Err(errors),
        }
    }
}

/// One box of consent.
struct Consent {
    name: &'static str,
    text: String,
    ticked: bool,
    required: bool,
}

#[derive(Template)]
#[template(path = "accounts/sign_up.html")]
struct SignUpPage {
    page: Page,
    form: SignUpForm,
    errors: Errors,
    consents: Vec<Consent>,
    sign_in: String,
}

impl SignUpPage {
    fn new(page: Page, form: SignUpForm, errors: Errors) -> Self {
        let lang = page.lang;
        let consents = Purpose::AT_SIGN_UP.into_iter().map(|p| Consent {
            name: p.as_str(),
            text: p.text().get(lang).to_owned(),
            ticked: form.ticked(p),
            required: p.required(),
        });
        let consents = consents.collect();
        let sign_in = with_onward("/dang-nhap", &form.tiep);
        Self { page, form, errors, consents, sign_in }
    }
}

#[derive(Template)]
#[template(path = "accounts/mail_sent.html")]
struct MailSentPage {
    page: Page,
}

/// `GET /dang-ky`
pub(in crate::accounts) async fn show(page: Page, Query(query): Query<Onward>) -> Response {
    let errors = Errors::new(page.lang);
    let form = SignUpForm { key: page.new_key(), tiep: query.tiep, ..SignUpForm::default() };
    Html(SignUpPage::new(page, form, errors)).into_response()
}

/// `GET /dang-ky/da-gui`
pub(in crate::accounts) async fn sent(page: Page) -> Response {
    Html(MailSentPage { page }).into_response()
}

/// `POST /dang-ky`
pub(in crate::accounts) async fn create(
    State(db): State<PgPool>,
    State(letters): State<Letters>,
    cx: Cx,
    page: Page,
    form: Form<SignUpForm>,
) -> Result<Response, PageError> {
    let form = form.data;
    let (name, contact, consents) = match form.check(page.lang) {
        Ok(valid) => valid,
        Err(errors) => return Ok(again(SignUpPage::new(page, form, errors))),
    };
    // The password stays out of the fingerprint: that is a fast hash, and is kept.
    let told = format!("{name}\n{}", contact.as_str());
    let once = match Once::new("sign-up", &form.key, "/dang-ky", told.as_bytes()) {
        Ok(once) => once,
        Err(error) => {
            let mut errors = Errors::new(page.lang);
            errors.add("key", error);
            return Ok(again(SignUpPage::new(page, form, errors)));
        }
    };
    let password_hash = passwords::hash_password(&form.password).await?;
    let onward = local_path(&form.tiep).map(str::to_owned);
    let wanted =
        sign_up::Wanted { name, contact, password_hash, consents, lang: page.lang, onward };
    match signed_up(&db, &cx, &letters, &wanted, &once).await? {
        Some(to) if to.starts_with("/dang-nhap") => Ok(go_with(&page, &to, page.t(
            "Đã nhận đăng ký. Hãy đăng nhập bằng số điện thoại và mật khẩu vừa đặt; nếu không được, số này đã có tài khoản từ trước.",
            "Received. Please sign in with the phone number and password you just chose; if that fails, the number had an account before.",
        ))),
        Some(to) => Ok(go(&to)),
        None => {
            let errors = Once::misused(page.lang);
            Ok(again(SignUpPage::new(page, form, errors)))
        }
    }
}

/// Signs up once; where to go on to, or `None` when the key was used for something else.
async fn signed_up(
    db: &PgPool,
    cx: &Cx,
    letters: &Letters,
    wanted: &sign_up::Wanted,
    once: &Once,
) -> Result<Option<String>, AccountError> {
    let to = match &wanted.contact {
        Contact::Email(_) => "/dang-ky/da-gui".to_owned(),
        Contact::Phone(_) => with_onward("/dang-nhap", wanted.onward.as_deref().unwrap_or("")),
    };
    let mut tx = db.begin().await?;
    match idempotency::claim(&mut tx, cx, once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(Some(to)),
        Claim::Misused => return Ok(None),
    }
    sign_up::sign_up(&mut tx, cx, letters, wanted).await?;
    idempotency::settle(&mut tx, once, &to).await?;
    tx.commit().await?;
    Ok(Some(to))
}

/// For forms elsewhere: why a name, number or password is not good.
pub(super) fn wrong_login() -> crate::kernel::Text {
    text(
        "Tên đăng nhập hoặc mật khẩu chưa đúng, hoặc địa chỉ e-mail chưa được xác nhận.",
        "The name or the password is wrong, or the e-mail address has not been confirmed.",
    )
}
