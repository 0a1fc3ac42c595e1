//! SQL of synonyms and stop words.

use super::language::Group;
use crate::kernel::Cx;
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

/// Tells every process that the words have changed.
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
