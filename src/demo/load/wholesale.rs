//! The demo's trade in bulk: cartons and kilograms, a supermarket and a kitchen that buy, and prices of their own.

use super::{ago, firms::Firm, people::People};
use crate::{
    catalogue::{self, LeadStep, OwnVariant, State, Terms},
    kernel::{Actor, Cx, OrgId, PersonId, SellerId, VariantId, Vnd, day_of},
    organisations::{self, NewOrganisation},
    wholesale::{self, CustomerStep, Item, NewPrice, Sample, Settings, Unit, WholesaleError, Whom},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sqlx::PgConnection;

/// Who sells so, and the goods of each that are settled.
const SELLERS: [&str; 2] = ["suong-huong-phung", "may-khe-sanh"];
const GOODS: usize = 8;
/// Who buys, and what he wrote when he asked.
const BUYERS: [(&str, &str, &str); 2] = [
    (
        "sieu-thi-que-minh",
        "Siêu thị",
        "Chúng tôi có ba siêu thị trong tỉnh, cần khoảng 20 thùng mỗi tháng, nhận hàng tại kho Đông Hà.",
    ),
    ("bep-nha-minh", "Nhà hàng, bếp ăn", "Bếp ăn 300 suất mỗi ngày, lấy hàng hằng tuần."),
];

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    people: &People,
    firms: &[Firm],
) -> anyhow::Result<()> {
    let mut orgs = Vec::new();
    for (slug, group, words) in BUYERS {
        let firm = firms.iter().find(|f| f.slug == slug).with_context(|| slug.to_owned())?;
        let person = owner(people, slug)?;
        orgs.push((organisation(db, &ago(cx, 60, 0), person, firm).await?, person, group, words));
    }
    for (n, slug) in SELLERS.iter().enumerate() {
        let firm = firms.iter().find(|f| f.slug == *slug).with_context(|| (*slug).to_owned())?;
        let by = ago(cx, 45, 3).by(Actor::Person(owner(people, slug)?));
        let goods = sells(db, &by, firm.id, n == 0).await?;
        for (i, (org, person, group, words)) in orgs.iter().enumerate() {
            let asks = ago(cx, 40, i64::try_from(i)?).by(Actor::Person(*person));
            told(wholesale::ask(db, &asks, (*org, *person), firm.id, words).await)?;
            // The second shop has not answered the kitchen yet.
            if n == 1 && i == 1 {
                continue;
            }
            let by = ago(cx, 39, 0).by(Actor::Person(owner(people, slug)?));
            admits(db, &by, (firm.id, *org), group, &goods).await?;
        }
        if n == 0 {
            let lines: Vec<(VariantId, i64)> =
                goods.iter().take(4).map(|own| (own.variant, 24)).collect();
            let (org, person, ..) = orgs[0];
            let by = ago(cx, 30, 0).by(Actor::Person(person));
            told(wholesale::add_list(db, &by, org, "Cà phê hằng tháng", &lines).await)?;
        }
    }
    Ok(())
}

fn told<T>(done: Result<T, WholesaleError>) -> anyhow::Result<T> {
    done.map_err(|error| anyhow!("{error}"))
}

fn owner(people: &People, slug: &str) -> anyhow::Result<PersonId> {
    people.shops.get(slug).map(|(owner, _)| *owner).with_context(|| slug.to_owned())
}

/// The organisation that the firm's owner buys for, opened where there is none.
async fn organisation(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    firm: &Firm,
) -> anyhow::Result<OrgId> {
    if let Some(org) = organisations::acting(db, person, None).await? {
        return Ok(org.id);
    }
    let new = NewOrganisation {
        tax_code: firm.facts.tax_code.clone().context("a firm has a tax code")?,
        name: firm.facts.legal_name.clone(),
        address: firm.facts.address.clone(),
        commune_code: firm.facts.commune_code.clone(),
        email: firm.facts.email.clone(),
    };
    organisations::open(db, cx, person, &new).await.map_err(|error| anyhow!("{error}"))
}

/// Cartons of 24, from a dozen on, a week for more than two hundred; two may be tried.
async fn sells(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    hidden: bool,
) -> anyhow::Result<Vec<OwnVariant>> {
    let welcome = "Nhận đại lý, siêu thị, nhà hàng trong và ngoài tỉnh. Đơn đầu từ 2 triệu đồng.";
    let settings = Settings { hidden, welcome: welcome.into() };
    told(wholesale::save_settings(db, cx, seller, &settings).await)?;
    let mut goods = catalogue::own_variants(db, seller, "", "", 60).await?;
    let packed =
        |own: &OwnVariant| ["gói", "hộp", "túi", "hũ", "chai"].contains(&own.unit.as_str());
    goods.retain(|own| own.state == State::Published && packed(own));
    goods.truncate(GOODS);
    for own in &goods {
        let item = Item {
            terms: Terms {
                min: 12,
                step: 12,
                for_all: false,
                lead: vec![LeadStep { from: 240, days: 7 }, LeadStep { from: 1_200, days: 21 }],
            },
            units: vec![Unit { name: "thùng".into(), units: 1, base: 24 }],
            sample: Some(Sample { most: 2, price: own.price }),
        };
        told(wholesale::save_item(db, cx, seller, own.variant, &item).await)?;
    }
    Ok(goods)
}

/// Admitted into a group whose prices lie an eighth below retail, by the carton.
async fn admits(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    group: &str,
    goods: &[OwnVariant],
) -> anyhow::Result<()> {
    let group = told(wholesale::open_group(db, cx, seller, group).await)?;
    let between = (seller, org);
    told(wholesale::decide(db, cx, between, CustomerStep::Admit, (Some(group), "")).await)?;
    let today = day_of(cx.now);
    for own in goods {
        let eighth = own.price.0 / 8 / 1_000 * 1_000;
        let price = NewPrice {
            variant: own.variant,
            whom: Whom::Group(group),
            min_quantity: 24,
            price: Vnd(own.price.0 - eighth),
            unit: "thùng".into(),
            valid_from: today,
            valid_to: Some(today + TimeDelta::days(365)),
        };
        told(wholesale::add_price(db, cx, seller, &price).await)?;
    }
    Ok(())
}
