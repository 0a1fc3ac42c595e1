//! Colleagues buy for their firm: it is opened by its tax code, people are invited, goods go to its sites, and large
//! orders wait for somebody to agree.

use crate::{
    market::{Goods, KHE_SANH, count, goods, in_register, presses, puts_in, stall},
    support::{
        World,
        browser::{Answer, Browser},
        people::Somebody,
    },
};
use reqwest::StatusCode;

const HOTEL: &str = "3200000034";

/// From the tax code to the firm's own pages.
async fn opens(who: &Somebody, tax_code: &str) -> Answer {
    let start = who.browser.get("/to-chuc/mo").await.ok();
    let form = start.form(r#"form[action="/to-chuc/mo"]"#).with("mst", tax_code);
    let facts = who.browser.send(&form).await.ok();
    let form = facts.form(r#"form[action="/to-chuc/mo"]"#).with("act", "open");
    who.browser.send(&form).await
}

pub(crate) async fn invites(admin: &Somebody, email: &str, roles: &[&str]) {
    let page = admin.browser.get("/to-chuc/thanh-vien").await.ok();
    let mut form = page.form("form[action='/to-chuc/thanh-vien']").with("email", email);
    form = form.without("vai_tro");
    for role in roles {
        form = form.and("vai_tro", role);
    }
    admin.browser.send(&form).await.ok().shows("Đã gửi lời mời").shows(email);
}

/// The link to such a page in the last mail to somebody that has one.
pub(crate) async fn link_to(world: &World, email: &str, path: &str) -> String {
    let body: String = sqlx::query_scalar(
        "select body from platform.mails where recipient = $1 and strpos(body, $2) > 0
         order by queued_at desc, id desc limit 1",
    )
    .bind(email)
    .bind(path)
    .fetch_one(&world.db)
    .await
    .unwrap();
    let at = body.find(path).unwrap_or_else(|| panic!("no {path} in {body}"));
    body[at..].split_whitespace().next().unwrap().to_owned()
}

async fn comes_in(world: &World, who: &Somebody) -> Answer {
    let link = link_to(world, &who.email, "/to-chuc/loi-moi/").await;
    let page = who.browser.get(&link).await.ok();
    who.browser.send(&page.form("main form")).await
}

async fn has_site(admin: &Somebody, name: &str) {
    let form = admin.browser.get("/to-chuc/dia-diem/moi").await.ok().form("main form.panel");
    let form =
        form.with("ten", name).with("nguoi_nhan", "Chị Bếp").with("dien_thoai", "0987654321");
    let form = form.with("xa", KHE_SANH).with("dia_chi", "1 Biển").with("act", "save");
    admin.browser.send(&form).await.ok().shows(name);
}

async fn has_rule(admin: &Somebody, over: &str) {
    let form =
        admin.browser.get("/to-chuc/quy-tac").await.ok().form("form[action='/to-chuc/quy-tac']");
    admin.browser.send(&form.with("tu", over)).await.ok().shows("Đã thêm quy tắc");
}

/// A firm with an administrator, a requester and an approver, one site, and a rule from 500.000 ₫ on.
pub(crate) struct Hotel {
    pub(crate) admin: Somebody,
    pub(crate) requester: Somebody,
    pub(crate) approver: Somebody,
}

pub(crate) async fn hotel(world: &World) -> Hotel {
    in_register(world, HOTEL, "Khách sạn Biển").await;
    let admin = world.person("Minh", "minh@example.vn").await;
    let requester = world.person("Rin", "rin@example.vn").await;
    let approver = world.person("Duyên", "duyen@example.vn").await;
    opens(&admin, HOTEL).await.ok();
    invites(&admin, "rin@example.vn", &["requester"]).await;
    comes_in(world, &requester).await.ok().shows("Khách sạn Biển");
    invites(&admin, "duyen@example.vn", &["approver"]).await;
    comes_in(world, &approver).await.ok();
    has_site(&admin, "Bếp trung tâm").await;
    has_rule(&admin, "500.000").await;
    Hotel { admin, requester, approver }
}

pub(crate) async fn hats(world: &World) -> Goods {
    let shop = stall(world, "Gian", "3200000027", None).await;
    goods(world, &shop, "Nón", 108_000, 99).await
}

/// With the site's address filled in, through to the review.
pub(crate) async fn up_to_review(buyer: &Browser) -> Answer {
    let page = buyer.get("/dat-hang").await.ok();
    let page = buyer.send(&page.form("main form").with("act", "next")).await.ok();
    buyer.send(&page.form("main form")).await.ok()
}

pub(crate) async fn asks(buyer: &Browser, review: &Answer) -> Answer {
    buyer.send(&review.form("form[action='/dat-hang/xem-lai']").with("ask", "1")).await
}

pub(crate) async fn waiting_request(approver: &Somebody) -> String {
    approver.browser.get("/to-chuc/duyet").await.ok().link("Đặt hàng")
}

async fn decides(who: &Somebody, request: &str, act: &str, note: &str) -> Answer {
    let page = who.browser.get(request).await.ok();
    let form = page.form(&format!("form[action='{request}']"));
    who.browser.send(&form.with("act", act).with("ghi_chu", note)).await
}

const ORDERS: &str =
    "select count(*) from orders.orders where org_id is not null and buyer_tax_code = '3200000034'";

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_is_opened_and_colleagues_come_in() {
    let world = World::new().await;
    in_register(&world, HOTEL, "Khách sạn Biển").await;
    let minh = world.person("Minh", "minh@example.vn").await;
    // Who belongs to none is led to where one is opened.
    assert_eq!(minh.browser.get("/to-chuc").await.ok().path, "/to-chuc/mo");
    let wrong = minh.browser.get("/to-chuc/mo?mst=3200000035").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own = opens(&minh, HOTEL).await.ok();
    own.shows("Khách sạn Biển").shows("chờ xác minh").shows("12 Lê Duẩn, Xã Khe Sanh");
    // The strip over every page says for whom he buys, and switches.
    let home = minh.browser.get("/tim").await.ok();
    assert_eq!(home.texts(".buysfor summary b"), ["Khách sạn Biển"]);
    minh.browser.send(&home.form("form[action='/to-chuc/chon']").with("don_vi", "")).await.ok();
    let home = minh.browser.get("/tim").await.ok();
    assert_eq!(home.texts(".buysfor summary b"), ["bản thân"]);

    let rin = world.person("Rin", "rin@example.vn").await;
    let other = world.person("Ông Khác", "khac@example.vn").await;
    invites(&minh, "rin@example.vn", &["requester", "accountant"]).await;
    let link = link_to(&world, "rin@example.vn", "/to-chuc/loi-moi/").await;
    world.run_jobs().await;
    rin.browser.get("/thong-bao").await.ok().shows("mời bạn cùng mua hàng cho Khách sạn Biển");
    assert_eq!(other.browser.post(&link, &[]).await.status, StatusCode::NOT_FOUND);
    comes_in(&world, &rin).await.ok().shows("Người đề nghị mua, Kế toán");
    // The link works once.
    assert_eq!(rin.browser.post(&link, &[]).await.status, StatusCode::NOT_FOUND);
    // A requester keeps no members and no sites.
    let tries = [("email", "x@example.vn"), ("vai_tro", "administrator")];
    let refused = rin.browser.post("/to-chuc/thanh-vien", &tries).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(rin.browser.get("/to-chuc/dia-diem/moi").await.status, StatusCode::FORBIDDEN);
    // The last administrator stays one.
    let own = format!("/to-chuc/thanh-vien/{}", minh.id);
    let less = minh.browser.post(&own, &[("vai_tro", "requester")]).await;
    assert_eq!(less.status, StatusCode::CONFLICT);
    assert_eq!(minh.browser.post(&format!("{own}/go"), &[]).await.status, StatusCode::CONFLICT);
    let gone = format!("/to-chuc/thanh-vien/{}/go", rin.id);
    minh.browser.post(&gone, &[]).await.ok();
    assert_eq!(rin.browser.get("/to-chuc").await.ok().path, "/to-chuc/mo");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_mails_in_the_name_of_a_firm_that_nobody_has_verified() {
    let world = World::new().await;
    in_register(&world, HOTEL, "Khách sạn Biển").await;
    let minh = world.person("Minh", "minh@example.vn").await;
    opens(&minh, HOTEL).await.ok();
    for n in 1..=10 {
        let email = format!("nguoi{n}@example.vn");
        invites(&minh, &email, &["requester"]).await;
        // Taking one back does not make room for another mail.
        minh.browser.post("/to-chuc/thanh-vien/thu-hoi", &[("email", &email)]).await.ok();
    }
    let invite = async || {
        let page = minh.browser.get("/to-chuc/thanh-vien").await.ok();
        let form = page.form("form[action='/to-chuc/thanh-vien']");
        minh.browser.send(&form.with("email", "nguoi11@example.vn")).await
    };
    assert_eq!(invite().await.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(world.mails_to("nguoi11@example.vn").await.is_empty());
    sqlx::query("update organisations.organisations set state = 'verified', decided_at = now()")
        .execute(&world.db)
        .await
        .unwrap();
    invite().await.ok().shows("Đã gửi lời mời");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_verifies_and_the_tax_code_is_taken() {
    let world = World::new().await;
    in_register(&world, HOTEL, "Khách sạn Biển").await;
    let minh = world.person("Minh", "minh@example.vn").await;
    let thief = world.person("Kẻ Khác", "ke@example.vn").await;
    let officer = world.officer("Cán bộ", "canbo@example.vn").await;
    opens(&minh, HOTEL).await.ok();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    opens(&thief, HOTEL).await.ok();
    let list = officer.browser.get("/so-cong-thuong/don-vi-mua").await.ok();
    let page = list.link("Khách sạn Biển");
    let shown =
        officer.browser.get(&page).await.ok().shows("minh@example.vn").shows("Cùng mã số thuế");
    let form = shown.form(&format!("form[action='{page}']"));
    let refused = officer.browser.send(&form.clone().with("act", "refuse")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Another name than the one that he looked at is not verified.
    let renamed = form.clone().with("ten", "Khách sạn Núi").with("act", "verify");
    assert_eq!(officer.browser.send(&renamed).await.status, StatusCode::CONFLICT);
    officer.browser.send(&form.clone().with("act", "verify")).await.ok();
    let again = officer.browser.send(&form.with("act", "verify")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    minh.browser.get("/to-chuc").await.ok().shows("Đã xác minh").lacks("chờ xác minh");
    // The other claim cannot be verified any more, and nobody opens another.
    let list = officer.browser.get("/so-cong-thuong/don-vi-mua").await.ok();
    let page = list.link("Khách sạn Biển");
    let form = officer.browser.get(&page).await.ok().form(&format!("form[action='{page}']"));
    let taken = officer.browser.send(&form.clone().with("act", "verify")).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    officer
        .browser
        .send(&form.with("act", "refuse").with("ly_do", "Không phải của đơn vị"))
        .await
        .ok();
    assert_eq!(thief.browser.get("/to-chuc").await.ok().path, "/to-chuc/mo");
    let third = world.person("Ba", "ba@example.vn").await;
    let taken = third.browser.get(&format!("/to-chuc/mo?mst={HOTEL}")).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admitted_shop_buys_as_well() {
    let world = World::new().await;
    let minh = world.person("Minh", "minh@example.vn").await;
    stall(&world, "Khách sạn Biển", HOTEL, Some(minh.id)).await;
    world.run_jobs().await;
    minh.browser.get("/to-chuc").await.ok().shows("Công ty Khách sạn Biển").shows("Đã xác minh");
    // What he had opened before the shop was admitted is the firm's own.
    let lan = world.person("Lan", "lan@example.vn").await;
    in_register(&world, "3200000027", "Tiệm Lan").await;
    opens(&lan, "3200000027").await.ok();
    stall(&world, "Tiệm Lan", "3200000027", Some(lan.id)).await;
    world.run_jobs().await;
    lan.browser.get("/to-chuc").await.ok().shows("Đã xác minh");
    let all = "select count(*) from organisations.organisations where state = 'verified'";
    assert_eq!(count(&world, all).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_order_waits_and_a_changed_basket_is_asked_anew() {
    let world = World::new().await;
    let seller = world.person("Cúc", "cuc@example.vn").await;
    let shop = stall(&world, "Gian", "3200000027", Some(seller.id)).await;
    let hat = goods(&world, &shop, "Nón", 108_000, 99).await;
    let Hotel { requester, approver, admin } = hotel(&world).await;
    let rin = &requester.browser;

    // A small one goes at once, to the site, named in the invoice.
    puts_in(rin, &hat, "1").await.ok();
    let page = rin.get("/dat-hang").await.ok().shows("Bếp trung tâm");
    assert_eq!(page.attributes("#f-dia_chi", "value"), ["1 Biển"]);
    let review = up_to_review(rin).await.shows("Khách sạn Biển").shows("Ghi cho Khách sạn Biển");
    presses(rin, &review).await.ok().shows("Đã đặt hàng");
    assert_eq!(count(&world, ORDERS).await, 1);
    let code: String =
        sqlx::query_scalar("select code from orders.orders").fetch_one(&world.db).await.unwrap();
    let told = seller.browser.get(&format!("/ban-hang/don-hang/{code}")).await.ok();
    told.shows("Khách sạn Biển").shows("chưa xác minh");
    let invoices = "select count(*) from documents.invoice_requests where tax_code = '3200000034'";
    assert_eq!(count(&world, invoices).await, 1);

    // A large one waits. Without the button it is refused all the same.
    puts_in(rin, &hat, "5").await.ok();
    let review = up_to_review(rin).await.shows("cần người duyệt đồng ý");
    let refused =
        rin.send(&review.form("form[action='/dat-hang/xem-lai']").with("place", "1")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    asks(rin, &review).await.ok().shows("Đang chờ đơn vị duyệt");
    asks(rin, &review).await.ok();
    assert_eq!(count(&world, "select count(*) from approvals.requests").await, 1, "once");
    world.run_jobs().await;
    link_to(&world, "duyen@example.vn", "/to-chuc/duyet/").await;
    let first = waiting_request(&approver).await;
    world.run_jobs().await;
    let bell = approver.browser.get("/thong-bao").await.ok().shows("Rin chờ bạn duyệt");
    let news = bell.attributes("main .items a", "href").remove(0);
    assert_eq!(approver.browser.get(&news).await.ok().path, first);
    approver.browser.get(&first).await.ok().shows("Nón × 5 cái").shows("575.000");
    // The asker does not decide himself, and has nothing to press.
    let own = rin.post(&first, &[("act", "approve")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);

    // The basket changes before anybody has agreed: the old request is void.
    puts_in(rin, &hat, "1").await.ok();
    let review = rin.get("/dat-hang/xem-lai").await.ok().shows("cần người duyệt đồng ý");
    asks(rin, &review).await.ok().shows("Đang chờ");
    let stale = decides_blindly(&approver, &first).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let second = waiting_request(&approver).await;
    assert_ne!(first, second);
    decides(&approver, &second, "approve", "").await.ok().shows("Đã duyệt");
    world.run_jobs().await;
    let on = link_to(&world, "rin@example.vn", "/dat-hang/xem-lai").await;

    // Agreed to is what was shown: with one more it is asked anew, back again it may be ordered.
    puts_in(rin, &hat, "1").await.ok();
    rin.get(&on).await.ok().shows("cần người duyệt đồng ý").lacks("Đơn vị đã duyệt");
    let basket = rin.get("/gio-hang").await.ok();
    rin.send(&basket.form("form[action='/gio-hang/sua']").with("quantity", "6")).await.ok();
    let review = rin.get(&on).await.ok().shows("Đơn vị đã duyệt");
    presses(rin, &review).await.ok().shows("Đã đặt hàng");
    assert_eq!(count(&world, ORDERS).await, 2);

    // Colleagues see the firm's orders; others do not.
    let list = admin.browser.get("/to-chuc/don-hang").await.ok();
    let code = list.texts("th[scope=row] a").remove(0);
    admin.browser.get(&format!("/don-hang/{code}")).await.ok().shows("Nón");
    let stranger = world.person("Lạ", "la@example.vn").await;
    let path = format!("/don-hang/{code}");
    assert_eq!(stranger.browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

/// Without a form on a page that no longer has one.
async fn decides_blindly(who: &Somebody, request: &str) -> Answer {
    who.browser.post(request, &[("act", "approve"), ("ghi_chu", "")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_final_for_what_was_shown_and_a_stand_in_decides_between_his_days() {
    let world = World::new().await;
    let hat = hats(&world).await;
    let Hotel { requester, approver, admin } = hotel(&world).await;
    let rin = &requester.browser;
    // He alone approves; Thay stands in for him from the day after tomorrow on.
    let own = format!("/to-chuc/thanh-vien/{}", admin.id);
    admin.browser.post(&own, &[("vai_tro", "administrator"), ("vai_tro", "requester")]).await.ok();
    let thay = world.person("Thay", "thay@example.vn").await;
    invites(&admin, "thay@example.vn", &["requester"]).await;
    comes_in(&world, &thay).await.ok();
    let form = approver.browser.get("/to-chuc/nguoi-thay").await.ok();
    let form = form.form("form[action='/to-chuc/nguoi-thay']").with("thay", &thay.id.to_string());
    let wrong = form.clone().with("tu_ngay", "2026-11-24").with("den_ngay", "2026-11-23");
    let wrong = approver.browser.send(&wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("tu_ngay", "2026-11-24").with("den_ngay", "2026-11-25");
    approver.browser.send(&form).await.ok().shows("24/11/2026 – 25/11/2026");

    puts_in(rin, &hat, "5").await.ok();
    let review = up_to_review(rin).await;
    asks(rin, &review).await.ok().shows("Đang chờ");
    thay.browser.get("/to-chuc/duyet").await.ok().shows("Không có gì chờ bạn duyệt");
    let request = waiting_request(&approver).await;
    world.clock.advance(chrono::TimeDelta::days(2));
    assert_eq!(waiting_request(&thay).await, request);
    let silent = decides(&thay, &request, "refuse", "").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    decides(&thay, &request, "refuse", "Mua ít thôi").await.ok().shows("Đã từ chối");
    world.run_jobs().await;
    let shown = approver.browser.get(&request).await.ok();
    shown.shows("Thay (thay Duyên) đã từ chối").shows("Mua ít thôi");
    rin.get("/dat-hang/xem-lai").await.ok().shows("Đơn vị không duyệt đơn này");
    assert_eq!(count(&world, ORDERS).await, 0);
    // One who is neither asker nor approver does not read it.
    world.clock.advance(chrono::TimeDelta::days(3));
    assert_eq!(thay.browser.get(&request).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_decide_at_once_decide_once() {
    let world = World::new().await;
    let hat = hats(&world).await;
    let Hotel { requester, approver, admin } = hotel(&world).await;
    let rin = &requester.browser;
    puts_in(rin, &hat, "5").await.ok();
    let review = up_to_review(rin).await;
    let racing = (0..4).map(|_| asks(rin, &review));
    let asked = futures_util::future::join_all(racing).await;
    assert!(asked.iter().all(|answer| answer.status.is_success()));
    assert_eq!(count(&world, "select count(*) from approvals.requests").await, 1);
    let request = waiting_request(&approver).await;
    let racing = (0..6).map(|n| {
        let who = if n % 2 == 0 { approver.browser.clone() } else { admin.browser.clone() };
        let (act, request) = (if n < 3 { "approve" } else { "refuse" }, request.clone());
        async move { who.post(&request, &[("act", act), ("ghi_chu", "vì thế")]).await.status }
    });
    let said = futures_util::future::join_all(racing).await;
    assert_eq!(said.iter().filter(|s| s.is_success()).count(), 1, "{said:?}");
    let told = "select count(*) from platform.events where name = 'approvals.decided'";
    assert_eq!(count(&world, told).await, 1);
    let record = "select count(*) from approvals.events where event in ('approve', 'refuse')";
    assert_eq!(count(&world, record).await, 1);
}
