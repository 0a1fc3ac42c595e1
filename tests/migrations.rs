//! Every migration says what it is for, names its constraints in a way people can be told of, and
//! applies over a database that already holds the reference data of the ones before.

#![allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]

#[path = "support/mod.rs"]
mod support;

use sqlx::Row;
use support::World;

#[test]
fn every_migration_says_what_it_is_for() {
    for entry in std::fs::read_dir("migrations").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-- "), "{} has no comment at its head", path.display());
        let long = text.lines().filter(|line| line.len() > 140).count();
        assert_eq!(long, 0, "{} has long lines", path.display());
    }
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let world = World::new().await;
    let count = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint as n from pg_stat_user_tables
                 where schemaname <> 'platform'";
    let flush = "select pg_stat_force_next_flush()";
    sqlx::query(flush).execute(&world.db).await.unwrap();
    let before: i64 = sqlx::query(count).fetch_one(&world.db).await.unwrap().get("n");
    santinh::MIGRATOR.run(&world.db).await.unwrap();
    santinh::app::load_reference(&world.db, &world.clock).await.unwrap();
    sqlx::query(flush).execute(&world.db).await.unwrap();
    let after: i64 = sqlx::query(count).fetch_one(&world.db).await.unwrap().get("n");
    assert_eq!(before, after, "loading the reference data again wrote rows");
}

#[tokio::test]
async fn every_table_has_a_primary_key() {
    let world = World::new().await;
    let bare = "select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'public')
                  and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)";
    let rows = sqlx::query(bare).fetch_all(&world.db).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get("name")).collect();
    assert!(names.is_empty(), "no primary key: {names:?}");
}
