//! Firms of the demo ask for prices: one request in each kind of standing.

use super::{ago, firms::Firm, people::People, products::Good};
use crate::{
    approvals::{self, ApprovalError, Subject, SubjectKind},
    catalogue::{self, Categories, Offer},
    kernel::{BasisPoints, Cx, Lang, OrgId, PersonId, SellerId, Vnd},
    organisations::{self, NewOrganisation, OrgRole, Organisation},
    platform::outbox,
    quotes::{
        self, Amount, Audience, Break, Chosen, Counter, NewLine, NewOffer, NewRequest, OfferLine,
        Offerer, Outcome, Terms,
    },
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

/// Who buys: an admitted shop that buys as well.
struct Buyer {
    org: Organisation,
    person: PersonId,
}

/// One request and how far it has come.
struct Story {
    title: &'static str,
    body: &'static str,
    /// Days ago it was sent, and days after that on which it closes.
    sent: i64,
    open: i64,
    sealed: bool,
    /// How many of each line, in whole units.
    quantity: i64,
    /// What each shop asks, in percent of its list price; none: it has not answered.
    offers: &'static [i64],
    countered: bool,
    /// What the buyer has chosen by now.
    chosen: Choice,
}

/// How far a choice has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    No,
    /// The firm's rules name somebody who has not agreed yet.
    Waits,
    Agreed,
}

const STORIES: [Story; 6] = [
    Story {
        title: "Quà Tết cho 120 nhân viên",
        body: "Đóng hộp hoặc giỏ, in thiệp có tên công ty. Giao một lần, có hóa đơn.",
        sent: 2,
        open: 9,
        sealed: false,
        quantity: 120,
        offers: &[92, 88, 95],
        countered: false,
        chosen: Choice::No,
    },
    Story {
        title: "Cà phê và mật ong cho quầy đặc sản quý I",
        body: "Hàng có tem truy xuất nguồn gốc, hạn dùng còn ít nhất 8 tháng khi giao.",
        sent: 3,
        open: 7,
        sealed: true,
        quantity: 200,
        offers: &[90, 87],
        countered: false,
        chosen: Choice::No,
    },
    Story {
        title: "Bổ sung hàng khuyến mại cuối năm",
        body: "Giao trước ngày 10 tháng sau.",
        sent: 6,
        open: 12,
        sealed: false,
        quantity: 60,
        offers: &[93, 91, 96],
        countered: true,
        chosen: Choice::No,
    },
    Story {
        title: "Gia vị cho bếp ăn tháng này",
        body: "Giao tại bếp trước 6 giờ sáng.",
        sent: 28,
        open: 6,
        sealed: false,
        quantity: 40,
        offers: &[89, 94, 92],
        countered: false,
        chosen: Choice::Agreed,
    },
    Story {
        title: "Khảo giá nông sản khô",
        body: "",
        sent: 1,
        open: 14,
        sealed: false,
        quantity: 300,
        offers: &[],
        countered: false,
        chosen: Choice::No,
    },
    Story {
        title: "Hàng khô cho bếp quý I",
        body: "Giao hai đợt, đợt đầu trước ngày 5 tháng sau.",
        sent: 5,
        open: 3,
        sealed: false,
        quantity: 150,
        offers: &[91, 88, 93],
        countered: false,
        chosen: Choice::Waits,
    },
];

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    (people, tree): (&People, &Categories),
    (firms, goods): (&[Firm], &[Good]),
) -> anyhow::Result<()> {
    let mut buyers = Vec::new();
    for slug in ["sieu-thi-que-minh", "bep-nha-minh"] {
        buyers.push(
            buyer(db, cx, people, firms.iter().find(|f| f.slug == slug).context(slug)?).await?,
        );
    }
    let products: Vec<_> = goods.iter().filter(|g| g.on_sale).map(|g| g.product).collect();
    let offers = catalogue::offers_of(db, cx, &products).await?;
    let shops: Vec<&Firm> = firms
        .iter()
        .filter(|f| {
            f.selling && offers.iter().any(|o| o.seller == f.id && o.sellable && !o.is_service)
        })
        .take(9)
        .collect();
    for (n, story) in STORIES.iter().enumerate() {
        let buyer = &buyers[usize::from(story.chosen != Choice::No)];
        let chosen: Vec<&Firm> = shops.iter().cycle().skip(n * 2).take(3).copied().collect();
        tell(db, cx, (people, tree), (story, buyer), (&chosen, &offers)).await?;
    }
    // Nobody is told today of what was done before.
    outbox::consider_told(db, cx, "quotes.", cx.now).await?;
    outbox::consider_told(db, cx, "purchasing.", cx.now).await?;
    Ok(())
}

