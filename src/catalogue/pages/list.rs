//! `/ban-hang/san-pham`: the seller's goods, searched, filtered, and priced by the page.

use super::form::{Fields, told, whole};
use crate::{
    catalogue::{
        edit::{PriceLine, save_line},
        model::State,
        queries::list::{self, Filter, Line},
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, Vnd, date, fold, name_place, read_place},
    web::{Form, Html, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::State as Part,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// At or below this many a variant counts as running out.
pub(super) const LOW: i64 = 5;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::catalogue) struct Asked {
    q: String,
    t: String,
    /// Running out.
    het: String,
    /// After this row.
    sau: String,
}

impl Asked {
    fn url(&self, change: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("q", self.q.as_str()), ("t", &self.t), ("het", &self.het), ("sau", "")]
        {
            let value = change.iter().find(|(n, _)| *n == name).map_or(value, |(_, v)| v);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/ban-hang/san-pham?{}", query.finish())
    }

    fn filter(&self) -> Filter {
        Filter {
            words: fold(self.q.trim())
                .replace(['%', '_', '\\'], " ")
                .trim()
                .chars()
                .take(100)
                .collect(),
            state: State::of(&self.t),
            low: (!self.het.is_empty()).then_some(LOW),
            after: read_place(&self.sau),
        }
    }
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    asked: Asked,
    tabs: Vec<(String, String, bool, i64)>,
    rows: Vec<Shown>,
    next: String,
    here: String,
}

struct Shown {
    id: String,
    name: String,
    state: String,
    tone: &'static str,
    note: String,
    forms: Vec<ShownForm>,
}

struct ShownForm {
    id: String,
    label: String,
    price: String,
    price_typed: String,
    stock: i64,
    stock_typed: String,
    reserved: i64,
    unlimited: bool,
    low: bool,
    wrong: Option<String>,
}

/// `GET /ban-hang/san-pham`
pub(in crate::catalogue) async fn index(
    Part(db): Part<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    Ok(show(&db, &cx, page, &scope, asked, &Fields::default(), errors).await?.into_response())
}

async fn show(
    db: &PgPool,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    asked: Asked,
    typed: &Fields,
    errors: Errors,
) -> Result<Html<ListPage>, PageError> {
    let mut db = db.acquire().await?;
    let (lines, next) = list::page(&mut db, scope.seller, &asked.filter()).await?;
    let counts = list::counts(&mut db, scope.seller).await?;
    let lang = page.lang;
    let mut tabs = vec![(
        asked.url(&[("t", ""), ("het", "")]),
        page.t("Tất cả", "All").to_owned(),
        asked.t.is_empty() && asked.het.is_empty(),
        counts.iter().map(|(_, n)| n).sum(),
    )];
    for state in State::ALL {
        let count = counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
        let url = asked.url(&[("t", state.code()), ("het", "")]);
        tabs.push((url, state.label().get(lang).to_owned(), asked.t == state.code(), count));
    }
    let next = next
        .map(|place| format!("{}&sau={}", asked.url(&[]), name_place(place)))
        .unwrap_or_default();
    let here = page.path.clone();
    let rows = lines.into_iter().map(|line| shown(line, cx, lang, typed, &errors)).collect();
    let page = page.in_section("seller-products");
    Ok(Html(ListPage { page, errors, asked, tabs, rows, next, here }))
}

fn shown(line: Line, cx: &Cx, lang: Lang, typed: &Fields, errors: &Errors) -> Shown {
    let today = crate::kernel::day_of(cx.now);
    let note = match line.lapses_on {
        Some(day) if line.state == State::Published && day <= today => {
            lang.t("Giấy tờ hết hạn: đang bị ẩn", "A paper has lapsed: hidden").to_owned()
        }
        Some(day) if line.state == State::Published && (day - today).num_days() <= 30 => {
            let until = date(day);
            format!("{} {until}", lang.t("Giấy tờ hết hạn từ", "A paper lapses on"))
        }
        _ => line.state_reason,
    };
    let forms = line.variants.0.into_iter().map(|v| {
        let id = v.id.to_string();
        let or = |name: &str, value: i64| {
            let field = format!("{name}.{id}");
            if typed.has(&field) { typed.get(&field).to_owned() } else { value.to_string() }
        };
        ShownForm {
            label: if v.label.is_empty() {
                v.sku.clone()
            } else {
                format!("{} · {}", v.label, v.sku)
            },
            price_typed: or("gia", v.price),
            stock_typed: or("ton", v.on_hand),
            price: v.price.to_string(),
            stock: v.on_hand,
            reserved: v.reserved,
            unlimited: v.unlimited,
            low: !v.unlimited && v.on_hand - v.reserved <= LOW,
            wrong: errors.get(&format!("gia.{id}")).map(str::to_owned),
            id,
        }
    });
    Shown {
        id: line.id.to_string(),
        name: line.name,
        state: line.state.label().get(lang).to_owned(),
        tone: line.state.tone(),
        note,
        forms: forms.collect(),
    }
}

/// `POST /ban-hang/san-pham/gia-ton`: the lines that fit are saved, the others come back with their reason.
pub(in crate::catalogue) async fn save(
    Part(db): Part<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let (mut errors, mut saved) = (Errors::new(page.lang), 0);
    for (variant, product) in fields.under("sp.") {
        let line = match line(&fields, variant, product, &mut errors) {
            Some(line) => line,
            None => continue,
        };
        // One line, one transaction: a conflict in one must not undo the others.
        let mut tx = db.begin().await?;
        match save_line(&mut tx, &cx, scope.seller, line).await {
            Ok(changed) => {
                tx.commit().await?;
                saved += i64::from(changed);
            }
            Err(error) => {
                let found = told(error, page.lang)?;
                for (_, message) in found.iter() {
                    let text = crate::kernel::Text::new(message.to_owned(), message.to_owned());
                    errors.add(format!("gia.{variant}"), text);
                }
            }
        }
    }
    let here = fields.get("here");
    let query = here.split_once('?').map_or("", |(_, query)| query);
    if errors.is_empty() {
        let line = match page.lang {
            Lang::Vi => format!("Đã lưu {saved} dòng."),
            Lang::En => format!("{saved} lines saved."),
        };
        return Ok(go_with(&page, &format!("/ban-hang/san-pham?{query}"), &line));
    }
    let asked = serde_html_form::from_str(query).unwrap_or_default();
    let mut page = page;
    page.path = format!("/ban-hang/san-pham?{query}");
    let shown = show(&db, &cx, page, &scope, asked, &fields, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

fn line(fields: &Fields, variant: &str, product: &str, errors: &mut Errors) -> Option<PriceLine> {
    let (variant_id, product) = (variant.parse().ok()?, product.parse().ok()?);
    let name = |field: &str| format!("{field}.{variant}");
    let (price_seen, stock_seen) =
        (whole(fields.get(&name("gia0")))?, whole(fields.get(&name("ton0")))?);
    let price = fields.amount(errors, &name("gia"));
    // A service has no field for stock.
    let stock = if fields.has(&name("ton")) {
        let before = errors.iter().count();
        let typed = fields.number(errors, &name("ton"), 0..=1_000_000_000, None);
        (errors.iter().count() == before).then_some(typed)
    } else {
        Some(stock_seen)
    };
    if price.is_none() && errors.get(&name("gia")).is_none() {
        errors.check(false, &name("gia"), "Thiếu giá.", "The price is missing.");
    }
    if stock.is_none() && errors.get(&name("gia")).is_none() {
        errors.check(false, &name("gia"), "Số tồn chưa đúng.", "The stock is not a number.");
    }
    Some(PriceLine {
        product,
        variant: variant_id,
        price: (Vnd(price_seen), price?),
        stock: (stock_seen, stock?),
    })
}
