//! What firms of a floor where everybody has something do: they buy, order, ask for quotes and buy wholesale.

use crate::{
    everybody::{PDF, text},
    market::{Goods, Stall},
    support::{World, people::Somebody},
};
use santinh::{
    approvals::{self, NewRule, NewStandIn, Request, Standing, Subject, SubjectKind},
    kernel::{BasisPoints, Lang, Text, Vnd, day_of},
    organisations::{self, NewOrganisation, NewSite, OrgRole},
    payments::PayAccount,
    purchasing::{self, NewPoLine, NewPurchaseOrder, Sending, Sent, Terms},
    wholesale::{self, CustomerStep, NewPrice, Whom},
};
use std::collections::BTreeMap;

/// A firm with two members, a site, a rule and something that waits.
pub(crate) async fn buys_for_a_firm(world: &World) -> Somebody {
    let firm = world.person("Hải", "hai@example.vn").await;
    let colleague = world.person("Đông", "dong@example.vn").await;
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let new = NewOrganisation {
        tax_code: "3200000041".into(),
        name: "Trường Hải Lăng".into(),
        address: "1 Lê Lợi".into(),
        commune_code: crate::market::KHE_SANH.into(),
        email: String::new(),
    };
    let org = organisations::open(&mut tx, &cx, firm.id, &new).await.unwrap();
    organisations::add_member(&mut tx, &cx, org, colleague.id, &OrgRole::ALL).await.unwrap();
    let site = NewSite {
        name: "Bếp".into(),
        recipient: "Chị Bếp".into(),
        phone: "+84987654321".into(),
        commune_code: crate::market::KHE_SANH.into(),
        line: "1 Lê Lợi".into(),
        is_default: true,
    };
    organisations::save_site(&mut tx, &cx, org, None, &site).await.unwrap();
    let rule = NewRule { over: Vnd(0), category: None, person: None, approver: None };
    approvals::add_rule(&mut tx, &cx, (org, firm.id), &rule).await.unwrap();
    let today = day_of(cx.now);
    let stand_in = NewStandIn { approver: firm.id, stand_in: colleague.id, from: today, to: today };
    approvals::add_stand_in(&mut tx, &cx, (org, firm.id), &stand_in).await.unwrap();
    let request = Request {
        org,
        asked_by: colleague.id,
        subject: Subject { kind: SubjectKind::Checkout, id: uuid::Uuid::new_v4() },
        print: [1; 32],
        amount: Vnd(1_000_000),
        categories: Vec::new(),
        what: Text::new("Gạo", "Rice"),
        url: "/dat-hang/xem-lai".into(),
    };
    let standing = approvals::ask(&mut tx, &cx, &request).await.unwrap();
    assert_eq!(standing, Standing::Waiting);
    tx.commit().await.unwrap();
    firm
}

/// The buyer's firm has ordered, received and accepted; half of the price is still to be paid.
pub(crate) async fn something_is_ordered(
    world: &World,
    (shop, hat): (&Stall, &Goods),
    buyer: &Somebody,
) -> String {
    let org = text(
        world,
        "select id::text from organisations.organisations where tax_code = '3200000041'",
    );
    let org = org.await.parse().unwrap();
    let line = NewPoLine {
        variant: Some(hat.variant),
        name: "Nón".into(),
        sku: String::new(),
        unit: "cái".into(),
        quantity: 1_000,
        unit_price: Vnd(100_000),
        tax: BasisPoints(800),
        category: None,
    };
    let new = NewPurchaseOrder {
        org,
        seller: shop.seller,
        asked_by: buyer.id,
        quote: None,
        title: "Nón lá".into(),
        lines: vec![line],
        delivery_fee: Vnd::ZERO,
        delivery_text: "Kho Cửa Tùng".into(),
        delivery_commune: None,
        wanted_by: None,
        terms: Terms {
            deposit_bps: 5_000,
            on_delivery_bps: 0,
            net_days: None,
            note: String::new(),
        },
        lang: Lang::Vi,
    };
    let account = PayAccount {
        bin: "970436".into(),
        bank_name: "Vietcombank".into(),
        number: "0011004123456".into(),
        name: "CONG TY".into(),
    };
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let po = purchasing::issue(&mut tx, &cx, new).await.unwrap();
    let at = (po.id, None);
    purchasing::confirm(&mut tx, &cx, at, Some(&account), "").await.unwrap();
    let goods = [Sent { position: 1, quantity: 1_000, pieces: 0 }];
    let sending = Sending { goods: &goods, carrier: "", note: "" };
    let nth = purchasing::send(&mut tx, &cx, at, &sending).await.unwrap();
    let all = BTreeMap::new();
    purchasing::receive(&mut tx, &cx, (po.id, nth), &all, "", Some(&account)).await.unwrap();
    purchasing::accept(&mut tx, &cx, at, "", Some(&account)).await.unwrap();
    tx.commit().await.unwrap();
    po.number
}

/// The buyer's firm asks the shop for a price, with a file, and the shop offers one.
pub(crate) async fn asks_for_quotes((buyer, seller): (&Somebody, &Somebody), shop: &Stall) {
    let form = buyer.browser.get("/to-chuc/bao-gia/moi").await.ok().form("main form[enctype]");
    let form = form.with("tieu_de", "Nón").with("ten", "Nón").with("so_luong", "5");
    let form = form.with("don_vi", "cái").with("act", "send").file("tep", "ban-ve.pdf", PDF);
    let asked = buyer.browser.send(&form.with("ban", &shop.seller.to_string())).await.ok();
    let desk = asked.path.replace("/to-chuc/", "/ban-hang/");
    let form = seller.browser.get(&desk).await.ok().form("#chao form").with("gia", "90.000");
    seller.browser.send(&form).await.ok();
}

/// A firm is the seller's customer, has a price and a list.
pub(crate) async fn buys_wholesale(world: &World, shop: &Stall, firm: &Somebody) {
    let cx = world.cx();
    let mut tx = world.db.begin().await.unwrap();
    let org = organisations::acting(&mut tx, firm.id, None).await.unwrap().expect("a firm").id;
    let group = wholesale::open_group(&mut tx, &cx, shop.seller, "Bếp").await.unwrap();
    let between = (shop.seller, org);
    let step = CustomerStep::Admit;
    wholesale::decide(&mut tx, &cx, between, step, (Some(group), "")).await.unwrap();
    let variant =
        sqlx::query_scalar("select id from catalogue.variants where seller_id = $1 limit 1");
    let variant: uuid::Uuid = variant.bind(shop.seller.0).fetch_one(&mut *tx).await.unwrap();
    let price = NewPrice {
        variant: variant.into(),
        whom: Whom::Group(group),
        min_quantity: 1,
        price: Vnd(100_000),
        unit: String::new(),
        valid_from: day_of(world.clock.now()),
        valid_to: None,
    };
    wholesale::add_price(&mut tx, &cx, shop.seller, &price).await.unwrap();
    let lines = [(variant.into(), 2)];
    wholesale::add_list(&mut tx, &cx, org, "Hằng tuần", &lines).await.unwrap();
    tx.commit().await.unwrap();
}
