//! A shop that was admitted: who works in it, who reads its papers, and how the Department stops it.

use crate::{
    firm_comes_to_sell::{OTHER, ROASTER, decides, hands_in_licence, tells_bank},
    support::{World, people::Somebody},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    enterprises::{self, Kind, NewSeller, Role, Step},
    kernel::{SellerId, TaxCode},
};

/// A shop that the system has admitted, with `owner`.
async fn admitted(world: &World, owner: &Somebody, tax_code: &str, name: &str) -> SellerId {
    let mut tx = world.db.begin().await.unwrap();
    let cx = world.cx();
    let new = NewSeller {
        tax_code: Some(TaxCode::parse(tax_code).unwrap()),
        kind: Kind::Enterprise,
        legal_name: format!("Công ty {name}"),
        shop_name: name.to_owned(),
        commune_code: "19429".into(),
        address: "Khối 3B".into(),
        ..NewSeller::default()
    };
    let id = enterprises::open_shop(&mut tx, &cx, new, Some(owner.id)).await.unwrap();
    enterprises::submit(&mut tx, &cx, id).await.unwrap();
    enterprises::decide(&mut tx, &cx, id, Step::Approve, "", None).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn members_come_by_invitation_and_staff_do_not_touch_the_money() {
    let world = World::new().await;
    let lan = world.person("Lan", "lan@a.vn").await;
    let nam = world.person("Nam", "nam@a.vn").await;
    let thief = world.person("Kẻ gian", "gian@x.vn").await;
    let seller = admitted(&world, &lan, ROASTER, "Sương Sớm").await;
    tells_bank(&lan.browser).await.ok();
    world.run_jobs().await;
    assert!(world.mails_to("lan@a.vn").await.iter().any(|(s, _)| s.contains("vừa thay đổi")));

    let page = lan.browser.get("/ban-hang/thanh-vien").await.ok();
    let form = page.form(r#"form[action="/ban-hang/thanh-vien"]"#).with("email", "NAM@a.vn");
    lan.browser.send(&form).await.ok().shows("nam@a.vn");
    // Sent twice, mailed once.
    lan.browser.send(&form).await.ok();
    assert_eq!(world.mails_to("nam@a.vn").await.len(), 1);
    let link = world.link_in_mail_to("nam@a.vn").await;
    assert_eq!(thief.browser.post(&link, &[]).await.status, StatusCode::NOT_FOUND);
    let page = nam.browser.get(&link).await.ok().shows("Sương Sớm");
    nam.browser.send(&page.form("main form")).await;
    let members =
        enterprises::members(&mut world.db.acquire().await.unwrap(), seller).await.unwrap();
    assert!(members.iter().any(|m| m.person == nam.id && m.role == Role::Staff));
    // Once only.
    assert_eq!(nam.browser.get(&link).await.status, StatusCode::NOT_FOUND);

    // Staff read the account and change nothing of it, nor of the members.
    let bank = nam.browser.get("/ban-hang/ngan-hang").await.ok().shows("007100012345");
    assert!(bank.find_form(r#"form[action="/ban-hang/ngan-hang"]"#).is_none());
    let fields = [("bank", "970415"), ("number", "999999999"), ("name", "NAM")];
    assert_eq!(
        nam.browser.post("/ban-hang/ngan-hang", &fields).await.status,
        StatusCode::FORBIDDEN
    );
    let invite = [
        ("email", "gian@x.vn"),
        ("role", "owner"),
        ("key", "7e57d004-2b97-0e7a-b45f-5387367791cd"),
    ];
    assert_eq!(
        nam.browser.post("/ban-hang/thanh-vien", &invite).await.status,
        StatusCode::FORBIDDEN
    );
    let off = format!("/ban-hang/thanh-vien/{}/go", lan.id);
    assert_eq!(nam.browser.post(&off, &[]).await.status, StatusCode::FORBIDDEN);
    // The last owner stays; staff may leave.
    assert_eq!(lan.browser.post(&off, &[]).await.status, StatusCode::CONFLICT);
    let own = format!("/ban-hang/thanh-vien/{}/go", nam.id);
    assert!(nam.browser.post(&own, &[]).await.status.is_success());
    nam.browser.get("/ban-hang/ngan-hang").await.lacks("007100012345");

    // An invitation lapses after seven days.
    world.clock.advance(TimeDelta::minutes(1));
    let page = lan.browser.get("/ban-hang/thanh-vien").await.ok();
    let form = page.form(r#"form[action="/ban-hang/thanh-vien"]"#).with("email", "nam@a.vn");
    lan.browser.send(&form).await.ok();
    let link = world.link_in_mail_to("nam@a.vn").await;
    world.clock.advance(TimeDelta::days(8));
    assert_eq!(nam.browser.post(&link, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_shown_to_the_shop_and_the_department_alone() {
    let world = World::new().await;
    let lan = world.person("Lan", "lan@a.vn").await;
    let rival = world.person("Rival", "rival@b.vn").await;
    let buyer = world.person("Buyer", "buyer@c.vn").await;
    let officer = world.officer("Minh", "minh@sct.example").await;
    let seller = admitted(&world, &lan, ROASTER, "Sương Sớm").await;
    admitted(&world, &rival, OTHER, "Mây").await;
    let page = hands_in_licence(&lan.browser).await.ok();
    let paper = page.link("Xem tệp");
    let file = lan.browser.get(&paper).await.ok();
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    officer.browser.get(&paper).await.ok();
    for other in [&rival.browser, &buyer.browser] {
        assert_eq!(other.get(&paper).await.status, StatusCode::NOT_FOUND);
        let off = format!("/ban-hang{paper}/go");
        other.post(&off, &[]).await;
        lan.browser.get(&paper).await.ok();
        assert_eq!(
            other.get(&format!("/so-cong-thuong/gian-hang/{seller}")).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(other.get("/so-cong-thuong").await.status, StatusCode::NOT_FOUND);
    }
    assert!(world.browser().get(&paper).await.path.starts_with("/dang-nhap"));
    // An officer whose second factor was not given.
    let weak = Somebody { browser: world.signed_in(officer.id, false).await, ..officer.clone() };
    assert_eq!(weak.browser.get(&paper).await.status, StatusCode::NOT_FOUND);

    // He rejects it with a reason, and the shop reads it.
    let page = officer.browser.get(&format!("/so-cong-thuong/gian-hang/{seller}")).await.ok();
    let form = page.form(r#"form[action*="/giay-to/"]"#);
    let mute = officer.browser.send(&form.clone().with("act", "reject")).await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    officer
        .browser
        .send(&form.with("act", "reject").with("reason", "Ảnh mờ"))
        .await
        .ok()
        .shows("Trả lại");
    lan.browser.get("/ban-hang/giay-to").await.ok().shows("Ảnh mờ");
    let page = lan.browser.get("/ban-hang/giay-to").await.ok();
    lan.browser.send(&page.form(r#"form[action$="/go"]"#)).await.ok().lacks("Ảnh mờ");
    assert_eq!(lan.browser.get(&paper).await.status, StatusCode::NOT_FOUND);
    // Looks and findings are on the chain, which holds.
    let read: i64 = sqlx::query_scalar(
        "select count(*) from platform.audit where action = 'enterprises.read_paper'",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(read, 1);
    let mut db = world.db.acquire().await.unwrap();
    assert!(santinh::platform::audit::verify(&mut db).await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_is_suspended_and_comes_back() {
    let world = World::new().await;
    let lan = world.person("Lan", "lan@a.vn").await;
    let officer = world.officer("Minh", "minh@sct.example").await;
    let seller = admitted(&world, &lan, ROASTER, "Sương Sớm").await;
    let shop = format!("/so-cong-thuong/gian-hang/{seller}");
    let selling = async || {
        let mut db = world.db.acquire().await.unwrap();
        enterprises::is_selling(&mut db, seller).await.unwrap()
    };
    assert!(selling().await);
    // Two officers with the same page: the second is told that it has changed.
    let page = officer.browser.get(&shop).await.ok();
    let form = page.form(&format!(r#"form[action="{shop}"]"#)).with("act", "suspend");
    officer
        .browser
        .send(&form.clone().with("reason", "Bán hàng không rõ nguồn gốc."))
        .await
        .ok()
        .shows("Tạm ngừng");
    assert!(!selling().await);
    let second = officer.browser.send(&form.with("reason", "Lần hai")).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.run_jobs().await;
    let (subject, body) = world.mails_to("lan@a.vn").await.pop().unwrap();
    assert!(
        subject.contains("tạm ngừng") && body.contains("không rõ nguồn gốc"),
        "{subject} {body}"
    );
    lan.browser.get("/ban-hang/ho-so").await.ok().shows("không rõ nguồn gốc");
    decides(&officer, &shop, "reinstate", "Đã bổ sung chứng từ.").await.ok().shows("Đang bán");
    assert!(selling().await);
    assert_eq!(decides(&officer, &shop, "nonsense", "x").await.status, StatusCode::NOT_FOUND);

    // An officer who is a member of the shop looks on.
    let mut db = world.db.acquire().await.unwrap();
    enterprises::add_member(&mut db, &world.cx(), seller, officer.id, Role::Staff).await.unwrap();
    let page = officer.browser.get(&shop).await.ok().shows("không thể xét duyệt");
    assert!(page.find_form(&format!(r#"form[action="{shop}"]"#)).is_none());
    let forced = [("act", "suspend"), ("reason", "x"), ("version", "5")];
    assert_eq!(officer.browser.post(&shop, &forced).await.status, StatusCode::FORBIDDEN);
}
