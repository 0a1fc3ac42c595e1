//! The search of one process: which index answers, and what of its answer still holds.

use super::{
    Found, Hit, IndexStore, Lexicon, Matches, Place, Plain, Query, SearchError, SearchIndex,
    Setting,
    asked::{Asked, Observed},
    breaker::Breaker,
    follow::Following,
    queries, queries_asked,
};
use crate::{
    delivery,
    kernel::{Day, ProductId, fold},
    places::Places,
    platform::db,
};
use chrono::Days;
use sqlx::{PgConnection, PgPool};
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long it is remembered what brings goods where.
const PLACES_KEPT: Duration = Duration::from_secs(60);
const MOST_PLACES: u64 = 500;
/// So many times something was looked for is popular; less may say something about a person.
const POPULAR: i64 = 5;
const POPULAR_DAYS: u64 = 30;
const MOST_POPULAR: i64 = 2_000;
const POPULAR_KEPT: Duration = Duration::from_secs(60);
/// From how far on a shop is no longer near, in kilometres.
const FAR: f64 = 40.0;

/// What is looked for often: folded, and as written.
type Popular = Arc<[(String, String)]>;

/// Finds, and keeps this process's index up to date.
#[derive(Clone)]
pub struct Search(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) db: PgPool,
    places: Places,
    /// Where the index lies; `None`: PostgreSQL alone answers.
    pub(super) store: Option<Box<dyn IndexStore>>,
    plain: Plain,
    /// Answers once it has been built.
    ready: RwLock<Option<Arc<dyn SearchIndex>>>,
    /// Grows whenever answers may differ from before.
    generation: AtomicU64,
    breaker: Breaker,
    /// One follower at a time.
    pub(super) following: tokio::sync::Mutex<Following>,
    /// Holds the lock of whoever writes to an index that several processes share.
    pub(super) keeping: tokio::sync::Mutex<Option<PgConnection>>,
    known_places: moka::sync::Cache<String, Arc<Place>>,
    popular: moka::sync::Cache<Day, Popular>,
    pub(super) asked: Asked,
}

impl Search {
    /// Over the documents of `db`, with an index in `store`.
    #[must_use]
    pub fn new(db: PgPool, places: Places, store: Option<Box<dyn IndexStore>>) -> Self {
        let known_places = moka::sync::Cache::builder()
            .max_capacity(MOST_PLACES)
            .time_to_live(PLACES_KEPT)
            .build();
        Self(Arc::new(Inner {
            plain: Plain::new(db.clone()),
            db,
            places,
            store,
            ready: RwLock::default(),
            generation: AtomicU64::new(0),
            breaker: Breaker::default(),
            following: tokio::sync::Mutex::default(),
            keeping: tokio::sync::Mutex::default(),
            known_places,
            popular: moka::sync::Cache::builder()
                .max_capacity(2)
                .time_to_live(POPULAR_KEPT)
                .build(),
            asked: Asked::default(),
        }))
    }

    pub(super) fn ready(&self) -> Option<Arc<dyn SearchIndex>> {
        self.0.ready.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on this index answers.
    pub(super) fn answer_by(&self, index: Option<Arc<dyn SearchIndex>>) {
        *self.0.ready.write().unwrap_or_else(PoisonError::into_inner) = index;
        self.0.breaker.works();
        self.changed();
    }

    /// Answers may differ from those before.
    pub(super) fn changed(&self) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Two answers of one generation are the same. Kept pages of another one are made anew.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Whether the index answers; else PostgreSQL does, more slowly and less forgiving of typing.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.ready().is_some()
    }

    /// Whether an index is meant to answer; else PostgreSQL always does.
    #[must_use]
    pub fn has_index(&self) -> bool {
        self.0.store.is_some()
    }

    /// One page of what `query` finds, each result checked against the live state.
    ///
    /// # Errors
    /// The database is away.
    pub async fn find(&self, query: &Query, today: Day) -> Result<Found, SearchError> {
        self.answer(query, today, None).await
    }

    /// What [`Search::find`] would find if the operator's words were these. Where PostgreSQL answers, or an
    /// engine whose words lie elsewhere, they change nothing.
    ///
    /// # Errors
    /// The database is away.
    pub async fn preview(
        &self,
        query: &Query,
        today: Day,
        lexicon: Arc<Lexicon>,
    ) -> Result<Found, SearchError> {
        self.answer(query, today, Some(lexicon)).await
    }

    async fn answer(
        &self,
        query: &Query,
        today: Day,
        lexicon: Option<Arc<Lexicon>>,
    ) -> Result<Found, SearchError> {
        let place = match &query.near {
            Some(code) => self.place(code).await?,
            None => None,
        };
        let setting = Setting { today, place };
        let (matches, plain) = self.matches(query, &setting, lexicon).await?;
        let mut hits = self.hits(&matches.ids, today).await?;
        // The index may not know yet that the last one was sold.
        hits.retain(|hit| hit.in_stock || !query.in_stock);
        let gone = matches.ids.len() - hits.len();
        Ok(Found {
            hits,
            total: matches.total - gone.min(matches.total),
            facets: matches.facets,
            reading: matches.reading,
            words: matches.words,
            plain,
        })
    }

