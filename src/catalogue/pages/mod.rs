//! The slice's pages: what sellers and reviewers see, and the pictures that everybody sees.

mod editor;
pub(super) mod files;
mod form;
pub(super) mod list;
pub(super) mod media;
pub(super) mod new;
pub(super) mod review;
pub(super) mod save;
pub(super) mod tables;

pub(super) use editor::show as editor;
