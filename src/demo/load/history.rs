//! A year of orders, in every state, so that lists and figures have life. The same on every machine but
//! for its dates: chance comes from a fixed seed.

use super::{
    Parts, ago,
    firms::Firm,
    goods_back,
    people::{Buyer, People},
    products::Good,
};
use crate::{
    catalogue::{self, Offer, price_for},
    documents::{self, NewInvoice},
    kernel::{CheckoutId, Cx, Lang, OrderId, OrgId, SellerId, Vnd, day_of},
    orders::{
        self, Act, ActorKind, Contact, DeliveryMethod, GroupNames, NewDelivery, NewGroup, NewLine,
        NewOrder, OrderError, OrderEvent, Org, PaymentMethod, SellerSnapshot,
    },
    platform::outbox,
};
use anyhow::anyhow;
use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sqlx::{Acquire, PgConnection};
use std::collections::HashMap;

const ORDERS: usize = 900;

/// Who acts in the year's story.
pub(super) struct Cast<'a> {
    pub(super) parts: &'a Parts,
    pub(super) people: &'a People,
    pub(super) firms: &'a [Firm],
    pub(super) goods: &'a [Good],
}

/// What becomes of one order in the end, if there is time for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Completed,
    StaysOpen,
    BuyerCancels,
    SellerCancels,
    NeverPaid,
}

pub(super) async fn load(db: &mut PgConnection, cx: &Cx, cast: &Cast<'_>) -> anyhow::Result<usize> {
    let mut chance = StdRng::seed_from_u64(44);
    let products: Vec<_> = cast.goods.iter().filter(|g| g.on_sale).map(|g| g.product).collect();
    let mut offers: HashMap<usize, Vec<Offer>> = HashMap::new();
    let place: HashMap<_, _> = cast.firms.iter().enumerate().map(|(at, f)| (f.id, at)).collect();
    for offer in catalogue::offers_of(db, cx, &products).await? {
        offers.entry(place[&offer.seller]).or_default().push(offer);
    }
    let mut shops: Vec<usize> = offers.keys().copied().collect();
    shops.sort_unstable();
    let (mut made, mut recent) = (0, Vec::new());
    for at in 0..ORDERS {
        // More and more as the year goes on; the last ones in the past days.
        let back = 1.0 - (f64::from(u32::try_from(at)?) / ORDERS as f64).sqrt();
        let placed = ago(cx, (back * 355.0) as i64, chance.random_range(1..20));
        let firm = &cast.firms[shops[chance.random_range(0..shops.len())]];
        if firm.opened.now + TimeDelta::days(3) > placed.now {
            continue;
        }
        let group = group(&mut chance, &placed, cast, firm, &offers[&place[&firm.id]]);
        let visit = group.orders.iter().any(|o| o.delivery.method == DeliveryMethod::Pickup);
        let mut step = db.begin().await?;
        match orders::place(&mut step, &placed, group).await {
            Ok(done) => {
                for order in done.orders {
                    let fate = fate(&mut chance);
                    live(&mut step, cx, &placed, order.id, (fate, visit), &mut chance).await?;
                    if placed.now > cx.now - TimeDelta::days(20) {
                        recent.push(order.id);
                    }
                    if fate == Fate::Completed && at % 10 < 7 {
                        invoice(&mut step, cx, &placed, (order.id, order.seller), at).await?;
                    }
                }
                step.commit().await?;
                made += 1;
            }
            Err(OrderError::Short { .. }) => step.rollback().await?,
            Err(error) => return Err(anyhow!("placing an order: {error}")),
        }
    }
    // Nobody is told today of what happened months ago.
    outbox::consider_told(db, cx, "orders.", cx.now - TimeDelta::days(3)).await?;
    goods_back::load(db, cx, &recent).await?;
    Ok(made)
}

