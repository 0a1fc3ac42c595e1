//! Handing in a digitally signed contract, and having it back as it came.

use super::{
    super::{
        contract,
        error::PurchasingError,
        machine::Side,
        read::{Scope, Whole},
        routes::Deps,
        sign::{self, Handed},
        signatures,
    },
    ActForm, Pressed, begin, buyer, found, seller,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, PersonId, Text},
    organisations::{OrgRole, OrgScope},
    platform::{audit, idempotency, signatures as machinery, trust},
    web::{Page, PageError, Upload, UploadedFile, go_with},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The field of the file.
const FIELD: &str = "tep";
/// Bytes of a signed contract.
const MOST: usize = 10 << 20;

/// What comes beside the file.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct SignForm {
    key: String,
}

/// `POST /to-chuc/don-mua/{number}/chu-ky`
pub(in super::super) async fn sign_of_buyer(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(number): Path<String>,
    upload: Upload<SignForm>,
) -> Result<Response, PageError> {
    let of = Scope::Buyer(scope.org);
    let whole = found(&mut *deps.db.acquire().await?, &number, of).await?;
    scope.needs(OrgRole::Requester)?;
    let back = format!("/to-chuc/don-mua/{}", whole.head.number);
    let by = (Side::Buyer, scope.person);
    match take(&deps, (&cx, &page), (&whole, &back), by, &upload).await? {
        Pressed::Done(response) => Ok(response),
        Pressed::Wrong(errors) => {
            buyer::shown(&deps, (&cx, page, scope), &number, (errors, ActForm::default())).await
        }
    }
}

/// `POST /ban-hang/don-mua/{number}/chu-ky`
pub(in super::super) async fn sign_of_seller(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(number): Path<String>,
    upload: Upload<SignForm>,
) -> Result<Response, PageError> {
    let of = Scope::Seller(scope.seller);
    let whole = found(&mut *deps.db.acquire().await?, &number, of).await?;
    let back = format!("/ban-hang/don-mua/{}", whole.head.number);
    let by = (Side::Seller, scope.person);
    match take(&deps, (&cx, &page), (&whole, &back), by, &upload).await? {
        Pressed::Done(response) => Ok(response),
        Pressed::Wrong(errors) => {
            seller::shown(&deps, (&cx, page, &scope), &number, (errors, ActForm::default())).await
        }
    }
}

fn wrong(page: &Page, text: Text) -> Pressed {
    let mut errors = Errors::new(page.lang);
    errors.add(FIELD, text);
    Pressed::Wrong(errors)
}

async fn take(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    (whole, back): (&Whole, &str),
    by: (Side, PersonId),
    upload: &Upload<SignForm>,
) -> Result<Pressed, PageError> {
    let file = upload.files.iter().find(|file| file.field == FIELD);
    let Some(file) = file.filter(|file| file.bytes.len() <= MOST) else {
        return Ok(wrong(
            page,
            Text::new(
                "Hãy chọn tệp chữ ký (.p7s, .p7m hoặc .pdf), không quá 10 MB.",
                "Choose the signature's file (.p7s, .p7m or .pdf) of at most 10 MB.",
            ),
        ));
    };
    let verified = match checked(deps, (cx, page), whole, file).await? {
        Ok(verified) => verified,
        Err(reason) => return Ok(wrong(page, reason.told())),
    };
    let added_after = verified.added_after;
    let signatures = match signatures::sided(&whole.head, verified) {
        Ok(signatures) => signatures,
        Err(reason) => return Ok(wrong(page, reason)),
    };
    let kept = deps.files.keep(cx, "signatures", file.bytes.clone()).await;
    let file_key = kept.map_err(PageError::internal)?;
    let handed = Handed {
        by,
        signatures: &signatures,
        added_after,
        file_key: &file_key,
        file_name: &file.name,
        sha256: &Sha256::digest(&file.bytes),
    };
    let noted = note(deps, (cx, page), (whole, back), &handed, upload).await;
    if !matches!(noted, Ok((_, true))) {
        deps.files.remove(&file_key).await.map_err(PageError::internal)?;
    }
    noted.map(|(pressed, _)| pressed)
}

/// Whether the file signs the contract, by those whom the floor trusts.
async fn checked(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    whole: &Whole,
    file: &UploadedFile,
) -> Result<Result<machinery::Verified, machinery::Refused>, PageError> {
    let contract = contract::kept(deps, cx, page, whole).await?;
    let trust = trust::current(&mut *deps.db.acquire().await?, cx, page.demo).await?;
    let (bytes, now) = (file.bytes.clone(), cx.now);
    let check = move || machinery::verify(&bytes, &contract, &trust, now);
    tokio::task::spawn_blocking(check).await.map_err(PageError::internal)
}

/// Notes it once; whether it is noted by this press.
async fn note(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    (whole, back): (&Whole, &str),
    handed: &Handed<'_>,
    upload: &Upload<SignForm>,
) -> Result<(Pressed, bool), PageError> {
    let route = format!("{back}/chu-ky");
    let begun = begin(deps, (cx, page), &upload.data.key, (&route, &upload.raw)).await?;
    let (mut tx, once) = match begun {
        Ok(begun) => begun,
        Err(pressed) => return Ok((pressed, false)),
    };
    match sign::sign(&mut tx, cx, whole.head.id, handed).await {
        Ok(()) => {}
        Err(PurchasingError::Signature(reason)) => return Ok((wrong(page, reason), false)),
        Err(error) => return Err(error.into()),
    }
    let detail = json!({
        "side": handed.by.0.code(),
        "sha256": hex::encode(handed.sha256),
        "signers": handed.signatures.iter().map(|one| &one.tax_code).collect::<Vec<_>>(),
    });
    let subject = format!("purchase order:{}", whole.head.id);
    audit::record(&mut tx, cx, "purchasing.sign", &subject, detail).await?;
    idempotency::settle(&mut tx, &once, back).await?;
    tx.commit().await?;
    let line = page.t("Chữ ký hợp lệ và đã được lưu.", "The signature holds and is kept.");
    Ok((Pressed::Done(go_with(page, back, line)), true))
}

/// `GET /to-chuc/don-mua/{number}/chu-ky/{id}`
pub(in super::super) async fn file_of_buyer(
    State(deps): State<Deps>,
    scope: OrgScope,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    file(&deps, Scope::Buyer(scope.org), &number, &id).await
}

/// `GET /ban-hang/don-mua/{number}/chu-ky/{id}`
pub(in super::super) async fn file_of_seller(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    file(&deps, Scope::Seller(scope.seller), &number, &id).await
}

async fn file(deps: &Deps, scope: Scope, number: &str, id: &str) -> Result<Response, PageError> {
    let whole = found(&mut *deps.db.acquire().await?, number, scope).await?;
    let mut all = (1..).zip(&whole.signatures);
    let one = all.find(|(_, one)| one.id.to_string() == id).ok_or_else(PageError::not_found)?;
    let (nth, one) = one;
    let bytes = deps.files.read(&one.file_key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    if Sha256::digest(&bytes).as_slice() != one.file_sha256 {
        return Err(PageError::internal(anyhow::anyhow!("{} was changed", one.file_key)));
    }
    let (kind, ending) = match bytes.starts_with(b"%PDF-") {
        true => ("application/pdf", "pdf"),
        false => ("application/pkcs7-signature", "p7s"),
    };
    let name = format!("attachment; filename=\"chu-ky-{}-{nth}.{ending}\"", whole.head.number);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
