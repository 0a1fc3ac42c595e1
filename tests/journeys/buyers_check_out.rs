//! Somebody fills a basket, reads everything, and orders once.

use crate::{
    market::{
        KHE_SANH, count, goods, presses, puts_in, puts_in_with, says_where, stall, up_to_review,
    },
    support::World,
};
use reqwest::StatusCode;
use santinh::delivery::{self, Rates, ZoneKind};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const ORDERS: &str = "select count(*) from orders.orders";
const RESERVED: &str = "select coalesce(sum(reserved), 0)::bigint from stock.levels";

#[tokio::test]
async fn a_guest_buys_of_two_sellers_by_cash_and_by_transfer() {
    let world = World::new().await;
    let (north, south) = (
        stall(&world, "Gian Bắc", "3200000027", None).await,
        stall(&world, "Gian Nam", "3200000034", None).await,
    );
    let (hat, cloth) = (
        goods(&world, &north, "Nón lá", 108_000, 5).await,
        goods(&world, &south, "Thổ cẩm", 216_000, 5).await,
    );
    let huong = world.browser();
    puts_in(&huong, &hat, "2").await.ok().shows("Nón lá");
    puts_in(&huong, &cloth, "1").await.ok().shows("Gian Nam").shows("432.000\u{a0}₫");
    let page = says_where(&huong).await.shows("Gian Bắc").shows("25.000");
    let form = page.form("main form").with(&format!("tra-{}", south.seller), "vietqr");
    let review = huong.send(&form).await.ok();
    for fact in [
        "Công ty Gian Bắc",
        "3200000027",
        "Thôn 3, Xã Khe Sanh",
        "108.000\u{a0}₫",
        "8\u{a0}%",
        "12 Lê Duẩn, Xã Khe Sanh",
        "Chuyển khoản VietQR",
        "0011004123456",
        "2–4 ngày",
        "30 ngày",
        "Sàn không thu và không giữ tiền",
        "482.000\u{a0}₫",
    ] {
        assert!(review.contains(fact), "{fact:?} is not on the review:\n{}", review.main_text());
    }
    let done = presses(&huong, &review).await.ok().shows("Đã đặt hàng").shows("Chuyển khoản ngay");
    // Silence of the seller lets the order lapse after 48 hours.
    let done = done.shows("Người bán xác nhận trước 09:00 24/11/2026");
    assert!(done.path.starts_with("/dat-hang/xong/"), "{}", done.path);
    assert_eq!(done.texts("h2 .code").len(), 2);
    assert_eq!(count(&world, ORDERS).await, 2);
    assert_eq!(count(&world, RESERVED).await, 3);
    huong.get("/gio-hang").await.ok().shows("Giỏ hàng đang trống");
    let follow = done.link("Theo dõi đơn");
    world.browser().get(&follow).await.ok();
    // The page belongs to whoever has its key.
    let bare = done.path.split('?').next().unwrap();
    assert_eq!(world.browser().get(bare).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        count(&world, "select count(*) from accounts.consents where contact = '+84987654321'")
            .await,
        2
    );
}

#[tokio::test]
async fn what_changed_in_between_is_shown_and_asked_again() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 5).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    let review = up_to_review(&lan).await;
    sqlx::query("update catalogue.variants set price = 120000").execute(&world.db).await.unwrap();
    let again = presses(&lan, &review).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let again = again.shows("Giá “Nón” đổi từ 108.000\u{a0}₫ thành 120.000\u{a0}₫").shows("đã đổi");
    assert_eq!(count(&world, ORDERS).await, 0);
    lan.get("/gio-hang").await.ok().shows("Giá đã đổi").shows("108.000");
    presses(&lan, &again).await.ok().shows("Đã đặt hàng");
    assert_eq!(count(&world, "select unit_price from orders.lines").await, 120_000);
    assert_eq!(count(&world, ORDERS).await, 1);
}

