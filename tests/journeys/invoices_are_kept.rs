//! The e-invoice of an order: asked for by the buyer, issued outside, recorded by the seller, counted by the Department.

use crate::{
    market::{count, goods, presses, puts_in, stall, up_to_review},
    shop_floor::{Shop, group, place, shop, signed_in, wish},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::orders::{Act, ActorKind, OrderEvent, PaymentMethod, PlacedOrder, act};

const GOOD: &str = "0101197803";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF";

/// Placed now, completed now.
async fn sold(world: &World, shop: &Shop) -> PlacedOrder {
    let order = wish(shop, 1, PaymentMethod::Cod);
    let order = place(world, group(world, None, vec![order])).await.unwrap().orders.remove(0);
    use OrderEvent as E;
    let steps = [E::Confirm, E::Pack, E::HandOver, E::Deliver];
    let mut tx = world.db.begin().await.unwrap();
    for event in steps {
        let step = Act { event, actor: ActorKind::Seller, note: "Xe khách", seen: None };
        act(&mut tx, &world.cx(), order.id, &step).await.unwrap();
    }
    let step = Act { event: E::Receive, actor: ActorKind::Buyer, note: "", seen: None };
    act(&mut tx, &world.cx(), order.id, &step).await.unwrap();
    tx.commit().await.unwrap();
    order
}

async fn hd1(world: &World) -> String {
    let officer = world.officer("Hoa", &format!("{}@soct.vn", uuid::Uuid::new_v4().simple())).await;
    officer.browser.get("/so-cong-thuong/chi-tieu").await.ok().texts("#HD1 p").remove(0)
}

#[tokio::test]
async fn a_buyer_asks_the_seller_records_and_the_figure_moves() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let (order, other) = (sold(&world, &shop).await, sold(&world, &shop).await);
    assert!(hd1(&world).await.contains("0 / 2"), "{}", hd1(&world).await);
    // The guest asks, on the page that only he has.
    let guest = world.browser();
    let link = format!("/don-hang/{}/hoa-don?k={}", order.code, order.secret);
    let page = guest.get(&link).await.ok();
    let form = page.form("main form.form");
    assert_eq!(form.value("hd_ten"), Some("Trần Thị Hương"), "what is known is filled in");
    let wrong = guest.send(&form.clone().with("hd_mst", "0101197804")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows("chữ số kiểm tra");
    let form = form
        .with("hd_ten", "Công ty Hương")
        .with("hd_mst", GOOD)
        .with("hd_dia_chi", "12 Lê Duẩn, Đông Hà");
    guest.send(&form).await.ok().shows("Đã yêu cầu");
    assert_eq!(
        guest.get(&format!("/don-hang/{}/hoa-don", order.code)).await.status,
        StatusCode::NOT_FOUND
    );
    // The seller sees who asked, takes the lines, records the number with its file.
    let seller = signed_in(&world, &shop.email).await;
    let list = seller.get("/ban-hang/hoa-don?xem=duoc-yeu-cau").await.ok().shows("Công ty Hương");
    assert!(!list.contains(&other.code));
    let csv = seller.get("/ban-hang/hoa-don/xuat.csv").await.ok().text;
    assert!(csv.contains("Công ty Hương") && csv.contains("100000") && csv.contains("8%"), "{csv}");
    let xml = seller.get("/ban-hang/hoa-don/xuat.xml?xem=duoc-yeu-cau").await.ok().text;
    for told in [
        "<Ten>Công ty Hương</Ten><MST>0101197803</MST>",
        "<THHDVu>Cà phê &lt;Khe Sanh&gt; (500 g)</THHDVu>",
        "<DGia>100000</DGia><ThTien>100000</ThTien><TSuat>8%</TSuat>",
        // The delivery fee has the rate of its day and is counted.
        "<THHDVu>Phí giao hàng</THHDVu><SLuong>1</SLuong><DGia>18519</DGia><ThTien>18519</ThTien><TSuat>8%</TSuat>",
        "<TSuat>8%</TSuat><ThTien>118519</ThTien><TThue>9481</TThue>",
        "<TgTCThue>118519</TgTCThue><TgTThue>9481</TgTThue><TgTTTBSo>128000</TgTTTBSo>",
        "<TgTTTBChu>Một trăm hai mươi tám nghìn đồng</TgTTTBChu>",
    ] {
        assert!(xml.contains(told), "{told} is not in {xml}");
    }
    assert!(xml.contains(&order.code) && !xml.contains(&other.code));
    let path = format!("/ban-hang/hoa-don/{}", order.code);
    let form = seller.get(&path).await.ok().form("main form.form");
    let form = form.with("ky_hieu", "1C26TAA").with("so", "0000007").with("ngay", "2026-11-22");
    let form = form.with("ma_cqt", "M1-26-ABCDE-00000000007");
    let script = form.clone().file("tep", "hd.html", b"<script>");
    assert_eq!(seller.send(&script).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    seller.send(&form.file("tep", "hd.pdf", PDF)).await.ok().shows("Hóa đơn đã ghi");
    assert!(hd1(&world).await.contains("1 / 2"), "{}", hd1(&world).await);
    // One invoice cannot stand for two orders.
    let again =
        seller.get(&format!("/ban-hang/hoa-don/{}", other.code)).await.ok().form("main form.form");
    let again = again.with("ky_hieu", "1c26taa").with("so", "7").with("ngay", "22/11/2026");
    let refused = seller.send(&again).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("đơn khác");
    assert!(hd1(&world).await.contains("1 / 2"));
    // The buyer finds it; what it names is now fixed.
    let page = guest.get(&link).await.ok().shows("1C26TAA").shows("M1-26-ABCDE");
    assert!(page.find_form("main form.form").is_none());
    let file = guest.get(&page.link("Tải hóa đơn")).await.ok();
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    // A correction keeps the file and the history.
    let form = seller.get(&path).await.ok().form("main form.form");
    let form = form.with("ky_hieu", "1C26TAA").with("so", "8").with("ngay", "2026-11-22");
    seller.send(&form).await.ok().shows("Tải xuống");
    assert_eq!(count(&world, "select count(*) from documents.invoices").await, 2);
    assert!(hd1(&world).await.contains("1 / 2"));
}

#[tokio::test]
async fn a_household_is_given_sales_invoices() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    sold(&world, &shop).await;
    sqlx::query("update enterprises.sellers set kind = 'household'")
        .execute(&world.db)
        .await
        .unwrap();
    let seller = signed_in(&world, &shop.email).await;
    let xml = seller.get("/ban-hang/hoa-don/xuat.xml").await.ok().text;
    for told in [
        "<THDon>Hóa đơn bán hàng</THDon><KHMSHDon>2</KHMSHDon>",
        "<DGia>108000</DGia><ThTien>108000</ThTien></HHDVu>",
        "<DGia>20000</DGia><ThTien>20000</ThTien></HHDVu>",
        "<TToan><TgTTTBSo>128000</TgTTTBSo>",
    ] {
        assert!(xml.contains(told), "{told} is not in {xml}");
    }
    for tax in ["TSuat", "TThue", "TgTCThue"] {
        assert!(!xml.contains(tax), "{tax} on a sales invoice: {xml}");
    }
    let csv = seller.get("/ban-hang/hoa-don/xuat.csv").await.ok().text;
    assert!(csv.contains("108000,,108000,,108000") && !csv.contains('%'), "{csv}");
}

#[tokio::test]
async fn a_file_holds_every_sale() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = sold(&world, &shop).await;
    // Four hundred and forty-nine more of the same, some of them of the same moment.
    sqlx::query(
        "insert into orders.orders select (jsonb_populate_record(o, jsonb_build_object(
             'id', gen_random_uuid(), 'code', 'Z' || lpad(n::text, 7, '0'), 'secret', md5(n::text),
             'placed_at', o.placed_at - make_interval(secs => n / 7)))).*
         from orders.orders o, generate_series(1, 449) n",
    )
    .execute(&world.db)
    .await
    .unwrap();
    sqlx::query(
        "insert into orders.lines select (jsonb_populate_record(l, jsonb_build_object('order_id', o.id))).*
         from orders.lines l, orders.orders o where l.order_id = $1 and o.id <> $1",
    )
    .bind(order.id.0)
    .execute(&world.db)
    .await
    .unwrap();
    let seller = signed_in(&world, &shop.email).await;
    let codes: Vec<String> =
        sqlx::query_scalar("select code from orders.orders").fetch_all(&world.db).await.unwrap();
    assert_eq!(codes.len(), 450);
    let xml = seller.get("/ban-hang/hoa-don/xuat.xml").await.ok().text;
    assert_eq!(xml.matches("<HDon>").count(), 450);
    assert!(xml.ends_with("</HoaDonCanLap>\n"));
    let csv = seller.get("/ban-hang/hoa-don/xuat.csv").await.ok().text;
    assert_eq!(csv.lines().count(), 1 + 2 * 450);
    let form = seller.get("/ban-hang/hoa-don/mau.csv").await.ok().text;
    assert_eq!(form.lines().count(), 451);
    for code in codes {
        assert!([&xml, &csv, &form].iter().all(|file| file.contains(&code)), "{code} is missing");
    }
}

