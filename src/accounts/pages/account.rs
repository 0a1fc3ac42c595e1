//! `/tai-khoan`: name, language, e-mail address, phone number, password, closing.

use super::{again, text, told};
use crate::{
    accounts::{
        AccountError, Person,
        close::close_account,
        confirm,
        device::Device,
        letters::{Change, Letters},
        model, passwords, phone, queries, queries_sessions, sessions,
        throttle::Throttle,
    },
    kernel::{Cx, Errors, Lang, Phone},
    platform::mail,
    web::{Form, Html, Page, PageError, SignedIn, Viewer, cookies, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// Everything these forms send; each uses a part.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct AccountForm {
    name: String,
    lang: String,
    email: String,
    phone: String,
    old_password: String,
    password: String,
    agree: String,
}

#[derive(Template)]
#[template(path = "accounts/profile.html")]
struct ProfilePage {
    page: Page,
    form: AccountForm,
    errors: Errors,
    email: String,
    phone: String,
    langs: [(&'static str, &'static str); 2],
}

impl ProfilePage {
    /// What is not given is said so.
    fn shown<'a>(&'a self, contact: &'a str) -> &'a str {
        if contact.is_empty() { self.page.t("chưa có", "none yet") } else { contact }
    }
}

#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordPage {
    page: Page,
    errors: Errors,
    login: String,
}

#[derive(Template)]
#[template(path = "accounts/close.html")]
struct ClosePage {
    page: Page,
    errors: Errors,
}

async fn me(db: &PgPool, viewer: &Viewer) -> Result<queries::Row, AccountError> {
    let found = queries::person(&mut *db.acquire().await?, viewer.id).await?;
    found.ok_or(AccountError::NotFound)
}

fn profile(page: Page, person: &Person, form: AccountForm, errors: Errors) -> ProfilePage {
    let email = person.email.clone().unwrap_or_default();
    let phone = person.phone.as_deref().map(Phone::local).unwrap_or_default();
    let langs = [("vi", "Tiếng Việt"), ("en", "English")];
    ProfilePage { page: page.in_section("account"), form, errors, email, phone, langs }
}

/// `GET /tai-khoan`
pub(in crate::accounts) async fn show(
    State(db): State<PgPool>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let person = Person::from(me(&db, &viewer).await?);
    let errors = Errors::new(page.lang);
    let (name, lang) = (person.name.clone(), person.lang.code().to_owned());
    let form = AccountForm { name, lang, ..AccountForm::default() };
    Ok(Html(profile(page, &person, form, errors)).into_response())
}

/// `POST /tai-khoan`: name and language.
pub(in crate::accounts) async fn update(
    State(db): State<PgPool>,
    mut page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<AccountForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let Some(name) = errors.take("name", model::name(&form.data.name)) else {
        let person = Person::from(me(&db, &viewer).await?);
        return Ok(again(profile(page, &person, form.data, errors)));
    };
    let lang = Lang::of(&form.data.lang);
    queries::set_profile(&mut *db.acquire().await?, viewer.id, &name, lang).await?;
    page.lang = lang;
    let mut response = go_with(&page, "/tai-khoan", page.t("Đã lưu.", "Saved."));
    let cookie = cookies::lasting(cookies::LANG, lang.code(), page.site.https());
    for (header, value) in &sessions::header_of(&cookie) {
        response.headers_mut().append(header, value.clone());
    }
    Ok(response)
}

