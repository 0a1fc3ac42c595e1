//! Where files are kept.

use super::Reader;
use std::path::PathBuf;

/// The folder of everything that must survive a restart.
#[derive(Debug, Clone)]
pub struct Storage {
    /// `pg/` (the private cluster), `files/`, `mail/`, `search/`.
    pub var: PathBuf,
    /// Whether search keeps an index of its own; else PostgreSQL answers.
    pub embedded_search: bool,
}

impl Storage {
    pub(super) fn read(r: &mut Reader) -> Self {
        let search = r.text("SANTINH_SEARCH", "embedded");
        if !matches!(search.as_str(), "embedded" | "postgres") {
            r.problem("SANTINH_SEARCH: must be embedded or postgres");
        }
        Self { var: r.text("SANTINH_VAR", "var").into(), embedded_search: search == "embedded" }
    }
}
