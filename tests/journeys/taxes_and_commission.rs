//! What households see of their tax, what the operator sees of all of them, and the commission that sellers pay.

use crate::{
    market::{Goods, KHE_SANH, goods, presses, puts_in, stall, up_to_review},
    papers_of_an_order::words,
    support::{World, browser::Browser, people::Somebody},
    the_books_balance::{books, live},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::{OrderId, Vnd},
    ledger, payments,
};

/// A shop with one thing at 200.000 ₫, delivered for 10.000 ₫.
struct Seller {
    hat: Goods,
    owner: Somebody,
}

async fn seller(world: &World, kind: &str) -> Seller {
    let owner = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let stall = stall(world, "Nón lá", "3200000027", Some(owner.id)).await;
    sqlx::query("update enterprises.sellers set kind = $1 where id = $2")
        .bind(kind)
        .bind(stall.seller.0)
        .execute(&world.db)
        .await
        .unwrap();
    let zone = owner.browser.get("/ban-hang/giao-hang/vung").await.ok().form("main form");
    let zone = zone.with("ten", "Gần nhà").with("phi", "10.000").with("ngay_tu", "0");
    owner.browser.send(&zone.with("ngay_den", "1").with("xa", KHE_SANH)).await.ok();
    let hat = goods(world, &stall, "Nón", 200_000, 10).await;
    Seller { hat, owner }
}

/// A guest buys it and has it.
async fn bought(world: &World, seller: &Seller) -> OrderId {
    let buyer = world.browser();
    puts_in(&buyer, &seller.hat, "1").await.ok();
    let review = up_to_review(&buyer).await;
    presses(&buyer, &review).await.ok();
    let newest = "select id from orders.orders order by placed_at desc, id desc limit 1";
    let id: uuid::Uuid = sqlx::query_scalar(newest).fetch_one(&world.db).await.unwrap();
    live(world, OrderId(id)).await;
    world.clock.advance(TimeDelta::minutes(1));
    OrderId(id)
}

async fn owed_back(world: &World, order: OrderId, amount: i64, cause: &str) {
    let mut tx = world.db.begin().await.unwrap();
    payments::owe_refund(&mut tx, &world.cx(), order, Vnd(amount), cause).await.unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
}

async fn all_is_right(world: &World) {
    world.wait(TimeDelta::days(1)).await;
    let checked = ledger::last_check(&world.db).await.unwrap().unwrap();
    assert_eq!(checked.wrong, [""; 0]);
}

