//! What is stuck on a parcel.

use super::super::{
    carriers::{CarrierError, Label, Names},
    contracts::Office,
    parcels::{self, Parcel},
};
use crate::{
    enterprises::SellerScope,
    kernel::normalise,
    platform::qr,
    web::{Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};

#[derive(Template)]
#[template(path = "delivery/label.html")]
pub(in crate::delivery) struct LabelPage {
    page: Page,
    parcel: Parcel,
    /// What a scanner reads: the carrier's number, else ours.
    number: String,
    qr: String,
}

async fn find(office: &Office, scope: &SellerScope, code: &str) -> Result<Parcel, PageError> {
    let mut db = office.db.acquire().await?;
    let found = parcels::find(&mut db, scope.seller, &normalise(code)).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/kien/{code}/nhan`: our own label, which fits every carrier's counter.
pub(in crate::delivery) async fn show(
    State(office): State<Office>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<LabelPage>, PageError> {
    let parcel = find(&office, &scope, &code).await?;
    let number = parcel.carrier_code.clone().unwrap_or_else(|| parcel.code.clone());
    let name: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let attributes = format!(" width=\"160\" height=\"160\" role=\"img\" aria-label=\"{name}\"");
    let qr = qr::svg(&number, &attributes).unwrap_or_default();
    Ok(Html(LabelPage { page, parcel, number, qr }))
}

/// `GET /ban-hang/kien/{code}/nhan-hang`: the carrier's own label, where he has one.
pub(in crate::delivery) async fn carriers(
    State(office): State<Office>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let parcel = find(&office, &scope, &code).await?;
    let ours = format!("/ban-hang/kien/{}/nhan", parcel.code);
    let mut db = office.db.acquire().await?;
    let access = office.access(&mut db, scope.seller, parcel.carrier).await?;
    drop(db);
    let names = Names { ours: parcel.code.clone(), theirs: parcel.carrier_code.clone() };
    let Some(access) = access.filter(|_| names.theirs.is_some()) else {
        return Ok(crate::web::go(&ours));
    };
    match office.carriers.of(parcel.carrier).label(&access, &names).await {
        Ok(Label::Ours) | Err(CarrierError::Unsupported) => Ok(crate::web::go(&ours)),
        Ok(Label::At(url)) => Ok(Redirect::to(&url).into_response()),
        Ok(Label::Pdf(bytes)) => {
            Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response())
        }
        Err(error) => {
            let words = page.t(
                "Chưa lấy được nhãn của hãng, xin dùng nhãn này hoặc thử lại.",
                "The carrier's label could not be had; use this one or try again.",
            );
            tracing::info!(carrier = parcel.carrier.code(), %error, "no label");
            Ok(go_with(&page, &ours, words))
        }
    }
}
