//! The register of the demo province and its shops, each on its own way through admission.

use super::{Parts, ago, papers, people::People, rows};
use crate::{
    delivery::{self, Rates, Zone, ZoneKind},
    enterprises::{
        self, BankAccount, Kind, NewPaper, NewSeller, RegisterRow, Role, SellerFacts, Step,
    },
    kernel::{BasisPoints, Cx, Phone, SellerId, TaxCode, Vnd, day_of, fold},
    organisations, payments,
    platform::sealed::Sealer,
    promotions::{self, Discount, Valid, Voucher},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sqlx::PgConnection;
use std::collections::HashMap;

/// A shop of the demo.
pub(super) struct Firm {
    pub(super) id: SellerId,
    pub(super) slug: String,
    pub(super) selling: bool,
    pub(super) cod: bool,
    pub(super) inner_fee: Vnd,
    pub(super) outer_fee: Vnd,
    pub(super) opened: Cx,
    /// As orders keep it.
    pub(super) facts: SellerFacts,
    /// What it offers openly.
    pub(super) voucher: Option<Voucher>,
}

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    parts: &Parts,
    people: &People,
) -> anyhow::Result<Vec<Firm>> {
    let firms = rows::firms()?;
    register(db, cx, &firms).await?;
    let mut all = Vec::new();
    for (at, row) in firms.into_iter().enumerate() {
        let opened = ago(cx, (380 - i64::try_from(at)? * 4).max(20), 2);
        let id = open(db, &opened, parts, people, &row).await.with_context(|| row.slug.clone())?;
        settle(db, &opened, (id, &parts.sealer), &row).await.with_context(|| row.slug.clone())?;
        decide(db, &opened, id, &row.state).await.with_context(|| row.slug.clone())?;
        let voucher = if at % 3 == 0 && row.state == "approved" {
            promote(db, cx, id, at).await.with_context(|| row.slug.clone())?
        } else {
            None
        };
        all.push((id, opened, row, voucher));
    }
    let ids: Vec<SellerId> = all.iter().map(|(id, ..)| *id).collect();
    let mut facts: HashMap<SellerId, SellerFacts> = enterprises::facts(db, &ids).await?;
    all.into_iter()
        .map(|(id, opened, row, voucher)| {
            let facts = facts.remove(&id).ok_or_else(|| anyhow!("{} has no facts", row.slug))?;
            Ok(Firm {
                id,
                slug: row.slug,
                selling: row.state == "approved",
                cod: row.cod,
                inner_fee: Vnd(row.ship_inner_fee.unwrap_or_default()),
                outer_fee: Vnd(row.ship_outer_fee.unwrap_or_default()),
                opened,
                facts,
                voucher,
            })
        })
        .collect()
}

/// The register: 420 invented enterprises and the firms themselves.
async fn register(db: &mut PgConnection, cx: &Cx, firms: &[rows::Firm]) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for row in rows::register()? {
        let stopped = row.status != "active";
        all.push(RegisterRow {
            tax_code: TaxCode::parse(&row.tax_code).map_err(|e| anyhow!("{e}"))?,
            name: row.name,
            kind: Kind::of(&row.kind).context("kind")?.code(),
            commune_code: Some(row.commune_code),
            address: String::new(),
            vsic: row.vsic,
            employees: row.employees,
            revenue: row.revenue_vnd,
            capital: row.capital_vnd,
            active_from: Some(row.founded),
            active_to: stopped.then(|| crate::kernel::day_of(cx.now) - TimeDelta::days(90)),
        });
    }
    for row in firms {
        all.push(RegisterRow {
            tax_code: TaxCode::parse(&row.tax_code).map_err(|e| anyhow!("{e}"))?,
            name: row.name.clone(),
            kind: Kind::of(&row.kind).context("kind")?.code(),
            commune_code: Some(row.commune_code.clone()),
            address: row.address.clone(),
            vsic: row.vsic.clone(),
            employees: row.employees,
            revenue: row.revenue_vnd,
            capital: row.capital_vnd,
            active_from: Some(row.founded),
            active_to: None,
        });
    }
    enterprises::upsert_register(db, cx, "demo", &all).await?;
    Ok(())
}

async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    parts: &Parts,
    people: &People,
    row: &rows::Firm,
) -> anyhow::Result<SellerId> {
    let kind = Kind::of(&row.kind).context("kind")?;
    let new = NewSeller {
        tax_code: Some(TaxCode::parse(&row.tax_code).map_err(|e| anyhow!("{e}"))?),
        kind,
        legal_name: row.name.clone(),
        shop_name: row.short_name.clone(),
        slug: row.slug.clone(),
        commune_code: row.commune_code.clone(),
        address: row.address.clone(),
        vsic: Some(row.vsic.clone()),
        employees: row.employees,
        revenue: row.revenue_vnd,
        capital: row.capital_vnd,
        intro: row.intro_vi.clone(),
        intro_en: row.intro_en.clone(),
        phone: Phone::parse(&row.phone).map_err(|e| anyhow!("{e}"))?.as_str().to_owned(),
        email: row.email.clone(),
        registration_no: row.tax_code.clone(),
        registered_on: Some(row.founded),
        registered_by: "Phòng Đăng ký kinh doanh (minh họa)".into(),
        art: String::new(),
    };
    let (owner, staff) = people.shops[&row.slug];
    let id = enterprises::open_shop(db, cx, new, Some(owner)).await?;
    enterprises::add_member(db, cx, id, staff, Role::Staff).await?;
    let line = format!("{} - MST {}", row.name, row.tax_code);
    let paper = NewPaper {
        kind: kind.licence().to_owned(),
        number: row.tax_code.clone(),
        issuer: "Phòng Đăng ký kinh doanh (minh họa)".into(),
        issued: Some(row.founded),
        expires: None,
        file_key: parts.files.keep(cx, "papers", papers::pdf(&line)).await?,
        file_type: "application/pdf".into(),
        file_name: format!("dang-ky-{}.pdf", row.slug),
    };
    enterprises::add_paper(db, cx, id, &paper).await?;
    Ok(id)
}