    /// Counts that somebody looked for this: `empty`, if nothing was found as typed. Filters, further
    /// pages and what may be about a person are not counted.
    pub fn note(&self, query: &Query, today: Day, total: usize, empty: bool, took: Duration) {
        if query.filters() == 0 && query.page <= 1 && query.category.is_none() {
            self.0.asked.note(&query.q, today, Observed { total, empty, took });
        }
    }

    async fn matches(
        &self,
        query: &Query,
        setting: &Setting,
        lexicon: Option<Arc<Lexicon>>,
    ) -> Result<(Matches, bool), SearchError> {
        let breaker = &self.0.breaker;
        if let Some(index) = self.ready().filter(|_| breaker.lets_ask(Instant::now())) {
            let found = match lexicon {
                Some(lexicon) => index.find_with(query, setting, lexicon).await,
                None => index.find(query, setting).await,
            };
            match found {
                Ok(matches) => {
                    if breaker.works() {
                        self.changed();
                    }
                    return Ok((matches, false));
                }
                Err(error) => {
                    breaker.failed(Instant::now());
                    tracing::error!(%error, "the index failed; PostgreSQL answers");
                }
            }
        }
        Ok((self.0.plain.find(query, setting).await?, true))
    }

    /// What a search needs to know of the reader's commune; `None`: there is no such commune.
    async fn place(&self, code: &str) -> sqlx::Result<Option<Arc<Place>>> {
        if let Some(place) = self.0.known_places.get(code) {
            return Ok(Some(place));
        }
        let Some(commune) = self.0.places.commune(code) else { return Ok(None) };
        let at_home = commune.province_code == self.0.places.home();
        let mut db = self.0.db.acquire().await?;
        let out_of_reach = delivery::out_of_reach(&mut db, code, at_home).await?;
        let around = Places::around(&mut db, code, FAR).await?;
        drop(db);
        let nearness = around.into_iter().map(|(code, km)| (code, (1.0 - km / FAR) as f32));
        let place = Arc::new(Place {
            out_of_reach: out_of_reach.into_iter().collect(),
            nearness: nearness.chain([(code.to_owned(), 1.0)]).collect(),
        });
        self.0.known_places.insert(code.to_owned(), place.clone());
        Ok(Some(place))
    }

    /// What several people have looked for lately that begins with `typed`, and found: the most frequent
    /// first. From memory, so that it can be asked at every key.
    ///
    /// # Errors
    /// The database is away.
    pub async fn popular(&self, typed: &str, today: Day, most: usize) -> sqlx::Result<Vec<String>> {
        let begins = fold(typed.trim_start());
        let all = self.all_popular(today).await?;
        let fits = all.iter().filter(|(folded, _)| folded.starts_with(&begins));
        Ok(fits.take(most).map(|(_, words)| words.clone()).collect())
    }

    async fn all_popular(&self, today: Day) -> sqlx::Result<Popular> {
        if let Some(all) = self.0.popular.get(&today) {
            return Ok(all);
        }
        let since = today - Days::new(POPULAR_DAYS);
        let mut db = self.0.db.acquire().await?;
        let found = queries_asked::popular(&mut db, since, POPULAR, MOST_POPULAR).await?;
        drop(db);
        let all: Popular = found.into_iter().map(|words| (fold(&words), words)).collect();
        self.0.popular.insert(today, all.clone());
        Ok(all)
    }

    /// Of these products those that can be shown now, in this order.
    ///
    /// # Errors
    /// The database is away.
    pub async fn hits(&self, products: &[ProductId], today: Day) -> sqlx::Result<Vec<Hit>> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = products.iter().map(|p| p.0).collect();
        queries::hits(&mut *self.0.db.acquire().await?, &ids, today).await
    }

    /// Whether results that were shown before would be shown the same now: each is still to be had or not.
    ///
    /// # Errors
    /// The database is away.
    pub async fn still_holds(&self, hits: &[(ProductId, bool)], today: Day) -> sqlx::Result<bool> {
        if hits.is_empty() {
            return Ok(true);
        }
        let ids: Vec<Uuid> = hits.iter().map(|hit| hit.0.0).collect();
        let now = queries::pulse(&mut *self.0.db.acquire().await?, &ids, today).await?;
        Ok(now.len() == hits.len() && now.iter().all(|pulse| hits.contains(pulse)))
    }

    /// See [`db::snapshot`].
    ///
    /// # Errors
    /// The database is away.
    pub async fn snapshot(&self) -> sqlx::Result<String> {
        db::snapshot(&mut *self.0.db.acquire().await?).await
    }
}
