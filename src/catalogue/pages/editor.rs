//! `/ban-hang/san-pham/{id}`: one product, in sections that each save for themselves.

use super::form::{Fields, product_id};
use crate::{
    catalogue::{
        Categories, Deps, MOST_PICTURES,
        listing::ListedPicture,
        model::{By, Product, ProductEvent, State, Step},
        papers::{self, Certificate, Demanded},
        queries::{papers as paper_rows, pictures, products, variants},
        ready::{Bar, missing},
        variant::Variant,
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, ProductId, date, date_time, day_of},
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Which form came back with errors, and what was typed into it.
pub(super) struct Typed {
    pub(super) section: &'static str,
    pub(super) fields: Fields,
    pub(super) errors: Errors,
}

impl Typed {
    pub(super) fn nothing(lang: Lang) -> Self {
        Self { section: "", fields: Fields::default(), errors: Errors::new(lang) }
    }

    /// What was typed in this section, else what is stored.
    fn or(&self, section: &str, name: &str, stored: &str) -> String {
        if self.section == section && self.fields.has(name) {
            self.fields.get(name).to_owned()
        } else {
            stored.to_owned()
        }
    }
}

pub(super) struct FactField {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) value: String,
    pub(super) choices: Vec<(String, String)>,
    pub(super) required: bool,
}

pub(super) struct VariantRow {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) sku: String,
    pub(super) label: String,
    pub(super) price: String,
    pub(super) list_price: String,
    pub(super) weight_g: String,
    pub(super) gtin: String,
    pub(super) stock: String,
    pub(super) stock_seen: String,
    pub(super) reserved: i64,
    pub(super) unlimited: bool,
    /// Quantity and price, with one empty line.
    pub(super) tiers: Vec<(String, String)>,
}

pub(super) struct PaperRow {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) number: String,
    pub(super) issuer: String,
    pub(super) expires: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) reason: String,
    pub(super) has_file: bool,
}

impl PaperRow {
    pub(super) fn of(paper: Certificate, categories: &Categories, lang: Lang, cx: &Cx) -> Self {
        let lapsed = paper.expires.is_some_and(|day| day < day_of(cx.now));
        let (state, tone) = match paper.state.as_str() {
            _ if lapsed => (lang.t("Hết hạn", "Lapsed"), "bad"),
            "accepted" => (lang.t("Được chấp nhận", "Accepted"), "good"),
            "rejected" => (lang.t("Bị từ chối", "Rejected"), "bad"),
            _ => (lang.t("Chờ xem", "To be seen"), "info"),
        };
        Self {
            id: paper.id.to_string(),
            label: categories.paper_label(&paper.kind).get(lang).to_owned(),
            expires: paper.expires.map(date).unwrap_or_default(),
            state: state.to_owned(),
            tone,
            number: paper.number,
            issuer: paper.issuer,
            reason: paper.reason,
            has_file: !paper.file_key.is_empty(),
        }
    }
}

pub(super) struct Told {
    pub(super) at: String,
    pub(super) what: String,
    pub(super) why: String,
}

impl Told {
    pub(super) fn of(event: ProductEvent, lang: Lang) -> Self {
        let what = match event.event.as_str() {
            "bring_in" => {
                lang.t("Đưa lên từ dữ liệu có sẵn", "Brought in from existing data").into()
            }
            "lapse" => lang.t("Giấy tờ hết hạn, tin bị ẩn", "A paper lapsed, hidden").to_owned(),
            code => Step::told(code).get(lang).to_owned(),
        };
        Self { at: date_time(event.at), what, why: event.reason }
    }
}

#[derive(Template)]
#[template(path = "catalogue/editor.html")]
struct EditorPage {
    page: Page,
    errors: Errors,
    /// `/ban-hang/san-pham/{id}`
    base: String,
    product: Product,
    state: String,
    tone: &'static str,
    editable: bool,
    steps: Vec<(&'static str, String, &'static str)>,
    missing: Vec<String>,
    form: AboutForm,
    facts: Vec<FactField>,
    more_facts: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    communes: Vec<(String, String)>,
    taxes: Vec<(String, String)>,
    variants: Vec<VariantRow>,
    pictures: Vec<(String, ListedPicture)>,
    room: usize,
    demanded: Vec<(String, bool, bool)>,
    papers: Vec<PaperRow>,
    paper_kinds: Vec<(String, String)>,
    paper_form: PaperForm,
    history: Vec<Told>,
}

struct AboutForm {
    category: String,
    name: String,
    name_en: String,
    description: String,
    brand: String,
    origin: String,
    unit: String,
    tax: String,
    lead: String,
}

