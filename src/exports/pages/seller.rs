//! `/ban-hang/xuat-khau`: the seller's sheets, enquiries and offers.

use super::every_incoterm;
use crate::{
    catalogue,
    enterprises::SellerScope,
    exports::{
        forms::{OfferForm, SheetForm},
        model::Currency,
        offer,
        queries::{self, Own},
        queries_enquiries::{self as q, Enquiry, Offer},
        routes::Deps,
    },
    kernel::{Cx, Errors, ProductId, name_place, read_place},
    web::{Form, Html, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

const HOME: &str = "/ban-hang/xuat-khau";
const SECTION: &str = "seller-export";

#[derive(Template)]
#[template(path = "exports/seller_list.html")]
struct ListPage {
    page: Page,
    goods: Vec<Own>,
    enquiries: Vec<Enquiry>,
    older: String,
}

/// Where the enquiries go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::exports) struct Asked {
    sau: String,
}

/// Enquiries on a page.
const SIZE: usize = 30;

/// `GET /ban-hang/xuat-khau`
pub(in crate::exports) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let goods = queries::own(&deps.db, scope.seller).await?;
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let before = read_place(&asked.sau);
    let mut enquiries = q::all_of(&deps.db, scope.seller, before, most).await?;
    let more = enquiries.len() > SIZE;
    enquiries.truncate(SIZE);
    let last = enquiries.last().filter(|_| more);
    let older = last.map(|e| format!("{HOME}?sau={}", name_place((e.made_at, e.id))));
    let (page, older) = (page.in_section(SECTION), older.unwrap_or_default());
    Ok(Html(ListPage { page, goods, enquiries, older }))
}

#[derive(Template)]
#[template(path = "exports/seller_sheet.html")]
struct SheetPage {
    page: Page,
    product: ProductId,
    name: String,
    slug: String,
    has_english: bool,
    shown: bool,
    form: SheetForm,
    errors: Errors,
}

/// A product of this shop in any state.
async fn own(
    deps: &Deps,
    cx: &Cx,
    scope: &SellerScope,
    id: &str,
) -> Result<catalogue::Listing, PageError> {
    let id: ProductId = id.parse().map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let found = catalogue::preview(&mut db, cx, id).await?;
    found.filter(|l| l.seller == scope.seller).ok_or_else(PageError::not_found)
}

fn sheet_page(
    page: Page,
    listing: catalogue::Listing,
    shown: bool,
    (form, errors): (SheetForm, Errors),
) -> SheetPage {
    SheetPage {
        page: page.in_section(SECTION),
        product: listing.product,
        has_english: !listing.name_en.is_empty(),
        shown: shown && listing.visible,
        name: listing.name,
        slug: listing.slug,
        form,
        errors,
    }
}

/// `GET /ban-hang/xuat-khau/san-pham/{id}`
pub(in crate::exports) async fn sheet(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let listing = own(&deps, &cx, &scope, &id).await?;
    let kept = queries::sheet(&deps.db, listing.product).await?;
    let shown = kept.as_ref().is_some_and(|sheet| sheet.shown);
    let usual = SheetForm {
        hien: "1".into(),
        xuat_xu: "Viet Nam".into(),
        incoterms: "FOB, EXW".into(),
        cang: "Da Nang".into(),
        ..SheetForm::default()
    };
    let form = kept.as_ref().map_or(usual, SheetForm::of);
    let errors = Errors::new(page.lang);
    Ok(Html(sheet_page(page, listing, shown, (form, errors))))
}

/// `POST /ban-hang/xuat-khau/san-pham/{id}`
pub(in crate::exports) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<SheetForm>,
) -> Result<Response, PageError> {
    let listing = own(&deps, &cx, &scope, &id).await?;
    let sheet = match form.check(page.lang) {
        Ok(sheet) => sheet,
        Err(errors) => {
            let kept = queries::sheet(&deps.db, listing.product).await?;
            let shown = kept.is_some_and(|sheet| sheet.shown);
            let again = Html(sheet_page(page, listing, shown, (form, errors)));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    let mut tx = deps.db.begin().await?;
    queries::save_sheet(&mut tx, &cx, (listing.product, scope.seller), &sheet).await?;
    tx.commit().await?;
    Ok(go_with(&page, HOME, page.t("Đã lưu phiếu xuất khẩu.", "The export sheet is saved.")))
}

#[derive(Template)]
#[template(path = "exports/seller_enquiry.html")]
struct EnquiryPage {
    page: Page,
    enquiry: Enquiry,
    offers: Vec<Offer>,
    terms: Vec<(String, String)>,
    currencies: Vec<(String, String)>,
    form: OfferForm,
    errors: Errors,
}

async fn enquiry_page(
    deps: &Deps,
    page: Page,
    scope: &SellerScope,
    id: &str,
    typed: Option<(OfferForm, Errors)>,
) -> Result<EnquiryPage, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let enquiry = q::of_seller(&deps.db, id, scope.seller).await?;
    let enquiry = enquiry.ok_or_else(PageError::not_found)?;
    let offers = q::offers(&deps.db, id).await?;
    let usual = || OfferForm {
        ban: enquiry.offers.to_string(),
        tien: "USD".into(),
        don_vi: "kg".into(),
        so_luong: enquiry.quantity.clone(),
        incoterm: enquiry.incoterm.clone(),
        noi: enquiry.port.clone(),
        ..OfferForm::default()
    };
    let (form, errors) = typed.unwrap_or_else(|| (usual(), Errors::new(page.lang)));
    let currency = |c: Currency| (c.code().to_owned(), c.code().to_owned());
    Ok(EnquiryPage {
        page: page.in_section(SECTION),
        terms: every_incoterm(),
        currencies: Currency::ALL.into_iter().map(currency).collect(),
        enquiry,
        offers,
        form,
        errors,
    })
}

/// `GET /ban-hang/xuat-khau/{id}`
pub(in crate::exports) async fn enquiry(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    Ok(Html(enquiry_page(&deps, page, &scope, &id, None).await?))
}

/// `POST /ban-hang/xuat-khau/{id}`: an offer, or that there is none.
pub(in crate::exports) async fn send(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<OfferForm>,
) -> Result<Response, PageError> {
    let now = enquiry_page(&deps, page.clone(), &scope, &id, None).await?;
    let (id, to) = (now.enquiry.id, format!("{HOME}/{}", now.enquiry.id));
    let mut tx = deps.db.begin().await?;
    let errors = if form.act == "close" {
        let mut errors = Errors::new(page.lang);
        errors.length("ly_do", &form.ly_do, (3, 300));
        if errors.is_empty() {
            let reason = form.ly_do.trim();
            offer::close(&mut tx, &cx, &deps.site, (id, scope.seller), reason).await?;
            tx.commit().await?;
            return Ok(go_with(&page, &to, page.t("Đã trả lời người hỏi.", "They are told.")));
        }
        errors
    } else {
        match form.check(page.lang, &cx) {
            Ok(new) => {
                let who = (id, scope.seller, scope.person.0);
                let seen = form.ban.parse().unwrap_or(-1);
                offer::offer(&mut tx, &cx, &deps.site, who, seen, &new).await?;
                tx.commit().await?;
                return Ok(go_with(&page, &to, page.t("Đã gửi chào giá.", "The offer is sent.")));
            }
            Err(errors) => errors,
        }
    };
    drop(tx);
    let again = EnquiryPage { form, errors, ..now };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
}
