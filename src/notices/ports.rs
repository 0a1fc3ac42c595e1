//! The way out for short messages: SMS, or Zalo by the same shape.

use async_trait::async_trait;
use uuid::Uuid;

/// Why a message did not go out.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// Trying again cannot help.
    #[error("refused: {0}")]
    Refused(String),
    /// Whether it went out is not known; it may be tried again under the same id.
    #[error("unreachable: {0:#}")]
    Unreachable(#[from] anyhow::Error),
}

/// A sender of short messages. The same `id` twice sends once.
#[async_trait]
pub trait Sms: Send + Sync {
    /// Sends `text` to the number `to` (E.164).
    async fn send(&self, id: Uuid, to: &str, text: &str) -> Result<(), SmsError>;
}
