//! Parcels from packing to the buyer's door or back, by hand.

use crate::{
    orders_live::GOOD,
    shop_floor::{available, group, ordered, place, shop, signed_in, standing, wish},
    support::{World, browser::Browser},
};
use reqwest::StatusCode;
use santinh::orders::{self, OrderError, PaymentMethod, PlacedOrder};
use std::collections::BTreeMap;

/// Confirms the order, which is then ready to be packed.
pub async fn confirmed(seller: &Browser, order: &PlacedOrder) {
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    let form = page.form("section[aria-labelledby=next] form");
    let act = if page.contains("Đã nhận được tiền") { "pay" } else { "confirm" };
    seller.send(&form.with("act", act)).await.ok();
}

/// Makes a parcel of so many of the first line and says its code.
pub async fn packs(seller: &Browser, order: &PlacedOrder, quantity: &str, carrier: &str) -> String {
    let before = codes(seller, order).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien", order.code)).await.ok();
    let line = page.attributes("input[name^=sl-]", "name").remove(0);
    let form = page.form("main form:has(input[name=can_nang])");
    let form = form.with(&line, quantity).with("hang", carrier).with("can_nang", "1250");
    seller.send(&form.with("act", "make")).await.ok().shows("Đã tạo kiện");
    let after = codes(seller, order).await;
    after.into_iter().find(|code| !before.contains(code)).unwrap()
}

async fn codes(seller: &Browser, order: &PlacedOrder) -> Vec<String> {
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    page.texts("section[aria-labelledby=parcels] article .code")
}

/// Presses a button on a parcel's page.
pub async fn presses(
    seller: &Browser,
    order: &PlacedOrder,
    parcel: &str,
    act: &str,
    fields: &[(&str, &str)],
) {
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let mut form = page.form(&format!("form:has(button[value={act}])")).with("act", act);
    for (name, value) in fields {
        form = form.with(name, value);
    }
    seller.send(&form).await.ok().shows("Đã ghi nhận");
}

pub async fn parcel_state(world: &World, parcel: &str) -> String {
    sqlx::query_scalar("select state from delivery.parcels where code = $1")
        .bind(parcel)
        .fetch_one(&world.db)
        .await
        .unwrap()
}

pub async fn is(world: &World, order: &PlacedOrder, expected: (&str, &str)) {
    let (state, money) = standing(world, order).await;
    assert_eq!((state.as_str(), money.as_str()), expected);
}

#[tokio::test]
async fn an_order_goes_in_two_parcels_and_follows_them() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    confirmed(&seller, &order).await;
    let first = packs(&seller, &order, "2", "own").await;
    is(&world, &order, ("confirmed", "cod_due")).await;
    // No more than is left, whatever the form says.
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien", order.code)).await.ok();
    let line = page.attributes("input[name^=sl-]", "name").remove(0);
    let form = page.form("main form:has(input[name=can_nang])");
    let many = seller.send(&form.clone().with(&line, "2").with("act", "make")).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    many.shows("không nhiều hơn số còn lại");
    world.clock.advance(chrono::TimeDelta::minutes(5));
    let second = packs(&seller, &order, "1", "own").await;
    is(&world, &order, ("packed", "cod_due")).await;
    // What is collected is the total, to the đồng: 3 × 108.000 + 20.000.
    let cods: Vec<i64> = sqlx::query_scalar("select cod from delivery.parcels order by id")
        .fetch_all(&world.db)
        .await
        .unwrap();
    assert_eq!(cods, [216_000, 128_000]);
    presses(&seller, &order, &first, "pick_up", &[("note", "Xe khách Sáu Hoà")]).await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    assert_eq!(parcel_state(&world, &second).await, "created");
    presses(&seller, &order, &first, "deliver", &[]).await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    // The buyer sees both, each with its news.
    let guest = world.browser();
    let page = guest.get(&format!("/don-hang/{}?k={}", order.code, order.secret)).await.ok();
    let shown = page.texts("section[aria-labelledby=parcels] article");
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(
        shown[0].contains("Xe khách Sáu Hoà") && shown[0].contains("Đã giao tới người nhận"),
        "{shown:?}"
    );
    assert!(shown[1].contains("Đã đóng kiện"), "{shown:?}");
    presses(&seller, &order, &second, "pick_up", &[]).await;
    presses(&seller, &order, &second, "deliver", &[]).await;
    is(&world, &order, ("delivered", "paid")).await;
    world.run_jobs().await;
    is(&world, &order, ("delivered", "paid")).await;
    let label = seller.get(&format!("/ban-hang/kien/{second}/nhan")).await.ok();
    label.shows(&second).shows("128.000").shows("0987 654 321").shows("1,25");
}