/// How it is paid and how it delivers.
async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    (id, sealer): (SellerId, &Sealer),
    row: &rows::Firm,
) -> anyhow::Result<()> {
    let account = BankAccount {
        bin: row.bank_bin.clone(),
        bank_name: String::new(),
        number: row.bank_account.clone(),
        name: fold(&row.name).to_uppercase(),
    };
    enterprises::save_bank_account(db, cx, sealer, id, &account).await?;
    payments::save_settings(
        db,
        cx,
        id,
        payments::Settings { cod: row.cod, transfer: row.transfer, ..Default::default() },
    )
    .await?;
    let zone = |position, name: &str, kind, fee, days| Zone {
        id: cx.new_id(),
        position,
        name: name.to_owned(),
        kind,
        communes: Vec::new(),
        fee: Vnd(fee),
        per_kg: Vnd(if fee == 0 { 0 } else { 4_000 }),
        days_min: days,
        days_max: days + 2,
    };
    let (inner, outer) = (row.ship_inner_fee, row.ship_outer_fee);
    let zones = [
        inner.map(|fee| zone(1, "Trong tỉnh", ZoneKind::Province, fee, 1)),
        outer.map(|fee| zone(2, "Toàn quốc", ZoneKind::Country, fee, 3)),
    ];
    let rates = Rates {
        own: inner.is_some() || outer.is_some(),
        pickup: row.pickup,
        post_point: inner.is_some_and(|fee| fee > 0),
        free_over: row.free_over.map(Vnd),
        pickup_note: "Hằng ngày 8 giờ – 17 giờ, xin gọi trước.".into(),
        zones: zones.into_iter().flatten().collect(),
        fee_by: None,
        kept: Vec::new(),
        paused: Vec::new(),
    };
    delivery::set_up(db, cx, id, &rates).await?;
    Ok(())
}

/// A voucher that runs since forty days and for two months more.
async fn promote(
    db: &mut PgConnection,
    cx: &Cx,
    id: SellerId,
    at: usize,
) -> anyhow::Result<Option<Voucher>> {
    let today = day_of(cx.now);
    let by_percent = at.is_multiple_of(2);
    let (code, discount) = if by_percent {
        let (bps, ceiling) = (BasisPoints(1_000), Some(Vnd(50_000)));
        ("QUEMINH10", Discount::Percent { bps, ceiling })
    } else {
        ("CAMON20", Discount::Amount(Vnd(20_000)))
    };
    let new = Valid {
        code: code.to_owned(),
        offered: true,
        discount,
        min_goods: Vnd(if by_percent { 150_000 } else { 200_000 }),
        total_limit: Some(500),
        buyer_limit: None,
        starts_on: today - TimeDelta::days(40),
        ends_on: today + TimeDelta::days(60),
    };
    promotions::open(db, cx, id, &new).await?;
    Ok(promotions::offered(db, cx, &[id]).await?.into_iter().next())
}

/// Through admission to where the file says it stands.
async fn decide(db: &mut PgConnection, cx: &Cx, id: SellerId, state: &str) -> anyhow::Result<()> {
    let later = |hours| Cx::at(cx.now + TimeDelta::hours(hours));
    if state == "draft" {
        return Ok(());
    }
    enterprises::submit(db, &later(3), id).await?;
    let paper = enterprises::papers(db, id).await?;
    let judged = matches!(state, "approved" | "suspended");
    for paper in paper.iter().filter(|_| judged) {
        enterprises::judge_paper(db, &later(20), id, paper.id, true, "").await?;
    }
    let (step, reason) = match state {
        "approved" | "suspended" => (Step::Approve, ""),
        "need_changes" => {
            (Step::AskChanges, "Bản chụp giấy đăng ký bị mờ, xin chụp lại rõ số và ngày cấp.")
        }
        "refused" => {
            (Step::Refuse, "Ngành nghề đăng ký không có hàng hóa hoặc dịch vụ nêu trong hồ sơ.")
        }
        _ => return Ok(()),
    };
    enterprises::decide(db, &later(26), id, step, reason, None).await?;
    if step == Step::Approve {
        organisations::shop_admitted(db, &later(26), id).await?;
    }
    if state == "suspended" {
        let reason =
            "Giấy chứng nhận an toàn thực phẩm đã hết hạn; gian hàng mở lại khi có giấy mới.";
        enterprises::decide(db, &later(24 * 30), id, Step::Suspend, reason, None).await?;
    }
    Ok(())
}
