//! Whoever walks every address of the floor with other people's codes finds nothing, and moves nothing.
//!
//! The addresses come from the running router: a new one with a code in it fails here until `belongs`
//! says whose it is.

use crate::{
    market::{goods, presses, puts_in, stall, up_to_review},
    support::{World, browser::Browser, people::Somebody},
};
use reqwest::{StatusCode, multipart};
use santinh::{
    accounts::{self, NewAddress},
    orders::{self, Act, ActorKind, OrderEvent},
    returns,
};
use std::collections::{BTreeMap, BTreeSet};

/// The party to whom what stands at an address belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Public,
    Buyer,
    Seller,
    Department,
    Operator,
    /// Officers and operators both review listings.
    Reviewers,
    /// At a point of assistance.
    Clerk,
}

/// Every address that the running server answers.
fn route_table(world: &World) -> BTreeSet<String> {
    let told = format!("{:?}", world.app.router());
    told.split('"')
        .filter(|s| s.starts_with('/') && !s.contains("__private__"))
        .map(str::to_owned)
        .collect()
}

/// Addresses with a code in them that are for everybody, or whose code is itself the secret.
const PUBLIC: &[&str] = &[
    "/anh/{*key}",
    "/danh-gia/anh/{file}",
    "/danh-gia/{id}/bao-cao",
    "/danh-muc/{slug}",
    "/dat-lai-mat-khau/{token}",
    "/gian-hang/{slug}",
    "/giao-hang/{carrier}/tin/{path}",
    "/loi-moi/{token}",
    "/san-pham/{slug}",
    "/san-pham/{slug}/danh-gia",
    "/sitemap/{name}",
    "/static/{*path}",
    "/trang/{slug}",
    "/tranh/{art}/{tint}",
    "/webhook/ngan-hang/{address}",
    "/xac-nhan-email/{token}",
];

/// Who may see an address; one without a code only where it lies within a desk.
fn belongs(route: &str) -> Owner {
    let within = |desk: &str| route == desk || route.starts_with(&format!("{desk}/"));
    if PUBLIC.contains(&route) {
        Owner::Public
    } else if (within("/so-cong-thuong/tin-dang") || within("/so-cong-thuong/danh-gia"))
        && route.contains('{')
    {
        Owner::Reviewers
    } else if within("/so-cong-thuong") {
        Owner::Department
    } else if (within("/van-hanh/tra-hang")
        || within("/so-cong-thuong/tra-hang")
        || within("/van-hanh/tin-dang")
        || within("/van-hanh/danh-gia"))
        && route.contains('{')
    {
        Owner::Reviewers
    } else if within("/van-hanh") {
        Owner::Operator
    } else if within("/diem-ho-tro") {
        Owner::Clerk
    } else if within("/ban-hang") || route == "/giay-to/{id}" {
        Owner::Seller
    } else if within("/tai-khoan") || within("/don-hang") || within("/dat-hang") {
        Owner::Buyer
    } else if within("/tin-nhan") || within("/thong-bao") {
        Owner::Buyer
    } else {
        assert!(!route.contains('{'), "whose is {route}?");
        Owner::Public
    }
}

