//! A flood: the operator pauses delivery to communes. And carriers' prices at checkout.

use crate::{
    market::{goods, presses, puts_in, says_where, stall, up_to_review},
    support::{
        World,
        carriers::{Bad, SHOP, Sim, TOKEN},
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;

#[tokio::test]
async fn nothing_is_brought_there_until_it_is_over_and_sellers_have_time() {
    let world = World::new().await;
    let shop = stall(&world, "Nón lá", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let before = world.browser();
    puts_in(&before, &hat, "1").await.ok();
    let placed = presses(&before, &up_to_review(&before).await).await.ok();
    assert!(placed.path.starts_with("/dat-hang/xong/"), "{}", placed.path);
    let due = "select due_at from orders.orders";
    let was: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar(due).fetch_one(&world.db).await.unwrap();

    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let page = operator.browser.get("/van-hanh/tam-dung-giao").await.ok();
    let form = page.form("form[action=\"/van-hanh/tam-dung-giao\"]");
    let empty = operator.browser.send(&form).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("ly_do", "Lũ trên sông Sê Băng Hiêng").with("den_ngay", "2026-11-24");
    let form = form.and("xa", "19429");
    operator.browser.send(&form).await.ok().shows("Đang dừng").shows("Khe Sanh");
    world.run_jobs().await;
    world.run_jobs().await;
    let now: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar(due).fetch_one(&world.db).await.unwrap();
    // From nine in the morning to the end of the day after tomorrow: 63 hours.
    assert_eq!(now - was, TimeDelta::hours(63));
    let buyer = world.browser();
    puts_in(&buyer, &hat, "1").await.ok();
    let page = says_where(&buyer).await;
    let page = page.shows("tạm dừng giao hàng").shows("Lũ trên sông").shows("Đến lấy tại cửa hàng");
    assert!(page.attributes("input[type=radio]", "value").iter().all(|v| v != "own"));
    // Whoever had chosen it before does not get it either.
    let forced = buyer
        .send(
            &page.form("main form").with(&page.attributes("input[name^=giao-]", "name")[0], "own"),
        )
        .await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code: String =
        sqlx::query_scalar("select code from orders.orders").fetch_one(&world.db).await.unwrap();
    let secret: String =
        sqlx::query_scalar("select secret from orders.orders").fetch_one(&world.db).await.unwrap();
    before.get(&format!("/don-hang/{code}?k={secret}")).await.ok().shows("Lũ trên sông");
    // 48 hours and a day later the order still waits; it lapses when the longer time is over.
    world.wait(TimeDelta::hours(48 + 24)).await;
    let state = "select state from orders.orders";
    let waits: String = sqlx::query_scalar(state).fetch_one(&world.db).await.unwrap();
    assert_eq!(waits, "placed");
    // The pause has ended by itself.
    says_where(&buyer).await.lacks("tạm dừng giao hàng").shows("Giao tận nơi");
    world.wait(TimeDelta::hours(48)).await;
    let lapsed: String = sqlx::query_scalar(state).fetch_one(&world.db).await.unwrap();
    assert_eq!(lapsed, "cancelled");
}

/// A page for a reader whose browser has said where he is.
async fn reads(world: &World, commune: &str) -> String {
    let page = reqwest::Client::new().get(format!("{}/dang-nhap", world.base));
    let page = page.header("cookie", format!("xa={commune}"));
    page.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn it_is_ended_by_hand_and_noted() {
    let world = World::new().await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let page = operator.browser.get("/van-hanh/tam-dung-giao").await.ok();
    let form = page.form("form[action=\"/van-hanh/tam-dung-giao\"]");
    let form = form.with("ly_do", "Bão số 9").with("den_ngay", "2026-11-22").and("xa", "19429");
    let page = operator.browser.send(&form).await.ok();
    // The same press again is the same pause.
    operator.browser.send(&form).await.ok();
    let pauses: i64 = sqlx::query_scalar("select count(*) from delivery.pauses")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(pauses, 1);
    assert!(reads(&world, "19429").await.contains("Bão số 9"), "the banner");
    assert!(!reads(&world, "19430").await.contains("Bão số 9"), "elsewhere it says nothing");
    let end = page.form("form[action$=\"/het\"]");
    operator.browser.send(&end).await.ok().shows("Đã hết").lacks("Đang dừng");
    assert!(!reads(&world, "19429").await.contains("Bão số 9"), "it is over");
    assert_eq!(operator.browser.send(&end).await.status, StatusCode::NOT_FOUND);
    let acts: Vec<String> = sqlx::query_scalar(
        "select action from platform.audit where action like 'delivery.%' order by seq",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(acts, ["delivery.pause", "delivery.end_pause"]);
    let stranger = world.person("Bình", "binh@example.vn").await;
    let refused = stranger.browser.get("/van-hanh/tam-dung-giao").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_carriers_price_is_shown_and_placed_and_a_slow_one_is_not_waited_for() {
    let sim = Sim::start().await;
    let world = World::with(&[("SANTINH_GHTK_URL", &sim.base)]).await;
    let owner = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Nón lá", "3200000027", Some(owner.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let page = owner.browser.get("/ban-hang/giao-hang/hang").await.ok();
    let form = page.form("form:has(input[name=hang][value=ghtk])");
    let page = owner.browser.send(&form.with("cua_hang", SHOP).with("khoa", TOKEN)).await.ok();
    let form = page.form("form[action$=\"/hang/phi\"]").with("phi_theo", "ghtk");
    owner.browser.send(&form).await.ok();
    // He answers too late: the seller's own rate, and it is said so.
    sim.fail_next(Bad::Slow(10_000));
    let buyer = world.browser();
    puts_in(&buyer, &hat, "1").await.ok();
    let started = std::time::Instant::now();
    let page = says_where(&buyer).await;
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
    page.shows("25.000").shows("chưa báo giá kịp");
    // He is not asked again at once; some minutes later he is, once for everybody.
    says_where(&buyer).await.shows("chưa báo giá kịp");
    assert_eq!(sim.calls("fee"), 1);
    world.wait(TimeDelta::minutes(7)).await;
    says_where(&buyer).await.shows("27.000").shows("Giao Hàng Tiết Kiệm");
    let other = world.browser();
    puts_in(&other, &hat, "1").await.ok();
    let review = up_to_review(&other).await.shows("27.000");
    assert_eq!(sim.calls("fee"), 2);
    presses(&other, &review).await.ok();
    let fee: i64 = sqlx::query_scalar("select delivery_fee from orders.orders")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(fee, 27_000);
}
