//! Officers and operators prove themselves twice before their desks; anybody may choose to.

use crate::support::{
    World,
    browser::{Answer, Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::accounts::{self, NewPerson, Role};
use santinh::kernel::{Lang, PersonId};

const PASSWORD: &str = "trời mưa nhỏ ở Khe Sanh";
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

async fn officer(world: &World) -> PersonId {
    let new = NewPerson {
        name: "Cán bộ Hoa".into(),
        email: Some("hoa@soct.vn".into()),
        phone: None,
        lang: Lang::Vi,
        password_hash: Some(accounts::hash_password(PASSWORD).await.unwrap()),
        email_confirmed: true,
    };
    let mut db = world.db.acquire().await.unwrap();
    let id = accounts::create_person(&mut db, &world.cx(), &new).await.unwrap();
    accounts::grant_role(&mut db, &world.cx(), id, Role::Officer).await.unwrap();
    id
}

async fn signs_in(browser: &Browser) -> Answer {
    let form = browser.get("/dang-nhap").await.form("form[action='/dang-nhap']");
    browser.send(&form.with("login", "hoa@soct.vn").with("password", PASSWORD)).await
}

fn code(world: &World, secret: &str) -> String {
    accounts::current_code(secret, world.clock.now()).unwrap()
}

async fn gives(browser: &Browser, page: &Answer, code: &str) -> Answer {
    let form = page.form("form[action='/tai-khoan/hai-lop/ma']");
    browser.send(&form.with("code", code)).await
}

#[tokio::test]
async fn an_officer_sets_it_up_at_the_first_sign_in() {
    let world = World::new().await;
    officer(&world).await;
    let hoa = world.browser();
    let page = signs_in(&hoa).await.ok().shows("cần xác thực hai lớp");
    assert_eq!(page.path, "/tai-khoan/hai-lop");
    assert!(page.text.contains("<svg role=\"img\""), "a QR picture");
    assert_eq!(hoa.get("/so-cong-thuong").await.path, "/tai-khoan/hai-lop", "not before");

    let form = page.form("form[action='/tai-khoan/hai-lop/bat']");
    let secret = form.value("secret").unwrap().to_owned();
    let form = form.with("password", PASSWORD);
    let wrong = hoa.send(&form.clone().with("code", "000000")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong.form("form[action='/tai-khoan/hai-lop/bat']").value("secret"),
        Some(secret.as_str())
    );
    let stolen =
        hoa.send(&form.clone().with("code", &code(&world, &secret)).with("password", "đoán")).await;
    assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY, "a stolen session is not enough");
    let on = hoa.send(&form.with("code", &code(&world, &secret))).await.ok().shows("Mã dự phòng");
    let recovery = on.texts("ul code");
    assert_eq!(recovery.len(), 8);
    assert_eq!(hoa.get("/tai-khoan/vao").await.path, "/so-cong-thuong");

    // The next sign-in asks, and the code of the set-up is used up.
    let elsewhere = world.browser();
    let page = signs_in(&elsewhere).await;
    assert_eq!(page.path, "/tai-khoan/hai-lop");
    let used = gives(&elsewhere, &page, &code(&world, &secret)).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
    let first = gives(&elsewhere, &page, &recovery[0].to_lowercase()).await;
    assert_eq!(first.path, "/so-cong-thuong", "a recovery code replaces the phone");
    let third = world.browser();
    let page = signs_in(&third).await;
    let again = gives(&third, &page, &recovery[0]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
}

#[tokio::test]
async fn between_password_and_code_one_is_a_guest() {
    let world = World::new().await;
    let id = officer(&world).await;
    let mut db = world.db.acquire().await.unwrap();
    accounts::set_second_factor(&mut db, &world.cx(), id, SECRET).await.unwrap();
    let hoa = world.browser();
    let page = signs_in(&hoa).await;
    assert!(
        hoa.get("/tai-khoan").await.path.starts_with("/tai-khoan/hai-lop"),
        "sent back to the code"
    );
    assert!(hoa.get("/so-cong-thuong").await.path.starts_with("/tai-khoan/hai-lop"));
    let off = hoa
        .post("/tai-khoan/hai-lop/tat", &[("code", &code(&world, SECRET)), ("password", PASSWORD)])
        .await;
    assert!(off.path.starts_with("/tai-khoan/hai-lop"), "the code page, not the switch");

    // One code, two browsers at once: good once.
    let twin = world.browser();
    let twin_page = signs_in(&twin).await;
    let now = code(&world, SECRET);
    let (one, two) = tokio::join!(gives(&hoa, &page, &now), gives(&twin, &twin_page, &now));
    let refused =
        [&one, &two].iter().filter(|a| a.status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(refused, 1);
    world.clock.advance(TimeDelta::seconds(30));
    let (late, late_page) = if one.status == StatusCode::UNPROCESSABLE_ENTITY {
        (&hoa, &page)
    } else {
        (&twin, &twin_page)
    };
    assert_eq!(gives(late, late_page, &code(&world, SECRET)).await.path, "/so-cong-thuong");
    let must = late.post("/tai-khoan/hai-lop/tat", &[("code", "1"), ("password", PASSWORD)]).await;
    assert_eq!(must.status, StatusCode::NOT_FOUND, "officers cannot switch it off");
}

#[tokio::test]
async fn codes_cannot_be_guessed_through() {
    let world = World::with(&[("SANTINH_SIGN_IN_FAILURES", "3")]).await;
    let id = officer(&world).await;
    let mut db = world.db.acquire().await.unwrap();
    accounts::set_second_factor(&mut db, &world.cx(), id, SECRET).await.unwrap();
    let hoa = world.browser();
    let page = signs_in(&hoa).await;
    for _ in 0..3 {
        gives(&hoa, &page, "abcdef").await.shows("Mã chưa đúng");
    }
    gives(&hoa, &page, &code(&world, SECRET)).await.shows("quá nhiều lần thử");
}

#[tokio::test]
async fn the_cookie_of_the_password_alone_dies_with_the_code() {
    let world = World::new().await;
    let id = officer(&world).await;
    let mut db = world.db.acquire().await.unwrap();
    accounts::set_second_factor(&mut db, &world.cx(), id, SECRET).await.unwrap();
    let plain =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let post = |path: &str, cookie: &str, fields: &[(&str, &str)]| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        plain
            .post(format!("{}{path}", world.base))
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    };
    let cookie = |answer: &reqwest::Response| {
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    };
    let half =
        post("/dang-nhap", "", &[("login", "hoa@soct.vn"), ("password", PASSWORD)]).await.unwrap();
    let half = cookie(&half);
    let whole =
        post("/tai-khoan/hai-lop/ma", &half, &[("code", &code(&world, SECRET))]).await.unwrap();
    let whole = cookie(&whole);
    assert_ne!(half, whole);
    let account = |cookie: String| {
        plain.get(format!("{}/tai-khoan", world.base)).header("cookie", cookie).send()
    };
    assert_eq!(account(half).await.unwrap().status(), StatusCode::SEE_OTHER);
    assert_eq!(account(whole).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn the_desk_is_not_there_for_others() {
    let world = World::new().await;
    let new = NewPerson {
        name: "Lan".into(),
        email: Some("hoa@soct.vn".into()),
        phone: None,
        lang: Lang::En,
        password_hash: Some(accounts::hash_password(PASSWORD).await.unwrap()),
        email_confirmed: true,
    };
    let mut db = world.db.acquire().await.unwrap();
    accounts::create_person(&mut db, &world.cx(), &new).await.unwrap();
    let lan = world.browser();
    signs_in(&lan).await;
    let page = lan.get("/tai-khoan/hai-lop").await.ok().shows("Set up the second factor");
    page.lacks("Officers and operators need");
    assert_eq!(lan.get("/so-cong-thuong").await.status, StatusCode::NOT_FOUND);
}
