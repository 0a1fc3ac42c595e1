//! Pictures and papers of a product, and the copies of papers.

use super::{
    editor::{Typed, render},
    form::{Fields, product_id, told},
    save::answer,
};
use crate::{
    catalogue::{
        Deps,
        model::NewCertificate,
        papers::{add_certificate, remove_certificate},
        pictures::{self, Arrange},
        queries::papers as rows,
    },
    enterprises::SellerScope,
    kernel::{Cx, Day, Errors, Lang, ProductId, Text, parse_day},
    platform::{files::PaperType, idempotency},
    web::{Begun, Form, Page, PageError, Upload, UploadedFile, begin_once, go_with},
};
use axum::{
    extract::{Path, State as Part},
    http::header,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

/// `POST /ban-hang/san-pham/{id}/anh`
pub(in crate::catalogue) async fn upload(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    upload: Upload<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    owned(&deps, &scope, id).await?;
    let mut errors = Errors::new(page.lang);
    errors.check(!upload.files.is_empty(), "anh", "Chọn ít nhất một ảnh.", "Choose a picture.");
    if upload.files.len() > pictures::MOST_PICTURES {
        errors.add("anh", crate::catalogue::CatalogueError::TooManyPictures.text());
    }
    let mut kept = Vec::new();
    // The slow part is done before the transaction begins.
    for file in &upload.files {
        if !errors.is_empty() {
            break;
        }
        let made = pictures::keep(&cx, &deps.files, &deps.decoders, file.bytes.clone()).await;
        match made.map_err(PageError::internal)? {
            Ok(picture) => kept.push(picture),
            Err(text) => {
                let said = |lang| format!("{}: {}", file.name, text.get(lang));
                errors.add("anh", Text::new(said(Lang::Vi), said(Lang::En)));
            }
        }
    }
    if !errors.is_empty() {
        return refused(&deps, &cx, page, &scope, id, upload.data, errors).await;
    }
    let route = format!("/ban-hang/san-pham/{id}/anh");
    let to = format!("/ban-hang/san-pham/{id}#anh");
    let mut tx = deps.db.begin().await?;
    let key = upload.data.get("key");
    match begin_once(&mut tx, &cx, page.lang, scope.person, key, (&route, &upload.raw)).await? {
        Begun::Done(response) => Ok(response),
        Begun::Wrong(errors) => errors_of(&deps, &cx, page, &scope, (id, errors)).await,
        Begun::First(once) => match pictures::add(&mut tx, &cx, (scope.seller, id), &kept).await {
            Ok(()) => {
                idempotency::settle(&mut tx, &once, &to).await?;
                tx.commit().await?;
                Ok(go_with(&page, &to, page.t("Đã thêm ảnh.", "Pictures added.")))
            }
            Err(error) => {
                drop(tx);
                let errors = told(error, page.lang)?;
                errors_of(&deps, &cx, page, &scope, (id, errors)).await
            }
        },
    }
}

async fn errors_of(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    (id, errors): (ProductId, Errors),
) -> Result<Response, PageError> {
    refused(deps, cx, page, scope, id, Fields::default(), errors).await
}

async fn refused(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    id: ProductId,
    fields: Fields,
    errors: Errors,
) -> Result<Response, PageError> {
    render(deps, cx, page, scope, id, Typed { section: "papers", fields, errors }).await
}

/// Nothing slow is done for somebody else's product.
async fn owned(deps: &Deps, scope: &SellerScope, id: ProductId) -> Result<(), PageError> {
    let mut db = deps.db.acquire().await?;
    let found =
        crate::catalogue::queries::products::product(&mut db, id, Some(scope.seller)).await?;
    found.map(drop).ok_or_else(PageError::not_found)
}

/// `POST /ban-hang/san-pham/{id}/anh/sap-xep`
pub(in crate::catalogue) async fn arrange(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let mut errors = Errors::new(page.lang);
    let mut words = Vec::new();
    for (picture, _) in fields.under("alt.") {
        if let Ok(known) = picture.parse::<Uuid>() {
            words.push((known, fields.text(&mut errors, &format!("alt.{picture}"), 200)));
        }
    }
    let act = match fields.get("act").split_once('.') {
        Some(("len", picture)) => picture.parse().map(Arrange::Forward),
        Some(("bo", picture)) => picture.parse().map(Arrange::Remove),
        _ => Ok(Arrange::Words),
    };
    let act = act.map_err(|_| PageError::not_found())?;
    let outcome = if errors.is_empty() {
        let mut tx = deps.db.begin().await?;
        match pictures::arrange(&mut tx, &cx, (scope.seller, id), &words, act).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(())
            }
            Err(error) => Err(told(error, page.lang)?),
        }
    } else {
        Err(errors)
    };
    let line = Text::new("Đã lưu ảnh.", "Pictures saved.");
    answer((&deps, &cx, page, &scope), id, ("pictures", "anh"), fields, outcome, line).await
}

