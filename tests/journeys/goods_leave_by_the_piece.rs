//! Goods of a purchase order leave the stock in pieces: by the unit's factor, by the seller's own code, and what was paid for
//! them and is taken back is owed again.

use crate::{
    bank_desk::message,
    firms_ask_for_quotes::{asks, floor, offers, quote_of, sent},
    firms_buy_by_purchase_order::{
        at_buyer, at_seller, feed, issued, pays, presses, state, terms, trade, wish,
    },
    market::{Goods, Stall, count, goods},
    support::World,
};
use reqwest::StatusCode;
use santinh::{kernel::SellerId, purchasing::PlacedPo, stock};

async fn left(world: &World, goods: &Goods) -> i64 {
    let mut db = world.db.acquire().await.unwrap();
    stock::available(&mut db, &[goods.variant]).await.unwrap()[&goods.variant]
}

/// A carton of it is so many pieces.
async fn carton(world: &World, variant: &str, base: i64) {
    sqlx::query("insert into wholesale.units (variant_id, name, units, base, position) values ($1::uuid, 'Thùng', 1, $2, 1)")
        .bind(variant)
        .bind(base)
        .execute(&world.db)
        .await
        .unwrap();
}

async fn order_of(world: &World, seller: SellerId) -> PlacedPo {
    let (id, number) =
        sqlx::query_as("select id, number from purchasing.orders where seller_id = $1")
            .bind(seller.0)
            .fetch_one(&world.db)
            .await
            .unwrap();
    PlacedPo { id, number }
}

