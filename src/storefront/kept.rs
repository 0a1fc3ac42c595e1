//! Inner parts of pages, kept in memory; the frame around them is made for each reader.

use crate::{
    kernel::{Day, Lang, ProductId, SellerId, Vnd},
    search::Query,
    web::{Page, PageError},
};
use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use std::{fmt, sync::Arc, time::Duration};

/// Stands in a kept part where each reader gets a new once-only key.
pub(super) const KEY: &str = "\u{1}key\u{1}";

/// Stands in a product's part where each reader is told how the goods come to him.
pub(super) const REACH: &str = "\u{1}reach\u{1}";

const MOST_BYTES: u64 = 40 << 20;
const LONGEST: Duration = Duration::from_secs(120);

/// What a part shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum What {
    Home,
    Categories,
    /// A page of results below this path.
    List(String, Query),
    /// A product as of this digest of its state, for a firm's buyer or not.
    Product(ProductId, String, bool),
}

/// Everything that a part depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) what: What,
    pub(super) lang: Lang,
    pub(super) day: Day,
    /// Of the search.
    pub(super) generation: u64,
}

/// A piece of a part.
enum Piece {
    Same(Box<str>),
    Key,
    Reach,
}

fn pieces(body: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for (i, around) in body.split(KEY).enumerate() {
        if i > 0 {
            found.push(Piece::Key);
        }
        for (j, text) in around.split(REACH).enumerate() {
            if j > 0 {
                found.push(Piece::Reach);
            }
            found.push(Piece::Same(text.into()));
        }
    }
    found
}

/// One piece of a product as a parcel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goods {
    pub(super) seller: SellerId,
    pub(super) price: Vnd,
    pub(super) weight_g: i64,
    pub(super) lead_days: i64,
}

/// The inner part of a page.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) description: String,
    /// Which entry of the navigation is current.
    pub(super) section: &'static str,
    /// For the head: canonical address, structured data.
    pub(super) head: String,
    body: Vec<Piece>,
    /// What would be sent; `None` where nothing is.
    pub(super) parcel: Option<Goods>,
    /// The goods shown, and whether they were in stock.
    pub(super) watch: Vec<(ProductId, bool)>,
}

impl Part {
    pub(super) fn new(title: String, section: &'static str, body: &str) -> Self {
        Self {
            title,
            section,
            description: String::new(),
            head: String::new(),
            body: pieces(body),
            parcel: None,
            watch: Vec::new(),
        }
    }

    fn size(&self) -> usize {
        let length = |piece: &Piece| if let Piece::Same(text) = piece { text.len() } else { 0 };
        let text: usize = self.body.iter().map(length).sum();
        text + self.head.len() + self.watch.len() * 17 + 200
    }

    /// The whole page for this reader.
    pub(super) fn shown(&self, page: Page) -> Result<Response, PageError> {
        self.shown_with(page, "")
    }

    /// The same with what he is told at [`REACH`].
    pub(super) fn shown_with(&self, page: Page, reach: &str) -> Result<Response, PageError> {
        let framed = Framed {
            page: page.in_section(self.section),
            part: self,
            body: Pieces { pieces: &self.body, key: crate::web::forms::new_key(), reach },
        };
        let mut html = String::with_capacity(self.size() + 14_000);
        framed.render_into(&mut html).map_err(PageError::internal)?;
        Ok(([(header::CACHE_CONTROL, "private, no-cache")], Html(html)).into_response())
    }
}

struct Pieces<'a> {
    pieces: &'a [Piece],
    key: String,
    reach: &'a str,
}

impl fmt::Display for Pieces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| {
            f.write_str(match piece {
                Piece::Same(text) => text,
                Piece::Key => &self.key,
                Piece::Reach => self.reach,
            })
        })
    }
}

#[derive(Template)]
#[template(path = "storefront/frame.html")]
struct Framed<'a> {
    page: Page,
    part: &'a Part,
    body: Pieces<'a>,
}

/// The parts of this process.
#[derive(Clone)]
pub(super) struct Kept(moka::sync::Cache<Key, Arc<Part>>);

impl Default for Kept {
    fn default() -> Self {
        let weigh = |_: &Key, part: &Arc<Part>| u32::try_from(part.size()).unwrap_or(u32::MAX);
        let cache = moka::sync::Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(weigh)
            .time_to_live(LONGEST);
        Self(cache.build())
    }
}

impl Kept {
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Part>> {
        self.0.get(key)
    }

    pub(super) fn put(&self, key: Key, part: Part) -> Arc<Part> {
        let part = Arc::new(part);
        self.0.insert(key, part.clone());
        part
    }
}
