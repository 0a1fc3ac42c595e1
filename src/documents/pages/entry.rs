//! `/ban-hang/hoa-don/{code}`: one order's invoice, as its seller sees and records it.

use super::{invoice_file, names, of_seller};
use crate::{
    documents::{
        DocumentError,
        ask::Recipient,
        export::recipient,
        invoice::{Invoice, Typed},
        queries_invoices as queries,
        record::{self, NewInvoice},
        routes::Deps,
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, Text, day_of},
    orders::Order,
    platform::{files::PaperType, idempotency},
    web::{AsProblem, Begun, Html, Page, PageError, Upload, UploadedFile, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "documents/entry.html")]
struct EntryPage {
    page: Page,
    order: Order,
    /// Whom the invoice names.
    to: Recipient,
    asked: bool,
    invoice: Option<Invoice>,
    /// Whether one can be recorded now.
    open: bool,
    form: Typed,
    errors: Errors,
}

async fn page_of(
    deps: &Deps,
    page: Page,
    order: Order,
    sent: Option<(Typed, Errors)>,
) -> Result<EntryPage, PageError> {
    let mut db = deps.db.acquire().await?;
    let asked = queries::request(&mut db, order.head.id).await?;
    let invoice = queries::current(&mut db, order.head.id).await?;
    let (mut form, errors) = sent.unwrap_or_else(|| (Typed::default(), Errors::new(page.lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    Ok(EntryPage {
        to: recipient(&order.head, asked.as_ref()),
        asked: asked.is_some(),
        open: record::may_have(&order),
        order,
        invoice,
        form,
        errors,
        page: page.in_section("seller-invoices"),
    })
}

/// `GET /ban-hang/hoa-don/{code}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_seller(&mut db, &scope, &code).await?
    };
    Ok(Html(page_of(&deps, page, order, None).await?))
}

/// A PDF, or the signed XML: by its contents.
fn type_of(file: &UploadedFile, lang: Lang) -> Result<&'static str, Errors> {
    let text = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
    let xml = text.trim_ascii_start().starts_with(b"<?xml") && file.bytes.len() <= 10 << 20;
    match PaperType::of(&file.bytes) {
        Ok(PaperType::Pdf) => Ok("application/pdf"),
        _ if xml => Ok("application/xml"),
        _ => {
            let mut errors = Errors::new(lang);
            let text = Text::new(
                "Tệp hóa đơn phải là PDF hoặc XML, không quá 10 MB.",
                "The invoice's file must be a PDF or an XML of at most 10 MB.",
            );
            errors.add("tep", text);
            Err(errors)
        }
    }
}

/// `POST /ban-hang/hoa-don/{code}`: records the invoice, or corrects the entry.
pub(in super::super) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    form: Upload<Typed>,
) -> Result<Response, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_seller(&mut db, &scope, &code).await?
    };
    if !record::may_have(&order) {
        return Err(DocumentError::TooEarly.into());
    }
    let placed = day_of(order.head.placed_at);
    let checked = form.data.check(page.lang, placed, day_of(cx.now));
    let file = form.files.first().map(|file| type_of(file, page.lang).map(|kind| (file, kind)));
    let (entry, file) = match (checked, file.transpose()) {
        (Ok(entry), Ok(file)) => (entry, file),
        (Err(errors), _) | (Ok(_), Err(errors)) => {
            return refused(&deps, page, order, (form.data, errors)).await;
        }
    };
    let file = match file {
        Some((file, kind)) => {
            let key = deps.files.keep(&cx, "invoices", file.bytes.clone()).await;
            Some((key.map_err(PageError::internal)?, kind))
        }
        None => None,
    };
    let back = format!("/ban-hang/hoa-don/{}", order.head.code);
    let mut tx = deps.db.begin().await?;
    let asked = (back.as_str(), form.raw.as_ref());
    let once =
        match begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, asked).await? {
            Begun::First(once) => once,
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(errors) => {
                drop(tx);
                return refused(&deps, page, order, (form.data, errors)).await;
            }
        };
    idempotency::settle(&mut tx, &once, &back).await?;
    let new = NewInvoice::of(entry, file);
    match record::record(&mut tx, &cx, names(&order), &new).await {
        Ok(()) => {}
        Err(error @ DocumentError::Taken) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            errors.add("so", error.problem().title);
            return refused(&deps, page, order, (form.data, errors)).await;
        }
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(go_with(&page, &back, page.t("Đã ghi hóa đơn.", "The invoice is recorded.")))
}

async fn refused(
    deps: &Deps,
    page: Page,
    order: Order,
    sent: (Typed, Errors),
) -> Result<Response, PageError> {
    let page = page_of(deps, page, order, Some(sent)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

/// `GET /ban-hang/hoa-don/{code}/tep`
pub(in super::super) async fn file(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let order = of_seller(&mut db, &scope, &code).await?;
    let invoice = queries::current(&mut db, order.head.id).await?;
    drop(db);
    invoice_file(&deps, invoice, &order.head.code).await
}
