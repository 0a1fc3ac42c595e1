//! What a paper is made of, without where it stands.

use chrono::{DateTime, Utc};

/// One paper: what it says, from top to bottom.
#[derive(Debug, Clone)]
pub struct Paper {
    pub meta: Meta,
    pub blocks: Vec<Block>,
}

/// What the file says of itself, and what stands on the edge of every page.
#[derive(Debug, Clone)]
pub struct Meta {
    pub title: String,
    pub author: String,
    /// `vi` or `en`.
    pub lang: &'static str,
    /// When the paper was made; part of the bytes.
    pub made_at: DateTime<Utc>,
    /// At the foot of every page, left of the page's number.
    pub foot: String,
    /// Between the page's number and how many there are: `trang 1 / 2`.
    pub page_word: &'static str,
    pub size: PageSize,
}

/// The sheet it is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageSize {
    A4,
    A5,
}

/// A piece of text in one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub bold: bool,
}

/// Where lines begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    /// Its part of the width.
    pub share: f32,
    pub align: Align,
}

/// A table; its header is repeated on every page that it reaches.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Vec<Span>>>,
    /// Sums below the rows: what, how much, and whether it is the last word.
    pub totals: Vec<(String, String, bool)>,
}

/// One part of a paper.
#[derive(Debug, Clone)]
pub enum Block {
    /// The paper's own name.
    Title(String),
    Heading(String),
    Text {
        spans: Vec<Span>,
        size: f32,
        align: Align,
        soft: bool,
    },
    /// Words on the left, what they stand for on the right.
    Facts(Vec<(String, Vec<Span>)>),
    Table(Table),
    /// Side by side; not cut by a page's end.
    Columns(Vec<Vec<Block>>),
    /// A frame around parts that stay together.
    Framed(Vec<Block>),
    /// For a camera: what it reads, how wide it is in points, what it is for.
    Qr {
        payload: String,
        width: f32,
        alt: String,
    },
    /// Who signs, what he writes, room for it, and what stands there already.
    Signatures(Vec<(String, String, String)>),
    Rule,
    Space(f32),
}

impl Span {
    /// Text as it is.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: false }
    }

    /// Text that stands out.
    #[must_use]
    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true }
    }
}

fn written(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.text.len()).sum()
}

impl Block {
    /// How much text it holds.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Title(text) | Self::Heading(text) => text.len(),
            Self::Text { spans, .. } => written(spans),
            Self::Facts(facts) => {
                facts.iter().map(|(name, spans)| name.len() + written(spans)).sum()
            }
            Self::Table(table) => table.rows.iter().flatten().map(|spans| written(spans) + 8).sum(),
            Self::Columns(columns) => columns.iter().flatten().map(Self::bytes).sum(),
            Self::Framed(blocks) => blocks.iter().map(Self::bytes).sum(),
            Self::Qr { payload, .. } => payload.len(),
            Self::Signatures(_) | Self::Rule | Self::Space(_) => 0,
        }
    }

    /// A paragraph in the paper's usual size.
    #[must_use]
    pub fn text(spans: Vec<Span>) -> Self {
        Self::Text { spans, size: 10.0, align: Align::Left, soft: false }
    }

    /// One plain paragraph.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::text(vec![Span::of(text)])
    }

    /// A small remark.
    #[must_use]
    pub fn small(text: impl Into<String>) -> Self {
        Self::Text { spans: vec![Span::of(text)], size: 8.5, align: Align::Left, soft: true }
    }

    /// A centred line.
    #[must_use]
    pub fn centred(spans: Vec<Span>, size: f32) -> Self {
        Self::Text { spans, size, align: Align::Centre, soft: false }
    }
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, align: Align::Left }
    }

    /// A column of figures, written to the right.
    #[must_use]
    pub fn figures(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, align: Align::Right }
    }
}
