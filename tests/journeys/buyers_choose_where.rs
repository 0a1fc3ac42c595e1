//! Where it goes: to an address that was saved before, or to a post-office point.

use crate::{
    market::{KHE_SANH, count, goods, presses, puts_in, says_where, stall},
    support::World,
};
use santinh::accounts::{self, NewAddress};

#[tokio::test]
async fn a_saved_address_is_filled_in_by_its_button() {
    let world = World::new().await;
    let shop = stall(&world, "Gian", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 9).await;
    let (minh, lan) =
        (world.person("Minh", "minh@vidu.vn").await, world.person("Lan", "lan@vidu.vn").await);
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let new = |recipient: &str, phone: &str, line: &str| NewAddress {
        recipient: recipient.into(),
        phone: phone.into(),
        commune_code: KHE_SANH.into(),
        line: line.into(),
        is_default: false,
    };
    let own = [
        new("Minh ở nhà", "+84912000001", "Thôn 1"),
        new("Chị Hai", "+84912000002", "Số 5 Lê Lợi"),
    ];
    for address in &own {
        accounts::save_address(&mut db, &cx, minh.id, address).await.unwrap();
    }
    let secret = new("Lan", "+84912000003", "Nhà riêng của Lan");
    let hers = accounts::save_address(&mut db, &cx, lan.id, &secret).await.unwrap();

    puts_in(&minh.browser, &hat, "1").await.ok();
    let page = minh.browser.get("/dat-hang").await.ok().shows("Địa chỉ đã lưu").lacks("của Lan");
    let buttons = page.attributes("button[name=luu]", "value");
    assert_eq!(buttons.len(), 2);
    // What else was typed stays; the button looks around and does not go on.
    let form = page.form("main form").with("email", "minh@vidu.vn").with("ghi_chu", "Gọi trước");
    let filled = minh.browser.send(&form.with("luu", &buttons[1])).await.ok();
    let value = |id: &str| filled.attributes(id, "value").concat();
    assert_eq!(
        (value("#f-ho_ten"), value("#f-dien_thoai"), value("#f-dia_chi"), value("#f-email")),
        ("Chị Hai".into(), "0912 000 002".into(), "Số 5 Lê Lợi".into(), "minh@vidu.vn".into())
    );
    assert_eq!(filled.path, "/dat-hang");
    // Somebody else's address is no address.
    let stolen = filled.form("main form").with("luu", &hers.to_string());
    minh.browser.send(&stolen).await.lacks("Nhà riêng");
    let page = minh.browser.get("/dat-hang").await.ok().lacks("Nhà riêng");
    let next = minh.browser.send(&page.form("main form").with("act", "next")).await.ok();
    let next = next.shows("Số 5 Lê Lợi, Xã Khe Sanh");
    let review = minh.browser.send(&next.form("main form").with("act", "next")).await.ok();
    presses(&minh.browser, &review).await.ok().shows("Đã đặt hàng");
    let to: (String, String) = sqlx::query_as("select buyer_name, buyer_phone from orders.orders")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(to, ("Chị Hai".into(), "+84912000002".into()));
}

#[tokio::test]
async fn goods_are_collected_at_a_post_office_point() {
    let world = World::new().await;
    let an = world.person("An", "an@example.vn").await;
    let shop = stall(&world, "Gian", "3200000027", Some(an.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 9).await;
    // The seller turns it on himself.
    let page = an.browser.get("/ban-hang/giao-hang").await.ok();
    let form = page.form("form:has([name=diem_buu_dien])").with("diem_buu_dien", "1");
    an.browser.send(&form).await.ok();
    let on = count(&world, "select count(*) from delivery.settings where post_point").await;
    assert_eq!(on, 1, "the form turned it on");

    let huong = world.browser();
    puts_in(&huong, &hat, "1").await.ok();
    let page = says_where(&huong).await.shows("Nhận tại điểm bưu điện");
    let field = format!("giao-{}", shop.seller);
    let points = page.attributes(&format!("input[name='{field}']"), "value");
    let points: Vec<String> =
        points.into_iter().filter(|way| way.starts_with("post_point:")).collect();
    let names = page.texts(".choices label b");
    // A point that there is not is asked again.
    let form = page.form("main form").with("act", "next");
    let nowhere = format!("post_point:{}", uuid::Uuid::new_v4());
    let asked = huong.send(&form.clone().with(&field, &nowhere)).await;
    assert_eq!(asked.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
    asked.shows("Chọn cách nhận hàng");
    let review = huong.send(&form.with(&field, &points[0])).await.ok();
    let point: String = sqlx::query_scalar("select name from places.points where id = $1::uuid")
        .bind(points[0].trim_start_matches("post_point:"))
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert!(names.iter().any(|name| name.contains(&point)), "{names:?}");
    let review = review.shows(&point).shows("25.000\u{a0}₫");
    let done = presses(&huong, &review).await.ok().shows("Đã đặt hàng");
    let order: (String, String, i64) =
        sqlx::query_as("select delivery_method, delivery_text, delivery_fee from orders.orders")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!((order.0.as_str(), order.2), ("post_point", 25_000));
    assert!(order.1.contains(&point), "{}", order.1);
    huong.get(&done.link("Theo dõi đơn")).await.ok().shows(&point);
    let code: String =
        sqlx::query_scalar("select code from orders.orders").fetch_one(&world.db).await.unwrap();
    an.browser.get(&format!("/ban-hang/don-hang/{code}")).await.ok().shows(&point);
}
