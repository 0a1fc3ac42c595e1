//! Inner parts of pages, kept in memory; the frame around them is made for each reader.

use crate::{
    kernel::{Day, Lang, ProductId, SellerId, Vnd},
    search::{Query, Search},
    web::{Page, PageError},
};
use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// Stands in a kept part where each reader gets a new once-only key.
pub(super) const KEY: &str = "\u{1}key\u{1}";

/// Stands in a product's part where each reader is told how the goods come to him.
pub(super) const REACH: &str = "\u{1}reach\u{1}";

const MOST_BYTES: u64 = 40 << 20;
const MOST_PRODUCTS: u64 = 1_000;
/// What the frame around a part takes, about.
const FRAME: usize = 14_000;
const LONGEST: Duration = Duration::from_secs(120);

/// What a part shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum What {
    Home,
    Categories,
    /// A page of results below this path.
    List(String, Box<Query>),
    /// A product as of this digest of its state, for whoever buys for himself.
    Product(ProductId, String),
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

fn pieces(html: &str) -> Vec<Box<str>> {
    html.split(KEY).map(Into::into).collect()
}

/// Joined with a key that is new each time.
fn joined(pieces: &[Box<str>]) -> String {
    let key = crate::web::forms::new_key();
    let length: usize = pieces.iter().map(|piece| piece.len() + key.len()).sum();
    let mut html = String::with_capacity(length);
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            html.push_str(&key);
        }
        html.push_str(piece);
    }
    html
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
    body: String,
    /// What would be sent; `None` where nothing is.
    pub(super) parcel: Option<Goods>,
    /// The goods shown, and whether they were in stock.
    pub(super) watch: Vec<(ProductId, bool)>,
    /// Of results: how many there are, and whether none of them is as typed.
    pub(super) results: (usize, bool),
    /// The whole page as a guest sees it of whom nothing is known.
    guest: RwLock<Option<Guest>>,
    /// The state of the database in which it was last seen to hold.
    held: RwLock<String>,
}

struct Guest {
    path: String,
    /// Pieces between which a new key is put.
    pieces: Vec<Box<str>>,
}

fn is_plain(page: &Page) -> bool {
    page.viewer.is_none() && page.flash.is_none() && page.basket_count == 0
}

fn answer(html: String) -> Response {
    ([(header::CACHE_CONTROL, "private, no-cache")], Html(html)).into_response()
}

impl Part {
    pub(super) fn new(title: String, section: &'static str, body: &str) -> Self {
        Self {
            title,
            section,
            description: String::new(),
            head: String::new(),
            body: body.to_owned(),
            parcel: None,
            watch: Vec::new(),
            results: (0, false),
            guest: RwLock::default(),
            held: RwLock::default(),
        }
    }

    fn size(&self) -> usize {
        2 * self.body.len() + FRAME + self.head.len() + self.watch.len() * 17 + 200
    }

    /// Whether the page would be made the same now: surely if nobody has written since it was looked at last.
    ///
    /// # Errors
    /// The database is away.
    pub(super) async fn still_holds(&self, search: &Search, day: Day) -> sqlx::Result<bool> {
        let snapshot = search.snapshot().await?;
        if self.held_in(&snapshot) {
            return Ok(true);
        }
        let holds = search.still_holds(&self.watch, day).await?;
        if holds {
            self.holds_in(snapshot);
        }
        Ok(holds)
    }

    fn held_in(&self, snapshot: &str) -> bool {
        *self.held.read().unwrap_or_else(PoisonError::into_inner) == snapshot
    }

    /// Notes that the page was right in the state `snapshot` of the database.
    pub(super) fn holds_in(&self, snapshot: String) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    /// The whole page for this reader.
    pub(super) fn shown(&self, page: Page) -> Result<Response, PageError> {
        match self.for_guest(&page) {
            Some(response) => Ok(response),
            None => self.shown_with(page, "", true),
        }
    }

    /// The page that another guest was shown at this address, if this reader is one too.
    pub(super) fn for_guest(&self, page: &Page) -> Option<Response> {
        let kept = self.guest.read().unwrap_or_else(PoisonError::into_inner);
        let same = |kept: &&Guest| is_plain(page) && kept.path == page.path;
        kept.as_ref().filter(same).map(|kept| answer(joined(&kept.pieces)))
    }

    /// The page with what this reader is told at [`REACH`], which any guest is told if `usual`.
    pub(super) fn shown_with(
        &self,
        page: Page,
        reach: &str,
        usual: bool,
    ) -> Result<Response, PageError> {
        let path = (usual && is_plain(&page)).then(|| page.path.clone());
        let body = self.body.replace(REACH, reach);
        let framed = Framed { page: page.in_section(self.section), part: self, body };
        let mut html = String::with_capacity(self.size());
        framed.render_into(&mut html).map_err(PageError::internal)?;
        let pieces = pieces(&html);
        let html = joined(&pieces);
        if let Some(path) = path {
            let mut kept = self.guest.write().unwrap_or_else(PoisonError::into_inner);
            // The shortest address is the usual one; others carry what somebody appended.
            if kept.as_ref().is_none_or(|kept| path.len() < kept.path.len()) {
                *kept = Some(Guest { path, pieces });
            }
        }
        Ok(answer(html))
    }
}

#[derive(Template)]
#[template(path = "storefront/frame.html")]
struct Framed<'a> {
    page: Page,
    part: &'a Part,
    body: String,
}

/// A product as a guest asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ForGuests {
    pub(super) slug: String,
    pub(super) lang: Lang,
    pub(super) day: Day,
    pub(super) generation: u64,
}

/// The parts of this process.
#[derive(Clone)]
pub(super) struct Kept {
    parts: moka::sync::Cache<Key, Arc<Part>>,
    /// Parts of products by what guests ask for.
    products: moka::sync::Cache<ForGuests, Arc<Part>>,
}

impl Default for Kept {
    fn default() -> Self {
        let weigh = |_: &Key, part: &Arc<Part>| u32::try_from(part.size()).unwrap_or(u32::MAX);
        let parts = moka::sync::Cache::builder().max_capacity(MOST_BYTES).weigher(weigh);
        // Each of these holds a part that the other cache may have let go: fewer.
        let products = moka::sync::Cache::builder().max_capacity(MOST_PRODUCTS);
        Self {
            parts: parts.time_to_live(LONGEST).build(),
            products: products.time_to_live(LONGEST).build(),
        }
    }
}

impl Kept {
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Part>> {
        self.parts.get(key)
    }

    pub(super) fn put(&self, key: Key, part: Part) -> Arc<Part> {
        let part = Arc::new(part);
        self.parts.insert(key, part.clone());
        part
    }

    /// The part of a product that holds in the state `snapshot` of the database.
    pub(super) fn product(&self, asked: &ForGuests, snapshot: &str) -> Option<Arc<Part>> {
        self.products.get(asked).filter(|part| part.held_in(snapshot))
    }

    /// Notes that `part` is what is `asked` for in the state `snapshot` of the database.
    pub(super) fn put_product(&self, asked: ForGuests, snapshot: String, part: &Arc<Part>) {
        part.holds_in(snapshot);
        self.products.insert(asked, part.clone());
    }
}
