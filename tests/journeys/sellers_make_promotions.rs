//! A seller promises to take something off; buyers read the conditions, use it, and never more often than promised.

use crate::{
    market::{count, goods, presses, puts_in, says_where, stall},
    shop_floor::{group, place, shop, wish},
    support::{World, browser::Browser, people::Somebody},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::{Lang, SellerId, Vnd},
    orders::{self, Act, ActorKind, OrderError, OrderEvent, PaymentMethod},
    promotions::{self, Discount, Valid},
};

const USED: &str = "select coalesce(sum(used), 0)::bigint from promotions.vouchers";
const USES: &str = "select count(*) from promotions.uses where returned_at is null";

async fn makes(seller: &Somebody, fields: &[(&str, &str)]) -> crate::support::browser::Answer {
    let page = seller.browser.get("/ban-hang/khuyen-mai/moi").await.ok();
    let form = page.form("main form").with("ma", "khesanh").with("muc", "10").with("act", "save");
    let form = form.with("den_ngay", "2026-12-21");
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    seller.browser.send(&form).await
}

async fn voucher(world: &World, seller: SellerId, total: Option<i64>, each: Option<i64>) {
    let today = santinh::kernel::day_of(world.clock.now());
    let new = Valid {
        code: "MUOI".into(),
        offered: true,
        discount: Discount::Amount(Vnd(10_000)),
        min_goods: Vnd(100_000),
        total_limit: total,
        buyer_limit: each,
        starts_on: today,
        ends_on: today + chrono::Days::new(30),
    };
    let mut tx = world.db.begin().await.unwrap();
    promotions::open(&mut tx, &world.cx(), seller, &new).await.unwrap().expect("a new code");
    tx.commit().await.unwrap();
}

/// Types a code at the second step; ends at whatever follows.
async fn types(buyer: &Browser, seller: SellerId, code: &str) -> crate::support::browser::Answer {
    let page = buyer.get("/dat-hang/giao-hang").await.ok();
    let form = page.form("main form").with(&format!("ma-{seller}"), code).with("act", "next");
    buyer.send(&form).await
}

