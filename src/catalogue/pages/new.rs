//! `/ban-hang/san-pham/moi`: a product begins with what every product has; and its preview.

use super::{
    editor::{category_options, tax_options},
    form::{Fields, product_id, told},
    save::variant_form,
};
use crate::{
    catalogue::{
        Deps,
        create::create_product,
        listing::{Listing, preview},
        model::{About, NewProduct},
        queries::products,
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "catalogue/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    key: String,
    fields: Fields,
    categories: Vec<(String, String)>,
    taxes: Vec<(String, String)>,
    admitted: bool,
}

/// `GET /ban-hang/san-pham/moi`
pub(in crate::catalogue) async fn form(
    Part(deps): Part<Deps>,
    page: Page,
    scope: SellerScope,
) -> Response {
    let errors = Errors::new(page.lang);
    show(&deps, page, &scope, Fields::default(), errors)
}

fn show(deps: &Deps, page: Page, scope: &SellerScope, fields: Fields, errors: Errors) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sent = fields.get("key").to_owned();
    let shown = NewPage {
        key: if sent.is_empty() || errors.get("key").is_some() { page.new_key() } else { sent },
        categories: category_options(&deps.categories, page.lang),
        taxes: tax_options(page.lang),
        admitted: scope.state == crate::enterprises::State::Approved,
        page: page.in_section("seller-products"),
        errors,
        fields,
    };
    (status, Html(shown)).into_response()
}

/// `POST /ban-hang/san-pham/moi`
pub(in crate::catalogue) async fn create(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<Fields>,
) -> Result<Response, PageError> {
    let fields = form.data;
    let new = match check(&deps, &scope, &fields, Errors::new(page.lang)) {
        Ok(new) => new,
        Err(errors) => return Ok(show(&deps, page, &scope, fields, errors)),
    };
    let mut tx = deps.db.begin().await?;
    let route = ("/ban-hang/san-pham/moi", form.raw.as_ref());
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, fields.get("key"), route).await?;
    let once = match begun {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => return Ok(show(&deps, page, &scope, fields, errors)),
    };
    match create_product(&mut tx, &cx, &new).await {
        Ok(id) => {
            let to = format!("/ban-hang/san-pham/{id}");
            idempotency::settle(&mut tx, &once, &to).await?;
            tx.commit().await?;
            let line = page.t(
                "Đã tạo bản nháp. Điền tiếp các phần dưới đây rồi gửi duyệt.",
                "The draft is made. Fill in the parts below, then send it for review.",
            );
            Ok(go_with(&page, &to, line))
        }
        Err(error) => {
            drop(tx);
            let errors = told(error, page.lang)?;
            Ok(show(&deps, page, &scope, fields, errors))
        }
    }
}

fn check(
    deps: &Deps,
    scope: &SellerScope,
    fields: &Fields,
    mut errors: Errors,
) -> Result<NewProduct, Errors> {
    let e = &mut errors;
    let about = About {
        category: fields.get("category").to_owned(),
        name: fields.text(e, "name", 200),
        unit: fields.text(e, "unit", 20),
        tax_bps: i32::try_from(fields.number(e, "tax", 0..=1000, None)).unwrap_or_default(),
        lead_days: 1,
        ..About::default()
    };
    e.check(!fields.get("name").is_empty(), "name", "Thiếu tên sản phẩm.", "The name is missing.");
    e.check(!fields.get("unit").is_empty(), "unit", "Thiếu đơn vị tính.", "The unit is missing.");
    let leaf = deps.categories.get(&about.category).is_some_and(|c| c.is_leaf);
    e.check(leaf, "category", "Chọn một ngành hàng.", "Choose a category.");
    e.check(
        [0, 500, 800, 1000].contains(&about.tax_bps),
        "tax",
        "Chọn một mức thuế.",
        "Choose a rate.",
    );
    let variant = variant_form(fields, "new", &mut errors, Some(0));
    if !errors.is_empty() {
        return Err(errors);
    }
    let art = String::new();
    Ok(NewProduct {
        seller: scope.seller,
        about,
        art,
        variants: vec![variant],
        certificates: Vec::new(),
    })
}

#[derive(Template)]
#[template(path = "catalogue/preview.html")]
struct PreviewPage {
    page: Page,
    base: String,
    listing: Listing,
    facts: Vec<(String, String)>,
    papers: Vec<String>,
    trail: String,
}

/// `GET /ban-hang/san-pham/{id}/xem`
pub(in crate::catalogue) async fn look(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let mut db = deps.db.acquire().await?;
    let mine = products::product(&mut db, id, Some(scope.seller)).await?;
    mine.ok_or_else(PageError::not_found)?;
    let listing = preview(&mut db, &cx, id).await?.ok_or_else(PageError::not_found)?;
    let shown = PreviewPage {
        base: format!("/ban-hang/san-pham/{id}"),
        facts: listing.labelled_facts(&deps.categories, page.lang),
        papers: paper_names(&listing, &deps, page.lang),
        trail: deps.categories.full_name(&listing.category_slug, page.lang),
        listing,
        page: page.in_section("seller-products"),
    };
    Ok(Html(shown).into_response())
}

pub(super) fn paper_names(
    listing: &Listing,
    deps: &Deps,
    lang: crate::kernel::Lang,
) -> Vec<String> {
    let names = crate::catalogue::certificate_names(listing, &deps.categories);
    names.iter().map(|name| name.get(lang).to_owned()).collect()
}
