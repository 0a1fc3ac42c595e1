//! A firm buys by purchase order: deposit, deliveries in parts, acceptance, credit, notices, papers.

use crate::{
    bank_desk::message,
    market::{Goods, Stall, count, firm, goods, stall},
    papers_of_an_order::words,
    support::{
        World,
        browser::{Answer, Browser},
        people::Somebody,
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::{BasisPoints, Lang, OrgId, Vnd},
    purchasing::{self, NewPoLine, NewPurchaseOrder, PlacedPo, Terms},
    stock,
};
use uuid::Uuid;

pub(crate) struct Trade {
    pub(crate) stall: Stall,
    pub(crate) hats: Goods,
    pub(crate) seller: Somebody,
    pub(crate) buyer: Somebody,
    pub(crate) org: OrgId,
}

const BUYER: &str = "Công ty Du lịch Cửa Tùng";

pub(crate) async fn trade(world: &World) -> Trade {
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let stall = stall(world, "Nón lá Hải Lăng", "3200000027", Some(seller.id)).await;
    let hats = goods(world, &stall, "Nón", 108_000, 10).await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let org = firm(world, &buyer, "0101197803", BUYER).await;
    Trade { stall, hats, seller, buyer, org }
}

/// Ten hats and 12.5 kg of leaves: 1.080.000 + 1.250.000, delivery 70.000: 2.400.000.
pub(crate) fn wish(trade: &Trade, terms: Terms) -> NewPurchaseOrder {
    let line = |variant, name: &str, unit: &str, quantity, price| NewPoLine {
        variant,
        name: name.into(),
        sku: String::new(),
        unit: unit.into(),
        quantity,
        unit_price: Vnd(price),
        tax: BasisPoints(800),
        category: None,
    };
    NewPurchaseOrder {
        org: trade.org,
        seller: trade.stall.seller,
        asked_by: trade.buyer.id,
        quote: Some((Uuid::new_v4(), 1)),
        title: "Nón lá và lá buông cho mùa hè".into(),
        lines: vec![
            line(Some(trade.hats.variant), "Nón lá", "cái", 10_000, 108_000),
            line(None, "Lá buông phơi khô", "kg", 12_500, 100_000),
        ],
        delivery_fee: Vnd(70_000),
        delivery_text: "Kho Cửa Tùng, Vĩnh Linh".into(),
        delivery_commune: None,
        wanted_by: None,
        terms,
        lang: Lang::Vi,
    }
}

pub(crate) fn terms(deposit_bps: i32, on_delivery_bps: i32, net_days: Option<i32>) -> Terms {
    Terms { deposit_bps, on_delivery_bps, net_days, note: String::new() }
}

pub(crate) async fn issued(world: &World, new: NewPurchaseOrder) -> PlacedPo {
    let mut tx = world.db.begin().await.unwrap();
    let placed = purchasing::issue(&mut tx, &world.cx(), new).await.unwrap();
    tx.commit().await.unwrap();
    placed
}

pub(crate) fn at_seller(po: &PlacedPo) -> String {
    format!("/ban-hang/don-mua/{}", po.number)
}

pub(crate) fn at_buyer(po: &PlacedPo) -> String {
    format!("/to-chuc/don-mua/{}", po.number)
}

/// Presses a button of a page, with what is written into its form.
pub(crate) async fn presses(
    browser: &Browser,
    path: &str,
    act: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let page = browser.get(path).await.ok();
    let form = page.form(&format!("form:has(button[value={act}])")).with("act", act);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    browser.send(&form).await
}

/// The service tells that an instalment's money has come.
pub(crate) async fn pays(world: &World, feed: &(String, String), po: &PlacedPo, nth: i32) {
    let (memo, amount): (String, i64) = sqlx::query_as(
        "select p.memo, p.amount from payments.intents p join purchasing.instalments i on i.id = p.order_id
         where i.order_id = $1 and i.nth = $2",
    )
    .bind(po.id)
    .bind(nth)
    .fetch_one(&world.db)
    .await
    .unwrap();
    let id = i64::from(nth) + 100;
    let line = message("casso", id, amount, &format!("CT {memo} tien hang"), &format!("FT{id:06}"));
    let told = reqwest::Client::new().post(&feed.0).header("secure-token", &feed.1);
    let answer = told.header("content-type", "application/json").body(line.to_string());
    assert_eq!(answer.send().await.unwrap().status(), StatusCode::OK);
    world.run_jobs().await;
}

pub(crate) async fn feed(seller: &Somebody) -> (String, String) {
    let form = seller.browser.get("/ban-hang/doi-soat/nguon").await.ok().form("main form.panel");
    let codes = seller.browser.send(&form.with("dich_vu", "casso")).await.ok().texts(".note .code");
    (codes[0].clone(), codes[1].clone())
}

pub(crate) async fn parts(world: &World, po: &PlacedPo) -> Vec<(String, i64, bool)> {
    sqlx::query_as(
        "select kind, amount, paid_at is not null from purchasing.instalments where order_id = $1 order by nth",
    )
    .bind(po.id)
    .fetch_all(&world.db)
    .await
    .unwrap()
}

pub(crate) async fn state(world: &World, po: &PlacedPo) -> String {
    sqlx::query_scalar("select state from purchasing.orders where id = $1")
        .bind(po.id)
        .fetch_one(&world.db)
        .await
        .unwrap()
}

#[tokio::test]
async fn from_the_deposit_over_two_deliveries_to_the_last_payment() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let feed = feed(&trade.seller).await;
    let po = issued(&world, wish(&trade, terms(3_000, 5_000, None))).await;
    world.run_jobs().await;
    assert_eq!(world.mails_to("cuc@example.vn").await.len(), 1, "the seller is told");
    let bell = seller.get("/thong-bao").await.ok().shows(&format!("Đơn mua {}", po.number));
    let news = bell.attributes("main .items a", "href").remove(0);
    assert_eq!(seller.get(&news).await.ok().path, at_seller(&po));
    seller.get("/ban-hang/don-mua").await.ok().shows(&po.number).shows("Cửa Tùng");
    buyer.get("/to-chuc/don-mua").await.ok().shows(&po.number).shows("2.400.000");
    let contract = format!("{}/hop-dong.pdf", at_buyer(&po));
    assert_eq!(buyer.get(&contract).await.status, StatusCode::NOT_FOUND, "nothing is agreed yet");
    // Nobody can send or accept what is not confirmed.
    let key = Uuid::new_v4().to_string();
    let early = buyer.post(&at_buyer(&po), &[("key", &key), ("act", "accept")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    presses(seller, &at_seller(&po), "confirm", &[]).await.ok().shows("Đặt cọc");
    assert_eq!(parts(&world, &po).await, [("deposit".into(), 720_000, false)]);
    buyer.get(&at_buyer(&po)).await.ok().shows("720.000").shows("0011004123456");
    assert_eq!(buyer.get(&format!("{}/qr/1", at_buyer(&po))).await.status, StatusCode::OK);
    pays(&world, &feed, &po, 1).await;
    assert!(parts(&world, &po).await[0].2, "the deposit was found by its memo");
    // The bank's page names the instalment and leads to its order.
    let bank = seller.get("/ban-hang/doi-soat").await.ok().shows(&format!("{}-1", po.number));
    assert!(bank.contains(&at_seller(&po)));

    // More than is there or than was ordered does not leave.
    let too_many = presses(seller, &at_seller(&po), "send", &[("sl-1", "11")]).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    let half = presses(seller, &at_seller(&po), "send", &[("sl-1", "2,5")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY, "half a hat is not counted");
    presses(
        seller,
        &at_seller(&po),
        "send",
        &[("sl-1", "6"), ("sl-2", "5"), ("carrier", "74C-001.23")],
    )
    .await
    .ok();
    let mut db = world.db.acquire().await.unwrap();
    let left = stock::available(&mut db, &[trade.hats.variant]).await.unwrap();
    assert_eq!(left[&trade.hats.variant], 4, "six have left the stock");
    drop(db);
    // One is missing: it is open again, and the share of the price is that of what came.
    presses(buyer, &at_buyer(&po), "receive", &[("rv-1", "5"), ("note", "thiếu một nón")])
        .await
        .ok();
    // 5 × 108.000 + 5 × 100.000 of 2.330.000 worth of goods, of the half that is due with deliveries.
    assert_eq!(parts(&world, &po).await[1], ("delivery".into(), 535_622, false));
    pays(&world, &feed, &po, 2).await;
    presses(seller, &at_seller(&po), "send", &[("sl-1", "5"), ("sl-2", "7,5")])
        .await
        .shows("Chỉ còn 4");
    assert_eq!(state(&world, &po).await, "in_delivery");
    sqlx::query("update stock.levels set on_hand = 5; ").execute(&world.db).await.unwrap();
    presses(seller, &at_seller(&po), "send", &[("sl-1", "5"), ("sl-2", "7,5")]).await.ok();
    presses(buyer, &at_buyer(&po), "receive", &[]).await.ok().shows("Nghiệm thu");
    assert_eq!(state(&world, &po).await, "delivered");
    assert_eq!(parts(&world, &po).await[2], ("delivery".into(), 1_200_000 - 535_622, false));
    presses(buyer, &at_buyer(&po), "accept", &[("note", "Hàng đẹp")]).await.ok();
    assert_eq!(parts(&world, &po).await[3], ("final".into(), 480_000, false));
    pays(&world, &feed, &po, 3).await;
    assert_eq!(state(&world, &po).await, "accepted");
    // The last one the seller has seen himself.
    presses(seller, &at_seller(&po), "money", &[]).await.ok();
    world.run_jobs().await;
    assert_eq!(state(&world, &po).await, "closed");

    for (path, told) in [
        (contract.as_str(), ["HỢP ĐỒNG MUA BÁN", "Hai triệu bốn trăm nghìn đồng", "12,5 kg"]),
        (
            &format!("{}/giao-hang/1", at_seller(&po)),
            ["PHIẾU GIAO HÀNG", "74C-001.23", "thiếu một nón"],
        ),
        (&format!("{}/nghiem-thu.pdf", at_seller(&po)), ["NGHIỆM THU", "Hàng đẹp", "2.400.000"]),
    ] {
        let browser = if path.starts_with("/ban-hang") { seller } else { buyer };
        let answer = browser.http.get(format!("{}{path}", browser.base)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let text = words(&answer.bytes().await.unwrap());
        for told in told {
            assert!(text.contains(told), "{told} is not in {text}");
        }
    }
    let xml = buyer.get(&format!("{}/ubl.xml", at_buyer(&po))).await.ok().text;
    for told in ["Order-2", "unitCode=\"KGM\">12.5<", ">2400000<", &po.number, "0101197803"] {
        assert!(xml.contains(told), "{told} is not in {xml}");
    }
    let trades: (i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where buyer_kind = 'organisation') from participation.trades",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(trades, (1, 1), "it counts as trade between firms");
    // Others find nothing.
    let other = world.person("Người khác", "khac@example.vn").await;
    firm(&world, &other, "0100109106", BUYER).await;
    for path in [at_buyer(&po), contract.clone(), format!("{}/qr/1", at_buyer(&po))] {
        assert_eq!(other.browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn credit_is_given_within_its_limit_and_late_payers_are_told() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let first = issued(&world, wish(&trade, terms(0, 0, Some(30)))).await;
    let second = issued(&world, wish(&trade, terms(0, 0, Some(30)))).await;
    let refused = presses(seller, &at_seller(&first), "confirm", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has credit by himself");
    let page = seller.get("/ban-hang/don-mua/cong-no").await.ok();
    let form = page.form("form:has(input[name=han_muc])");
    let wrong = seller.send(&form.clone().with("han_muc", "nhiều")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    seller.send(&form.with("han_muc", "3.000.000")).await.ok().shows("3.000.000");
    presses(seller, &at_seller(&first), "confirm", &[]).await.ok();
    let beyond = presses(seller, &at_seller(&second), "confirm", &[]).await;
    assert_eq!(beyond.status, StatusCode::UNPROCESSABLE_ENTITY);
    beyond.shows("600.000");
    presses(seller, &at_seller(&first), "send", &[("sl-1", "10"), ("sl-2", "12,5")]).await.ok();
    presses(buyer, &at_buyer(&first), "receive", &[]).await.ok();
    presses(buyer, &at_buyer(&first), "accept", &[]).await.ok();
    assert_eq!(parts(&world, &first).await, [("final".into(), 2_400_000, false)]);
    // A thousand older debts, of which all has been told, do not stand in the way of this one.
    sqlx::query(
        "with old as (insert into purchasing.instalments (id, order_id, nth, kind, amount, due_on, opened_at)
             select gen_random_uuid(), $1, n, 'final', 1, '2020-01-01', now() from generate_series(1, 1000) n
             returning id)
         insert into purchasing.dunnings (instalment_id, level, at) select id, 3, now() from old",
    )
    .bind(second.id)
    .execute(&world.db)
    .await
    .unwrap();
    world.run_jobs().await;
    let before = world.mails_to("huong@example.vn").await.len();
    world.wait(TimeDelta::days(29)).await;
    assert_eq!(world.mails_to("huong@example.vn").await.len(), before, "nothing is late yet");
    // On the day itself it stands under the bell, once, and no mail goes out.
    let due = "select count(*) from notices.items where title_vi like '%hôm nay tới hạn%'";
    assert_eq!(count(&world, due).await, 0);
    for _ in 0..4 {
        world.wait(TimeDelta::hours(6)).await;
    }
    assert_eq!(count(&world, due).await, 1);
    assert_eq!(world.mails_to("huong@example.vn").await.len(), before, "nothing is late yet");
    world.wait(TimeDelta::days(2)).await;
    world.wait(TimeDelta::days(1)).await;
    let late = "select count(*) from notices.items where title_en like 'Payment reminder 1%'";
    assert_eq!(count(&world, late).await, 1);
    let mails = world.mails_to("huong@example.vn").await;
    let late: Vec<_> = mails.iter().filter(|(subject, _)| subject.contains("Nhắc")).collect();
    assert_eq!(late.len(), 1, "each notice comes once: {mails:?}");
    for old in [
        "delete from purchasing.dunnings where level = 3",
        "delete from purchasing.instalments where due_on = '2020-01-01'",
    ] {
        sqlx::query(old).execute(&world.db).await.unwrap();
    }
    // The session of a month ago has ended.
    let seller = &world.signed_in(trade.seller.id, false).await;
    seller.get("/ban-hang/don-mua/cong-no").await.ok().shows(&format!("{}-1", first.number));
    presses(seller, &at_seller(&first), "money", &[]).await.ok();
    assert_eq!(state(&world, &first).await, "closed");
    presses(seller, &at_seller(&second), "confirm", &[]).await.ok();
    world.wait(TimeDelta::days(30)).await;
    let again = world.mails_to("huong@example.vn").await;
    assert!(again.iter().filter(|(subject, _)| subject.contains("Nhắc")).count() == 1);
}

#[tokio::test]
async fn credit_beyond_all_measure_and_thousands_are_understood() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let seller = &trade.seller.browser;
    // 9 × 10¹⁸ đồng each: two of them are more than a sum can be.
    let vast = || {
        let mut new = wish(&trade, terms(0, 0, Some(30)));
        new.lines[0].unit_price = Vnd(900_000_000_000_000_000);
        new
    };
    let (first, second) = (issued(&world, vast()).await, issued(&world, vast()).await);
    let page = seller.get("/ban-hang/don-mua/cong-no").await.ok();
    let form = page.form("form:has(input[name=han_muc])");
    seller.send(&form.with("han_muc", "9200000000000000000")).await.ok();
    presses(seller, &at_seller(&first), "confirm", &[]).await.ok();
    let beyond = presses(seller, &at_seller(&second), "confirm", &[]).await;
    assert_eq!(beyond.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A thousand and a quarter is written as the page writes it.
    let mut new = wish(&trade, terms(0, 0, None));
    new.lines[1].quantity = 1_250_500;
    let third = issued(&world, new).await;
    presses(seller, &at_seller(&third), "confirm", &[]).await.ok().shows("1.250,5 kg");
    presses(seller, &at_seller(&third), "send", &[("sl-2", "1.250")]).await.ok();
    let sent = "select sum(quantity)::bigint from purchasing.delivery_lines";
    let sent: i64 = sqlx::query_scalar(sent).fetch_one(&world.db).await.unwrap();
    assert_eq!(sent, 1_250_000);
}

#[tokio::test]
async fn what_both_sides_cancel_is_paid_back() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let po = issued(&world, wish(&trade, terms(5_000, 0, None))).await;
    let feed = feed(&trade.seller).await;
    presses(seller, &at_seller(&po), "confirm", &[]).await.ok();
    pays(&world, &feed, &po, 1).await;
    let bare = presses(buyer, &at_buyer(&po), "ask_cancel", &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    presses(buyer, &at_buyer(&po), "ask_cancel", &[("note", "Đoàn khách hủy")]).await.ok();
    // He cannot agree to his own proposal.
    let key = Uuid::new_v4().to_string();
    let own = [("key", key.as_str()), ("act", "agree_cancel")];
    assert_eq!(buyer.post(&at_buyer(&po), &own).await.status, StatusCode::CONFLICT);
    presses(seller, &at_seller(&po), "agree_cancel", &[]).await.ok();
    assert_eq!(state(&world, &po).await, "cancelled");
    buyer.get(&at_buyer(&po)).await.ok().shows("Phải hoàn lại");
    let refund = format!("/ban-hang/doi-soat/hoan/{}-1", po.number);
    let page = seller.get(&refund).await.ok().shows("1.200.000");
    let form = page.form(&format!("form[action=\"{refund}\"]")).with("chung_tu", "FT-hoan-1");
    seller.send(&form).await.ok();
    buyer.get(&at_buyer(&po)).await.ok().shows("Đã hoàn");
    world.adds_up().await;
}

/// A quote becomes one purchase order, however often and at once it is accepted.
#[tokio::test(flavor = "multi_thread")]
async fn one_quote_makes_one_purchase_order() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let new = wish(&trade, terms(0, 0, None));
    let tries = (0..8).map(|_| {
        let (new, world) = (new.clone(), &world);
        async move {
            let mut tx = world.db.begin().await.unwrap();
            let placed = purchasing::issue(&mut tx, &world.cx(), new).await;
            let won = placed.is_ok();
            if won {
                tx.commit().await.unwrap();
            }
            won
        }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
}
