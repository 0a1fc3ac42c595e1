//! The index inside the process: nothing to install, nothing to operate.

mod best;
mod collect;
mod flat;
mod heads;
mod question;
mod reading;
mod rows;
mod schema;
mod store;
mod tokenizer;
mod vocabulary;

pub use store::EmbeddedStore;

use crate::{
    kernel::ProductId,
    search::{Document, IndexError, Lexicon, Matches, PAGE, Query, Reading, SearchIndex, Setting},
};
use async_trait::async_trait;
use collect::{Harvest, Pass};
use flat::Flat;
use question::{Question, Reach, Typed};
use reading::{Reader, Word, written};
use rows::Kept;
use schema::Fields;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};
use tantivy::{
    DocSet, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TERMINATED, Term,
    schema::IndexRecordOption,
};
use tokio::sync::Semaphore;
use uuid::Uuid;
use vocabulary::Vocabulary;

/// What a writer holds in memory before it makes a segment.
const WRITER_MEMORY: usize = 50_000_000;
/// Where fewer results are found as typed, another reading may be meant.
const FEW: usize = 5;
/// Tries to make one segment of all.
const MERGES: usize = 5;
/// The vocabulary is learnt anew when the index has grown or shrunk by this part.
const LEARN_AFTER: u64 = 20;

/// A tantivy index, in a folder or in memory. Cheap to clone.
#[derive(Clone)]
pub(super) struct Embedded(Arc<Inner>);

struct Inner {
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    kept: Kept,
    vocabulary: RwLock<Arc<Vocabulary>>,
    lexicon: RwLock<Arc<Lexicon>>,
    /// Words that were tried out last, and the vocabulary by them.
    tried: Mutex<Option<(Arc<Lexicon>, Arc<Vocabulary>)>>,
    horizon: Mutex<Option<i64>>,
    /// As many searches at once as there are processors: more would only take turns.
    turns: Semaphore,
}