async fn buyer(
    db: &mut PgConnection,
    cx: &Cx,
    people: &People,
    firm: &Firm,
) -> anyhow::Result<Buyer> {
    let person = people.shops.get(&firm.slug).context("an owner")?.0;
    if let Some(org) = organisations::acting(db, person, None).await? {
        return Ok(Buyer { org, person });
    }
    let new = NewOrganisation {
        tax_code: firm.facts.tax_code.clone().context("a tax code")?,
        name: firm.facts.legal_name.clone(),
        address: firm.facts.address.clone(),
        commune_code: firm.facts.commune_code.clone(),
        email: firm.facts.email.clone(),
    };
    let opened = organisations::open(db, &ago(cx, 60, 0), person, &new).await;
    let org: OrgId = opened.map_err(|e| anyhow!("{}: {e}", firm.slug))?;
    let org = organisations::organisation(db, org).await?.context("the organisation")?;
    Ok(Buyer { org, person })
}

fn lines(story: &Story, shops: &[&Firm], offers: &[Offer]) -> Vec<NewLine> {
    let of =
        |shop: &&&Firm| offers.iter().find(|o| o.seller == shop.id && o.sellable && !o.is_service);
    let line = |o: &Offer| NewLine {
        variant: Some((o.variant, o.seller)),
        name: o.name.clone(),
        sku: o.sku.clone(),
        unit: o.unit.clone(),
        quantity: Amount(story.quantity * 1000),
        note: String::new(),
        wanted_on: None,
        category: Some(o.category_slug.clone()),
        tax: o.tax_bps,
    };
    shops.iter().filter_map(|shop| of(&shop)).take(3).map(line).collect()
}

async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    (people, tree): (&People, &Categories),
    (story, buyer): (&Story, &Buyer),
    (shops, offers): (&[&Firm], &[Offer]),
) -> anyhow::Result<()> {
    let sent = ago(cx, story.sent, 2);
    let closes_at = sent.now + TimeDelta::days(story.open);
    let new = NewRequest {
        org: buyer.org.id,
        org_name: buyer.org.name.clone(),
        org_tax_code: buyer.org.tax_code.clone(),
        asked_by: buyer.person,
        lang: Lang::Vi,
        title: story.title.to_owned(),
        body: story.body.to_owned(),
        lines: lines(story, shops, offers),
        audience: Audience::Chosen(shops.iter().map(|s| s.id).collect()),
        sealed: story.sealed,
        closes_at,
        delivery_commune: Some(buyer.org.commune_code.clone()),
        delivery_text: buyer.org.address.clone(),
        wanted_by: None,
        files: Vec::new(),
    };
    let id = quotes::ask(db, &sent, &new).await.map_err(|e| anyhow!("{}: {e}", story.title))?;
    let mut made = Vec::new();
    for ((shop, share), hours) in shops.iter().zip(story.offers).zip(4..) {
        let person = people.shops.get(&shop.slug).map(|p| p.0);
        let by = Offerer { seller: shop.id, person, owns: true };
        let at = Cx::at(sent.now + TimeDelta::hours(hours));
        let offer = offer(&at, &new, *share, (shop.id, offers));
        let done = quotes::offer(db, &at, id, by, &offer).await;
        made.push((done.map_err(|e| anyhow!("{}: {e}", story.title))?.0, offer));
    }
    ask_something(db, &sent, (buyer, id), shops).await?;
    if story.countered {
        counter(db, &sent, (buyer, id), &made).await?;
    }
    let later = Cx::at(sent.now + TimeDelta::days(2));
    match story.chosen {
        Choice::No => {}
        Choice::Waits => drop(choose(db, &later, tree, (buyer, id), &made).await?),
        Choice::Agreed => {
            if choose(db, &later, tree, (buyer, id), &made).await? == Outcome::Waits {
                agree(db, &later, buyer, id).await?;
                choose(db, &later, tree, (buyer, id), &made).await?;
            }
        }
    }
    Ok(())
}

