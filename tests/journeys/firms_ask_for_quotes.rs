//! Firms ask several shops for their prices, bargain, and award line by line.

use crate::{
    market::{count, firm, goods, stall},
    support::{World, browser::Answer, browser::FormOnPage, people::Somebody},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::kernel::{OrgId, SellerId};
use uuid::Uuid;

/// A buying firm with one member, and shops with an owner each.
pub(crate) struct Floor {
    pub(crate) buyer: Somebody,
    pub(crate) org: OrgId,
    pub(crate) shops: Vec<(Somebody, SellerId)>,
    pub(crate) variant: String,
}

const TAX_CODES: [&str; 3] = ["3200000027", "3200000034", "0101197803"];

pub(crate) async fn floor(world: &World) -> Floor {
    let mut shops = Vec::new();
    for (n, tax_code) in TAX_CODES.into_iter().enumerate() {
        let owner = world.person(&format!("Chủ {n}"), &format!("chu{n}@example.vn")).await;
        let shop = stall(world, &format!("Nông sản {n}"), tax_code, Some(owner.id)).await;
        shops.push((owner, shop.seller));
    }
    let first = crate::market::Stall { seller: shops[0].1 };
    let hat = goods(world, &first, "Nón", 108_000, 500).await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let org = firm(world, &buyer, "0100109106", "Khách sạn Hiền Lương").await;
    Floor { buyer, org, shops, variant: hat.variant.to_string() }
}

/// The form of a request for hats and rice, to all three shops.
pub(crate) async fn asks(floor: &Floor) -> FormOnPage {
    let path = format!("/to-chuc/bao-gia/moi?variant={}&quantity=120", floor.variant);
    let page = floor.buyer.browser.get(&path).await.ok().shows("Nón");
    let form = page.form("main form.form[enctype]").with("tieu_de", "Quà hội nghị");
    let form = form.with("ten", "Nón").and("ten", "Gạo nếp").and("ten", "");
    let form = form.with("so_luong", "120").and("so_luong", "1.250,5").and("so_luong", "");
    let form = form.with("don_vi", "cái").and("don_vi", "kg").and("don_vi", "").with("act", "send");
    let ids = floor.shops.iter().map(|(_, seller)| seller.to_string());
    ids.fold(form.without("ban"), |form, id| form.and("ban", &id))
}

pub(crate) async fn sent(floor: &Floor, form: &FormOnPage) -> String {
    let page = floor.buyer.browser.send(form).await.ok();
    assert!(page.path.starts_with("/to-chuc/bao-gia/"), "{}: {}", page.path, page.main_text());
    page.path.rsplit('/').next().unwrap().to_owned()
}

/// A seller fills in two prices; an empty one is not offered.
pub(crate) async fn offers(seller: &Somebody, id: &str, hat: &str, rice: &str) -> Answer {
    let page = seller.browser.get(&format!("/ban-hang/bao-gia/{id}")).await.ok();
    let form = page.form("#chao form").with("gia", hat).and("gia", rice).with("phi", "50.000");
    let form = form.with("dat_coc", "30").with("khi_giao", "50").with("cong_no", "15");
    seller.browser.send(&form).await.ok().shows("Đang chào")
}

pub(crate) async fn quote_of(world: &World, seller: SellerId) -> String {
    let statement = "select id::text from quotes.quotes where seller_id = $1";
    sqlx::query_scalar(statement).bind(seller.0).fetch_one(&world.db).await.unwrap()
}

/// Presses the button of that name on a page.
pub(crate) async fn presses(who: &Somebody, path: &str, act: &str) -> Answer {
    let page = who.browser.get(path).await.ok();
    let form = page.form(&format!("form:has(button[value={act}])")).with("act", act);
    who.browser.send(&form).await
}

#[tokio::test]
async fn three_quotes_one_counter_and_a_split_award_make_two_orders() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let form = asks(&floor).await.file("tep", "ban-ve.pdf", crate::everybody::PDF);
    let id = sent(&floor, &form).await;
    world.run_jobs().await;
    let told = world.mails_to("chu1@example.vn").await;
    assert!(told[0].0.contains("Khách sạn Hiền Lương"), "{told:?}");
    assert!(told[0].1.contains("Gạo nếp: 1.250,5 kg"), "{}", told[0].1);
    floor.shops[0].0.browser.get("/thong-bao").await.ok().shows("Khách sạn Hiền Lương hỏi giá");
    // The same form again is the same request.
    assert_eq!(sent(&floor, &form).await, id);
    assert_eq!(count(&world, "select count(*) from quotes.requests").await, 1);
    let [a, b, c] = &floor.shops[..] else { unreachable!() };
    offers(&a.0, &id, "100.000", "21.000").await.shows("30 %");
    offers(&b.0, &id, "99.000", "22.500").await;
    offers(&c.0, &id, "", "20.000").await;
    world.run_jobs().await;
    assert_eq!(world.mails_to("huong@example.vn").await.len(), 3);
    let path = format!("/to-chuc/bao-gia/{id}");
    let page = floor.buyer.browser.get(&path).await.ok();
    let page = page.shows("So sánh chào giá").shows("chưa đủ các dòng").shows("Rẻ nhất trọn gói");
    assert_eq!(page.texts("thead th").len(), 4);
    // The buyer wants the first shop's rice for less; until it answers, its offer cannot be chosen.
    let (qa, qb) = (quote_of(&world, a.1).await, quote_of(&world, b.1).await);
    let bargain = format!("{path}/chao-gia/{qa}");
    let page = floor.buyer.browser.get(&bargain).await.ok();
    let form = page.form("form:has(button[value=counter])").with("g2-0", "19.500");
    floor.buyer.browser.send(&form.with("act", "counter")).await.ok().shows("Bên mua mặc cả");
    let page = floor.buyer.browser.get(&path).await.ok();
    assert!(!page.attributes("input[name=l2]", "value").iter().any(|v| v.starts_with(&qa)));
    let desk = format!("/ban-hang/bao-gia/{id}");
    a.0.browser.get(&desk).await.ok().shows("19.500");
    presses(&a.0, &desk, "take").await.ok().shows("Bản chào giá 3");
    // Hats from the second shop, rice from the first.
    let page = floor.buyer.browser.get(&path).await.ok();
    let award = page.form(&format!("form[action='{path}/chon']"));
    let award = award.with("l1", &format!("{qb}:1:0")).with("l2", &format!("{qa}:3:0"));
    floor.buyer.browser.send(&award).await.ok().shows("Đã chọn và lập đơn mua");
    let orders: Vec<(i64, i64, i32, i64)> = sqlx::query_as(
        "select l.unit_price, l.quantity, o.deposit_bps, o.total from purchasing.orders o
         join purchasing.lines l on l.order_id = o.id order by l.unit_price",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    let rice = 19_500 * 12_505 / 10 + 50_000;
    assert_eq!(orders, [(19_500, 1_250_500, 3_000, rice), (99_000, 120_000, 3_000, 11_930_000)]);
    // Pressed once more it is the same award; chosen anew it is too late.
    floor.buyer.browser.send(&award).await.ok();
    let key = Uuid::new_v4().to_string();
    assert_eq!(
        floor.buyer.browser.send(&award.with("key", &key)).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(count(&world, "select count(*) from purchasing.orders").await, 2);
    let states = "select string_agg(state, ',' order by state) from quotes.quotes";
    let states: String = sqlx::query_scalar(states).fetch_one(&world.db).await.unwrap();
    assert_eq!(states, "accepted,accepted,lost");
    world.run_jobs().await;
    let lost = world.mails_to("chu2@example.vn").await;
    assert!(lost.iter().any(|mail| mail.0.contains("không chọn bản này")), "{lost:?}");
    // The bell says what the mails say, in the reader's language, and leads to where he acts.
    c.0.browser.get("/thong-bao").await.ok().shows("không chọn bản này");
    a.0.browser.get("/thong-bao").await.ok().shows("Bên mua đề nghị giá khác");
    let bell = floor.buyer.browser.get("/thong-bao").await.ok();
    let told = bell.texts("main .items a");
    let offered = told.iter().filter(|title| title.contains("Gian hàng gửi bản chào giá"));
    assert_eq!(offered.count(), 3, "{told:?}");
    let news = bell.attributes("main .items a", "href").pop().unwrap();
    assert_eq!(floor.buyer.browser.get(&news).await.ok().path, path);
    b.0.browser.get("/thong-bao?lang=en").await.ok().shows("asks for your prices");
    b.0.browser.get("/thong-bao?lang=vi").await.ok();
    b.0.browser.get(&desk).await.ok().shows("Bạn được chọn");
    // What a seller offered, others do not read; the files are for those who were asked.
    b.0.browser.get(&desk).await.ok().lacks("19.500");
    let file = b.0.browser.get(&desk).await.ok().link("ban-ve.pdf");
    assert_eq!(b.0.browser.get(&file).await.status, StatusCode::OK);
    let outsider = world.person("Ngoài", "ngoai@example.vn").await;
    assert_ne!(outsider.browser.get(&file).await.text.as_bytes(), crate::everybody::PDF);
    let sheet = floor.buyer.browser.get(&format!("{path}/so-sanh.xlsx")).await;
    assert!(sheet.status.is_success() && sheet.text.starts_with("PK"));
}

#[tokio::test]
async fn nobody_reads_a_sealed_offer_before_its_deadline() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let id = sent(&floor, &asks(&floor).await.with("kin", "1")).await;
    let [a, b, c] = &floor.shops[..] else { unreachable!() };
    offers(&a.0, &id, "100.000", "21.000").await;
    offers(&b.0, &id, "99.000", "22.500").await;
    presses(&c.0, &format!("/ban-hang/bao-gia/{id}"), "decline").await.ok();
    world.run_jobs().await;
    let path = format!("/to-chuc/bao-gia/{id}");
    let quote = quote_of(&world, a.1).await;
    let page = floor.buyer.browser.get(&path).await.ok().shows("Đã nhận: 2").lacks("100.000");
    let page = page.lacks("Không chào giá");
    assert!(page.find_form("main form[action$=chon]").is_none());
    for hidden in [format!("{path}/so-sanh.xlsx"), format!("{path}/chao-gia/{quote}")] {
        assert_eq!(
            floor.buyer.browser.get(&hidden).await.status,
            StatusCode::NOT_FOUND,
            "{hidden}"
        );
    }
    for (subject, body) in world.mails_to("huong@example.vn").await {
        assert!(subject.contains("niêm phong") && !body.contains("Nông sản"), "{subject}\n{body}");
    }
    let key = Uuid::new_v4().to_string();
    let pick = format!("{quote}:1:0");
    let fields = [("key", key.as_str()), ("l1", pick.as_str())];
    let early = floor.buyer.browser.post(&format!("{path}/chon"), &fields).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    // A guess that is right is answered like one that is not.
    for guess in ["100.000", "99.999"] {
        let key = Uuid::new_v4().to_string();
        let fields = [("key", key.as_str()), ("act", "counter"), ("ban", "1"), ("g1-0", guess)];
        let told = floor.buyer.browser.post(&format!("{path}/chao-gia/{quote}"), &fields).await;
        assert_eq!(told.status, StatusCode::CONFLICT, "{guess}");
    }
    let api = format!("/api/v1/quote-requests/{id}");
    let sealed = floor.buyer.browser.get(&api).await.ok().text;
    assert!(sealed.contains(r#""offers_received":2"#) && !sealed.contains("100000"), "{sealed}");
    world.wait(TimeDelta::days(8)).await;
    let opened = floor.buyer.browser.get(&api).await.ok().text;
    assert!(opened.contains(r#""unit_price_vnd":100000"#), "{opened}");
    let page = floor.buyer.browser.get(&path).await.ok().shows("100.000").shows("Xin chọn trước");
    page.shows("Không chào giá");
    let late = a.0.browser.get(&format!("/ban-hang/bao-gia/{id}")).await.ok();
    assert!(late.find_form("#chao form").is_none());
    let all = floor.buyer.browser.get(&path).await.ok().form("main form[action$=chon]");
    floor.buyer.browser.send(&all.with("all", &format!("{quote}:1"))).await.ok().shows("Đã chọn");
    assert_eq!(count(&world, "select count(*) from purchasing.lines").await, 2);
}

#[tokio::test]
async fn staff_ask_an_owner_and_sellers_ask_the_buyer() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let id = sent(&floor, &asks(&floor).await).await;
    let [a, b, c] = &floor.shops[..] else { unreachable!() };
    let form = a.0.browser.get("/ban-hang/bao-gia/han-muc").await.ok().form("main form.form");
    a.0.browser.send(&form.with("so_tien", "10.000.000")).await.ok();
    let staff = world.person("Em", "em@example.vn").await;
    sqlx::query("insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, 'staff', now())")
        .bind(a.1.0)
        .bind(staff.id.0)
        .execute(&world.db)
        .await
        .unwrap();
    let desk = format!("/ban-hang/bao-gia/{id}");
    let page = staff.browser.get(&desk).await.ok();
    let offer = page.form("#chao form").with("gia", "100.000").and("gia", "21.000");
    let offer = offer.file("tep", "bang-gia.pdf", crate::everybody::PDF);
    let waits = staff.browser.send(&offer).await.ok().shows("Chờ chủ gian hàng duyệt");
    let file = waits.lacks("Duyệt và gửi").link("bang-gia.pdf").replace("/ban-hang/", "/to-chuc/");
    let page = floor.buyer.browser.get(&format!("/to-chuc/bao-gia/{id}")).await.ok();
    page.lacks("100.000").lacks("bang-gia.pdf");
    assert_eq!(floor.buyer.browser.get(&file).await.status, StatusCode::NOT_FOUND);
    presses(&a.0, &desk, "agree").await.ok().shows("Đang chào");
    let page = floor.buyer.browser.get(&format!("/to-chuc/bao-gia/{id}")).await.ok();
    page.shows("100.000").shows("bang-gia.pdf");
    assert_eq!(floor.buyer.browser.get(&file).await.status, StatusCode::OK);
    // To take what the buyer proposes instead needs an owner as well.
    let bargain = format!("/to-chuc/bao-gia/{id}/chao-gia/{}", quote_of(&world, a.1).await);
    let form = floor.buyer.browser.get(&bargain).await.ok().form("form:has(button[value=counter])");
    floor.buyer.browser.send(&form.with("g2-0", "20.500").with("act", "counter")).await.ok();
    presses(&staff, &desk, "take").await.ok().shows("Chờ chủ gian hàng duyệt");
    floor.buyer.browser.get(&bargain).await.ok().lacks("Bản chào giá 3");
    presses(&a.0, &desk, "agree").await.ok().shows("Đang chào");
    floor.buyer.browser.get(&bargain).await.ok().shows("Bản chào giá 3");
    // One asks openly, one in private; the third declines.
    for (who, words, private) in [(&a.0, "Giao mấy đợt?", false), (&b.0, "Có nhận nợ không?", true)]
    {
        let form = who.browser.get(&desk).await.ok().form("form:has(textarea[name=cau_hoi])");
        let form = form.with("cau_hoi", words).with("act", "ask");
        let form = if private { form.with("rieng", "1") } else { form };
        who.browser.send(&form).await.ok().shows(words);
    }
    c.0.browser.get(&desk).await.ok().lacks("Giao mấy đợt?");
    let path = format!("/to-chuc/bao-gia/{id}");
    for _ in 0..2 {
        let page = floor.buyer.browser.get(&path).await.ok();
        let act = page.attributes("button[value^=answer]", "value").remove(0);
        let form = page.form(&format!("form:has(button[value='{act}'])"));
        floor.buyer.browser.send(&form.with("note", "Ba đợt.").with("act", &act)).await.ok();
    }
    c.0.browser.get(&desk).await.ok().shows("Giao mấy đợt?").shows("Ba đợt.").lacks("nhận nợ");
    world.run_jobs().await;
    floor.buyer.browser.get("/thong-bao").await.ok().shows("Một gian hàng đặt câu hỏi");
    b.0.browser.get("/thong-bao").await.ok().shows("Bên mua đã trả lời câu hỏi");
    presses(&c.0, &desk, "decline").await.ok().shows("Không chào giá");
    // An offer that ran out cannot be chosen; its seller may renew it while offers are taken.
    let page = b.0.browser.get(&desk).await.ok();
    let short =
        page.form("#chao form").with("gia", "90.000").and("gia", "").with("hieu_luc", "2026-11-23");
    b.0.browser.send(&short).await.ok();
    world.wait(TimeDelta::days(3)).await;
    b.0.browser.get(&desk).await.ok().shows("Hết hiệu lực");
    let page = floor.buyer.browser.get(&path).await.ok();
    let quote = quote_of(&world, b.1).await;
    assert!(!page.attributes("input[name=l1]", "value").iter().any(|v| v.starts_with(&quote)));
    // Nonsense is answered beside its field.
    let bad =
        b.0.browser.get(&desk).await.ok().form("#chao form").with("gia", "x").and("gia", "-1");
    let bad = b.0.browser.send(&bad.with("khi_giao", "101").with("hieu_luc", "hôm qua")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    presses(&floor.buyer, &path, "cancel").await.ok().shows("Đã hủy");
    assert_eq!(
        count(&world, "select count(*) from quotes.quotes where state not in ('lost')").await,
        0
    );
}

#[tokio::test]
async fn an_open_request_goes_to_all_sellers_of_its_category() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let form = asks(&floor).await.without("ban").with("doi_tuong", "mo");
    let wrong = floor.buyer.browser.send(&form.clone().with("nganh", "khong-co")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = floor.buyer.browser.send(&form.clone().with("nganh", "ca-phe")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let near = form.with("nganh", "non-la").with("khu_vuc", "province");
    let id = sent(&floor, &near).await;
    // Only the first shop has hats.
    assert_eq!(count(&world, "select count(*) from quotes.quotes").await, 1);
    floor.shops[0]
        .0
        .browser
        .get(&format!("/ban-hang/bao-gia/{id}"))
        .await
        .ok()
        .shows("Quà hội nghị");
    let other = floor.shops[1].0.browser.get(&format!("/ban-hang/bao-gia/{id}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    floor.shops[0].0.browser.get("/ban-hang/bao-gia").await.ok().shows("Khách sạn Hiền Lương");
    floor.buyer.browser.get("/to-chuc/bao-gia?tt=open").await.ok().shows("Quà hội nghị");
}

#[tokio::test]
async fn a_quote_has_a_hundred_versions_and_no_more() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let id = sent(&floor, &asks(&floor).await).await;
    let seller = &floor.shops[0];
    offers(&seller.0, &id, "100.000", "21.000").await;
    let again = seller.0.browser.get(&format!("/ban-hang/bao-gia/{id}")).await.ok();
    let again = again.form("#chao form").with("gia", "99.000").and("gia", "20.000");
    sqlx::query("update quotes.quotes set last = 100 where seller_id = $1")
        .bind(seller.1.0)
        .execute(&world.db)
        .await
        .unwrap();
    let refused = seller.0.browser.send(&again).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.main_text());
    assert_eq!(count(&world, "select count(*) from quotes.versions").await, 1);
}