#[tokio::test]
async fn a_shop_that_stops_selling_in_between_sells_nothing() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 5).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    let review = up_to_review(&lan).await;
    sqlx::query("update enterprises.sellers set state = 'suspended'")
        .execute(&world.db)
        .await
        .unwrap();
    presses(&lan, &review).await.ok().shows("Không còn bán");
    assert_eq!(count(&world, ORDERS).await, 0);
}

#[tokio::test]
async fn a_double_click_a_replay_and_a_second_tab_make_one_order() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 9).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "2").await.ok();
    let review = up_to_review(&lan).await;
    let other_tab = lan.get("/dat-hang/xem-lai").await.ok();
    let form = review.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1");
    let (one, two, three) =
        tokio::join!(lan.send(&form), lan.send(&form), presses(&lan, &other_tab));
    let replay = lan.send(&form).await.ok();
    for answer in [&one, &two, &three] {
        assert_eq!(answer.path, replay.path, "{}", answer.main_text());
    }
    assert_eq!(count(&world, ORDERS).await, 1);
    assert_eq!(count(&world, RESERVED).await, 2);
    // The key that placed it, with other contents, is no second order either.
    let won: Uuid = sqlx::query_scalar("select placed_key from checkout.checkouts")
        .fetch_one(&world.db)
        .await
        .unwrap();
    let other = other_tab.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1");
    let ours = form.value("key") == Some(won.to_string().as_str());
    let bent = lan.send(&if ours { form } else { other }.with("facts", "x")).await;
    assert_ne!(bent.path, replay.path);
    assert_eq!(count(&world, ORDERS).await, 1);
}

#[tokio::test]
async fn one_key_puts_one_thing_in_and_no_more_than_there_is() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 3).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    let key = Uuid::new_v4().to_string();
    puts_in_with(&lan, &hat, "1", &key).await.ok();
    puts_in_with(&lan, &hat, "1", &key).await.ok();
    assert_eq!(count(&world, "select quantity from checkout.lines").await, 2);
    puts_in(&lan, &hat, "7").await.ok().shows("chỉ còn 3");
    assert_eq!(count(&world, "select quantity from checkout.lines").await, 3);
    assert_eq!(count(&world, RESERVED).await, 0);
    for bad in ["0", "-1", "abc", "99999999999999999999", "1000001", "1.5"] {
        let answer = puts_in(&lan, &hat, bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let nothing = lan.post("/gio-hang/them", &[("variant", "x"), ("quantity", "1")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let page = lan.get("/gio-hang").await.ok();
    let change = page.form("form[action=\"/gio-hang/sua\"]").with("quantity", "1");
    lan.send(&change).await.ok();
    assert_eq!(count(&world, "select quantity from checkout.lines").await, 1);
    lan.send(&page.form("form[action=\"/gio-hang/bo\"]")).await.ok().shows("Giỏ hàng đang trống");
}

#[tokio::test]
async fn a_guests_basket_becomes_the_persons_when_he_signs_in() {
    let world = World::new().await;
    let shop = stall(&world, "Gian", "3200000027", None).await;
    let (hat, cloth) = (
        goods(&world, &shop, "Nón", 108_000, 9).await,
        goods(&world, &shop, "Vải", 216_000, 9).await,
    );
    let lan = world.person("Lan", "lan@example.vn").await;
    puts_in(&lan.browser, &hat, "1").await.ok();
    // The same person on another phone, as a guest.
    let phone = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let body = format!("variant={}&quantity=2&key={}", hat.variant, Uuid::new_v4());
    let put = phone.build().unwrap().post(format!("{}/gio-hang/them", world.base));
    let put = put.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = put.send().await.unwrap();
    let set = answer.headers().get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    let cookie = set.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("gio=")).unwrap();
    let token: Vec<u8> = count_bytes(&world).await;
    assert_eq!(token, Sha256::digest(&cookie.as_bytes()[4..]).to_vec(), "only its hash is kept");
    // Then she signs in there.
    let merged = world.signed_in_with(lan.id, cookie).await;
    puts_in(&merged, &cloth, "1").await.ok().shows("540.000\u{a0}₫");
    lan.browser.get("/gio-hang").await.ok().shows("540.000\u{a0}₫");
    assert_eq!(count(&world, "select count(*) from checkout.baskets").await, 1);
    merged.get("/gio-hang").await.ok().shows("540.000\u{a0}₫");
}

async fn count_bytes(world: &World) -> Vec<u8> {
    let statement = "select token_hash from checkout.baskets where token_hash is not null";
    sqlx::query_scalar(statement).fetch_one(&world.db).await.unwrap()
}

#[tokio::test]
async fn firms_pay_the_price_of_their_quantity_when_they_buy_for_the_firm() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 99).await;
    let minh = world.person("Minh", "minh@example.vn").await;
    stall(&world, "Khách sạn Biển", "3200000034", Some(minh.id)).await;
    // Its members buy for it from now on, unless they say that they buy for themselves.
    world.run_jobs().await;
    puts_in(&minh.browser, &hat, "10").await.ok().shows("990.000\u{a0}₫");
    let form = minh.browser.get("/dat-hang").await.ok().form("main form");
    let himself = form.with("mua_cho", "person").with("act", "next");
    minh.browser.send(&himself).await.shows("1.080.000\u{a0}₫");
    let page = minh
        .browser
        .get("/dat-hang")
        .await
        .ok()
        .shows("Mua cho doanh nghiệp: Công ty Khách sạn Biển");
    let form = page
        .form("main form")
        .with("mua_cho", "organisation")
        .with("dien_thoai", "0987654321")
        .with("xa_q", "Khe Sanh")
        .with("xa", KHE_SANH)
        .with("dia_chi", "1 Biển")
        .with("act", "next");
    let page = minh.browser.send(&form).await.ok().shows("990.000\u{a0}₫");
    let review = minh.browser.send(&page.form("main form")).await.ok().shows("3200000034");
    presses(&minh.browser, &review).await.ok().shows("Đã đặt hàng");
    assert_eq!(
        count(&world, "select goods_total from orders.orders where buyer_tax_code = '3200000034'")
            .await,
        990_000
    );
}

