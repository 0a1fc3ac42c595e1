//! Senders of short messages. Files until a contract with a sender is there.

use super::ports::{Sms, SmsError};
use anyhow::Context;
use async_trait::async_trait;
use std::{io::ErrorKind, path::PathBuf};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Writes each message into a file of its own.
#[derive(Debug, Clone)]
pub struct FileSms {
    folder: PathBuf,
}

impl FileSms {
    /// Files in `folder`.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn new(folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }
}

#[async_trait]
impl Sms for FileSms {
    async fn send(&self, id: Uuid, to: &str, text: &str) -> Result<(), SmsError> {
        if !to.starts_with('+') {
            return Err(SmsError::Refused(format!("{to} is no number in E.164")));
        }
        let path = self.folder.join(format!("{id}.txt"));
        let opened = tokio::fs::OpenOptions::new().write(true).create_new(true).open(path).await;
        let mut file = match opened {
            Ok(file) => file,
            // Sent before.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
            Err(error) => return Err(anyhow::Error::from(error).into()),
        };
        let line = format!("{to}\n{text}\n");
        file.write_all(line.as_bytes()).await.context("writing the message")?;
        file.flush().await.context("writing the message")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_id_twice_sends_once() {
        let folder = std::env::temp_dir().join(format!("santinh-sms-{}", Uuid::new_v4()));
        let sms = FileSms::new(folder.clone()).unwrap();
        let id = Uuid::new_v4();
        sms.send(id, "+84912345678", "một").await.unwrap();
        sms.send(id, "+84912345678", "hai").await.unwrap();
        let kept = std::fs::read_to_string(folder.join(format!("{id}.txt"))).unwrap();
        assert_eq!(kept, "+84912345678\nmột\n");
        let refused = sms.send(Uuid::new_v4(), "0912", "x").await;
        assert!(matches!(refused, Err(SmsError::Refused(_))));
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
