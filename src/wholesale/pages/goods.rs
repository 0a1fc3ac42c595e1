//! `/ban-hang/khach-si/hang`: in which units and quantities goods are sold to firms.

use super::{SELLER, status, told};
use crate::{
    catalogue::{self, LeadStep, MOST_PIECES, OwnVariant, Terms},
    enterprises::SellerScope,
    kernel::{Cx, Errors, Text, VariantId, Vnd},
    web::{Form, Html, Page, PageError, Query, go_with},
    wholesale::{
        deals::{self, Sample},
        goods::{Item, MOST_UNITS, save_item},
        queries,
        units::{Unit, read_amount},
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

const HERE: &str = "/ban-hang/khach-si/hang";
const PAGE: i64 = 50;
/// Empty rows for lead times.
const LEADS: usize = 3;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct Asked {
    q: String,
    /// Behind this SKU.
    sau: String,
}

/// One variant in words.
struct Row {
    id: String,
    title: String,
    sku: String,
    price: String,
    units: String,
    least: String,
    lead: String,
    sample: String,
}

#[derive(Template)]
#[template(path = "wholesale/goods.html")]
struct GoodsPage {
    page: Page,
    here: &'static str,
    q: String,
    rows: Vec<Row>,
    next: String,
}

fn row(page: &Page, own: &OwnVariant, units: &[Unit], sample: Option<Sample>) -> Row {
    let (min, step) = (own.terms.min, own.terms.step);
    let piece = &own.unit;
    let mut least = if min > 1 { format!("{min} {piece}") } else { String::new() };
    if step > 1 {
        let word = page.t("bội số", "multiples of");
        least = [least, format!("{word} {step}")]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
    }
    let lead = own
        .terms
        .lead
        .iter()
        .map(|s| format!("{}+: {} {}", s.from, s.days, page.t("ngày", "days")));
    Row {
        id: own.variant.to_string(),
        title: own.title(),
        sku: own.sku.clone(),
        price: format!("{} / {piece}", own.price),
        units: units.iter().map(|u| u.shown(piece)).collect::<Vec<_>>().join("; "),
        least,
        lead: lead.collect::<Vec<_>>().join("; "),
        sample: sample.map(|s| format!("{} × {}", s.most, s.price)).unwrap_or_default(),
    }
}

/// `GET /ban-hang/khach-si/hang`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let after: String = asked.sau.chars().take(80).collect();
    let mut own =
        catalogue::own_variants(&mut db, scope.seller, &asked.q, &after, PAGE + 1).await?;
    let more = own.len() as i64 > PAGE;
    own.truncate(PAGE as usize);
    let ids: Vec<VariantId> = own.iter().map(|v| v.variant).collect();
    let units = deals::units(&mut db, &ids).await?;
    let samples = queries::samples(&mut db, &ids).await?;
    let next = own.last().filter(|_| more).map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &asked.q).append_pair("sau", &last.sku);
        format!("{HERE}?{}", query.finish())
    });
    let units_of = |v: &OwnVariant| units.get(&v.variant).map(Vec::as_slice).unwrap_or_default();
    let rows = own.iter().map(|v| row(&page, v, units_of(v), samples.get(&v.variant).copied()));
    let shown = GoodsPage {
        rows: rows.collect(),
        here: "goods",
        q: asked.q.chars().take(100).collect(),
        next: next.unwrap_or_default(),
        page: page.in_section(SELLER),
    };
    Ok(Html(shown).into_response())
}

/// How one variant is sold, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct ItemForm {
    toi_thieu: String,
    boi_so: String,
    cho_moi_nguoi: String,
    ten: Vec<String>,
    so: Vec<String>,
    goc: Vec<String>,
    tu: Vec<String>,
    ngay: Vec<String>,
    mau_so: String,
    mau_gia: String,
}

fn count(typed: &str) -> Option<i64> {
    let whole = read_amount(&typed.replace(' ', "")).filter(|n| n % 1_000 == 0);
    whole.map(|n| n / 1_000).filter(|n| (1..=MOST_PIECES).contains(n))
}

