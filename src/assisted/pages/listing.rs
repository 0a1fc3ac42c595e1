//! `/diem-ho-tro/dang-ho`: which households agreed that the clerk lists for them, and what he has listed.

use super::since;
use crate::{
    assisted::{
        clerk::Clerk,
        error::AssistedError,
        list_for::{self, Ending},
        model::{Channel, ListedFor, Mandate, listing_consent},
        queries_listing,
        routes::Deps,
    },
    catalogue::{About, CatalogueError, NewProduct, NewVariant},
    kernel::{Cx, Errors, Lang, Text, Vnd, code_from},
    platform::idempotency,
    web::{AsProblem, Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

const HERE: &str = "/diem-ho-tro/dang-ho";

/// Who agrees, as the clerk types it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Agreed {
    key: String,
    ma_so_thue: String,
    nguoi: String,
    kenh: String,
    dong_y: String,
}

#[derive(Template)]
#[template(path = "assisted/listing.html")]
struct DeskPage {
    page: Page,
    point: String,
    mandates: Vec<Mandate>,
    made: Vec<ListedFor>,
    consent: String,
    channels: Vec<(&'static str, String, &'static str)>,
    form: Agreed,
    errors: Errors,
}

async fn desk(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    clerk: &Clerk,
    sent: Option<(Agreed, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let mandates =
        queries_listing::mandates(&mut db, (Some(clerk.person), None), None, cx.now).await?;
    let since = since(&mut db, cx).await?;
    let made = queries_listing::listings(&mut db, (Some(clerk.person), None), None, since).await?;
    drop(db);
    let lang = page.lang;
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (mut form, errors) = sent.unwrap_or_else(|| (Agreed::default(), Errors::new(lang)));
    if form.key.is_empty() || errors.get("key").is_some() {
        form.key = page.new_key();
    }
    let shown = DeskPage {
        point: clerk.point.name.clone(),
        mandates: mandates.into_iter().filter(|mandate| mandate.open).collect(),
        made,
        consent: listing_consent().get(lang).to_owned(),
        channels: Channel::ALL.map(|c| (c.code(), c.label().get(lang).to_owned(), "")).to_vec(),
        form,
        errors,
        page,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /diem-ho-tro/dang-ho`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
) -> Result<Response, PageError> {
    desk(&deps, &cx, page, &clerk, None).await
}

/// `POST /diem-ho-tro/dang-ho`: the household has agreed.
pub(in super::super) async fn agree(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Form { data: form, raw }: Form<Agreed>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let name = form.nguoi.split_whitespace().collect::<Vec<_>>().join(" ");
    errors.check(
        (2..=100).contains(&name.chars().count()),
        "nguoi",
        "Ghi họ và tên chủ hộ tại quầy, từ 2 đến 100 chữ.",
        "Write the full name of whoever stands at the counter, 2 to 100 characters.",
    );
    let channel = Channel::of(&form.kenh);
    errors.check(channel.is_some(), "kenh", "Chọn cách chủ hộ đã đồng ý.", "Choose how he agreed.");
    errors.check(
        form.dong_y == "1",
        "dong_y",
        "Chỉ ghi khi chủ hộ đã đồng ý.",
        "Note it only once the household has agreed.",
    );
    let mut tx = deps.db.begin().await?;
    let found = list_for::household(&mut tx, &form.ma_so_thue).await?;
    errors.check(
        found.is_some(),
        "ma_so_thue",
        "Không có hộ kinh doanh nào đang bán với mã số thuế này.",
        "No household business that sells has this tax code.",
    );
    let (Some((seller, shop)), Some(channel), true) = (found, channel, errors.is_empty()) else {
        drop(tx);
        return desk(&deps, &cx, page, &clerk, Some((form, errors))).await;
    };
    let asked = ("POST /diem-ho-tro/dang-ho", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, clerk.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return desk(&deps, &cx, page, &clerk, Some((form, errors))).await;
        }
    };
    // The row of the audit chain is the last one that is written.
    let to = HERE.to_owned();
    idempotency::settle(&mut tx, &once, &to).await?;
    list_for::agree(&mut tx, &cx, &clerk, (seller, &name), (channel, page.lang)).await?;
    tx.commit().await?;
    let line = match page.lang {
        Lang::Vi => format!("Đã ghi sự đồng ý của {shop}. Chọn “Đăng hàng” để bắt đầu."),
        Lang::En => format!("The consent of {shop} is noted. Choose “List goods” to begin."),
    };
    Ok(go_with(&page, &to, &line))
}

/// `POST /diem-ho-tro/dang-ho/{id}/ket-thuc`: the household takes its consent back at the counter.
pub(in super::super) async fn end(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    if !list_for::end(&mut tx, &cx, id, Ending::Clerk(clerk.person)).await? {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    let line = page.t("Đã ghi việc rút lại sự đồng ý.", "The consent has been taken back.");
    Ok(go_with(&page, HERE, line))
}

/// Fields that are not known beforehand: facts by category are named `f.<key>`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(in super::super) struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }

    /// A text of bounded length that must be there.
    fn text(&self, errors: &mut Errors, name: &str, most: usize) -> String {
        let typed = self.get(name);
        let length = typed.chars().count();
        if !(1..=most).contains(&length) {
            let vi = format!("Ghi từ 1 đến {most} chữ.");
            errors.add(name, Text::new(vi, format!("Write 1 to {most} characters.")));
        }
        typed.to_owned()
    }
}

/// Which category the form is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Chosen {
    nganh: String,
}

/// One fact that the category asks for: field, label, what is typed, choices.
struct Asked {
    field: String,
    label: String,
    typed: String,
    choices: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "assisted/listing_new.html")]
struct NewPage {
    page: Page,
    mandate: Mandate,
    /// Slug and name of the category; empty: it is to be chosen first.
    category: (String, String),
    categories: Vec<(String, String)>,
    facts: Vec<Asked>,
    fields: Fields,
    errors: Errors,
    key: String,
}

fn new_page(
    deps: &Deps,
    page: Page,
    mandate: Mandate,
    category: &str,
    (fields, errors): (Fields, Errors),
) -> NewPage {
    let (lang, tree) = (page.lang, &deps.categories);
    let found = tree.get(category).filter(|category| category.is_leaf);
    let asked = |key: &String| {
        let fact = tree.fact(key)?;
        let field = format!("f.{key}");
        Some(Asked {
            label: fact.label.get(lang).to_owned(),
            typed: fields.get(&field).to_owned(),
            choices: fact.choices.iter().map(|c| (c.clone(), c.clone())).collect(),
            field,
        })
    };
    let facts = found.map(|c| c.required_facts.iter().filter_map(asked).collect());
    let sent = fields.get("key").to_owned();
    NewPage {
        category: found
            .map(|c| (c.slug.clone(), tree.full_name(&c.slug, lang)))
            .unwrap_or_default(),
        categories: tree
            .leaves()
            .into_iter()
            .map(|leaf| (leaf.slug.clone(), tree.full_name(&leaf.slug, lang)))
            .collect(),
        facts: facts.unwrap_or_default(),
        key: if sent.is_empty() || errors.get("key").is_some() { page.new_key() } else { sent },
        mandate,
        fields,
        errors,
        page,
    }
}

async fn mandate(deps: &Deps, cx: &Cx, clerk: &Clerk, id: &str) -> Result<Mandate, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let found = queries_listing::mandate(&mut db, id, clerk.person, cx.now).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /diem-ho-tro/dang-ho/{id}`
pub(in super::super) async fn form(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Html<impl Template>, PageError> {
    let mandate = mandate(&deps, &cx, &clerk, &id).await?;
    let nothing = (Fields::default(), Errors::new(page.lang));
    Ok(Html(new_page(&deps, page, mandate, &chosen.nganh, nothing)))
}

fn checked(deps: &Deps, cx: &Cx, mandate: &Mandate, fields: &Fields, e: &mut Errors) -> NewProduct {
    let category = deps.categories.get(fields.get("nganh")).filter(|category| category.is_leaf);
    e.check(category.is_some(), "nganh", "Chọn một ngành hàng.", "Choose a category.");
    let required = category.map(|c| c.required_facts.as_slice()).unwrap_or_default();
    let mut facts = std::collections::BTreeMap::new();
    for key in required {
        let text = fields.get(&format!("f.{key}")).chars().take(500).collect::<String>();
        if !text.is_empty() {
            facts.insert(key.clone(), text);
        }
    }
    let price = Vnd::read(fields.get("gia")).filter(|p| (1..=1_000_000_000_000).contains(&p.0));
    e.check(price.is_some(), "gia", "Ghi giá bán, ví dụ 85.000.", "Write the price, e.g. 85.000.");
    let number = |name: &str, most: i64| {
        let found = Vnd::read(fields.get(name)).map(|n| n.0).filter(|n| (0..=most).contains(n));
        found.or_else(|| fields.get(name).is_empty().then_some(0))
    };
    let stock = number("so_luong", 1_000_000);
    e.check(stock.is_some(), "so_luong", "Ghi một số từ 0.", "Write a number from 0.");
    let weight = number("khoi_luong", 1_000_000);
    e.check(weight.is_some(), "khoi_luong", "Ghi số gam.", "Write a number of grams.");
    let description = fields.get("mo_ta").to_owned();
    let short = description.chars().count() <= 5_000;
    e.check(short, "mo_ta", "Viết tối đa 5.000 chữ.", "At most 5,000 characters.");
    let code = code_from(cx.new_id());
    NewProduct {
        seller: mandate.seller,
        about: About {
            category: fields.get("nganh").to_owned(),
            name: fields.text(e, "ten", 200),
            unit: fields.text(e, "don_vi", 20),
            description,
            facts,
            lead_days: 1,
            ..About::default()
        },
        art: String::new(),
        variants: vec![NewVariant {
            // The household can give it a code of its own later.
            sku: format!("DH-{}", code.chars().take(8).collect::<String>()),
            label: String::new(),
            price: price.unwrap_or_default(),
            list_price: None,
            weight_g: weight.and_then(|g| i32::try_from(g).ok()).unwrap_or_default(),
            gtin: None,
            stock: stock.unwrap_or_default(),
            tiers: Vec::new(),
        }],
        certificates: Vec::new(),
    }
}

/// `POST /diem-ho-tro/dang-ho/{id}`
pub(in super::super) async fn create(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(id): Path<String>,
    Form { data: fields, raw }: Form<Fields>,
) -> Result<Response, PageError> {
    let mandate = mandate(&deps, &cx, &clerk, &id).await?;
    let mut errors = Errors::new(page.lang);
    let new = checked(&deps, &cx, &mandate, &fields, &mut errors);
    let category = fields.get("nganh").to_owned();
    let again = |mandate, fields, errors| {
        let shown = new_page(&deps, page.clone(), mandate, &category, (fields, errors));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
    };
    if !errors.is_empty() {
        return again(mandate, fields, errors);
    }
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /diem-ho-tro/dang-ho/moi", raw.as_ref());
    let key = fields.get("key").to_owned();
    let once = match begin_once(&mut tx, &cx, page.lang, clerk.person, &key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return again(mandate, fields, errors),
    };
    let done = list_for::list_for(&mut tx, &cx, &deps.categories, (&clerk, &mandate), &new).await;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(AssistedError::Catalogue(
            error @ (CatalogueError::NoCategory | CatalogueError::SkuTaken(_)),
        )) => {
            drop(tx);
            errors.add("ten", error.problem().title);
            return again(mandate, fields, errors);
        }
        Err(error) => return Err(error.into()),
    };
    let to = format!("{HERE}/{}/giay", outcome.product);
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    Ok(go_with(&page, &to, &said(page.lang, &outcome.missing)))
}

fn said(lang: Lang, missing: &[Text]) -> String {
    let lacks = missing.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join(" ");
    match (lang, missing.is_empty()) {
        (Lang::Vi, true) => "Đã gửi duyệt. In giấy này cho chủ hộ.".to_owned(),
        (Lang::En, true) => "Sent for review. Print this for the household.".to_owned(),
        (Lang::Vi, false) => format!("Đã lưu bản nháp; chủ hộ cần bổ sung: {lacks}"),
        (Lang::En, false) => format!("Kept as a draft; the household has to add: {lacks}"),
    }
}
