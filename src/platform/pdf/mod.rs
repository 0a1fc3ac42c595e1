//! Papers as PDF: a [`Paper`] is a list of [`Block`]s; [`Paper::print`] lays them out on pages and writes the file.
//!
//! The house's own font is embedded, cut down to the letters that are used, and every letter can be copied out of
//! the file again. Files are tagged and carry their language (PDF/UA-1) and what an archive needs (PDF/A-2a). The same
//! paper gives the same bytes, so that a digest proves that nothing was changed.
//!
//! `text` measures and breaks lines, `layout` makes strips that no page break cuts, `draw` writes.

mod blocks;
mod draw;
mod layout;
mod text;

pub use blocks::{Align, Block, Column, Meta, PageSize, Paper, Span, Table};

use anyhow::ensure;

/// More pages than any paper of the floor has.
const MOST_PAGES: usize = 80;
/// More letters than fit on them.
const MOST_BYTES: usize = 120_000;

impl Paper {
    /// The file. Slow work: call it where it blocks nobody.
    ///
    /// # Errors
    /// A paper that is too long, or one that the writer refuses.
    pub fn print(&self) -> anyhow::Result<Vec<u8>> {
        let bytes: usize = self.blocks.iter().map(Block::bytes).sum();
        ensure!(bytes <= MOST_BYTES, "{bytes} bytes of text");
        let sheets = layout::sheets(self);
        ensure!(sheets.pages.len() <= MOST_PAGES, "{} pages", sheets.pages.len());
        draw::write(&self.meta, &sheets)
    }
}

#[cfg(test)]
mod tests;