/// A shop quotes all lines; others' goods are its own of the same kind, in words.
fn offer(
    cx: &Cx,
    asked: &NewRequest,
    share: i64,
    (seller, offers): (SellerId, &[Offer]),
) -> NewOffer {
    let line = |(position, line): (i32, &NewLine)| {
        let listed = line.variant.and_then(|(v, _)| offers.iter().find(|o| o.variant == v));
        let price =
            listed.map_or(50_000, |o| o.price.0) * (share + i64::from(position)) / 100_000 * 1_000;
        let own = line.variant.filter(|(_, of)| *of == seller).map(|(v, _)| v);
        let more =
            Break { min: Amount(line.quantity.0 * 2), price: Vnd(price.max(1_000) * 96 / 100) };
        OfferLine {
            position,
            choice: 0,
            variant: own,
            name: line.name.clone(),
            sku: if own.is_some() { line.sku.clone() } else { String::new() },
            unit: line.unit.clone(),
            quantity: line.quantity,
            price: Vnd(price.max(1_000)),
            tax: BasisPoints(line.tax.0),
            lead_days: 3 + position,
            note: String::new(),
            breaks: if own.is_some() { vec![more] } else { Vec::new() },
        }
    };
    let terms = if share % 2 == 0 {
        Terms { deposit: 3_000, on_delivery: 7_000, ..Terms::default() }
    } else {
        Terms { on_delivery: 5_000, net_days: Some(30), ..Terms::default() }
    };
    NewOffer {
        lines: (1..).zip(&asked.lines).map(line).collect(),
        delivery_fee: Vnd((share % 5) * 40_000),
        deliver_on: None,
        valid_until: cx.now + TimeDelta::days(30),
        terms,
        note: "Giá đã gồm thuế, giao tại kho bên mua.".into(),
    }
}

async fn counter(
    db: &mut PgConnection,
    sent: &Cx,
    (buyer, id): (&Buyer, Uuid),
    made: &[(Uuid, NewOffer)],
) -> anyhow::Result<()> {
    let Some((quote, offer)) = made.first() else { return Ok(()) };
    let Some(line) = offer.lines.first() else { return Ok(()) };
    let lower = Vnd(line.price.0 * 95 / 100_000 * 1_000);
    let new = Counter {
        prices: vec![(line.position, line.choice, lower.max(Vnd(1_000)))],
        delivery_fee: Some(Vnd::ZERO),
        note: "Mua đều hằng tháng, mong giảm thêm và miễn phí giao.".into(),
    };
    let at = Cx::at(sent.now + TimeDelta::days(1));
    let whose = (buyer.org.id, id, *quote);
    let done = quotes::counter(db, &at, whose, (buyer.person, 1), &new).await;
    done.map_err(|e| anyhow!("a counter-offer: {e}"))
}

/// Whoever else may agree does.
async fn agree(db: &mut PgConnection, cx: &Cx, buyer: &Buyer, request: Uuid) -> anyhow::Result<()> {
    let subject = Subject { kind: SubjectKind::Quote, id: request };
    let asked = approvals::latest(db, subject).await?.context("nothing was asked")?;
    let approvers = organisations::members_with(db, buyer.org.id, OrgRole::Approver).await?;
    for person in approvers.into_iter().filter(|person| *person != buyer.person) {
        let words = (true, "Giá tốt nhất trong ba chào giá.");
        match approvals::decide(db, cx, (buyer.org.id, person), asked, words).await {
            Ok(()) | Err(ApprovalError::Stale | ApprovalError::NotYours) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Each line to whoever asks least for it.
async fn choose(
    db: &mut PgConnection,
    cx: &Cx,
    tree: &Categories,
    (buyer, id): (&Buyer, Uuid),
    made: &[(Uuid, NewOffer)],
) -> anyhow::Result<Outcome> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for (n, (quote, offer)) in made.iter().enumerate().take(2) {
        let own = offer.lines.iter().filter(|l| usize::try_from(l.position % 2) == Ok(n));
        chosen.extend(own.map(|l| Chosen {
            position: l.position,
            quote: *quote,
            version: 1,
            choice: 0,
            quantity: l.quantity,
        }));
    }
    let who = (buyer.person, Lang::Vi);
    let done = quotes::choose(db, cx, tree, (buyer.org.id, id), who, (&chosen, "")).await;
    done.map_err(|e| anyhow!("an award: {e}"))
}

async fn ask_something(
    db: &mut PgConnection,
    sent: &Cx,
    (buyer, id): (&Buyer, Uuid),
    shops: &[&Firm],
) -> anyhow::Result<()> {
    let Some(shop) = shops.get(1) else { return Ok(()) };
    let at = |hours| Cx::at(sent.now + TimeDelta::hours(hours));
    let words = "Giao thành hai đợt cách nhau một tuần được không ạ?";
    let asked = quotes::question(db, &at(3), (id, shop.id), (words, false)).await;
    let question = asked.map_err(|e| anyhow!("a question: {e}"))?;
    let words = (buyer.person, "Được, miễn đợt đầu đủ một nửa. Hóa đơn xuất theo từng đợt.");
    let done = quotes::answer(db, &at(5), (buyer.org.id, id, question), words).await;
    done.map_err(|e| anyhow!("an answer: {e}"))
}
