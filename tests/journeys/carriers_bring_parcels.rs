//! Parcels through carriers: late, repeated, forged and lost words end where the goods are.

use crate::{
    orders_live::GOOD,
    parcels_are_followed::{confirmed, is, packs, parcel_state, presses},
    shop_floor::{Shop, available, ordered, shop, signed_in, standing},
    support::{
        World,
        browser::Browser,
        carriers::{Bad, SHOP, Sim, TOKEN},
    },
};
use reqwest::StatusCode;
use santinh::orders::{PaymentMethod, PlacedOrder};

pub const SECRET: &str = "ma-hen-truoc-2026";

/// A world with carriers, and a shop that has contracts with all of them.
async fn with_carriers() -> (World, Sim, Shop, Browser) {
    let sim = Sim::start().await;
    let world = World::with(&[
        ("SANTINH_GHN_URL", &sim.base),
        ("SANTINH_GHTK_URL", &sim.base),
        ("SANTINH_VIETTEL_POST_URL", &sim.base),
    ])
    .await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = has_contracts(&world, &shop).await;
    (world, sim, shop, seller)
}

/// The shop enters its contracts with all carriers, who know the way to Khe Sanh.
pub async fn has_contracts(world: &World, shop: &Shop) -> Browser {
    let seller = signed_in(world, &shop.email).await;
    for (carrier, slug) in [("ghn", "ghn"), ("ghtk", "ghtk"), ("viettel_post", "viettel-post")] {
        let page = seller.get("/ban-hang/giao-hang/hang").await.ok();
        let form = page.form(&format!("form:has(input[name=hang][value={carrier}])"));
        let mut form = form.with("cua_hang", SHOP).with("khoa", TOKEN);
        if carrier == "viettel_post" {
            form = form.with("ma_bao", SECRET);
        }
        let page = seller.send(&form).await.ok().lacks(TOKEN).lacks(SECRET);
        let test = page.form(&format!("form[action=\"/ban-hang/giao-hang/hang/{slug}/thu\"]"));
        seller.send(&test).await.ok().shows("Kết nối tốt").shows("Đã kết nối");
    }
    let (ghn, homes): (&str, Vec<String>) = (
        "insert into delivery.carrier_places (carrier, commune_code, district, ward) values ('ghn', $1, '1829', '320301') on conflict do nothing",
        sqlx::query_scalar("select commune_code from enterprises.sellers union select '19429'")
            .fetch_all(&world.db)
            .await
            .unwrap(),
    );
    for code in homes {
        sqlx::query(ghn).bind(code).execute(&world.db).await.unwrap();
    }
    seller
}

/// A confirmed order that goes to Khe Sanh.
pub async fn to_khe_sanh(
    world: &World,
    shop: &Shop,
    seller: &Browser,
    quantity: i64,
) -> PlacedOrder {
    let order = ordered(world, shop, quantity, PaymentMethod::Cod).await;
    sqlx::query("update orders.orders set commune_code = '19429' where id = $1")
        .bind(order.id.0)
        .execute(&world.db)
        .await
        .unwrap();
    confirmed(seller, &order).await;
    order
}