#[tokio::test]
async fn an_old_ward_is_understood_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 9).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    let page = lan.get("/dat-hang").await.ok();
    let form = page.form("main form").with("ho_ten", "Lan").with("dien_thoai", "12");
    // The button beside the field shows what may be meant.
    let found =
        lan.send(&form.clone().with("xa_q", "thi tran khe sanh").with("act", "commune")).await.ok();
    let found = found.shows("Xã Khe Sanh").shows("Thị trấn Khe Sanh");
    assert_eq!(found.attributes("#f-ho_ten", "value"), ["Lan"]);
    let wrong = lan.send(&form.clone().with("xa_q", "khong co noi nay").with("act", "next")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.shows("Không tìm thấy xã, phường").shows("Số điện thoại chưa đúng");
    assert_eq!(wrong.attributes("#f-ho_ten", "value"), ["Lan"]);
    // Coming back later finds what was typed, wrong or right.
    let back = lan.get("/dat-hang").await.ok();
    assert_eq!(back.attributes("#f-dien_thoai", "value"), ["12"]);
    let right = form.with("dien_thoai", "0912345678").with("dia_chi", "Thôn 1");
    let right = right.with("xa_q", "Xã Khe Sanh, Quảng Trị").with("act", "next");
    lan.send(&right).await.ok().shows("Thôn 1, Xã Khe Sanh");
}