fn read<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Embedded {
    fn over(index: &Index, fields: Fields) -> tantivy::Result<Self> {
        Fields::register(index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        let horizon = index.load_metas()?.payload.and_then(|text| text.parse().ok());
        let own = Self(Arc::new(Inner {
            fields,
            reader,
            writer: Mutex::new(writer),
            kept: Kept::default(),
            vocabulary: RwLock::default(),
            lexicon: RwLock::default(),
            tried: Mutex::default(),
            horizon: Mutex::new(horizon),
            turns: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        }));
        own.reload()?;
        Ok(own)
    }

    fn reload(&self) -> tantivy::Result<()> {
        self.0.reader.reload()?;
        let searcher = self.0.reader.searcher();
        self.0.kept.follow(&searcher)?;
        let known = read(&self.0.vocabulary).documents;
        if known.abs_diff(searcher.num_docs()) * LEARN_AFTER > known {
            self.learn_words()?;
        }
        Ok(())
    }

    fn learn_words(&self) -> tantivy::Result<()> {
        let lexicon = read(&self.0.lexicon);
        let learnt = self.vocabulary(&lexicon)?;
        *self.0.vocabulary.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(learnt);
        Ok(())
    }

    fn vocabulary(&self, lexicon: &Lexicon) -> tantivy::Result<Vocabulary> {
        Vocabulary::learn(&self.0.reader.searcher(), &self.0.fields, lexicon.synonyms.words())
    }

    /// The vocabulary by words that are only tried out: several questions are asked by the same ones.
    fn tried_vocabulary(&self, lexicon: &Arc<Lexicon>) -> tantivy::Result<Arc<Vocabulary>> {
        if let Some((last, vocabulary)) = &*locked(&self.0.tried)
            && Arc::ptr_eq(last, lexicon)
        {
            return Ok(vocabulary.clone());
        }
        let vocabulary = Arc::new(self.vocabulary(lexicon)?);
        *locked(&self.0.tried) = Some((lexicon.clone(), vocabulary.clone()));
        Ok(vocabulary)
    }

    fn search(
        &self,
        query: &Query,
        setting: &Setting,
        (lexicon, vocabulary): (&Lexicon, &Vocabulary),
    ) -> tantivy::Result<Matches> {
        let searcher = self.0.reader.searcher();
        let reader = Reader::new(&self.0.fields, &searcher, vocabulary);
        let typed = Typed::of(&query.q);
        let look = Look { own: self, reader: &reader, lexicon, typed: &typed, query, setting };
        let words: Vec<&str> = typed.words.iter().map(String::as_str).collect();
        let (harvest, reading, words) = look.find(reader.spelt(&words))?;
        let page = harvest.best.page(query.offset());
        let ids = page
            .iter()
            .map(|key| self.id(&searcher, key.address))
            .collect::<tantivy::Result<_>>()?;
        Ok(Matches { ids, total: harvest.total, facets: harvest.facets, reading, words })
    }

    fn id(&self, searcher: &Searcher, (segment, doc): (u32, u32)) -> tantivy::Result<ProductId> {
        let fast = searcher.segment_reader(segment).fast_fields();
        let half = |field| fast.u64(field).map(|column| column.first(doc).unwrap_or_default());
        Ok(ProductId(Uuid::from_u64_pair(half("id_high")?, half("id_low")?)))
    }

    fn write(&self, documents: &[Document], horizon: i64) -> tantivy::Result<()> {
        let inner = &*self.0;
        let searcher = inner.reader.searcher();
        let mut writer = locked(&inner.writer);
        // Of one product the newest.
        let mut newest: HashMap<ProductId, &Document> = HashMap::new();
        for document in documents {
            let known = newest.entry(document.product).or_insert(document);
            if known.version <= document.version {
                *known = document;
            }
        }
        for document in newest.into_values() {
            let (_, low) = document.product.0.as_u64_pair();
            let id = Term::from_field_u64(inner.fields.id, low);
            if version(&searcher, &id)?.is_some_and(|known| known > document.version) {
                continue;
            }
            writer.delete_term(id);
            writer.add_document(inner.fields.row(document))?;
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&horizon.to_string());
        commit.commit()?;
        drop(writer);
        self.reload()?;
        *locked(&inner.horizon) = Some(horizon);
        Ok(())
    }

    /// Makes one segment of all: the fewer there are, the faster it answers. A merge that the writer had begun
    /// by itself may take segments away meanwhile; then those that are left are looked at again.
    fn merge(&self) -> tantivy::Result<()> {
        let mut writer = locked(&self.0.writer);
        for _ in 0..MERGES {
            let ids = writer.index().searchable_segment_ids()?;
            if ids.len() <= 1 {
                break;
            }
            if let Err(error) = writer.merge(&ids).wait() {
                tracing::debug!(%error, "the segments changed while they were being merged");
            }
        }
        drop(writer);
        self.reload()
    }

    /// Each product with its version; those that were removed too.
    fn all_versions(&self) -> tantivy::Result<Vec<(ProductId, i64)>> {
        let mut all = Vec::new();
        for segment in self.0.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let (high, low) = (fast.u64("id_high")?, fast.u64("id_low")?);
            let version = fast.i64("version")?;
            for doc in segment.doc_ids_alive() {
                let half =
                    |column: &tantivy::columnar::Column<u64>| column.first(doc).unwrap_or_default();
                let id = ProductId(Uuid::from_u64_pair(half(&high), half(&low)));
                all.push((id, version.first(doc).unwrap_or_default()));
            }
        }
        Ok(all)
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> tantivy::Result<T> + Send + 'static,
    ) -> Result<T, IndexError> {
        let own = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&own)).await;
        Ok(done.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?)
    }
}

/// The version of the row that carries `id`.
fn version(searcher: &Searcher, id: &Term) -> tantivy::Result<Option<i64>> {
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(id.field())?;
        let Some(mut rows) = index.read_postings(id, IndexRecordOption::Basic)? else { continue };
        while rows.doc() != TERMINATED {
            if !segment.is_deleted(rows.doc()) {
                return Ok(segment.fast_fields().i64("version")?.first(rows.doc()));
            }
            rows.advance();
        }
    }
    Ok(None)
}

/// One search, from what was typed to what was found, step by step further from it.
struct Look<'a> {
    own: &'a Embedded,
    reader: &'a Reader<'a>,
    lexicon: &'a Lexicon,
    typed: &'a Typed,
    query: &'a Query,
    setting: &'a Setting,
}

type Answer = (Harvest, Reading, Vec<String>);

