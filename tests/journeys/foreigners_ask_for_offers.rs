//! A buyer abroad reads a product's sheet, asks without an account, and accepts an offer.

use crate::{
    market::{count, goods, stall},
    support::{
        World,
        browser::{Answer, Browser, FormOnPage},
        people::Somebody,
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::kernel::day_of;

async fn refused(browser: &Browser, form: &FormOnPage) -> Answer {
    let answer = browser.send(form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.main_text());
    answer
}

struct Floor {
    world: World,
    cuc: Somebody,
    /// Of the product's export page.
    page: String,
}

/// A shop with one product and its sheet, made by the pages.
async fn floor() -> Floor {
    let world = World::new().await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Cà phê Cúc", "3200000027", Some(cuc.id)).await;
    goods(&world, &shop, "Cà phê nhân", 100_000, 50).await;
    let desk = &cuc.browser;
    let link = desk.get("/ban-hang/xuat-khau").await.ok().link("Cà phê nhân");
    let form = desk.get(&link).await.ok().form("main form.form");
    let form = form.with("hs", "09x").with("toi_thieu", "1 tonne").with("act", "save");
    let form = form.with("mo_ta_en", "Arabica, natural process, screen 16.");
    let again = refused(desk, &form.clone().with("incoterms", "FOB, XYZ")).await;
    let again = again.shows("Mã HS có 6, 8 hoặc 10 chữ số").shows("Incoterms 2020, ví dụ");
    assert_eq!(again.form("main form.form").value("toi_thieu"), Some("1 tonne"));
    desk.send(&form.with("hs", "0901.11.30")).await.ok().shows("Đang hiện");
    let page = world.browser().get("/xuat-khau").await.ok().link("Cà phê nhân");
    Floor { world, cuc, page }
}

/// Asks as the form allows; the link that is mailed.
async fn asks(floor: &Floor, browser: &Browser) -> String {
    let form = browser.get(&floor.page).await.ok().form("form.panel");
    let form = form.with("name", "Kim").with("company", "Seoul Roasters").with("country", "Korea");
    let form = form.with("email", "kim@example.com").with("quantity", "2 tonnes a month");
    let form = form.with("message", "Please quote green beans.").with("act", "ask");
    let again = refused(browser, &form).await.shows("Xin đồng ý");
    assert_eq!(again.form("form.panel").value("company"), Some("Seoul Roasters"));
    let form = form.with("agreed", "1");
    browser.send(&form).await.ok().shows("Đã gửi thư");
    browser.send(&form).await.ok();
    let all = "select count(*) from exports.enquiries";
    assert_eq!(count(&floor.world, all).await, 1, "asked once");
    floor.world.run_jobs().await;
    let mails = floor.world.mails_to("kim@example.com").await;
    let body = &mails.last().expect("a mail").1;
    let at = body.find("/hoi-hang/").expect("a link");
    body[at..].split_whitespace().next().unwrap().to_owned()
}

async fn offers(floor: &Floor, price: &str, days: u64) -> Answer {
    let desk = &floor.cuc.browser;
    let link = desk.get("/ban-hang/xuat-khau").await.ok().attributes("tbody th a", "href");
    let form = desk.get(&link[0]).await.ok().form("main form.form");
    let until = day_of(floor.world.clock.now()) + chrono::Days::new(days);
    let form = form.with("gia", price).with("noi", "Da Nang").with("so_ngay", "20");
    let form = form.with("den_ngay", &until.to_string());
    let form = form.with("thanh_toan", "30% T/T deposit").with("act", "offer");
    desk.send(&form).await
}

#[tokio::test]
async fn from_the_sheet_to_the_accepted_offer() {
    let floor = floor().await;
    let world = &floor.world;
    let kim = world.browser();
    kim.get(&floor.page).await.ok().shows("0901.11.30").shows("1 tonne");
    let pdf = kim.get(&format!("{}.pdf", floor.page)).await.ok();
    assert!(pdf.text.starts_with("%PDF"), "a PDF");
    let link = asks(&floor, &kim).await;

    // The seller hears nothing until the writer has shown that the address is his; a look is not enough.
    kim.get(&link).await.ok().shows("Confirm and send");
    floor.cuc.browser.get("/ban-hang/xuat-khau").await.ok().lacks("Seoul Roasters");
    let confirm = kim.get(&link).await.ok().form("main form");
    kim.send(&confirm.clone().with("act", "confirm")).await.ok();
    kim.send(&confirm.with("act", "confirm")).await.ok();
    world.run_jobs().await;
    let told = world.mails_to("cuc@example.vn").await;
    let told = told.iter().filter(|(subject, _)| subject.contains("Hỏi hàng xuất khẩu"));
    assert_eq!(told.count(), 1, "told once");

    // Two offers: only the newest can be accepted, once.
    let unclear = offers(&floor, "4.255", 5).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY, "it can be read in two ways");
    offers(&floor, "4.30", 5).await.ok().shows("USD 4.30");
    let first = kim.get(&link).await.ok().form("form:has(button[value=accept])");
    offers(&floor, "4.25", 5).await.ok().shows("USD 4.25");
    let stale = kim.send(&first.with("act", "accept")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let newest = kim.get(&link).await.ok().form("form:has(button[value=accept])");
    let newest = newest.with("act", "accept");
    let (one, two) = tokio::join!(kim.send(&newest), kim.send(&newest));
    let good = [one.status, two.status].iter().filter(|s| s.is_success()).count();
    assert_eq!(good, 1, "{} {}", one.status, two.status);
    world.run_jobs().await;
    let told = world.mails_to("cuc@example.vn").await;
    assert!(told.iter().any(|(_, body)| body.contains("kim@example.com")), "{told:?}");
    let desk = &floor.cuc.browser;
    let link = desk.get("/ban-hang/xuat-khau").await.ok().attributes("tbody th a", "href");
    let over = desk.get(&link[0]).await.ok().shows("Đã nhận chào giá");
    assert!(over.find_form("main form.form").is_none(), "nothing is offered any more");
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded() {
    let floor = floor().await;
    let world = &floor.world;
    let anybody = world.browser();
    let ask = async |email: &str, message: &str| {
        let form = anybody.get(&floor.page).await.ok().form("form.panel");
        let form = form.with("name", "Kim").with("company", "Seoul Roasters");
        let form = form.with("country", "Korea").with("quantity", "2 tonnes").with("agreed", "1");
        let form = form.with("email", email).with("message", message).with("act", "ask");
        anybody.send(&form).await
    };
    for n in 1..=5 {
        ask("victim@example.com", &format!("Please quote, number {n}.")).await.ok();
    }
    let refused = ask("Victim@Example.com", "Please quote once more.").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let refused = refused.shows("Hôm nay đã có nhiều lời hỏi");
    assert_eq!(refused.form("form.panel").value("message"), Some("Please quote once more."));
    world.run_jobs().await;
    assert_eq!(world.mails_to("victim@example.com").await.len(), 5);
    // Whoever reads the mailbox may go on, and nobody mails to everybody.
    let body = world.mails_to("victim@example.com").await.swap_remove(0).1;
    let at = body.find("/hoi-hang/").expect("a link");
    let link = body[at..].split_whitespace().next().unwrap();
    let reader = world.browser();
    let confirm = reader.get(link).await.ok().form("main form").with("act", "confirm");
    reader.send(&confirm).await.ok();
    ask("victim@example.com", "Please quote once more.").await.ok();
    for n in 7..=40 {
        ask(&format!("victim{n}@example.com"), "Please quote green beans.").await.ok();
    }
    let refused = ask("victim41@example.com", "Please quote green beans.").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    world.wait(TimeDelta::hours(25)).await;
    ask("victim41@example.com", "Please quote green beans.").await.ok();
}

#[tokio::test]
async fn an_offer_lapses_and_what_nobody_confirms_is_forgotten() {
    let floor = floor().await;
    let world = &floor.world;
    let kim = world.browser();
    let link = asks(&floor, &kim).await;
    world.wait(TimeDelta::days(8)).await;
    assert_eq!(count(world, "select count(*) from exports.enquiries").await, 0);
    assert_eq!(kim.get(&link).await.status, StatusCode::NOT_FOUND);
    // The link of the first mail has turned this browser to English.
    let link = asks(&floor, &world.browser()).await;
    let confirm = kim.get(&link).await.ok().form("main form").with("act", "confirm");
    kim.send(&confirm).await.ok();
    let cuc = floor.world.signed_in(floor.cuc.id, false).await;
    let floor = Floor { cuc: Somebody { browser: cuc, ..floor.cuc }, ..floor };
    offers(&floor, "4.25", 0).await.ok();
    let accept = kim.get(&link).await.ok().form("form:has(button[value=accept])");
    floor.world.wait(TimeDelta::days(1)).await;
    assert_eq!(kim.send(&accept.with("act", "accept")).await.status, StatusCode::CONFLICT);
    kim.get(&link).await.ok().shows("The offer has lapsed");
}
