//! `POST /webhook/ngan-hang/{address}`: a service tells what a seller's bank shows. Kept once, answered, done later.

use super::{jobs::ReadBankMessage, queries_feeds, services};
use crate::{
    kernel::Cx,
    payments::routes::Deps,
    platform::{
        inbox::{self, Inbound},
        jobs::Handler,
    },
    web::AsProblem,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use services::Service;

/// The key that the message carries.
fn key(service: Service, headers: &HeaderMap) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    match service {
        Service::Sepay => {
            text(header::AUTHORIZATION.as_str())?.strip_prefix("Apikey ").map(str::trim)
        }
        Service::Casso => text("secure-token"),
    }
}

fn answer(status: StatusCode) -> Response {
    (status, Json(json!({ "success": status.is_success() }))).into_response()
}

/// `POST /webhook/ngan-hang/{address}`
pub(super) async fn receive(
    State(deps): State<Deps>,
    cx: Cx,
    Path(address): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let mut db = deps.db.acquire().await?;
        let Some(feed) = queries_feeds::by_address(&mut *db, &address).await? else {
            return Ok(StatusCode::NOT_FOUND);
        };
        if !key(feed.service, &headers).is_some_and(|key| feed.opens(key)) {
            return Ok(StatusCode::UNAUTHORIZED);
        }
        let Ok(name) = services::name(feed.service, &body) else {
            return Ok(StatusCode::BAD_REQUEST);
        };
        let (id, event_id) = (feed.id.to_string(), format!("{}:{name}", feed.id));
        let inbound = Inbound {
            provider: feed.service.code(),
            event_id: &event_id,
            subject: &id,
            body: &body,
            handler: ReadBankMessage::NAME,
        };
        inbox::take_in(&mut *db, &cx, &inbound).await?;
        Ok::<_, sqlx::Error>(StatusCode::OK)
    };
    match outcome.await {
        Ok(status) => answer(status),
        Err(error) => {
            tracing::error!(%error, "a bank's message was not kept");
            answer(error.problem().status)
        }
    }
}
