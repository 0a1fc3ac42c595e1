//! SQL of synonyms and stop words.

use super::{Draft, StopWord, Synonym, language::Group};
use crate::kernel::Cx;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Shipped groups, column by column; terms stand between semicolons.
#[derive(Default)]
pub(super) struct Shipped {
    pub(super) ids: Vec<Uuid>,
    pub(super) terms: Vec<String>,
    pub(super) one_way: Vec<bool>,
    pub(super) notes: Vec<String>,
}

/// Loads shipped groups that were not there before; those that the operator changed keep his words.
pub(super) async fn load_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    groups: &Shipped,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into search.synonyms (id, terms, one_way, note, shipped, updated_at)
         select id, string_to_array(terms, ';'), one_way, note, terms, $5
         from unnest($1::uuid[], $2::text[], $3::bool[], $4::text[]) as g (id, terms, one_way, note)
         where cardinality(string_to_array(terms, ';')) between 2 and 30
         on conflict (shipped) do nothing",
        &groups.ids,
        &groups.terms,
        &groups.one_way,
        &groups.notes,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Loads shipped stop words that were not there before.
pub(super) async fn load_stop_words(
    db: &mut PgConnection,
    cx: &Cx,
    words: &[String],
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into search.stop_words (word, shipped, updated_at)
         select distinct word, true, $2::timestamptz from unnest($1::text[]) as w (word)
         on conflict (word) do nothing",
        words,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Tells every process that the words have changed. Until the transaction ends nobody else changes them, so
/// what is read after this still holds.
pub(super) async fn raise_edition(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("update search.words_edition set edition = edition + 1").execute(db).await?;
    Ok(())
}

pub(super) async fn edition(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!("select edition from search.words_edition").fetch_one(db).await
}

/// The groups in force.
pub(super) async fn groups(db: &mut PgConnection) -> sqlx::Result<Vec<Group>> {
    sqlx::query_as!(
        Group,
        "select terms, one_way as is_one_way from search.synonyms where removed_at is null order by id"
    )
    .fetch_all(db)
    .await
}

/// The stop words in force.
pub(super) async fn stop_words(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select word from search.stop_words where removed_at is null")
        .fetch_all(db)
        .await
}

/// Every group, also those that were taken away.
pub(super) async fn synonyms(db: &mut PgConnection) -> sqlx::Result<Vec<Synonym>> {
    sqlx::query_as!(
        Synonym,
        "select id, terms, one_way as is_one_way, note, shipped, removed_at, updated_at
         from search.synonyms order by id"
    )
    .fetch_all(db)
    .await
}

pub(super) async fn add_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    draft: &Draft,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into search.synonyms (id, terms, one_way, note, updated_at) values ($1, $2, $3, $4, $5)",
        id,
        &draft.terms,
        draft.is_one_way,
        draft.note,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a group that is as it was `seen`; whether it is.
pub(super) async fn write_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seen: DateTime<Utc>,
    draft: &Draft,
    is_removed: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update search.synonyms set terms = $3, one_way = $4, note = $5,
            removed_at = case when $6 then $7::timestamptz end, updated_at = $7
         where id = $1 and updated_at = $2",
        id,
        seen,
        &draft.terms,
        draft.is_one_way,
        draft.note,
        is_removed,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every stop word, also those that were taken away.
pub(super) async fn all_stop_words(db: &mut PgConnection) -> sqlx::Result<Vec<StopWord>> {
    sqlx::query_as!(
        StopWord,
        r#"select word, shipped as is_shipped, removed_at is not null as "is_removed!"
           from search.stop_words order by word"#
    )
    .fetch_all(db)
    .await
}

/// Adds a word, or brings it back; whether it was not in force.
pub(super) async fn put_stop_word(
    db: &mut PgConnection,
    cx: &Cx,
    word: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into search.stop_words as w (word, shipped, updated_at) values ($1, false, $2)
         on conflict (word) do update set removed_at = null, updated_at = $2 where w.removed_at is not null",
        word,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a word away; whether it was in force.
pub(super) async fn remove_stop_word(
    db: &mut PgConnection,
    cx: &Cx,
    word: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update search.stop_words set removed_at = $2, updated_at = $2
         where word = $1 and removed_at is null",
        word,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