impl Look<'_> {
    fn find(&self, words: Vec<Word>) -> tantivy::Result<Answer> {
        let mut question = Question::of(self.reader, self.lexicon, self.typed, words.clone());
        let found = self.whole(&question)?;
        let (mut told, mut guess) = (folded(&words), None);
        if self.query.exactly || words.is_empty() || found.base >= FEW {
            return Ok((found, Reading::AsTyped, told));
        }
        if self.reader.is_odd(&words)
            && let Some(meant) = self.reader.corrected(&words, found.base > 0)
        {
            let corrected = Question::of(self.reader, self.lexicon, self.typed, meant.clone());
            let others = self.whole(&corrected)?;
            let reading = Reading::Corrected { words: written(&meant), as_typed: found.base };
            let answer = (reading, folded(&meant));
            // Three words and more that never stand side by side either are the second best guess.
            let is_likely = meant.len() < 3 || !self.reader.is_odd(&meant);
            if others.base > found.base && (is_likely || others.base >= FEW) {
                return Ok((others, answer.0, answer.1));
            }
            if found.base == 0 {
                (question, told) = (corrected, folded(&meant));
                guess = (others.base > 0).then_some((others, answer.0, answer.1));
            }
        }
        if found.base > 0 {
            return Ok((found, Reading::AsTyped, told));
        }
        let relaxed = self.relaxed(&question, told.clone())?;
        Ok(relaxed.or(guess).unwrap_or((found, Reading::AsTyped, told)))
    }

    /// What has all but one of the words, half of them, any.
    fn relaxed(&self, question: &Question, told: Vec<String>) -> tantivy::Result<Option<Answer>> {
        let needed = question.needed();
        let mut steps = vec![needed.saturating_sub(1), needed / 2, 1];
        steps.retain(|least| (1..needed).contains(least));
        steps.dedup();
        for least in steps {
            let some = self.ask(question, Reach { wide: true, least: Some(least) })?;
            if some.base > 0 {
                let has_most = least * 2 > needed;
                let reading = if has_most { Reading::MostWords } else { Reading::SomeWords };
                return Ok(Some((some, reading, told)));
            }
        }
        Ok(None)
    }

    /// What has all the words; in descriptions too, and half-typed, where that is less than a page.
    fn whole(&self, question: &Question) -> tantivy::Result<Harvest> {
        let found = self.ask(question, Reach::default())?;
        if question.words.is_empty() || found.base >= PAGE {
            return Ok(found);
        }
        self.ask(question, Reach { wide: true, least: None })
    }

    fn ask(&self, question: &Question, reach: Reach) -> tantivy::Result<Harvest> {
        let pass = Pass {
            query: self.query,
            setting: self.setting,
            kept: &self.own.0.kept,
            has_words: !question.words.is_empty(),
        };
        let asked = question.ask(self.reader, self.query, reach);
        self.reader.searcher.search_with_statistics_provider(&*asked, &pass, &Flat)
    }
}

fn folded(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.folded.clone()).collect()
}

#[async_trait]
impl SearchIndex for Embedded {
    async fn find(&self, query: &Query, setting: &Setting) -> Result<Matches, IndexError> {
        let (query, setting) = (query.clone(), setting.clone());
        let _turn = self.0.turns.acquire().await.map_err(anyhow::Error::from)?;
        self.apart(move |own| {
            let words = (read(&own.0.lexicon), read(&own.0.vocabulary));
            own.search(&query, &setting, (&words.0, &words.1))
        })
        .await
    }

    async fn find_with(
        &self,
        query: &Query,
        setting: &Setting,
        lexicon: Arc<Lexicon>,
    ) -> Result<Matches, IndexError> {
        let (query, setting) = (query.clone(), setting.clone());
        let _turn = self.0.turns.acquire().await.map_err(anyhow::Error::from)?;
        self.apart(move |own| {
            let vocabulary = own.tried_vocabulary(&lexicon)?;
            own.search(&query, &setting, (&lexicon, &vocabulary))
        })
        .await
    }

    async fn apply(&self, documents: Vec<Document>, horizon: i64) -> Result<(), IndexError> {
        self.apart(move |own| own.write(&documents, horizon)).await
    }

    async fn learn(&self, lexicon: Arc<Lexicon>) -> Result<(), IndexError> {
        *self.0.lexicon.write().unwrap_or_else(PoisonError::into_inner) = lexicon;
        self.apart(Self::learn_words).await
    }

    async fn versions(&self) -> Result<Vec<(ProductId, i64)>, IndexError> {
        self.apart(Self::all_versions).await
    }

    async fn horizon(&self) -> Result<Option<i64>, IndexError> {
        Ok(*locked(&self.0.horizon))
    }
}
