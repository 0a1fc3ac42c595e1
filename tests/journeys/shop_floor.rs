//! What the stories of orders begin with: a shop with goods, somebody at its desk, a placed order.

use crate::support::{World, browser::Browser};
use santinh::{
    accounts::{self, NewPerson},
    enterprises::{self, Kind, NewSeller},
    kernel::{
        BasisPoints, CheckoutId, Lang, PersonId, ProductId, SellerId, TaxCode, VariantId, Vnd,
    },
    orders::{
        self, Contact, DeliveryMethod, GroupNames, NewDelivery, NewGroup, NewLine, NewOrder,
        OrderError, PayAccount, PaymentMethod, Placed, PlacedOrder, SellerSnapshot,
    },
    stock::{self, NewLevel},
};

pub const PASSWORD: &str = "một mật khẩu dài 2026";

#[derive(Clone)]
pub struct Shop {
    pub seller: SellerId,
    pub email: String,
    pub coffee: VariantId,
}

/// Somebody with a confirmed address.
pub async fn person(world: &World, name: &str, email: &str) -> PersonId {
    let hash = accounts::hash_password(PASSWORD).await.unwrap();
    let new = NewPerson {
        name: name.into(),
        email: Some(email.into()),
        phone: None,
        lang: Lang::Vi,
        password_hash: Some(hash),
        email_confirmed: true,
    };
    let mut db = world.db.acquire().await.unwrap();
    accounts::create_person(&mut db, &world.cx(), &new).await.unwrap()
}

/// A browser in which somebody has signed in.
pub async fn signed_in(world: &World, email: &str) -> Browser {
    let browser = world.browser();
    let page = browser.get("/dang-nhap").await.ok();
    let form = page.form("main form[action^=\"/dang-nhap\"]");
    let name = form
        .fields
        .iter()
        .map(|(n, _)| n.clone())
        .find(|n| n != "key" && n != "tiep" && n != "password");
    let form = form.with(&name.unwrap(), email).with("password", PASSWORD);
    let after = browser.send(&form).await;
    assert!(!after.path.starts_with("/dang-nhap"), "{}", after.main_text());
    browser
}

/// A shop with `coffees` packets of coffee.
pub async fn shop(world: &World, name: &str, tax_code: &str, coffees: i64) -> Shop {
    let email = format!("chu-{tax_code}@example.vn");
    let owner = person(world, name, &email).await;
    let new = NewSeller {
        tax_code: Some(TaxCode::parse(tax_code).unwrap()),
        kind: Kind::Enterprise,
        legal_name: format!("Công ty {name}"),
        shop_name: name.into(),
        slug: String::new(),
        commune_code: commune(world).await,
        address: "Thôn 3".into(),
        vsic: None,
        employees: None,
        revenue: None,
        capital: None,
        intro: String::new(),
        intro_en: String::new(),
        phone: "+84912000111".into(),
        email: email.clone(),
        registration_no: "3200".into(),
        registered_on: None,
        registered_by: "Phòng Đăng ký kinh doanh".into(),
        art: String::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let seller = enterprises::open_shop(&mut tx, &world.cx(), new, Some(owner)).await.unwrap();
    let coffee = VariantId(world.cx().new_id());
    let level = NewLevel { variant: coffee, seller, on_hand: coffees, unlimited: false };
    stock::open(&mut tx, &world.cx(), &[level]).await.unwrap();
    tx.commit().await.unwrap();
    Shop { seller, email, coffee }
}

async fn commune(world: &World) -> String {
    let code: String = sqlx::query_scalar(
        "select code from places.communes where province_code = '44' order by code limit 1",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    code
}

/// What a guest orders of a shop: some packets at 108.000 ₫, delivered for 20.000 ₫.
pub fn wish(shop: &Shop, quantity: i64, payment: PaymentMethod) -> NewOrder {
    NewOrder {
        seller: SellerSnapshot {
            id: shop.seller,
            name: "Cà phê Khe Sanh".into(),
            tax_code: Some("3200000011".into()),
            address: "Thôn 3, xã Khe Sanh, tỉnh Quảng Trị".into(),
            phone: "+84912000111".into(),
            email: shop.email.clone(),
        },
        bank: (payment == PaymentMethod::VietQr).then(|| PayAccount {
            bin: "970436".into(),
            bank_name: "Vietcombank".into(),
            number: "0011004123456".into(),
            name: "CONG TY CA PHE".into(),
        }),
        delivery: NewDelivery {
            method: DeliveryMethod::Own,
            text: "12 Lê Duẩn, phường Đông Hà, tỉnh Quảng Trị".into(),
            commune: None,
            days: "2–4".into(),
            fee: Vnd(20_000),
        },
        payment,
        note: "Gọi trước khi giao".into(),
        voucher: None,
        lines: vec![NewLine {
            variant: shop.coffee,
            product: ProductId(shop.coffee.0),
            sku: "KS-500".into(),
            name: "Cà phê <Khe Sanh>".into(),
            label: "500 g".into(),
            unit: "gói".into(),
            picture: String::new(),
            quantity,
            unit_price: Vnd(108_000),
            tax: BasisPoints(800),
        }],
    }
}

pub fn group(world: &World, buyer: Option<PersonId>, orders: Vec<NewOrder>) -> NewGroup {
    NewGroup {
        names: GroupNames::new(&world.cx()),
        checkout: CheckoutId(world.cx().new_id()),
        buyer,
        lang: Lang::Vi,
        contact: Contact {
            name: "Trần Thị Hương".into(),
            phone: "+84987654321".into(),
            email: Some("huong@example.vn".into()),
        },
        organisation: None,
        orders,
    }
}

pub async fn place(world: &World, group: NewGroup) -> Result<Placed, OrderError> {
    let mut tx = world.db.begin().await.unwrap();
    let placed = orders::place(&mut tx, &world.cx(), group).await?;
    tx.commit().await.unwrap();
    Ok(placed)
}

/// A guest's order of one shop.
pub async fn ordered(
    world: &World,
    shop: &Shop,
    quantity: i64,
    payment: PaymentMethod,
) -> PlacedOrder {
    let group = group(world, None, vec![wish(shop, quantity, payment)]);
    place(world, group).await.unwrap().orders.remove(0)
}

pub async fn available(world: &World, shop: &Shop) -> i64 {
    let mut db = world.db.acquire().await.unwrap();
    stock::available(&mut db, &[shop.coffee]).await.unwrap()[&shop.coffee]
}

/// The state of an order and of its payment.
pub async fn standing(world: &World, order: &PlacedOrder) -> (String, String) {
    sqlx::query_as(
        "select o.state, i.state from orders.orders o join payments.intents i on i.order_id = o.id where o.id = $1",
    )
    .bind(order.id.0)
    .fetch_one(&world.db)
    .await
    .unwrap()
}