/// One province with something of everybody in it.
struct Everybody {
    buyer: Somebody,
    seller: Somebody,
    clerk: Somebody,
    codes: BTreeMap<&'static str, String>,
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF";

async fn text(world: &World, statement: &'static str) -> String {
    sqlx::query_scalar(statement)
        .fetch_one(&world.db)
        .await
        .unwrap_or_else(|e| panic!("{statement}: {e}"))
}

async fn everybody(world: &World) -> Everybody {
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let staff = world.person("Lê Văn Em", "em@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let shop = stall(world, "Cà phê Khe Sanh", "3200000027", Some(seller.id)).await;
    let hat = goods(world, &shop, "Nón", 108_000, 10).await;
    puts_in(&buyer.browser, &hat, "1").await.ok();
    let review = up_to_review(&buyer.browser).await;
    presses(&buyer.browser, &review).await.ok();
    let mut db = world.db.acquire().await.unwrap();
    let address = NewAddress {
        recipient: "Trần Thị Hương".into(),
        phone: "+84987654321".into(),
        commune_code: crate::market::KHE_SANH.into(),
        line: "12 Lê Duẩn".into(),
        is_default: true,
    };
    accounts::save_address(&mut db, &world.cx(), buyer.id, &address).await.unwrap();
    sqlx::query(
        "insert into enterprises.register (tax_code, name, kind, commune_code, size_class, source, as_of, updated_at)
         values ('3200000027', 'Cà phê Khe Sanh', 'enterprise', $1, 'small', 'test', '2026-01-01', now())",
    )
    .bind(crate::market::KHE_SANH)
    .execute(&world.db)
    .await
    .unwrap();
    sqlx::query("insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, 'staff', now())")
        .bind(shop.seller.0)
        .bind(staff.id.0)
        .execute(&world.db)
        .await
        .unwrap();
    let hands_in =
        |page: &'static str, form: &'static str, kind: &'static str, name: &'static str| {
            let browser = seller.browser.clone();
            async move {
                let found = browser.get(page).await.ok();
                let form =
                    found.form(form).with("kind", kind).with("number", "01").with("issuer", "Sở");
                browser.send(&form.file(name, "giay.pdf", PDF)).await.ok();
            }
        };
    hands_in(
        "/ban-hang/giay-to",
        r#"form[action="/ban-hang/giay-to"]"#,
        "business-licence",
        "file",
    )
    .await;
    let product = text(world, "select id::text from catalogue.products").await;
    let editor: &'static str = format!("/ban-hang/san-pham/{product}").leak();
    hands_in(editor, format!("form[action='{editor}/giay-to']").leak(), "vietgap", "tep").await;
    let zone = seller.browser.get("/ban-hang/giao-hang/vung").await.ok().form("main form");
    let zone = zone.with("ten", "Gần nhà").with("phi", "10.000").with("ngay_tu", "0");
    let zone = zone.with("ngay_den", "1").with("xa", crate::market::KHE_SANH);
    seller.browser.send(&zone).await.ok();
    let feeds = seller.browser.get("/ban-hang/doi-soat/nguon").await.ok().form("main form.panel");
    let fed = seller.browser.send(&feeds.with("dich_vu", "casso")).await.ok().texts(".note .code");
    let told = r#"{"data":[{"id":1,"amount":5000,"when":"2026-11-22 09:00:00","description":"tien dien"}]}"#;
    let told = reqwest::Client::new().post(&fed[0]).header("secure-token", &fed[1]).body(told);
    assert!(told.send().await.unwrap().status().is_success());
    let form = seller.browser.get("/ban-hang/doi-soat/sao-ke").await.ok().form("main form");
    let table = b"ngay,so tien,noi dung\n22/11/2026,1000,x\n";
    seller.browser.send(&form.file("tep", "sao-ke.csv", table)).await.ok();
    world.run_jobs().await;
    let voucher = seller.browser.get("/ban-hang/khuyen-mai/moi").await.ok().form("main form");
    let voucher = voucher.with("ma", "TET26").with("muc", "10").with("den_ngay", "2026-12-01");
    seller.browser.send(&voucher).await.ok();
    let clerk = world.person("Mai", "mai@buudien.vn").await;
    sqlx::query(
        "with c as (insert into assisted.clerks (person_id, point_id, granted_by, granted_at)
             select $1, id, $1, $2 from places.points limit 1 returning point_id),
         v as (insert into assisted.visits (id, token, clerk_id, point_id, point_name, name, phone, commune_code,
             address_line, consent_text, consent_version, consent_channel, consented_at, ends_at, ended_at)
             select gen_random_uuid(), gen_random_uuid(), $1, point_id, 'Bưu điện', 'Pả', '+84987111222', $3, 'Bản',
                    'Tôi nhờ', '1', 'spoken', $2, $2 + interval '1 hour', $2 from c returning id)
         insert into assisted.orders (order_id, visit_id, group_code, code, placed_at)
         select o.id, v.id, g.code, o.code, $2 from v, orders.orders o join orders.groups g on g.id = o.group_id",
    )
    .bind(clerk.id.0)
    .bind(world.clock.now())
    .bind(crate::market::KHE_SANH)
    .execute(&world.db)
    .await
    .unwrap();
    let order = text(world, "select code from orders.orders").await;
    let page = seller.browser.get(&format!("/ban-hang/don-hang/{order}")).await.ok();
    let step = page.form("section[aria-labelledby=next] form").with("act", "confirm");
    seller.browser.send(&step).await.ok();
    let page = seller.browser.get(&format!("/ban-hang/hoa-don/{order}")).await.ok();
    let entry = page.form("main form.form").with("ky_hieu", "1C26TAA").with("so", "1");
    let entry = entry.with("ngay", "2026-11-22").file("tep", "hd.pdf", PDF);
    seller.browser.send(&entry).await.ok();
    // The order is packed, a carrier has a contract, and delivery to some commune is paused.
    let page = seller.browser.get(&format!("/ban-hang/don-hang/{order}")).await.ok();
    let form = page.form("section[aria-labelledby=next] form").with("act", "pack");
    seller.browser.send(&form).await.ok();
    let page = seller.browser.get("/ban-hang/giao-hang/hang").await.ok();
    let form = page.form("form:has(input[name=hang][value=ghn])");
    seller.browser.send(&form.with("cua_hang", "885").with("khoa", "token")).await.ok();
    sqlx::query(
        "insert into delivery.pauses (id, communes, reason, begins_at, ends_at)
         values (gen_random_uuid(), '{00004}', 'lũ', now(), now() + interval '300 days')",
    )
    .execute(&world.db)
    .await
    .unwrap();
    world.run_jobs().await;
    something_goes_back(world, &buyer).await;
    speak(world, &buyer.browser).await;
    world.run_jobs().await;
    let codes = BTreeMap::from([
        ("feed", text(world, "select id::text from payments.feeds").await),
        ("transfer", text(world, "select id::text from payments.transfers").await),
        ("statement", text(world, "select id::text from payments.statements").await),
        ("line", text(world, "select position::text from orders.lines limit 1").await),
        ("review", text(world, "select id::text from reviews.reviews").await),
        ("thread", text(world, "select id::text from messages.threads").await),
        ("attachment", text(world, "select id::text from messages.attachments").await),
        ("message report", text(world, "select id::text from messages.reports").await),
        ("notice", text(world, "select id::text from notices.items where title_vi = 'Thử'").await),
        ("order", text(world, "select code from orders.orders").await),
        ("group", text(world, "select code from orders.groups").await),
        ("assisted", text(world, "select group_code from assisted.orders").await),
        ("product", product),
        ("certificate", text(world, "select id::text from catalogue.certificates").await),
        ("paper", text(world, "select id::text from enterprises.papers").await),
        ("zone", text(world, "select id::text from delivery.zones limit 1").await),
        ("member", staff.id.to_string()),
        ("seller", shop.seller.to_string()),
        ("tax code", "3200000027".to_owned()),
        ("address", text(world, "select id::text from accounts.addresses").await),
        ("session", text(world, "select s.id::text from accounts.sessions s join accounts.people p on p.id = s.person_id where p.email = 'huong@example.vn'").await),
        ("synonyms", text(world, "select id::text from search.synonyms limit 1").await),
        ("mail", text(world, "select id::text from platform.mails limit 1").await),
        ("job", text(world, "select id::text from platform.jobs limit 1").await),
        ("voucher", text(world, "select id::text from promotions.vouchers").await),
        ("return", text(world, "select id::text from returns.cases").await),
        ("evidence", text(world, "select id::text from returns.pictures").await),
        ("file", "loi-01.csv".to_owned()),
        ("parcel", text(world, "select code from delivery.parcels").await),
        ("carrier", "ghn".to_owned()),
        ("pause", text(world, "select id::text from delivery.pauses").await),
        ("deed", "bo".to_owned()),
    ]);
    Everybody { buyer, seller, clerk, codes }
}

/// The buyer's order is delivered, he returns it with a picture, and both sides disagree.
async fn something_goes_back(world: &World, buyer: &Somebody) {
    let (id, code): (uuid::Uuid, String) =
        sqlx::query_as("select id, code from orders.orders").fetch_one(&world.db).await.unwrap();
    let mut tx = world.db.begin().await.unwrap();
    for event in [OrderEvent::HandOver, OrderEvent::Deliver] {
        let act = Act { event, actor: ActorKind::Seller, note: "", seen: None };
        orders::act(&mut tx, &world.cx(), id.into(), &act).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 30).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    let form = buyer.browser.get(&format!("/don-hang/{code}/tra-hang")).await.ok().form("form[enctype]");
    let form = form.with("kind", "fault").with("wish", "refund").with("reason", "mốc");
    let form = form.with("sl-1", "1").with("act", "request");
    buyer.browser.send(&form.file("anh", "moc.png", &picture.into_inner())).await.ok();
    let case: (uuid::Uuid,) =
        sqlx::query_as("select id from returns.cases").fetch_one(&world.db).await.unwrap();
    for (event, actor) in [(returns::Event::Reject, returns::Actor::Seller), (returns::Event::Contest, returns::Actor::Buyer)] {
        let mut tx = world.db.begin().await.unwrap();
        let act = returns::Act { event, actor, note: "không", amount: None, seen: None };
        returns::act(&mut tx, &world.cx(), case.0, &act).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The buyer writes to the seller, reports him, judges the goods and has a notice.
async fn speak(world: &World, buyer: &Browser) {
    let order = text(world, "select code from orders.orders").await;
    let page = buyer.get(&format!("/don-hang/{order}/tin-nhan")).await.ok();
    let form = page.form("#tra-loi").with("body", "Chào").file("tep", "giay.pdf", PDF);
    let thread = buyer.send(&form).await.ok();
    buyer.send(&thread.form("form[action$=bao-cao]")).await.ok();
    for statement in [
        "insert into reviews.reviews (id, order_id, position, product_id, seller_id, author_id, author_name, stars, written_at)
         select gen_random_uuid(), o.id, l.position, l.product_id, o.seller_id, o.buyer_id, 'Hương T.', 5, now()
         from orders.orders o join orders.lines l on l.order_id = o.id",
        "insert into notices.items (id, person_id, kind, dedup_key, title_vi, title_en, href, told_at)
         select gen_random_uuid(), buyer_id, 'order', 'x', 'Thử', 'Test', '/don-hang', now() from orders.orders",
    ] {
        sqlx::query(statement).execute(&world.db).await.unwrap();
    }
}

/// An address with somebody's codes filled in.
fn filled(route: &str, all: &Everybody) -> String {
    let kind = |parameter: &str| match (route, parameter) {
        (_, "code") if route.starts_with("/dat-hang/") => "group",
        (_, "code") if route.starts_with("/diem-ho-tro/") => "assisted",
        (_, "code") => "order",
        (_, "id") if route.contains("/sao-ke/") => "statement",
        (_, "id") if route.contains("/nguon/") => "feed",
        (_, "id") if route.contains("/doi-soat/") => "transfer",
        (_, "person") => "member",
        (_, "tax_code") => "tax code",
        (_, "key") => "file",
        (_, "deed") => "deed",
        (_, "line") => "line",
        (_, "id") if route.contains("/danh-gia/") => "review",
        (_, "id") if route.starts_with("/van-hanh/tin-nhan/") => "message report",
        (_, "id") if route.contains("/tin-nhan/tep/") => "attachment",
        (_, "id") if route.contains("/tin-nhan/") => "thread",
        (_, "id") if route.starts_with("/thong-bao/") => "notice",
        (_, "paper") if route.contains("/gian-hang/") => "paper",
        (_, "paper") => "certificate",
        (_, "id") if route.contains("/san-pham/") || route.contains("/tin-dang/") => "product",
        (_, "id") if route.contains("/khuyen-mai/") => "voucher",
        (_, "id") if route.contains("/tra-hang/") => "return",
        (_, "picture") if route.contains("/tra-hang/") => "evidence",
        (_, "kien") => "parcel",
        (_, "carrier") => "carrier",
        (_, "id") if route.contains("/tam-dung-giao/") => "pause",
        (_, "id") if route.contains("/vung/") => "zone",
        (_, "id") if route.contains("giay-to") => "paper",
        (_, "id") if route.contains("/gian-hang/") => "seller",
        (_, "id") if route.contains("/dia-chi/") => "address",
        (_, "id") if route.contains("/phien/") => "session",
        (_, "id") if route.contains("/tu-dong-nghia/") => "synonyms",
        (_, "id") if route.contains("/thu/") => "mail",
        (_, "id") if route.contains("/cong-viec/") => "job",
        _ => panic!("what stands for {{{parameter}}} in {route}?"),
    };
    let parts = route.split('/').map(|part| match part.strip_prefix('{') {
        Some(parameter) => all.codes[kind(parameter.trim_end_matches('}'))].clone(),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The forms' own fields, so that nothing but the owner stands between the stranger and the deed.
const FIELDS: [(&str, &str); 6] = [
    ("key", "0191d6a0-0000-4000-8000-000000000001"),
    ("act", "approve"),
    ("reason", "một lý do đủ dài"),
    ("ly_do", "một lý do đủ dài"),
    ("v", "1"),
    ("version", "1"),
];

async fn posts(browser: &Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.post(path, &FIELDS).await;
    if !matches!(answer.status.as_u16(), 400 | 415) {
        return (answer.status, answer.path);
    }
    let form = FIELDS.iter().fold(multipart::Form::new(), |form, (n, v)| form.text(*n, *v));
    let request = browser.http.post(format!("{}{path}", browser.base)).multipart(form);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.url().path().to_owned())
}

/// What is kept of everybody, as one number: only counters of use may differ between two readings.
async fn fingerprint(world: &World) -> String {
    let tables: Vec<(String,)> = sqlx::query_as(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'public')
           and table_schema || '.' || table_name not in ('accounts.sessions', 'platform.idempotency', 'checkout.baskets')
         order by 1",
    )
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert!(tables.len() > 30);
    let mut all = String::new();
    for (table,) in tables {
        let statement = format!(
            "select '{table}' || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t"
        );
        let one: String =
            sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(&world.db).await.unwrap();
        all.push_str(&one);
        all.push('\n');
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_others_is_found_on_any_route() {
    let world = World::new().await;
    let all = everybody(&world).await;
    let other_seller = world.person("Bình", "binh@example.vn").await;
    stall(&world, "Gian Bình", "3200000034", Some(other_seller.id)).await;
    let other_buyer = world.person("Người khác", "khac@example.vn").await;
    let officer = world.officer("Cán bộ", "canbo@example.vn").await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let guest = world.browser();
    world.run_jobs().await;
    let routes = route_table(&world);
    assert!(routes.len() > 110, "the router tells its addresses: {}", routes.len());
    let before = fingerprint(&world).await;
    let mut wrong = Vec::new();
    let mut walked = 0;
    for route in &routes {
        let owner = belongs(route);
        let private = route.contains('{') || !matches!(owner, Owner::Buyer | Owner::Seller);
        if owner == Owner::Public || !private {
            continue;
        }
        walked += 1;
        let path = filled(route, &all);
        let strangers: [(&str, &Browser, &[Owner]); 5] = [
            ("guest", &guest, &[]),
            ("another buyer", &other_buyer.browser, &[]),
            ("another seller", &other_seller.browser, &[]),
            ("officer", &officer.browser, &[Owner::Department, Owner::Reviewers]),
            ("operator", &operator.browser, &[Owner::Operator, Owner::Reviewers]),
        ];
        for (who, browser, may) in strangers {
            // The Department reads the shops' papers: that is its work.
            if may.contains(&owner) || (route == "/giay-to/{id}" && who == "officer") {
                continue;
            }
            let got = browser.get(&path).await;
            let asks = |at: &str| at.starts_with("/dang-nhap") || at.starts_with("/mo-gian-hang");
            let nothing = |status: StatusCode, at: &str| {
                matches!(status.as_u16(), 404 | 405) || (status.is_success() && asks(at))
            };
            if !nothing(got.status, &got.path) {
                wrong.push(format!("{who} GET {path}: {} at {}", got.status, got.path));
            }
            let (status, at) = posts(browser, &path).await;
            if !nothing(status, &at) {
                wrong.push(format!("{who} POST {path}: {status} at {at}"));
            }
        }
    }
    assert!(walked > 50, "{walked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let after = fingerprint(&world).await;
    for (before, after) in before.lines().zip(after.lines()) {
        assert_eq!(before, after, "a stranger changed something");
    }
    the_owners_find_them(&routes, &all, &officer, &operator).await;
}

/// The same addresses lead their owners somewhere, so that the walk above proves something.
async fn the_owners_find_them(
    routes: &BTreeSet<String>,
    all: &Everybody,
    officer: &Somebody,
    operator: &Somebody,
) {
    // Nothing was refused in a table, and cash needs no QR code: those two are shown elsewhere.
    let absent = |route: &&String| route.contains("/loi/") || route.ends_with("/qr.svg");
    // What is only posted to takes things away: it comes last.
    let mut posted = Vec::new();
    for route in routes.iter().filter(|r| r.contains('{') && !absent(r)) {
        let browser = match belongs(route) {
            Owner::Public => continue,
            Owner::Buyer => &all.buyer.browser,
            Owner::Seller => &all.seller.browser,
            Owner::Clerk => &all.clerk.browser,
            Owner::Department => &officer.browser,
            Owner::Reviewers if route.starts_with("/so-") => &officer.browser,
            Owner::Reviewers | Owner::Operator => &operator.browser,
        };
        let path = filled(route, all);
        let got = browser.get(&path).await;
        match got.status {
            StatusCode::OK => {}
            StatusCode::METHOD_NOT_ALLOWED => posted.push((browser, path)),
            other => panic!("GET {path}: {other}"),
        }
    }
    for (browser, path) in posted {
        let (status, _) = posts(browser, &path).await;
        assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "POST {path}");
    }
}
