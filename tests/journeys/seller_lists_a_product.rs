//! A shop's product: drafted, filled in, reviewed, shown, hidden, taken out as a table and in again.

use crate::support::{World, people::Somebody};
use reqwest::StatusCode;
use santinh::{
    catalogue::{self, About, NewCertificate, NewProduct, NewVariant},
    enterprises::{self, Kind, NewSeller},
    kernel::{ProductId, SellerId, Vnd},
};

/// A shop that may sell, and its owner.
pub async fn shop(world: &World, name: &str, email: &str) -> (Somebody, SellerId) {
    let owner = world.person(name, email).await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let new = NewSeller {
        kind: Kind::Household,
        legal_name: name.into(),
        shop_name: name.into(),
        commune_code: world.app.places.home_communes()[0].code.clone(),
        address: "Thôn Đông".into(),
        ..NewSeller::default()
    };
    let seller = enterprises::open_shop(&mut db, &cx, new, Some(owner.id)).await.unwrap();
    enterprises::submit(&mut db, &cx, seller).await.unwrap();
    enterprises::decide(&mut db, &cx, seller, enterprises::Step::Approve, "", None).await.unwrap();
    (owner, seller)
}

pub fn rice(seller: SellerId, certificates: Vec<NewCertificate>) -> NewProduct {
    let facts = [
        ("origin", "Hải Lăng"),
        ("producer", "HTX Gạo Hải Lăng"),
        ("net_weight", "5000"),
        ("variety", "RVT"),
        ("storage", "Nơi khô mát"),
        ("farming_method", "Hữu cơ"),
    ];
    NewProduct {
        seller,
        about: About {
            category: "gao-huu-co".into(),
            name: "Gạo hữu cơ Hải Lăng".into(),
            unit: "túi".into(),
            facts: facts.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            ..About::default()
        },
        art: String::new(),
        variants: vec![NewVariant {
            sku: "GAO-5".into(),
            price: Vnd(180_000),
            stock: 20,
            weight_g: 5000,
            ..NewVariant::default()
        }],
        certificates,
    }
}

pub fn organic(expires: &str) -> NewCertificate {
    NewCertificate {
        kind: "organic".into(),
        number: "HC-01".into(),
        issuer: "Tổ chức chứng nhận".into(),
        expires: Some(expires.parse().unwrap()),
        accepted: true,
        ..NewCertificate::default()
    }
}

/// A product on sale.
pub(super) async fn on_sale(world: &World, seller: SellerId, expires: &str) -> ProductId {
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let new = rice(seller, vec![organic(expires)]);
    let id = catalogue::create_product(&mut db, &cx, &new).await.unwrap();
    let categories = &world.app.categories;
    catalogue::submit(&mut db, &cx, categories, seller, id).await.unwrap();
    catalogue::approve(&mut db, &cx, categories, id).await.unwrap();
    id
}

pub(super) async fn shown(world: &World, slug: &str) -> bool {
    let mut db = world.db.acquire().await.unwrap();
    catalogue::listing(&mut db, &world.cx(), slug).await.unwrap().is_some()
}

pub(super) const SLUG: &str = "gao-huu-co-hai-lang";

