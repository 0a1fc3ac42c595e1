//! Somebody looks for something: by words, by filters, by shop; and never sees what is not for sale.

use crate::support::World;
use reqwest::StatusCode;
use uuid::Uuid;

struct Shop(Uuid);

async fn shop(world: &World, slug: &str) -> Shop {
    let id = Uuid::new_v4();
    sqlx::query(
        "insert into enterprises.sellers (id, tax_code, kind, legal_name, shop_name, slug, commune_code, address, size_class,
             phone, email, registration_no, registered_on, registered_by, state, approved_at, created_at, updated_at)
         values ($1, '3299491692', 'cooperative', 'Hợp tác xã Sương Sớm', 'Sương Sớm', $2, '19429', 'Khối 3B', 'small',
             '+84900000101', 'suong@example.vn', 'HTX-19', '2019-05-05', 'Sở Tài chính', 'approved', $3, $3, $3)",
    )
    .bind(id).bind(slug).bind(world.cx().now).execute(&world.db).await.unwrap();
    Shop(id)
}

async fn product(
    world: &World,
    shop: &Shop,
    category: &str,
    name: &str,
    price: i64,
    stock: i64,
) -> Uuid {
    let (id, variant) = (Uuid::new_v4(), Uuid::new_v4());
    let slug = santinh::kernel::slug(name);
    sqlx::query(
        "insert into catalogue.products (id, seller_id, category_slug, slug, name, description, description_html, facts, unit,
             tax_bps, art, state, created_at, updated_at, published_at)
         values ($1, $2, $3, $4, $5, 'Thơm', '<p>Thơm</p>', '{\"origin\": \"xã Khe Sanh\"}', 'gói', 800, 'coffee/clay',
             'published', $6, $6, $6)",
    )
    .bind(id).bind(shop.0).bind(category).bind(slug).bind(name).bind(world.cx().now)
    .execute(&world.db).await.unwrap();
    sqlx::query(
        "insert into catalogue.variants (id, product_id, seller_id, position, sku, label, price, weight_g)
         values ($1, $2, $3, 0, $1::text, '500 g', $4, 530)",
    )
    .bind(variant).bind(id).bind(shop.0).bind(price).execute(&world.db).await.unwrap();
    sqlx::query("insert into stock.levels (variant_id, seller_id, on_hand, updated_at) values ($1, $2, $3, $4)")
        .bind(variant).bind(shop.0).bind(stock).bind(world.cx().now).execute(&world.db).await.unwrap();
    id
}

async fn indexed(world: &World) {
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    world.app.search.catch_up().await.unwrap();
}

async fn set_state(world: &World, table: &str, id: Uuid, state: &str) {
    let sql = format!("update {table} set state = '{state}', version = version + 1 where id = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&world.db).await.unwrap();
}

#[tokio::test]
async fn words_without_marks_find_with_and_without_the_index() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    product(&world, &shop, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    product(&world, &shop, "gao-te", "Trà gừng", 50_000, 5).await;
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    let buyer = world.browser();
    assert!(!world.app.search.is_indexed());
    buyer.get("/tim?q=ca+phe").await.ok().shows("Cà phê Khe Sanh").lacks("Trà gừng");
    indexed(&world).await;
    assert!(world.app.search.is_indexed());
    buyer.get("/tim?q=ca+phe").await.ok().shows("Cà phê Khe Sanh").lacks("Trà gừng");
    buyer.get("/tim?q=qwxzv").await.ok().shows("Chưa tìm thấy");
    let api: serde_json::Value =
        serde_json::from_str(&buyer.get("/api/v1/search?q=phe+ca&limit=1").await.ok().text)
            .unwrap();
    assert_eq!((api["total"].as_i64(), api["items"][0]["price"].as_i64()), (Some(1), Some(98_000)));
    assert_eq!(api["items"][0]["seller"], "Sương Sớm");
}

#[tokio::test]
async fn filters_narrow_and_say_how_many() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    for (name, price, stock) in
        [("Cà phê một", 40_000, 5), ("Cà phê hai", 60_000, 0), ("Cà phê ba", 45_000, 1)]
    {
        product(&world, &shop, "ca-phe-bot", name, price, stock).await;
    }
    product(&world, &shop, "gao-te", "Gạo tẻ", 20_000, 9).await;
    indexed(&world).await;
    let buyer = world.browser();
    let all = buyer.get("/tim").await.ok();
    assert_eq!(all.texts(".cards .card").len(), 4);
    let counts = all.texts(".facet .check");
    assert!(counts.iter().any(|c| c.contains("Dưới") && c.contains('3')), "{counts:?}");
    let cheap = buyer.get("/tim?gia=duoi-50&q=ca+phe").await.ok();
    assert_eq!(cheap.texts(".cards .card").len(), 2);
    let there = buyer.get("/danh-muc/ca-phe-bot?con=1&sx=gia-giam").await.ok().lacks("Cà phê hai");
    assert_eq!(there.texts(".card__name"), ["Cà phê ba", "Cà phê một"]);
    assert_eq!(buyer.get("/danh-muc/khong-co").await.status, StatusCode::NOT_FOUND);
    buyer.get("/tim?lang=en").await.ok().shows("Price: low to high");
}

