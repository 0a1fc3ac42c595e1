//! `/tai-khoan/hai-lop`: setting the second factor up, giving it at sign-in, taking it away.

use super::{ENTER, Onward, SECOND_FACTOR, account::proves, again, text, told, with_onward};
use crate::{
    accounts::{
        AccountError, Deps,
        device::Device,
        letters::{Change, Letters},
        middleware::Pending,
        queries, second_factor as totp, sessions,
        throttle::Throttle,
    },
    kernel::{Cx, Errors, Lang, PersonId},
    platform::mail,
    web::{Form, Html, Page, PageError, Query, SignedIn, Viewer, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

/// Everything these forms send; each uses a part.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct FactorForm {
    secret: String,
    code: String,
    password: String,
    tiep: String,
}

/// Asks for the code after the password.
#[derive(Template)]
#[template(path = "accounts/code.html")]
struct CodePage {
    page: Page,
    errors: Errors,
    tiep: String,
}

#[derive(Template)]
#[template(path = "accounts/enrol.html")]
struct EnrolPage {
    page: Page,
    errors: Errors,
    secret: String,
    /// The secret in groups of four, to be typed.
    spelled: String,
    /// SVG, made here.
    qr: String,
    tiep: String,
    /// An officer or operator, who cannot go on without.
    must: bool,
}

#[derive(Template)]
#[template(path = "accounts/factor.html")]
struct FactorPage {
    page: Page,
    errors: Errors,
    codes_left: i64,
    must: bool,
}

#[derive(Template)]
#[template(path = "accounts/recovery.html")]
struct RecoveryPage {
    page: Page,
    codes: Vec<String>,
    onward: String,
}

/// What the handlers of this page need.
#[derive(axum::extract::FromRequestParts)]
#[from_request(state(Deps))]
pub(in crate::accounts) struct Act {
    #[from_request(via(State))]
    db: PgPool,
    #[from_request(via(State))]
    throttle: Throttle,
    #[from_request(via(State))]
    letters: Letters,
    cx: Cx,
    device: Device,
}

fn must(viewer: &Viewer) -> bool {
    viewer.is_officer || viewer.is_operator
}

fn enrol(page: Page, viewer: &Viewer, secret: String, tiep: String, errors: Errors) -> EnrolPage {
    let account = viewer.email.as_deref().unwrap_or(&viewer.name);
    let url = totp::otpauth_url(&secret, &page.site_name, account).unwrap_or_default();
    let qr = QrCode::new(url).map_or_else(
        |_| String::new(),
        |code| {
            let svg = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
            // Inside a page there is no XML declaration, and the picture has a name.
            let svg = svg.split_once("?>").map_or("", |(_, svg)| svg);
            let name = page.t("Mã QR cho ứng dụng xác thực", "QR code for the authenticator app");
            svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{name}\" "), 1)
        },
    );
    let letters: Vec<char> = secret.chars().collect();
    let spelled = letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ");
    let page = page.in_section("account-factor");
    EnrolPage { page, errors, secret, spelled, qr, tiep, must: must(viewer) }
}

async fn manage(
    db: &PgPool,
    page: Page,
    viewer: &Viewer,
    errors: Errors,
) -> sqlx::Result<FactorPage> {
    let codes_left = queries::recovery_codes_left(&mut *db.acquire().await?, viewer.id).await?;
    let page = page.in_section("account-factor");
    Ok(FactorPage { page, errors, codes_left, must: must(viewer) })
}

/// `GET /tai-khoan/hai-lop`
pub(in crate::accounts) async fn show(
    act: Act,
    page: Page,
    pending: Option<Pending>,
    viewer: Option<Viewer>,
    Query(query): Query<Onward>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    if pending.is_some() {
        return Ok(Html(CodePage { page, errors, tiep: query.tiep }).into_response());
    }
    let Some(viewer) = viewer else {
        return Ok(go(&with_onward("/dang-nhap", SECOND_FACTOR)));
    };
    if viewer.second_factor {
        return Ok(Html(manage(&act.db, page, &viewer, errors).await?).into_response());
    }
    let secret = totp::new_secret();
    Ok(Html(enrol(page, &viewer, secret, query.tiep, errors)).into_response())
}

/// Whether the code is the person's, with failures counted; why not is told beside `code`.
async fn shows_code(
    act: &Act,
    person: PersonId,
    code: &str,
    errors: &mut Errors,
) -> Result<(), AccountError> {
    let account = format!("second-factor:{person}");
    let entered = act.throttle.enter(&act.db, &act.cx, &account, act.device.address).await;
    let attempt = match entered {
        Err(error @ AccountError::TooMany) => {
            told(errors, "code", &error);
            return Ok(());
        }
        other => other?,
    };
    let right = totp::accept(&mut *act.db.acquire().await?, &act.cx, person, code).await?;
    if right {
        act.throttle.passed(&act.db, &attempt).await?;
    } else {
        errors.add("code", wrong_code());
    }
    Ok(())
}

fn wrong_code() -> crate::kernel::Text {
    text(
        "Mã chưa đúng hoặc đã dùng rồi; hãy đợi mã kế tiếp.",
        "The code is wrong or was used before; please wait for the next one.",
    )
}

