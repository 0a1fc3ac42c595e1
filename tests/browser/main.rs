//! The main journeys in a real browser, in a phone-sized window.

#![allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]

#[path = "../support/mod.rs"]
mod support;

#[path = "../journeys/market.rs"]
#[allow(dead_code, reason = "a part of it serves here")]
mod market;

mod access;
mod chrome;
mod firms;
mod typing;

use chrome::Chrome;
use market::{KHE_SANH, goods, stall};
use santinh::accounts::{self, NewPerson};
use santinh::kernel::{Lang, PersonId};
use std::time::Duration;
use support::World;
use tokio::time::timeout;

const PASSWORD: &str = "mot-mat-khau-dai-2026";

/// A browser that hangs must not hold up the whole run.
const PATIENCE: Duration = Duration::from_secs(180);

/// From the search box to the confirmation, without signing in.
async fn buys_as_a_guest(javascript: bool) {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá Bến Hải", 85_000, 10).await;
    world.run_jobs().await;

    let phone = Chrome::phone(javascript).await;
    phone.open(&world.base).await;
    phone.fits().await;
    let search = phone.find("header input[name=q]").await;
    search.send_keys("non la ben hai").await.unwrap();
    phone.click("header form[role=search] button").await;
    phone.shows("Nón lá Bến Hải").await;
    phone.fits().await;
    phone.follow("Nón lá Bến Hải").await;
    phone.shows("85.000").await;
    phone.fits().await;
    phone.click("button[name=mua-ngay]").await;

    phone.find("main input[name=ho_ten]").await;
    phone.fits().await;
    phone.fill("ho_ten", "Hồ Thị Thương").await;
    phone.fill("dien_thoai", "0987654321").await;
    phone.fill("xa_q", "thi tran khe sanh").await;
    if !javascript {
        phone.click("button[name=act][value=commune]").await;
    }
    phone.click(&format!("input[name=xa][value='{KHE_SANH}']")).await;
    phone.fill("dia_chi", "12 Lê Duẩn").await;
    phone.click(".form__acts button[name=act][value=next]").await;
    phone.shows("Nhận hàng").await;
    phone.fits().await;
    phone.click(".form__acts button[name=act][value=next]").await;
    phone.find("button[name=place]").await;
    for words in ["Nón lá Bến Hải", "Công ty Nón Bến Hải", "3299491692", "12 Lê Duẩn"]
    {
        phone.shows(words).await;
    }
    phone.fits().await;
    phone.click("button[name=place]").await;
    phone.find("main a[href*='/don-hang/']").await;
    phone.fits().await;
    let code: String =
        sqlx::query_scalar("select code from orders.orders").fetch_one(&world.db).await.unwrap();
    phone.shows(&code).await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_buys_with_javascript() {
    timeout(PATIENCE, buys_as_a_guest(true)).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_buys_without_javascript() {
    timeout(PATIENCE, buys_as_a_guest(false)).await.expect("in time");
}

async fn somebody(world: &World, name: &str, email: &str) -> PersonId {
    let mut db = world.db.acquire().await.unwrap();
    let new = NewPerson {
        name: name.into(),
        email: Some(email.into()),
        phone: None,
        lang: Lang::Vi,
        password_hash: Some(accounts::hash_password(PASSWORD).await.unwrap()),
        email_confirmed: true,
    };
    accounts::create_person(&mut db, &world.cx(), &new).await.unwrap()
}

async fn signs_in(phone: &Chrome, world: &World, email: &str) {
    phone.open(&format!("{}/dang-nhap", world.base)).await;
    phone.fill("login", email).await;
    phone.fill("password", PASSWORD).await;
    phone.click("main form[action='/dang-nhap'] button").await;
    phone.leaves("/dang-nhap").await;
}

async fn opens_the_shop(phone: &Chrome, world: &World, paper: &str) {
    phone.open(&format!("{}/mo-gian-hang", world.base)).await;
    phone.fill("mst", "3299491692").await;
    phone.click("main form[action='/mo-gian-hang/thong-tin'] button").await;
    let fields = [
        ("legal_name", "Công ty TNHH Rang xay Sương Sớm"),
        ("shop_name", "Sương Sớm"),
        ("commune_q", "khe sanh"),
        ("address", "12 Lê Duẩn"),
        ("employees", "8"),
        ("registration_no", "3299491692"),
        ("registered_by", "Phòng Đăng ký kinh doanh"),
        ("phone", "0900000123"),
        ("email", "lienhe@suongsom.example"),
    ];
    for (name, value) in fields {
        phone.fill(name, value).await;
    }
    phone.choose("vsic", "10").await;
    // Without a script a date field takes the browser's own form.
    phone.find("main [name=registered_on]").await.send_keys("04122019").await.unwrap();
    phone.click("button[name=act][value=commune]").await;
    phone.click(&format!("input[name=commune][value='{KHE_SANH}']")).await;
    phone.click("button[name=act][value=open]").await;
    phone.shows("Còn thiếu").await;
    phone.fits().await;

    phone.open(&format!("{}/ban-hang/giay-to", world.base)).await;
    phone.choose("kind", "business-licence").await;
    phone.fill("number", "3299491692").await;
    phone.fill("issuer", "Phòng Đăng ký kinh doanh").await;
    phone.find("main input[type=file]").await.send_keys(paper).await.unwrap();
    phone.click("button[name=act][value=add]").await;
    phone.shows("Chờ xem").await;

    phone.open(&format!("{}/ban-hang/ngan-hang", world.base)).await;
    phone.choose("bank", "970436").await;
    phone.fill("number", "0071000123456").await;
    phone.fill("name", "CONG TY SUONG SOM").await;
    phone.click("button[name=act][value=save]").await;
    phone.shows("Đã lưu").await;

    phone.open(&format!("{}/ban-hang/ho-so", world.base)).await;
    phone.click("main form[action='/ban-hang/ho-so/gui'] button").await;
    phone.shows("Đã gửi hồ sơ").await;
}

async fn lists_a_product(phone: &Chrome, world: &World) {
    phone.open(&format!("{}/ban-hang/san-pham/moi", world.base)).await;
    phone.fits().await;
    phone.fill("name", "Nón lá Khe Sanh").await;
    phone.choose("category", "non-la").await;
    phone.fill("price.new", "90000").await;
    phone.fill("unit", "cái").await;
    phone.fill("sku.new", "NON-1").await;
    phone.fill("stock.new", "12").await;
    phone.fill("weight.new", "300").await;
    phone.click("button[name=act][value=create]").await;
    phone.find("main [name='fact.origin']").await;
    phone.fits().await;
    for key in ["origin", "producer", "material"] {
        phone.fill(&format!("fact.{key}"), "Xã Khe Sanh, Quảng Trị").await;
    }
    phone.fill("description", "Nón chằm tay, lá phơi sương.").await;
    phone.click("#noi-dung button[name=act][value=save]").await;
    phone.click("#trang-thai button[name=act][value=submit]").await;
    phone.shows("đang xem").await;
}

/// From an empty shop to a product on display, every page without JavaScript.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_shop_comes_to_its_first_product_without_javascript() {
    timeout(PATIENCE, fills_an_empty_shop()).await.expect("in time");
}

async fn fills_an_empty_shop() {
    let world = World::new().await;
    somebody(&world, "Hồ Thị Lan", "lan@example.vn").await;
    let paper = std::env::temp_dir().join(format!("giay-{}.pdf", uuid::Uuid::new_v4().simple()));
    std::fs::write(&paper, b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF").unwrap();
    let phone = Chrome::phone(false).await;
    signs_in(&phone, &world, "lan@example.vn").await;
    opens_the_shop(&phone, &world, paper.to_str().unwrap()).await;

    let officer = world.officer("Nguyễn Văn Minh", "minh@sct.example").await;
    let waiting = officer.browser.get("/so-cong-thuong").await.ok();
    let shop = waiting.link("Sương Sớm");
    let page = officer.browser.get(&shop).await.ok();
    let form = page.form(&format!("form[action=\"{shop}\"]"));
    officer.browser.send(&form.with("act", "approve")).await.ok();

    lists_a_product(&phone, &world).await;
    let waiting = officer.browser.get("/so-cong-thuong/tin-dang").await.ok();
    let listing = waiting.link("Nón lá Khe Sanh");
    let page = officer.browser.get(&listing).await.ok();
    let form = page.form("#quyet-dinh form");
    officer.browser.send(&form.with("act", "approve")).await.ok();
    world.run_jobs().await;

    phone.open(&format!("{}/tim?q=non+la", world.base)).await;
    phone.follow("Nón lá Khe Sanh").await;
    phone.shows("90.000").await;
    phone.close().await;
    let _ = std::fs::remove_file(paper);
}
