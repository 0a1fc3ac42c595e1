//! A firm asks a shop to be its customer, pays its own price in cartons, tries a sample, and orders the same again.

use crate::{
    market::{Goods, KHE_SANH, Stall, count, firm, goods, presses, puts_in, stall},
    support::{
        World,
        browser::{Answer, Browser},
    },
};
use reqwest::StatusCode;
use santinh::{
    catalogue::{LeadStep, Terms},
    kernel::Vnd,
    organisations,
    platform::spreadsheet,
    wholesale::{self, CustomerStep, Item, NewPrice, Sample, Unit, Whom},
};

const SLUG: &str = "select slug from catalogue.products where name = 'Nón lá'";

async fn text(world: &World, statement: &'static str) -> String {
    sqlx::query_scalar(statement).fetch_one(&world.db).await.unwrap()
}

/// A carton of 24, from 24 on by the dozen; a hundred take a week; two may be tried.
fn carton() -> Item {
    Item {
        terms: Terms {
            min: 24,
            step: 12,
            for_all: false,
            lead: vec![LeadStep { from: 100, days: 7 }],
        },
        units: vec![Unit { name: "thùng".into(), units: 1, base: 24 }],
        sample: Some(Sample { most: 2, price: Vnd(120_000) }),
    }
}

async fn settles(world: &World, stall: &Stall, goods: &Goods, item: &Item) {
    let mut tx = world.db.begin().await.unwrap();
    wholesale::save_item(&mut tx, &world.cx(), stall.seller, goods.variant, item).await.unwrap();
    tx.commit().await.unwrap();
}

/// The first step, for the firm.
async fn for_the_firm(buyer: &Browser) -> Answer {
    let form = buyer.get("/dat-hang").await.ok().form("main form");
    let form = form.with("mua_cho", "organisation").with("ho_ten", "Minh");
    let form = form.with("dien_thoai", "0987654321").with("xa_q", "Khe Sanh").with("xa", KHE_SANH);
    buyer.send(&form.with("dia_chi", "1 Lê Lợi").with("act", "next")).await
}

/// All steps, for the firm; ends at the confirmation.
async fn orders(buyer: &Browser) -> Answer {
    let page = for_the_firm(buyer).await.ok();
    let review = buyer.send(&page.form("main form").with("act", "next")).await.ok();
    assert!(review.path.starts_with("/dat-hang/xem-lai"), "{} {}", review.path, review.main_text());
    presses(buyer, &review).await
}