/// The carrier reports to the address that the seller gave him.
async fn reports(world: &World, carrier: &str, message: &(&'static str, String)) -> StatusCode {
    telling(world, carrier, message).await.send().await.unwrap().status()
}

/// The request with which a carrier tells.
pub async fn telling(
    world: &World,
    carrier: &str,
    (kind, body): &(&'static str, String),
) -> reqwest::RequestBuilder {
    let path: String = sqlx::query_scalar("select path from delivery.contracts where carrier = $1")
        .bind(carrier)
        .fetch_one(&world.db)
        .await
        .unwrap();
    let url = format!("{}/giao-hang/{}/tin/{path}", world.base, carrier.replace('_', "-"));
    reqwest::Client::new().post(url).header("content-type", *kind).body(body.clone())
}

#[tokio::test]
async fn a_carrier_brings_a_parcel_and_keeps_the_cash_for_a_while() {
    let (world, sim, shop, seller) = with_carriers().await;
    for (i, (carrier, words)) in [
        ("ghn", ["picked", "transporting", "delivering", "delivered"]),
        ("ghtk", ["123", "3", "4", "5"]),
        ("viettel_post", ["200", "300", "500", "501"]),
    ]
    .into_iter()
    .enumerate()
    {
        let order = to_khe_sanh(&world, &shop, &seller, 2).await;
        let parcel = packs(&seller, &order, "2", carrier).await;
        assert_eq!(sim.booked(carrier).len(), 0, "nothing is asked within the transaction");
        world.run_jobs().await;
        let booked = sim.booked(carrier);
        assert_eq!(
            (booked.len(), booked[0].0.as_str(), booked[0].1.cod),
            (1, parcel.as_str(), 236_000)
        );
        assert_eq!(parcel_state(&world, &parcel).await, "awaiting_pickup");
        is(&world, &order, ("packed", "cod_due")).await;
        // Late, twice, in any order: all messages are kept until the end and come backwards.
        let mut messages = Vec::new();
        for (hour, word) in words.into_iter().enumerate() {
            let at = match carrier {
                "ghn" => format!("2026-11-22T0{}:00:00Z", 3 + hour),
                "ghtk" => format!("2026-11-22 1{hour}:00:00"),
                _ => format!("22/11/2026 1{hour}:00:00"),
            };
            sim.status(carrier, &parcel, word, &at);
            sim.happen(carrier, &parcel, |p| (p.weight, p.fee) = (1_800, 41_000));
            messages.push(sim.message(carrier, &parcel, SECRET));
        }
        for message in messages.iter().rev().chain(&messages) {
            assert_eq!(reports(&world, carrier, message).await, StatusCode::OK);
            world.run_jobs().await;
        }
        assert_eq!(parcel_state(&world, &parcel).await, "delivered", "{carrier}");
        is(&world, &order, ("delivered", "cod_with_carrier")).await;
        let inbox: i64 =
            sqlx::query_scalar("select count(*) from platform.inbox where provider = $1")
                .bind(carrier)
                .fetch_one(&world.db)
                .await
                .unwrap();
        assert_eq!(inbox, 4, "each message once");
        let page =
            seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
        page.shows("1,8").shows("Cước chênh").shows("41.000");
        assert_eq!(available(&world, &shop).await, 10 - 2 * (i64::try_from(i).unwrap() + 1));
    }
}

#[tokio::test]
async fn a_guessed_message_moves_nothing() {
    let (world, sim, shop, seller) = with_carriers().await;
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    let parcel = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    // GHN proves nothing: what the message says is not believed, GHN is asked.
    let message = sim.message("ghn", &parcel, "");
    let forged = (message.0, message.1.replace("ready_to_pick", "delivered"));
    assert_eq!(reports(&world, "ghn", &forged).await, StatusCode::OK);
    world.run_jobs().await;
    assert!(sim.calls("detail") > 0);
    assert_eq!(parcel_state(&world, &parcel).await, "awaiting_pickup");
    is(&world, &order, ("packed", "cod_due")).await;
    // Viettel Post's carries a secret.
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    let parcel = packs(&seller, &order, "1", "viettel_post").await;
    world.run_jobs().await;
    sim.status("viettel_post", &parcel, "501", "22/11/2026 10:00:00");
    let forged = sim.message("viettel_post", &parcel, "doan-mo");
    assert_eq!(reports(&world, "viettel_post", &forged).await, StatusCode::FORBIDDEN);
    assert_eq!(
        reports(&world, "viettel_post", &("application/json", "{".into())).await,
        StatusCode::BAD_REQUEST
    );
    world.run_jobs().await;
    assert_eq!(parcel_state(&world, &parcel).await, "awaiting_pickup");
    let lost = world.browser().post("/giao-hang/ghn/tin/khongcoduongnay", &[]).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_parcel() {
    let (world, sim, shop, seller) = with_carriers().await;
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    for bad in [Bad::Garbage, Bad::Error] {
        sim.fail_next(bad);
    }
    let parcel = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    for _ in 0..4 {
        world.wait(chrono::TimeDelta::minutes(40)).await;
    }
    assert_eq!(sim.booked("ghn").len(), 1);
    assert_eq!(sim.calls("create"), 1, "it is looked up before it is repeated");
    assert_eq!(parcel_state(&world, &parcel).await, "awaiting_pickup");
    // Who cannot be asked is not asked twice: the seller looks.
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    sim.fail_next(Bad::Garbage);
    let parcel = packs(&seller, &order, "1", "viettel_post").await;
    world.run_jobs().await;
    world.wait(chrono::TimeDelta::hours(3)).await;
    assert_eq!(sim.booked("viettel_post").len(), 1);
    let theirs = sim.booked("viettel_post")[0].1.theirs.clone();
    presses(&seller, &order, &parcel, "known", &[("so", &theirs)]).await;
    assert_eq!(parcel_state(&world, &parcel).await, "awaiting_pickup");
}

#[tokio::test]
async fn a_silent_parcel_is_asked_about_and_a_cancelled_one_is_taken_back() {
    let (world, sim, shop, seller) = with_carriers().await;
    let order = to_khe_sanh(&world, &shop, &seller, 2).await;
    let parcel = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    sim.status("ghn", &parcel, "picked", "2026-11-22T03:00:00Z");
    world.wait(chrono::TimeDelta::hours(7)).await;
    assert_eq!(parcel_state(&world, &parcel).await, "picked_up", "without any message");
    is(&world, &order, ("handed_over", "cod_due")).await;
    let second = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    presses(&seller, &order, &second, "cancel", &[]).await;
    world.run_jobs().await;
    assert_eq!(parcel_state(&world, &second).await, "cancelled");
    let booked = sim.booked("ghn");
    assert!(booked.iter().any(|(ours, p)| *ours == second && p.cancelled));
    // What lay in it is packed anew; the first comes back, the other arrives.
    let third = packs(&seller, &order, "1", "own").await;
    presses(&seller, &order, &third, "pick_up", &[]).await;
    presses(&seller, &order, &third, "deliver", &[]).await;
    sim.status("ghn", &parcel, "returned", "2026-11-22T05:00:00Z");
    let message = sim.message("ghn", &parcel, "");
    reports(&world, "ghn", &message).await;
    world.run_jobs().await;
    let (state, _) = standing(&world, &order).await;
    assert_eq!(state, "delivered");
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let line = page.attributes("form:has(button[value=count]) input[name^=sl-]", "name").remove(0);
    let before = available(&world, &shop).await;
    presses(&seller, &order, &parcel, "count", &[(&line, "1")]).await;
    assert_eq!(available(&world, &shop).await, before + 1);
}

/// The seller cancels the whole order, with a reason.
async fn cancels(seller: &Browser, order: &PlacedOrder) {
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    let form = page.form("form:has(button[value=cancel])").with("act", "cancel");
    seller.send(&form.with("note", "Hết hàng").with("reason", "Hết hàng")).await.ok();
}

#[tokio::test]
async fn a_carrier_who_will_not_give_a_parcel_back_makes_no_goods() {
    let (world, sim, shop, seller) = with_carriers().await;
    let order = to_khe_sanh(&world, &shop, &seller, 2).await;
    let parcel = packs(&seller, &order, "2", "ghn").await;
    world.run_jobs().await;
    assert_eq!(available(&world, &shop).await, 8);
    // He has fetched it, we do not know yet.
    sim.status("ghn", &parcel, "picked", "2026-11-22T03:00:00Z");
    cancels(&seller, &order).await;
    world.run_jobs().await;
    is(&world, &order, ("cancelled", "voided")).await;
    assert_eq!(available(&world, &shop).await, 10);
    let report = async || {
        let message = sim.message("ghn", &parcel, "");
        assert_eq!(reports(&world, "ghn", &message).await, StatusCode::OK);
        world.run_jobs().await;
    };
    report().await;
    assert_eq!(parcel_state(&world, &parcel).await, "picked_up");
    assert_eq!(available(&world, &shop).await, 8, "the goods are gone after all");
    sim.status("ghn", &parcel, "returned", "2026-11-22T05:00:00Z");
    report().await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}/kien/{parcel}", order.code)).await.ok();
    let line = page.attributes("form:has(button[value=count]) input[name^=sl-]", "name").remove(0);
    presses(&seller, &order, &parcel, "count", &[(&line, "2")]).await;
    assert_eq!(available(&world, &shop).await, 10, "as many as there ever were");
}

#[tokio::test]
async fn cash_that_is_told_after_a_loss_is_noted() {
    let (world, sim, shop, seller) = with_carriers().await;
    let tell = async |parcel: &str, word: &str, at: &str| {
        sim.status("ghn", parcel, word, at);
        let message = sim.message("ghn", parcel, "");
        assert_eq!(reports(&world, "ghn", &message).await, StatusCode::OK);
        world.run_jobs().await;
    };
    // Lost, and found before the seller has said anything.
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    let parcel = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    tell(&parcel, "picked", "2026-11-22T03:00:00Z").await;
    tell(&parcel, "lost", "2026-11-22T04:00:00Z").await;
    is(&world, &order, ("handed_over", "cod_due")).await;
    tell(&parcel, "delivered", "2026-11-22T05:00:00Z").await;
    is(&world, &order, ("delivered", "cod_with_carrier")).await;
    // Given up, and brought all the same: the cash is not forgotten.
    let order = to_khe_sanh(&world, &shop, &seller, 1).await;
    let parcel = packs(&seller, &order, "1", "ghn").await;
    world.run_jobs().await;
    tell(&parcel, "picked", "2026-11-22T03:00:00Z").await;
    tell(&parcel, "lost", "2026-11-22T04:00:00Z").await;
    presses(&seller, &order, &parcel, "refund", &[]).await;
    let (state, _) = standing(&world, &order).await;
    assert_eq!(state, "cancelled");
    tell(&parcel, "delivered", "2026-11-22T06:00:00Z").await;
    is(&world, &order, ("cancelled", "refund_due")).await;
}

#[tokio::test]
async fn what_was_not_counted_in_time_can_still_go_back() {
    let (world, _sim, shop, seller) = with_carriers().await;
    let order = to_khe_sanh(&world, &shop, &seller, 2).await;
    let parcel = packs(&seller, &order, "2", "ghtk").await;
    world.run_jobs().await;
    sqlx::query(
        "update delivery.parcels set state = 'partly_delivered', heard_at = $2, look_at = null where code = $1",
    )
    .bind(&parcel)
    .bind(world.clock.now())
    .execute(&world.db)
    .await
    .unwrap();
    sqlx::query("update orders.orders set state = 'delivered'").execute(&world.db).await.unwrap();
    let delivered = "select coalesce(sum(delivered), 0)::bigint from delivery.parcel_lines";
    world.wait(chrono::TimeDelta::days(6)).await;
    let before: i64 = sqlx::query_scalar(delivered).fetch_one(&world.db).await.unwrap();
    world.wait(chrono::TimeDelta::days(2)).await;
    let after: i64 = sqlx::query_scalar(delivered).fetch_one(&world.db).await.unwrap();
    assert_eq!((before, after), (0, 2), "the buyer has what the seller does not say he has back");
}
