//! Purchase orders of a supermarket, one in each stage of life, so that their pages show something real.

use super::{Parts, ago, firms::Firm, people::People};
use crate::{
    kernel::{Actor, BasisPoints, Cx, Lang, OrgId, PersonId, Vnd},
    organisations::{self, NewOrganisation},
    payments::PayAccount,
    platform::outbox,
    purchasing::{self, NewPoLine, NewPurchaseOrder, Sending, Sent, Terms},
};
use anyhow::Context;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

const BUYER: &str = "sieu-thi-que-minh";
const SELLER: &str = "suong-huong-phung";

/// Who trades with whom.
struct Cast {
    seller: (crate::kernel::SellerId, PersonId),
    buyer: (OrgId, PersonId),
    account: PayAccount,
}

/// How far an order has come, the further the longer ago it was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Issued,
    Confirmed,
    HalfWay,
    Accepted,
    Closed,
}

/// Title, kilograms, price a kilogram, deposit and share of deliveries, net days, days ago, stage.
type Story = (&'static str, i64, i64, (i32, i32), Option<i32>, i64, Stage);

const STORIES: [Story; 5] = [
    ("Cà phê rang mộc quý IV", 600, 210_000, (3_000, 4_000), None, 70, Stage::Closed),
    ("Cà phê bột hộp quà Trung thu", 240, 265_000, (0, 0), Some(30), 48, Stage::Accepted),
    ("Cà phê nhân xanh loại 1", 1_500, 128_000, (3_000, 5_000), None, 16, Stage::HalfWay),
    ("Cà phê hạt cho chuỗi quầy pha", 320, 198_000, (4_000, 0), None, 4, Stage::Confirmed),
    ("Cà phê túi lọc hàng Tết", 450, 232_000, (3_000, 3_000), Some(15), 1, Stage::Issued),
];

/// Purchase orders between two firms of the demo.
pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    (parts, people, firms): (&Parts, &People, &[Firm]),
) -> anyhow::Result<()> {
    let firm = |slug: &str| firms.iter().find(|firm| firm.slug == slug).context("no such firm");
    let person = |slug: &str| people.shops.get(slug).map(|shop| shop.0).context("no owner");
    let (buying, selling) = (firm(BUYER)?, firm(SELLER)?);
    let owner = person(BUYER)?;
    let org = organisation(db, &ago(cx, 200, 0), buying, owner).await?;
    let bank = selling.facts.bank.as_ref().and_then(|bank| bank.open(&parts.sealer));
    let bank = bank.context("the seller has no account")?;
    let account = PayAccount {
        bin: bank.bin,
        bank_name: bank.bank_name,
        number: bank.number,
        name: bank.name,
    };
    let cast = Cast { seller: (selling.id, person(SELLER)?), buyer: (org, owner), account };
    for story in STORIES {
        tell(db, cx, &cast, &story).await?;
    }
    outbox::consider_told(db, cx, "purchasing.", cx.now).await?;
    Ok(())
}

async fn organisation(
    db: &mut PgConnection,
    cx: &Cx,
    firm: &Firm,
    owner: PersonId,
) -> anyhow::Result<OrgId> {
    if let Some(org) = organisations::acting(db, owner, None).await? {
        return Ok(org.id);
    }
    let facts = &firm.facts;
    let new = NewOrganisation {
        tax_code: facts.tax_code.clone().context("no tax code")?,
        name: facts.legal_name.clone(),
        address: facts.address.clone(),
        commune_code: facts.commune_code.clone(),
        email: facts.email.clone(),
    };
    Ok(organisations::open(db, cx, owner, &new).await?)
}

fn order(cast: &Cast, story: &Story) -> NewPurchaseOrder {
    let (title, kilograms, price, (deposit_bps, on_delivery_bps), net_days, ..) = *story;
    let line = NewPoLine {
        variant: None,
        name: title.to_owned(),
        sku: String::new(),
        unit: "kg".to_owned(),
        quantity: kilograms * 1_000,
        unit_price: Vnd(price),
        tax: BasisPoints(800),
        category: None,
    };
    NewPurchaseOrder {
        org: cast.buyer.0,
        seller: cast.seller.0,
        asked_by: cast.buyer.1,
        quote: None,
        title: title.to_owned(),
        lines: vec![line],
        delivery_fee: Vnd(450_000),
        delivery_text: "Kho trung tâm, cửa nhận hàng số 2".to_owned(),
        delivery_commune: None,
        wanted_by: None,
        terms: Terms { deposit_bps, on_delivery_bps, net_days, note: String::new() },
        lang: Lang::Vi,
    }
}

/// One order's life, up to its stage.
async fn tell(db: &mut PgConnection, cx: &Cx, cast: &Cast, story: &Story) -> anyhow::Result<()> {
    let (.., days, stage) = *story;
    let of = |who: PersonId, after: i64| ago(cx, days - after, 3).by(Actor::Person(who));
    let (seller, buyer) = (|after| of(cast.seller.1, after), |after| of(cast.buyer.1, after));
    let po = purchasing::issue(db, &buyer(0), order(cast, story)).await?;
    if stage < Stage::Confirmed {
        return Ok(());
    }
    let both = (cast.seller.0, cast.buyer.0);
    purchasing::set_credit(db, &seller(1), both, Vnd(120_000_000), false).await?;
    let account = Some(&cast.account);
    purchasing::confirm(db, &seller(1), (po.id, None), account, "").await?;
    if stage < Stage::HalfWay {
        return Ok(());
    }
    pay(db, &seller(3), po.id).await?;
    let half = story.1 * 500;
    deliver(db, (&seller(5), &buyer(6)), po.id, (half, "74C-012.34, anh Tuấn"), account).await?;
    pay(db, &seller(8), po.id).await?;
    if stage < Stage::Accepted {
        send(db, &seller(12), po.id, (story.1 * 300, "74C-056.78, anh Sơn")).await?;
        return Ok(());
    }
    let rest = story.1 * 1_000 - half;
    deliver(db, (&seller(9), &buyer(10)), po.id, (rest, "74C-012.34, anh Tuấn"), account).await?;
    purchasing::accept(db, &buyer(11), (po.id, None), "Hàng đúng mẫu, đủ số.", account).await?;
    if stage == Stage::Closed {
        pay(db, &seller(14), po.id).await?;
    }
    Ok(())
}

/// The seller has seen the money of everything that is open.
async fn pay(db: &mut PgConnection, cx: &Cx, order: Uuid) -> anyhow::Result<()> {
    for instalment in purchasing::open_instalments(db, order).await? {
        purchasing::confirm_money(db, cx, instalment).await?;
    }
    Ok(())
}

async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
    (quantity, carrier): (i64, &str),
) -> anyhow::Result<i32> {
    let goods = [Sent { position: 1, quantity, pieces: 0 }];
    let sending = Sending { goods: &goods, carrier, note: "" };
    Ok(purchasing::send(db, cx, (order, None), &sending).await?)
}

async fn deliver(
    db: &mut PgConnection,
    (sent, received): (&Cx, &Cx),
    order: Uuid,
    what: (i64, &str),
    account: Option<&PayAccount>,
) -> anyhow::Result<()> {
    let nth = send(db, sent, order, what).await?;
    purchasing::receive(db, received, (order, nth), &BTreeMap::new(), "", account).await?;
    Ok(())
}