/// Most sellers have recorded the invoices of what they sold more than two weeks ago.
async fn invoice(
    db: &mut PgConnection,
    now: &Cx,
    placed: &Cx,
    sale: (OrderId, SellerId),
    at: usize,
) -> anyhow::Result<()> {
    if placed.now + TimeDelta::days(14) > now.now {
        return Ok(());
    }
    let on = day_of(placed.now + TimeDelta::days(2));
    let new = NewInvoice {
        symbol: format!("1C{}TAA", on.format("%y")),
        number: (at + 1).to_string(),
        issued_on: on,
        authority_code: format!("M1-{}-DEMO0-{:011}", on.format("%y"), at + 1),
        file: None,
    };
    let then = Cx::at(placed.now + TimeDelta::days(3));
    documents::record(db, &then, sale, &new).await.map_err(|error| anyhow!("{error}"))
}

fn group(chance: &mut StdRng, cx: &Cx, cast: &Cast<'_>, firm: &Firm, offers: &[Offer]) -> NewGroup {
    let buyer = &cast.people.buyers[chance.random_range(0..cast.people.buyers.len())];
    let org = (chance.random_range(0..100) < 22).then(|| {
        let others: Vec<&Firm> =
            cast.firms.iter().filter(|f| f.id != firm.id && f.selling).collect();
        others[chance.random_range(0..others.len().min(24))]
    });
    let lines = lines(chance, offers, org.is_some());
    let mut order = order(chance, cast, firm, buyer, lines, org.is_some());
    if order.lines.first().is_some_and(|line| is_service(offers, line)) {
        order.delivery = NewDelivery {
            method: DeliveryMethod::Pickup,
            text: order.seller.address.clone(),
            commune: None,
            days: String::new(),
            fee: Vnd::ZERO,
        };
    }
    let goods =
        order.lines.iter().try_fold(Vnd::ZERO, |sum, l| sum.plus(l.unit_price.times(l.quantity)?));
    if let (Some(voucher), Some(goods), None) = (&firm.voucher, goods, &org)
        && let Ok(off) = voucher.judge(goods, day_of(cx.now), 0)
    {
        order.voucher = Some(voucher.redeemed(off));
    }
    let guest = chance.random_range(0..100) < 20;
    NewGroup {
        names: GroupNames::new(cx),
        checkout: CheckoutId(cx.new_id()),
        buyer: (!guest).then_some(buyer.id),
        lang: Lang::Vi,
        contact: Contact {
            name: buyer.name.clone(),
            phone: buyer.phone.clone(),
            email: (!guest).then(|| buyer.email.clone()),
        },
        organisation: org.and_then(|f| {
            Some(Org {
                id: OrgId(f.id.0),
                tax_code: f.facts.tax_code.clone()?,
                name: f.facts.legal_name.clone(),
            })
        }),
        orders: vec![order],
    }
}

fn lines(chance: &mut StdRng, offers: &[Offer], business: bool) -> Vec<NewLine> {
    let count = chance.random_range(1..=3usize).min(offers.len());
    let mut lines: Vec<NewLine> = Vec::new();
    for _ in 0..count {
        let offer = &offers[chance.random_range(0..offers.len())];
        if lines.iter().any(|l| l.variant == offer.variant) {
            continue;
        }
        let most = if business { 3..=20 } else { 1..=2 };
        let quantity = chance.random_range(most);
        lines.push(NewLine {
            variant: offer.variant,
            product: offer.product,
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            label: offer.label.clone(),
            unit: offer.unit.clone(),
            picture: offer.picture.clone(),
            quantity,
            unit_price: price_for(offer, quantity, business),
            tax: offer.tax_bps,
        });
    }
    // A visit and a packet of coffee are two orders: only one of them travels.
    let service = lines.first().is_some_and(|line| is_service(offers, line));
    lines.retain(|line| is_service(offers, line) == service);
    lines
}

/// A visit, a course, work done: it is had at the seller's and nothing is carried.
fn is_service(offers: &[Offer], line: &NewLine) -> bool {
    offers.iter().any(|offer| offer.variant == line.variant && offer.is_service)
}