/// What a page's link of this kind gives.
async fn file(browser: &Browser, page: &str, kind: &str) -> Vec<u8> {
    let page = browser.get(page).await.ok();
    let href = page.attributes(&format!("a[href*=\"xuat.{kind}\"]"), "href").remove(0);
    let answer = browser.http.get(format!("{}{href}", browser.base)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{href}");
    answer.bytes().await.unwrap().to_vec()
}

/// Revenue, VAT and income tax by activity.
async fn taxed(world: &World) -> Vec<(String, i64, i64, i64)> {
    sqlx::query_as(
        "select activity, sum(base)::bigint, sum(vat)::bigint, sum(pit)::bigint from ledger.tax_entries
         group by activity order by activity",
    )
    .fetch_all(&world.db)
    .await
    .unwrap()
}

fn row(activity: &str, base: i64, vat: i64, pit: i64) -> (String, i64, i64, i64) {
    (activity.to_owned(), base, vat, pit)
}

#[tokio::test]
async fn a_household_sees_its_tax_and_nothing_is_booked() {
    let world = World::new().await;
    let seller = seller(&world, "household").await;
    let order = bought(&world, &seller).await;
    let whole = [row("goods", 200_000, 2_000, 1_000), row("transport", 10_000, 300, 150)];
    assert_eq!(taxed(&world).await, whole);
    // What is returned goes off the goods, with its tax.
    owed_back(&world, order, 50_000, "return:1").await;
    let left = [row("goods", 150_000, 1_500, 750), row("transport", 10_000, 300, 150)];
    assert_eq!(taxed(&world).await, left);
    assert!(!books(&world, order).await.keys().any(|account| account.starts_with("tax")));
    let desk = &seller.owner.browser;
    let page = desk.get("/ban-hang/thue").await.ok().shows("160.000").shows("1.800").shows("900");
    page.shows("không khấu trừ").shows("-50.000");
    desk.get("/ban-hang/thue?thang=2026-10").await.ok().shows("chưa có đơn hoàn thành");
    desk.get("/ban-hang/thue?thang=rac&lang=en").await.ok().shows("report only").shows("Delivery");
    desk.get("/ban-hang/thue?lang=vi").await.ok().shows("không khấu trừ");
    let paper = words(&file(desk, "/ban-hang/thue", "pdf").await);
    for text in
        ["BẢNG KÊ DOANH THU TÍNH THUẾ THÁNG 11/2026", "Giao hàng, vận tải", "160.000", "3200000027"]
    {
        assert!(paper.contains(text), "{text}: {paper}");
    }
    assert!(file(desk, "/ban-hang/thue", "xlsx").await.starts_with(b"PK"));
    // The statement of the same month on paper.
    let paper = words(&file(desk, "/ban-hang/so-cai", "pdf").await);
    for text in [
        "BẢNG KÊ SỔ CÁI THÁNG 11/2026",
        "Phải hoàn cho người mua 50.000",
        "Đơn vị vận chuyển đang",
        "Sàn không giữ tiền",
    ] {
        assert!(paper.contains(text), "{text}: {paper}");
    }
    // The operator sees every household.
    let operator = world.operator("Vận hành", "vh@example.vn").await.browser;
    let page = operator.get("/van-hanh/thue").await.ok().shows("Công ty Nón lá").shows("150.000");
    page.shows("chỉ thông báo").shows("1\u{a0}% + 0,5\u{a0}%");
    assert!(file(&operator, "/van-hanh/thue", "xlsx").await.starts_with(b"PK"));
    all_is_right(&world).await;
}

#[tokio::test]
async fn where_the_mode_is_to_withhold_the_books_say_what_is_owed_to_the_state() {
    let world = World::new().await;
    let seller = seller(&world, "household").await;
    let before = bought(&world, &seller).await;
    let operator = world.operator("Vận hành", "vh@example.vn").await.browser;
    let form = operator.get("/van-hanh/quy-tac").await.ok().form("main form");
    let form = form.with("quy_tac", "tax.platform.withhold").with("gia_tri", "1");
    operator.send(&form.with("can_cu", "Công văn 12 của cơ quan thuế")).await.ok();
    let order = bought(&world, &seller).await;
    let withheld = books(&world, order).await;
    assert_eq!((withheld["tax"], withheld["tax_owed"]), (3_450, -3_450));
    assert!(!books(&world, before).await.contains_key("tax"), "what was complete before stays");
    owed_back(&world, order, 210_000, "return:2").await;
    assert!(!books(&world, order).await.contains_key("tax"), "all of it returned: nothing owed");
    operator.get("/van-hanh/thue").await.ok().shows("Chế độ: khấu trừ").shows("20/12/2026");
    all_is_right(&world).await;
    // Were the tax ledger to say something else than the books, the night would tell.
    let amiss = "alter table ledger.tax_entries disable trigger tax_entries_only_added;
                 update ledger.tax_entries set vat = vat + 1 where withheld and vat > 0;
                 alter table ledger.tax_entries enable trigger tax_entries_only_added";
    sqlx::raw_sql(amiss).execute(&world.db).await.unwrap();
    world.wait(TimeDelta::days(1)).await;
    let wrong = ledger::last_check(&world.db).await.unwrap().unwrap().wrong;
    assert_eq!(wrong, [format!("order {order}: the tax ledger and the books differ")]);
}

#[tokio::test]
async fn of_firms_no_tax_is_kept() {
    let world = World::new().await;
    let seller = seller(&world, "enterprise").await;
    bought(&world, &seller).await;
    assert!(taxed(&world).await.is_empty());
    seller.owner.browser.get("/ban-hang/thue").await.ok().shows("tự khai thuế");
}

#[tokio::test]
async fn commission_is_owed_by_month_and_paid_once() {
    let world = World::new().await;
    let seller = seller(&world, "enterprise").await;
    let operator = world.operator("Vận hành", "vh@example.vn").await.browser;
    let form = operator.get("/van-hanh/phi").await.ok().form("main form.form");
    operator.send(&form.with("ty_le", "2,5").with("can_cu", "Quyết định 12/QĐ")).await.ok();
    let order = bought(&world, &seller).await;
    let list = operator.get("/van-hanh/phi/thang").await.ok().shows("Nón lá").shows("2,5\u{a0}%");
    assert!(list.contains("5.000"));
    assert!(file(&operator, "/van-hanh/phi/thang", "xlsx").await.starts_with(b"PK"));
    let link = list.attributes("th > a[href*=\"gian=\"]", "href").remove(0);
    let page = operator.get(&link).await.ok().shows("chưa kết thúc");
    assert!(page.find_form("form[action=\"/van-hanh/phi/gian-hang\"]").is_none());
    // The month is over.
    world.wait(TimeDelta::days(10)).await;
    let operator = world.operator("Vận hành hai", "vh2@example.vn").await.browser;
    let page = operator.get(&link).await.ok();
    let form = page.form("form[action=\"/van-hanh/phi/gian-hang\"]");
    let bare = operator.send(&form).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("chung_tu", "FT26336-phi");
    let greedy =
        form.clone().with("so_tien", "4999").with("key", &uuid::Uuid::new_v4().to_string());
    assert_eq!(operator.send(&greedy).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        operator.send(&form).await.ok().shows("đã đủ");
    }
    let again = form.clone().with("key", &uuid::Uuid::new_v4().to_string());
    assert_eq!(operator.send(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let paid = books(&world, order).await;
    assert_eq!((paid["commission"], paid["commission_paid"]), (5_000, -5_000));
    assert!(!paid.contains_key("commission_owed"));
    // Its seller is told, and his statement is even.
    let desk = world.signed_in(seller.owner.id, false).await;
    let page =
        desk.get("/ban-hang/so-cai").await.ok().shows("Đã trả phí sàn đến hết tháng 11/2026");
    page.shows("FT26336-phi");
    let paper = words(&file(&desk, "/ban-hang/so-cai", "pdf").await);
    assert!(paper.contains("Đã trả phí sàn đến hết tháng 11/2026"), "{paper}");
    // All goes back in the month after: the floor owes the commission to the seller.
    owed_back(&world, order, 210_000, "return:3").await;
    assert_eq!(books(&world, order).await["commission_owed"], 5_000);
    operator.get("/van-hanh/phi/thang").await.ok().shows("-5.000");
    operator.get("/van-hanh/phi/thang?thang=2026-11").await.ok().shows("đã đủ");
    all_is_right(&world).await;
}
