//! The tree of categories in memory: read once per process, changed by a release only.

use super::{banned, queries};
use crate::{
    kernel::{Lang, Text},
    platform::reference,
};
use serde::Deserialize;
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc};

/// A branch or leaf of the tree.
#[derive(Debug, Clone)]
pub struct Category {
    pub slug: String,
    pub parent: Option<String>,
    /// Slugs from the root to this one.
    pub path: Vec<String>,
    pub name: Text,
    pub position: i32,
    /// Mainly bought by firms.
    pub for_business: bool,
    /// A service: no stock, nothing to ship.
    pub is_service: bool,
    /// The drawing of its goods.
    pub art: String,
    /// Goods stand in leaves only.
    pub is_leaf: bool,
    /// Own and inherited.
    pub required_facts: Vec<String>,
    /// Own and inherited.
    pub required_papers: Vec<String>,
}

/// What can be told of a product.
#[derive(Debug, Clone)]
pub struct Fact {
    pub key: String,
    pub label: Text,
    /// `text`, `number`, `date`, `choice`.
    pub kind: String,
    pub unit: String,
    pub choices: Vec<String>,
    pub help: Text,
}

/// A kind of paper.
#[derive(Debug, Clone)]
pub struct PaperKind {
    pub kind: String,
    pub label: Text,
    /// Given with a product; the others are the shop's.
    pub of_product: bool,
    pub expires: bool,
}

#[derive(Deserialize)]
struct PaperRow {
    kind: String,
    label_vi: String,
    label_en: String,
    r#for: String,
    #[serde(deserialize_with = "reference::flag")]
    expires: bool,
}

struct Tree {
    by_slug: HashMap<String, Category>,
    /// In the order of pages; "" holds the roots.
    children: HashMap<String, Vec<String>>,
    facts: HashMap<String, Fact>,
    papers: Vec<PaperKind>,
    banned: banned::Rules,
}

/// All categories with their facts, papers and bans. Cheap to clone.
#[derive(Clone)]
pub struct Categories(Arc<Tree>);

impl Categories {
    /// Reads the tree.
    ///
    /// # Errors
    /// Whatever the database says, or a broken file of papers.
    pub async fn load(db: &PgPool) -> anyhow::Result<Self> {
        let mut db = db.acquire().await?;
        let rows = queries::reference::categories(&mut db).await?;
        let mut children: HashMap<String, Vec<String>> = HashMap::new();
        for row in &rows {
            let parent = row.parent.clone().unwrap_or_default();
            children.entry(parent).or_default().push(row.slug.clone());
        }
        let by_slug = rows.into_iter().map(|c| (c.slug.clone(), c)).collect();
        let facts = queries::reference::facts(&mut db).await?;
        let facts = facts.into_iter().map(|f| (f.key.clone(), f)).collect();
        let banned = banned::Rules::new(queries::reference::banned(&mut db).await?);
        Ok(Self(Arc::new(Tree { by_slug, children, facts, papers: paper_kinds()?, banned })))
    }

    /// The category of a slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Category> {
        self.0.by_slug.get(slug)
    }

    /// The branches at the top, in order.
    #[must_use]
    pub fn roots(&self) -> Vec<&Category> {
        self.children("")
    }

    /// What stands directly below, in order.
    #[must_use]
    pub fn children(&self, slug: &str) -> Vec<&Category> {
        let below = self.0.children.get(slug).into_iter().flatten();
        below.filter_map(|slug| self.get(slug)).collect()
    }

    /// From the root to the category itself.
    #[must_use]
    pub fn trail(&self, slug: &str) -> Vec<&Category> {
        let path = self.get(slug).map(|c| c.path.as_slice()).unwrap_or_default();
        path.iter().filter_map(|slug| self.get(slug)).collect()
    }

    /// Every leaf in the order of the tree.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Category> {
        let mut found = Vec::new();
        let mut open: Vec<&Category> = self.roots().into_iter().rev().collect();
        while let Some(category) = open.pop() {
            if category.is_leaf {
                found.push(category);
            }
            open.extend(self.children(&category.slug).into_iter().rev());
        }
        found
    }

    /// Its name; the slug where it is not known.
    #[must_use]
    pub fn name<'a>(&'a self, slug: &'a str, lang: Lang) -> &'a str {
        self.get(slug).map_or(slug, |c| c.name.get(lang))
    }

    /// `Nông sản › Trái cây tươi › Chuối`.
    #[must_use]
    pub fn full_name(&self, slug: &str, lang: Lang) -> String {
        let names: Vec<&str> = self.trail(slug).iter().map(|c| c.name.get(lang)).collect();
        names.join(" › ")
    }

    /// What a fact's key means.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<&Fact> {
        self.0.facts.get(key)
    }

    /// All facts there are, by their keys.
    #[must_use]
    pub fn facts(&self) -> Vec<&Fact> {
        let mut all: Vec<&Fact> = self.0.facts.values().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// The kinds of papers that are given with a product.
    pub fn product_papers(&self) -> impl Iterator<Item = &PaperKind> {
        self.0.papers.iter().filter(|p| p.of_product)
    }

    /// What a kind of paper is called; `ocop4` is OCOP's with four stars.
    #[must_use]
    pub fn paper_label(&self, kind: &str) -> Text {
        if let Some(stars) = kind.strip_prefix("ocop").filter(|s| !s.is_empty()) {
            return Text::new(format!("OCOP {stars} sao"), format!("OCOP {stars} stars"));
        }
        let found = self.0.papers.iter().find(|p| p.kind == kind);
        found.map_or_else(|| Text::new(kind.to_owned(), kind.to_owned()), |p| p.label.clone())
    }

    /// The rules of what may be sold.
    #[must_use]
    pub fn banned(&self) -> &banned::Rules {
        &self.0.banned
    }
}

/// The shipped list, with one kind more for each number of OCOP's stars.
fn paper_kinds() -> anyhow::Result<Vec<PaperKind>> {
    let rows = reference::rows::<PaperRow>(include_str!("../../data/papers.csv"))?;
    let mut kinds = Vec::with_capacity(rows.len() + 2);
    for row in rows {
        let of_product = row.r#for != "seller";
        if row.kind == "ocop" {
            kinds.extend((3..=5).map(|stars| PaperKind {
                kind: format!("ocop{stars}"),
                label: Text::new(format!("OCOP {stars} sao"), format!("OCOP {stars} stars")),
                of_product,
                expires: row.expires,
            }));
            continue;
        }
        kinds.push(PaperKind {
            kind: row.kind,
            label: Text::new(row.label_vi, row.label_en),
            of_product,
            expires: row.expires,
        });
    }
    Ok(kinds)
}
