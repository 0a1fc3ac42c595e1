//! A firm's own system writes orders as UBL: the file fills in a request to the seller that it names; what the floor
//! writes is read again, and the seller's answer and despatch advice come as UBL too.

use crate::{
    firms_buy_by_purchase_order::{at_buyer, at_seller, issued, presses, terms, trade, wish},
    support::{
        World,
        browser::{Answer, Browser},
    },
};
use reqwest::StatusCode;

const NEW: &str = "/to-chuc/bao-gia/moi";

async fn reads(browser: &Browser, bytes: &[u8]) -> Answer {
    let form = browser.get(NEW).await.ok().form("form:has(input[name=ubl])");
    browser.send(&form.file("ubl", "order.xml", bytes)).await
}

#[tokio::test]
async fn an_order_fills_in_a_request_to_its_seller() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let po = issued(&world, wish(&trade, terms(0, 10_000, None))).await;
    let answer = format!("{}/tra-loi.xml", at_seller(&po));
    assert_eq!(seller.get(&answer).await.status, StatusCode::NOT_FOUND, "not answered yet");
    presses(seller, &at_seller(&po), "confirm", &[]).await.ok();
    let told = seller.get(&answer).await.ok();
    assert!(told.text.contains("<cbc:OrderResponseCode>AP</cbc:OrderResponseCode>"));
    presses(seller, &at_seller(&po), "send", &[("sl-1", "6"), ("carrier", "74C-001.23")])
        .await
        .ok();
    let advice = buyer.get(&format!("{}/giao-hang/1/ubl.xml", at_buyer(&po))).await.ok();
    assert!(advice.text.contains("unitCode=\"C62\">6</cbc:DeliveredQuantity>"), "{}", advice.text);
    assert!(advice.text.contains("74C-001.23"));

    // What the floor wrote is read again: the same lines, to the same shop, the price as a wish.
    let xml = buyer.get(&format!("{}/ubl.xml", at_buyer(&po))).await.ok().text;
    let page = reads(buyer, xml.as_bytes()).await.ok();
    let form = page.form("form:has(input[name=tieu_de])");
    let all = |name: &str| -> Vec<&str> {
        form.fields.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    };
    assert_eq!(all("ten")[..2], ["Nón lá", "Lá buông phơi khô"]);
    assert_eq!(all("so_luong")[..2], ["10", "12,5"]);
    assert_eq!(all("don_vi")[..2], ["cái", "kg"]);
    assert!(all("mo_ta")[0].contains("108.000"), "{:?}", all("mo_ta"));
    assert_eq!(all("ban"), [trade.stall.seller.to_string()]);
    let requests: i64 = sqlx::query_scalar("select count(*) from quotes.requests")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(requests, 0, "nothing is sent before it is looked at");
    buyer.send(&form.with("act", "send")).await.ok().shows("Nón lá và lá buông cho mùa hè");
    world.run_jobs().await;
    seller.get("/ban-hang/bao-gia").await.ok().shows("Nón lá và lá buông cho mùa hè");
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let world = World::new().await;
    let trade = trade(&world).await;
    let buyer = &trade.buyer.browser;
    let po = issued(&world, wish(&trade, terms(0, 10_000, None))).await;
    let xml = buyer.get(&format!("{}/ubl.xml", at_buyer(&po))).await.ok().text;
    let wrong = async |bytes: &[u8], reason: &str| {
        let answer = reads(buyer, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(answer.main_text().contains(reason), "{reason}: {}", answer.main_text());
    };
    let quantity = xml.lines().position(|line| line.contains(">12.5<")).unwrap() + 1;
    wrong(
        xml.replace(">12.5<", ">nhiều<").as_bytes(),
        &format!("Dòng {quantity} của tệp: số lượng"),
    )
    .await;
    wrong(xml.replace("0101197803", "0300588569").as_bytes(), "không phải tổ chức của bạn").await;
    wrong(xml.replace("Order-2", "Invoice-2").as_bytes(), "không phải Order của UBL").await;
    let entity = xml.replacen(
        "<Order",
        "<!DOCTYPE Order [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Order",
        1,
    );
    wrong(entity.as_bytes(), "DTD").await;
    wrong(b"mot tep khac", "không phải XML hợp lệ").await;
    wrong(b"", "Hãy chọn tệp XML").await;
    let large = buyer.get(NEW).await.ok().form("form:has(input[name=ubl])");
    let large = buyer.try_send(&large.file("ubl", "order.xml", &vec![b' '; 3 << 20])).await;
    assert!(large.is_err() || large.unwrap().status == StatusCode::PAYLOAD_TOO_LARGE);
}