/// `POST /tai-khoan/hai-lop/ma`: the second half of signing in. The session gets a new secret.
pub(in crate::accounts) async fn verify(
    act: Act,
    page: Page,
    pending: Option<Pending>,
    form: Form<FactorForm>,
) -> Result<Response, PageError> {
    let Some(pending) = pending else { return Ok(go(&with_onward(ENTER, &form.data.tiep))) };
    let mut errors = Errors::new(page.lang);
    shows_code(&act, pending.person, &form.data.code, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(again(CodePage { page, errors, tiep: form.data.tiep }));
    }
    let mut tx = act.db.begin().await?;
    let token = sessions::open(&mut tx, &act.cx, pending.person, &act.device, true).await?;
    tx.commit().await?;
    let mut response = go(&with_onward(ENTER, &form.data.tiep));
    response.headers_mut().extend(sessions::cookie(token, act.device.https));
    Ok(response)
}

async fn tell(
    db: &mut PgConnection,
    act: &Act,
    person: &queries::Row,
    what: Change,
) -> sqlx::Result<()> {
    let Some(email) = &person.email else { return Ok(()) };
    let id = act.cx.new_id().to_string();
    let letter = act.letters.changed(Lang::of(&person.lang), &person.name, email, what, &id);
    mail::queue(db, &act.cx, &letter).await
}

async fn me(act: &Act, viewer: &Viewer) -> Result<queries::Row, AccountError> {
    let found = queries::person(&mut *act.db.acquire().await?, viewer.id).await?;
    found.ok_or(AccountError::NotFound)
}

/// `POST /tai-khoan/hai-lop/bat`: the first code proves that the app has the secret.
pub(in crate::accounts) async fn switch_on(
    act: Act,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<FactorForm>,
) -> Result<Response, PageError> {
    let FactorForm { secret, code, password, tiep } = form.data;
    if viewer.second_factor {
        return Ok(go(SECOND_FACTOR));
    }
    let person = me(&act, &viewer).await?;
    let mut errors = Errors::new(page.lang);
    let step = totp::step_of(&secret, &code, act.cx.now);
    if step.is_none() {
        errors.add("code", wrong_code());
    }
    let typed = ("password", password.as_str());
    proves(&act.db, &act.cx, &act.throttle, &act.device, &person, typed, &mut errors).await?;
    let Some(step) = step.filter(|_| errors.is_empty()) else {
        // A secret that cannot be read is not asked for again.
        let whole = totp::current_code(&secret, act.cx.now).is_some();
        let secret = if whole { secret } else { totp::new_secret() };
        return Ok(again(enrol(page, &viewer, secret, tiep, errors)));
    };
    let mut tx = act.db.begin().await?;
    totp::confirm(&mut tx, &act.cx, person.id, &secret, step).await?;
    let codes = totp::new_recovery_codes(&mut tx, &act.cx, person.id).await?;
    tell(&mut tx, &act, &person, Change::SecondFactorOn).await?;
    let token = sessions::open(&mut tx, &act.cx, person.id, &act.device, true).await?;
    tx.commit().await?;
    let shown = RecoveryPage { page, codes, onward: with_onward(ENTER, &tiep) };
    let mut response = Html(shown).into_response();
    response.headers_mut().extend(sessions::cookie(token, act.device.https));
    Ok(response)
}

/// `POST /tai-khoan/hai-lop/ma-du-phong`: new recovery codes.
pub(in crate::accounts) async fn renew_codes(
    act: Act,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<FactorForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    shows_code(&act, viewer.id, &form.data.code, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(again(manage(&act.db, page, &viewer, errors).await?));
    }
    let mut tx = act.db.begin().await?;
    let codes = totp::new_recovery_codes(&mut tx, &act.cx, viewer.id).await?;
    tx.commit().await?;
    Ok(Html(RecoveryPage { page, codes, onward: SECOND_FACTOR.to_owned() }).into_response())
}

/// `POST /tai-khoan/hai-lop/tat`: with password and code; not for those who must have it.
pub(in crate::accounts) async fn switch_off(
    act: Act,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<FactorForm>,
) -> Result<Response, PageError> {
    if must(&viewer) {
        return Err(PageError::not_found());
    }
    let person = me(&act, &viewer).await?;
    let mut errors = Errors::new(page.lang);
    let typed = ("password", form.data.password.as_str());
    proves(&act.db, &act.cx, &act.throttle, &act.device, &person, typed, &mut errors).await?;
    if errors.is_empty() {
        shows_code(&act, viewer.id, &form.data.code, &mut errors).await?;
    }
    if !errors.is_empty() {
        return Ok(again(manage(&act.db, page, &viewer, errors).await?));
    }
    let mut tx = act.db.begin().await?;
    totp::reset_second_factor(&mut tx, person.id).await?;
    tell(&mut tx, &act, &person, Change::SecondFactorOff).await?;
    tx.commit().await?;
    let line = page.t("Đã tắt xác thực hai lớp.", "The second factor is switched off.");
    Ok(go_with(&page, SECOND_FACTOR, line))
}