#[tokio::test]
async fn an_order_waits_for_the_parcel_of_its_other_line() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let mut wish = wish(&shop, 2, PaymentMethod::Cod);
    let mut other = wish.lines[0].clone();
    (other.label, other.quantity) = ("250 g".into(), 1);
    wish.lines.push(other);
    let order = place(&world, group(&world, None, vec![wish])).await.unwrap().orders.remove(0);
    let seller = signed_in(&world, &shop.email).await;
    confirmed(&seller, &order).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien", order.code)).await.ok();
    let lines = page.attributes("input[name^=sl-]", "name");
    let form = page.form("main form:has(input[name=can_nang])").with("act", "make");
    let form = form.with("hang", "own").with("can_nang", "1250").with(&lines[1], "0");
    let twice = seller.send(&form.clone().with(&lines[0], "1").and(&lines[0], "1")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    seller.send(&form.with(&lines[0], "2")).await.ok().shows("Đã tạo kiện");
    is(&world, &order, ("confirmed", "cod_due")).await;
    let first = codes(&seller, &order).await.remove(0);
    // What a parcel holds is not taken out of the order behind its back.
    let mut tx = world.db.begin().await.unwrap();
    let whole = orders::by_id(&mut tx, order.id).await.unwrap().unwrap();
    let wanted = BTreeMap::from([(whole.lines[0].position, 1)]);
    let fewer = orders::amended(&whole, &wanted).unwrap();
    let seen = whole.head.version;
    let amended = orders::amend(&mut tx, &world.cx(), order.id, seen, &fewer, "").await;
    assert!(matches!(amended, Err(OrderError::InParcels)), "{amended:?}");
    tx.rollback().await.unwrap();
    presses(&seller, &order, &first, "pick_up", &[]).await;
    presses(&seller, &order, &first, "deliver", &[]).await;
    world.run_jobs().await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    world.clock.advance(chrono::TimeDelta::minutes(5));
    let second = packs(&seller, &order, "1", "own").await;
    presses(&seller, &order, &second, "pick_up", &[]).await;
    presses(&seller, &order, &second, "deliver", &[]).await;
    is(&world, &order, ("delivered", "paid")).await;
}

#[tokio::test]
async fn one_press_a_step_still_makes_one_parcel_of_everything() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 2, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    for (act, state) in
        [("confirm", ""), ("pack", "created"), ("hand_over", "picked_up"), ("deliver", "delivered")]
    {
        let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
        let form = page.form("section[aria-labelledby=next] form").with("act", act);
        seller.send(&form).await.ok();
        let states: Vec<String> = sqlx::query_scalar("select state from delivery.parcels")
            .fetch_all(&world.db)
            .await
            .unwrap();
        assert_eq!(
            states,
            [state].iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>(),
            "{act}"
        );
    }
    is(&world, &order, ("delivered", "paid")).await;
    world.run_jobs().await;
    is(&world, &order, ("delivered", "paid")).await;
}

#[tokio::test]
async fn more_is_never_packed_than_was_ordered_however_many_press() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    confirmed(&seller, &order).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien", order.code)).await.ok();
    let line = page.attributes("input[name^=sl-]", "name").remove(0);
    let form =
        page.form("main form:has(input[name=can_nang])").with(&line, "2").with("act", "make");
    let presses = (0..8).map(|_| {
        let (seller, form) = (seller.clone(), form.clone());
        let key = uuid::Uuid::new_v4().to_string();
        async move { seller.send(&form.with("key", &key)).await.status }
    });
    let statuses = futures_util::future::join_all(presses).await;
    assert_eq!(statuses.iter().filter(|s| s.is_success()).count(), 1, "{statuses:?}");
    let sums: (i64, i64) = sqlx::query_as(
        "select (select sum(quantity) from delivery.parcel_lines)::bigint, (select sum(packed) from delivery.packed)::bigint",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(sums, (2, 2));
    // Behind the commands stands the database.
    let forced =
        sqlx::query("update delivery.parcel_lines set quantity = 4").execute(&world.db).await;
    assert!(forced.unwrap_err().to_string().contains("packed_at_most_ordered"));
    let rewritten =
        sqlx::query("update delivery.parcel_events set note = 'x'").execute(&world.db).await;
    assert!(rewritten.unwrap_err().to_string().contains("only added to"));
}

#[tokio::test]
async fn what_nobody_takes_comes_back_to_stock_and_nothing_is_owed() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    confirmed(&seller, &order).await;
    let parcel = packs(&seller, &order, "3", "own").await;
    presses(&seller, &order, &parcel, "pick_up", &[]).await;
    assert_eq!(available(&world, &shop).await, 7);
    presses(&seller, &order, &parcel, "fail", &[("note", "Không nghe máy")]).await;
    assert_eq!(parcel_state(&world, &parcel).await, "failed");
    presses(&seller, &order, &parcel, "turn_back", &[]).await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    // One packet was torn.
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let line = page.attributes("form:has(button[value=return]) input[name^=sl-]", "name").remove(0);
    let most = page.form("form:has(button[value=return])").with("act", "return").with(&line, "4");
    assert_eq!(seller.send(&most).await.status, StatusCode::CONFLICT);
    presses(&seller, &order, &parcel, "return", &[(&line, "2")]).await;
    is(&world, &order, ("cancelled", "voided")).await;
    assert_eq!(available(&world, &shop).await, 9);
    world.run_jobs().await;
    let mails = world.mails_to("huong@example.vn").await;
    assert!(mails.iter().any(|(_, body)| body.contains("quay về người bán")), "{mails:?}");
}

#[tokio::test]
async fn the_buyer_takes_a_part_and_pays_for_that() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    confirmed(&seller, &order).await;
    let parcel = packs(&seller, &order, "3", "own").await;
    presses(&seller, &order, &parcel, "pick_up", &[]).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let line =
        page.attributes("form:has(button[value=deliver_part]) input[name^=sl-]", "name").remove(0);
    presses(&seller, &order, &parcel, "deliver_part", &[(&line, "1")]).await;
    let (state, _) = standing(&world, &order).await;
    assert_eq!(state, "delivered");
    assert_eq!(available(&world, &shop).await, 8);
    let paid: i64 = sqlx::query_scalar(
        "select sum(amount)::bigint from payments.events where kind = 'cod_collected'",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(paid, 2 * 108_000 + 20_000);
}