struct PaperForm {
    kind: String,
    number: String,
    issuer: String,
    issued: String,
    expires: String,
}

/// `GET /ban-hang/san-pham/{id}`
pub(in crate::catalogue) async fn show(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let typed = Typed::nothing(page.lang);
    render(&deps, &cx, page, &scope, product_id(&id)?, typed).await
}

/// The editor with what was typed into one of its forms; 422 when that had errors.
pub(super) async fn render(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    id: ProductId,
    typed: Typed,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let product = products::product(&mut db, id, Some(scope.seller)).await?;
    let product = product.ok_or_else(PageError::not_found)?;
    let missing = missing(&mut db, cx, &deps.categories, &product, Bar::Given).await?;
    let rows = variants::all(&mut db, id).await?;
    let pictures = pictures::all(&mut db, id).await?;
    let papers = paper_rows::certificates(&mut db, id).await?;
    let demanded = papers::demanded(&mut db, id, day_of(cx.now)).await?;
    let history = products::events(&mut db, id).await?;
    drop(db);
    let status =
        if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (facts, more_facts) = fact_fields(&deps.categories, &product, &typed, lang);
    let shown = EditorPage {
        base: format!("/ban-hang/san-pham/{id}"),
        state: product.state.label().get(lang).to_owned(),
        tone: product.state.tone(),
        editable: !matches!(product.state, State::InReview | State::Blocked),
        steps: steps(product.state, lang),
        missing: missing.iter().map(|text| text.get(lang).to_owned()).collect(),
        form: about_form(&product, &typed),
        facts,
        more_facts,
        categories: category_options(&deps.categories, lang),
        communes: commune_options(deps),
        taxes: tax_options(lang),
        variants: variant_rows(&rows, &typed, lang),
        room: MOST_PICTURES.saturating_sub(pictures.len()),
        pictures: pictures.into_iter().map(|(id, p)| (id.to_string(), p)).collect(),
        demanded: demanded_rows(demanded, &deps.categories, lang),
        papers: papers.into_iter().map(|p| PaperRow::of(p, &deps.categories, lang, cx)).collect(),
        paper_kinds: deps
            .categories
            .product_papers()
            .map(|p| (p.kind.clone(), p.label.get(lang).to_owned()))
            .collect(),
        paper_form: paper_form(&typed),
        history: history.into_iter().map(|event| Told::of(event, lang)).collect(),
        errors: typed.errors,
        product,
        page: page.in_section("seller-products"),
    };
    Ok((status, Html(shown)).into_response())
}

pub(super) fn demanded_rows(
    demanded: Vec<Demanded>,
    categories: &Categories,
    lang: Lang,
) -> Vec<(String, bool, bool)> {
    let label = |kind: &str| categories.paper_label(kind).get(lang).to_owned();
    demanded.into_iter().map(|d| (label(&d.kind), d.given, d.accepted)).collect()
}

fn steps(state: State, lang: Lang) -> Vec<(&'static str, String, &'static str)> {
    let words = |step| match step {
        Step::Submit => Some((lang.t("Gửi duyệt", "Send for review"), "")),
        Step::Withdraw => Some((lang.t("Rút về để sửa", "Take back to edit"), "quiet")),
        Step::Unlist => Some((lang.t("Tạm ẩn", "Unlist"), "quiet")),
        Step::Relist => Some((lang.t("Bán lại", "Put on sale again"), "")),
        _ => None,
    };
    let possible = Step::ALL.into_iter().filter(|step| step.leads(state, By::Seller).is_some());
    possible.filter_map(|s| words(s).map(|(w, kind)| (s.code(), w.to_owned(), kind))).collect()
}

fn about_form(product: &Product, typed: &Typed) -> AboutForm {
    let about = &product.about;
    let or = |name: &str, stored: &str| typed.or("about", name, stored);
    AboutForm {
        category: or("category", &about.category),
        name: or("name", &about.name),
        name_en: or("name_en", &about.name_en),
        description: or("description", &about.description),
        brand: or("brand", &about.brand),
        origin: or("origin", about.origin_commune.as_deref().unwrap_or_default()),
        unit: or("unit", &about.unit),
        tax: or("tax", &about.tax_bps.to_string()),
        lead: or("lead", &about.lead_days.to_string()),
    }
}

fn paper_form(typed: &Typed) -> PaperForm {
    let or = |name: &str| typed.or("papers", name, "");
    PaperForm {
        kind: or("kind"),
        number: or("number"),
        issuer: or("issuer"),
        issued: or("issued"),
        expires: or("expires"),
    }
}