#[tokio::test]
async fn delivery_is_free_from_the_sellers_bound_and_never_outside_his_zones() {
    let world = World::new().await;
    let shop = stall(&world, "Gian", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 9).await;
    let cx = world.cx();
    let mut rates = Rates::usual(|| cx.new_id());
    rates.free_over = Some(santinh::kernel::Vnd(200_000));
    rates.zones.retain(|zone| zone.kind == ZoneKind::Province);
    let mut db = world.db.acquire().await.unwrap();
    delivery::set_up(&mut db, &cx, shop.seller, &rates).await.unwrap();
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    says_where(&lan).await.shows("25.000\u{a0}₫ · 2–4").shows("Mua thêm 92.000\u{a0}₫");
    puts_in(&lan, &hat, "1").await.ok();
    let page = lan.get("/dat-hang/giao-hang").await.ok().shows("Miễn phí (thường 25.000\u{a0}₫)");
    // Collected at the shop: no fee in any case, and the contract names the shop.
    let form = page.form("main form").with(&format!("giao-{}", shop.seller), "pickup");
    lan.send(&form).await.ok().shows("Đến lấy tại cửa hàng").shows("Gian, Thôn 3, Xã Khe Sanh");
    // Hà Nội lies outside: only the shop itself is left.
    let page = lan.get("/dat-hang").await.ok();
    let form =
        page.form("main form").with("xa", "00004").with("xa_q", "Ba Đình").with("act", "next");
    lan.send(&form).await.ok().lacks("Giao tận nơi").shows("Đến lấy tại cửa hàng");
    sqlx::query("update delivery.settings set pickup = false").execute(&world.db).await.unwrap();
    let stuck = lan.get("/dat-hang/giao-hang").await.ok().shows("chưa giao tới địa chỉ này");
    assert!(stuck.contains("Đổi địa chỉ") && stuck.contains("0912 000 111"));
    assert_eq!(lan.get("/dat-hang/xem-lai").await.path, "/dat-hang/giao-hang");
}

#[tokio::test]
async fn a_seller_sets_his_zones_and_nobody_elses() {
    let world = World::new().await;
    let (an, binh) =
        (world.person("An", "an@example.vn").await, world.person("Bình", "binh@example.vn").await);
    stall(&world, "Gian An", "3200000027", Some(an.id)).await;
    stall(&world, "Gian Bình", "3200000034", Some(binh.id)).await;
    let page = an.browser.get("/ban-hang/giao-hang").await.ok().shows("Trong tỉnh").shows("25.000");
    let zone = page.link("Sửa");
    assert_eq!(binh.browser.get(&zone).await.status, StatusCode::NOT_FOUND);
    assert_eq!(binh.browser.post(&format!("{zone}/bo"), &[]).await.status, StatusCode::NOT_FOUND);
    let form = an.browser.get("/ban-hang/giao-hang/vung").await.ok().form("main form");
    let wrong = an.browser.send(&form.clone().with("ten", "Gần").with("phi", "x")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("ten", "Gần nhà").with("phi", "10.000").with("ngay_tu", "0");
    let form = form.with("ngay_den", "1").with("xa", KHE_SANH);
    an.browser.send(&form).await.ok().shows("Gần nhà").shows("10.000");
    an.browser.send(&form).await.ok();
    assert_eq!(
        count(&world, "select count(*) from delivery.zones where name = 'Gần nhà'").await,
        1
    );
}

#[tokio::test]
async fn two_hundred_buyers_at_once_buy_exactly_the_ten_that_are_there() {
    let world = World::new().await;
    let hat =
        goods(&world, &stall(&world, "Gian", "3200000027", None).await, "Nón", 108_000, 10).await;
    let mut ready = Vec::new();
    for _ in 0..200 {
        let buyer = world.browser();
        puts_in(&buyer, &hat, "1").await.ok();
        let review = up_to_review(&buyer).await;
        ready.push((buyer, review.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1")));
    }
    let racing = ready.into_iter().map(|(buyer, form)| async move { buyer.send(&form).await });
    let answers = futures_util::future::join_all(racing).await;
    assert!(answers.iter().all(|a| !a.status.is_server_error()));
    let bought = answers.iter().filter(|a| a.path.starts_with("/dat-hang/xong/")).count();
    let told =
        answers.iter().filter(|a| a.path == "/gio-hang" && a.contains("Vừa hết hàng")).count();
    assert_eq!((bought, told), (10, 190));
    assert_eq!(count(&world, ORDERS).await, 10);
    assert_eq!(count(&world, RESERVED).await, 10);
}
