//! Where providers tell us. What they are answered is theirs to say: [`super::ports::Reply`].

use super::{heard, model::PaymentMethod, ports::Inbound, routes::Deps};
use crate::{kernel::Cx, web::PageError};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use uuid::Uuid;

async fn answer(
    deps: &Deps,
    cx: &Cx,
    whose: (PaymentMethod, Option<Uuid>),
    inbound: Inbound<'_>,
) -> Result<Response, PageError> {
    let reply = heard::take_in(&deps.db, &deps.gateways, cx, whose, &inbound).await?;
    let reply = reply.ok_or_else(PageError::not_found)?;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    if reply.body.is_empty() {
        return Ok(status.into_response());
    }
    Ok((status, [(header::CONTENT_TYPE, "application/json")], reply.body).into_response())
}

fn whose(provider: &str, merchant: &str) -> Result<(PaymentMethod, Option<Uuid>), PageError> {
    let method = PaymentMethod::of(provider).filter(|method| method.is_online());
    let merchant = merchant.parse().map_err(|_| PageError::not_found())?;
    Ok((method.ok_or_else(PageError::not_found)?, Some(merchant)))
}

/// `GET /thanh-toan/{provider}/ipn/{merchant}`: VNPay.
pub(super) async fn by_query(
    State(deps): State<Deps>,
    cx: Cx,
    Path((provider, merchant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let whose = whose(&provider, &merchant)?;
    if whose.0 != PaymentMethod::VnPay {
        return Err(PageError::not_found());
    }
    let raw = query.unwrap_or_default();
    answer(&deps, &cx, whose, Inbound { raw: raw.as_bytes(), signature: "" }).await
}

/// `POST /thanh-toan/{provider}/ipn/{merchant}`: MoMo and ZaloPay.
pub(super) async fn by_body(
    State(deps): State<Deps>,
    cx: Cx,
    Path((provider, merchant)): Path<(String, String)>,
    raw: Bytes,
) -> Result<Response, PageError> {
    let whose = whose(&provider, &merchant)?;
    if !matches!(whose.0, PaymentMethod::MoMo | PaymentMethod::ZaloPay) {
        return Err(PageError::not_found());
    }
    answer(&deps, &cx, whose, Inbound { raw: &raw, signature: "" }).await
}

/// `POST /thanh-toan/stripe/ipn`: of all connected accounts.
pub(super) async fn stripe(
    State(deps): State<Deps>,
    cx: Cx,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, PageError> {
    let signature = headers.get("stripe-signature").and_then(|v| v.to_str().ok());
    let inbound = Inbound { raw: &raw, signature: signature.unwrap_or_default() };
    answer(&deps, &cx, (PaymentMethod::Stripe, None), inbound).await
}
