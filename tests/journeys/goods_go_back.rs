//! Goods go back: by fault, by law, through a dispute.

use crate::{
    market::count,
    shop_floor::{Shop, group, place, shop, signed_in, standing, wish},
    support::{World, browser::Browser},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::{BasisPoints, ProductId, VariantId, Vnd},
    orders::{self, Act, ActorKind, NewLine, OrderEvent, PaymentMethod, PlacedOrder, Redeemed},
    promotions::{self, Discount, Valid},
    stock::{self, NewLevel},
};

const CLAIMED: &str = "select coalesce(sum(claimed), 0)::bigint from returns.delivered";
/// What is owed back to the only buyer of a world; below nothing, he owes it.
pub const OWED_BACK: &str = "select balance from payments.intents";

/// A smallest picture that decodes.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([200, 40, 40]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Moves an order along by its seller.
pub async fn moves(world: &World, order: &PlacedOrder, events: &[OrderEvent]) {
    for event in events {
        let mut tx = world.db.begin().await.unwrap();
        let act = Act { event: *event, actor: ActorKind::Seller, note: "xe", seen: None };
        orders::act(&mut tx, &world.cx(), order.id, &act).await.unwrap();
        tx.commit().await.unwrap();
    }
}

const TO_THE_DOOR: [OrderEvent; 4] =
    [OrderEvent::Confirm, OrderEvent::Pack, OrderEvent::HandOver, OrderEvent::Deliver];

/// Three packets and a cup, with 10.000 taken off; 378.000 − 10.000 + 20.000.
pub async fn two_lines(world: &World, floor: &Shop, payment: PaymentMethod) -> PlacedOrder {
    let today = santinh::kernel::day_of(world.clock.now());
    let cup = VariantId(world.cx().new_id());
    let mut tx = world.db.begin().await.unwrap();
    let level = NewLevel { variant: cup, seller: floor.seller, on_hand: 9, unlimited: false };
    stock::open(&mut tx, &world.cx(), &[level]).await.unwrap();
    let new = Valid {
        code: "MUOI".into(),
        offered: true,
        discount: Discount::Amount(Vnd(10_000)),
        min_goods: Vnd(100_000),
        total_limit: None,
        buyer_limit: None,
        starts_on: today,
        ends_on: today,
    };
    let id = promotions::open(&mut tx, &world.cx(), floor.seller, &new).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut order = wish(floor, 3, payment);
    order.lines.push(NewLine {
        variant: cup,
        product: ProductId(cup.0),
        sku: "C".into(),
        name: "Chén".into(),
        label: String::new(),
        unit: "cái".into(),
        picture: String::new(),
        quantity: 1,
        unit_price: Vnd(54_000),
        tax: BasisPoints(800),
    });
    let terms = santinh::kernel::Text::new("Giảm 10.000", "10.000 off");
    order.voucher = Some(Redeemed { id, code: "MUOI".into(), terms, discount: Vnd(10_000) });
    place(world, group(world, None, vec![order])).await.unwrap().orders.remove(0)
}

/// A page below the order's own, opened by its key.
pub fn below(order: &PlacedOrder, page: &str) -> String {
    format!("/don-hang/{}/{page}?k={}", order.code, order.secret)
}

/// Presses the button of that name on a page, with these fields filled in.
pub async fn deed(
    reader: &Browser,
    path: &str,
    act: &str,
    fields: &[(&str, &str)],
) -> crate::support::browser::Answer {
    let page = reader.get(path).await.ok();
    let form = page.form(&format!("form:has(button[value={act}])")).with("act", act);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    reader.send(&form).await
}

async fn asks(
    buyer: &Browser,
    order: &PlacedOrder,
    kind: &str,
    how_many: &[(&str, &str)],
) -> crate::support::browser::Answer {
    let page = buyer.get(&below(order, "tra-hang")).await.ok();
    let form = page.form("form[enctype]").with("kind", kind).with("wish", "refund");
    let form = form.with("reason", "Cà phê bị mốc").with("act", "request");
    let form = how_many.iter().fold(form, |form, (name, value)| form.with(name, value));
    buyer.send(&form).await
}

