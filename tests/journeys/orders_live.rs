//! Orders from placing to their end, by every way out.

use crate::{
    shop_floor::{available, group, ordered, person, place, shop, signed_in, standing, wish},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::orders::{OrderError, PaymentMethod};

pub(super) const GOOD: &str = "0101197803";
pub(super) const OTHER: &str = "0100109106";

/// Presses the one button that leads on.
async fn next(seller: &crate::support::browser::Browser, code: &str, words: &str) {
    let page = seller.get(&format!("/ban-hang/don-hang/{code}")).await.ok();
    let buttons = page.texts("section[aria-labelledby=next] button");
    assert!(buttons.iter().any(|b| b.contains(words)), "{words}: {buttons:?}");
    let act = page.attributes("section[aria-labelledby=next] button[name=act]", "value").remove(0);
    let form = page.form("section[aria-labelledby=next] form").with("act", &act);
    let form =
        if act == "hand_over" { form.with("note", "Xe khách Sáu Hoà, 0912") } else { form };
    seller.send(&form).await.ok();
}

fn state((order, money): &(String, String)) -> (&str, &str) {
    (order.as_str(), money.as_str())
}

#[tokio::test]
async fn a_transfer_order_is_paid_shipped_and_completed() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 2, PaymentMethod::VietQr).await;
    assert_eq!(available(&world, &shop).await, 8);
    world.run_jobs().await;
    // The guest has his link by mail, sees how to pay, and the code's picture.
    let link = format!("/don-hang/{}?k={}", order.code, order.secret);
    assert_eq!(world.link_in_mail_to("huong@example.vn").await, link);
    let guest = world.browser();
    let page =
        guest.get(&link).await.ok().shows("Chuyển khoản cho người bán").shows("0011004123456");
    let page = page.shows("236.000").shows("Cà phê <Khe Sanh>").shows("16.000");
    let qr = page.attributes(".qr img", "src").remove(0);
    let qr = guest.get(&qr).await.ok();
    assert_eq!(qr.headers["content-type"], "image/svg+xml");
    assert!(qr.text.starts_with("<svg"));

    let seller = signed_in(&world, &shop.email).await;
    let list = seller.get("/ban-hang/don-hang?tt=awaiting_payment").await.ok();
    assert!(list.contains(&order.code) && list.contains("Đã nhận được tiền"));
    next(&seller, &order.code, "Đã nhận được tiền: 236.000").await;
    assert_eq!(state(&standing(&world, &order).await), ("placed", "paid"));
    for (words, now) in [
        ("Xác nhận đơn", "confirmed"),
        ("Đã đóng gói", "packed"),
        ("Bàn giao", "handed_over"),
        ("Đã giao xong", "delivered"),
    ] {
        next(&seller, &order.code, words).await;
        assert_eq!(state(&standing(&world, &order).await), (now, "paid"));
    }
    let level: (i64, i64) =
        sqlx::query_as("select on_hand, reserved from stock.levels where variant_id = $1")
            .bind(shop.coffee.0)
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(level, (8, 0), "shipped at hand-over");
    let page = guest.get(&link).await.ok().shows("Xe khách Sáu Hoà");
    let done =
        guest.send(&page.form("form:has(button[value=receive])").with("act", "receive")).await.ok();
    done.shows("Hoàn thành");
    world.run_jobs().await;
    let mails = world.mails_to("huong@example.vn").await;
    let subjects: Vec<&str> = mails.iter().map(|(s, _)| s.as_str()).collect();
    assert_eq!(subjects.len(), 7, "one for each step and no more: {subjects:?}");
    let seller_mails = without_digests(world.mails_to(&shop.email).await);
    assert_eq!(seller_mails.len(), 2, "new order, completed by the buyer: {seller_mails:?}");
    // The contract names both sides; as a file it is an attachment.
    let contract = guest
        .get(&format!("/don-hang/{}/hop-dong?k={}&tai=1", order.code, order.secret))
        .await
        .ok();
    assert!(contract.headers["content-disposition"].to_str().unwrap().contains(&order.code));
    contract.shows("3200000011").shows("Trần Thị Hương").shows("236.000").shows("8\u{a0}%");
    seller
        .get(&format!("/ban-hang/don-hang/{}/phieu", order.code))
        .await
        .ok()
        .shows("0987 654 321");
    seller.get("/ban-hang").await.ok().shows("236.000");
}

#[tokio::test]
async fn cash_is_collected_at_delivery_and_the_clock_completes() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    for words in ["Xác nhận đơn", "Đã đóng gói", "Bàn giao"] {
        next(&seller, &order.code, words).await;
    }
    assert_eq!(state(&standing(&world, &order).await), ("handed_over", "cod_due"));
    next(&seller, &order.code, "Đã giao xong").await;
    assert_eq!(state(&standing(&world, &order).await), ("delivered", "paid"));
    world.wait(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    assert_eq!(standing(&world, &order).await.0, "delivered");
    world.wait(TimeDelta::minutes(2)).await;
    assert_eq!(standing(&world, &order).await.0, "completed");
    let counted: i64 = sqlx::query_scalar("select count(*) from orders.completed_report")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(counted, 1);
}

