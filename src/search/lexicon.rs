//! The words that the operator looks after, as the indexes read them; the shipped ones in `data/`.

use super::{
    Lexicon,
    language::{Group, Synonyms, exact},
    queries_words,
};
use crate::kernel::Cx;
use sqlx::PgConnection;

const SYNONYMS: &str = include_str!("../../data/synonyms.csv");
const STOP_WORDS: &str = include_str!("../../data/stopwords.csv");

const ONE_WAY: &str = "one-way";

#[derive(serde::Deserialize)]
struct Shipped {
    terms: String,
    /// `equal` or [`ONE_WAY`].
    kind: String,
    note: String,
}

#[derive(serde::Deserialize)]
struct StopWord {
    word: String,
}

/// Loads the shipped words; what the operator changed or took away stays so.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load_reference(db: &mut PgConnection, cx: &Cx) -> anyhow::Result<()> {
    let mut changed = 0;
    let mut groups = queries_words::Shipped::default();
    for row in csv::Reader::from_reader(SYNONYMS.as_bytes()).deserialize() {
        let group: Shipped = row?;
        groups.ids.push(cx.new_id());
        groups.one_way.push(group.kind == ONE_WAY);
        groups.terms.push(group.terms);
        groups.notes.push(group.note);
    }
    changed += queries_words::load_synonyms(db, cx, &groups).await?;
    let mut words = Vec::new();
    for row in csv::Reader::from_reader(STOP_WORDS.as_bytes()).deserialize() {
        let word: StopWord = row?;
        words.push(word.word);
    }
    changed += queries_words::load_stop_words(db, cx, &words).await?;
    if changed > 0 {
        queries_words::raise_edition(db).await?;
    }
    Ok(())
}

/// What is shipped with these terms: whether one way, and its note.
pub(super) fn shipped(terms: &str) -> Option<(bool, String)> {
    csv::Reader::from_reader(SYNONYMS.as_bytes())
        .deserialize::<Shipped>()
        .flatten()
        .find(|group| group.terms == terms)
        .map(|group| (group.kind == ONE_WAY, group.note))
}

/// The words as the indexes read them.
#[must_use]
pub fn lexicon(groups: &[Group], stop_words: &[String]) -> Lexicon {
    Lexicon {
        synonyms: Synonyms::new(groups),
        stop_words: stop_words.iter().map(|word| exact(word)).collect(),
    }
}

/// Reads all words that are in force.
pub(super) async fn read(db: &mut PgConnection) -> sqlx::Result<Lexicon> {
    let groups = queries_words::groups(db).await?;
    let stop_words = queries_words::stop_words(db).await?;
    Ok(lexicon(&groups, &stop_words))
}