#[tokio::test]
async fn a_firm_is_admitted_and_pays_the_price_of_its_group_in_cartons() {
    let world = World::new().await;
    let cuc = world.person("Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Gian Bắc", "3200000027", Some(cuc.id)).await;
    let hat = goods(&world, &shop, "Nón lá", 108_000, 500).await;
    let minh = world.person("Minh", "minh@example.vn").await;
    firm(&world, &minh, "0100109106", "Khách sạn Biển").await;
    let product = format!("/san-pham/{}", text(&world, SLUG).await);
    minh.browser.get(&product).await.ok().shows("Khách sạn Biển").shows("99.000");

    // The seller keeps prices for firms to his customers: others read that there are some, and ask.
    let desk = &cuc.browser;
    let page = desk.get("/ban-hang/khach-si").await.ok();
    let form = page
        .form("form[action$=cai-dat]")
        .with("an_gia", "1")
        .with("loi_chao", "Đơn đầu từ 5 triệu");
    desk.send(&form).await.ok().shows("Đã lưu");
    let page = minh.browser.get(&product).await.ok().lacks("99.000").shows("Giá sỉ chỉ dành cho");
    let ask =
        minh.browser.get(&page.link("Xin làm khách sỉ")).await.ok().shows("Đơn đầu từ 5 triệu");
    let empty = minh.browser.send(&ask.form("main form.panel")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = ask.form("main form.panel").with("loi", "Mỗi tháng 200 cái");
    minh.browser.send(&form).await.ok().shows("Chờ nhận").shows("Gian Bắc");
    world.run_jobs().await;
    let mails = world.mails_to("cuc@example.vn").await;
    assert!(
        mails
            .iter()
            .any(|(subject, body)| subject.contains("Khách sạn Biển") && body.contains("200 cái"))
    );

    desk.get("/thong-bao").await.ok().shows("Khách sạn Biển xin làm khách sỉ");

    // He makes a group, settles the carton, and admits the firm into the group.
    let page = desk.get("/ban-hang/khach-si/nhom").await.ok();
    desk.send(&page.form("main form.form").with("ten", "Khách sạn")).await.ok().shows("Khách sạn");
    let item = desk.get("/ban-hang/khach-si/hang").await.ok().link("Nón lá");
    let form = desk.get(&item).await.ok().form("main form.form");
    let wrong = form.clone().with("toi_thieu", "25").with("boi_so", "12").with("act", "save");
    assert_eq!(desk.send(&wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    settles(&world, &shop, &hat, &carton()).await;
    desk.get(&item).await.ok();
    desk.get("/ban-hang/khach-si/hang")
        .await
        .ok()
        .shows("1 thùng = 24 cái")
        .shows("24 cái, bội số 12");
    let firm = desk.get("/ban-hang/khach-si").await.ok().link("Khách sạn Biển");
    let page =
        desk.get(&firm).await.ok().shows("0100109106").shows("Chưa xác minh").shows("200 cái");
    let group = text(&world, "select id::text from wholesale.groups").await;
    let form = page.form("form:has(button[value=admit])").with("nhom", &group).with("act", "admit");
    desk.send(&form).await.ok().shows("Khách sỉ").shows("Nhận làm khách sỉ");
    world.run_jobs().await;
    let mails = world.mails_to("minh@example.vn").await;
    assert!(mails.iter().any(|(subject, _)| subject.contains("đã nhận")), "{mails:?}");

    // A price by the carton is taken where it comes to whole đồng a piece.
    let form = desk.get("/ban-hang/khach-si/gia").await.ok().form("main form.form");
    let form = form.with("sku", "nón lá").with("cho", &format!("nhom:{group}"));
    let form = form.with("tu", "2").with("don_vi", "thùng");
    let uneven = desk.send(&form.clone().with("gia", "2.000.000")).await;
    assert_eq!(uneven.status, StatusCode::UNPROCESSABLE_ENTITY);
    uneven.shows("1.999.992").shows("2.000.016");
    desk.send(&form.with("gia", "2.160.000"))
        .await
        .ok()
        .shows("2.160.000\u{a0}₫ / thùng")
        .shows("Đang áp dụng");

    // The firm reads and pays it; others do not.
    let page = minh.browser.get(&product).await.ok().shows("Từ 2 thùng: 90.000").shows("99.000");
    page.shows("Mua từ 24 cái").shows("khách sỉ của gian hàng");
    let guest = world.browser();
    guest.get(&product).await.ok().lacks("90.000").lacks("Mua từ 24 cái").shows("1 thùng = 24 cái");
    let variant = hat.variant.to_string();
    let key = uuid::Uuid::new_v4().to_string();
    let fields =
        [("variant", variant.as_str()), ("quantity", "5"), ("don_vi", "thùng"), ("key", &key)];
    minh.browser.post("/gio-hang/them", &fields).await.ok().shows("5 thùng");
    let page = for_the_firm(&minh.browser).await.ok().shows("10.800.000\u{a0}₫").shows("× 120");
    let review = minh.browser.send(&page.form("main form").with("act", "next")).await.ok();
    let review = review.shows("90.000\u{a0}₫").shows("0100109106");
    // A hundred and more take a week.
    review
        .texts("dd")
        .iter()
        .find(|t| t.contains("9–11") || t.contains("8–10"))
        .expect("a longer time");
    presses(&minh.browser, &review).await.ok().shows("Đã đặt hàng");
    let paid = "select goods_total from orders.orders where buyer_tax_code = '0100109106'";
    assert_eq!(count(&world, paid).await, 10_800_000);

    // What is taken out is no longer charged; who is no customer any more sees nothing.
    let page = desk.get("/ban-hang/khach-si/gia").await.ok();
    desk.send(&page.form("form[action$='/bo']")).await.ok().lacks("2.160.000");
    minh.browser.get(&product).await.ok().lacks("90.000").shows("99.000");
    let page = desk.get(&firm).await.ok();
    let form = page.form("form:has(button[value=end])").with("act", "end");
    assert_eq!(desk.send(&form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.send(&form.with("ly_do", "Hết hàng cả năm")).await.ok().shows("Đã thôi");
    minh.browser.get(&product).await.ok().lacks("99.000");
    minh.browser.get("/to-chuc/nha-cung-cap").await.ok().shows("Hết hàng cả năm").shows("Xin lại");
}

#[tokio::test]
async fn firms_buy_by_the_dozen_and_try_a_sample_once() {
    let world = World::new().await;
    let shop = stall(&world, "Gian Bắc", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón lá", 108_000, 500).await;
    settles(&world, &shop, &hat, &carton()).await;
    let minh = world.person("Minh", "minh@example.vn").await;
    let org = firm(&world, &minh, "0100109106", "Khách sạn Biển").await;
    let buyer = &minh.browser;

    // Fewer than the least, or no dozen: told, and not ordered.
    puts_in(buyer, &hat, "5").await.ok();
    let back = buyer.get("/dat-hang").await.ok();
    assert_eq!(back.path, "/gio-hang");
    back.shows("bội số của 12").shows("Chưa đủ số lượng");
    let variant = hat.variant.to_string();
    let changed = |n: &'static str| {
        let variant = variant.clone();
        async move { buyer.post("/gio-hang/sua", &[("variant", &variant), ("quantity", n)]).await.ok() }
    };
    changed("30").await.shows("Số lượng chưa khớp");
    changed("36").await.lacks("Số lượng chưa khớp").shows("99.000");

    // Two may be tried, once.
    changed("2").await.shows("giá mẫu").shows("240.000\u{a0}₫");
    orders(buyer).await.ok().shows("Đã đặt hàng");
    assert_eq!(count(&world, "select goods_total from orders.orders").await, 240_000);
    puts_in(buyer, &hat, "2").await.ok();
    assert_eq!(buyer.get("/dat-hang").await.ok().path, "/gio-hang");
    let again = (hat.variant, shop.seller, 2);
    let mut tx = world.db.begin().await.unwrap();
    assert!(!wholesale::take_samples(&mut tx, &world.cx(), (org, None), &[again]).await.unwrap());
    drop(tx);

    // What is cancelled was not tried: the sample can be had again.
    let link = format!("/don-hang/{}", text(&world, "select code from orders.orders").await);
    let cancel = buyer.get(&link).await.ok().form("form:has(button[value=cancel])");
    buyer.send(&cancel.with("act", "cancel").with("note", "Đổi ý")).await.ok();
    world.run_jobs().await;
    assert_eq!(count(&world, "select count(*) from wholesale.samples_taken").await, 0);
    buyer.get("/gio-hang").await.ok().shows("giá mẫu");

    // People are not bound by what binds firms.
    let lan = world.browser();
    puts_in(&lan, &hat, "5").await.ok();
    crate::market::up_to_review(&lan).await.shows("540.000");
}

#[tokio::test]
async fn two_of_a_firm_who_press_at_once_have_one_sample() {
    let world = World::new().await;
    let shop = stall(&world, "Gian Bắc", "3200000027", None).await;
    let hat = goods(&world, &shop, "Nón lá", 108_000, 500).await;
    settles(&world, &shop, &hat, &carton()).await;
    let (minh, mai) = (
        world.person("Minh", "minh@example.vn").await,
        world.person("Mai", "mai@example.vn").await,
    );
    let org = firm(&world, &minh, "0100109106", "Khách sạn Biển").await;
    let mut db = world.db.acquire().await.unwrap();
    let roles = organisations::OrgRole::ALL;
    organisations::add_member(&mut db, &world.cx(), org, mai.id, &roles).await.unwrap();
    drop(db);
    let mut reviews = Vec::new();
    for who in [&minh, &mai] {
        puts_in(&who.browser, &hat, "2").await.ok();
        let page = for_the_firm(&who.browser).await.ok();
        reviews.push(who.browser.send(&page.form("main form").with("act", "next")).await.ok());
    }
    let (a, b) =
        tokio::join!(presses(&minh.browser, &reviews[0]), presses(&mai.browser, &reviews[1]),);
    let placed = [&a, &b].iter().filter(|answer| answer.path.starts_with("/dat-hang/xong")).count();
    assert_eq!(placed, 1, "{} {}", a.path, b.path);
    assert_eq!(count(&world, "select count(*) from orders.orders").await, 1);
    assert_eq!(count(&world, "select count(*) from wholesale.samples_taken").await, 1);
}

#[tokio::test]
async fn codes_and_lists_become_a_basket_and_stay_within_the_firm() {
    let world = World::new().await;
    let shop = stall(&world, "Gian Bắc", "3200000027", None).await;
    let other = stall(&world, "Gian Nam", "3200000034", None).await;
    let hat = goods(&world, &shop, "NON-1", 108_000, 500).await;
    goods(&world, &shop, "CHEN-1", 50_000, 30).await;
    goods(&world, &other, "CHEN-1", 60_000, 30).await;
    settles(&world, &shop, &hat, &carton()).await;
    let minh = world.person("Minh", "minh@example.vn").await;
    let org = firm(&world, &minh, "0100109106", "Khách sạn Biển").await;
    let mut tx = world.db.begin().await.unwrap();
    let price = NewPrice {
        variant: hat.variant,
        whom: Whom::One(org),
        min_quantity: 1,
        price: Vnd(95_000),
        unit: String::new(),
        valid_from: santinh::kernel::day_of(world.clock.now()),
        valid_to: None,
    };
    let between = (shop.seller, org);
    let step = CustomerStep::Admit;
    wholesale::decide(&mut tx, &world.cx(), between, step, (None, "")).await.unwrap();
    wholesale::add_price(&mut tx, &world.cx(), shop.seller, &price).await.unwrap();
    tx.commit().await.unwrap();
    let buyer = &minh.browser;

    // Pasted: what is clear is priced for the firm, what is not is told.
    let form = buyer.get("/to-chuc/dat-nhanh").await.ok().form("#doc");
    let read = buyer
        .send(&form.clone().with("ma", "non-1; 1,5; thùng\nCHEN-1 2\nKHONG-CO 1\nnon-1\t1\ttấn"))
        .await
        .ok();
    let read =
        read.shows("3.420.000").shows("Nhiều gian hàng có mã này").shows("Không tìm thấy mã này");
    let read = read.shows("Mã này bán theo: cái, thùng");
    assert_eq!(read.form("#vao-gio").fields.iter().filter(|(n, _)| n == "variant").count(), 1);
    let slug =
        text(&world, "select slug from enterprises.sellers where shop_name = 'Gian Bắc'").await;
    let form = form.with("gian", &slug);
    let empty = buyer.send(&form.clone()).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Uploaded, for one shop.
    let rows = [["NON-1", "1", "thùng"], ["CHEN-1", "3", ""]].map(|row| row.map(str::to_owned));
    let table = spreadsheet::to_xlsx(&["Mã hàng", "Số lượng", "Đơn vị"], &rows).unwrap();
    let read = buyer.send(&form.file("tep", "dat.xlsx", &table)).await.ok().shows("= 1 thùng");
    let put = read.form("#vao-gio");
    buyer.send(&put.clone().with("them", "1")).await.ok().shows("Đã cho 2 món vào giỏ");
    buyer.send(&put.clone().with("them", "1")).await.ok();
    assert_eq!(
        count(&world, "select sum(quantity)::bigint from checkout.lines").await,
        27,
        "a key acts once"
    );

    // The same as a list, which is ordered again with one press.
    let saves = as_a_list(&put);
    let list = buyer.send(&saves).await.ok().shows("NON-1").shows("95.000");
    let again = list.form("#dat-lai").with("them", "1");
    buyer.send(&again).await.ok().shows("Đã cho 2 món vào giỏ");
    assert_eq!(count(&world, "select sum(quantity)::bigint from checkout.lines").await, 54);
    let edit = list
        .form("#sua")
        .with("ten", "Hằng tuần")
        .with("ma", "chen-1 1\nLA-LUNG 2")
        .with("act", "save");
    let unclear = buyer.send(&edit).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    unclear.shows("LA-LUNG");
    let vast = list.form("#sua").with("ma", "NON-1 9999999").with("act", "save");
    let vast = buyer.send(&vast).await;
    assert_eq!(vast.status, StatusCode::UNPROCESSABLE_ENTITY, "more than anybody can order");
    let twice = list.form("#sua").with("ten", "Bếp ăn").with("ma", "NON-1 10\nnon-1 20");
    let twice = buyer.send(&twice.with("act", "save")).await.ok();
    assert_eq!(
        count(&world, "select max(quantity) from wholesale.list_lines").await,
        30,
        "rows of the same goods add up"
    );
    let saved =
        buyer.send(&twice.form("#sua").with("ten", "Hằng tuần").with("act", "save")).await.ok();
    saved.shows("Hằng tuần");
    // Somebody else of the firm has seen it as it was.
    let stale = buyer.send(&list.form("#sua").with("ten", "Cũ").with("act", "save")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Another firm's member finds nothing.
    let mai = world.person("Mai", "mai@example.vn").await;
    firm(&world, &mai, "0100109107", "Quán Mai").await;
    assert_eq!(mai.browser.get(&list.path).await.status, StatusCode::NOT_FOUND);
    let drop = format!("{}/xoa", list.path);
    assert_eq!(mai.browser.post(&drop, &[]).await.status, StatusCode::NOT_FOUND);
    mai.browser.get("/to-chuc/danh-sach-mua").await.ok().lacks("Hằng tuần");
    buyer.post(&drop, &[]).await.ok().shows("Đã xóa");
}

/// The quick order's goods, sent to the lists by its second button.
fn as_a_list(put: &crate::support::browser::FormOnPage) -> crate::support::browser::FormOnPage {
    let mut form = put.clone().with("ten", "Bếp ăn");
    form.action = "/to-chuc/danh-sach-mua".into();
    form.with("key", &uuid::Uuid::new_v4().to_string())
}