impl ItemForm {
    fn of(own: &OwnVariant, units: &[Unit], sample: Option<Sample>) -> Self {
        let mut form = Self {
            toi_thieu: own.terms.min.to_string(),
            boi_so: own.terms.step.to_string(),
            cho_moi_nguoi: if own.terms.for_all { "1".into() } else { String::new() },
            ten: units.iter().map(|u| u.name.clone()).collect(),
            so: units.iter().map(|u| u.units.to_string()).collect(),
            goc: units.iter().map(|u| u.base.to_string()).collect(),
            tu: own.terms.lead.iter().map(|s| s.from.to_string()).collect(),
            ngay: own.terms.lead.iter().map(|s| s.days.to_string()).collect(),
            mau_so: sample.map(|s| s.most.to_string()).unwrap_or_default(),
            mau_gia: sample.map(|s| s.price.0.to_string()).unwrap_or_default(),
        };
        form.room();
        form
    }

    /// Leaves empty rows for more.
    fn room(&mut self) {
        let units = self.ten.len().clamp(1, MOST_UNITS - 1) + 1;
        for list in [&mut self.ten, &mut self.so, &mut self.goc] {
            list.resize(units, String::new());
        }
        let leads = self.tu.len().clamp(LEADS - 1, 9) + 1;
        for list in [&mut self.tu, &mut self.ngay] {
            list.resize(leads, String::new());
        }
    }

    fn units(&self, errors: &mut Errors) -> Vec<Unit> {
        let mut units = Vec::new();
        for (i, name) in self.ten.iter().enumerate().take(MOST_UNITS) {
            let cell = |list: &[String]| list.get(i).cloned().unwrap_or_default();
            let (typed, base) = (cell(&self.so), cell(&self.goc));
            let name = name.trim();
            if name.is_empty() && base.trim().is_empty() {
                continue;
            }
            let many = if typed.trim().is_empty() { Some(1) } else { count(&typed) };
            match (many, count(&base)) {
                (Some(units_), Some(base)) if (1..=40).contains(&name.chars().count()) => {
                    units.push(Unit { name: name.to_owned(), units: units_, base });
                }
                _ => errors.add(
                    "ten",
                    Text::new(
                        "Mỗi đơn vị cần tên (đến 40 ký tự) và hai số từ 1 đến 1.000.000.",
                        "Each unit needs a name (up to 40 characters) and two numbers from 1 to 1,000,000.",
                    ),
                ),
            }
        }
        units
    }

    fn lead(&self, errors: &mut Errors) -> Vec<LeadStep> {
        let mut lead = Vec::new();
        for (from, days) in self.tu.iter().zip(&self.ngay).take(10) {
            if from.trim().is_empty() && days.trim().is_empty() {
                continue;
            }
            let days = days.trim().parse().ok().filter(|n| (0..=365).contains(n));
            match (count(from), days) {
                (Some(from), Some(days)) => lead.push(LeadStep { from, days }),
                _ => errors.add(
                    "tu",
                    Text::new(
                        "Mỗi mốc cần số lượng và số ngày (0 đến 365).",
                        "Each step needs a quantity and days (0 to 365).",
                    ),
                ),
            }
        }
        lead
    }

    fn sample(&self, errors: &mut Errors) -> Option<Sample> {
        if self.mau_so.trim().is_empty() && self.mau_gia.trim().is_empty() {
            return None;
        }
        let most = count(&self.mau_so);
        let price = Vnd::read(&self.mau_gia).filter(|p| (1..=1_000_000_000_000).contains(&p.0));
        let found = most.zip(price).map(|(most, price)| Sample { most, price });
        errors.check(
            found.is_some(),
            "mau_so",
            "Mẫu cần số lượng nhiều nhất và giá.",
            "A sample needs its largest quantity and its price.",
        );
        found
    }

