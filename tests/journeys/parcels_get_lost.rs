//! What becomes of a parcel that never arrives: paid back, sent again, or settled by the clock.

use crate::{
    market::count,
    orders_live::GOOD,
    parcels_are_followed::{confirmed, is, packs, parcel_state, presses},
    shop_floor::{Shop, available, ordered, shop, signed_in},
    support::{World, browser::Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::orders::{PaymentMethod, PlacedOrder};

const BALANCE: &str = "select balance from payments.intents";

/// A paid order of three in two parcels, of which the first has arrived and the second was lost.
async fn lost(world: &World, shop: &Shop, seller: &Browser) -> (PlacedOrder, String) {
    let order = ordered(world, shop, 3, PaymentMethod::VietQr).await;
    confirmed(seller, &order).await;
    confirmed(seller, &order).await;
    let first = packs(seller, &order, "2", "own").await;
    let second = packs(seller, &order, "1", "own").await;
    for parcel in [&first, &second] {
        presses(seller, &order, parcel, "pick_up", &[]).await;
    }
    presses(seller, &order, &first, "deliver", &[]).await;
    presses(seller, &order, &second, "lose", &[("note", "Xe khách làm rơi")]).await;
    assert_eq!(parcel_state(world, &second).await, "lost");
    is(world, &order, ("handed_over", "paid")).await;
    world.run_jobs().await;
    is(world, &order, ("handed_over", "paid")).await;
    (order, second)
}

#[tokio::test]
async fn what_was_paid_for_a_lost_parcel_is_owed_back() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = signed_in(&world, &shop.email).await;
    let (order, parcel) = lost(&world, &shop, &seller).await;
    // Both see it, and both are told.
    let guest = world.browser();
    let own = format!("/don-hang/{}?k={}", order.code, order.secret);
    guest.get(&own).await.ok().shows("được báo thất lạc");
    let desk = format!("/ban-hang/don-hang/{}", order.code);
    seller.get(&desk).await.ok().shows("chọn gửi lại hoặc hoàn tiền");
    seller.get("/thong-bao").await.ok().shows("một kiện bị thất lạc");
    let mails = world.mails_to("huong@example.vn").await;
    assert!(mails.iter().any(|(subject, _)| subject.contains("thất lạc")), "{mails:?}");
    presses(&seller, &order, &parcel, "refund", &[]).await;
    is(&world, &order, ("delivered", "refund_due")).await;
    assert_eq!(count(&world, BALANCE).await, 108_000, "what was paid for one of three");
    guest.get(&own).await.ok().shows("người bán phải hoàn");
    // Said once; and the books and stock hold.
    let again = seller.get(&format!("{desk}/kien/{parcel}")).await.ok();
    assert!(again.find_form("form:has(button[value=refund])").is_none());
    assert_eq!(available(&world, &shop).await, 7);
}

#[tokio::test]
async fn a_lost_parcel_is_sent_again_and_takes_goods_again() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 4).await;
    let seller = signed_in(&world, &shop.email).await;
    let (order, parcel) = lost(&world, &shop, &seller).await;
    assert_eq!(available(&world, &shop).await, 1);
    let told = "select count(*) from platform.events where name = 'stock.changed'";
    let before = count(&world, told).await;
    presses(&seller, &order, &parcel, "resend", &[]).await;
    assert_eq!(available(&world, &shop).await, 0, "other goods go out");
    assert_eq!(count(&world, told).await, before + 1, "it can no longer be bought");
    is(&world, &order, ("handed_over", "paid")).await;
    world.clock.advance(TimeDelta::minutes(5));
    let third = packs(&seller, &order, "1", "own").await;
    presses(&seller, &order, &third, "pick_up", &[]).await;
    presses(&seller, &order, &third, "deliver", &[]).await;
    world.run_jobs().await;
    is(&world, &order, ("delivered", "paid")).await;
    assert_eq!(count(&world, BALANCE).await, 0);
    let drift = "select count(*) from stock.levels l where on_hand <> (select sum(quantity) from stock.movements m
                 where m.variant_id = l.variant_id)";
    assert_eq!(count(&world, drift).await, 0);
    // What is not there cannot be sent again.
    let (order, parcel) = {
        sqlx::query("update stock.levels set on_hand = on_hand + 3")
            .execute(&world.db)
            .await
            .unwrap();
        lost(&world, &shop, &seller).await
    };
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let form = page.form("form:has(button[value=resend])").with("act", "resend");
    assert_eq!(seller.send(&form).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_seller_who_says_nothing_owes_the_refund_after_some_days() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = signed_in(&world, &shop.email).await;
    let (order, _) = lost(&world, &shop, &seller).await;
    world.wait(TimeDelta::days(2)).await;
    is(&world, &order, ("handed_over", "paid")).await;
    world.wait(TimeDelta::days(2)).await;
    is(&world, &order, ("delivered", "refund_due")).await;
    assert_eq!(count(&world, BALANCE).await, 108_000);
    world.wait(TimeDelta::hours(2)).await;
    assert_eq!(count(&world, BALANCE).await, 108_000, "once");
}