#[tokio::test]
async fn a_buyer_reads_the_conditions_and_pays_less() {
    let world = World::new().await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let north = stall(&world, "Gian Bắc", "3200000027", Some(cuc.id)).await;
    let south = stall(&world, "Gian Nam", "3200000034", None).await;
    let (hat, cup, cloth) = (
        goods(&world, &north, "Nón lá", 108_000, 9).await,
        goods(&world, &north, "Chén", 54_001, 9).await,
        goods(&world, &south, "Thổ cẩm", 216_000, 9).await,
    );
    let made = makes(&cuc, &[("don_tu", "150.000"), ("tran", "50.000")]).await.ok();
    made.shows("KHESANH")
        .shows("Giảm 10\u{a0}%, tối đa 50.000\u{a0}₫ cho đơn có tiền hàng từ 150.000");
    world.run_jobs().await;

    // Offered openly: on the shop's and the product's page, before anything is in the basket.
    let lan = world.browser();
    let slug = |statement: &'static str| {
        let db = world.db.clone();
        async move {
            let found: String = sqlx::query_scalar(statement).fetch_one(&db).await.unwrap();
            found
        }
    };
    let bac = slug("select slug from enterprises.sellers where shop_name = 'Gian Bắc'").await;
    let nam = slug("select slug from enterprises.sellers where shop_name = 'Gian Nam'").await;
    let non = slug("select slug from catalogue.products where name = 'Nón lá'").await;
    lan.get(&format!("/gian-hang/{bac}")).await.ok().shows("KHESANH").shows("từ 150.000");
    lan.get(&format!("/san-pham/{non}")).await.ok().shows("KHESANH");
    assert!(!lan.get(&format!("/gian-hang/{nam}")).await.ok().contains("KHESANH"));

    puts_in(&lan, &hat, "1").await.ok();
    puts_in(&lan, &cloth, "1").await.ok();
    says_where(&lan).await.shows("Mua thêm 42.000\u{a0}₫");
    // Not enough of this shop's goods; and the other shop has no such voucher, however much is bought of it.
    let short = types(&lan, north.seller, "khesanh").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = types(&lan, south.seller, "KHESANH").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    other.shows("không có mã");
    types(&lan, south.seller, "").await;
    puts_in(&lan, &cup, "1").await.ok();

    // By the button of the offer, without typing: the page says what it comes to.
    let page = lan.get("/dat-hang/giao-hang").await.ok();
    let form = page.form("main form").with(&format!("ma-{}", north.seller), "");
    let applied = lan.send(&form.with("dung", &format!("{}:KHESANH", north.seller))).await.ok();
    let applied = applied.shows("-16.200\u{a0}₫");
    let review = lan.send(&applied.form("main form").with("act", "next")).await.ok();
    // 10 % of 162.001, rounded down; the tax is of what is paid.
    let review =
        review.shows("Giảm giá, mã KHESANH").shows("-16.200\u{a0}₫").shows("mỗi người mua 1 lần");
    let done = presses(&lan, &review).await.ok().shows("Đã đặt hàng").shows("KHESANH");
    let follow = done.link("Theo dõi đơn");
    let row: (i64, i64, i64, i64, String) = sqlx::query_as(
        "select goods_total, discount_total, tax_total, total - delivery_fee, voucher_terms from orders.orders
         where voucher_id is not null",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!((row.0, row.1, row.3), (162_001, 16_200, 145_801));
    assert!(row.4.contains("từ 150.000"));
    let lines: Vec<(i64, i64, i64)> = sqlx::query_as(
        "select l.total, l.discount, l.tax from orders.lines l join orders.orders o on o.id = l.order_id
         where o.voucher_id is not null order by l.total desc",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(lines, [(108_000, 10_800, 7_200), (54_001, 5_400, 3_600)]);
    assert_eq!(row.2, 10_800);
    assert_eq!(
        count(&world, "select count(*) from orders.orders where discount_total = 0").await,
        1
    );

    // It stands on every paper.
    world.run_jobs().await;
    for page in [follow.clone(), follow.replace('?', "/hop-dong?")] {
        let shown = lan.get(&page).await.ok();
        if shown.contains("Gian Bắc") || shown.contains("Công ty Gian Bắc") {
            shown.shows("KHESANH").shows("-16.200");
        }
    }
    let code: String =
        sqlx::query_scalar("select code from orders.orders where voucher_id is not null")
            .fetch_one(&world.db)
            .await
            .unwrap();
    let desk = |path: &str| format!("/ban-hang/don-hang/{code}{path}");
    cuc.browser.get(&desk("")).await.ok().shows("KHESANH").shows("-16.200");
    cuc.browser.get(&desk("/phieu")).await.ok().shows("-16.200");
    let table = cuc.browser.get("/ban-hang/don-hang/xuat.csv").await.ok();
    assert!(table.text.contains("KHESANH") && table.text.contains("16200"), "{}", table.text);
    let mails = world.mails_to("cuc@example.vn").await;
    assert!(mails.iter().any(|(_, body)| body.contains("KHESANH")), "{mails:?}");
    let list = cuc.browser.get("/ban-hang/khuyen-mai").await.ok();
    let edit = list.link("KHESANH");
    cuc.browser.get(&edit).await.ok().shows("162.001").shows("điều kiện giữ nguyên");

    // The same buyer again: his turn is over, and the page says so.
    puts_in(&lan, &hat, "2").await.ok();
    says_where(&lan).await;
    let again = types(&lan, north.seller, "khesanh").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.shows("đủ 1 lần");
}

#[tokio::test]
async fn what_the_law_forbids_cannot_be_promised_and_what_was_used_cannot_be_bent() {
    let world = World::new().await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let north = stall(&world, "Gian Bắc", "3200000027", Some(cuc.id)).await;
    for bad in [
        [("muc", "51"), ("kieu", "phan_tram")],
        [("muc", "60.000"), ("kieu", "so_tien")],
        [("muc", "x"), ("kieu", "phan_tram")],
        [("den_ngay", "2027-11-22"), ("kieu", "phan_tram")],
        [("ma", "a"), ("kieu", "phan_tram")],
    ] {
        let answer = makes(&cuc, &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
    assert_eq!(count(&world, "select count(*) from promotions.vouchers").await, 0);
    let made = makes(&cuc, &[]).await.ok();
    let twice = makes(&cuc, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    twice.shows("đã có mã này");
    // Unused it can be changed.
    let changed = made.form("main form.panel").with("muc", "20").with("act", "save");
    cuc.browser.send(&changed).await.ok().shows("Giảm 20");
    let hat = goods(&world, &north, "Nón lá", 108_000, 9).await;
    let lan = world.browser();
    puts_in(&lan, &hat, "1").await.ok();
    says_where(&lan).await;
    let review = types(&lan, north.seller, "khesanh").await.ok();
    // Changed under the buyer's eyes: he is asked again, and what he agrees to is what he pays.
    sqlx::query("update promotions.vouchers set percent_bps = 1000")
        .execute(&world.db)
        .await
        .unwrap();
    let again = presses(&lan, &review).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let again = again.shows("đổi từ 21.600\u{a0}₫ thành 10.800");
    presses(&lan, &again).await.ok().shows("Đã đặt hàng");
    // Used it cannot be changed any more, only stopped.
    assert_eq!(cuc.browser.send(&changed).await.status, StatusCode::CONFLICT);
    let page = cuc.browser.get(made.path.split('?').next().unwrap()).await.ok();
    cuc.browser
        .send(&page.form("form[action$=dung]").with("act", "stop"))
        .await
        .ok()
        .shows("Đã dừng");
    puts_in(&lan, &hat, "1").await.ok();
    says_where(&lan).await;
    let gone = types(&lan, north.seller, "khesanh").await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn fifty_buyers_race_for_the_last_ten() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 500).await;
    voucher(&world, floor.seller, Some(10), Some(1)).await;
    let mut db = world.db.acquire().await.unwrap();
    let offered = promotions::offered(&mut db, &world.cx(), &[floor.seller]).await.unwrap();
    drop(db);
    let redeemed = offered[0].redeemed(Vnd(10_000));
    assert!(redeemed.terms.get(Lang::En).contains("10 × in all"));
    let racing = (0..50).map(|i| {
        let mut order = wish(&floor, 1, PaymentMethod::Cod);
        order.voucher = Some(redeemed.clone());
        let mut wanted = group(&world, None, vec![order]);
        wanted.contact.phone = format!("+849876{i:05}");
        place(&world, wanted)
    });
    let outcomes = futures_util::future::join_all(racing).await;
    let placed = outcomes.iter().filter(|o| o.is_ok()).count();
    let refused = outcomes.iter().filter(|o| matches!(o, Err(OrderError::Voucher { .. }))).count();
    assert_eq!((placed, refused), (10, 40));
    assert_eq!((count(&world, USED).await, count(&world, USES).await), (10, 10));
    assert_eq!(count(&world, "select count(*) from orders.orders").await, 10);
    assert_eq!(count(&world, "select sum(reserved)::bigint from stock.levels").await, 10);
}

#[tokio::test]
async fn one_buyer_who_presses_ten_times_has_his_turns_and_no_more() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 500).await;
    voucher(&world, floor.seller, None, Some(2)).await;
    let mut db = world.db.acquire().await.unwrap();
    let offered = promotions::offered(&mut db, &world.cx(), &[floor.seller]).await.unwrap();
    drop(db);
    let wanted = || {
        let mut order = wish(&floor, 1, PaymentMethod::Cod);
        order.voucher = Some(offered[0].redeemed(Vnd(10_000)));
        group(&world, None, vec![order])
    };
    let outcomes = futures_util::future::join_all((0..10).map(|_| place(&world, wanted()))).await;
    let placed: Vec<_> = outcomes.into_iter().filter_map(Result::ok).collect();
    assert_eq!(placed.len(), 2);
    assert_eq!(count(&world, USED).await, 2);
    // Cancelled: his turn comes back, once.
    let first = placed[0].orders[0].id;
    let mut tx = world.db.begin().await.unwrap();
    let cancel = Act { event: OrderEvent::Cancel, actor: ActorKind::Buyer, note: "", seen: None };
    orders::act(&mut tx, &world.cx(), first, &cancel).await.unwrap();
    promotions::give_back(&mut tx, &world.cx(), first).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((count(&world, USED).await, count(&world, USES).await), (1, 1));
    place(&world, wanted()).await.unwrap();
    assert!(place(&world, wanted()).await.is_err());
    // Lapsed: all of them come back.
    world.wait(TimeDelta::hours(25)).await;
    world.wait(TimeDelta::hours(24)).await;
    assert_eq!((count(&world, USED).await, count(&world, USES).await), (0, 0));
}

#[tokio::test]
async fn two_vouchers_given_the_same_code_at_once_are_a_fault_of_the_form() {
    let world = World::new().await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    stall(&world, "Gian Bắc", "3200000027", Some(cuc.id)).await;
    for round in 0..6 {
        let mut forms = Vec::new();
        for letter in ["A", "B", "C"] {
            let code = format!("{letter}{round}XYZ");
            let made = makes(&cuc, &[("ma", &code)]).await.ok();
            let form = made.form("main form:has(input[name=ma])");
            forms.push(form.with("ma", &format!("CUNG{round}")).with("act", "save"));
        }
        let sent = forms.iter().map(|form| cuc.browser.send(form));
        let statuses: Vec<StatusCode> =
            futures_util::future::join_all(sent).await.iter().map(|a| a.status).collect();
        let saved = statuses.iter().filter(|s| s.is_success()).count();
        let refused = statuses.iter().filter(|s| **s == StatusCode::UNPROCESSABLE_ENTITY).count();
        assert_eq!((saved, refused), (1, 2), "{statuses:?}");
    }
}
