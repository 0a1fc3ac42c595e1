//! Both sides of a purchase order sign its contract digitally; what is not their signature on it is refused and said.

use crate::{
    firms_buy_by_purchase_order::{
        Trade, at_buyer, at_seller, issued, presses, terms, trade, wish,
    },
    support::{
        World,
        browser::{Answer, Browser},
        signing::Authority,
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    platform::trust::{self, Said},
    purchasing::PlacedPo,
};

const BUYER: &str = "0101197803";
const SELLER: &str = "3200000027";

async fn trusts(world: &World, authority: &Authority, test: bool) {
    let mut tx = world.db.begin().await.unwrap();
    let said = Said { licence: "Giấy phép 1/GP-BTTTT".into(), test, ..Said::default() };
    let brought =
        trust::bring(&mut tx, &world.cx(), authority.pem.as_bytes(), &said).await.unwrap();
    assert_eq!((brought.anchors, brought.lists), (1, 0));
    tx.commit().await.unwrap();
}

/// A confirmed purchase order.
async fn agreed(world: &World) -> (Trade, PlacedPo) {
    let trade = trade(world).await;
    let po = issued(world, wish(&trade, terms(0, 10_000, None))).await;
    presses(&trade.seller.browser, &at_seller(&po), "confirm", &[]).await.ok();
    world.run_jobs().await;
    (trade, po)
}

async fn contract(browser: &Browser, page: &str) -> Vec<u8> {
    let url = format!("{}{page}/hop-dong.pdf", browser.base);
    browser.http.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

async fn hands_in(browser: &Browser, page: &str, name: &str, bytes: &[u8]) -> Answer {
    let form = browser.get(page).await.ok().form("form:has(input[name=tep])");
    browser.send(&form.file("tep", name, bytes)).await
}

async fn refused(browser: &Browser, page: &str, bytes: &[u8], reason: &str) {
    let answer = hands_in(browser, page, "chu-ky.p7s", bytes).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
    let told = answer.texts("#f-tep-error, .field__error, .summary").join(" ");
    assert!(told.contains(reason) || answer.main_text().contains(reason), "{reason}: {told}");
}

async fn kept(world: &World) -> Vec<(String, String)> {
    sqlx::query_as("select side, tax_code from purchasing.signatures order by uploaded_at, side")
        .fetch_all(&world.db)
        .await
        .unwrap()
}

#[tokio::test]
async fn buyer_and_seller_sign_one_after_the_other() {
    let world = World::new().await;
    let (trade, po) = agreed(&world).await;
    let (seller, buyer) = (&trade.seller.browser, &trade.buyer.browser);
    let authority = Authority::new("CA Công cộng");
    trusts(&world, &authority, false).await;
    let buying = authority.firm("CÔNG TY DU LỊCH CỬA TÙNG", BUYER);
    let selling = authority.firm("HTX NÓN LÁ HẢI LĂNG", SELLER);
    let bytes = contract(buyer, &at_buyer(&po)).await;
    assert_eq!(bytes, contract(seller, &at_seller(&po)).await, "both sign the same bytes");
    let now = world.clock.now();
    let signed = buying.signs_pdf(&bytes, now);
    hands_in(buyer, &at_buyer(&po), "đã ký.pdf", &signed)
        .await
        .ok()
        .shows("Bên mua đã ký")
        .shows("Bên bán chưa ký số")
        .shows("CÔNG TY DU LỊCH CỬA TÙNG")
        .shows("CA Công cộng")
        .shows("Chưa hỏi chứng thư có bị thu hồi không");
    world.run_jobs().await;
    let mails = world.mails_to("cuc@example.vn").await;
    assert!(mails.iter().any(|(_, body)| body.contains("Chữ ký số trên hợp đồng")), "{mails:?}");

    // The seller takes the buyer's file, signs it too and hands it in: one new signature.
    let page = seller.get(&at_seller(&po)).await.ok();
    let link = page.attributes("a[href*='/chu-ky/']", "href").remove(0);
    let url = format!("{}{link}", seller.base);
    let same = seller.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(same, signed, "kept as it came");
    let both = selling.signs_pdf(&same, now + TimeDelta::minutes(1));
    hands_in(seller, &at_seller(&po), "hai bên.pdf", &both)
        .await
        .ok()
        .shows("Bên mua đã ký")
        .shows("Bên bán đã ký");
    let of = |side: &str, code: &str| (side.to_owned(), code.to_owned());
    assert_eq!(kept(&world).await, [of("buyer", BUYER), of("seller", SELLER)]);
    refused(seller, &at_seller(&po), &both, "đã được lưu từ trước").await;
    // A detached signature of the same firm is another signature.
    let detached = selling.signs(&[&bytes], now);
    hands_in(seller, &at_seller(&po), "chu-ky.p7s", &detached).await.ok();
    assert_eq!(kept(&world).await.len(), 3);
    buyer.get(&at_buyer(&po)).await.ok().shows("Chữ ký số trên hợp đồng").shows("ECDSA P-256");
    let acts: Vec<String> = sqlx::query_scalar(
        "select detail->>'side' from platform.audit where action = 'purchasing.sign' order by seq",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(acts, ["buyer", "seller", "seller"]);

    // Nobody else reads or adds anything.
    let other = world.person("Người Lạ", "la@example.vn").await;
    for path in [link.as_str(), &link.replace("ban-hang", "to-chuc")] {
        assert_ne!(other.browser.get(path).await.text.as_bytes(), signed.as_slice());
    }
    let wrong = format!("{}/chu-ky/{}", at_seller(&po), uuid::Uuid::new_v4());
    assert_eq!(seller.get(&wrong).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        seller.get(&format!("{}/chu-ky/x", at_seller(&po))).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_is_no_signature_of_theirs_on_this_contract_is_refused_and_said() {
    let world = World::new().await;
    let (trade, po) = agreed(&world).await;
    let (browser, page) = (&trade.buyer.browser, at_buyer(&po));
    let authority = Authority::new("CA Công cộng");
    let buying = authority.firm("CÔNG TY DU LỊCH CỬA TÙNG", BUYER);
    let bytes = contract(browser, &page).await;
    let now = world.clock.now();
    let good = buying.signs(&[&bytes], now);
    let no = async |bytes: &[u8], reason: &str| refused(browser, &page, bytes, reason).await;
    no(&good, "không thuộc danh sách tổ chức chứng thực").await;
    trusts(&world, &authority, true).await;
    // What is trusted for trying things out counts in a demo only.
    no(&good, "không thuộc danh sách tổ chức chứng thực").await;
    trusts(&world, &authority, false).await;

    no(b"", "Hãy chọn tệp chữ ký").await;
    no("Kính gửi quý công ty".as_bytes(), "không phải chữ ký số").await;
    no(&good[..good.len() - 1], "không phải chữ ký số").await;
    no(&buying.signs(&[b"another text"], now), "của một tệp khác").await;
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    no(&flipped, "không khớp với khóa").await;
    no(&authority.until("CÔNG TY CŨ", BUYER, 2025).signs(&[&bytes], now), "đến 01/01/2025").await;
    no(
        &authority.firm("CÔNG TY KHÁC", "0300588569").signs(&[&bytes], now),
        "mã số thuế 0300588569",
    )
    .await;
    no(
        &authority.firm("CHI NHÁNH", "0101197803-001").signs(&[&bytes], now),
        "không phải của bên mua",
    )
    .await;
    let false_root = Authority::new("CA Công cộng").firm("GIẢ", BUYER);
    no(&false_root.signs(&[&bytes], now), "không khớp với khóa").await;
    no(&buying.signs(&[&bytes], now + TimeDelta::days(2)), "ở tương lai").await;
    no(&bytes, "chưa có chữ ký số nào").await;
    let mut other = bytes.clone();
    other[12] ^= 1;
    no(&buying.signs_pdf(&other, now), "không được ký trên đúng tệp hợp đồng").await;
    let mut later = buying.signs_pdf(&bytes, now);
    later[bytes.len() + 30] ^= 1;
    no(&later, "của một tệp khác").await;
    let large = vec![b'x'; (10 << 20) + 1];
    no(&large, "không quá 10 MB").await;
    assert!(kept(&world).await.is_empty());
    let keys: i64 =
        sqlx::query_scalar("select count(*) from purchasing.events where event = 'sign'")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(keys, 0, "nothing of it is on the record");
    hands_in(browser, &page, "chu-ky.p7s", &good).await.ok().shows("Bên mua đã ký");

    // In English too.
    let english = browser.get(&format!("{page}?lang=en")).await.ok();
    english.shows("Signed by the buyer").shows("by the signer's computer");
}

#[tokio::test]
async fn one_signature_handed_in_twice_at_once_is_kept_once() {
    let world = World::new().await;
    let (trade, po) = agreed(&world).await;
    let authority = Authority::new("CA Công cộng");
    trusts(&world, &authority, false).await;
    let bytes = contract(&trade.buyer.browser, &at_buyer(&po)).await;
    let good = authority.firm("CÔNG TY", BUYER).signs(&[&bytes], world.clock.now());
    let (buying, selling) = (at_buyer(&po), at_seller(&po));
    let (one, two) = tokio::join!(
        hands_in(&trade.buyer.browser, &buying, "a.p7s", &good),
        hands_in(&trade.seller.browser, &selling, "b.p7s", &good),
    );
    let mut answers = [one.status, two.status];
    answers.sort();
    assert_eq!(answers, [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY]);
    assert_eq!(kept(&world).await.len(), 1);
}

#[tokio::test]
async fn the_operator_sees_whom_the_floor_trusts_and_withdraws() {
    let world = World::new().await;
    let (trade, po) = agreed(&world).await;
    let operator = world.operator("Vận Hành", "van-hanh@example.vn").await.browser;
    operator.get("/van-hanh/chung-thu").await.ok().shows("Chưa tin cậy tổ chức nào");
    let authority = Authority::new("CA Công cộng");
    trusts(&world, &authority, false).await;
    let page = operator.get("/van-hanh/chung-thu").await.ok();
    let page = page.shows("CA Công cộng").shows("Đang tin cậy").shows("Giấy phép 1/GP-BTTTT");
    let form = page.form("form[action='/van-hanh/chung-thu/ngung']");
    operator.send(&form).await.ok().shows("Đã ngừng tin cậy");
    let bytes = contract(&trade.buyer.browser, &at_buyer(&po)).await;
    let signature = authority.firm("CÔNG TY", BUYER).signs(&[&bytes], world.clock.now());
    let reason = "không thuộc danh sách tổ chức chứng thực";
    refused(&trade.buyer.browser, &at_buyer(&po), &signature, reason).await;
    let seen = trade.buyer.browser.get("/van-hanh/chung-thu").await;
    assert!(!seen.contains("CA Công cộng"), "operators only");
}
