//! Anybody signs up, proves an address, signs in; nobody else gets in or learns who is here.

use crate::support::{
    World,
    browser::{Answer, Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::accounts::{self, NewPerson};
use santinh::kernel::{Lang, PersonId};

pub(super) const PASSWORD: &str = "trời mưa nhỏ ở Khe Sanh";

pub(super) async fn signs_up(browser: &Browser, login: &str) -> Answer {
    let form = browser.get("/dang-ky").await.form("form[action='/dang-ky']");
    let form = form
        .with("name", "Hồ Thị Lan")
        .with("login", login)
        .with("password", PASSWORD)
        .with("terms", "1")
        .with("privacy", "1");
    browser.send(&form).await
}

pub(super) async fn signs_in(browser: &Browser, login: &str, password: &str) -> Answer {
    let form = browser.get("/dang-nhap").await.form("form[action='/dang-nhap']");
    browser.send(&form.with("login", login).with("password", password)).await
}

/// Somebody whose address is proved.
pub(super) async fn somebody(world: &World, email: &str) -> PersonId {
    let new = NewPerson {
        name: "Trần Văn Minh".into(),
        email: Some(email.into()),
        phone: None,
        lang: Lang::Vi,
        password_hash: Some(accounts::hash_password(PASSWORD).await.unwrap()),
        email_confirmed: true,
    };
    let mut db = world.db.acquire().await.unwrap();
    accounts::create_person(&mut db, &world.cx(), &new).await.unwrap()
}

pub(super) async fn is_in(browser: &Browser) -> bool {
    browser.get("/tai-khoan").await.path == "/tai-khoan"
}

pub(super) async fn count(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&world.db).await.unwrap()
}

#[tokio::test]
async fn signing_up_needs_the_mailbox_and_the_password() {
    let world = World::new().await;
    let lan = world.browser();
    signs_up(&lan, "Lan@Vidu.VN").await.ok().shows("Hãy mở hộp thư");
    assert!(!is_in(&lan).await, "nothing is proved yet");
    let early = signs_in(&lan, "lan@vidu.vn", PASSWORD).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);

    let link = world.link_in_mail_to("lan@vidu.vn").await;
    let page = lan.get(&link).await.ok().shows("lan@vidu.vn");
    let form = page.form("form[method=post].form");
    // Whoever reads the mailbox but did not sign up gets nothing.
    let wrong = lan.send(&form.clone().with("password", "đoán đại một câu")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_in(&lan).await);
    lan.send(&form.clone().with("password", PASSWORD)).await;
    assert!(is_in(&lan).await);
    lan.get("/tai-khoan").await.ok().shows("Hồ Thị Lan").shows("lan@vidu.vn");
    assert_eq!(lan.get(&link).await.status, StatusCode::GONE, "the link works once");

    let consents: Vec<(String, String, i32, String)> = sqlx::query_as(
        "select purpose, policy_version, length(policy_hash), channel from accounts.consents order by purpose",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    let purposes: Vec<&str> = consents.iter().map(|c| c.0.as_str()).collect();
    assert_eq!(purposes, ["privacy", "terms"], "the box that was not ticked is not there");
    assert!(consents.iter().all(|c| c.2 == 32 && !c.1.is_empty() && c.3 == "/dang-ky"));
}

#[tokio::test]
async fn no_box_is_ticked_before_and_weak_passwords_come_back() {
    let world = World::new().await;
    let lan = world.browser();
    let page = lan.get("/dang-ky").await;
    assert!(page.attributes("input[type=checkbox][checked]", "name").is_empty());
    let form =
        page.form("form[action='/dang-ky']").with("name", "Lan").with("login", "lan@vidu.vn");
    let answer = lan.send(&form.with("password", "12345678")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = answer.shows("quá dễ đoán").shows("Cần đồng ý");
    assert_eq!(answer.attributes("#f-login", "value"), ["lan@vidu.vn"], "what was typed stays");
    assert_eq!(answer.attributes("#f-password", "value"), [""], "but not the password");
    assert_eq!(count(&world, "select count(*) from accounts.people").await, 0);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let stranger = world.browser();

    let taken = signs_up(&stranger, "minh@vidu.vn").await;
    let free = signs_up(&stranger, "chua-co@vidu.vn").await;
    assert_eq!((taken.status, &taken.path), (free.status, &free.path));
    assert_eq!(taken.main_text(), free.main_text());
    let mails = world.mails_to("minh@vidu.vn").await;
    assert!(mails.len() == 1 && mails[0].0.contains("đã có tài khoản"), "{mails:?}");
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    assert!(is_in(&minh).await, "his password is still his");

    let mut answers = Vec::new();
    for login in ["minh@vidu.vn", "khong-ai@vidu.vn", "0912 000 111"] {
        let answer = signs_in(&stranger, login, "đoán đại một câu").await;
        answers.push((answer.status, answer.main_text().replace(login, "")));
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");

    let mut resets = Vec::new();
    for login in ["minh@vidu.vn", "khong-ai@vidu.vn"] {
        let form = stranger.get("/quen-mat-khau").await.form("form[action='/quen-mat-khau']");
        let answer = stranger.send(&form.with("login", login)).await.ok();
        resets.push((answer.path.clone(), answer.main_text()));
    }
    assert_eq!(resets[0], resets[1]);
    world.run_jobs().await;
    assert_eq!(world.mails_to("minh@vidu.vn").await.len(), 2);
    assert!(world.mails_to("khong-ai@vidu.vn").await.is_empty());
}

#[tokio::test]
async fn a_phone_number_is_enough_and_cannot_be_taken_over() {
    let world = World::new().await;
    let owner = world.browser();
    signs_up(&owner, "0912 345 678").await.ok().shows("Đã nhận đăng ký");
    signs_in(&owner, "+84 912 345 678", PASSWORD).await;
    assert!(is_in(&owner).await);
    let thief = world.browser();
    let form = thief.get("/dang-ky").await.form("form[action='/dang-ky']");
    let form = form.with("name", "Kẻ khác").with("login", "0912345678");
    let form = form.with("password", "câu khác hẳn đây").with("terms", "1").with("privacy", "1");
    thief.send(&form).await.ok().shows("Đã nhận đăng ký");
    signs_in(&thief, "0912345678", "câu khác hẳn đây").await;
    assert!(!is_in(&thief).await);
}

#[tokio::test]
async fn a_double_click_signs_up_once() {
    let world = World::new().await;
    let lan = world.browser();
    let form = lan.get("/dang-ky").await.form("form[action='/dang-ky']");
    let form = form.with("name", "Lan").with("login", "lan@vidu.vn").with("password", PASSWORD);
    let form = form.with("terms", "1").with("privacy", "1");
    let (one, two) = tokio::join!(lan.send(&form), lan.send(&form));
    assert_eq!(
        (one.ok().path, two.ok().path),
        ("/dang-ky/da-gui".into(), "/dang-ky/da-gui".into())
    );
    assert_eq!(count(&world, "select count(*) from accounts.people").await, 1);
    assert_eq!(world.mails_to("lan@vidu.vn").await.len(), 1);
    // The password is not in what is kept of the form, not even hashed fast: another one, same answer.
    let other = lan.send(&form.with("password", "một câu khác nữa")).await;
    assert_eq!(other.path, "/dang-ky/da-gui");
}

#[tokio::test]
async fn a_reset_link_works_once_however_fast_it_is_used() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let (minh, phone) = (world.browser(), world.browser());
    signs_in(&phone, "minh@vidu.vn", PASSWORD).await;
    assert!(is_in(&phone).await);
    minh.post("/quen-mat-khau", &[("login", "minh@vidu.vn")]).await.ok();
    world.run_jobs().await;
    let link = world.link_in_mail_to("minh@vidu.vn").await;
    let form = minh.get(&link).await.ok().form("form[method=post].form");
    let (a, b) = (
        form.clone().with("password", "mật khẩu mới thứ nhất"),
        form.clone().with("password", "mật khẩu mới thứ hai"),
    );
    let (one, two) = tokio::join!(minh.send(&a), minh.send(&b));
    let statuses = [one.status, two.status];
    assert!(
        statuses.contains(&StatusCode::GONE) && statuses.contains(&StatusCode::OK),
        "{statuses:?}"
    );
    assert!(!is_in(&phone).await, "every session ends");
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    assert!(!is_in(&minh).await, "the old password ends");
    let winner = if one.status == StatusCode::OK {
        "mật khẩu mới thứ nhất"
    } else {
        "mật khẩu mới thứ hai"
    };
    signs_in(&minh, "minh@vidu.vn", winner).await;
    assert!(is_in(&minh).await);

    world.clock.advance(TimeDelta::minutes(1));
    minh.post("/quen-mat-khau", &[("login", "minh@vidu.vn")]).await.ok();
    world.run_jobs().await;
    let late = world.link_in_mail_to("minh@vidu.vn").await;
    assert_ne!(late, link);
    world.clock.advance(TimeDelta::minutes(61));
    assert_eq!(minh.get(&late).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn guessing_is_stopped_even_when_done_at_once() {
    let world = World::with(&[("SANTINH_SIGN_IN_FAILURES", "3")]).await;
    somebody(&world, "minh@vidu.vn").await;
    let guesser = world.browser();
    let guess = || signs_in(&guesser, "minh@vidu.vn", "đoán đại một câu");
    let (a, b, c, d, e, f) = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess());
    let tried =
        [a, b, c, d, e, f].iter().filter(|x| x.status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(tried, 3);
    let right = signs_in(&guesser, "minh@vidu.vn", PASSWORD).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one is tried");
    // A name that nobody bears is stopped alike.
    for _ in 0..3 {
        signs_in(&guesser, "khong-ai@vidu.vn", "đoán đại một câu").await;
    }
    let unknown = signs_in(&guesser, "khong-ai@vidu.vn", PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(TimeDelta::minutes(16));
    signs_in(&guesser, "minh@vidu.vn", PASSWORD).await;
    assert!(is_in(&guesser).await);
}

#[tokio::test]
async fn an_address_that_guesses_at_many_accounts_is_stopped() {
    let world = World::with(&[("SANTINH_SIGN_IN_FAILURES_PER_ADDRESS", "4")]).await;
    let guesser = world.browser();
    let mut statuses = Vec::new();
    for n in 0..5 {
        let login = format!("nguoi{n}@vidu.vn");
        statuses.push(signs_in(&guesser, &login, "đoán đại một câu").await.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 429]);
}

#[tokio::test]
async fn whoever_signs_in_goes_on_but_never_to_another_site() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    for (onward, end) in [
        ("/tai-khoan/phien", "/tai-khoan/phien"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ] {
        let minh = world.browser();
        let query: String = form_urlencoded::byte_serialize(onward.as_bytes()).collect();
        let form =
            minh.get(&format!("/dang-nhap?tiep={query}")).await.form("form[action='/dang-nhap']");
        let form = form.with("login", "minh@vidu.vn").with("password", PASSWORD);
        assert_eq!(minh.send(&form).await.path, end, "{onward}");
    }
    let guest = world.browser().get("/tai-khoan/dia-chi").await;
    assert_eq!(guest.path, "/dang-nhap?tiep=%2Ftai-khoan%2Fdia-chi");
}

#[tokio::test]
async fn nonsense_in_forms_is_answered_and_never_breaks() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let (guest, minh) = (world.browser(), world.browser());
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let long = "ă".repeat(10_000);
    let nonsense =
        ["", "\u{0}", "-1", "99999999999999999999", "' or 1=1 --", "<script>", long.as_str()];
    let posts = [
        "/dang-ky",
        "/dang-nhap",
        "/quen-mat-khau",
        "/dat-lai-mat-khau/x",
        "/xac-nhan-email/x",
        "/tai-khoan",
        "/tai-khoan/email",
        "/tai-khoan/mat-khau",
        "/tai-khoan/dia-chi",
        "/tai-khoan/dong",
        "/tai-khoan/dong-y",
        "/tai-khoan/hai-lop/ma",
        "/tai-khoan/hai-lop/bat",
        "/tai-khoan/hai-lop/tat",
        "/tai-khoan/hai-lop/ma-du-phong",
        "/tai-khoan/dia-chi/x/xoa",
    ];
    let names = [
        "key",
        "name",
        "login",
        "email",
        "password",
        "old_password",
        "terms",
        "privacy",
        "code",
        "secret",
        "recipient",
        "phone",
        "xa",
        "xa_q",
        "line",
        "lang",
        "purpose",
        "act",
    ];
    for text in nonsense {
        let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
        for path in posts {
            for browser in [&guest, &minh] {
                let status = browser.post(path, &fields).await.status;
                assert!(!status.is_server_error(), "{status} {path} {text:?}");
            }
        }
        let query: String = form_urlencoded::byte_serialize(text.as_bytes()).take(2000).collect();
        let found = guest.get(&format!("/dia-ban/goi-y?name={query}&q={query}")).await;
        assert!(found.status.is_success());
    }
}