#[tokio::test]
async fn a_buyer_cancels_until_the_seller_confirms() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = signed_in(&world, &shop.email).await;
    let order = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    let link = format!("/don-hang/{}?k={}", order.code, order.secret);
    let guest = world.browser();
    let page = guest.get(&link).await.ok();
    let form =
        page.form("form:has(button[value=cancel])").with("act", "cancel").with("note", "Đặt nhầm");
    guest.send(&form).await.ok().shows("Đã hủy").shows("Đặt nhầm");
    // The same form again leads to the same page and does nothing.
    guest.send(&form).await.ok().shows("Đã hủy");
    assert_eq!(state(&standing(&world, &order).await), ("cancelled", "voided"));
    assert_eq!(available(&world, &shop).await, 10);
    world.run_jobs().await;
    let mails = world.mails_to(&shop.email).await;
    assert_eq!(mails.iter().filter(|(_, body)| body.contains("Đặt nhầm")).count(), 1);

    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    let link = format!("/don-hang/{}?k={}", order.code, order.secret);
    let old = guest.get(&link).await.ok();
    next(&seller, &order.code, "Xác nhận đơn").await;
    // The page was opened before: what is pressed on it comes too late, and says so.
    let late = guest.send(&old.form("form:has(button[value=cancel])").with("act", "cancel")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows("Đã xác nhận");
    assert!(guest.get(&link).await.ok().find_form("form:has(button[value=cancel])").is_none());
    assert_eq!(standing(&world, &order).await.0, "confirmed");
}

#[tokio::test]
async fn a_seller_cancels_with_a_reason_and_owes_what_was_paid() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = signed_in(&world, &shop.email).await;
    let order = ordered(&world, &shop, 2, PaymentMethod::VietQr).await;
    next(&seller, &order.code, "Đã nhận được tiền").await;
    let page = seller.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
    let form = page.form("form:has(button[value=cancel])").with("act", "cancel");
    let refused = seller.send(&form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("lý do");
    let done = seller.send(&form.with("note", "Hết hàng tại kho")).await.ok();
    done.shows("Đã hủy").shows("Xin hoàn lại đủ");
    assert_eq!(state(&standing(&world, &order).await), ("cancelled", "refund_due"));
    assert_eq!(available(&world, &shop).await, 10);
    let guest = world.browser();
    let page = guest.get(&format!("/don-hang/{}?k={}", order.code, order.secret)).await.ok();
    page.shows("Hết hàng tại kho").shows("có trách nhiệm hoàn lại");
    world.run_jobs().await;
    let mails = world.mails_to("huong@example.vn").await;
    assert_eq!(mails.iter().filter(|(_, body)| body.contains("Hết hàng tại kho")).count(), 1);
    let acts: Vec<String> =
        sqlx::query_scalar("select action from platform.audit where subject = $1 order by seq")
            .bind(format!("order:{}", order.id))
            .fetch_all(&world.db)
            .await
            .unwrap();
    assert_eq!(acts, ["orders.pay", "orders.cancel"]);
}

#[tokio::test]
async fn what_is_not_paid_or_not_confirmed_lapses() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let unpaid = ordered(&world, &shop, 4, PaymentMethod::VietQr).await;
    let unconfirmed = ordered(&world, &shop, 3, PaymentMethod::Cod).await;
    world.wait(TimeDelta::hours(23)).await;
    assert_eq!(available(&world, &shop).await, 3);
    world.wait(TimeDelta::hours(2)).await;
    assert_eq!(state(&standing(&world, &unpaid).await), ("cancelled", "voided"));
    assert_eq!(available(&world, &shop).await, 7);
    assert_eq!(standing(&world, &unconfirmed).await.0, "placed");
    let reminders =
        |mails: &[(String, String)]| mails.iter().filter(|(s, _)| s.starts_with("Nhắc")).count();
    assert_eq!(reminders(&world.mails_to(&shop.email).await), 1, "at half time");
    world.wait(TimeDelta::hours(24)).await;
    assert_eq!(state(&standing(&world, &unconfirmed).await), ("cancelled", "voided"));
    assert_eq!(available(&world, &shop).await, 10);
    assert_eq!(reminders(&world.mails_to(&shop.email).await), 1);
    let page =
        world.browser().get(&format!("/don-hang/{}?k={}", unpaid.code, unpaid.secret)).await.ok();
    page.shows("tự hủy");
}

#[tokio::test]
async fn two_tabs_at_once_move_it_once() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    let seller = signed_in(&world, &shop.email).await;
    let path = format!("/ban-hang/don-hang/{}", order.code);
    let (one, two) = (seller.get(&path).await.ok(), seller.get(&path).await.ok());
    let confirm = one.form("section[aria-labelledby=next] form").with("act", "confirm");
    let cancel =
        two.form("form:has(button[value=cancel])").with("act", "cancel").with("note", "Hết hàng");
    let (a, b) = tokio::join!(seller.send(&confirm), seller.send(&cancel));
    let mut answers = [a.status, b.status];
    answers.sort();
    assert_eq!(answers, [StatusCode::OK, StatusCode::CONFLICT]);
    let version: i32 = sqlx::query_scalar("select version from orders.orders where id = $1")
        .bind(order.id.0)
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(version, 2);
}

