//! The operator sees how the machine does and puts things right.

use crate::support::World;
use reqwest::StatusCode;
use santinh::platform::{jobs, mail};

#[tokio::test]
async fn a_job_that_was_given_up_is_run_again() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    let mut db = world.db.acquire().await.unwrap();
    // A mail to nowhere can never be sent.
    let letter = mail::Mail {
        to: "không phải địa chỉ".into(),
        subject: "Thư thử".into(),
        body: "Mở /dat-lai-mat-khau/bi-mat".into(),
        dedup_key: "test:1".into(),
    };
    mail::queue(&mut db, &world.cx(), &letter).await.unwrap();
    world.run_jobs().await;
    an.browser.get("/van-hanh").await.ok().shows("Có việc đã dừng");
    let failed = an.browser.get("/van-hanh/cong-viec").await.ok().shows("platform.deliver_mail");
    sqlx::query("update platform.mails set recipient = 'lan@vidu.vn'")
        .execute(&world.db)
        .await
        .unwrap();
    let form = failed.form("form[action$='/chay-lai']");
    an.browser.send(&form).await.ok().shows("xếp chạy lại").lacks("platform.deliver_mail");
    assert_eq!(an.browser.send(&form).await.status, StatusCode::NOT_FOUND, "it waits already");
    world.run_jobs().await;
    // Outside the demo nobody reads secrets here, nor finds addresses out by a part of them.
    an.browser.get("/van-hanh/thu?nguoi_nhan=lan@").await.ok().shows("Không có thư nào");
    let mails = an.browser.get("/van-hanh/thu?nguoi_nhan=LAN@vidu.vn").await.ok().shows("Đã gửi");
    assert!(mails.texts("td").concat().contains("l•••@vidu.vn"), "{}", mails.main_text());
    assert!(!mails.texts("table").concat().contains("lan@vidu.vn"));
    // The mail can be looked at and sent once more; the button pressed twice sends one.
    let page = an.browser.get(&mails.link("Thư thử")).await.ok().shows("l•••@vidu.vn");
    let page = page.lacks("bi-mat").lacks("lan@vidu.vn");
    let again = page.form("form[action$='/gui-lai']");
    an.browser.send(&again).await.ok();
    an.browser.send(&again).await.ok();
    let mails = "select count(*) from platform.jobs where done_at is null and handler = 'platform.deliver_mail'";
    let jobs: i64 = sqlx::query_scalar(mails).fetch_one(&world.db).await.unwrap();
    assert_eq!(jobs, 1);
    world.run_jobs().await;
    let acts: Vec<String> = sqlx::query_scalar("select action from platform.audit order by seq")
        .fetch_all(&world.db)
        .await
        .unwrap();
    assert_eq!(acts.iter().filter(|a| *a == "operator.resend_mail").count(), 1, "{acts:?}");
    assert_eq!(acts.iter().filter(|a| *a == "operator.replay_job").count(), 1, "{acts:?}");
    jobs::enqueue(&mut db, &world.cx(), "nobody.hears", "1", &()).await.unwrap();
    an.browser.get("/van-hanh/cong-viec?xem=cho").await.ok().shows("nobody.hears");
}

