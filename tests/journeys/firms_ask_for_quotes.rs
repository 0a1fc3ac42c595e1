//! Firms ask several shops for their prices, bargain, and award line by line.

use crate::{
    market::{count, goods, stall},
    support::{World, browser::Answer, browser::FormOnPage, people::Somebody},
};
use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use santinh::{
    kernel::{BasisPoints, Lang, OrgId, SellerId, Vnd},
    organisations::{self, NewOrganisation},
    quotes::{
        self, Amount, Audience, Bargain, Chosen, Counter, Event, NewLine, NewOffer, NewRequest,
        OfferLine, Offerer, QuoteError, Terms,
    },
};
use uuid::Uuid;

/// A buying firm with one member, and shops with an owner each.
struct Floor {
    buyer: Somebody,
    org: OrgId,
    shops: Vec<(Somebody, SellerId)>,
    variant: String,
}

const TAX_CODES: [&str; 3] = ["3200000027", "3200000034", "0101197803"];

async fn floor(world: &World) -> Floor {
    let mut shops = Vec::new();
    for (n, tax_code) in TAX_CODES.into_iter().enumerate() {
        let owner = world.person(&format!("Chủ {n}"), &format!("chu{n}@example.vn")).await;
        let shop = stall(world, &format!("Nông sản {n}"), tax_code, Some(owner.id)).await;
        shops.push((owner, shop.seller));
    }
    let first = crate::market::Stall { seller: shops[0].1 };
    let hat = goods(world, &first, "Nón", 108_000, 500).await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let new = NewOrganisation {
        tax_code: "0100109106".into(),
        name: "Khách sạn Hiền Lương".into(),
        address: "12 Lê Duẩn".into(),
        commune_code: crate::market::KHE_SANH.into(),
        email: String::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let org = organisations::open(&mut tx, &world.cx(), buyer.id, &new).await.unwrap();
    tx.commit().await.unwrap();
    Floor { buyer, org, shops, variant: hat.variant.to_string() }
}

/// The form of a request for hats and rice, to all three shops.
async fn asks(floor: &Floor) -> FormOnPage {
    let path = format!("/to-chuc/bao-gia/moi?variant={}&quantity=120", floor.variant);
    let page = floor.buyer.browser.get(&path).await.ok().shows("Nón");
    let form = page.form("main form.form[enctype]").with("tieu_de", "Quà hội nghị");
    let form = form.with("ten", "Nón").and("ten", "Gạo nếp").and("ten", "");
    let form = form.with("so_luong", "120").and("so_luong", "1.250,5").and("so_luong", "");
    let form = form.with("don_vi", "cái").and("don_vi", "kg").and("don_vi", "").with("act", "send");
    let ids = floor.shops.iter().map(|(_, seller)| seller.to_string());
    ids.fold(form.without("ban"), |form, id| form.and("ban", &id))
}

async fn sent(floor: &Floor, form: &FormOnPage) -> String {
    let page = floor.buyer.browser.send(form).await.ok();
    assert!(page.path.starts_with("/to-chuc/bao-gia/"), "{}: {}", page.path, page.main_text());
    page.path.rsplit('/').next().unwrap().to_owned()
}

/// A seller fills in two prices; an empty one is not offered.
async fn offers(seller: &Somebody, id: &str, hat: &str, rice: &str) -> Answer {
    let page = seller.browser.get(&format!("/ban-hang/bao-gia/{id}")).await.ok();
    let form = page.form("#chao form").with("gia", hat).and("gia", rice).with("phi", "50.000");
    let form = form.with("dat_coc", "30").with("khi_giao", "50").with("cong_no", "15");
    seller.browser.send(&form).await.ok().shows("Đang chào")
}

async fn quote_of(world: &World, seller: SellerId) -> String {
    let statement = "select id::text from quotes.quotes where seller_id = $1";
    sqlx::query_scalar(statement).bind(seller.0).fetch_one(&world.db).await.unwrap()
}

/// Presses the button of that name on a page.
async fn presses(who: &Somebody, path: &str, act: &str) -> Answer {
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

fn line(position: i32, price: i64) -> OfferLine {
    OfferLine {
        position,
        choice: 0,
        variant: None,
        name: format!("Hàng {position}"),
        sku: String::new(),
        unit: "kg".into(),
        quantity: Amount(10_000),
        price: Vnd(price),
        tax: BasisPoints(800),
        lead_days: 2,
        note: String::new(),
        breaks: Vec::new(),
    }
}

fn priced(world: &World, price: i64, hours: i64) -> NewOffer {
    NewOffer {
        lines: vec![line(1, price), line(2, price + 1)],
        delivery_fee: Vnd(0),
        deliver_on: None,
        valid_until: world.clock.now() + TimeDelta::hours(hours),
        terms: Terms { on_delivery: 10_000, ..Terms::default() },
        note: String::new(),
    }
}

async fn request(world: &World, floor: &Floor, sealed: bool) -> Uuid {
    let asked = |name: &str| NewLine {
        variant: None,
        name: name.into(),
        sku: String::new(),
        unit: "kg".into(),
        quantity: Amount(10_000),
        note: String::new(),
        wanted_on: None,
        category: None,
        tax: BasisPoints(800),
    };
    let new = NewRequest {
        org: floor.org,
        org_name: "Khách sạn".into(),
        org_tax_code: "0100109106".into(),
        asked_by: floor.buyer.id,
        lang: Lang::Vi,
        title: "Thử".into(),
        body: String::new(),
        lines: vec![asked("Hàng 1"), asked("Hàng 2")],
        audience: Audience::Chosen(floor.shops.iter().map(|s| s.1).collect()),
        sealed,
        closes_at: world.clock.now() + TimeDelta::hours(48),
        delivery_commune: None,
        delivery_text: "Kho".into(),
        wanted_by: None,
        files: Vec::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let id = quotes::ask(&mut tx, &world.cx(), &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// One step in its own transaction; what is refused leaves nothing.
macro_rules! step {
    ($world:expr, |$tx:ident, $cx:ident| $work:expr) => {{
        let mut transaction = $world.db.begin().await.unwrap();
        let ($tx, $cx) = (&mut transaction, &$world.cx());
        let done: Result<_, QuoteError> = $work.await;
        match done {
            Ok(done) => {
                transaction.commit().await.unwrap();
                Ok(done)
            }
            Err(QuoteError::Db(error)) => panic!("the database refused: {error}"),
            Err(error) => Err(error),
        }
    }};
}

/// The offers that stand: quote and version.
async fn standing(world: &World, request: Uuid) -> Vec<(Uuid, i32)> {
    sqlx::query_as(
        "select id, offer from quotes.quotes where request_id = $1 and offer is not null order by id",
    )
    .bind(request)
    .fetch_all(&world.db)
    .await
    .unwrap()
}

fn pick(position: i32, (quote, version): (Uuid, i32)) -> Chosen {
    Chosen { position, quote, version, choice: 0, quantity: Amount(10_000) }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_awards_at_the_same_moment_one_counts() {
    let world = World::new().await;
    let floor = floor(&world).await;
    for _ in 0..6 {
        let id = request(&world, &floor, false).await;
        for (owner, seller) in &floor.shops {
            let by = Offerer { seller: *seller, person: Some(owner.id), owns: true };
            step!(world, |tx, cx| quotes::offer(tx, cx, id, by, &priced(&world, 9_000, 48)))
                .unwrap();
        }
        let stands = standing(&world, id).await;
        let mut runs = tokio::task::JoinSet::new();
        for n in 0..8usize {
            let (db, cx, org, person) = (world.db.clone(), world.cx(), floor.org, floor.buyer.id);
            let chosen = [pick(1, stands[n % 3]), pick(2, stands[(n + 1) % 3])];
            let withdraws = (n == 7).then_some(floor.shops[0].1);
            runs.spawn(async move {
                let mut tx = db.begin().await.unwrap();
                if let Some(seller) = withdraws {
                    let what = Bargain::Seller(seller, Event::Withdraw);
                    if quotes::bargain(&mut tx, &cx, id, what, (None, "")).await.is_ok() {
                        tx.commit().await.unwrap();
                    }
                    return 0;
                }
                let who = (person, Lang::Vi);
                match quotes::award(&mut tx, &cx, (org, id), who, (&chosen, "")).await {
                    Ok(_) => {
                        tx.commit().await.unwrap();
                        1
                    }
                    Err(QuoteError::Moved) => 0,
                    Err(error) => panic!("{error}"),
                }
            });
        }
        let won: i32 = runs.join_all().await.into_iter().sum();
        assert_eq!(won, 1);
    }
    assert_eq!(count(&world, "select count(*) from quotes.awards").await, 6);
    assert_eq!(count(&world, "select count(*) from purchasing.orders").await, 12);
}

/// What must hold of all requests at every moment, as the tables tell it.
const WRONG: &str = "select count(*) from (
    select 1 from quotes.requests r left join quotes.awards a on a.request_id = r.id
        where (r.state = 'awarded') <> (a.request_id is not null)
    union all select 1 from quotes.quotes q join quotes.requests r on r.id = q.request_id
        where (r.state in ('awarded', 'cancelled', 'lapsed')) <> (q.state in ('accepted', 'lost'))
    union all select 1 from quotes.quotes q where (q.state = 'accepted')
        <> exists (select from purchasing.orders o where o.quote_id = q.id and o.quote_version = q.offer)
    union all select 1 from quotes.award_lines l join quotes.quotes q on q.id = l.quote_id
        join quotes.awards a on a.request_id = l.request_id
        join quotes.versions v on v.quote_id = l.quote_id and v.version = l.version
        join quotes.requests r on r.id = l.request_id
        where q.state <> 'accepted' or v.kind <> 'offer' or v.valid_until <= a.chosen_at
           or (r.sealed and a.chosen_at < r.closes_at)
    union all select 1 from quotes.quotes q
        where q.moves <> (select count(*) from quotes.events e where e.quote_id = q.id)
           or q.last <> (select count(*) from quotes.versions v where v.quote_id = q.id)
) w";

#[tokio::test]
async fn whatever_order_both_sides_act_in_the_books_agree() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let mut chance = StdRng::seed_from_u64(37);
    let mut awards = 0;
    for round in 0..25 {
        let id = request(&world, &floor, round % 3 == 0).await;
        for _ in 0..24 {
            let (owner, seller) = &floor.shops[chance.random_range(0..3)];
            let quote = standing(&world, id).await;
            let one = if quote.is_empty() {
                None
            } else {
                Some(quote[chance.random_range(0..quote.len())])
            };
            match chance.random_range(0..12) {
                0..=3 => {
                    let by = Offerer { seller: *seller, person: Some(owner.id), owns: true };
                    let new = priced(
                        &world,
                        chance.random_range(1_000..9_000),
                        chance.random_range(5..60),
                    );
                    let _ = step!(world, |tx, cx| quotes::offer(tx, cx, id, by, &new));
                }
                4..=6 => {
                    let events = [Event::Keep, Event::Take, Event::Withdraw, Event::Decline];
                    let event = events[chance.random_range(0..4)];
                    let what = Bargain::Seller(*seller, event);
                    let _ = step!(world, |tx, cx| quotes::bargain(tx, cx, id, what, (None, "")));
                }
                7 | 8 => {
                    let Some((quote, version)) = one else { continue };
                    let price = Vnd(chance.random_range(500..9_000));
                    let new = Counter {
                        prices: vec![(1, 0, price)],
                        delivery_fee: None,
                        note: String::new(),
                    };
                    let (whose, by) = ((floor.org, id, quote), (floor.buyer.id, version));
                    let _ = step!(world, |tx, cx| quotes::counter(tx, cx, whose, by, &new));
                }
                9 => world.wait(TimeDelta::hours(chance.random_range(1..20))).await,
                10 if chance.random_range(0..4) == 0 => {
                    let _ = step!(world, |tx, cx| quotes::cancel(tx, cx, (floor.org, id), ""));
                }
                _ => {
                    let Some(first) = one else { continue };
                    let second = quote[chance.random_range(0..quote.len())];
                    let chosen = [pick(1, first), pick(2, second)];
                    let who = (floor.buyer.id, Lang::Vi);
                    let done = step!(world, |tx, cx| {
                        quotes::award(tx, cx, (floor.org, id), who, (&chosen, ""))
                    });
                    awards += i32::from(done.is_ok());
                }
            }
            assert_eq!(count(&world, WRONG).await, 0, "round {round}");
        }
    }
    assert!(awards > 5, "{awards}: the story must reach its end at times");
    assert!(sqlx::query("update quotes.versions set note = 'x'").execute(&world.db).await.is_err());
}