#[tokio::test]
async fn cartons_leave_as_pieces_and_a_sellers_own_code_names_what_leaves() {
    let world = World::new().await;
    let floor = floor(&world).await;
    carton(&world, &floor.variant, 24).await;
    let [a, b, c] = &floor.shops[..] else { unreachable!() };
    let rice = goods(&world, &Stall { seller: b.1 }, "Gạo nếp Hải Lăng", 25_000, 900).await;
    // Hats are asked for by the carton, from the first shop's listing; rice in words.
    let form = asks(&floor).await.with("don_vi", "thùng").and("don_vi", "cái").and("don_vi", "");
    let form = form.with("so_luong", "3").and("so_luong", "700").and("so_luong", "");
    let id = sent(&floor, &form).await;
    offers(&a.0, &id, "2.400.000", "").await;
    let desk = format!("/ban-hang/bao-gia/{id}");
    let offer = |code: &str| {
        let code = code.to_owned();
        let browser = b.0.browser.clone();
        let desk = desk.clone();
        async move {
            let page = browser.get(&desk).await.ok();
            let form = page.form("#chao form").with("gia", "").and("gia", "24.000");
            browser.send(&form.with("ma", "").and("ma", &code)).await
        }
    };
    // The first shop's own line asks for no code; others' goods are not found.
    let own = a.0.browser.get(&desk).await.ok();
    assert_eq!(own.attributes("input[name=ma][type=hidden]", "value").len(), 1);
    for wrong in ["khong-co", "mũ cối"] {
        let refused = offer(wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        refused.shows("Không có sản phẩm nào của bạn");
    }
    let page = b.0.browser.get(&desk).await.ok();
    let proposed = page.attributes("#hang-cua-ban option", "value");
    assert_eq!(proposed, ["Gạo nếp Hải Lăng · Gạo nếp Hải Lăng"]);
    // By part of its name, as it is the only one; then as it was proposed.
    offer("nếp hải").await.ok();
    let page = offer(&proposed[0]).await.ok();
    assert_eq!(page.attributes("#f-ma-2", "value"), ["Gạo nếp Hải Lăng"]);
    let linked =
        "select count(*) from quotes.version_lines where variant_id is not null and position = 2";
    assert_eq!(count(&world, linked).await, 2);
    offers(&c.0, &id, "", "26.000").await;

    let path = format!("/to-chuc/bao-gia/{id}");
    let (qa, qb) = (quote_of(&world, a.1).await, quote_of(&world, b.1).await);
    let page = floor.buyer.browser.get(&path).await.ok();
    let form = page.form(&format!("form[action='{path}/chon']"));
    let form = form.with("l1", &format!("{qa}:1:0")).with("l2", &format!("{qb}:2:0"));
    floor.buyer.browser.send(&form).await.ok().shows("Đã chọn");
    let (hats, sacks) = (order_of(&world, a.1).await, order_of(&world, b.1).await);
    for (owner, po) in [(&a.0, &hats), (&b.0, &sacks)] {
        let raised = "insert into purchasing.credits (seller_id, org_id, most, updated_at)
             select seller_id, org_id, 1000000000, now() from purchasing.orders where id = $1";
        sqlx::query(raised).bind(po.id).execute(&world.db).await.unwrap();
        presses(&owner.browser, &at_seller(po), "confirm", &[]).await.ok();
    }
    // What the carton is later does not change what was agreed.
    sqlx::query("update wholesale.units set base = 5").execute(&world.db).await.unwrap();
    let page = a.0.browser.get(&at_seller(&hats)).await.ok().shows("1 thùng = 24 sản phẩm");
    assert!(page.attributes("input[name^=kho-]", "name").is_empty(), "nobody counts");
    let broken = presses(&a.0.browser, &at_seller(&hats), "send", &[("sl-1", "0,1")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    broken.shows("phải tròn sản phẩm");
    let hat = Goods { variant: floor.variant.parse::<uuid::Uuid>().unwrap().into() };
    presses(&a.0.browser, &at_seller(&hats), "send", &[("sl-1", "1,5")]).await.ok();
    assert_eq!(left(&world, &hat).await, 500 - 36);
    presses(&b.0.browser, &at_seller(&sacks), "send", &[("sl-1", "700")]).await.ok();
    assert_eq!(left(&world, &rice).await, 200);
    // A tenth of a carton is missing and is sent again: three pieces are opened for it.
    presses(&floor.buyer.browser, &at_buyer(&hats), "receive", &[("rv-1", "1,4")]).await.ok();
    presses(&a.0.browser, &at_seller(&hats), "send", &[("sl-1", "1,6")]).await.ok();
    assert_eq!(left(&world, &hat).await, 500 - 36 - 39);
}

/// The service tells of a line of the account: number and amount, and its words.
async fn tells(world: &World, feed: &(String, String), (id, amount): (i64, i64), words: &str) {
    let line = message("casso", id, amount, words, &format!("FT{id}")).to_string();
    let told = reqwest::Client::new().post(&feed.0).header("secure-token", &feed.1).body(line);
    assert_eq!(told.send().await.unwrap().status(), StatusCode::OK);
    world.run_jobs().await;
}

#[tokio::test]
async fn a_closed_order_is_owed_again_when_its_money_is_taken_back() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let feed = feed(&trade.seller).await;
    let po = issued(&world, wish(&trade, terms(0, 0, Some(30)))).await;
    let page = seller.get("/ban-hang/don-mua/cong-no").await.ok();
    let limit = page.form("form:has(input[name=han_muc])").with("han_muc", "3.000.000");
    seller.send(&limit).await.ok();
    presses(seller, &at_seller(&po), "confirm", &[]).await.ok();
    let all = [("sl-1", "10"), ("sl-2", "12,5")];
    presses(seller, &at_seller(&po), "send", &all).await.ok();
    presses(buyer, &at_buyer(&po), "receive", &[]).await.ok();
    presses(buyer, &at_buyer(&po), "accept", &[]).await.ok();
    pays(&world, &feed, &po, 1).await;
    let used = "select used from purchasing.credits";
    assert_eq!((state(&world, &po).await.as_str(), count(&world, used).await), ("closed", 0));
    let before = [
        world.mails_to("huong@example.vn").await.len(),
        world.mails_to("cuc@example.vn").await.len(),
    ];

    // The bank takes the money back, and the seller says of which instalment it was.
    tells(&world, &feed, (900, -2_400_000), "HOAN TRA GD FT000101").await;
    let desk = seller.get("/ban-hang/doi-soat").await.ok();
    let link = desk.attributes("section[aria-labelledby=todo] td > a", "href").remove(0);
    let form = seller.get(&link).await.ok().form("main form[action^=\"/ban-hang/doi-soat/\"]");
    let form = form.with("la", "reverses").with("ly_do", "Ngân hàng thu hồi");
    seller.send(&form.with("don", &format!("{}-1", po.number))).await.ok();
    world.run_jobs().await;
    assert_eq!(state(&world, &po).await, "accepted");
    assert_eq!(count(&world, used).await, 2_400_000, "it counts for the limit again");
    let open = "select count(*) from purchasing.orders where closed_at is null";
    assert_eq!(count(&world, open).await, 1);
    buyer.get(&at_buyer(&po)).await.ok().shows("Chờ thanh toán").shows("bị thu lại");
    let after = [
        world.mails_to("huong@example.vn").await.len(),
        world.mails_to("cuc@example.vn").await.len(),
    ];
    assert_eq!(after, before.map(|n| n + 1), "both sides are told once");
    // Paid once more it is closed, and nothing is left on credit.
    let memo =
        "select p.memo from payments.intents p join purchasing.instalments i on i.id = p.order_id";
    let memo: String = sqlx::query_scalar(memo).fetch_one(&world.db).await.unwrap();
    tells(&world, &feed, (901, 2_400_000), &memo).await;
    assert_eq!((state(&world, &po).await.as_str(), count(&world, used).await), ("closed", 0));
    world.adds_up().await;
}