#[tokio::test]
async fn a_checkout_makes_its_orders_once_and_never_sells_too_much() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 3).await;
    let other = crate::shop_floor::shop(&world, "Tiêu Cùa", OTHER, 3).await;
    let both = vec![wish(&shop, 1, PaymentMethod::Cod), wish(&other, 1, PaymentMethod::VietQr)];
    let wanted = group(&world, None, both);
    let (a, b) = tokio::join!(place(&world, wanted.clone()), place(&world, wanted.clone()));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.group_code, b.group_code);
    assert_eq!(a.orders.len(), 2);
    let ids = |p: &santinh::orders::Placed| {
        let mut ids: Vec<_> = p.orders.iter().map(|o| (o.id, o.secret.clone(), o.total)).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&a), ids(&b));
    assert_eq!(available(&world, &shop).await, 2);
    // The second seller is short: nothing of the first one's is kept.
    let greedy = vec![wish(&shop, 2, PaymentMethod::Cod), wish(&other, 3, PaymentMethod::Cod)];
    match place(&world, group(&world, None, greedy)).await {
        Err(OrderError::Short { variant, available, name }) => {
            assert_eq!(
                (variant, available, name.as_str()),
                (other.coffee, 2, "Cà phê <Khe Sanh> (500 g)")
            );
        }
        unexpected => panic!("{unexpected:?}"),
    }
    assert_eq!(available(&world, &shop).await, 2);
    world.run_jobs().await;
    let mails = world.mails_to("huong@example.vn").await;
    assert_eq!(mails.len(), 1, "one acknowledgement for both orders");
    assert!(
        a.orders.iter().all(|o| mails[0].1.contains(&o.code) && mails[0].1.contains(&o.secret))
    );
}

#[tokio::test]
async fn a_seller_chooses_how_to_be_paid() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let seller = signed_in(&world, &shop.email).await;
    let page = seller.get("/ban-hang/thanh-toan").await.ok().shows("chưa có tài khoản ngân hàng");
    let form = page.form("form[action=\"/ban-hang/thanh-toan\"]");
    let refused = seller.send(&form.clone().with("transfer", "1")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let none = seller.send(&form.clone().without("transfer").without("cod")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    seller.send(&form.without("transfer").with("cod", "1")).await.ok().shows("Đã lưu");
    let all = santinh::payments::settings(&world.db, &[shop.seller]).await.unwrap();
    assert!(all[&shop.seller].cod && !all[&shop.seller].transfer);
}

#[tokio::test]
async fn each_member_of_a_shop_is_written_in_his_language() {
    use santinh::enterprises::{self, Role};
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    sqlx::query("update accounts.people set lang = 'en'").execute(&world.db).await.unwrap();
    let staff = person(&world, "Bình", "binh@example.vn").await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    enterprises::add_member(&mut db, &cx, shop.seller, staff, Role::Staff).await.unwrap();
    let first = ordered(&world, &shop, 2, PaymentMethod::Cod).await;
    world.run_jobs().await;
    world.wait(TimeDelta::hours(25)).await;
    world.wait(TimeDelta::hours(24)).await;
    let subjects = |mails: Vec<(String, String)>| -> Vec<String> {
        mails.into_iter().map(|(subject, _)| subject).collect()
    };
    let code = &first.code;
    let english = without_digests(world.mails_to(&shop.email).await);
    assert!(
        english[0].1.contains("There is a new order") && english[0].1.contains("Please confirm")
    );
    assert!(english.iter().all(|m| !m.1.contains("Đơn hàng")), "{english:?}");
    let english = subjects(english);
    assert!(english[0].starts_with(&format!("New order {code}")), "{english:?}");
    assert_eq!(english[1], format!("Please confirm order {code}"));
    assert!(english[2].starts_with(&format!("Order {code}: ")), "{english:?}");
    let vietnamese = subjects(without_digests(world.mails_to("binh@example.vn").await));
    assert!(vietnamese[0].starts_with(&format!("Đơn hàng mới {code}")), "{vietnamese:?}");
    assert_eq!(vietnamese[1], format!("Nhắc xác nhận đơn hàng {code}"));
    assert!(vietnamese[2].starts_with(&format!("Đơn hàng {code}: ")), "{vietnamese:?}");
    // Where no member has an address, the shop's own is written to, in Vietnamese.
    sqlx::query("delete from enterprises.members").execute(&world.db).await.unwrap();
    let second = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    world.run_jobs().await;
    let all = subjects(world.mails_to(&shop.email).await);
    let told = format!("Đơn hàng mới {}", second.code);
    assert!(all.iter().any(|subject| subject.starts_with(&told)), "{all:?}");
}

/// The letters about orders alone.
fn without_digests(mut mails: Vec<(String, String)>) -> Vec<(String, String)> {
    mails.retain(|(subject, _)| {
        !subject.starts_with("Việc hôm nay") && !subject.starts_with("Today at")
    });
    mails
}