#[tokio::test]
async fn what_is_blocked_or_sold_out_shows_at_once() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    let coffee = product(&world, &shop, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    indexed(&world).await;
    let buyer = world.browser();
    for _ in 0..2 {
        buyer.get("/danh-muc/ca-phe-bot").await.ok().shows("Cà phê Khe Sanh").lacks("Hết hàng");
        buyer.get("/").await.ok().shows("Cà phê Khe Sanh");
        buyer.get("/san-pham/ca-phe-khe-sanh").await.ok().shows("Thêm vào giỏ");
    }
    sqlx::query("update stock.levels set on_hand = 0").execute(&world.db).await.unwrap();
    buyer.get("/danh-muc/ca-phe-bot").await.ok().shows("Hết hàng");
    buyer.get("/san-pham/ca-phe-khe-sanh").await.ok().shows("đang hết hàng").lacks("Thêm vào giỏ");
    set_state(&world, "catalogue.products", coffee, "blocked").await;
    for page in [
        "/danh-muc/ca-phe-bot",
        "/",
        "/tim?q=ca+phe",
        "/gian-hang/suong-som",
        "/api/v1/search?q=ca+phe",
    ] {
        buyer.get(page).await.ok().lacks("Cà phê Khe Sanh");
    }
    assert_eq!(buyer.get("/san-pham/ca-phe-khe-sanh").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_suspended_shop_is_gone_with_its_goods() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    product(&world, &shop, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    indexed(&world).await;
    let buyer = world.browser();
    buyer.get("/gian-hang").await.ok().shows("Sương Sớm");
    buyer
        .get("/gian-hang/suong-som?q=ca")
        .await
        .ok()
        .shows("Hợp tác xã Sương Sớm")
        .shows("3299491692")
        .shows("Cà phê");
    set_state(&world, "enterprises.sellers", shop.0, "suspended").await;
    assert_eq!(buyer.get("/gian-hang/suong-som").await.status, StatusCode::GONE);
    assert_eq!(buyer.get("/san-pham/ca-phe-khe-sanh").await.status, StatusCode::GONE);
    buyer.get("/tim?q=ca+phe").await.ok().lacks("Cà phê Khe Sanh");
    buyer.get("/gian-hang").await.ok().lacks("Sương Sớm");
    assert_eq!(buyer.get("/gian-hang/khong-co").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_product_page_says_what_the_law_asks() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    product(&world, &shop, "ca-phe-bot", "Cà phê <b>Khe Sanh</b>", 98_000, 3).await;
    let buyer = world.browser();
    let page = buyer.get("/san-pham/ca-phe-b-khe-sanh-b").await.ok();
    for words in [
        "Giá đã gồm VAT 8 %",
        "Hợp tác xã Sương Sớm",
        "3299491692",
        "Khối 3B",
        "0900 000 101",
        "HTX-19",
        "Chỉ còn 3",
        "xã Khe Sanh",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let form = page.form("#mua");
    assert!(
        form.value("variant").is_some() && form.value("key").is_some_and(|key| key.len() == 36)
    );
    let again = buyer.get("/san-pham/ca-phe-b-khe-sanh-b").await.form("#mua");
    assert_ne!(form.value("key"), again.value("key"), "every reader gets a key of his own");
    let data = page.texts("script[type='application/ld+json']");
    let data: serde_json::Value = serde_json::from_str(&data[0]).unwrap();
    assert_eq!(data["offers"][0]["price"], 98_000);
    assert_eq!(data["name"], "Cà phê <b>Khe Sanh</b>");
    assert_eq!(page.texts("h1"), ["Cà phê <b>Khe Sanh</b>"]);
}

#[tokio::test]
async fn a_product_page_says_what_delivery_costs() {
    let world = World::new().await;
    let floor = shop(&world, "suong-som").await;
    product(&world, &floor, "ca-phe-bot", "Cà phê Khe Sanh", 95_000, 5).await;
    let (path, buyer) = ("/san-pham/ca-phe-khe-sanh", world.browser());
    let reach = async |query: &str| {
        let page = buyer.get(&format!("{path}{query}")).await.ok();
        (page.texts("#giao-hang").concat(), page)
    };

    let (words, page) = reach("").await;
    assert!(words.contains("25.000 – 40.000 ₫"), "{words}");
    assert_eq!(page.form("#giao-hang form").action, format!("{path}#giao-hang"));
    let words = reach("?giao_den=khe+sanh").await.0;
    for there in ["Giao tới Xã Khe Sanh, Quảng Trị", "25.000 ₫", "Đến lấy tại cửa hàng"]
    {
        assert!(words.contains(there), "{there} is not in {words}");
    }
    assert!(!words.contains("40.000"), "{words}");
    // The browser remembers it, and only this browser.
    assert!(reach("").await.0.contains("Giao tới Xã Khe Sanh"));
    world.browser().get(path).await.ok().lacks("Giao tới");

    // A beginning is asked about; choosing one of the answers settles it.
    let (words, page) = reach("?giao_den=dong").await;
    assert!(!words.contains("Giao tới") && words.contains("Đông Hà"), "{words}");
    let chosen = buyer.get(&page.link("Đông Hà")).await.ok();
    assert!(chosen.texts("#giao-hang h2")[0].contains("Đông Hà"), "{}", chosen.main_text());
    // Far away at the country's rate; nonsense is answered.
    let far = reach("?giao_den=hoan+kiem").await.1.link("Hoàn Kiếm");
    let words = buyer.get(&far).await.ok().texts("#giao-hang").concat();
    assert!(words.contains("Hà Nội") && words.contains("40.000 ₫"), "{words}");
    assert!(reach("?giao_den=zzzz").await.0.contains("Không tìm thấy"));
    let long = format!("?giao_den={}", "x".repeat(5_000));
    assert!(reach(&long).await.0.contains("Không tìm thấy"));
}

#[tokio::test]
async fn nonsense_is_answered() {
    let world = World::new().await;
    let shop = shop(&world, "suong-som").await;
    product(&world, &shop, "ca-phe-bot", "Cà phê", 98_000, 3).await;
    indexed(&world).await;
    let buyer = world.browser();
    let long = "x".repeat(5_000);
    for path in [
        format!("/tim?q={long}"),
        "/tim?q=%FF%00%01".into(),
        "/tim?q=!!!&trang=-1&sx=x&gia=1&xa='".into(),
        "/tim?trang=99999999999999999999".into(),
        "/tim?tu=999999999999999999999&den=-5".into(),
        "/tim?q[]=1&q=2&q=3".into(),
        "/api/v1/search?limit=x&q=%27%22%3C".into(),
        "/gian-hang?xa=%27&chu=%C4%90&trang=0".into(),
        "/danh-muc".into(),
    ] {
        assert_eq!(buyer.get(&path).await.status, StatusCode::OK, "{path}");
    }
    for path in [
        format!("/san-pham/{long}"),
        "/danh-muc/%27%20or".into(),
        "/trang/../x".into(),
        "/sitemap/x.xml".into(),
    ] {
        assert_eq!(buyer.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_floors_own_texts_are_there() {
    let world = World::new().await;
    let reader = world.browser();
    let help = reader.get("/trang/tro-giup").await.ok();
    let links = help.attributes("main a[href^='/trang/']", "href");
    assert!(links.len() > 14, "{links:?}");
    for link in links {
        reader.get(&link).await.ok();
    }
    reader.get("/trang/xep-hang").await.ok().shows("Đúng mã hàng");
    reader.get("/trang/hang-cam?lang=en").await.ok().shows("May not be sold");
    assert!(reader.get("/robots.txt").await.ok().text.contains("Sitemap: http"));
    assert!(reader.get("/sitemap/0.xml").await.ok().text.contains("/trang/quy-che</loc>"));
}
