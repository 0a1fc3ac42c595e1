//! The Department opens a matching day, shops sign up, a buyer meets one of them, and what came of it is counted.

use crate::{
    market::{count, firm, goods, presses, puts_in, stall, up_to_review},
    support::{
        World,
        browser::{Answer, Browser, FormOnPage},
        people::Somebody,
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::{SellerId, day_of},
    organisations::{self, NewOrganisation},
    trade_events::{self, Kind, NewEvent},
};
use uuid::Uuid;

/// An event of today until the day after tomorrow that everybody sees; the officer who made it.
pub async fn event(world: &World, officer: &Somebody) -> (Uuid, String) {
    let today = day_of(world.clock.now());
    let new = NewEvent {
        kind: Kind::MatchingDay,
        title: "Ngày kết nối cà phê Khe Sanh".into(),
        title_en: "Khe Sanh coffee matching day".into(),
        summary: "Nhà rang gặp nhà mua.".into(),
        summary_en: String::new(),
        body: String::new(),
        organiser: "Sở Công Thương".into(),
        place: "Nhà văn hóa xã".into(),
        starts_on: today,
        ends_on: today + chrono::Days::new(2),
        sign_up_until: today,
    };
    let mut tx = world.db.begin().await.unwrap();
    let cx = world.cx();
    let id = trade_events::make(&mut tx, &cx, (officer.id.0, None), &new).await.unwrap();
    trade_events::publish(&mut tx, &cx, id).await.unwrap();
    tx.commit().await.unwrap();
    let slug = sqlx::query_scalar("select slug from trade_events.events where id = $1");
    (id, slug.bind(id).fetch_one(&world.db).await.unwrap())
}

async fn refused(browser: &Browser, form: &FormOnPage) -> Answer {
    let answer = browser.send(form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.main_text());
    answer
}

async fn shop_slug(world: &World, name: &str) -> String {
    sqlx::query_scalar("select slug from enterprises.sellers where shop_name = $1")
        .bind(name)
        .fetch_one(&world.db)
        .await
        .unwrap()
}

/// A shop that takes part, by the pages.
async fn takes_part(officer: &Browser, seller: &Browser, slug: &str, id: Uuid) {
    let page = seller.get(&format!("/ban-hang/su-kien/tham-gia?sk={slug}")).await.ok();
    let form = page.form("main form.form").with("mang_den", "Cà phê nhân và rang, mẫu thử");
    seller.send(&form.with("act", "sign_up")).await.ok().shows("Chờ xét");
    let page = officer.get(&format!("/so-cong-thuong/su-kien/{id}")).await.ok();
    let form = page.form("form[action$=gian-hang]").with("act", "accept");
    officer.send(&form).await.ok().shows("Tham gia");
}

/// The buyer asks; gives the address of the meeting at the shop's desk.
async fn asks(world: &World, buyer: &Somebody, slug: &str, shop: &str) -> String {
    let page = buyer.browser.get(&format!("/su-kien/{slug}/hen?gian={shop}")).await.ok();
    let form = page.form("main form").with("dien_thoai", "0912345678");
    let form = form.with("viec", "Mua 2 tấn cà phê nhân mỗi tháng").with("act", "ask");
    buyer.browser.send(&form).await.ok().shows("Chờ trả lời");
    let id: Uuid = sqlx::query_scalar("select id from trade_events.meetings where person_id = $1")
        .bind(buyer.id.0)
        .fetch_one(&world.db)
        .await
        .unwrap();
    format!("/ban-hang/su-kien/hen/{id}")
}

/// Somebody opens a firm and asks a shop for a price.
async fn quoted(world: &World, who: &Somebody, tax_code: &str, seller: SellerId) {
    let new = NewOrganisation {
        tax_code: tax_code.into(),
        name: "Khách sạn".into(),
        address: "1 Lê Lợi".into(),
        commune_code: crate::market::KHE_SANH.into(),
        email: String::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    organisations::open(&mut tx, &world.cx(), who.id, &new).await.unwrap();
    tx.commit().await.unwrap();
    let form = who.browser.get("/to-chuc/bao-gia/moi").await.ok().form("main form[enctype]");
    let form = form.with("tieu_de", "Cà phê").with("ten", "Cà phê nhân").with("so_luong", "50");
    let form = form.with("don_vi", "kg").with("act", "send").with("ban", &seller.to_string());
    who.browser.send(&form).await.ok().shows("Gian hàng được hỏi");
}

#[tokio::test]
async fn from_the_announcement_to_the_counted_order() {
    let world = World::new().await;
    let officer = world.officer("Cán bộ", "cb@example.vn").await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Cà phê Cúc", "3200000027", Some(cuc.id)).await;
    let coffee = goods(&world, &shop, "Cà phê nhân", 100_000, 50).await;
    let lan = world.person("Phạm Thị Lan", "lan@example.vn").await;

    // A draft, with what is missing told at its field and nothing lost.
    let desk = &officer.browser;
    let form = desk.get("/so-cong-thuong/su-kien/moi").await.ok().form("main form.form");
    let form = form.with("ten", "Ngày kết nối cà phê").with("act", "save");
    let again = refused(desk, &form).await.shows("Xin ghi từ 10 đến 400 chữ cái.");
    assert_eq!(again.form("main form.form").value("ten"), Some("Ngày kết nối cà phê"));
    let day = day_of(world.clock.now()) + chrono::Days::new(5);
    let form = form.with("tom_tat", "Nhà rang gặp nhà mua.").with("noi", "Nhà văn hóa xã");
    let form = form.with("tu_ngay", &day.to_string()).with("den_ngay", &day.to_string());
    let form = form.with("dang_ky_den", &day.to_string());
    let made = desk.send(&form).await.ok().shows("Bản nháp");
    desk.send(&form).await.ok();
    assert_eq!(count(&world, "select count(*) from trade_events.events").await, 1, "made once");
    let id: Uuid = made.path.rsplit('/').next().unwrap().parse().unwrap();
    let guest = world.browser();
    guest.get("/su-kien").await.ok().lacks("Ngày kết nối cà phê");
    let step = made.form("form[action$=buoc]").with("act", "publish");
    desk.send(&step).await.ok().shows("Đã công bố");
    let slug = guest.get("/su-kien").await.ok().link("Ngày kết nối cà phê");
    let slug = slug.trim_start_matches("/su-kien/");

    // The shop comes, by the officer's word.
    takes_part(desk, &cuc.browser, slug, id).await;
    world.run_jobs().await;
    let told = world.mails_to("cuc@example.vn").await;
    let told = told.iter().find(|(subject, _)| subject.contains("Gian hàng tham gia")).unwrap();
    let link = told.1.split_whitespace().find(|word| word.contains("/ban-hang/su-kien/")).unwrap();
    let link = &link[link.find("/ban-hang/").unwrap()..];
    cuc.browser.get(link).await.ok().shows("Ngày kết nối cà phê");
    guest.get(&format!("/su-kien/{slug}")).await.ok().shows("Cà phê Cúc").shows("mẫu thử");

    // A buyer asks; the shop agrees, meets him, and notes what came of it.
    let here = shop_slug(&world, "Cà phê Cúc").await;
    let meeting = asks(&world, &lan, slug, &here).await;
    let page = lan.browser.get(&format!("/su-kien/{slug}/hen?gian={here}")).await.ok();
    let twice = page.form("main form").with("dien_thoai", "0912345678").with("viec", "Lần nữa");
    refused(&lan.browser, &twice.with("act", "ask")).await.shows("Bạn đã hẹn gian hàng này rồi");
    world.run_jobs().await;
    cuc.browser.get("/thong-bao").await.ok().shows("muốn gặp bạn tại “Ngày kết nối cà phê”");
    let page = cuc.browser.get(&meeting).await.ok().shows("Mua 2 tấn").shows("0912");
    let form = page.form("main form.form").with("noi", "Bàn 3").with("act", "agree");
    let again = refused(&cuc.browser, &form.clone().with("luc", "hôm qua")).await;
    assert_eq!(again.form("main form.form").value("noi"), Some("Bàn 3"));
    let at = format!("{day}T09:30");
    cuc.browser.send(&form.with("luc", &at)).await.ok().shows("Đã hẹn");
    world.run_jobs().await;
    let told = world.mails_to("lan@example.vn").await;
    assert!(told.iter().any(|(_, body)| body.contains("Bàn 3")), "{told:?}");
    lan.browser.get("/tai-khoan/lich-hen").await.ok().shows("Bàn 3").shows("09:30");
    world.wait(TimeDelta::days(5)).await;
    let page = cuc.browser.get(&meeting).await.ok();
    let form = page.form("main form.form").with("act", "hold");
    refused(&cuc.browser, &form).await.shows("Xin chọn kết quả");
    let form = form.with("ket_qua", "quote").with("ghi_chu", "gửi giá tuần sau");
    cuc.browser.send(&form).await.ok().shows("Đã gặp");

    // She buys of the shop she met: measured, once it is complete.
    puts_in(&lan.browser, &coffee, "2").await.ok();
    let review = up_to_review(&lan.browser).await;
    presses(&lan.browser, &review).await.ok();
    let results = format!("/so-cong-thuong/su-kien/{id}");
    let officer = world.officer("Cán bộ hai", "cb2@example.vn").await.browser;
    let csv = officer.get(&format!("{results}/ket-qua.csv")).await.ok().text;
    assert!(csv.contains("Cà phê Cúc,1,1,1,0,0,1,0,0,0"), "{csv}");
    sqlx::query("update orders.orders set state = 'completed', completed_at = $1")
        .bind(world.clock.now())
        .execute(&world.db)
        .await
        .unwrap();
    let csv = officer.get(&format!("{results}/ket-qua.csv")).await.ok().text;
    let total: i64 =
        sqlx::query_scalar("select total from orders.orders").fetch_one(&world.db).await.unwrap();
    assert!(csv.contains(&format!("Cà phê Cúc,1,1,1,0,0,1,0,1,{total},0")), "{csv}");
    // So is a purchase order of her firm, once the goods are accepted.
    sqlx::query(
        "insert into purchasing.orders (id, number, org_id, seller_id, asked_by, title, state, lang, goods_total, tax_total,
             delivery_fee, total, delivery_text, deposit_bps, on_delivery_bps, buyer_name, buyer_tax_code, buyer_address,
             seller_name, seller_address, seller_phone, issued_at, state_since, accepted_at)
         values (gen_random_uuid(), 'DM26-000001', gen_random_uuid(), $1, $2, 'Cà phê', 'accepted', 'vi', 700000, 0, 0,
             700000, '', 0, 0, 'Quán Lan', '0100109106', '', 'Cúc', '', '', $3, $3, $3)",
    )
    .bind(shop.seller.0)
    .bind(lan.id.0)
    .bind(world.clock.now())
    .execute(&world.db)
    .await
    .unwrap();
    let csv = officer.get(&format!("{results}/ket-qua.csv")).await.ok().text;
    assert!(csv.contains(&format!("Cà phê Cúc,1,1,1,0,0,1,0,2,{},0", total + 700_000)), "{csv}");
    // She asks the shop for a price, for a firm: counted. Who did not come is not.
    quoted(&world, &lan, "0100109106", shop.seller).await;
    let other = world.person("Người khác", "khac@example.vn").await;
    quoted(&world, &other, "0101197803", shop.seller).await;
    let csv = officer.get(&format!("{results}/ket-qua.csv")).await.ok().text;
    assert!(csv.contains(&format!("Cà phê Cúc,1,1,1,0,0,1,0,2,{},1", total + 700_000)), "{csv}");
    officer.get(&results).await.ok().shows("Cà phê Cúc").lacks("Phạm Thị Lan");
}

#[tokio::test]
async fn a_shop_meets_one_at_a_time_and_a_cancelled_event_is_told() {
    let world = World::new().await;
    let officer = world.officer("Cán bộ", "cb@example.vn").await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    stall(&world, "Cà phê Cúc", "3200000027", Some(cuc.id)).await;
    let (id, slug) = event(&world, &officer).await;
    takes_part(&officer.browser, &cuc.browser, &slug, id).await;
    let shop = shop_slug(&world, "Cà phê Cúc").await;
    let own = cuc.browser.get(&format!("/su-kien/{slug}/hen?gian={shop}")).await.ok();
    let own = own.form("main form").with("dien_thoai", "0912345678").with("viec", "Tự hẹn mình");
    refused(&cuc.browser, &own.with("act", "ask")).await.shows("gian hàng của chính bạn");
    let at = format!("{}T15:00", day_of(world.clock.now()) + chrono::Days::new(1));
    let mut agreed = Vec::new();
    for email in ["lan@example.vn", "mai@example.vn"] {
        let buyer = world.person("Người mua", email).await;
        let meeting = asks(&world, &buyer, &slug, &shop).await;
        let form = cuc.browser.get(&meeting).await.ok().form("main form.form");
        let form = form.with("luc", &at).with("noi", "Bàn 3").with("act", "agree");
        agreed.push((buyer, meeting, form));
    }
    cuc.browser.send(&agreed[0].2).await.ok().shows("Đã hẹn");
    refused(&cuc.browser, &agreed[1].2).await.shows("cuộc gặp khác vào đúng giờ này");
    // Who asked may cancel, with a reason, and only he.
    let page = agreed[0].0.browser.get("/tai-khoan/lich-hen").await.ok();
    let form = page.form("form[action$=huy]");
    refused(&agreed[0].0.browser, &form).await;
    let form = form.with("ly_do", "bận việc nhà");
    assert_eq!(agreed[1].0.browser.send(&form).await.status, StatusCode::NOT_FOUND);
    agreed[0].0.browser.send(&form).await.ok().shows("Đã hủy hẹn");
    // The time is free again.
    cuc.browser.send(&agreed[1].2).await.ok().shows("Đã hẹn");
    // The whole event is cancelled: whoever still was to come is told.
    let page = officer.browser.get(&format!("/so-cong-thuong/su-kien/{id}")).await.ok();
    let form = page.form("form[action$=buoc]").with("act", "cancel").with("ly_do", "Bão số 9");
    officer.browser.send(&form).await.ok().shows("Đã hủy");
    world.run_jobs().await;
    for (email, hears) in
        [("cuc@example.vn", true), ("mai@example.vn", true), ("lan@example.vn", false)]
    {
        let mails = world.mails_to(email).await;
        let told = mails.iter().any(|(_, body)| body.contains("Bão số 9"));
        assert_eq!(told, hears, "{email}: {mails:?}");
    }
    let page = world.browser().get(&format!("/su-kien/{slug}")).await.ok().shows("Bão số 9");
    assert!(!page.contains("/hen?gian="), "nobody is asked any more");
}

#[tokio::test]
async fn only_shops_that_sell_sign_up_and_in_time() {
    let world = World::new().await;
    let officer = world.officer("Cán bộ", "cb@example.vn").await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Cà phê Cúc", "3200000027", Some(cuc.id)).await;
    let (_, slug) = event(&world, &officer).await;
    let page = cuc.browser.get(&format!("/ban-hang/su-kien/tham-gia?sk={slug}")).await.ok();
    let form = page.form("main form.form").with("mang_den", "Cà phê rang").with("act", "sign_up");
    let state = "update enterprises.sellers set state = $2 where id = $1";
    for (now, works) in [("suspended", false), ("approved", true)] {
        sqlx::query(state).bind(shop.seller.0).bind(now).execute(&world.db).await.unwrap();
        let status = cuc.browser.send(&form).await.status;
        assert_eq!(status.is_success(), works, "{now}: {status}");
    }
    // Changed as long as it waits; after the last day not.
    let form = form.with("mang_den", "Cà phê rang và bột");
    cuc.browser.send(&form).await.ok();
    world.wait(TimeDelta::days(1)).await;
    let cuc = world.signed_in(cuc.id, false).await;
    refused(&cuc, &form).await.shows("hết hạn đăng ký");
    assert_eq!(count(&world, "select count(*) from trade_events.sign_ups").await, 1);
}

#[tokio::test]
async fn an_association_runs_an_event_that_the_department_publishes() {
    let world = World::new().await;
    let officer = world.officer("Cán bộ", "cb@example.vn").await;
    let cuc = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    stall(&world, "Cà phê Cúc", "3200000027", Some(cuc.id)).await;
    let tam = world.person("Võ Văn Tâm", "tam@example.vn").await;
    let association = firm(&world, &tam, "3200000090", "Hiệp hội doanh nghiệp tỉnh").await;

    // Nobody has seen who it is: it runs nothing.
    let hosts = &tam.browser;
    hosts.get("/to-chuc/su-kien").await.ok().shows("cần được Sở Công Thương xác minh");
    assert_eq!(hosts.get("/to-chuc/su-kien/moi").await.status, StatusCode::CONFLICT);
    sqlx::query("update organisations.organisations set state = 'verified' where id = $1")
        .bind(association.0)
        .execute(&world.db)
        .await
        .unwrap();

    // A draft that only it sees, until it asks the Department.
    let day = (day_of(world.clock.now()) + chrono::Days::new(9)).to_string();
    let form = hosts.get("/to-chuc/su-kien/moi").await.ok().form("main form.form");
    assert_eq!(form.value("to_chuc"), Some("Hiệp hội doanh nghiệp tỉnh"));
    let form = form.with("ten", "Hội chợ cà phê").with("tom_tat", "Nhà rang gặp nhà mua.");
    let form = form.with("noi", "Nhà văn hóa xã").with("tu_ngay", &day).with("den_ngay", &day);
    let form = form.with("dang_ky_den", &day).with("act", "save");
    let made = hosts.send(&form).await.ok().shows("Bản nháp");
    let id: Uuid = made.path.rsplit('/').next().unwrap().parse().unwrap();
    let (at_host, at_desk) =
        (format!("/to-chuc/su-kien/{id}"), format!("/so-cong-thuong/su-kien/{id}"));
    let desk = &officer.browser;
    desk.get("/so-cong-thuong/su-kien").await.ok().lacks("Hội chợ cà phê");
    assert_eq!(desk.get(&at_desk).await.status, StatusCode::NOT_FOUND);
    let typed = made.form("section form.form").with("ten", "Hội chợ khác").with("act", "save");
    let publish = made.form("form[action$=buoc]").with("act", "publish");
    let sent = hosts.send(&made.form("form[action$=buoc]").with("act", "propose")).await.ok();
    sent.shows("chờ công bố").lacks("Ngày kết nối giao thương");

    // It cannot publish by itself, and changes nothing that the Department has in hand.
    refused(hosts, &typed.with("ban", "2")).await.shows("Vừa có thay đổi");
    assert_eq!(hosts.send(&publish).await.status, StatusCode::CONFLICT);

    // Sent back with a word, changed, sent again, published.
    desk.get("/so-cong-thuong/su-kien").await.ok().shows("Hội chợ cà phê").shows("Chờ công bố");
    let page = desk.get(&at_desk).await.ok();
    let back = page.form("form:has(#f-ly_do-back)").with("act", "back");
    refused(desk, &back).await.shows("Xin ghi từ 3");
    desk.send(&back.with("ly_do", "Ghi rõ giờ mở cửa")).await.ok().lacks("Chờ công bố");
    world.run_jobs().await;
    let told = world.mails_to("tam@example.vn").await;
    assert!(told.iter().any(|(_, body)| body.contains("Ghi rõ giờ mở cửa")), "{told:?}");
    let page = hosts.get(&at_host).await.ok();
    let form =
        page.form("section form.form").with("noi", "Nhà văn hóa xã, 8 giờ").with("act", "save");
    let page = hosts.send(&form).await.ok().shows("Đã lưu");
    hosts.send(&page.form("form[action$=buoc]").with("act", "propose")).await.ok();
    let page = desk.get(&at_desk).await.ok().shows("8 giờ");
    desk.send(&page.form("form[action$=buoc]").with("act", "publish")).await.ok();
    world.run_jobs().await;
    let told = world.mails_to("tam@example.vn").await;
    assert!(told.iter().any(|(subject, _)| subject.contains("đã công bố")), "{told:?}");
    let slug = world.browser().get("/su-kien").await.ok().link("Hội chợ cà phê");

    // A shop signs up; the association takes it in and reads the results. Others do not see its desk.
    let page =
        cuc.browser.get(&slug.replace("/su-kien/", "/ban-hang/su-kien/tham-gia?sk=")).await.ok();
    let form = page.form("main form.form").with("mang_den", "Cà phê rang");
    cuc.browser.send(&form.with("act", "sign_up")).await.ok().shows("Chờ xét");
    let page = hosts.get(&at_host).await.ok();
    hosts
        .send(&page.form("form[action$=gian-hang]").with("act", "accept"))
        .await
        .ok()
        .shows("Tham gia");
    let sheet = hosts.get(&format!("{at_host}/ket-qua.csv")).await.ok();
    assert!(sheet.text.contains("Cà phê Cúc") && !sheet.text.contains("Giá trị"), "{}", sheet.text);
    let sheet = desk.get(&format!("{at_desk}/ket-qua.csv")).await.ok();
    assert!(sheet.text.contains("Giá trị"), "the Department alone reads what was sold");
    firm(&world, &cuc, "3200000104", "Công ty khác").await;
    sqlx::query("update organisations.organisations set state = 'verified'")
        .execute(&world.db)
        .await
        .unwrap();
    assert_eq!(cuc.browser.get(&at_host).await.status, StatusCode::NOT_FOUND);
}
