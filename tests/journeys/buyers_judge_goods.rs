//! Buyers say what they think of what they bought, and nobody else does.

use crate::{
    market::{Goods, count, goods, presses, puts_in, stall, up_to_review},
    support::{World, browser::Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::OrderId,
    orders::{self, Act, ActorKind, OrderError, OrderEvent},
};
use uuid::Uuid;

/// Somebody orders one of these: the order's id, code and key.
pub async fn orders_one(world: &World, buyer: &Browser, goods: &Goods) -> (Uuid, String, String) {
    world.clock.advance(TimeDelta::seconds(1));
    puts_in(buyer, goods, "1").await.ok();
    let review = up_to_review(buyer).await;
    presses(buyer, &review).await.ok();
    sqlx::query_as("select id, code, secret from orders.orders order by placed_at desc limit 1")
        .fetch_one(&world.db)
        .await
        .unwrap()
}

/// The order goes its way to the end.
pub async fn completes(world: &World, order: Uuid) {
    let mut tx = world.db.begin().await.unwrap();
    use OrderEvent::{Confirm, Deliver, HandOver, Pack, Pay, Receive};
    for event in [Pay, Confirm, Pack, HandOver, Deliver, Receive] {
        let actor = if event == Receive { ActorKind::Buyer } else { ActorKind::Seller };
        let act = Act { event, actor, note: "Xe khách", seen: None };
        match orders::act(&mut tx, &world.cx(), OrderId(order), &act).await {
            Ok(_) => {}
            Err(OrderError::Moved(_)) if event == Pay => {}
            Err(error) => panic!("{event:?}: {error}"),
        }
    }
    tx.commit().await.unwrap();
}

async fn slug(world: &World) -> String {
    sqlx::query_scalar("select slug from catalogue.products").fetch_one(&world.db).await.unwrap()
}

async fn position(world: &World, order: Uuid) -> i32 {
    sqlx::query_scalar("select position from orders.lines where order_id = $1")
        .bind(order)
        .fetch_one(&world.db)
        .await
        .unwrap()
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(600, 300).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_bought_reviews_and_once() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let other = world.person("Bình", "binh@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    stall(&world, "Gian Bình", "3200000034", Some(other.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let slug = slug(&world).await;
    let product = format!("/san-pham/{slug}");
    let guest = world.browser();
    let before = guest.get(&product).await.ok();
    before.shows("Chỉ người đã mua mới đánh giá được").shows("Chưa có đánh giá nào");

    // A guest orders, and has only his link.
    let (order, code, secret) = orders_one(&world, &guest, &hat).await;
    let line = position(&world, order).await;
    let own = format!("/don-hang/{code}/danh-gia/{line}");
    let link = format!("{own}?k={secret}");
    guest.get(&link).await.ok().shows("sau khi đơn hàng hoàn thành");
    let early =
        [("stars", "5"), ("k", secret.as_str()), ("key", "0191d6a0-0000-4000-8000-000000000009")];
    let form = early.iter().fold(reqwest::multipart::Form::new(), |f, (n, v)| {
        f.text((*n).to_owned(), (*v).to_owned())
    });
    let sent =
        guest.http.post(format!("{}{own}", world.base)).multipart(form).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY, "not before it is completed");
    completes(&world, order).await;
    assert_eq!(world.browser().get(&own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.browser.get(&own).await.status, StatusCode::NOT_FOUND);
    guest.get(&format!("/don-hang/{code}/danh-gia?k={secret}")).await.ok().shows("Viết đánh giá");

    let page = guest.get(&link).await.ok().shows("Hương T.");
    let form = page.form("#danh-gia");
    let empty = guest.send(&form.clone().with("body", "x")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bad = guest.send(&form.clone().with("stars", "4").file("anh", "a.png", b"<svg>")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("stars", "4").with("body", "Nón đẹp <b>lắm</b>");
    let form = form.file("anh", "anh.png", &png());
    guest.send(&form).await.ok().shows("Cảm ơn bạn đã đánh giá");
    guest.send(&form).await.ok();
    assert_eq!(count(&world, "select count(*) from reviews.reviews").await, 1);
    let shown = guest.get(&product).await.ok().shows("Nón đẹp <b>lắm</b>").shows("4,0");
    assert!(
        shown.text.contains(
            r#""aggregateRating":{"@type":"AggregateRating","ratingValue":"4.0","reviewCount":1}"#
        ) || shown.text.contains(r#""reviewCount":1"#),
        "structured data"
    );
    let picture = shown.attributes(".said .shots img", "src").remove(0);
    let picture = world.browser().get(&picture).await.ok();
    assert_eq!(picture.headers["content-type"], "image/webp");

    // It may be changed; the page follows at once, though it is kept in memory.
    let page = guest.get(&link).await.ok();
    let form = page.form("#danh-gia").with("stars", "5").with("body", "Dùng rồi càng thích");
    guest.send(&form).await.ok();
    let shown = guest.get(&product).await.ok().shows("Dùng rồi càng thích").shows("5,0");
    shown.lacks("Nón đẹp").shows("đã sửa");
    guest.get("/gian-hang/non-le-thuy").await.ok().shows("5,0");
    guest.get(&format!("{product}/danh-gia?sao=5")).await.ok().shows("Dùng rồi càng thích");
    guest.get(&format!("{product}/danh-gia?sao=1")).await.ok().lacks("Dùng rồi càng thích");
    assert_eq!(guest.get("/san-pham/khong-co/danh-gia").await.status, StatusCode::NOT_FOUND);

    // The shop answers once; another shop cannot.
    let review: Uuid =
        sqlx::query_scalar("select id from reviews.reviews").fetch_one(&world.db).await.unwrap();
    let to = format!("/ban-hang/danh-gia/{review}/tra-loi");
    let desk = seller.browser.get("/ban-hang/danh-gia?loc=cho").await.ok();
    let form = desk.form(&format!("form[action='{to}']")).with("body", "Cảm ơn chị");
    let fields: Vec<(&str, &str)> =
        form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(other.browser.post(&to, &fields).await.status, StatusCode::NOT_FOUND);
    seller.browser.send(&form).await.ok();
    guest.get(&product).await.ok().shows("Gian hàng trả lời").shows("Cảm ơn chị");

    // Nobody judges his own shop's goods.
    let (own_order, code, _) = orders_one(&world, &seller.browser, &hat).await;
    completes(&world, own_order).await;
    let page = seller.browser.get(&format!("/don-hang/{code}/danh-gia/{line}")).await.ok();
    let refused = seller.browser.send(&page.form("#danh-gia").with("stars", "5")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("gian hàng mình");

    // The time to change it runs out.
    world.clock.advance(TimeDelta::days(31));
    let page = guest.get(&link).await.ok().shows("Đã hết thời hạn sửa");
    assert!(page.find_form("#danh-gia").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_review_comes_with_a_reason_and_one_appeal() {
    let world = World::new().await;
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let officer = world.officer("Cán bộ", "canbo@example.vn").await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let shop = stall(&world, "Nón Lệ Thủy", "3200000027", Some(seller.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 10).await;
    let product = format!("/san-pham/{}", slug(&world).await);
    let (order, code, _) = orders_one(&world, &buyer.browser, &hat).await;
    completes(&world, order).await;
    let own = format!("/don-hang/{code}/danh-gia/{}", position(&world, order).await);
    let page = buyer.browser.get(&own).await.ok();
    let form = page.form("#danh-gia").with("stars", "1").with("body", "Gọi 0912345678 mua rẻ hơn");
    buyer.browser.send(&form.file("anh", "anh.png", &png())).await.ok();
    world.run_jobs().await;

    // Anybody reports it, but not without end.
    let guest = world.browser();
    let list = guest.get(&format!("{product}/danh-gia")).await.ok();
    let report = guest.get(&list.link("Báo cáo")).await.ok();
    let form = report.form("main form").with("reason", "advertising");
    guest.send(&form).await.ok().shows("Cảm ơn bạn");
    let mut last = StatusCode::OK;
    for _ in 0..8 {
        let form = form.clone().with("key", &Uuid::new_v4().to_string());
        last = guest.send(&form).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Counted for all servers together.
    let turns = "select turns::bigint from reviews.report_turns";
    assert_eq!(count(&world, turns).await, 6);

    // The operator hides it, with a reason.
    assert_eq!(buyer.browser.get("/van-hanh/danh-gia").await.status, StatusCode::NOT_FOUND);
    let queue = operator.browser.get("/van-hanh/danh-gia").await.ok().shows("mua rẻ hơn");
    let judge = operator.browser.get(&queue.link("Nón")).await.ok();
    let form = judge.form("#quyet-dinh").with("act", "hide");
    let without = operator.browser.send(&form.clone().with("reason", "")).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("reason", "advertising").with("note", "Dẫn sang nơi khác");
    operator.browser.send(&form).await.ok();
    world.run_jobs().await;
    guest.get(&product).await.ok().lacks("mua rẻ hơn").shows("Chưa có đánh giá nào");
    let picture: Uuid =
        sqlx::query_scalar("select id from reviews.pictures").fetch_one(&world.db).await.unwrap();
    let picture = format!("/danh-gia/anh/{picture}-240.webp");
    assert_eq!(guest.get(&picture).await.status, StatusCode::NOT_FOUND);
    buyer.browser.get(&picture).await.ok();
    let mails = world.mails_to("huong@example.vn").await;
    let told: Vec<_> = mails.iter().filter(|(s, _)| s.contains("đã bị ẩn")).collect();
    assert_eq!(told.len(), 1, "{mails:?}");
    assert!(told[0].1.contains("Quảng cáo") && told[0].1.contains("Dẫn sang nơi khác"));
    assert!(told[0].1.contains(&own), "{}", told[0].1);

    // The author asks for another look, once; an officer shows it again.
    world.wait(TimeDelta::minutes(5)).await;
    let page = buyer.browser.get(&own).await.ok().shows("Quảng cáo");
    assert!(page.find_form("#danh-gia").is_none(), "a hidden review is not edited");
    let form = page.form("#xem-lai").with("appeal", "Tôi chỉ kể chuyện giá, xin xem lại.");
    buyer.browser.send(&form).await.ok();
    let again = form.with("key", &Uuid::new_v4().to_string());
    assert_eq!(buyer.browser.send(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let queue = officer.browser.get("/so-cong-thuong/danh-gia").await.ok();
    let judge = officer.browser.get(&queue.link("Nón")).await.ok().shows("kể chuyện giá");
    officer.browser.send(&judge.form("#quyet-dinh").with("act", "restore")).await.ok();
    world.run_jobs().await;
    guest.get(&product).await.ok().shows("mua rẻ hơn").shows("1,0");
    let audited =
        count(&world, "select count(*) from platform.audit where action like 'reviews.%'").await;
    assert_eq!(audited, 2);

    // The stars kept are proved each day.
    sqlx::query("update reviews.totals set five = 99").execute(&world.db).await.unwrap();
    world.wait(TimeDelta::days(1)).await;
    guest.get(&product).await.ok().shows("1,0");
    let stars = "select count(*) from reviews.totals where five = 0 and one = 1";
    assert_eq!(count(&world, stars).await, 2);
}
