//! `/to-chuc/bao-gia/moi`: a request from a product, a basket or a blank sheet.

use super::{
    super::{
        ask::ask,
        model::{Area, MOST_FILES, NewFile, NewRequest},
        queries_read::{self, Shop},
        routes::Deps,
    },
    Begin, Turn, beside, buyer_path,
    form::{Against, AskForm, Row},
    status,
};
use crate::{
    catalogue::{self, Offer},
    kernel::{Cx, Errors, Lang, OrgId, SellerId, VariantId, day_of, slug},
    organisations::{OrgRole, OrgScope, organisation},
    places::Places,
    platform::{audit, files::PaperType},
    web::{Html, Page, PageError, Query, Upload, UploadedFile},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a product page or a basket brings: variants and how many of each.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct Brought {
    variant: Vec<String>,
    quantity: Vec<String>,
}

#[derive(Template)]
#[template(path = "quotes/ask.html")]
struct AskPage {
    page: Page,
    scope: OrgScope,
    form: AskForm,
    errors: Errors,
    rows: Vec<Row>,
    shops: Vec<Shop>,
    categories: Vec<(String, String)>,
    areas: Vec<(&'static str, String)>,
    communes: Vec<(String, String, String)>,
    places: Places,
    searched: bool,
}

impl AskPage {
    fn place(&self, shop: &Shop) -> String {
        self.places.shown(&shop.commune_code)
    }

    fn ubl_is_wrong(&self) -> bool {
        self.errors.get("ubl").is_some()
    }

    fn err(&self, field: &str, line: &usize) -> Option<&str> {
        self.errors.get(&format!("{field}-{line}"))
    }
}

pub(super) async fn page_of(
    deps: &Deps,
    page: Page,
    scope: OrgScope,
    mut form: AskForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let lang = page.lang;
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    while form.ten.len() < 3 {
        form.add_row();
    }
    let words = if form.act == "shops" { slug(&form.tim_ban) } else { String::new() };
    let words: String = words.chars().take(60).collect();
    let mut db = deps.db.acquire().await?;
    let shops = queries_read::shops(&mut db, &form.sellers(), &words).await?;
    drop(db);
    let named =
        |c: &&catalogue::Category| (c.slug.clone(), deps.categories.full_name(&c.slug, lang));
    let mut all: Vec<&catalogue::Category> = deps.categories.roots();
    all.extend(deps.categories.leaves());
    let mut categories: Vec<_> = all.iter().map(named).collect();
    categories.sort_by_key(|c| crate::kernel::fold(&c.1));
    categories.dedup();
    let shown = AskPage {
        rows: form.rows(),
        categories,
        areas: Area::ALL.iter().map(|a| (a.code(), a.label().get(lang).to_owned())).collect(),
        communes: deps.places.options(&form.xa, &form.xa_q, lang),
        places: deps.places.clone(),
        searched: !words.is_empty(),
        page: page.in_section("org-quotes"),
        scope,
        shops,
        form,
        errors,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// A form for this organisation with nothing asked yet.
pub(super) async fn blank(deps: &Deps, cx: &Cx, scope: &OrgScope) -> Result<AskForm, PageError> {
    let mut form = AskForm { doi_tuong: "chon".into(), ..AskForm::default() };
    if let Some(org) = organisation(&mut *deps.db.acquire().await?, scope.org).await? {
        form.dia_chi = org.address;
        form.xa_q = deps.places.shown(&org.commune_code);
        form.xa = org.commune_code;
    }
    form.han = (day_of(cx.now) + TimeDelta::days(7)).to_string();
    Ok(form)
}

/// `GET /to-chuc/bao-gia/moi`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Query(brought): Query<Brought>,
) -> Result<Response, PageError> {
    let mut form = blank(&deps, &cx, &scope).await?;
    let mut db = deps.db.acquire().await?;
    let wanted: Vec<VariantId> = brought.variant.iter().filter_map(|v| v.parse().ok()).collect();
    let offers = catalogue::offers(&mut db, &cx, &wanted).await?;
    for (variant, n) in brought.variant.iter().zip(0..) {
        let offer = offers.iter().find(|o| o.variant.to_string() == *variant && o.sellable);
        if let Some(offer) = offer {
            let quantity = brought.quantity.get(n).map_or("1", String::as_str);
            form.add_offer(offer, quantity);
            let seller = offer.seller.to_string();
            if !form.ban.contains(&seller) {
                form.ban.push(seller);
            }
        }
    }
    drop(db);
    if let [one] = &form.ten[..] {
        form.tieu_de = one.chars().take(160).collect();
    }
    let errors = Errors::new(page.lang);
    page_of(&deps, page, scope, form, errors).await
}

/// The files of a form, kept under private names.
pub(super) async fn keep(
    deps: &Deps,
    cx: &Cx,
    files: &[UploadedFile],
    lang: Lang,
) -> Result<Result<Vec<NewFile>, Errors>, PageError> {
    let mut errors = Errors::new(lang);
    errors.check(
        files.len() <= MOST_FILES,
        "tep",
        "Gửi kèm tối đa 6 tệp.",
        "At most 6 files can be attached.",
    );
    let kinds: Vec<_> =
        files.iter().filter_map(|f| errors.take("tep", PaperType::of(&f.bytes))).collect();
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let mut kept = Vec::new();
    for (file, kind) in files.iter().zip(kinds) {
        let key = deps.files.keep(cx, "quotes", file.bytes.clone()).await;
        kept.push(NewFile {
            key: key.map_err(PageError::internal)?,
            name: file.name.clone(),
            mime: kind.mime(),
            size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        });
    }
    Ok(Ok(kept))
}

async fn check(
    deps: &Deps,
    cx: &Cx,
    (scope, lang): (&OrgScope, Lang),
    form: &AskForm,
) -> Result<Result<NewRequest, Errors>, PageError> {
    let mut db = deps.db.acquire().await?;
    let offers = offers(&mut db, cx, form).await?;
    let near = match Area::of(&form.khu_vuc) {
        Some(Area::Near) if form.is_open() && deps.places.commune(&form.xa).is_some() => {
            let around = Places::around(&mut db, &form.xa, 30.0).await?;
            Some(around.into_iter().map(|(code, _)| code).collect())
        }
        _ => None,
    };
    let (places, categories) = (&deps.places, &deps.categories);
    let with = Against { cx, lang, places, categories, offers: &offers, near };
    Ok(form.check(scope, &with))
}

async fn offers(db: &mut PgConnection, cx: &Cx, form: &AskForm) -> sqlx::Result<Vec<Offer>> {
    catalogue::offers(db, cx, &form.variants()).await
}

/// `POST /to-chuc/bao-gia/moi`
pub(in super::super) async fn send(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    sent: Upload<AskForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let mut form = sent.data;
    match form.act.as_str() {
        "line" => form.add_row(),
        "shops" | "commune" => {}
        _ => {
            let asked = (&sent.raw[..], &sent.files[..]);
            return send_now(deps, cx, page, scope, form, asked).await;
        }
    }
    let errors = Errors::new(page.lang);
    page_of(&deps, page, scope, form, errors).await
}

async fn send_now(
    deps: Deps,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    form: AskForm,
    (raw, files): (&[u8], &[UploadedFile]),
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut new = match check(&deps, &cx, (&scope, lang), &form).await? {
        Ok(new) => new,
        Err(errors) => return page_of(&deps, page, scope, form, errors).await,
    };
    new.files = match keep(&deps, &cx, files, lang).await? {
        Ok(files) => files,
        Err(errors) => return page_of(&deps, page, scope, form, errors).await,
    };
    let asked = ("/to-chuc/bao-gia/moi", raw);
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, &form.key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return page_of(&deps, page, scope, form, errors).await,
    };
    match ask(&mut turn.tx, &cx, &new).await {
        Ok(id) => {
            record(&mut turn.tx, &cx, (scope.org, id), &new).await?;
            let line = page.t("Đã gửi yêu cầu báo giá.", "The request has been sent.");
            turn.end(&page, &buyer_path(id), line).await
        }
        Err(error) => {
            let field = if form.is_open() { "nganh" } else { "ban" };
            let errors = beside(error, field, lang)?;
            drop(turn);
            page_of(&deps, page, scope, form, errors).await
        }
    }
}

async fn record(
    db: &mut PgConnection,
    cx: &Cx,
    (org, id): (OrgId, Uuid),
    new: &NewRequest,
) -> sqlx::Result<()> {
    let detail = json!({ "org": org, "lines": new.lines.len(), "sealed": new.sealed });
    audit::record(db, cx, "quotes.ask", &format!("request:{id}"), detail).await?;
    Ok(())
}

impl AskForm {
    /// For the template: whether the shop is ticked.
    fn ticked(&self, seller: &SellerId) -> bool {
        self.chooses(*seller)
    }
}
