//! One adapter a carrier; what they share about HTTP and words.

mod ghn;
mod ghtk;
mod hand;
mod viettel_post;
mod words;

pub use ghn::Ghn;
pub use ghtk::Ghtk;
pub use hand::Hand;
pub use viettel_post::ViettelPost;

use super::CarrierError;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

/// Longest answer that is read.
const MOST: usize = 1 << 20;

/// An answer that says something: the status and the JSON. Whatever says nothing is unknown.
async fn answer(request: RequestBuilder) -> Result<(StatusCode, Value), CarrierError> {
    let (status, body) = bytes(request).await?;
    let value = serde_json::from_slice(&body)
        .map_err(|_| CarrierError::Unknown(format!("{status}, not JSON")))?;
    Ok((status, value))
}

async fn bytes(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), CarrierError> {
    // The error's own text may hold the address, never the headers with the key.
    let lost = |error: reqwest::Error| CarrierError::Unknown(error.without_url().to_string());
    let mut response = request.send().await.map_err(lost)?;
    let status = response.status();
    if status.is_server_error() || status.is_redirection() || tells_nothing(status) {
        return Err(CarrierError::Unknown(status.to_string()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if body.len() + chunk.len() > MOST {
            return Err(CarrierError::Unknown("an endless answer".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, body))
}

fn tells_nothing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT
    )
}

/// The carrier's own words on why not.
fn refused(value: &Value, field: &str) -> CarrierError {
    let words = value[field].as_str().unwrap_or_default();
    CarrierError::Refused(words.chars().take(300).collect())
}