#[tokio::test]
async fn two_entries_at_once_leave_one_that_counts() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = sold(&world, &shop).await;
    let seller = signed_in(&world, &shop.email).await;
    let path = format!("/ban-hang/hoa-don/{}", order.code);
    let filled = async |number: &str| {
        let form = seller.get(&path).await.ok().form("main form.form");
        form.with("ky_hieu", "1C26TAA").with("so", number).with("ngay", "2026-11-22")
    };
    let (one, two) = (filled("7").await, filled("8").await);
    let (first, second) = tokio::join!(seller.send(&one), seller.send(&two));
    first.ok().shows("Hóa đơn đã ghi");
    second.ok().shows("Hóa đơn đã ghi");
    assert_eq!(count(&world, "select count(*) from documents.invoices").await, 2);
    let current = "select count(*) from documents.invoices where replaced_at is null";
    assert_eq!(count(&world, current).await, 1);
}

#[tokio::test]
async fn many_numbers_come_in_as_a_table() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let (one, two, three) =
        (sold(&world, &shop).await, sold(&world, &shop).await, sold(&world, &shop).await);
    let seller = signed_in(&world, &shop.email).await;
    let form = seller.get("/ban-hang/hoa-don/mau.csv").await.ok().text;
    assert!(form.contains(&one.code) && form.contains("Số hóa đơn"));
    let table = format!(
        "Mã đơn;Ký hiệu;Số hóa đơn;Ngày lập;Mã cơ quan thuế\n{};1C26TAA;1;22/11/2026;\n{};1C26TAA;1;22/11/2026;\n\
         KHONGCO;1C26TAA;3;22/11/2026;\n{};;;;\n",
        one.code, two.code, three.code
    );
    let page = seller.get("/ban-hang/hoa-don").await.ok();
    let sent = page.form("form[action$=nhap]").file("tep", "so.csv", table.as_bytes());
    let answer = seller.send(&sent).await.ok().shows("Dòng 3").shows("Dòng 4").shows("đơn khác");
    answer.lacks("Dòng 5");
    assert_eq!(
        count(&world, "select count(*) from documents.invoices where replaced_at is null").await,
        1
    );
    // The same form again does nothing more.
    seller.send(&sent).await.ok();
    assert_eq!(count(&world, "select count(*) from documents.invoices").await, 1);
    let wrong = page.form("form[action$=nhap]").file("tep", "x.csv", b"a,b\n1,2\n");
    assert_eq!(seller.send(&wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn sellers_are_reminded_once_a_round_while_one_is_missing() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    sold(&world, &shop).await;
    let letters = async || {
        let mails = world.mails_to(&shop.email).await;
        mails.iter().filter(|(subject, _)| subject.contains("hóa đơn")).count()
    };
    world.run_jobs().await;
    assert_eq!(letters().await, 0, "the first day is the seller's own");
    for hours in [20, 6, 6, 6] {
        world.wait(TimeDelta::hours(hours)).await;
    }
    assert_eq!(letters().await, 1, "however often the clock strikes");
    for _ in 0..7 {
        world.wait(TimeDelta::days(1)).await;
    }
    assert_eq!(letters().await, 2, "again in the next round");
    sqlx::query(
        "insert into documents.invoices (id, order_id, seller_id, symbol, number, issued_on, recorded_at)
         select gen_random_uuid(), id, seller_id, '1C26TAA', '1', '2026-11-22', now() from orders.orders",
    )
    .execute(&world.db)
    .await
    .unwrap();
    for _ in 0..14 {
        world.wait(TimeDelta::days(1)).await;
    }
    assert_eq!(letters().await, 2, "nothing is missing any more");
}

#[tokio::test]
async fn at_checkout_every_seller_learns_whom_to_name() {
    let world = World::new().await;
    let first = stall(&world, "Cà phê Khe Sanh", "3200000027", None).await;
    let second = stall(&world, "Nón lá", "3200000034", None).await;
    let (hat, coffee) = (
        goods(&world, &first, "Nón", 108_000, 10).await,
        goods(&world, &second, "Cà phê", 54_000, 10).await,
    );
    let buyer = world.browser();
    puts_in(&buyer, &hat, "1").await.ok();
    puts_in(&buyer, &coffee, "1").await.ok();
    let review = up_to_review(&buyer).await;
    let page = buyer.get(&review.link("Ghi thông tin hóa đơn")).await.ok();
    let form = page.form("main form.form").with("hd_ten", "Công ty Hương").with("hd_mst", GOOD);
    let form = form.with("hd_dia_chi", "12 Lê Duẩn, Đông Hà").with("act", "save");
    let review = buyer.send(&form).await.ok().shows("Công ty Hương");
    presses(&buyer, &review).await.ok();
    let asked = "select count(*) from documents.invoice_requests where name = 'Công ty Hương'";
    assert_eq!(count(&world, asked).await, 2);
    // Who wants none is asked nothing and writes nothing.
    puts_in(&buyer, &hat, "1").await.ok();
    let review = up_to_review(&buyer).await;
    presses(&buyer, &review).await.ok();
    assert_eq!(count(&world, "select count(*) from documents.invoice_requests").await, 2);
}
