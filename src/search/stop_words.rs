//! Words that need not be there for something to be found: what the operator does with them.

use super::{
    language::{exact, shown, split},
    queries_words,
    words::WordsError,
};
use crate::{
    kernel::{Cx, Text},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;

const LONGEST: usize = 30;

/// A stop word as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopWord {
    pub word: String,
    pub is_shipped: bool,
    pub is_removed: bool,
}

impl StopWord {
    /// All of them, also those that were taken away.
    ///
    /// # Errors
    /// The database is away.
    pub async fn all(db: &mut PgConnection) -> sqlx::Result<Vec<Self>> {
        queries_words::all_stop_words(db).await
    }
}

/// What was typed in the form in which it is kept: one word in small letters.
///
/// # Errors
/// It is no single word, or too long.
pub fn check_stop_word(typed: &str) -> Result<String, Text> {
    let mut words = split(typed);
    match (words.next(), words.next()) {
        (Some(word), None) if word.chars().count() <= LONGEST => Ok(shown(&exact(word))),
        (Some(_), None) => {
            Err(Text::new("Từ dài tối đa 30 ký tự.", "The word is at most 30 characters long."))
        }
        _ => Err(Text::new(
            "Ghi một tiếng, không có khoảng trắng. Ví dụ: “nhé”.",
            "Write one word without blanks, for example “the”.",
        )),
    }
}

/// The word as it is kept, however its marks are written.
async fn kept(db: &mut PgConnection, word: &str) -> sqlx::Result<Option<StopWord>> {
    let written = exact(word);
    Ok(StopWord::all(db).await?.into_iter().find(|known| exact(&known.word) == written))
}

async fn record(db: &mut PgConnection, cx: &Cx, action: &str, word: &str) -> sqlx::Result<()> {
    audit::record(db, cx, action, &format!("stop-word:{word}"), json!({})).await
}

/// Adds a word of [`check_stop_word`]'s form; one that was taken away comes back.
///
/// # Errors
/// It is there already.
pub async fn add_stop_word(db: &mut PgConnection, cx: &Cx, word: &str) -> Result<(), WordsError> {
    queries_words::raise_edition(db).await?;
    let word = kept(db, word).await?.map_or_else(|| word.to_owned(), |known| known.word);
    if !queries_words::put_stop_word(db, cx, &word).await? {
        return Err(WordsError::There);
    }
    Ok(record(db, cx, "search.add_stop_word", &word).await?)
}

/// Brings a word back that was taken away.
///
/// # Errors
/// There is no such word, or it is in force.
pub async fn bring_stop_word_back(
    db: &mut PgConnection,
    cx: &Cx,
    word: &str,
) -> Result<(), WordsError> {
    queries_words::raise_edition(db).await?;
    let known = kept(db, word).await?.ok_or(WordsError::Missing)?;
    if !queries_words::put_stop_word(db, cx, &known.word).await? {
        return Err(WordsError::There);
    }
    Ok(record(db, cx, "search.restore_stop_word", &known.word).await?)
}

/// Takes a word away.
///
/// # Errors
/// There is no such word, or somebody has taken it away already.
pub async fn remove_stop_word(
    db: &mut PgConnection,
    cx: &Cx,
    word: &str,
) -> Result<(), WordsError> {
    queries_words::raise_edition(db).await?;
    let known = kept(db, word).await?.ok_or(WordsError::Missing)?;
    if !queries_words::remove_stop_word(db, cx, &known.word).await? {
        return Err(WordsError::Stale);
    }
    Ok(record(db, cx, "search.remove_stop_word", &known.word).await?)
}

#[cfg(test)]
mod tests {
    use super::check_stop_word;

    #[test]
    fn one_word_in_one_form() {
        assert_eq!(check_stop_word("  NHÉ! ").unwrap(), "nhé");
        assert_eq!(check_stop_word("hoà").unwrap(), check_stop_word("hòa").unwrap());
        for typed in ["", " . ", "hai từ", &"a".repeat(31)] {
            assert!(check_stop_word(typed).is_err(), "{typed}");
        }
    }
}
