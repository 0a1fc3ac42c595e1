//! Loads the shipped categories, facts and bans.

use super::queries::reference as rows;
use crate::{
    kernel::{Cx, Day},
    platform::{
        import::{self, Mapping, Outcome},
        reference,
        spreadsheet::Table,
    },
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use std::collections::{HashMap, HashSet};

const CATEGORIES: &str = include_str!("../../data/categories.csv");
const FACTS: &str = include_str!("../../data/facts.csv");
const BANNED: &str = include_str!("../../data/banned.csv");

#[derive(Deserialize)]
struct CategoryRow {
    slug: String,
    parent_slug: String,
    name_vi: String,
    name_en: String,
    position: i32,
    #[serde(deserialize_with = "reference::flag")]
    b2b: bool,
    kind: String,
    art: String,
    #[serde(deserialize_with = "reference::list")]
    required_facts: Vec<String>,
    #[serde(deserialize_with = "reference::list")]
    required_papers: Vec<String>,
}

#[derive(Deserialize)]
struct FactRow {
    key: String,
    label_vi: String,
    label_en: String,
    kind: String,
    unit: String,
    #[serde(deserialize_with = "reference::list")]
    choices: Vec<String>,
    help_vi: String,
    help_en: String,
}

#[derive(Deserialize)]
struct BannedRow {
    pattern: String,
    kind: String,
    action: String,
    reason_vi: String,
    reason_en: String,
    legal_ref: String,
    valid_from: Day,
}

/// Loads `data/{categories,facts,banned}.csv` when they changed. Rows that are no longer in a file stay:
/// products may stand in them.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load_reference(db: &mut PgConnection, cx: &Cx) -> anyhow::Result<()> {
    if !reference::changed(db, cx, "catalogue", &[CATEGORIES, FACTS, BANNED]).await? {
        return Ok(());
    }
    for fact in reference::rows::<FactRow>(FACTS)? {
        let row = rows::FactRow {
            key: &fact.key,
            label_vi: &fact.label_vi,
            label_en: &fact.label_en,
            kind: &fact.kind,
            unit: &fact.unit,
            choices: &fact.choices,
            help_vi: &fact.help_vi,
            help_en: &fact.help_en,
        };
        rows::save_fact(db, row).await?;
    }
    save_tree(db, &reference::rows(CATEGORIES)?).await?;
    for rule in reference::rows::<BannedRow>(BANNED)? {
        let row = rows::BannedRow {
            pattern: &rule.pattern,
            kind: &rule.kind,
            action: &rule.action,
            reason_vi: &rule.reason_vi,
            reason_en: &rule.reason_en,
            legal_ref: &rule.legal_ref,
            valid_from: rule.valid_from,
        };
        rows::save_banned(db, row).await?;
    }
    Ok(())
}

/// Parents stand before their children in the file; what they require is handed down.
async fn save_tree(db: &mut PgConnection, all: &[CategoryRow]) -> anyhow::Result<()> {
    struct Above {
        path: Vec<String>,
        facts: Vec<String>,
        papers: Vec<String>,
    }
    let mut above: HashMap<String, Above> = HashMap::new();
    for row in all {
        let mut own = match above.get(&row.parent_slug) {
            Some(parent) => Above {
                path: parent.path.clone(),
                facts: parent.facts.clone(),
                papers: parent.papers.clone(),
            },
            None if row.parent_slug.is_empty() => {
                Above { path: Vec::new(), facts: Vec::new(), papers: Vec::new() }
            }
            None => anyhow::bail!("{}: parent {} comes later", row.slug, row.parent_slug),
        };
        own.path.push(row.slug.clone());
        let add = |to: &mut Vec<String>, more: &[String]| {
            for key in more {
                if !to.contains(key) {
                    to.push(key.clone());
                }
            }
        };
        add(&mut own.facts, &row.required_facts);
        add(&mut own.papers, &row.required_papers);
        let saved = rows::CategoryRow {
            slug: &row.slug,
            parent_slug: Some(row.parent_slug.as_str()).filter(|p| !p.is_empty()),
            path: &own.path,
            name_vi: &row.name_vi,
            name_en: &row.name_en,
            position: row.position,
            for_business: row.b2b,
            kind: &row.kind,
            art: &row.art,
            is_leaf: !all.iter().any(|other| other.parent_slug == row.slug),
            required_facts: &own.facts,
            required_papers: &own.papers,
        };
        rows::save_category(db, saved).await?;
        above.insert(row.slug.clone(), own);
    }
    Ok(())
}

/// Brings in a category tree with the columns of `data/categories.csv`, for `santinh import categories`:
/// the whole tree, parents before their children. Categories that the file does not name stay.
///
/// # Errors
/// A table that cannot be read or lacks its key, or whatever the database says.
pub async fn import_categories(
    db: &PgPool,
    table: Table,
    mapping: &Mapping,
) -> anyhow::Result<Outcome> {
    const FIELDS: &[&str] = &[
        "slug",
        "parent_slug",
        "name_vi",
        "name_en",
        "position",
        "b2b",
        "kind",
        "art",
        "required_facts",
        "required_papers",
    ];
    let mut outcome = Outcome::default();
    let (mut good, mut known) = (Vec::new(), HashSet::new());
    for (line, cells, row) in import::rows::<CategoryRow>(table, mapping, FIELDS, &mut outcome)? {
        if !row.parent_slug.is_empty() && !known.contains(&row.parent_slug) {
            let reason = "nhánh cha phải đứng trước trong cùng tệp";
            outcome.refuse(line, "parent_slug", reason, &cells);
        } else if !["goods", "service"].contains(&row.kind.as_str()) {
            outcome.refuse(line, "kind", "kind phải là goods hoặc service", &cells);
        } else if !known.insert(row.slug.clone()) {
            outcome.refuse(line, "slug", "mã này đã có ở dòng trước", &cells);
        } else {
            good.push(row);
        }
    }
    let mut tx = db.begin().await?;
    let before = rows::category_digests(&mut tx).await?;
    save_tree(&mut tx, &good).await?;
    let after = rows::category_digests(&mut tx).await?;
    outcome.compare(&before, &after, good.len() as u64);
    tx.commit().await?;
    Ok(outcome)
}
