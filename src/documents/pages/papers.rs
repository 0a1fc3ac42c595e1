//! The papers of an order as files: contract, packing slip, delivery note.

use super::{Key, of_buyer, of_seller};
use crate::{
    documents::{
        contract_paper,
        delivery_paper::Desk,
        issue::{self, Issued},
        routes::Deps,
    },
    enterprises::SellerScope,
    kernel::Cx,
    orders::Order,
    web::{Page, PageError, Query, press},
};
use axum::{
    extract::{Path, State},
    response::Response,
};

/// `GET /don-hang/{code}/hop-dong.pdf`
pub(in super::super) async fn contract(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_buyer(&mut db, page.viewer.as_ref(), &code, &key.k).await?
    };
    printed(&deps, &cx, &page, &order).await
}

/// `GET /ban-hang/don-hang/{code}/hop-dong.pdf`: the same paper for the other side.
pub(in super::super) async fn contract_of_seller(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_seller(&mut db, &scope, &code).await?
    };
    printed(&deps, &cx, &page, &order).await
}

async fn printed(deps: &Deps, cx: &Cx, page: &Page, order: &Order) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let issued: Issued = issue::issue(&mut tx, cx, order, &page.site).await?;
    tx.commit().await?;
    let bytes = press::print(contract_paper::paper(&issued, page.lang)).await?;
    let mut db = deps.db.acquire().await?;
    if !issue::prove(&mut db, cx, &issued, page.lang.code(), &bytes).await? {
        // The content is what was frozen, but the program sets it differently now: its layout number must rise.
        tracing::error!(contract = %issued.number, "the file differs from the first one");
    }
    Ok(press::answer(bytes, &format!("hop-dong-{}.pdf", order.head.code)))
}

fn desk(page: &Page) -> Desk<'_> {
    Desk { name: &page.site_name, base_url: &page.site.base_url, lang: page.lang }
}

/// `GET /ban-hang/don-hang/{code}/phieu.pdf`
pub(in super::super) async fn slip(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_seller(&mut db, &scope, &code).await?
    };
    let bytes = press::print(desk(&page).slip(&order)).await?;
    Ok(press::answer(bytes, &format!("phieu-{}.pdf", order.head.code)))
}

/// `GET /ban-hang/don-hang/{code}/giao-hang.pdf`
pub(in super::super) async fn delivery_note(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let order = {
        let mut db = deps.db.acquire().await?;
        of_seller(&mut db, &scope, &code).await?
    };
    let bytes = press::print(desk(&page).note_of_delivery(&order)).await?;
    Ok(press::answer(bytes, &format!("giao-hang-{}.pdf", order.head.code)))
}