#[tokio::test]
async fn from_an_empty_form_to_buyers() {
    let world = World::new().await;
    let (lan, _) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let officer = world.officer("Cán bộ Hòa", "hoa@so.vn").await;
    let new = lan.browser.get("/ban-hang/san-pham/moi").await.ok().form("form.form");
    let filled = new
        .with("name", "Đậu xanh Gio Linh")
        .with("category", "dau-xanh")
        .with("price.new", "45.000")
        .with("unit", "kg")
        .with("tax", "0")
        .with("sku.new", "DX-1")
        .with("stock.new", "30");
    let empty = lan.browser.send(&filled.clone().with("price.new", "nhiều")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.form("form.form").value("name"), Some("Đậu xanh Gio Linh"), "nothing is lost");
    let editor = lan.browser.send(&filled).await.ok().shows("Bản nháp").shows("Chưa điền: Xuất xứ");
    let again = lan.browser.send(&filled).await.ok();
    assert_eq!(again.path, editor.path, "sent twice, made once");
    let path = editor.path.clone();
    let sent = lan.browser.post(&format!("{path}/trang-thai"), &[("act", "submit")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "facts are missing");
    let about = editor.form(&format!("form[action='{path}/noi-dung']"));
    let about = about
        .with("fact.origin", "Gio Linh")
        .with("fact.producer", "Hộ bà Lan")
        .with("fact.net_weight", "1000")
        .with("fact.storage", "Nơi khô")
        .with("description", "**Hạt đều** <script>alert(1)</script>");
    let saved = lan.browser.send(&about).await.ok().shows("Đã đủ thông tin");
    let stale = lan.browser.send(&about.with("name", "Khác")).await;
    assert!(stale.contains("Người khác vừa sửa"), "an old version is not written over a new one");
    let state = saved.form(&format!("form[action='{path}/trang-thai']"));
    lan.browser.send(&state.with("act", "submit")).await.ok().shows("Chờ duyệt");
    assert!(!shown(&world, "dau-xanh-gio-linh").await);
    let waiting = officer.browser.get("/so-cong-thuong/tin-dang").await.ok();
    let review =
        officer.browser.get(&waiting.link("Đậu xanh Gio Linh")).await.ok().lacks("<script>alert");
    let decision = review.form("#quyet-dinh form");
    officer.browser.send(&decision.with("act", "approve")).await.ok();
    assert!(shown(&world, "dau-xanh-gio-linh").await);
    world.run_jobs().await;
    let mails = world.mails_to("lan@vd.vn").await;
    assert!(mails.iter().any(|(subject, _)| subject.contains("đã được duyệt")), "{mails:?}");
    let audited: i64 = sqlx::query_scalar(
        "select count(*) from platform.audit where action = 'catalogue.approve'",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(audited, 1);
    // What was reviewed is reviewed again when it changes; price and stock are not.
    let editor = lan.browser.get(&path).await.ok();
    let about =
        editor.form(&format!("form[action='{path}/noi-dung']")).with("name", "Đậu xanh loại 1");
    lan.browser.send(&about).await.ok().shows("chờ duyệt lại");
    assert!(!shown(&world, "dau-xanh-gio-linh").await);
}

#[tokio::test]
async fn what_may_not_be_sold_is_refused_and_sent_back_with_its_reason() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let mut new = rice(seller, vec![organic("2027-12-31")]);
    new.about.name = "Hạt cần sa hữu cơ".into();
    new.variants[0].sku = "X-1".into();
    let id = catalogue::create_product(&mut db, &cx, &new).await.unwrap();
    let path = format!("/ban-hang/san-pham/{id}");
    let refused = lan.browser.post(&format!("{path}/trang-thai"), &[("act", "submit")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("Không được bán"), "{}", refused.main_text());
    // A reviewer who sends back or blocks says why.
    let id = on_sale(&world, seller, "2027-12-31").await;
    let operator = world.operator("Vận hành", "vh@san.vn").await;
    let desk = format!("/van-hanh/tin-dang/{id}");
    let bare = operator.browser.post(&desk, &[("act", "block"), ("reason", "")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown(&world, SLUG).await);
    operator.browser.post(&desk, &[("act", "block"), ("reason", "Nhãn sai")]).await.ok();
    assert!(!shown(&world, SLUG).await);
    lan.browser.get(&format!("/ban-hang/san-pham/{id}")).await.ok().shows("Nhãn sai");
    let state = format!("/ban-hang/san-pham/{id}/trang-thai");
    let relist = lan.browser.post(&state, &[("act", "relist")]).await;
    assert_eq!(relist.status, StatusCode::UNPROCESSABLE_ENTITY, "the seller cannot lift a block");
}

#[tokio::test]
async fn somebody_elses_product_is_not_there() {
    let world = World::new().await;
    let (_, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let (minh, _) = shop(&world, "Gạo Minh", "minh@vd.vn").await;
    let id = on_sale(&world, seller, "2027-12-31").await;
    let base = format!("/ban-hang/san-pham/{id}");
    for path in ["", "/xem"] {
        let answer = minh.browser.get(&format!("{base}{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let about = [
        ("name", "x"),
        ("category", "gao-te"),
        ("unit", "kg"),
        ("tax", "0"),
        ("lead", "1"),
        ("version", "3"),
        ("act", "submit"),
    ];
    for path in ["/noi-dung", "/phan-loai", "/gia-si", "/trang-thai", "/anh/sap-xep"] {
        let answer = minh.browser.post(&format!("{base}{path}"), &about).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for desk in ["/so-cong-thuong/tin-dang", "/van-hanh/tin-dang"] {
        assert_eq!(minh.browser.get(desk).await.status, StatusCode::NOT_FOUND);
        let judged = minh.browser.post(&format!("{desk}/{id}"), &[("act", "approve")]).await;
        assert_eq!(judged.status, StatusCode::NOT_FOUND);
    }
    for nonsense in ["abc", "%F0%9F%98%80", "00000000-0000-0000-0000-000000000000"] {
        let answer = minh.browser.get(&format!("/ban-hang/san-pham/{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nonsense}");
    }
    // Another shop's line in one's own table of prices.
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let listing = catalogue::preview(&mut db, &cx, id).await.unwrap().unwrap();
    let variant = listing.variants[0].id;
    let name = |field: &str| format!("{field}.{variant}");
    let (sp, gia0, gia, ton0, ton) =
        (name("sp"), name("gia0"), name("gia"), name("ton0"), name("ton"));
    let id = id.to_string();
    let line: [(&str, &str); 5] =
        [(&sp, &id), (&gia0, "180000"), (&gia, "1"), (&ton0, "20"), (&ton, "0")];
    let answer = minh.browser.post("/ban-hang/san-pham/gia-ton", &line).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let after = catalogue::preview(&mut db, &cx, listing.product).await.unwrap().unwrap();
    assert_eq!((after.variants[0].price, after.variants[0].available), (Vnd(180_000), 20));
}

#[tokio::test]
async fn the_list_goes_out_and_comes_back_unchanged() {
    let world = World::new().await;
    let (lan, seller) = shop(&world, "Đậu Lan", "lan@vd.vn").await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let mut new = rice(seller, vec![organic("2027-12-31")]);
    new.about.description = "=HYPERLINK(\"http://x\")\n\n- một\n- hai\n".into();
    new.about.brand = "@SUM(A1)".into();
    new.variants[0].sku = "0012".into();
    catalogue::create_product(&mut db, &cx, &new).await.unwrap();
    let take = |bytes: Vec<u8>, name: &'static str| {
        let lan = lan.clone();
        async move {
            let form = lan.browser.get("/ban-hang/san-pham/nhap").await.ok();
            let form = form.form("form[action='/ban-hang/san-pham/nhap']");
            lan.browser.send(&form.file("tep", name, &bytes)).await
        }
    };
    for kind in ["csv", "xlsx"] {
        let url = format!("{}/ban-hang/san-pham/xuat?dang={kind}", world.base);
        let bytes = lan.browser.http.get(url).send().await.unwrap().bytes().await.unwrap();
        if kind == "csv" {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(text.contains("'=HYPERLINK") && text.contains("'@SUM"), "{text}");
        }
        take(bytes.to_vec(), "bang")
            .await
            .ok()
            .shows("giữ nguyên 1")
            .shows("sửa 0")
            .shows("thêm 0");
    }
    let table = "sku,name,category,price,stock\n0012,,,99000,7\nM-1,Đậu xanh,dau-xanh,45.000,3\nM-2,Lạ,khong-co,1,1\n";
    let answer = take(table.into(), "b.csv").await.ok();
    assert!(answer.contains("thêm 1"), "{}", answer.main_text());
    let errors = lan.browser.get(&answer.link("Tải các dòng lỗi")).await.ok();
    assert!(
        errors.text.contains("4,category,") && errors.text.contains("khong-co"),
        "{}",
        errors.text
    );
    assert!(errors.text.contains("2,name,thiếu tên"), "{}", errors.text);
    let (minh, _) = shop(&world, "Gạo Minh", "minh@vd.vn").await;
    let stolen = minh.browser.get(&answer.link("Tải các dòng lỗi")).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_technician_brings_many_and_a_second_run_changes_nothing() {
    use santinh::platform::{import::Mapping, spreadsheet::Table};
    let world = World::new().await;
    let (cx, db) = (world.cx(), &world.db);
    let categories = &world.app.categories;
    let places = &world.app.places;
    let seller =
        catalogue::import_shop(&mut db.acquire().await.unwrap(), &cx, places, None).await.unwrap();
    let options = catalogue::ImportOptions::of(seller);
    let run = async |text: &str| {
        let table = Table::upload(text.as_bytes().to_vec()).unwrap();
        let mapping = Mapping::default();
        catalogue::import_products(db, &cx, categories, table, &mapping, &options, |_| {})
            .await
            .unwrap()
    };
    let mut text = "product_id,name,price_vnd,category_path,brand\n".to_owned();
    for n in 0..2500 {
        text.push_str(&format!(
            "p-{n},Nước mắm cá cơm {n},{},Thực phẩm > Nước mắm,Ba Làng\n",
            50_000 + n
        ));
    }
    text.push_str("p-x,Không giá,,Thực phẩm,\np-1,Trùng,5000,,\np-y,Hạt cần sa,9000,,\n");
    let first = run(&text).await;
    assert_eq!((first.read, first.inserted, first.refused.len()), (2503, 2501, 2));
    assert_eq!((first.refused[0].line, first.refused[0].column.as_str()), (2502, "price_vnd"));
    let again = run(&text).await;
    assert_eq!((again.inserted, again.updated, again.unchanged), (0, 0, 2501));
    let changed = run(&text.replace(",50007,", ",60007,")).await;
    assert_eq!((changed.inserted, changed.updated, changed.unchanged), (0, 1, 2500));
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select category_slug || ':' || state, count(*) from catalogue.products group by 1 order by 2 desc",
    )
    .fetch_all(db)
    .await
    .unwrap();
    assert_eq!(rows[0], ("nuoc-mam:published".into(), 2500));
    assert!(rows[1].0.ends_with(":blocked"), "{rows:?}");
    let hidden: i64 = sqlx::query_scalar("select count(*) from stock.levels where on_hand = 100")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(hidden, 2501);
}

#[tokio::test]
async fn the_department_sees_at_once_how_many_listings_wait() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    let (_, seller) = shop(&world, "Gạo Lan", "lan@vd.vn").await;
    let waiting = async || {
        let page = hoa.browser.get("/so-cong-thuong").await.ok();
        let at =
            page.attributes(".stat a", "href").iter().position(|h| h == "/so-cong-thuong/tin-dang");
        page.texts(".stat__value").remove(at.unwrap())
    };
    assert_eq!(waiting().await, "0");
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    let new = rice(seller, vec![organic("2027-12-31")]);
    let id = catalogue::create_product(&mut db, &cx, &new).await.unwrap();
    catalogue::submit(&mut db, &cx, &world.app.categories, seller, id).await.unwrap();
    assert_eq!(waiting().await, "1");
    hoa.browser.get("/so-cong-thuong/tin-dang").await.ok().shows("Gạo hữu cơ Hải Lăng");
}
