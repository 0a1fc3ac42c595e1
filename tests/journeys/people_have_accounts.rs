//! Anybody signs up, proves an address, signs in, looks after sessions, passwords and addresses.

use crate::support::{
    World,
    browser::{Answer, Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::accounts::{self, NewPerson};
use santinh::kernel::{Lang, PersonId};

const PASSWORD: &str = "trời mưa nhỏ ở Khe Sanh";

async fn signs_up(browser: &Browser, login: &str) -> Answer {
    let form = browser.get("/dang-ky").await.form("form[action='/dang-ky']");
    let form = form
        .with("name", "Hồ Thị Lan")
        .with("login", login)
        .with("password", PASSWORD)
        .with("terms", "1")
        .with("privacy", "1");
    browser.send(&form).await
}

async fn signs_in(browser: &Browser, login: &str, password: &str) -> Answer {
    let form = browser.get("/dang-nhap").await.form("form[action='/dang-nhap']");
    browser.send(&form.with("login", login).with("password", password)).await
}

/// Somebody whose address is proved.
async fn somebody(world: &World, email: &str) -> PersonId {
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

async fn is_in(browser: &Browser) -> bool {
    browser.get("/tai-khoan").await.path == "/tai-khoan"
}

async fn count(world: &World, sql: &'static str) -> i64 {
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
async fn sessions_are_listed_and_revoked() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let (home, cafe, other) = (world.browser(), world.browser(), world.browser());
    for browser in [&home, &cafe, &other] {
        signs_in(browser, "minh@vidu.vn", PASSWORD).await;
    }
    let page = home.get("/tai-khoan/phien").await.ok().shows("127.0.0.1").shows("thiết bị này");
    assert_eq!(page.texts("tbody tr").len(), 3);
    let revoke = page.form("form[action$='/ket-thuc']");

    // Not another person's.
    let lan = world.browser();
    somebody(&world, "lan@vidu.vn").await;
    signs_in(&lan, "lan@vidu.vn", PASSWORD).await;
    assert_eq!(lan.send(&revoke).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lan.post("/tai-khoan/phien/x/ket-thuc", &[]).await.status, StatusCode::NOT_FOUND);

    home.send(&revoke).await.ok().shows("Đã đăng xuất thiết bị đó");
    assert_eq!([is_in(&cafe).await, is_in(&other).await].iter().filter(|x| **x).count(), 1);
    home.post("/tai-khoan/phien/khac", &[]).await.ok();
    assert!(is_in(&home).await && !is_in(&cafe).await && !is_in(&other).await);
    home.post("/dang-xuat", &[]).await;
    assert!(!is_in(&home).await);
    assert_eq!(count(&world, "select count(*) from accounts.sessions").await, 1, "only Lan's");
}

#[tokio::test]
async fn a_session_ends_by_itself_and_notes_that_it_is_used() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let seen =
        "select extract(epoch from last_seen_at - created_at)::bigint from accounts.sessions";
    world.clock.advance(TimeDelta::minutes(9));
    assert!(is_in(&minh).await);
    assert_eq!(count(&world, seen).await, 0);
    world.clock.advance(TimeDelta::minutes(2));
    assert!(is_in(&minh).await);
    assert_eq!(count(&world, seen).await, 660);
    world.clock.advance(TimeDelta::days(30));
    assert!(!is_in(&minh).await);
    world.run_jobs().await;
    assert_eq!(
        count(&world, "select count(*) from accounts.sessions").await,
        0,
        "and is tidied away"
    );
}

#[tokio::test]
async fn a_cookie_from_before_the_sign_in_is_worth_nothing_after_it() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let planted = "a".repeat(64);
    let plain =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let sign_in = |cookie: String| {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("login", "minh@vidu.vn")
            .append_pair("password", PASSWORD)
            .finish();
        plain
            .post(format!("{}/dang-nhap", world.base))
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    };
    let account = |cookie: String| {
        plain.get(format!("{}/tai-khoan", world.base)).header("cookie", cookie).send()
    };
    let first = sign_in(format!("sid={planted}")).await.unwrap();
    let set = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"),
        "{set}"
    );
    let fresh = set.split(';').next().unwrap().to_owned();
    assert_ne!(fresh, format!("sid={planted}"));
    assert_eq!(account(format!("sid={planted}")).await.unwrap().status(), StatusCode::SEE_OTHER);
    assert_eq!(account(fresh.clone()).await.unwrap().status(), StatusCode::OK);
    // Signing in again replaces the session: who had the old cookie has nothing.
    let again = sign_in(fresh.clone()).await.unwrap();
    assert!(again.headers().contains_key("set-cookie"));
    assert_eq!(account(fresh).await.unwrap().status(), StatusCode::SEE_OTHER);
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
async fn a_password_is_changed_with_the_old_one() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let (home, cafe) = (world.browser(), world.browser());
    signs_in(&home, "minh@vidu.vn", PASSWORD).await;
    signs_in(&cafe, "minh@vidu.vn", PASSWORD).await;
    let form = home.get("/tai-khoan/mat-khau").await.form("form[action='/tai-khoan/mat-khau']");
    let form = form.with("password", "một câu mới dài hơn");
    let wrong = home.send(&form.clone().with("old_password", "đoán đại")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    home.send(&form.with("old_password", PASSWORD)).await.ok().shows("Đã đổi mật khẩu");
    assert!(is_in(&home).await && !is_in(&cafe).await);
    signs_in(&cafe, "minh@vidu.vn", "một câu mới dài hơn").await;
    assert!(is_in(&cafe).await);
    assert!(world.mails_to("minh@vidu.vn").await.last().unwrap().0.contains("Mật khẩu đã đổi"));
}

#[tokio::test]
async fn an_address_book_is_kept_with_old_names_and_is_nobody_elses() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let form = minh.get("/tai-khoan/dia-chi/moi").await.form("form[action='/tai-khoan/dia-chi']");
    let form = form.with("phone", "0912 345 678").with("line", "12 đường Hùng Vương");
    // Without JavaScript: the button of the field asks, the page offers.
    let asked =
        minh.send(&form.clone().with("xa_q", "tt khe sanh").with("act", "commune")).await.ok();
    let asked = asked.shows("trước đây: Thị trấn Khe Sanh");
    let code = asked.attributes("input[name=xa]", "value").remove(0);
    let filled =
        asked.form("form[action='/tai-khoan/dia-chi']").with("xa", &code).with("act", "save");
    let (one, two) = tokio::join!(minh.send(&filled), minh.send(&filled));
    let book = one.ok().shows("Xã Khe Sanh, Quảng Trị").shows("mặc định");
    two.ok();
    assert_eq!(book.texts(".panel").len(), 1);
    // A whole old name needs no choice; a name of several places is asked.
    let form = minh.get("/tai-khoan/dia-chi/moi").await.form("form[action='/tai-khoan/dia-chi']");
    let form = form.with("phone", "0912 345 678").with("line", "Thôn 1");
    let unclear = minh.send(&form.clone().with("xa_q", "Tân Lập")).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    unclear.shows("hãy chọn một");
    let second = form.with("xa_q", "thi tran khe sanh, huong hoa").with("is_default", "1");
    minh.send(&second).await.ok();
    let book = minh.get("/tai-khoan/dia-chi").await;
    assert_eq!(book.texts(".panel").len(), 2);
    assert!(book.texts(".panel")[0].contains("Thôn 1"), "the new default comes first");

    let edit = book.link("Sửa");
    let delete = book.form("form[action$='/xoa']");
    let lan = world.browser();
    somebody(&world, "lan@vidu.vn").await;
    signs_in(&lan, "lan@vidu.vn", PASSWORD).await;
    assert_eq!(lan.get(&edit).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lan.send(&delete).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        lan.post(&delete.action.replace("/xoa", "/mac-dinh"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let stolen = minh.get(&edit).await.form("form.form");
    assert_eq!(lan.send(&stolen).await.status, StatusCode::NOT_FOUND);
    minh.send(&stolen.with("line", "Thôn 2")).await.ok().shows("Thôn 2");
    let left = minh.send(&delete).await.ok();
    assert_eq!(left.texts(".panel").len(), 1);
    left.shows("mặc định");
}

#[tokio::test]
async fn consent_is_given_and_taken_back() {
    let world = World::new().await;
    somebody(&world, "minh@vidu.vn").await;
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let page = minh.get("/tai-khoan/dong-y").await.ok();
    let page =
        minh.send(&page.form("form.panel").with("act", "give")).await.ok().shows("phiên bản");
    let form = page.form(".panel form[action='/tai-khoan/dong-y']");
    minh.send(&form.with("act", "withdraw")).await.ok().shows("đã rút lại");
    assert_eq!(
        count(&world, "select count(*) from accounts.consents where withdrawn_at is not null")
            .await,
        1
    );
    let required =
        minh.post("/tai-khoan/dong-y", &[("purpose", "terms"), ("act", "withdraw")]).await;
    assert_eq!(required.status, StatusCode::NOT_FOUND);
    let unknown = minh.post("/tai-khoan/dong-y", &[("purpose", "x"), ("act", "give")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_closed_account_leaves_nobody_behind() {
    let world = World::new().await;
    let id = somebody(&world, "minh@vidu.vn").await;
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let form = minh.get("/tai-khoan/dong").await.form("form[action='/tai-khoan/dong']");
    let careless = minh.send(&form.clone().with("old_password", PASSWORD)).await;
    assert_eq!(careless.status, StatusCode::UNPROCESSABLE_ENTITY);
    minh.send(&form.with("old_password", PASSWORD).with("agree", "1")).await;
    assert!(!is_in(&minh).await);
    let (name, reachable): (String, bool) = sqlx::query_as(
        "select name, email is not null or phone is not null or password_hash is not null from accounts.people where id = $1",
    )
    .bind(id.0)
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert!(!reachable && name != "Trần Văn Minh");
    // The address is free again.
    signs_up(&minh, "minh@vidu.vn").await.ok();
    let link = world.link_in_mail_to("minh@vidu.vn").await;
    let form = minh.get(&link).await.ok().form("form[method=post].form");
    minh.send(&form.with("password", PASSWORD)).await;
    assert!(is_in(&minh).await);
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

#[tokio::test]
async fn a_phone_number_is_changed_and_nobody_learns_whose_it_was() {
    let world = World::new().await;
    let minh_id = somebody(&world, "minh@vidu.vn").await;
    signs_up(&world.browser(), "0912 345 678").await.ok();
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let form = |page: &Answer| page.form("form[action='/tai-khoan/so-dien-thoai']");
    let page = minh.get("/tai-khoan").await.ok().shows("chưa có");
    for wrong in ["123", "", "khong phai so", "+1 202 555 0100"] {
        let refused = minh.send(&form(&page).with("phone", wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.texts("#e-phone").concat().contains("Số điện thoại chưa đúng"), "{wrong}");
        assert_eq!(refused.attributes("#f-phone", "value"), [wrong], "what was typed stays");
        assert_eq!(refused.attributes("#f-name", "value"), ["Trần Văn Minh"]);
    }
    let saved = minh.send(&form(&page).with("phone", "0987.654.321")).await.ok();
    let own = saved.shows("Đã lưu số điện thoại").shows("0987 654 321").main_text();
    let again = world.browser();
    signs_in(&again, "0987654321", PASSWORD).await;
    again.get("/tai-khoan").await.ok().shows("minh@vidu.vn");
    world.run_jobs().await;
    assert!(
        world.mails_to("minh@vidu.vn").await.iter().any(|m| m.0.contains("Số điện thoại đã đổi"))
    );
    // A number that is another account's: he hears and sees the very same.
    let taken = minh.send(&form(&page).with("phone", "0912345678")).await.ok();
    assert_eq!(taken.main_text(), own.replace("0987 654 321", "0912 345 678"));
    let person = accounts::person(&mut world.db.acquire().await.unwrap(), minh_id).await.unwrap();
    assert_eq!(person.unwrap().phone.as_deref(), Some("+84912345678"), "he is called under it");
    // Its owner keeps it.
    let owner = world.browser();
    signs_in(&owner, "0912 345 678", PASSWORD).await;
    owner.get("/tai-khoan").await.ok().lacks("minh@vidu.vn");
    // The number before has ended in either case.
    let old = world.browser();
    signs_in(&old, "0987654321", PASSWORD).await;
    assert!(!is_in(&old).await);
    // Nobody walks through numbers.
    let mut last = StatusCode::OK;
    for n in 0..20 {
        let number = format!("0905 000 0{n:02}");
        last = minh.send(&form(&page).with("phone", &number)).await.status;
    }
    assert_eq!(last, StatusCode::UNPROCESSABLE_ENTITY);
}