fn order(
    chance: &mut StdRng,
    cast: &Cast<'_>,
    firm: &Firm,
    buyer: &Buyer,
    lines: Vec<NewLine>,
    business: bool,
) -> NewOrder {
    let places = &cast.parts.places;
    let inside = places.commune(&buyer.commune).is_some_and(|c| c.province_code == places.home());
    let fee = if inside { firm.inner_fee } else { firm.outer_fee };
    let facts = &firm.facts;
    let transfer = facts.bank.is_some() && (!firm.cod || chance.random_range(0..100) < 45);
    NewOrder {
        seller: SellerSnapshot {
            id: firm.id,
            name: facts.legal_name.clone(),
            tax_code: facts.tax_code.clone(),
            address: format!("{}, {}", facts.address, places.shown(&facts.commune_code)),
            phone: facts.phone.clone(),
            email: facts.email.clone(),
        },
        bank: facts.bank.as_ref().and_then(|b| b.open(&cast.parts.sealer)).map(|b| {
            orders::PayAccount {
                bin: b.bin,
                bank_name: b.bank_name,
                number: b.number,
                name: b.name,
            }
        }),
        delivery: NewDelivery {
            method: DeliveryMethod::Own,
            text: format!("{}, {}", buyer.line, places.shown(&buyer.commune)),
            commune: Some(buyer.commune.clone()),
            days: if inside { "2–4".into() } else { "4–6".into() },
            fee: if business { Vnd::ZERO } else { fee },
        },
        payment: if transfer { PaymentMethod::VietQr } else { PaymentMethod::Cod },
        note: String::new(),
        voucher: None,
        lines,
    }
}

fn fate(chance: &mut StdRng) -> Fate {
    match chance.random_range(0..100) {
        0..=3 => Fate::BuyerCancels,
        4..=6 => Fate::SellerCancels,
        7..=9 => Fate::NeverPaid,
        10..=13 => Fate::StaysOpen,
        _ => Fate::Completed,
    }
}

/// Walks an order as far as its fate and the calendar allow.
async fn live(
    db: &mut PgConnection,
    now: &Cx,
    placed: &Cx,
    order: OrderId,
    (fate, visit): (Fate, bool),
    chance: &mut StdRng,
) -> anyhow::Result<()> {
    use {
        ActorKind::{Buyer, Seller},
        OrderEvent as E,
    };
    let steps: &[(i64, OrderEvent, ActorKind, &str)] = match fate {
        Fate::BuyerCancels => &[(2, E::Cancel, Buyer, "Tôi đặt nhầm loại, xin hủy.")],
        Fate::SellerCancels => &[
            (6, E::Pay, Seller, ""),
            (9, E::Cancel, Seller, "Hết nguyên liệu đúng loại, mong bạn thông cảm."),
        ],
        Fate::NeverPaid | Fate::Completed | Fate::StaysOpen => &[
            (3, E::Pay, Seller, ""),
            (7, E::Confirm, Seller, ""),
            (22, E::Pack, Seller, ""),
            (28, E::HandOver, Seller, "Xe hàng của gian hàng"),
            (76, E::Deliver, Seller, ""),
            (120, E::Receive, Buyer, ""),
        ],
    };
    let slower = chance.random_range(0..12);
    for (hours, event, actor, note) in steps {
        let at = Cx::at(placed.now + TimeDelta::hours(hours + slower));
        if at.now > now.now || (fate == Fate::NeverPaid && *event == E::Pay) {
            break;
        }
        let note = if visit && *event == E::HandOver { "" } else { *note };
        let act = Act { event: *event, actor: *actor, note, seen: None };
        match orders::act(db, &at, order, &act).await {
            Ok(_) => {}
            // A cash order is not paid beforehand.
            Err(OrderError::Moved(_)) if *event == E::Pay => {}
            Err(error) => return Err(anyhow!("{event:?}: {error}")),
        }
        if fate == Fate::StaysOpen
            && chance.random_range(0..4) == 0
            && (now.now - at.now).num_days() < 6
        {
            break;
        }
    }
    Ok(())
}
