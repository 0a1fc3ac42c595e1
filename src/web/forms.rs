//! Reading forms and queries: whatever is sent, a handler gets clean text or a clear answer.
//!
//! Form structs hold `String`s and check them themselves, so that a wrong number is a message beside
//! its field and not a rejection, and the form comes back filled in.

use super::error::{PageError, Problem};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// A form of `application/x-www-form-urlencoded`; repeated fields become lists.
#[derive(Debug, Clone)]
pub struct Form<T> {
    /// The fields.
    pub data: T,
    /// As sent: what the once-only key's fingerprint is made of.
    pub raw: Bytes,
}

/// The query of an address; what is not understood counts as not asked.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// Decodes pairs, takes control characters out (a NUL would be refused by PostgreSQL), brings text to NFC.
pub(super) fn clean_pairs(bytes: &[u8]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::with_capacity(bytes.len()));
    for (name, value) in form_urlencoded::parse(bytes) {
        out.append_pair(&name, &clean(&value));
    }
    out.finish()
}

/// Line ends become `\n`, other control characters go, text becomes NFC.
#[must_use]
pub(super) fn clean(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, is_nfc};
    let text = text.replace("\r\n", "\n");
    let kept = |c: char| !c.is_control() || c == '\n' || c == '\t';
    let text: String =
        if text.chars().all(kept) { text } else { text.chars().filter(|c| kept(*c)).collect() };
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// The fields of an encoded form as `T`; what does not fit is a problem of status 422.
pub(super) fn decode<T: DeserializeOwned>(pairs: &str) -> Result<T, PageError> {
    serde_html_form::from_str(pairs).map_err(|error| {
        tracing::debug!(%error, "form does not fit");
        PageError(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-form",
            "Biểu mẫu gửi lên thiếu trường hoặc sai dạng. Xin quay lại, tải lại trang và gửi lần nữa.",
            "The form lacks a field or has one of the wrong kind. Please go back, reload the page and send it again.",
        ))
    })
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let raw = Bytes::from_request(request, state).await.map_err(|rejection| {
            use axum::response::IntoResponse;
            let status = rejection.into_response().status();
            PageError(Problem::new(
                status,
                "bad-body",
                "Nội dung gửi lên quá lớn hoặc bị đứt giữa chừng.",
                "What you sent is too large or was cut short.",
            ))
        })?;
        Ok(Self { data: decode(&clean_pairs(&raw))?, raw })
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = clean_pairs(query.get(..8192).unwrap_or(query).as_bytes());
        Ok(Self(decode(&pairs).unwrap_or_default()))
    }
}

/// A new once-only key for a form.
#[must_use]
pub fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}
