//! What people are told: under the bell, by mail, by short message, each thing once.

use crate::{
    buyers_judge_goods::{completes, orders_one},
    market::{count, goods, stall},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn news_stand_under_the_bell_until_they_are_read() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let guest = world.browser();
    world.run_jobs().await;
    let home = guest.get("/").await.ok();
    assert!(home.texts(".top a[href='/thong-bao']").is_empty(), "a guest has no bell");
    let (_, code, _) = orders_one(&world, &guest, &hat).await;
    world.run_jobs().await;
    world.run_jobs().await;

    let bell = |answer: &crate::support::browser::Answer| {
        answer.texts(".top a[href='/thong-bao'] .count").join("")
    };
    // On pages that are kept in memory everybody has his own bell.
    for path in ["/", "/tim?q=non", "/gian-hang"] {
        assert_eq!(bell(&seller.browser.get(path).await.ok()), "1 chưa đọc", "{path}");
        assert_eq!(bell(&buyer.browser.get(path).await.ok()), "", "{path}");
        assert!(guest.get(path).await.ok().texts(".top a[href='/thong-bao']").is_empty());
    }
    let list = seller.browser.get("/thong-bao").await.ok().shows(&code);
    let href = list.attributes("main .items a", "href").remove(0);
    assert_eq!(buyer.browser.get(&href).await.status, StatusCode::NOT_FOUND);
    let order = seller.browser.get(&href).await.ok();
    assert_eq!(order.path, format!("/ban-hang/don-hang/{code}"));
    assert_eq!(bell(&order), "");
    let english = seller.browser.get("/thong-bao?lang=en").await.ok();
    english.shows("New order");
    // Telling it again tells nothing.
    sqlx::query(
        "update platform.jobs set done_at = null, attempt = 0 where handler like 'notices.tell%'",
    )
    .execute(&world.db)
    .await
    .unwrap();
    world.run_jobs().await;
    assert_eq!(count(&world, "select count(*) from notices.items").await, 1);
    // Who ordered without an address is told by short message, once.
    assert_eq!(
        count(&world, "select count(*) from notices.texts where sent_at is not null").await,
        1
    );
    let sent: Vec<_> = std::fs::read_dir(world.var().join("sms")).unwrap().collect();
    assert_eq!(sent.len(), 1);
    let text = std::fs::read_to_string(sent[0].as_ref().unwrap().path()).unwrap();
    assert!(
        text.starts_with("+84987654321\n") && text.contains(&code) && text.is_ascii(),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_what_they_are_told_by_mail() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    orders_one(&world, &buyer.browser, &hat).await;
    world.run_jobs().await;

    // The shop's day comes once a day, and not once it is switched off.
    let digests = "select count(*) from platform.mails where subject like 'Việc hôm nay%'";
    world.wait(TimeDelta::hours(1)).await;
    world.wait(TimeDelta::hours(1)).await;
    assert_eq!(count(&world, digests).await, 1);
    let page = seller.browser.get("/thong-bao/tuy-chon").await.ok().shows("luôn gửi");
    let form = page.form("#tuy-chon");
    assert!(form.fields.contains(&("on".into(), "digest.mail".into())), "{form:?}");
    let mut without = form.clone();
    without.fields.retain(|(_, value)| value != "digest.mail");
    seller.browser.send(&without).await.ok();
    world.wait(TimeDelta::days(1)).await;
    assert_eq!(count(&world, digests).await, 1);
    buyer.browser.get("/thong-bao/tuy-chon").await.ok().lacks("Tóm tắt mỗi ngày");

    // The buyer is asked once what he thinks, some days after.
    let (order, code, _) = orders_one(&world, &buyer.browser, &hat).await;
    completes(&world, order).await;
    world.run_jobs().await;
    let asks = "select count(*) from platform.mails where subject like 'Bạn thấy hàng của%'";
    assert_eq!(count(&world, asks).await, 0);
    world.wait(TimeDelta::days(3) + TimeDelta::minutes(1)).await;
    world.wait(TimeDelta::days(3)).await;
    assert_eq!(count(&world, asks).await, 1);
    let mails = world.mails_to("huong@example.vn").await;
    let (_, body) = mails.iter().find(|(s, _)| s.starts_with("Bạn thấy hàng")).unwrap();
    assert!(body.contains(&format!("/don-hang/{code}/danh-gia?k=")), "{body}");
    let start = body.rfind(&world.base).unwrap() + world.base.len();
    let stop: String = body[start..].chars().take_while(|c| !c.is_whitespace()).collect();
    let guest = world.browser();
    let page = guest.get(&stop).await.ok();
    guest.send(&page.form("main form")).await.ok().shows("không gửi thư mời");
    let (order, ..) = orders_one(&world, &buyer.browser, &hat).await;
    completes(&world, order).await;
    world.run_jobs().await;
    world.wait(TimeDelta::days(4)).await;
    assert_eq!(count(&world, asks).await, 1, "who refused is not asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_dated_with_what_it_is_about() {
    let world = World::new().await;
    let floor = crate::shop_floor::shop(&world, "Cà phê", "0101197803", 10).await;
    use crate::shop_floor::{group, wish};
    let then = santinh::kernel::Cx::at(world.clock.now() - TimeDelta::days(2));
    let order = group(&world, None, vec![wish(&floor, 1, santinh::orders::PaymentMethod::Cod)]);
    let mut tx = world.db.begin().await.unwrap();
    santinh::orders::place(&mut tx, &then, order).await.unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    let told: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("select told_at from notices.items").fetch_one(&world.db).await.unwrap();
    assert_eq!(told.timestamp(), then.now.timestamp());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_hears_under_the_bell_how_it_stands() {
    let world = World::new().await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let officer = world.officer("Cán bộ", "canbo@quangtri.gov.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(cuc.id)).await;
    let mut tx = world.db.begin().await.unwrap();
    let cx = world.cx().by(santinh::kernel::Actor::Person(officer.id));
    let step = santinh::enterprises::Step::Suspend;
    santinh::enterprises::decide(&mut tx, &cx, shop.seller, step, "Giấy tờ hết hạn", None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    cuc.browser.get("/thong-bao").await.ok().shows("Gian hàng của bạn: Tạm ngừng");
    cuc.browser.get("/thong-bao?lang=en").await.ok().shows("Your shop: Suspended");
    assert_eq!(count(&world, "select count(*) from notices.items where kind = 'shop'").await, 1);
}