#[tokio::test]
async fn roles_are_granted_and_revoked_but_not_ones_own() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    let lan = world.person("Lan", "lan@vidu.vn").await;
    assert_eq!(lan.browser.get("/van-hanh/vai-tro").await.status, StatusCode::NOT_FOUND);
    let form =
        an.browser.get("/van-hanh/vai-tro").await.ok().form("form[action='/van-hanh/vai-tro']");
    let nobody =
        an.browser.send(&form.clone().with("email", "x@y.vn").with("vai_tro", "officer")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(nobody.form("form[action='/van-hanh/vai-tro']").value("email"), Some("x@y.vn"));
    let own =
        an.browser.send(&form.clone().with("email", "an@san.vn").with("vai_tro", "officer")).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    an.browser
        .send(&form.with("email", "LAN@vidu.vn").with("vai_tro", "officer"))
        .await
        .ok()
        .shows("Lan");
    let officer = world.signed_in(lan.id, true).await;
    officer.get("/so-cong-thuong/chi-tieu").await.ok();
    let page = an.browser.get("/van-hanh/vai-tro").await.ok();
    an.browser.send(&page.form("form[action$='/thu-hoi']")).await.ok();
    assert_eq!(officer.get("/so-cong-thuong/chi-tieu").await.status, StatusCode::NOT_FOUND);
    let own = [("nguoi", an.id.to_string()), ("vai_tro", "operator".to_owned())];
    let own: Vec<(&str, &str)> = own.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let refused = an.browser.post("/van-hanh/vai-tro/thu-hoi", &own).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_rule_gets_a_new_value_from_a_day_on_and_the_chain_tells() {
    let world = World::new().await;
    let an = world.operator("An", "an@san.vn").await;
    let form =
        an.browser.get("/van-hanh/quy-tac").await.ok().form("form[action='/van-hanh/quy-tac']");
    let form = form
        .with("quy_tac", "listing.tg2_min_days")
        .with("gia_tri", "20")
        .with("tu_ngay", "2027-01-01");
    let bad =
        an.browser.send(&form.clone().with("gia_tri", "-1").with("can_cu", "Quyết định 1")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("can_cu", "Quyết định 1");
    an.browser.send(&form).await.ok();
    let mut db = world.db.acquire().await.unwrap();
    let mut value = async |day: &str| {
        let day = day.parse().unwrap();
        santinh::platform::rules::value(&mut db, "listing.tg2_min_days", day, 0).await.unwrap()
    };
    assert_eq!((value("2026-12-31").await, value("2027-01-01").await), (30, 20));
    let log =
        an.browser.get("/van-hanh/nhat-ky?doi_tuong=rule:").await.ok().shows("operator.set_rule");
    let log = an.browser.send(&log.form("form[action$='/kiem-tra']")).await.ok();
    assert!(log.contains("toàn vẹn"), "{}", log.main_text());
    sqlx::query("update platform.audit set action = 'x'").execute(&world.db).await.unwrap();
    an.browser.send(&log.form("form[action$='/kiem-tra']")).await.ok().shows("CẢNH BÁO");
    an.browser
        .get("/van-hanh/nhat-ky?nguoi=an@san.vn&truoc=-1")
        .await
        .ok()
        .shows("Không có dòng nào");
}

#[tokio::test]
async fn to_others_the_desk_does_not_exist() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    for path in [
        "/van-hanh",
        "/van-hanh/cong-viec",
        "/van-hanh/thu",
        "/van-hanh/vai-tro",
        "/van-hanh/quy-tac",
        "/van-hanh/nhat-ky",
        "/van-hanh/thu/abc",
    ] {
        assert_eq!(hoa.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/demo", "/demo/thu"] {
        assert_eq!(
            hoa.browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "only in the demo: {path}"
        );
    }
    let demo = World::with(&[("SANTINH_DEMO", "true")]).await;
    demo.browser().get("/demo").await.ok();
    demo.browser().get("/demo/thu?nguoi_nhan=%25&truoc=x").await.ok().shows("Chưa có thư");
    assert_eq!(demo.browser().get("/demo/thu/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn in_the_demo_mails_can_be_read() {
    let world = World::with(&[("SANTINH_DEMO", "true")]).await;
    let an = world.operator("An", "an@san.vn").await;
    let letter = mail::Mail {
        to: "lan@vidu.vn".into(),
        subject: "Thư thử".into(),
        body: "Mở liên kết này".into(),
        dedup_key: "test:1".into(),
    };
    mail::queue(&mut world.db.acquire().await.unwrap(), &world.cx(), &letter).await.unwrap();
    let mails = an.browser.get("/van-hanh/thu?nguoi_nhan=lan").await.ok().shows("lan@vidu.vn");
    an.browser.get(&mails.link("Thư thử")).await.ok().shows("Mở liên kết này");
}

#[tokio::test]
async fn a_rule_holds_on_its_last_day_and_not_on_the_next() {
    use santinh::platform::rules;
    let world = World::new().await;
    let mut db = world.db.acquire().await.unwrap();
    let line = "vat.reduced_bps,800,bps,2025-07-01,2026-12-31,";
    assert!(include_str!("../../data/rules.csv").contains(line));
    for (day, value) in
        [("2025-06-30", -1), ("2025-07-01", 800), ("2026-12-31", 800), ("2027-01-01", -1)]
    {
        let found = rules::value(&mut db, "vat.reduced_bps", day.parse().unwrap(), -1).await;
        assert_eq!(found.unwrap(), value, "on {day}");
    }
    // A decree replaced by another: on each day one of them holds.
    for day in ["2026-06-30", "2026-07-01"] {
        let rows: i64 = sqlx::query_scalar(
            "select count(*) from platform.rules where key = 'tax.goods.vat_bps' and valid_from <= $1::date
             and (valid_to is null or valid_to > $1::date)",
        )
        .bind(day.parse::<santinh::kernel::Day>().unwrap())
        .fetch_one(&world.db)
        .await
        .unwrap();
        assert_eq!(rows, 1, "{day}");
    }
    let an = world.operator("An", "an@san.vn").await;
    an.browser.get("/van-hanh/quy-tac").await.ok().shows("31/12/2026").shows("30/06/2026");
}
