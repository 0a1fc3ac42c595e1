//! A firm asks three shops, bargains with one, splits the award, pays in parts and gets its goods: every page as its people
//! press it on their phones, without JavaScript.

use super::{
    PATIENCE,
    chrome::Chrome,
    market::{Goods, Stall, count, goods, stall},
    signs_in, somebody,
    support::World,
};
use fantoccini::{Locator, elements::Element};
use reqwest::StatusCode;
use santinh::{
    kernel::SellerId,
    organisations::{self, NewOrganisation},
    stock,
};
use serde_json::json;
use tokio::time::timeout;

/// One shop and the phone of its owner.
struct Shop {
    phone: Chrome,
    seller: SellerId,
}

/// The buyer's phone, the shops, and what the first two of them have: hats, and rice in sacks of 50 kg.
struct Floor {
    world: World,
    buyer: Chrome,
    shops: Vec<Shop>,
    hats: Goods,
    rice: Goods,
}

const TAX_CODES: [&str; 3] = ["3200000027", "3200000034", "0101197803"];

async fn floor() -> Floor {
    let world = World::new().await;
    let mut shops = Vec::new();
    for (n, tax_code) in TAX_CODES.into_iter().enumerate() {
        let email = format!("chu{n}@example.vn");
        let owner = somebody(&world, &format!("Chủ {n}"), &email).await;
        let Stall { seller } = stall(&world, &format!("Nông sản {n}"), tax_code, Some(owner)).await;
        let phone = Chrome::phone(false).await;
        signs_in(&phone, &world, &email).await;
        shops.push(Shop { phone, seller });
    }
    let hats = goods(&world, &Stall { seller: shops[0].seller }, "Nón lá", 108_000, 500).await;
    let rice = goods(&world, &Stall { seller: shops[1].seller }, "Gạo nếp", 1_200_000, 90).await;
    sqlx::query("insert into wholesale.units (variant_id, name, units, base, position) values ($1, 'kg', 50, 1, 1)")
        .bind(rice.variant.0)
        .execute(&world.db)
        .await
        .unwrap();
    let person = somebody(&world, "Trần Thị Hương", "huong@example.vn").await;
    let new = NewOrganisation {
        tax_code: "0100109106".into(),
        name: "Khách sạn Hiền Lương".into(),
        address: "12 Lê Duẩn".into(),
        commune_code: super::KHE_SANH.into(),
        email: String::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    organisations::open(&mut tx, &world.cx(), person, &new).await.unwrap();
    tx.commit().await.unwrap();
    let buyer = Chrome::phone(false).await;
    signs_in(&buyer, &world, "huong@example.vn").await;
    Floor { world, buyer, shops, hats, rice }
}

async fn types(phone: &Chrome, css: &str, text: &str) {
    let field = phone.find(css).await;
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn all(phone: &Chrome, css: &str) -> Vec<Element> {
    phone.client.find_all(Locator::Css(css)).await.unwrap()
}

impl Floor {
    async fn opens(&self, phone: &Chrome, path: &str) {
        phone.open(&format!("{}{path}", self.world.base)).await;
        phone.fits().await;
    }

    /// Forty hats from the listing and half a tonne of rice in words, of all three shops.
    async fn asks(&self) -> String {
        let path = format!("/to-chuc/bao-gia/moi?variant={}&quantity=40", self.hats.variant);
        self.opens(&self.buyer, &path).await;
        types(&self.buyer, "#f-tieu_de", "Bếp tháng 12").await;
        for (field, text) in [("ten", "Gạo nếp"), ("so_luong", "500"), ("don_vi", "kg")] {
            types(&self.buyer, &format!("#f-{field}-2"), text).await;
        }
        types(&self.buyer, "#f-tim_ban", "Nông sản").await;
        self.buyer.click("button[name=act][value=shops]").await;
        self.buyer.shows("Nông sản 2").await;
        for shop in &self.shops {
            let css = format!("input[name=ban][value='{}']", shop.seller);
            if !self.buyer.find(&css).await.is_selected().await.unwrap() {
                self.buyer.click(&css).await;
            }
        }
        types(&self.buyer, "#f-dia_chi", "Kho Khe Sanh").await;
        self.buyer.click(".form__acts button[name=act][value=send]").await;
        self.buyer.shows("Gian hàng được hỏi").await;
        self.buyer.fits().await;
        let at = self.buyer.client.current_url().await.unwrap();
        at.path().rsplit('/').next().unwrap().to_owned()
    }

    /// A shop quotes: price of a hat and of a kilogram, and which product of its own the rice is.
    async fn offers(&self, shop: &Shop, request: &str, (hat, rice, own): (&str, &str, &str)) {
        self.opens(&shop.phone, &format!("/ban-hang/bao-gia/{request}")).await;
        let fields = [("#f-gia-1", hat), ("#f-gia-2", rice), ("#f-ma-2", own)];
        for (css, text) in fields.into_iter().filter(|(_, text)| !text.is_empty()) {
            types(&shop.phone, css, text).await;
        }
        for (name, text) in
            [("phi", "50.000"), ("dat_coc", "30"), ("khi_giao", "50"), ("cong_no", "15")]
        {
            shop.phone.fill(name, text).await;
        }
        shop.phone.click("#chao .form__acts button").await;
        shop.phone.shows("Đang chào").await;
        shop.phone.fits().await;
    }

    async fn quote_of(&self, shop: &Shop) -> String {
        sqlx::query_scalar("select id::text from quotes.quotes where seller_id = $1")
            .bind(shop.seller.0)
            .fetch_one(&self.world.db)
            .await
            .unwrap()
    }

    async fn order_of(&self, shop: &Shop) -> String {
        sqlx::query_scalar("select number from purchasing.orders where seller_id = $1")
            .bind(shop.seller.0)
            .fetch_one(&self.world.db)
            .await
            .unwrap()
    }

    /// The buyer transfers what his page says, and the bank's service tells the shop.
    async fn transfers(&self, feed: &(String, String), number: &str, nth: usize) {
        self.opens(&self.buyer, &format!("/to-chuc/don-mua/{number}")).await;
        let part = format!("section[aria-labelledby=i{nth}]");
        let memo = self.buyer.find(&format!("{part} dd.code")).await.text().await.unwrap();
        let told = self.buyer.find(&format!("{part} dd b")).await.text().await.unwrap();
        let amount: i64 =
            told.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
        let reference = format!("FT{number}{nth}");
        let id = i64::from(number.as_bytes()[number.len() - 1]) * 100 + i64::try_from(nth).unwrap();
        let line = json!({ "error": 0, "data": [{
            "id": id, "tid": reference, "description": format!("CT {memo} tien hang"), "amount": amount,
            "cusum_balance": 20_000_000, "when": "2026-11-22 09:05:37",
            "bank_sub_acc_id": "0011004123456", "subAccId": "0011004123456"
        }] });
        let told = reqwest::Client::new().post(&feed.0).header("secure-token", &feed.1);
        let told = told.header("content-type", "application/json").body(line.to_string());
        assert_eq!(told.send().await.unwrap().status(), StatusCode::OK);
        self.world.run_jobs().await;
    }

    /// From the credit limit and the confirmation over deposit and deliveries to the last instalment.
    async fn trades(&self, shop: &Shop, deliveries: &[&str]) {
        let (phone, number) = (&shop.phone, self.order_of(shop).await);
        let (desk, own) =
            (format!("/ban-hang/don-mua/{number}"), format!("/to-chuc/don-mua/{number}"));
        self.opens(phone, "/ban-hang/doi-soat/nguon").await;
        phone.click("input[name=dich_vu][value=casso]").await;
        phone.click("main form.panel button").await;
        phone.find(".note .code").await;
        let codes = all(phone, ".note .code").await;
        let feed = (codes[0].text().await.unwrap(), codes[1].text().await.unwrap());
        self.opens(phone, "/ban-hang/don-mua/cong-no").await;
        phone.fill("han_muc", "100.000.000").await;
        phone.click("form:has(input[name=han_muc]) button").await;
        phone.shows("Đã lưu").await;
        self.opens(phone, &desk).await;
        phone.click("button[name=act][value=confirm]").await;
        phone.shows("Tiền đặt cọc chưa về").await;
        self.transfers(&feed, &number, 1).await;
        for (nth, quantity) in deliveries.iter().enumerate() {
            self.opens(phone, &desk).await;
            phone.fill("sl-1", quantity).await;
            phone.click("button[name=act][value=send]").await;
            phone.shows(&format!("Đợt giao {}", nth + 1)).await;
            self.opens(&self.buyer, &own).await;
            self.buyer.click("button[name=act][value=receive]").await;
            self.buyer.shows("Đã ghi nhận").await;
            // What is due with a delivery the shop has seen on its account itself.
            self.opens(phone, &desk).await;
            phone.click("button[name=act][value=money]").await;
            phone.shows("Đã ghi nhận").await;
            phone.fits().await;
        }
        self.opens(&self.buyer, &own).await;
        self.buyer.click("button[name=act][value=accept]").await;
        self.buyer.shows("Đã nghiệm thu, chờ thanh toán").await;
        self.transfers(&feed, &number, deliveries.len() + 2).await;
        for (phone, path) in [(phone, &desk), (&self.buyer, &own)] {
            self.opens(phone, path).await;
            phone.shows("Hoàn tất").await;
        }
    }
}

async fn buys_of_two_of_three() {
    let floor = floor().await;
    let request = floor.asks().await;
    floor.world.run_jobs().await;
    let [a, b, c] = &floor.shops[..] else { unreachable!() };
    floor.offers(a, &request, ("100.000", "24.000", "")).await;
    floor.offers(b, &request, ("105.000", "23.000", "Gạo nếp")).await;
    floor.offers(c, &request, ("104.000", "25.000", "")).await;

    // The second shop's rice for less: until it answers its offer cannot be chosen.
    let path = format!("/to-chuc/bao-gia/{request}");
    let (qa, qb) = (floor.quote_of(a).await, floor.quote_of(b).await);
    floor.opens(&floor.buyer, &path).await;
    floor.buyer.shows("So sánh chào giá").await;
    floor.buyer.click(&format!("td a[href='{path}/chao-gia/{qb}']")).await;
    floor.buyer.fill("g2-0", "22.000").await;
    floor.buyer.click("button[name=act][value=counter]").await;
    floor.buyer.shows("Bên mua mặc cả").await;
    floor.buyer.fits().await;
    floor.opens(&floor.buyer, &path).await;
    assert!(all(&floor.buyer, &format!("input[name=l2][value^='{qb}']")).await.is_empty());
    floor.opens(&b.phone, &format!("/ban-hang/bao-gia/{request}")).await;
    b.phone.shows("22.000").await;
    b.phone.click("button[name=act][value=take]").await;
    b.phone.shows("Bản chào giá 3").await;

    // Hats of the first, rice of the second: two orders.
    floor.opens(&floor.buyer, &path).await;
    floor.buyer.click(&format!("input[name=l1][value='{qa}:1:0']")).await;
    floor.buyer.click(&format!("input[name=l2][value='{qb}:3:0']")).await;
    floor.buyer.click("#f-chon button").await;
    floor.buyer.shows("Đã chọn và lập đơn mua").await;
    floor.buyer.fits().await;
    floor.opens(&c.phone, &format!("/ban-hang/bao-gia/{request}")).await;
    c.phone.shows("Không được chọn").await;
    floor.trades(b, &["300", "200"]).await;
    floor.trades(a, &["25", "15"]).await;

    let world = &floor.world;
    for (statement, wanted) in [
        ("select count(*) from purchasing.orders where state = 'closed'", 2),
        ("select count(*) from purchasing.orders", 2),
        ("select count(*) from purchasing.deliveries", 4),
        ("select count(*) from purchasing.instalments where paid_at is null", 0),
        ("select coalesce(sum(used), 0)::bigint from purchasing.credits", 0),
        ("select coalesce(sum(credit_held), 0)::bigint from purchasing.orders", 0),
        // 40 × 100.000 + 50.000, and 500 × 22.000 + 50.000, to the last đồng.
        ("select sum(amount)::bigint from purchasing.instalments", 4_050_000 + 11_050_000),
    ] {
        assert_eq!(count(world, statement).await, wanted, "{statement}");
    }
    let (hats, rice) = (floor.hats.variant, floor.rice.variant);
    let left =
        stock::available(&mut world.db.acquire().await.unwrap(), &[hats, rice]).await.unwrap();
    assert_eq!([left[&hats], left[&rice]], [500 - 40, 90 - 10]);
    world.adds_up().await;
    let Floor { buyer, shops, .. } = floor;
    buyer.close().await;
    for shop in shops {
        shop.phone.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_buys_from_its_request_to_the_last_instalment_without_javascript() {
    timeout(PATIENCE * 2, buys_of_two_of_three()).await.expect("in time");
}
