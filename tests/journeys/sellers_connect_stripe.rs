//! A seller with a business abroad connects an account at Stripe: what Stripe says of it decides whether buyers are
//! offered cards. What sums are worth abroad is an estimate by the operator's own rates.

use crate::{
    orders_live::GOOD,
    shop_floor::{Shop, ordered, shop, signed_in},
    support::{
        World,
        gateways::{self, Sent, StandIn},
    },
};
use reqwest::StatusCode;
use santinh::payments::{self, PaymentMethod};

const HERE: &str = "/ban-hang/thanh-toan/stripe";
const OTHER: &str = "3200000027";

async fn floor() -> (StandIn, World, Shop) {
    let there = StandIn::start().await;
    let owned = there.variables();
    let variables: Vec<(&'static str, &str)> =
        owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let world = World::with(&variables).await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 1000).await;
    (there, world, shop)
}

async fn tells(world: &World, sent: &Sent) -> u16 {
    let request = reqwest::Client::new().post(format!("{}/thanh-toan/stripe/ipn", world.base));
    let request = request.header("stripe-signature", &sent.signature).body(sent.raw.clone());
    let status = request.send().await.unwrap().status().as_u16();
    world.run_jobs().await;
    status
}

/// Whether buyers can choose it.
async fn offered(world: &World, shop: &Shop) -> bool {
    payments::settings(&world.db, &[shop.seller]).await.unwrap()[&shop.seller]
        .has(PaymentMethod::Stripe)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_is_led_to_stripe_and_sees_what_is_missing() {
    let (there, world, shop) = floor().await;
    let desk = signed_in(&world, &shop.email).await;
    desk.get(HERE).await.ok().shows("Nối với Stripe").shows("Singapore").lacks("Việt Nam (");
    let begin = format!("{HERE}/ket-noi");
    desk.post(&begin, &[("quoc_gia", "VN")]).await.ok().shows("Xin chọn nước");
    assert_eq!(there.new_accounts().len(), 0);
    // Pressed twice at once, it is one account.
    let pressed = [("quoc_gia", "SG")];
    let (one, two) = tokio::join!(desk.post(&begin, &pressed), desk.post(&begin, &pressed));
    let page = one.ok().shows("Sang trang của Stripe");
    two.ok().shows("Sang trang của Stripe");
    let accounts = there.new_accounts();
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    let account = &accounts[0];
    there.visit(&page.link("Mở trang của Stripe")).await;
    // Half way through he comes back.
    let page = desk.get(&format!("{HERE}/ve")).await.ok();
    let page =
        page.shows("Chờ bạn trả lời Stripe").shows("tài khoản ngân hàng để Stripe chuyển tiền");
    let page = page.shows("đồng ý điều khoản").shows("ngày sinh").shows(account);
    assert_eq!(page.path, HERE);
    assert!(!offered(&world, &shop).await, "buyers were offered an account that takes nothing");
    desk.get(&format!("{HERE}/tiep")).await.ok().shows("đã hết hạn");
    // Stripe tells that all is well; whoever else says so is not believed.
    there.answers_stripe(account);
    let now = world.cx().now.timestamp();
    let mut forged = there.account_notice(account, now);
    forged.signature = forged.signature.replace("v1=", "v1=0");
    assert_eq!(tells(&world, &forged).await, 400);
    assert!(!offered(&world, &shop).await);
    assert_eq!(tells(&world, &there.account_notice(account, now)).await, 200);
    desk.get(HERE).await.ok().shows("Nhận tiền được").lacks("Stripe còn cần");
    assert!(offered(&world, &shop).await);
    // It wants more; the seller asks.
    there.stripe_wants(account, "representative.verification.document");
    let page = desk.post(&format!("{HERE}/hoi-lai"), &[]).await.ok();
    page.shows("chưa rút được").shows("ảnh giấy tờ").shows("Tiếp tục với Stripe");
    assert!(offered(&world, &shop).await, "it still takes payments");
    // And he parts from the floor at Stripe's own desk.
    there.parts(account);
    assert_eq!(tells(&world, &there.account_notice(account, now)).await, 200);
    desk.get(HERE).await.ok().shows("Không còn nối với sàn");
    assert!(!offered(&world, &shop).await);
    assert_eq!(there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_country_can_be_put_right() {
    let (there, world, shop) = floor().await;
    let desk = signed_in(&world, &shop.email).await;
    let begin = format!("{HERE}/ket-noi");
    let begins = async |country: &str| {
        desk.post(&begin, &[("quoc_gia", country)]).await.ok().shows("Sang trang của Stripe");
    };
    let removes = async || {
        let form = desk.get(HERE).await.ok().form("details.confirm form");
        desk.send(&form.and("act", "remove")).await.ok().shows("Đã lưu");
    };
    begins("SG").await;
    let first = there.new_accounts();
    assert_eq!(first.len(), 1);
    removes().await;
    begins("JP").await;
    assert_eq!(there.new_accounts().len(), 2, "the account of the other country was taken up");
    removes().await;
    begins("SG").await;
    assert_eq!(there.new_accounts().len(), 2, "the account of before was not taken up");
    desk.get(HERE).await.ok().shows(&first[0]);
    assert_eq!(there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_nobody_or_of_another_shop_is_not_taken() {
    let (there, world, first) = floor().await;
    let second = shop(&world, "Nón lá", OTHER, 1).await;
    let enters = async |shop: &Shop, code: &str| {
        let desk = signed_in(&world, &shop.email).await;
        let page = desk.get(HERE).await.ok();
        desk.send(&page.form("form.panel").with("code", code).and("act", "save")).await
    };
    let unknown = enters(&first, "acct_1Unknown000001").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    unknown.shows("chưa nối với sàn");
    enters(&first, gateways::ACCOUNT).await.ok().shows("Đã lưu");
    assert!(offered(&world, &first).await);
    let taken = enters(&second, gateways::ACCOUNT).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken.shows("gian hàng khác");
    assert!(!offered(&world, &second).await && offered(&world, &first).await);
    // Removed there, it may be another's.
    let desk = signed_in(&world, &first.email).await;
    let page = desk.get(HERE).await.ok().shows("Nhận tiền được");
    desk.send(&page.form("details.confirm form").and("act", "remove")).await.ok().shows("Đã lưu");
    enters(&second, gateways::ACCOUNT).await.ok().shows("Đã lưu");
    assert_eq!(there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_abroad_is_an_estimate_by_the_operators_rate() {
    let (_there, world, shop) = floor().await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Stripe).await;
    let domestic = ordered(&world, &shop, 1, PaymentMethod::VnPay).await;
    let buyer = world.browser();
    let path = |o: &santinh::orders::PlacedOrder| format!("/don-hang/{}?k={}", o.code, o.secret);
    buyer.get(&path(&order)).await.ok().lacks("≈");
    let desk = world.operator("Vận hành", "vh@santinh.vn").await.browser;
    let page = desk.get("/van-hanh/ty-gia").await.ok().shows("Chưa hiện ước tính");
    let form = page.form("main form.form").with("tien", "USD").with("nguon", "Vietcombank");
    let wrong = desk.send(&form.clone().with("ty_gia", "nhiều").with("ngay", "2027-01-01")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows("Tỷ giá là số đồng").shows("tương lai");
    let form = desk.get("/van-hanh/ty-gia").await.ok().form("main form.form");
    let form = form.with("tien", "USD").with("nguon", "Vietcombank").with("ty_gia", "26.120,50");
    desk.send(&form.clone().with("ngay", "2026-11-20")).await.ok().shows("26.120,50");
    let shown = "≈ 4,90 USD (ước tính, tỷ giá Vietcombank ngày 20/11/2026)";
    buyer.get(&path(&order)).await.ok().shows("128.000").shows(shown).shows("được thu bằng đồng");
    buyer.get(&path(&domestic)).await.ok().lacks("≈");
    // A rate that has grown old says nothing any more.
    let form = desk.get("/van-hanh/ty-gia").await.ok().form("main form.form");
    let form = form.with("tien", "USD").with("nguon", "Vietcombank").with("ty_gia", "26.120,50");
    desk.send(&form.with("ngay", "2026-09-20")).await.ok();
    buyer.get(&path(&order)).await.ok().lacks("≈");
    desk.post("/van-hanh/ty-gia/bo", &[("tien", "USD")]).await.ok().shows("Chưa hiện ước tính");
    let rates: i64 = sqlx::query_scalar("select count(*) from payments.foreign_rates")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(rates, 2, "what was shown stays on record");
}
