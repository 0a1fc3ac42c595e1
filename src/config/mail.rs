//! How mail leaves.

use super::Reader;
use lettre::message::Mailbox;
use secrecy::SecretString;

/// The way out and the sender.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `smtps://user:password@host`; without it mail is kept in `SANTINH_VAR/mail`.
    pub smtp_url: Option<SecretString>,
    /// The sender of every message.
    pub from: Mailbox,
}

impl Mail {
    pub(super) fn read(r: &mut Reader) -> Self {
        let sound = |url: &str| {
            if url.starts_with("smtp://") || url.starts_with("smtps://") {
                Ok(())
            } else {
                Err("must be a URL like smtps://user:password@mail.example")
            }
        };
        let default =
            "Sàn Tỉnh <khong-tra-loi@santinh.example>".parse().expect("a constant address");
        Self {
            smtp_url: r.secret("SMTP_URL", sound),
            from: r.parsed(
                "SANTINH_MAIL_FROM",
                default,
                "a mail address, e.g. Sàn Tỉnh <san@tinh.example>",
            ),
        }
    }
}
