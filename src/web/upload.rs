//! Forms with files.

use super::{
    error::{PageError, Problem},
    forms::{clean, decode},
};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// One file as sent. Its name is for showing only; its kind is found by its contents.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// The form's field.
    pub field: String,
    /// The name on the sender's machine, without its folders.
    pub name: String,
    pub bytes: Bytes,
}

/// A form of `multipart/form-data`. The route's `DefaultBodyLimit` bounds it.
#[derive(Debug, Clone)]
pub struct Upload<T> {
    /// The text fields.
    pub data: T,
    /// The files that were chosen; a file field left empty is not among them.
    pub files: Vec<UploadedFile>,
    /// What the once-only key's fingerprint is made of.
    pub raw: Bytes,
}

const MOST_FIELDS: usize = 400;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Upload<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let broken = |status: StatusCode| {
            PageError(Problem::new(
                status,
                "bad-upload",
                "Tệp gửi lên quá lớn hoặc bị đứt giữa chừng. Xin thử lại với tệp nhỏ hơn.",
                "The upload is too large or was cut short. Please try again with a smaller file.",
            ))
        };
        let mut form =
            Multipart::from_request(request, state).await.map_err(|e| broken(e.status()))?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let (mut files, mut raw) = (Vec::new(), Vec::new());
        for _ in 0..MOST_FIELDS {
            let Some(field) = form.next_field().await.map_err(|e| broken(e.status()))? else {
                let text =
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                return Ok(Self { data: decode(&text)?, files, raw: raw.into() });
            };
            let name = field.name().unwrap_or_default().to_owned();
            let file_name =
                field.file_name().map(|n| clean(n.rsplit(['/', '\\']).next().unwrap_or_default()));
            let bytes = field.bytes().await.map_err(|e| broken(e.status()))?;
            raw.extend_from_slice(name.as_bytes());
            match file_name {
                Some(_) if bytes.is_empty() => {}
                Some(file_name) => {
                    use sha2::{Digest, Sha256};
                    raw.extend_from_slice(&Sha256::digest(&bytes));
                    let file_name = file_name.chars().take(120).collect();
                    files.push(UploadedFile { field: name, name: file_name, bytes });
                }
                None => {
                    raw.extend_from_slice(&bytes);
                    let text = clean(&String::from_utf8_lossy(&bytes));
                    pairs.push((name, text));
                }
            }
        }
        Err(broken(StatusCode::PAYLOAD_TOO_LARGE))
    }
}
