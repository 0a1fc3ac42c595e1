//! Where carriers report. What comes is looked at for its proof, kept once, and answered; a job reads it.

use super::{
    carriers::{CarrierKind, PushError},
    contracts::Office,
    jobs, queries_contracts,
};
use crate::{
    kernel::Cx,
    platform::inbox::{self, Inbound},
    web::PageError,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

/// `POST /giao-hang/{carrier}/tin/{path}`
pub(super) async fn receive(
    State(office): State<Office>,
    cx: Cx,
    Path((carrier, path)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let kind = CarrierKind::of(&carrier).filter(|kind| kind.is_network());
    let kind = kind.ok_or_else(PageError::not_found)?;
    let contract = queries_contracts::by_path(&office.db, kind, &path).await?;
    let contract = contract.ok_or_else(PageError::not_found)?;
    let carrier = office.carriers.of(kind);
    let access = contract.open(&office.sealer).map_err(|error| {
        tracing::error!(seller = %contract.seller, %error, "a contract's key does not open");
        sqlx::Error::Decode(error.into())
    })?;
    let read = carrier.prove(&access, &headers, &body).and_then(|()| carrier.read_push(&body));
    let push = match read {
        Ok(push) => push,
        Err(PushError::Forged) => return Ok(StatusCode::FORBIDDEN.into_response()),
        Err(PushError::Unreadable) => return Ok(StatusCode::BAD_REQUEST.into_response()),
    };
    let (subject, event_id) =
        (contract.seller.to_string(), format!("{}:{}", contract.seller, push.id));
    let inbound = Inbound {
        provider: kind.code(),
        event_id: &event_id,
        subject: &subject,
        body: &body,
        handler: jobs::HEAR,
    };
    inbox::take_in(&office.db, &cx, &inbound).await?;
    Ok((StatusCode::OK, "ok\n").into_response())
}
