//! Requests to a provider, so that what is unknown is never taken for a no.

use super::super::ports::GatewayError;
use serde_json::Value;
use std::time::Duration;

/// Longer than any provider needs, shorter than a page may take.
pub(in super::super) const PATIENCE: Duration = Duration::from_secs(12);
/// No answer of a provider is larger.
const MOST: usize = 256 << 10;

/// The way to the providers.
#[derive(Debug, Clone)]
pub(in super::super) struct Wire {
    client: reqwest::Client,
}

impl Wire {
    /// With a limit for each answer.
    ///
    /// # Errors
    /// The machine has no way to speak TLS.
    pub(in super::super) fn new(patience: Duration) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(patience.min(Duration::from_secs(5)))
            .timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent("santinh")
            .build()?;
        Ok(Self { client })
    }

    /// Sends JSON and reads JSON.
    pub(super) async fn post(&self, url: &str, body: &Value) -> Result<Value, GatewayError> {
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json; charset=utf-8")
            .body(body.to_string());
        let mut answer = request.send().await.map_err(|error| match error.is_connect() {
            true => GatewayError::Unreachable,
            false => unknown(error),
        })?;
        let status = answer.status();
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unknown)? {
            if bytes.len() + part.len() > MOST {
                return Err(unknown("an answer without end"));
            }
            bytes.extend_from_slice(&part);
        }
        // Providers tell a refusal in the body, some with a status of 4xx besides.
        if status.is_server_error() || status.is_redirection() {
            return Err(unknown(status));
        }
        serde_json::from_slice(&bytes).map_err(|_| unknown(format!("{status} without JSON")))
    }
}

/// Nobody knows what the provider did.
pub(super) fn unknown(why: impl std::fmt::Display) -> GatewayError {
    GatewayError::Unknown(why.to_string())
}