/// `POST /ban-hang/san-pham/{id}/giay-to`
pub(in crate::catalogue) async fn hand_in(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    upload: Upload<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    owned(&deps, &scope, id).await?;
    let (mut new, file) = match check_paper(&deps, &upload, Errors::new(page.lang)) {
        Ok(checked) => checked,
        Err(errors) => return refused(&deps, &cx, page, &scope, id, upload.data, errors).await,
    };
    let kept = deps.files.keep(&cx, "certificates", file.bytes.clone()).await;
    new.file_key = kept.map_err(PageError::internal)?;
    let route = format!("/ban-hang/san-pham/{id}/giay-to");
    let to = format!("/ban-hang/san-pham/{id}#giay-to");
    let mut tx = deps.db.begin().await?;
    let key = upload.data.get("key");
    match begin_once(&mut tx, &cx, page.lang, scope.person, key, (&route, &upload.raw)).await? {
        Begun::Done(response) => Ok(response),
        Begun::Wrong(errors) => refused(&deps, &cx, page, &scope, id, upload.data, errors).await,
        Begun::First(once) => match add_certificate(&mut tx, &cx, (scope.seller, id), &new).await {
            Ok(_) => {
                idempotency::settle(&mut tx, &once, &to).await?;
                tx.commit().await?;
                Ok(go_with(&page, &to, page.t("Đã nộp giấy tờ.", "The paper is handed in.")))
            }
            Err(error) => {
                drop(tx);
                let errors = told(error, page.lang)?;
                refused(&deps, &cx, page, &scope, id, upload.data, errors).await
            }
        },
    }
}

fn check_paper<'u>(
    deps: &Deps,
    upload: &'u Upload<Fields>,
    mut errors: Errors,
) -> Result<(NewCertificate, &'u UploadedFile), Errors> {
    let fields = &upload.data;
    let e = &mut errors;
    let kind = fields.get("kind").to_owned();
    let known = deps.categories.product_papers().any(|p| p.kind == kind);
    e.check(known, "kind", "Chọn loại giấy tờ.", "Choose a kind of paper.");
    let number = fields.text(e, "number", 80);
    e.check(
        !fields.get("number").is_empty(),
        "number",
        "Thiếu số giấy tờ.",
        "The number is missing.",
    );
    let issuer = fields.text(e, "issuer", 200);
    e.check(!fields.get("issuer").is_empty(), "issuer", "Thiếu nơi cấp.", "The issuer is missing.");
    let mut day = |name: &str| -> Option<Day> {
        match fields.get(name) {
            "" => None,
            typed => e.take(name, parse_day(typed)),
        }
    };
    let (issued, expires) = (day("issued"), day("expires"));
    let file = upload.files.first();
    errors.check(file.is_some(), "tep", "Chọn tệp bản chụp.", "Choose the copy's file.");
    let kind_of_file = file.and_then(|file| errors.take("tep", PaperType::of(&file.bytes)));
    match (file, kind_of_file) {
        (Some(file), Some(file_type)) if errors.is_empty() => {
            let file_type = file_type.mime().to_owned();
            let new = NewCertificate {
                kind,
                number,
                issuer,
                issued,
                expires,
                file_type,
                ..NewCertificate::default()
            };
            Ok((new, file))
        }
        _ => Err(errors),
    }
}

/// `POST /ban-hang/san-pham/{id}/giay-to/{paper}/bo`
pub(in crate::catalogue) async fn take_back(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let paper = paper.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let outcome = match remove_certificate(&mut tx, &cx, (scope.seller, id), paper).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(())
        }
        Err(error) => {
            drop(tx);
            Err(told(error, page.lang)?)
        }
    };
    let line = Text::new("Đã bỏ giấy tờ.", "The paper is taken back.");
    let fields = Fields::default();
    answer((&deps, &cx, page, &scope), id, ("state", "giay-to"), fields, outcome, line).await
}

/// `GET /ban-hang/san-pham/{id}/giay-to/{paper}`
pub(in crate::catalogue) async fn copy(
    Part(deps): Part<Deps>,
    scope: SellerScope,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    owned(&deps, &scope, id).await?;
    serve_copy(&deps, id, &paper).await
}

/// A paper's copy, for whom the caller has let in.
pub(super) async fn serve_copy(
    deps: &Deps,
    id: ProductId,
    paper: &str,
) -> Result<Response, PageError> {
    let papers = rows::certificates(&mut *deps.db.acquire().await?, id).await?;
    let found = papers.into_iter().find(|p| p.id.to_string() == paper && !p.file_key.is_empty());
    let found = found.ok_or_else(PageError::not_found)?;
    let bytes = deps.files.read(&found.file_key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    let head = [
        (header::CONTENT_TYPE, found.file_type),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((head, bytes).into_response())
}
