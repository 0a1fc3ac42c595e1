//! The contract of an order on paper: frozen once, the same ever after, for its two sides alone.

use crate::{
    shop_floor::{Shop, group, place, shop, signed_in, wish},
    support::{World, browser::Browser},
};
use reqwest::StatusCode;
use santinh::orders::{PaymentMethod, PlacedOrder};
use sha2::{Digest, Sha256};

const GOOD: &str = "0101197803";
const OTHER: &str = "0100109106";

async fn file(browser: &Browser, path: &str) -> (StatusCode, Vec<u8>) {
    let answer = browser.http.get(format!("{}{path}", browser.base)).send().await.unwrap();
    if answer.status() == StatusCode::OK {
        assert_eq!(answer.headers()["content-type"], "application/pdf", "{path}");
    }
    (answer.status(), answer.bytes().await.unwrap().to_vec())
}

/// What a reader copies out of a PDF, blanks joined.
pub(super) fn words(pdf: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("paper-{}.pdf", uuid::Uuid::new_v4().simple()));
    std::fs::write(&path, pdf).unwrap();
    let out = std::process::Command::new("pdftotext")
        .args(["-layout", path.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext of the Debian package poppler-utils");
    std::fs::remove_file(&path).unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn coffee(world: &World, shop: &Shop, payment: PaymentMethod) -> PlacedOrder {
    let mut order = wish(shop, 2, payment);
    order.lines[0].name = "Cà phê Khe Sanh – đặc sản".into();
    place(world, group(world, None, vec![order])).await.unwrap().orders.remove(0)
}

#[tokio::test]
async fn the_contract_is_frozen_when_it_is_first_asked_for() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = coffee(&world, &shop, PaymentMethod::VietQr).await;
    let guest = world.browser();
    let path = format!("/don-hang/{}/hop-dong.pdf?k={}", order.code, order.secret);
    let (status, first) = file(&guest, &path).await;
    assert_eq!(status, StatusCode::OK);
    let text = words(&first);
    for told in [
        "Cà phê Khe Sanh – đặc sản",
        "HỢP ĐỒNG MUA BÁN HÀNG HÓA",
        "000001/2026/HĐMB",
        "Trần Thị Hương",
        "3200000011",
        "Hai trăm ba mươi sáu nghìn đồng",
        "0011004123456",
        "Trang 1/",
        "/trang/khieu-nai",
        &order.code,
    ] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    // Whatever happens to the order or the shop later, the paper stays what it was, and for both sides.
    sqlx::query("update enterprises.sellers set registration_no = 'khác', legal_name = 'Tên khác'")
        .execute(&world.db)
        .await
        .unwrap();
    let seller = signed_in(&world, &shop.email).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    let act = page.attributes("section[aria-labelledby=next] button[name=act]", "value").remove(0);
    seller.send(&page.form("section[aria-labelledby=next] form").with("act", &act)).await.ok();
    world.clock.advance(chrono::TimeDelta::days(3));
    let (_, again) = file(&guest, &path).await;
    let (_, of_seller) =
        file(&seller, &format!("/ban-hang/don-hang/{}/hop-dong.pdf", order.code)).await;
    assert!(first == again && first == of_seller, "the file changed");
    let kept: Vec<u8> = sqlx::query_scalar("select sha256 from documents.prints")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(kept, Sha256::digest(&first).to_vec());
    for act in ["update documents.contracts set content = '{}'", "delete from documents.prints"] {
        assert!(sqlx::query(act).execute(&world.db).await.is_err(), "{act}");
    }
    // In English it is another file of the same contract.
    let english = format!("{path}&lang=en");
    let text = words(&file(&guest, &english).await.1);
    assert!(text.contains("CONTRACT OF SALE") && text.contains("000001/2026/HĐMB"), "{text}");
    // The address that papers of before name leads on.
    let complaints = guest.get("/khieu-nai").await.ok();
    assert_eq!(complaints.path, "/trang/khieu-nai");
    let print =
        guest.get(&format!("/don-hang/{}/hop-dong?k={}", order.code, order.secret)).await.ok();
    assert!(print.contains("/trang/khieu-nai"), "{}", print.main_text());
    // Nobody else gets it.
    let without = format!("/don-hang/{}/hop-dong.pdf", order.code);
    assert_eq!(file(&guest, &without).await.0, StatusCode::NOT_FOUND);
    let other = crate::shop_floor::shop(&world, "Khác", OTHER, 1).await;
    let other = signed_in(&world, &other.email).await;
    for end in ["hop-dong.pdf", "phieu.pdf", "giao-hang.pdf"] {
        let path = format!("/ban-hang/don-hang/{}/{end}", order.code);
        assert_eq!(file(&other, &path).await.0, StatusCode::NOT_FOUND, "{end}");
    }
}

#[tokio::test]
async fn an_order_changed_by_consent_gets_another_edition() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = coffee(&world, &shop, PaymentMethod::Cod).await;
    let second = coffee(&world, &shop, PaymentMethod::Cod).await;
    let guest = world.browser();
    let path =
        |order: &PlacedOrder| format!("/don-hang/{}/hop-dong.pdf?k={}", order.code, order.secret);
    let first = file(&guest, &path(&order)).await.1;
    let text = words(&file(&guest, &path(&second)).await.1);
    assert!(text.contains("000002/2026/HĐMB"), "{text}");
    sqlx::query(
        "update orders.lines set quantity = 1, total = unit_price, tax = 8000 where order_id = $1",
    )
    .bind(order.id.0)
    .execute(&world.db)
    .await
    .unwrap();
    sqlx::query("update orders.orders set goods_total = 108000, tax_total = 8000, total = 128000 where id = $1")
        .bind(order.id.0)
        .execute(&world.db)
        .await
        .unwrap();
    let changed = file(&guest, &path(&order)).await.1;
    let text = words(&changed);
    assert!(first != changed && text.contains("000001/2026/HĐMB-2"), "{text}");
    assert!(text.contains("128.000"), "{text}");
    let editions: i64 =
        sqlx::query_scalar("select count(*) from documents.contracts where order_id = $1")
            .bind(order.id.0)
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(editions, 2, "the first edition stays");
}