/// `POST /tai-khoan/email`: another address, once its owner has confirmed it. Whether it has an
/// account already is told to nobody but its owner.
pub(in crate::accounts) async fn change_email(
    State(db): State<PgPool>,
    State(letters): State<Letters>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<AccountForm>,
) -> Result<Response, PageError> {
    let person = Person::from(me(&db, &viewer).await?);
    let mut errors = Errors::new(page.lang);
    let Some(email) = errors.take("email", model::email(&form.data.email)) else {
        let (name, lang) = (person.name.clone(), person.lang.code().to_owned());
        let form = AccountForm { name, lang, ..form.data };
        return Ok(again(profile(page, &person, form, errors)));
    };
    let mut tx = db.begin().await?;
    match queries::by_contact(&mut tx, &email).await? {
        Some(other) if other.id != person.id => {
            let hour = cx.now.timestamp() / 3600;
            let letter = letters.taken(Lang::of(&other.lang), &other.name, &email, hour);
            mail::queue(&mut tx, &cx, &letter).await?;
        }
        _ => {
            let to = confirm::Recipient { person: person.id, name: &person.name, email: &email };
            confirm::send(&mut tx, &cx, &letters, &to, page.lang, Some("/tai-khoan")).await?;
        }
    }
    tx.commit().await?;
    Ok(go_with(
        &page,
        "/tai-khoan",
        page.t(
            "Hãy mở thư vừa gửi tới địa chỉ mới để xác nhận; đến lúc đó địa chỉ cũ vẫn dùng.",
            "Please open the message sent to the new address to confirm it; until then the old one stays.",
        ),
    ))
}

/// `POST /tai-khoan/so-dien-thoai`: how a person is called, and signs in. Every try counts, so that nobody walks
/// through numbers.
pub(in crate::accounts) async fn change_phone(
    act: Act,
    page: Page,
    form: Form<AccountForm>,
) -> Result<Response, PageError> {
    let Act { db, throttle, letters, cx, device, signed_in: SignedIn(viewer) } = act;
    let row = me(&db, &viewer).await?;
    let mut errors = Errors::new(page.lang);
    let number = errors.take("phone", Phone::parse(&form.data.phone));
    if number.is_some() {
        let account = format!("phone:{}", row.id);
        match throttle.enter(&db, &cx, &account, device.address).await {
            Err(error @ AccountError::TooMany) => told(&mut errors, "phone", &error),
            other => drop(other?),
        }
    }
    let Some(number) = number.filter(|_| errors.is_empty()) else {
        let person = Person::from(row);
        let (name, lang) = (person.name.clone(), person.lang.code().to_owned());
        let form = AccountForm { name, lang, ..form.data };
        return Ok(again(profile(page, &person, form, errors)));
    };
    let mut tx = db.begin().await?;
    phone::change_phone(&mut tx, row.id, &number).await?;
    if let Some(email) = row.email.as_deref().filter(|_| row.email_confirmed_at.is_some()) {
        let id = cx.new_id().to_string();
        let letter = letters.changed(Lang::of(&row.lang), &row.name, email, Change::Phone, &id);
        mail::queue(&mut tx, &cx, &letter).await?;
    }
    tx.commit().await?;
    let line = page.t(
        "Đã lưu số điện thoại. Bạn đăng nhập được bằng số này nếu trước đó chưa có tài khoản nào dùng nó.",
        "The number is saved. You can sign in with it unless an account had it before.",
    );
    Ok(go_with(&page, "/tai-khoan", line))
}

fn password_page(page: Page, person: &queries::Row, errors: Errors) -> PasswordPage {
    let login = person.email.as_deref().or(person.called()).unwrap_or_default().to_owned();
    PasswordPage { page: page.in_section("account-password"), errors, login }
}

/// `GET /tai-khoan/mat-khau`
pub(in crate::accounts) async fn password(
    State(db): State<PgPool>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let person = me(&db, &viewer).await?;
    let errors = Errors::new(page.lang);
    Ok(Html(password_page(page, &person, errors)).into_response())
}

/// Whether the password typed is the person's; a wrong one, or too many of them, is told beside
/// `field`.
pub(super) async fn proves(
    db: &PgPool,
    cx: &Cx,
    throttle: &Throttle,
    device: &Device,
    person: &queries::Row,
    (field, typed): (&str, &str),
    errors: &mut Errors,
) -> Result<(), AccountError> {
    let account = format!("person:{}", person.id);
    let attempt = match throttle.enter(db, cx, &account, device.address).await {
        Err(error @ AccountError::TooMany) => {
            told(errors, field, &error);
            return Ok(());
        }
        other => other?,
    };
    if passwords::verify(typed, person.password_hash.clone()).await? {
        throttle.passed(db, &attempt).await?;
    } else {
        errors.add(field, text("Mật khẩu hiện tại chưa đúng.", "The current password is wrong."));
    }
    Ok(())
}