    fn check(&self, page: &Page) -> Result<Item, Errors> {
        let mut errors = Errors::new(page.lang);
        let number = |typed: &str| if typed.trim().is_empty() { Some(1) } else { count(typed) };
        let (min, step) = (number(&self.toi_thieu), number(&self.boi_so));
        for (field, value) in [("toi_thieu", min), ("boi_so", step)] {
            errors.check(
                value.is_some(),
                field,
                "Ghi một số từ 1 đến 1.000.000.",
                "A number from 1 to 1,000,000.",
            );
        }
        let units = self.units(&mut errors);
        let lead = self.lead(&mut errors);
        let sample = self.sample(&mut errors);
        let (Some(min), Some(step)) = (min, step) else { return Err(errors) };
        let for_all = self.cho_moi_nguoi == "1";
        let terms = Terms { min, step, for_all, lead };
        if errors.is_empty() { Ok(Item { terms, units, sample }) } else { Err(errors) }
    }
}

#[derive(Template)]
#[template(path = "wholesale/item.html")]
struct ItemPage {
    page: Page,
    errors: Errors,
    own: OwnVariant,
    form: ItemForm,
    /// Number, name, units, pieces.
    units: Vec<(usize, String, String, String)>,
    leads: Vec<(usize, String, String)>,
}

impl ItemPage {
    /// A label with the goods' own unit.
    fn counted(&self, vi: &str, en: &str) -> String {
        format!("{} ({})", self.page.t(vi, en), self.own.unit)
    }

    /// Where a price of these goods is added.
    fn price_href(&self) -> String {
        let sku: String = form_urlencoded::byte_serialize(self.own.sku.as_bytes()).collect();
        format!("/ban-hang/khach-si/gia?sku={sku}")
    }

    fn of(page: Page, errors: Errors, own: OwnVariant, mut form: ItemForm) -> Self {
        form.room();
        let units = (0..form.ten.len())
            .map(|i| (i, form.ten[i].clone(), form.so[i].clone(), form.goc[i].clone()));
        let leads = (0..form.tu.len()).map(|i| (i, form.tu[i].clone(), form.ngay[i].clone()));
        Self {
            units: units.collect(),
            leads: leads.collect(),
            page: page.in_section(SELLER),
            errors,
            own,
            form,
        }
    }
}

async fn own(
    db: &mut PgConnection,
    scope: &SellerScope,
    variant: &str,
) -> Result<OwnVariant, PageError> {
    let variant: VariantId = variant.parse().map_err(|_| PageError::not_found())?;
    let found = catalogue::own_variant(db, scope.seller, variant).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/khach-si/hang/{variant}`
pub(in crate::wholesale) async fn edit(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Path(variant): Path<String>,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let own = own(&mut db, &scope, &variant).await?;
    let id = [own.variant];
    let units = deals::units(&mut db, &id).await?.remove(&own.variant).unwrap_or_default();
    let sample = queries::samples(&mut db, &id).await?.remove(&own.variant);
    let form = ItemForm::of(&own, &units, sample);
    let errors = Errors::new(page.lang);
    Ok(Html(ItemPage::of(page, errors, own, form)).into_response())
}

/// `POST /ban-hang/khach-si/hang/{variant}`
pub(in crate::wholesale) async fn save(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(variant): Path<String>,
    Form { data: form, .. }: Form<ItemForm>,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let own = own(&mut tx, &scope, &variant).await?;
    let errors = match form.check(&page) {
        Ok(item) => match save_item(&mut tx, &cx, scope.seller, own.variant, &item).await {
            Ok(()) => {
                tx.commit().await?;
                let line = page.t("Đã lưu cách bán sỉ của mặt hàng.", "Saved.");
                return Ok(go_with(&page, HERE, line));
            }
            Err(error) => told(error, page.lang, "toi_thieu")?,
        },
        Err(errors) => errors,
    };
    let shown = ItemPage::of(page, errors, own, form);
    Ok((status(&shown.errors), Html(shown)).into_response())
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn what_is_counted_is_whole() {
        let read = ["12", "1.200", " 1 200 ", "1.5", "0,5", "0", ""].map(count);
        assert_eq!(read, [Some(12), Some(1_200), Some(1_200), None, None, None, None]);
    }
}
