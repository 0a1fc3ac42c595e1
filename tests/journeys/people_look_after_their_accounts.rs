//! Somebody with an account looks after sessions, password, number, addresses and consents, and closes it.

use crate::{
    people_have_accounts::{PASSWORD, count, is_in, signs_in, signs_up, somebody},
    support::{World, browser::Answer},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    accounts,
    organisations::{self, NewOrganisation, OrgRole},
};

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
async fn who_alone_administers_a_firm_hands_it_over_before_he_closes_his_account() {
    let world = World::new().await;
    let id = somebody(&world, "minh@vidu.vn").await;
    let colleague = world.person("Lan", "lan@vidu.vn").await;
    let new = NewOrganisation {
        tax_code: "3200000034".into(),
        name: "Khách sạn Biển".into(),
        address: "1 Biển".into(),
        commune_code: crate::market::KHE_SANH.into(),
        email: String::new(),
    };
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let org = organisations::open(&mut tx, &cx, id, &new).await.unwrap();
    let roles = [OrgRole::Requester];
    organisations::add_member(&mut tx, &cx, org, colleague.id, &roles).await.unwrap();
    tx.commit().await.unwrap();
    let minh = world.browser();
    signs_in(&minh, "minh@vidu.vn", PASSWORD).await;
    let form = minh.get("/tai-khoan/dong").await.form("form[action='/tai-khoan/dong']");
    let form = form.with("old_password", PASSWORD).with("agree", "1");
    let refused = minh.send(&form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("người quản trị duy nhất");
    assert!(is_in(&minh).await);
    let path = format!("/to-chuc/thanh-vien/{}", colleague.id);
    minh.post(&path, &[("vai_tro", "administrator")]).await.ok();
    minh.send(&form).await;
    assert!(!is_in(&minh).await);
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
