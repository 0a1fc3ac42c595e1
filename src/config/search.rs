//! Which index answers searches.

use super::Reader;
use secrecy::SecretString;

/// The index behind the search.
#[derive(Debug, Clone)]
pub enum Search {
    /// One in the process, below `SANTINH_VAR/search`.
    Embedded,
    /// One on a server, shared by all processes.
    Meilisearch(Meilisearch),
    /// None: PostgreSQL answers.
    Postgres,
}

/// A Meilisearch server.
#[derive(Debug, Clone)]
pub struct Meilisearch {
    /// `http://…` or `https://…`, without a path.
    pub url: String,
    pub key: SecretString,
    /// Names the index there.
    pub index: String,
}

impl Search {
    pub(super) fn read(r: &mut Reader) -> Self {
        match r.text("SANTINH_SEARCH", "embedded").as_str() {
            "embedded" => Self::Embedded,
            "postgres" => Self::Postgres,
            "meilisearch" => Self::Meilisearch(Meilisearch::read(r)),
            _ => {
                r.problem("SANTINH_SEARCH: must be embedded, meilisearch or postgres");
                Self::Embedded
            }
        }
    }
}

impl Meilisearch {
    fn read(r: &mut Reader) -> Self {
        let url = r.text("MEILI_URL", "");
        let address = url.strip_prefix("http://").or(url.strip_prefix("https://"));
        let host = address.unwrap_or_default().trim_end_matches('/');
        if host.is_empty() || host.contains(['/', '@', '?', '#']) {
            r.problem(
                "MEILI_URL: must be an address like http://127.0.0.1:7700, without a password",
            );
        }
        let is_header = |key: &str| match key.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(()),
            false => Err("has characters that no key has"),
        };
        let key = r.secret("MEILI_KEY", is_header).unwrap_or_else(|| {
            r.problem("MEILI_KEY: is needed where SANTINH_SEARCH=meilisearch");
            SecretString::default()
        });
        let index = r.text("MEILI_INDEX", "santinh-products");
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !(1..=60).contains(&index.len()) || !index.bytes().all(is_name) {
            r.problem("MEILI_INDEX: must be made of letters, digits, - and _");
        }
        Self { url, key, index }
    }
}
