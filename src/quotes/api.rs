//! `/api/v1/quote-requests` and `/api/v1/quotes`: what both sides read, as JSON, in the session of whoever asks.

use super::{
    machine::{QuoteState, RequestState},
    model::OfferLine,
    pages::{
        compare, id_of,
        lists::{self, Asked, Listed, Sheet},
        own, seller,
    },
    queries_lists, queries_offers,
    queries_offers::Version,
    queries_read::{self, Line, Request},
    routes::Deps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cursor, Cx},
    organisations::OrgScope,
    web::{ApiError, PageError, Query},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

/// Rows of one answer.
const SIZE: usize = 50;

fn row(listed: &Listed) -> Value {
    json!({
        "id": listed.id,
        "code": listed.code,
        "title": listed.title,
        "buyer": listed.org_name,
        "state": listed.state.code(),
        "quote_state": listed.quote.map(QuoteState::code),
        "sealed": listed.sealed,
        "closes_at": listed.closes_at,
        "lines": listed.kinds,
        "offers": listed.offers,
        "total_vnd": listed.total,
    })
}

fn rows(sheet: &Sheet) -> Value {
    let items: Vec<Value> = sheet.rows.iter().map(row).collect();
    json!({ "items": items, "older": sheet.older, "newer": sheet.newer })
}

fn api(error: PageError) -> ApiError {
    ApiError(error.0)
}

/// `GET /api/v1/quote-requests?tt=&sau=&truoc=`: the firm's requests, newest first.
pub(super) async fn requests(
    State(deps): State<Deps>,
    scope: OrgScope,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, ApiError> {
    let (from, state) = (Cursor::read(&asked.sau, &asked.truoc), RequestState::of(&asked.tt));
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let found = queries_lists::of_org(&deps.db, scope.org, state, from, most).await?;
    Ok(Json(rows(&lists::sheet(found, from, SIZE))))
}

/// `GET /api/v1/quotes?tt=&sau=&truoc=`: what the shop was asked, newest first.
pub(super) async fn quotes(
    State(deps): State<Deps>,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, ApiError> {
    let (from, state) = (Cursor::read(&asked.sau, &asked.truoc), QuoteState::of(&asked.tt));
    let most = i64::try_from(SIZE + 1).unwrap_or(i64::MAX);
    let found = queries_lists::of_seller(&deps.db, scope.seller, state, from, most).await?;
    Ok(Json(rows(&lists::sheet(found, from, SIZE))))
}

fn line(line: &Line) -> Value {
    json!({
        "position": line.position,
        "name": line.name,
        "sku": line.sku,
        "variant": line.variant,
        "quantity_milli": line.quantity.0,
        "unit": line.unit,
        "note": line.note,
        "wanted_on": line.wanted_on,
    })
}

fn offered(line: &OfferLine) -> Value {
    let breaks = line.breaks.iter();
    let breaks = breaks.map(|b| json!({ "from_milli": b.min.0, "unit_price_vnd": b.price }));
    json!({
        "position": line.position,
        "alternative": line.choice,
        "name": line.name,
        "quantity_milli": line.quantity.0,
        "unit": line.unit,
        "unit_price_vnd": line.price,
        "tax_bps": line.tax,
        "lead_days": line.lead_days,
        "breaks": breaks.collect::<Vec<_>>(),
    })
}

fn version(version: &Version) -> Value {
    let offer = &version.offer;
    json!({
        "version": version.version,
        "kind": if version.is_counter { "counter" } else { "offer" },
        "made_at": version.made_at,
        "valid_until": offer.valid_until,
        "delivery_fee_vnd": offer.delivery_fee,
        "deliver_on": offer.deliver_on,
        "deposit_bps": offer.terms.deposit,
        "on_delivery_bps": offer.terms.on_delivery,
        "net_days": offer.terms.net_days,
        "total_vnd": version.total,
        "lines": offer.lines.iter().map(offered).collect::<Vec<_>>(),
    })
}

fn head(request: &Request, lines: &[Line], cx: &Cx) -> Value {
    json!({
        "id": request.id,
        "code": request.code,
        "title": request.title,
        "body": request.body,
        "buyer": request.org_name,
        "state": request.window(cx).by_clock().code(),
        "sealed": request.sealed,
        "sent_at": request.sent_at,
        "closes_at": request.closes_at,
        "delivery": request.delivery_text,
        "delivery_commune": request.delivery_commune,
        "wanted_by": request.wanted_by,
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/quote-requests/{id}`: with the offers that stand, once they may be read.
pub(super) async fn request(
    State(deps): State<Deps>,
    cx: Cx,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let id = id_of(&id).map_err(api)?;
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org).map_err(api)?;
    let lines = queries_read::lines(&mut db, id).await?;
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let readable = request.window(&cx).is_readable();
    let versions = if readable { compare::offers(&mut db, &quotes).await? } else { Vec::new() };
    let offer = |v: &Version| {
        let quote = quotes.iter().find(|q| q.id == v.quote)?;
        Some(json!({
            "quote": quote.id,
            "shop": quote.shop_name,
            "state": quote.state.code(),
            "offer": version(v),
        }))
    };
    let mut answer = head(&request, &lines, &cx);
    answer["offers_received"] = json!(quotes.iter().filter(|q| q.offer.is_some()).count());
    answer["offers"] = versions.iter().filter_map(offer).collect();
    Ok(Json(answer))
}

/// `GET /api/v1/quotes/{id}`: a request that the shop was asked, with its own versions.
pub(super) async fn quote(
    State(deps): State<Deps>,
    cx: Cx,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let id = id_of(&id).map_err(api)?;
    let found = seller::find(&deps, &scope, id).await.map_err(api)?;
    let mut db = deps.db.acquire().await?;
    let versions = queries_offers::versions(&mut db, &[found.quote.id], None).await?;
    let mut answer = head(&found.request, &found.lines, &cx);
    answer["quote_state"] = json!(found.quote.state.code());
    answer["versions"] = versions.iter().map(version).collect();
    Ok(Json(answer))
}
