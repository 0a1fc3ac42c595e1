//! What the stories of buying begin with: shops with goods on display, and a buyer's way through the pages.

use crate::support::{
    World,
    browser::{Answer, Browser},
    people::Somebody,
};
use santinh::{
    catalogue::{self, About, NewProduct, NewVariant, Tier},
    enterprises::{self, BankAccount, Kind, NewSeller, Step},
    kernel::{OrgId, PersonId, SellerId, TaxCode, VariantId, Vnd},
    organisations::{self, NewOrganisation},
};
use std::collections::BTreeMap;

/// Xã Khe Sanh.
pub const KHE_SANH: &str = "19429";

pub struct Stall {
    pub seller: SellerId,
}

pub struct Goods {
    pub variant: VariantId,
}

/// An admitted shop with a bank account.
pub async fn stall(world: &World, name: &str, tax_code: &str, owner: Option<PersonId>) -> Stall {
    let new = NewSeller {
        tax_code: Some(TaxCode::parse(tax_code).unwrap()),
        kind: Kind::Enterprise,
        legal_name: format!("Công ty {name}"),
        shop_name: name.into(),
        commune_code: KHE_SANH.into(),
        address: "Thôn 3".into(),
        phone: "+84912000111".into(),
        email: format!("{tax_code}@example.vn"),
        ..NewSeller::default()
    };
    let mut tx = world.db.begin().await.unwrap();
    let cx = world.cx();
    let seller = enterprises::open_shop(&mut tx, &cx, new, owner).await.unwrap();
    sqlx::query("update enterprises.sellers set state = 'submitted' where id = $1")
        .bind(seller.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    enterprises::decide(&mut tx, &cx, seller, Step::Approve, "", None).await.unwrap();
    let account = BankAccount {
        bin: "970436".into(),
        number: "0011004123456".into(),
        name: "CONG TY".into(),
        ..BankAccount::default()
    };
    let sealer = &world.app.office.sealer;
    enterprises::save_bank_account(&mut tx, &cx, sealer, seller, &account).await.unwrap();
    tx.commit().await.unwrap();
    Stall { seller }
}

/// A firm that buys, with all roles in one hand; nobody has verified it.
pub async fn firm(world: &World, person: &Somebody, tax_code: &str, name: &str) -> OrgId {
    let new = NewOrganisation {
        tax_code: tax_code.into(),
        name: name.into(),
        address: "1 Lê Lợi".into(),
        commune_code: KHE_SANH.into(),
        email: String::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let org = organisations::open(&mut tx, &world.cx(), person.id, &new).await.unwrap();
    tx.commit().await.unwrap();
    org
}

/// The register knows an enterprise of this tax code.
pub async fn in_register(world: &World, tax_code: &str, name: &str) {
    sqlx::query(
        "insert into enterprises.register (tax_code, name, kind, commune_code, address, size_class, source, as_of, updated_at)
         values ($1, $2, 'enterprise', $3, '12 Lê Duẩn', 'small', 'test', '2026-01-01', now())",
    )
    .bind(tax_code)
    .bind(name)
    .bind(KHE_SANH)
    .execute(&world.db)
    .await
    .unwrap();
}

/// Something on display: 500 g a piece, 9.000 less for each of ten or more when a firm buys.
pub async fn goods(world: &World, stall: &Stall, name: &str, price: i64, stock: i64) -> Goods {
    let about = About {
        category: "non-la".into(),
        name: name.into(),
        name_en: String::new(),
        description: String::new(),
        brand: String::new(),
        origin_commune: None,
        facts: BTreeMap::new(),
        unit: "cái".into(),
        tax_bps: 800,
        lead_days: 1,
    };
    let variant = NewVariant {
        sku: name.into(),
        label: String::new(),
        price: Vnd(price),
        list_price: None,
        weight_g: 500,
        gtin: None,
        stock,
        tiers: vec![Tier { min_quantity: 10, price: Vnd(price - 9_000) }],
    };
    let new = NewProduct {
        seller: stall.seller,
        about,
        art: String::new(),
        variants: vec![variant],
        certificates: Vec::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let cx = world.cx();
    let product = catalogue::create_product(&mut tx, &cx, &new).await.unwrap();
    catalogue::bring_in(&mut tx, &cx, product, catalogue::State::Published, "").await.unwrap();
    tx.commit().await.unwrap();
    let id = sqlx::query_scalar("select id from catalogue.variants where product_id = $1")
        .bind(product.0)
        .fetch_one(&world.db)
        .await
        .unwrap();
    Goods { variant: VariantId(id) }
}

/// Presses “Thêm vào giỏ” on a product page.
pub async fn puts_in(buyer: &Browser, goods: &Goods, quantity: &str) -> Answer {
    let key = uuid::Uuid::new_v4().to_string();
    puts_in_with(buyer, goods, quantity, &key).await
}

pub async fn puts_in_with(buyer: &Browser, goods: &Goods, quantity: &str, key: &str) -> Answer {
    let variant = goods.variant.to_string();
    let fields =
        [("variant", variant.as_str()), ("quantity", quantity), ("key", key), ("them", "1")];
    buyer.post("/gio-hang/them", &fields).await
}

/// Fills in the first step; ends at delivery and payment.
pub async fn says_where(buyer: &Browser) -> Answer {
    let page = buyer.get("/dat-hang").await.ok();
    let form = page
        .form("main form")
        .with("ho_ten", "Trần Thị Hương")
        .with("dien_thoai", "0987 654 321")
        .with("xa_q", "Khe Sanh")
        .with("xa", KHE_SANH)
        .with("dia_chi", "12 Lê Duẩn")
        .with("act", "next");
    buyer.send(&form).await.ok()
}

/// Both steps with what the pages propose; ends at the review.
pub async fn up_to_review(buyer: &Browser) -> Answer {
    let page = says_where(buyer).await;
    assert!(page.path.starts_with("/dat-hang/giao-hang"), "{} {}", page.path, page.main_text());
    let review = buyer.send(&page.form("main form").with("act", "next")).await.ok();
    assert!(review.path.starts_with("/dat-hang/xem-lai"), "{} {}", review.path, review.main_text());
    review
}

/// Presses “Đặt hàng” on a review page.
pub async fn presses(buyer: &Browser, review: &Answer) -> Answer {
    buyer.send(&review.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1")).await
}

pub async fn count(world: &World, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&world.db).await.unwrap()
}
