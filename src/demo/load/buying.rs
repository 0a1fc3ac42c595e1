//! Firms that buy: a kitchen with its sites, colleagues, rules and requests, and one that waits to be verified.

use super::{ago, firms::Firm, people::People, rows};
use crate::{
    approvals::{self, ApprovalError, NewRule, NewStandIn, Request, Subject, SubjectKind},
    kernel::{Cx, OrgId, PersonId, Phone, TaxCode, Text, Vnd, day_of},
    organisations::{self, NewOrganisation, NewSite, OrgRole},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// Cooks for factories, and buys what it cooks.
const KITCHEN: &str = "bep-nha-minh";

/// Name, recipient, telephone, address.
const SITES: [(&str, &str, &str, &str); 3] = [
    ("Bếp trung tâm", "Chị Lành, bếp trưởng", "0900000311", "Cổng 2, Khu công nghiệp Nam Đông Hà"),
    ("Kho khô", "Anh Thọ, thủ kho", "0900000312", "Lô C4, Khu công nghiệp Nam Đông Hà"),
    ("Văn phòng", "Chị Vân, hành chính", "0900000313", "Khu công nghiệp Nam Đông Hà"),
];

/// What the approvers said, if they did.
type Answer = Option<(bool, &'static str)>;

/// How many days ago, how much, what for, and what became of it.
const REQUESTS: [(i64, i64, &str, &str, Answer); 4] = [
    (
        34,
        12_600_000,
        "Gạo và nước mắm cho tháng 10\n\n• Gạo ST25 × 300 kg\n• Nước mắm cốt × 120 chai",
        "Rice and fish sauce for October\n\n• ST25 rice × 300 kg\n• Fish sauce × 120 bottles",
        Some((true, "Đúng định mức tháng.")),
    ),
    (
        16,
        8_150_000,
        "Cà phê và quà Tết cho nhân viên\n\n• Cà phê rang xay × 95 gói",
        "Coffee as gifts for the staff\n\n• Ground coffee × 95 packs",
        Some((false, "Chờ chốt số người rồi gửi lại.")),
    ),
    (
        2,
        6_480_000,
        "Hồ tiêu, gia vị cho bếp\n\n• Tiêu đen × 40 kg\n• Bột nghệ × 24 kg",
        "Pepper and spices for the kitchen\n\n• Black pepper × 40 kg\n• Turmeric × 24 kg",
        None,
    ),
    (
        0,
        15_200_000,
        "Thịt và rau tuần này\n\n• Thịt lợn bản × 60 kg\n• Rau sạch × 200 kg",
        "Meat and vegetables of this week\n\n• Pork × 60 kg\n• Vegetables × 200 kg",
        None,
    ),
];

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    people: &People,
    firms: &[Firm],
) -> anyhow::Result<()> {
    let kitchen = firms.iter().find(|firm| firm.slug == KITCHEN).context("no kitchen")?;
    let (owner, staff) = *people.shops.get(KITCHEN).context("no kitchen")?;
    let approver = people.buyers.get(2).context("no approver")?.id;
    let accountant = people.buyers.get(3).context("no accountant")?.id;
    let org = OrgId(kitchen.id.0);
    let since = ago(cx, 120, 4);
    for (person, roles) in [
        (approver, vec![OrgRole::Approver]),
        (accountant, vec![OrgRole::Requester, OrgRole::Accountant]),
    ] {
        organisations::add_member(db, &since, org, person, &roles).await?;
    }
    sites(db, &since, org, &kitchen.facts.commune_code).await?;
    let over = Vnd(5_000_000);
    let any = NewRule { over, category: None, person: None, approver: None };
    let large =
        NewRule { over: Vnd(10_000_000), category: None, person: None, approver: Some(owner) };
    for rule in [any, large] {
        approvals::add_rule(db, &since, (org, owner), &rule).await?;
    }
    let today = day_of(cx.now);
    let holiday = NewStandIn {
        approver: owner,
        stand_in: approver,
        from: today + TimeDelta::days(3),
        to: today + TimeDelta::days(10),
    };
    approvals::add_stand_in(db, &ago(cx, 1, 2), (org, owner), &holiday).await?;
    requests(db, cx, org, (staff, owner, approver)).await?;
    unverified(db, cx, people).await
}

async fn sites(db: &mut PgConnection, cx: &Cx, org: OrgId, commune: &str) -> anyhow::Result<()> {
    for (at, (name, recipient, phone, line)) in SITES.into_iter().enumerate() {
        let site = NewSite {
            name: name.into(),
            recipient: recipient.into(),
            phone: Phone::parse(phone).map_err(|e| anyhow!("{e}"))?.as_str().to_owned(),
            commune_code: commune.into(),
            line: line.into(),
            is_default: at == 0,
        };
        organisations::save_site(db, cx, org, None, &site).await?;
    }
    Ok(())
}

async fn requests(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    (asked_by, owner, approver): (PersonId, PersonId, PersonId),
) -> anyhow::Result<()> {
    for (days, amount, vi, en, answer) in REQUESTS {
        let then = ago(cx, days, 3);
        let request = Request {
            org,
            asked_by,
            subject: Subject { kind: SubjectKind::Checkout, id: then.new_id() },
            print: Sha256::digest(vi.as_bytes()).into(),
            amount: Vnd(amount),
            categories: Vec::new(),
            what: Text::new(vi, en),
            url: "/dat-hang/xem-lai".into(),
        };
        approvals::ask(db, &then, &request).await?;
        let Some((yes, note)) = answer else { continue };
        let id = approvals::latest(db, request.subject).await?.context("nothing was asked")?;
        // Above ten million both have to agree; below, the first who speaks.
        for (person, hours) in [(owner, 1), (approver, 2)] {
            let later = Cx::at(then.now + TimeDelta::hours(hours));
            match approvals::decide(db, &later, (org, person), id, (yes, note)).await {
                Ok(()) | Err(ApprovalError::Stale | ApprovalError::NotYours) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// One of the register that nobody has looked at yet.
async fn unverified(db: &mut PgConnection, cx: &Cx, people: &People) -> anyhow::Result<()> {
    let row = rows::register()?
        .into_iter()
        .find(|row| row.status == "active" && row.kind == "enterprise");
    let row = row.context("the register is empty")?;
    let new = NewOrganisation {
        tax_code: TaxCode::parse(&row.tax_code).map_err(|e| anyhow!("{e}"))?.to_string(),
        name: row.name,
        address: "Số 8, đường Hùng Vương".into(),
        commune_code: row.commune_code,
        email: String::new(),
    };
    let opener = people.buyers.get(4).context("no opener")?.id;
    organisations::open(db, &ago(cx, 3, 6), opener, &new).await?;
    Ok(())
}