async fn case_id(world: &World) -> String {
    sqlx::query_scalar(
        "select id::text from returns.cases order by state = 'closed', requested_at desc limit 1",
    )
    .fetch_one(&world.db)
    .await
    .unwrap()
}

async fn case_state(world: &World) -> String {
    sqlx::query_scalar(
        "select state from returns.cases order by state = 'closed', requested_at desc limit 1",
    )
    .fetch_one(&world.db)
    .await
    .unwrap()
}

#[tokio::test]
async fn faulty_goods_go_back_and_the_money_comes_by_shares() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    // Nothing was delivered yet: nothing can go back.
    assert!(!buyer.get(&below(&order, "tra-hang")).await.ok().text.contains("multipart/form-data"));
    moves(&world, &order, &TO_THE_DOOR).await;
    // Without the key it does not exist.
    let bare = format!("/don-hang/{}/tra-hang", order.code);
    assert_eq!(world.browser().get(&bare).await.status, StatusCode::NOT_FOUND);
    for bad in
        [[("sl-1", "4")], [("sl-1", "-1")], [("sl-1", "99999999999999999999")], [("sl-1", "")]]
    {
        let answer = asks(&buyer, &order, "fault", &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
    // Two of three packets, with a picture. 324.000 less its share 8.571 of 10.000, two thirds of it, rounded down.
    let page = buyer.get(&below(&order, "tra-hang")).await.ok();
    let form = page.form("form[enctype]").with("kind", "fault").with("wish", "refund");
    let form = form.with("reason", "Bị mốc").with("sl-1", "2").with("act", "request");
    let asked = buyer.send(&form.clone().file("anh", "moc.png", &picture())).await.ok();
    let asked = asked.shows("Chờ người bán trả lời").shows("210.286\u{a0}₫");
    // The same form again is the same request.
    buyer.send(&form.file("anh", "moc.png", &picture())).await.ok();
    assert_eq!(count(&world, "select count(*) from returns.cases").await, 1);
    assert_eq!(count(&world, CLAIMED).await, 2);
    let id = case_id(&world).await;
    let evidence = asked.attributes("img.thumb", "src").remove(0);
    assert_eq!(buyer.get(&evidence).await.ok().headers["content-type"], "image/jpeg");
    assert_eq!(
        world.browser().get(evidence.split('?').next().unwrap()).await.status,
        StatusCode::NOT_FOUND
    );
    // No more than what is left.
    let more = asks(&buyer, &order, "fault", &[("sl-1", "2")]).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.run_jobs().await;
    assert!(world.mails_to(&floor.email).await.iter().any(|(s, _)| s.contains("Yêu cầu trả hàng")));

    let desk = format!("/ban-hang/tra-hang/{id}");
    seller.get("/ban-hang/tra-hang").await.ok().shows(&order.code);
    seller.get(&desk).await.ok().shows("Bị mốc");
    let other = shop(&world, "Khác", "0100109106", 1).await;
    let stranger = signed_in(&world, &other.email).await;
    assert_eq!(stranger.get(&desk).await.status, StatusCode::NOT_FOUND);
    deed(&seller, &desk, "approve", &[]).await.ok().shows("chờ gửi hàng về");
    deed(&buyer, &below(&order, "tra-hang"), "send", &[("note", "Xe khách")]).await.ok();
    deed(&seller, &desk, "receive", &[]).await.ok();
    assert_eq!(count(&world, OWED_BACK).await, 0);
    deed(&seller, &desk, "inspect", &[]).await.ok();
    assert_eq!(count(&world, OWED_BACK).await, 210_286);
    let silent = deed(&seller, &desk, "refund", &[("note", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    deed(&seller, &desk, "refund", &[("note", "FT2611220001")]).await.ok().shows("FT2611220001");
    // It is the buyer who says that it has come.
    assert_eq!(count(&world, OWED_BACK).await, 210_286);
    deed(&buyer, &below(&order, "tra-hang"), "confirm", &[]).await.ok();
    assert_eq!(case_state(&world).await, "closed");
    assert_eq!(count(&world, OWED_BACK).await, 0);
    assert_eq!(standing(&world, &order).await.1, "partially_refunded");
    // The last packet takes the rest of its line: 315.429 − 210.286.
    asks(&buyer, &order, "fault", &[("sl-1", "1")]).await.ok().shows("105.143\u{a0}₫");
    assert_eq!(
        count(&world, "select claimed_amount - paid from returns.delivered where position = 1")
            .await,
        0
    );
    // Silence of the seller is consent; a buyer who sends nothing back gives up, and may ask again.
    world.wait(TimeDelta::hours(73)).await;
    assert_eq!(case_state(&world).await, "approved");
    world.wait(TimeDelta::days(8)).await;
    assert_eq!(case_state(&world).await, "withdrawn");
    assert_eq!(count(&world, CLAIMED).await, 2);
    // After the window nothing is said of faults any more, but the law's thirty days still run.
    let late = asks(&buyer, &order, "fault", &[("sl-1", "1")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    asks(&buyer, &order, "withdrawal", &[("sl-1", "1")]).await.ok();
}

#[tokio::test]
async fn the_law_lets_a_buyer_withdraw_without_a_reason_and_a_dispute_is_mediated() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    moves(&world, &order, &TO_THE_DOOR).await;
    let everything = [("sl-1", "3"), ("sl-2", "1"), ("reason", "")];
    // Everything goes back: the delivery is given back as well.
    asks(&buyer, &order, "withdrawal", &everything).await.ok().shows("388.000\u{a0}₫");
    let desk = format!("/ban-hang/tra-hang/{}", case_id(&world).await);
    let page = seller.get(&desk).await.ok();
    assert!(page.attributes("button[name=act]", "value").iter().all(|v| v != "reject"));
    // Pressed all the same, it is refused.
    let forced =
        page.form("form:has(button[value=approve])").with("act", "reject").with("note", "không");
    assert_eq!(seller.send(&forced).await.status, StatusCode::CONFLICT);
    deed(&seller, &desk, "waive", &[]).await.ok();
    assert_eq!(count(&world, OWED_BACK).await, 388_000);
    // In part, with a reason; the buyer contests; the Department takes it up.
    let all =
        deed(&seller, &desk, "refund_part", &[("note", "thiếu bao bì"), ("so_tien", "388.000")])
            .await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    deed(&seller, &desk, "refund_part", &[("note", "thiếu bao bì"), ("so_tien", "300.000")])
        .await
        .ok();
    assert_eq!(count(&world, OWED_BACK).await, 300_000);
    let officer = world.officer("Cán bộ", "canbo@example.vn").await;
    let case = format!("/so-cong-thuong/tra-hang/{}", case_id(&world).await);
    assert_eq!(
        officer.browser.get(&case).await.status,
        StatusCode::NOT_FOUND,
        "nothing is disputed yet"
    );
    deed(&buyer, &below(&order, "tra-hang"), "contest", &[("note", "luật cho đủ")]).await.ok();
    officer.browser.get("/so-cong-thuong/tra-hang").await.ok().shows(&order.code);
    deed(&officer.browser, &case, "take_up", &[]).await.ok();
    // Neither side can move it now.
    assert!(!seller.get(&desk).await.ok().text.contains("name=\"act\""));
    deed(
        &officer.browser,
        &case,
        "rule_split",
        &[("note", "hai bên cùng chịu"), ("so_tien", "350.000")],
    )
    .await
    .ok();
    assert_eq!(count(&world, OWED_BACK).await, 350_000);
    deed(&seller, &desk, "refund", &[("note", "FT2")]).await.ok();
    world.wait(TimeDelta::days(8)).await;
    assert_eq!(case_state(&world).await, "closed");
    assert_eq!(count(&world, OWED_BACK).await, 0);
    assert!(
        count(&world, "select count(*) from platform.audit where action like 'returns.%'").await
            >= 5
    );
    let mails = world.mails_to("huong@example.vn").await;
    assert!(mails.iter().any(|(s, _)| s.contains("hoàn một phần")), "{mails:?}");
}

#[tokio::test]
async fn a_refusal_that_nobody_mediates_is_the_buyers() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    moves(&world, &order, &TO_THE_DOOR).await;
    // One of three packets did not reach him: it cannot go back.
    sqlx::query("update delivery.parcel_lines set delivered = 2 where position = 1")
        .execute(&world.db)
        .await
        .unwrap();
    buyer.get(&below(&order, "tra-hang")).await.ok().shows("tối đa 2 gói");
    let all = asks(&buyer, &order, "fault", &[("sl-1", "3")]).await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    asks(&buyer, &order, "fault", &[("sl-2", "1")]).await.ok();
    let desk = format!("/ban-hang/tra-hang/{}", case_id(&world).await);
    deed(&seller, &desk, "reject", &[("note", "chén không vỡ")]).await.ok();
    assert_eq!(count(&world, OWED_BACK).await, 0);
    deed(&buyer, &below(&order, "tra-hang"), "contest", &[("note", "vỡ đáy")]).await.ok();
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let case = format!("/van-hanh/tra-hang/{}", case_id(&world).await);
    deed(&operator.browser, &case, "take_up", &[]).await.ok();
    world.wait(TimeDelta::days(16)).await;
    assert_eq!(case_state(&world).await, "resolved_buyer");
    assert_eq!(count(&world, OWED_BACK).await, 54_000 - 1_429);
    // However long it takes, it stays owed.
    world.wait(TimeDelta::days(30)).await;
    assert_eq!(case_state(&world).await, "resolved_buyer");
}

#[tokio::test]
async fn twenty_requests_at_once_claim_what_was_delivered_and_no_more() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    moves(&world, &order, &TO_THE_DOOR).await;
    let racing = (0..20)
        .map(|_| async { asks(&world.browser(), &order, "fault", &[("sl-1", "1")]).await.status });
    let answers = futures_util::future::join_all(racing).await;
    assert_eq!(answers.iter().filter(|s| s.is_success()).count(), 3, "{answers:?}");
    assert_eq!(count(&world, CLAIMED).await, 3);
    assert_eq!(
        count(&world, "select (sum(goods_refund) - 315429)::bigint from returns.cases").await,
        0,
        "all that was paid for the line, to the last đồng"
    );
}

#[tokio::test]
async fn a_return_rings_the_bell_and_keeps_no_picture_of_nothing() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    moves(&world, &order, &TO_THE_DOOR).await;
    let page = buyer.get(&below(&order, "tra-hang")).await.ok();
    let form = page.form("form[enctype]").with("kind", "fault").with("wish", "refund");
    let form = form.with("reason", "Bị mốc").with("sl-1", "1").with("act", "request");
    let form = form.file("anh", "moc.png", &picture());
    for _ in 0..3 {
        buyer.send(&form).await.ok();
    }
    let kept = std::fs::read_dir(world.var().join("files/returns")).unwrap().count();
    assert_eq!(kept, 1, "the same form again keeps nothing");
    world.run_jobs().await;
    seller.get("/thong-bao").await.ok().shows("Trả hàng").shows("Chờ người bán trả lời");
    seller.get("/thong-bao?lang=en").await.ok().shows("Return ");
    let items = "select count(*) from notices.items where kind = 'return'";
    assert_eq!(count(&world, items).await, 1);
    let desk = format!("/ban-hang/tra-hang/{}", case_id(&world).await);
    deed(&seller, &desk, "approve", &[]).await.ok();
    world.run_jobs().await;
    assert_eq!(count(&world, items).await, 1, "nobody is told what he did himself");
}
