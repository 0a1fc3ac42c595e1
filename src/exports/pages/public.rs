//! `/xuat-khau`: goods for export, their sheets, and enquiries without an account.

use super::incoterms;
use crate::{
    catalogue::{self, Listing},
    enterprises,
    exports::{
        enquire,
        error::{ExportError, TOO_MANY},
        forms::EnquiryForm,
        model::{About, Listed, Sheet},
        queries,
        routes::Deps,
        sheet::{self, Around},
    },
    kernel::{Cx, Errors, Lang},
    platform::idempotency,
    web::{self, Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "exports/list.html")]
struct ListPage {
    page: Page,
    goods: Vec<Listed>,
    next: Option<i64>,
}

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::exports) struct Asked {
    trang: String,
}

const ON_A_PAGE: i64 = 30;

/// `GET /xuat-khau?trang=`
pub(in crate::exports) async fn list(
    State(deps): State<Deps>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let n = asked.trang.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let mut goods = queries::listed(&deps.db, (ON_A_PAGE + 1, (n - 1) * ON_A_PAGE)).await?;
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let next = (goods.len() > most).then_some(n + 1);
    goods.truncate(most);
    Ok(Html(ListPage { page: page.in_section("export"), goods, next }))
}

#[derive(Template)]
#[template(path = "exports/product.html")]
struct ProductPage {
    page: Page,
    listing: Listing,
    sheet: Sheet,
    terms: Vec<(String, String)>,
    form: EnquiryForm,
    errors: Errors,
}

impl ProductPage {
    fn name(&self) -> &str {
        self.listing.name_in(self.page.lang)
    }

    fn about(&self) -> &str {
        let vi = self.page.lang == Lang::Vi && !self.sheet.about_vi.is_empty();
        if vi { &self.sheet.about_vi } else { &self.sheet.about_en }
    }
}

/// A product that is on display and has a sheet that is shown.
async fn found(deps: &Deps, cx: &Cx, slug: &str) -> Result<(Listing, Sheet), PageError> {
    let mut db = deps.db.acquire().await?;
    let listing = catalogue::listing(&mut db, cx, slug).await?.ok_or_else(PageError::not_found)?;
    let sheet = queries::sheet(&mut *db, listing.product).await?.filter(|s| s.shown);
    Ok((listing, sheet.ok_or_else(PageError::not_found)?))
}

fn product_page(
    page: Page,
    (listing, sheet): (Listing, Sheet),
    form: EnquiryForm,
    errors: Errors,
) -> ProductPage {
    let terms = incoterms(sheet.incoterms.iter().cloned());
    ProductPage { page: page.in_section("export"), listing, sheet, terms, form, errors }
}

/// `GET /san-pham/{slug}/xuat-khau`
pub(in crate::exports) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(slug): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let found = found(&deps, &cx, &slug).await?;
    let incoterm = found.1.incoterms.first().cloned().unwrap_or_default();
    let form = EnquiryForm { key: page.new_key(), incoterm, ..EnquiryForm::default() };
    let errors = Errors::new(page.lang);
    Ok(Html(product_page(page, found, form, errors)))
}

/// `POST /san-pham/{slug}/xuat-khau`
pub(in crate::exports) async fn ask(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    asked: web::context::Asked,
    Path(slug): Path<String>,
    Form { data: form, raw }: Form<EnquiryForm>,
) -> Result<Response, PageError> {
    let found = found(&deps, &cx, &slug).await?;
    let about = About {
        product: found.0.product,
        seller: found.0.seller,
        name: found.0.name_in(Lang::En).to_owned(),
    };
    let refused = |page, found, form, errors| {
        let again = Html(product_page(page, found, form, errors));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
    };
    let new = match form.check(page.lang, about) {
        Ok(new) => new,
        Err(errors) => return refused(page, found, form, errors),
    };
    let mut tx = deps.db.begin().await?;
    let route = ("/xuat-khau/hoi", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, &new.email, &form.key, route).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return refused(page, found, form, errors),
    };
    match enquire::enquire(&mut tx, &cx, &deps.site, asked.address, &new).await {
        Err(ExportError::TooMany) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            errors.check(false, "email", TOO_MANY.0, TOO_MANY.1);
            let again = Html(product_page(page, found, form, errors));
            return Ok((StatusCode::TOO_MANY_REQUESTS, again).into_response());
        }
        done => done?,
    };
    let to = format!("/san-pham/{slug}/xuat-khau");
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    let (vi, en) = (
        "Đã gửi thư tới địa chỉ của bạn. Mở liên kết trong thư và bấm xác nhận, lời hỏi mới tới người bán.",
        "We have sent you a mail. Open its link and press the button: only then does your enquiry reach the seller.",
    );
    Ok(go_with(&page, &to, page.t(vi, en)))
}

/// `GET /san-pham/{slug}/xuat-khau.pdf`
pub(in crate::exports) async fn pdf(
    State(deps): State<Deps>,
    cx: Cx,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let (listing, sheet) = found(&deps, &cx, &slug).await?;
    let mut db = deps.db.acquire().await?;
    let sellers = enterprises::facts(&mut db, &[listing.seller]).await?;
    drop(db);
    let seller = sellers.get(&listing.seller).ok_or_else(PageError::not_found)?;
    let kinds = deps.categories.facts();
    let label = |key: &str| {
        let of = |lang| kinds.iter().find(|f| f.key == key).map(|f| f.label.get(lang).to_owned());
        (
            of(Lang::Vi).unwrap_or_else(|| key.to_owned()),
            of(Lang::En).unwrap_or_else(|| key.to_owned()),
        )
    };
    let fact = |(key, value): (&String, &String)| {
        let (vi, en) = label(key);
        (vi, en, value.clone())
    };
    let certificate = |c: &catalogue::ListedCertificate| {
        format!("{} {} ({})", c.kind.to_uppercase(), c.number, c.issuer)
    };
    let around = Around {
        site: &deps.site,
        seller,
        address: format!("{}, {}", seller.address, deps.places.shown(&seller.commune_code)),
        facts: listing.facts.iter().map(fact).collect(),
        certificates: listing.certificates.iter().map(certificate).collect(),
        made_at: cx.now,
    };
    let paper = sheet::paper(&listing, &sheet, &around);
    let bytes = tokio::task::spawn_blocking(move || paper.print())
        .await
        .map_err(PageError::internal)?
        .map_err(PageError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}-export.pdf\"", listing.slug)),
    ];
    Ok((headers, bytes).into_response())
}