fn fact_fields(
    categories: &Categories,
    product: &Product,
    typed: &Typed,
    lang: Lang,
) -> (Vec<FactField>, Vec<(String, String)>) {
    let category = categories.get(&product.about.category);
    let required = category.map(|c| c.required_facts.as_slice()).unwrap_or_default();
    let others = product.about.facts.keys().filter(|key| !required.contains(key));
    let keys: Vec<&String> = required.iter().chain(others).collect();
    let fields = keys.iter().filter_map(|key| {
        let fact = categories.fact(key)?;
        let name = format!("fact.{key}");
        let stored = product.about.facts.get(*key).map_or("", String::as_str);
        let unit = if fact.unit.is_empty() { String::new() } else { format!(" ({})", fact.unit) };
        Some(FactField {
            value: typed.or("about", &name, stored),
            label: format!("{}{unit}", fact.label.get(lang)),
            hint: fact.help.get(lang).to_owned(),
            choices: fact.choices.iter().map(|c| (c.clone(), c.clone())).collect(),
            required: required.contains(key),
            name,
        })
    });
    let fields = fields.collect();
    let more = categories.facts().into_iter().filter(|fact| !keys.contains(&&fact.key));
    (fields, more.map(|fact| (fact.key.clone(), fact.label.get(lang).to_owned())).collect())
}

fn variant_rows(rows: &[Variant], typed: &Typed, lang: Lang) -> Vec<VariantRow> {
    let mut shown: Vec<VariantRow> = rows.iter().map(|row| variant_row(row, typed)).collect();
    let or = |field: &str| typed.or("variants", &format!("{field}.new"), "");
    shown.push(VariantRow {
        id: "new".into(),
        title: lang.t("Phân loại mới", "A new variant").to_owned(),
        sku: or("sku"),
        label: or("label"),
        price: or("price"),
        list_price: or("list"),
        weight_g: or("weight"),
        gtin: or("gtin"),
        stock: or("stock"),
        stock_seen: String::new(),
        reserved: 0,
        unlimited: false,
        tiers: Vec::new(),
    });
    shown
}

fn variant_row(row: &Variant, typed: &Typed) -> VariantRow {
    let id = row.id.to_string();
    let or = |field: &str, stored: String| typed.or("variants", &format!("{field}.{id}"), &stored);
    let mut tiers: Vec<(String, String)> =
        row.tiers.iter().map(|t| (t.min_quantity.to_string(), t.price.0.to_string())).collect();
    if typed.section == "tiers" {
        let (from, price) = (format!("from.{id}"), format!("tier.{id}"));
        let pairs = typed.fields.all(&from).zip(typed.fields.all(&price));
        tiers = pairs.map(|(f, p)| (f.to_owned(), p.to_owned())).collect();
        tiers.retain(|(f, p)| !f.is_empty() || !p.is_empty());
    }
    tiers.push((String::new(), String::new()));
    VariantRow {
        title: if row.label.is_empty() {
            row.sku.clone()
        } else {
            format!("{} · {}", row.label, row.sku)
        },
        sku: or("sku", row.sku.clone()),
        label: or("label", row.label.clone()),
        price: or("price", row.price.0.to_string()),
        list_price: or("list", row.list_price.map(|p| p.0.to_string()).unwrap_or_default()),
        weight_g: or("weight", row.weight_g.to_string()),
        gtin: or("gtin", row.gtin.clone().unwrap_or_default()),
        stock: or("stock", row.on_hand.to_string()),
        stock_seen: row.on_hand.to_string(),
        reserved: row.reserved,
        unlimited: row.unlimited,
        tiers,
        id,
    }
}

pub(super) fn category_options(categories: &Categories, lang: Lang) -> Vec<(String, String)> {
    let leaves = categories.leaves().into_iter();
    leaves.map(|leaf| (leaf.slug.clone(), categories.full_name(&leaf.slug, lang))).collect()
}

fn commune_options(deps: &Deps) -> Vec<(String, String)> {
    let home = deps.places.home_communes().into_iter();
    home.map(|commune| (commune.code.clone(), commune.shown())).collect()
}

pub(super) fn tax_options(lang: Lang) -> Vec<(String, String)> {
    let none = lang.t("0 % hoặc không chịu thuế", "0 % or not taxed").to_owned();
    let rates = [(500, "5 %"), (800, "8 %"), (1000, "10 %")];
    std::iter::once(("0".to_owned(), none))
        .chain(rates.map(|(bps, label)| (bps.to_string(), label.to_owned())))
        .collect()
}
