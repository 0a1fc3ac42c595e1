//! Categories, facts, bans.

use crate::{
    catalogue::{
        banned::{Action, Rule},
        categories::{Category, Fact},
    },
    kernel::{Day, Text},
};
use sqlx::PgConnection;

pub(in crate::catalogue) async fn categories(db: &mut PgConnection) -> sqlx::Result<Vec<Category>> {
    let rows = sqlx::query!(
        "select slug, parent_slug, path, name_vi, name_en, position, for_business, kind, art, is_leaf,
                required_facts, required_papers
         from catalogue.categories order by position, slug"
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Category {
            slug: r.slug,
            parent: r.parent_slug,
            path: r.path,
            name: Text::new(r.name_vi, r.name_en),
            position: r.position,
            for_business: r.for_business,
            is_service: r.kind == "service",
            art: r.art,
            is_leaf: r.is_leaf,
            required_facts: r.required_facts,
            required_papers: r.required_papers,
        })
        .collect())
}

/// One digest a row, by which an import tells what it changed.
pub(in crate::catalogue) async fn category_digests(
    db: &mut PgConnection,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(r#"select md5(c::text) as "digest!" from catalogue.categories c"#)
        .fetch_all(db)
        .await
}

pub(in crate::catalogue) async fn facts(db: &mut PgConnection) -> sqlx::Result<Vec<Fact>> {
    let rows = sqlx::query!(
        "select key, label_vi, label_en, kind, unit, choices, help_vi, help_en from catalogue.facts"
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Fact {
            key: r.key,
            label: Text::new(r.label_vi, r.label_en),
            kind: r.kind,
            unit: r.unit,
            choices: r.choices,
            help: Text::new(r.help_vi, r.help_en),
        })
        .collect())
}

pub(in crate::catalogue) async fn banned(db: &mut PgConnection) -> sqlx::Result<Vec<Rule>> {
    let rows = sqlx::query!(
        "select pattern, kind, action, reason_vi, reason_en, legal_ref, valid_from, valid_to
         from catalogue.banned"
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Rule {
            pattern: r.pattern,
            is_category: r.kind == "category",
            action: if r.action == "block" { Action::Block } else { Action::Review },
            reason: Text::new(r.reason_vi, r.reason_en),
            legal_ref: r.legal_ref,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
        })
        .collect())
}

pub(in crate::catalogue) struct CategoryRow<'a> {
    pub(in crate::catalogue) slug: &'a str,
    pub(in crate::catalogue) parent_slug: Option<&'a str>,
    pub(in crate::catalogue) path: &'a [String],
    pub(in crate::catalogue) name_vi: &'a str,
    pub(in crate::catalogue) name_en: &'a str,
    pub(in crate::catalogue) position: i32,
    pub(in crate::catalogue) for_business: bool,
    pub(in crate::catalogue) kind: &'a str,
    pub(in crate::catalogue) art: &'a str,
    pub(in crate::catalogue) is_leaf: bool,
    pub(in crate::catalogue) required_facts: &'a [String],
    pub(in crate::catalogue) required_papers: &'a [String],
}

pub(in crate::catalogue) async fn save_category(
    db: &mut PgConnection,
    row: CategoryRow<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.categories (slug, parent_slug, path, name_vi, name_en, position, for_business,
             kind, art, is_leaf, required_facts, required_papers)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (slug) do update set parent_slug = excluded.parent_slug, path = excluded.path,
             name_vi = excluded.name_vi, name_en = excluded.name_en, position = excluded.position,
             for_business = excluded.for_business, kind = excluded.kind, art = excluded.art,
             is_leaf = excluded.is_leaf, required_facts = excluded.required_facts,
             required_papers = excluded.required_papers",
        row.slug,
        row.parent_slug,
        row.path,
        row.name_vi,
        row.name_en,
        row.position,
        row.for_business,
        row.kind,
        row.art,
        row.is_leaf,
        row.required_facts,
        row.required_papers,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::catalogue) struct FactRow<'a> {
    pub(in crate::catalogue) key: &'a str,
    pub(in crate::catalogue) label_vi: &'a str,
    pub(in crate::catalogue) label_en: &'a str,
    pub(in crate::catalogue) kind: &'a str,
    pub(in crate::catalogue) unit: &'a str,
    pub(in crate::catalogue) choices: &'a [String],
    pub(in crate::catalogue) help_vi: &'a str,
    pub(in crate::catalogue) help_en: &'a str,
}

pub(in crate::catalogue) async fn save_fact(
    db: &mut PgConnection,
    row: FactRow<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.facts (key, label_vi, label_en, kind, unit, choices, help_vi, help_en)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (key) do update set label_vi = excluded.label_vi, label_en = excluded.label_en,
             kind = excluded.kind, unit = excluded.unit, choices = excluded.choices,
             help_vi = excluded.help_vi, help_en = excluded.help_en",
        row.key,
        row.label_vi,
        row.label_en,
        row.kind,
        row.unit,
        row.choices,
        row.help_vi,
        row.help_en,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::catalogue) struct BannedRow<'a> {
    pub(in crate::catalogue) pattern: &'a str,
    pub(in crate::catalogue) kind: &'a str,
    pub(in crate::catalogue) action: &'a str,
    pub(in crate::catalogue) reason_vi: &'a str,
    pub(in crate::catalogue) reason_en: &'a str,
    pub(in crate::catalogue) legal_ref: &'a str,
    pub(in crate::catalogue) valid_from: Day,
}

pub(in crate::catalogue) async fn save_banned(
    db: &mut PgConnection,
    row: BannedRow<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.banned (pattern, kind, action, reason_vi, reason_en, legal_ref, valid_from)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (pattern, valid_from) do update set kind = excluded.kind, action = excluded.action,
             reason_vi = excluded.reason_vi, reason_en = excluded.reason_en, legal_ref = excluded.legal_ref",
        row.pattern,
        row.kind,
        row.action,
        row.reason_vi,
        row.reason_en,
        row.legal_ref,
        row.valid_from,
    )
    .execute(db)
    .await?;
    Ok(())
}