/// What the handlers of passwords and closing need.
#[derive(axum::extract::FromRequestParts)]
#[from_request(state(crate::accounts::Deps))]
pub(in crate::accounts) struct Act {
    #[from_request(via(State))]
    db: PgPool,
    #[from_request(via(State))]
    throttle: Throttle,
    #[from_request(via(State))]
    letters: Letters,
    cx: Cx,
    device: Device,
    signed_in: SignedIn,
}

/// `POST /tai-khoan/mat-khau`: ends every other session.
pub(in crate::accounts) async fn change_password(
    act: Act,
    page: Page,
    form: Form<AccountForm>,
) -> Result<Response, PageError> {
    let Act { db, throttle, letters, cx, device, signed_in: SignedIn(viewer) } = act;
    let person = me(&db, &viewer).await?;
    let mut errors = Errors::new(page.lang);
    let own = person.email.as_deref().unwrap_or_default();
    errors.take("password", model::password(&form.data.password, own));
    if errors.is_empty() {
        let typed = ("old_password", form.data.old_password.as_str());
        proves(&db, &cx, &throttle, &device, &person, typed, &mut errors).await?;
    }
    if !errors.is_empty() {
        return Ok(again(password_page(page, &person, errors)));
    }
    let hash = passwords::hash_password(&form.data.password).await?;
    let mut tx = db.begin().await?;
    queries::set_password(&mut tx, person.id, &hash).await?;
    queries_sessions::revoke_others(&mut tx, person.id, Some(viewer.session)).await?;
    queries_sessions::void_tokens(&mut tx, person.id, "reset_password", cx.now).await?;
    if let Some(email) = &person.email {
        let id = cx.new_id().to_string();
        let lang = Lang::of(&person.lang);
        let letter = letters.changed(lang, &person.name, email, Change::Password, &id);
        mail::queue(&mut tx, &cx, &letter).await?;
    }
    tx.commit().await?;
    let line = page.t(
        "Đã đổi mật khẩu; các thiết bị khác đã bị đăng xuất.",
        "The password is changed; other devices were signed out.",
    );
    Ok(go_with(&page, "/tai-khoan/mat-khau", line))
}

/// `GET /tai-khoan/dong`
pub(in crate::accounts) async fn close(page: Page, _: SignedIn) -> Response {
    let errors = Errors::new(page.lang);
    Html(ClosePage { page: page.in_section("account-close"), errors }).into_response()
}

/// `POST /tai-khoan/dong`
pub(in crate::accounts) async fn delete(
    act: Act,
    page: Page,
    form: Form<AccountForm>,
) -> Result<Response, PageError> {
    let Act { db, throttle, cx, device, signed_in: SignedIn(viewer), .. } = act;
    let person = me(&db, &viewer).await?;
    let mut errors = Errors::new(page.lang);
    let agreed = !form.data.agree.is_empty();
    errors.check(agreed, "agree", "Hãy đánh dấu ô xác nhận.", "Please tick the box to confirm.");
    let typed = ("old_password", form.data.old_password.as_str());
    proves(&db, &cx, &throttle, &device, &person, typed, &mut errors).await?;
    let page = page.in_section("account-close");
    if !errors.is_empty() {
        return Ok(again(ClosePage { page, errors }));
    }
    let mut tx = db.begin().await?;
    if let Err(error) = close_account(&mut tx, &cx, person.id).await {
        if !matches!(error, AccountError::OwnsShop | AccountError::KeepsFirm) {
            return Err(error.into());
        }
        told(&mut errors, "agree", &error);
        return Ok(again(ClosePage { page, errors }));
    }
    tx.commit().await?;
    let line = page.t("Tài khoản đã được đóng.", "The account is closed.");
    let mut response = go_with(&page, "/", line);
    for (header, value) in &sessions::no_cookie(device.https) {
        response.headers_mut().append(header, value.clone());
    }
    Ok(response)
}
