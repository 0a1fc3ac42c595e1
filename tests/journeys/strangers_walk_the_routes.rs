//! Whoever walks every address of the floor with other people's codes finds nothing, and moves nothing.
//!
//! The addresses come from the running router: a new one with a code in it fails here until `belongs`
//! says whose it is.

use crate::{
    everybody::{Everybody, everybody},
    market::stall,
    support::{World, browser::Browser, people::Somebody},
};
use reqwest::{StatusCode, multipart};
use std::collections::BTreeSet;

/// The party to whom what stands at an address belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Public,
    Buyer,
    /// Members of a firm that buys.
    Firm,
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
    // The address is the secret of who asked from abroad.
    "/hoi-hang/{token}",
    "/loi-moi/{token}",
    "/san-pham/{slug}",
    "/san-pham/{slug}/danh-gia",
    "/san-pham/{slug}/xuat-khau",
    "/san-pham/{slug}/xuat-khau.pdf",
    "/sitemap/{name}",
    "/static/{*path}",
    "/su-kien/{slug}",
    // Asks to sign in, and shows nobody's but the public facts of an event.
    "/su-kien/{slug}/hen",
    // What a payment gateway sends is proved by its signature; where a buyer comes back to shows nothing.
    "/thanh-toan/ve/{attempt}",
    "/thanh-toan/{provider}/ipn/{merchant}",
    "/to-chuc/loi-moi/{token}",
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
    } else if within("/ban-hang") || within("/api/v1/quotes") || route == "/giay-to/{id}" {
        Owner::Seller
    } else if within("/to-chuc") || within("/api/v1/quote-requests") {
        Owner::Firm
    } else if within("/tai-khoan")
        || within("/don-hang")
        || within("/dat-hang")
        || within("/tin-nhan")
        || within("/thong-bao")
    {
        Owner::Buyer
    } else {
        assert!(!route.contains('{'), "whose is {route}?");
        Owner::Public
    }
}

/// An address with somebody's codes filled in.
fn filled(route: &str, all: &Everybody) -> String {
    let kind = |parameter: &str| match (route, parameter) {
        (_, "id") if route.contains("/bao-gia/") || route.contains("/quote") => "request",
        (_, "quote") => "quote",
        (_, "file") if route.contains("/bao-gia/") => "request file",
        (_, "code") if route.starts_with("/dat-hang/") => "group",
        (_, "code") if route.starts_with("/diem-ho-tro/") => "assisted",
        (_, "code") => "order",
        (_, "id") if route.contains("/chu-ky/") => "signature",
        (_, "number") => "purchase order",
        (_, "nth") => "part",
        (_, "id") if route.contains("/dang-ho/") && route.ends_with("/giay") => "product",
        (_, "id") if route.contains("/dang-ho/") => "mandate",
        (_, "id") if route.contains("/xuat-khau/san-pham/") => "product",
        (_, "id") if route.contains("/xuat-khau/") => "enquiry",
        (_, "id") if route.contains("/su-kien/hen/") || route.contains("/lich-hen/") => "meeting",
        (_, "id") if route.contains("/su-kien/") => "trade event",
        (_, "id") if route.contains("/sao-ke/") => "statement",
        (_, "id") if route.contains("/nguon/") => "feed",
        (_, "id") if route.contains("/doi-soat/") => "transfer",
        (_, "person") if route.starts_with("/to-chuc/") => "colleague",
        (_, "id") if route.contains("/don-vi-mua/") => "organisation",
        (_, "id") if route.contains("/dia-diem/") => "site",
        (_, "id") if route.contains("/duyet/") => "approval",
        (_, "id") if route.contains("/quy-tac/") => "rule",
        (_, "id") if route.contains("/nguoi-thay/") => "stand-in",
        (_, "person") => "member",
        (_, "tax_code") => "tax code",
        (_, "nhom") => "customer group",
        (_, "gia") => "customer price",
        (_, "variant") => "variant",
        (_, "list") => "purchase list",
        (_, "org") if route.contains("/khach-si/") => "customer",
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
        let private =
            route.contains('{') || !matches!(owner, Owner::Buyer | Owner::Firm | Owner::Seller);
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
            let asks = |at: &str| {
                ["/dang-nhap", "/mo-gian-hang", "/to-chuc/mo"]
                    .iter()
                    .any(|page| at.starts_with(page))
            };
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
    // Nothing was refused in a table, cash needs no QR code, nobody has signed: those are shown elsewhere.
    let absent =
        |route: &&String| ["/loi/", "/qr.svg", "/chu-ky/"].iter().any(|part| route.contains(part));
    // What is only posted to takes things away: it comes last.
    let mut posted = Vec::new();
    for route in routes.iter().filter(|r| r.contains('{') && !absent(r)) {
        let browser = match belongs(route) {
            Owner::Public => continue,
            Owner::Buyer => &all.buyer.browser,
            Owner::Firm => &all.firm.browser,
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

/// What no list goes on from: moments before there was anything and beyond what the database knows, and no moments.
fn bad_places() -> Vec<String> {
    let id = "0191d6a0-0000-4000-8000-000000000001";
    let moments = [
        "-1",
        "-9223372036854775808",
        "9223372036854775807",
        "-210866803200000001",
        "253402300800000000",
    ];
    let mut all: Vec<String> = moments
        .iter()
        .flat_map(|at| [(*at).to_owned(), format!("{at}.{id}"), format!("{at}_{id}")])
        .collect();
    all.extend(["99999999999999999999", "1.x", "%F0%9F%8D%89", ""].map(str::to_owned));
    all.push("9".repeat(2000));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_breaks_over_a_bad_place() {
    let world = World::new().await;
    let all = everybody(&world).await;
    let officer = world.officer("Cán bộ", "canbo@example.vn").await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    let mut read = 0;
    for route in route_table(&world) {
        // Most of what is for everybody has no list; those without a code in their address a firm's member reads.
        let browser = match belongs(&route) {
            Owner::Public if route.contains('{') => continue,
            Owner::Public | Owner::Firm => &all.firm.browser,
            Owner::Buyer => &all.buyer.browser,
            Owner::Seller => &all.seller.browser,
            Owner::Clerk => &all.clerk.browser,
            Owner::Department => &officer.browser,
            Owner::Reviewers if route.starts_with("/so-") => &officer.browser,
            Owner::Reviewers | Owner::Operator => &operator.browser,
        };
        let path = filled(&route, &all);
        let first = browser.get(&path).await;
        let is_page = first.text.contains("<main") || first.text.starts_with('{');
        if first.status != StatusCode::OK || !is_page {
            continue;
        }
        for place in bad_places() {
            let asked = format!("{path}?sau={place}&truoc={place}&trang={place}&tt=tat-ca");
            let got = browser.get(&asked).await;
            assert!(!got.status.is_server_error(), "{asked}: {}", got.status);
            read += 1;
        }
    }
    assert!(read > 1_000, "{read}");
}