#[tokio::test]
async fn readers_at_once_make_one_contract() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = coffee(&world, &shop, PaymentMethod::Cod).await;
    let path = format!("/don-hang/{}/hop-dong.pdf?k={}", order.code, order.secret);
    let readers = (0..8).map(|_| {
        let (browser, path) = (world.browser(), path.clone());
        tokio::spawn(async move { file(&browser, &path).await })
    });
    let mut files = Vec::new();
    for reader in readers.collect::<Vec<_>>() {
        let (status, bytes) = reader.await.unwrap();
        assert_eq!(status, StatusCode::OK);
        files.push(bytes);
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]));
    let counted: (i64, i32) = sqlx::query_as(
        "select (select count(*) from documents.contracts), (select last from documents.numbers)",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(counted, (1, 1));
}

#[tokio::test]
async fn slip_and_delivery_note_go_with_the_goods() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = coffee(&world, &shop, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    let slip = words(&file(&seller, &page.link("Phiếu PDF")).await.1);
    for told in
        ["PHIẾU ĐÓNG GÓI", "Cà phê Khe Sanh – đặc sản", "0987 654 321", "THU HỘ (COD): 236.000"]
    {
        assert!(slip.contains(told), "{told} is not in {slip}");
    }
    let note = words(&file(&seller, &page.link("Biên bản giao nhận")).await.1);
    for told in
        ["BIÊN BẢN GIAO NHẬN HÀNG", "Cà phê Khe Sanh – đặc sản", "NGƯỜI NHẬN", "Gọi trước khi giao"]
    {
        assert!(note.contains(told), "{told} is not in {note}");
    }
}
