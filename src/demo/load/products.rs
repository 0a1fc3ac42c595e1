//! The demo's goods.

use super::{firms::Firm, rows};
use crate::{
    catalogue::{self, About, NewCertificate, NewProduct, NewVariant, State, Tier},
    kernel::{Cx, Vnd, parse_day},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};

/// A listing of the demo, as orders need it.
pub(super) struct Good {
    pub(super) product: crate::kernel::ProductId,
    pub(super) on_sale: bool,
}

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    firms: &[Firm],
) -> anyhow::Result<Vec<Good>> {
    let places: HashMap<&str, usize> =
        firms.iter().enumerate().map(|(at, f)| (f.slug.as_str(), at)).collect();
    let mut goods = Vec::new();
    for (at, row) in rows::products()?.into_iter().enumerate() {
        let place =
            *places.get(row.firm.as_str()).with_context(|| format!("no firm {}", row.firm))?;
        let firm = &firms[place];
        let hours = i64::try_from(at % 40)? * 7 + 30;
        let listed =
            Cx::at((firm.opened.now + TimeDelta::hours(hours)).min(cx.now - TimeDelta::minutes(5)));
        let new = product(firm, &row).with_context(|| row.sku.clone())?;
        let id =
            catalogue::create_product(db, &listed, &new).await.with_context(|| row.sku.clone())?;
        let state = State::of(&row.state).with_context(|| row.state.clone())?;
        if state != State::Draft {
            let reason = match state {
                State::Blocked => {
                    "Mô tả công dụng chữa bệnh không có căn cứ; xin sửa lại theo bản tự công bố."
                }
                _ => "",
            };
            catalogue::bring_in(db, &listed, id, state, reason)
                .await
                .with_context(|| row.sku.clone())?;
        }
        goods.push(Good { product: id, on_sale: state == State::Published && firm.selling });
    }
    Ok(goods)
}

fn product(firm: &Firm, row: &rows::Product) -> anyhow::Result<NewProduct> {
    let facts: BTreeMap<String, String> = row
        .facts
        .split(" | ")
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let mut variants =
        parts(&row.variants).map(|text| variant(row, text)).collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(first) = variants.first_mut() {
        first.tiers = row
            .b2b_tiers
            .split(';')
            .filter(|t| !t.is_empty())
            .map(tier)
            .collect::<anyhow::Result<_>>()?;
    }
    Ok(NewProduct {
        seller: firm.id,
        about: About {
            category: row.category.clone(),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            description: row.description.clone(),
            brand: String::new(),
            origin_commune: Some(firm.facts.commune_code.clone()),
            facts,
            unit: row.unit.clone(),
            tax_bps: row.tax_bps,
            lead_days: row.lead_days,
        },
        art: format!("{}/{}", row.art, row.tint),
        variants,
        certificates: parts(&row.certificates).map(certificate).collect::<anyhow::Result<_>>()?,
    })
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("||").map(str::trim).filter(|part| !part.is_empty())
}

fn variant(row: &rows::Product, text: &str) -> anyhow::Result<NewVariant> {
    let fields: Vec<&str> = text.split('~').map(str::trim).collect();
    let [label, suffix, price, weight, stock] = fields[..] else {
        return Err(anyhow!("variant {text}"));
    };
    Ok(NewVariant {
        sku: if suffix.is_empty() { row.sku.clone() } else { format!("{}-{suffix}", row.sku) },
        label: label.to_owned(),
        price: Vnd(price.parse()?),
        list_price: None,
        weight_g: weight.parse()?,
        gtin: None,
        stock: stock.parse()?,
        tiers: Vec::new(),
    })
}

fn tier(text: &str) -> anyhow::Result<Tier> {
    let (from, price) = text.split_once(':').context("tier")?;
    Ok(Tier { min_quantity: from.trim().parse()?, price: Vnd(price.trim().parse()?) })
}

fn certificate(text: &str) -> anyhow::Result<NewCertificate> {
    let fields: Vec<&str> = text.splitn(5, ':').map(str::trim).collect();
    let [kind, number, issuer, issued, expires] = fields[..] else {
        return Err(anyhow!("certificate {text}"));
    };
    let day = |text: &str| if text.is_empty() { Ok(None) } else { parse_day(text).map(Some) };
    Ok(NewCertificate {
        kind: kind.to_owned(),
        number: number.to_owned(),
        issuer: issuer.to_owned(),
        issued: day(issued).map_err(|e| anyhow!("{e}"))?,
        expires: day(expires).map_err(|e| anyhow!("{e}"))?,
        file_key: String::new(),
        file_type: String::new(),
        accepted: true,
    })
}
