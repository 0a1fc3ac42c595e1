//! Where files are kept.

use super::Reader;
use std::path::PathBuf;

/// The folder of everything that must survive a restart.
#[derive(Debug, Clone)]
pub struct Storage {
    /// `pg/` (the private cluster), `files/`, `mail/`, `search/`.
    pub var: PathBuf,
}

impl Storage {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self { var: r.text("SANTINH_VAR", "var").into() }
    }
}
