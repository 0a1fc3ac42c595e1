//! Today's communes in memory.

use super::{
    choice::Choice,
    finding::{Finder, Resolution, Suggestion},
    queries::{self, OldWard},
};
use crate::kernel::Lang;
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc};

/// A commune, ward or special zone as it is today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// Official five digits.
    pub code: String,
    /// `Khe Sanh`.
    pub name: String,
    /// `Xã Khe Sanh`.
    pub full_name: String,
    pub province_code: String,
    /// `Quảng Trị`.
    pub province: String,
}

impl Commune {
    /// `Xã Khe Sanh, Quảng Trị`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}, {}", self.full_name, self.province)
    }
}

/// All units of today, and the names that led to them before.
#[derive(Clone)]
pub struct Places {
    communes: Arc<HashMap<String, Commune>>,
    finder: Arc<Finder>,
    home: String,
}

impl Places {
    /// Reads the units once; `home` is the deployment's own province.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(db: &PgPool, home: &str) -> sqlx::Result<Self> {
        let mut db = db.acquire().await?;
        let communes = queries::communes(&mut db).await?;
        let old = queries::old_wards(&mut db).await?;
        Ok(Self::of(communes, old, home))
    }

    pub(super) fn of(communes: Vec<Commune>, old: Vec<OldWard>, home: &str) -> Self {
        let communes: HashMap<_, _> = communes.into_iter().map(|c| (c.code.clone(), c)).collect();
        let finder = Finder::new(&communes, &old, home);
        Self { communes: communes.into(), finder: finder.into(), home: home.to_owned() }
    }

    /// Communes around one, and how many kilometres away their middles are; itself is among them.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn around(
        db: &mut sqlx::PgConnection,
        code: &str,
        kilometres: f64,
    ) -> sqlx::Result<Vec<(String, f64)>> {
        queries::around(db, code, kilometres).await
    }

    /// The commune of a code.
    #[must_use]
    pub fn commune(&self, code: &str) -> Option<&Commune> {
        self.communes.get(code)
    }

    /// `Xã Khe Sanh, Quảng Trị`; the code itself where it is not known.
    #[must_use]
    pub fn shown(&self, code: &str) -> String {
        self.commune(code).map_or_else(|| code.to_owned(), Commune::shown)
    }

    /// The deployment's own province.
    #[must_use]
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The communes of the deployment's own province, by name.
    #[must_use]
    pub fn home_communes(&self) -> Vec<&Commune> {
        let mut found: Vec<_> =
            self.communes.values().filter(|c| c.province_code == self.home).collect();
        found.sort_by_key(|c| crate::kernel::fold(&c.name));
        found
    }

    /// What `typed` may mean: with or without marks, each word or only its beginning, names of
    /// today or from before July 2025. The own province first.
    #[must_use]
    pub fn suggest(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        self.finder.suggest(&self.communes, typed, limit)
    }

    /// What a commune field means: the chosen `code`, or else what was `typed`.
    #[must_use]
    pub fn choose(&self, code: &str, typed: &str) -> Choice {
        match self.commune(code) {
            Some(commune) => Choice::Chosen(commune.clone()),
            None => Choice::of(self.resolve(typed), typed),
        }
    }

    /// What to offer below a commune field: the chosen one, or what was typed may mean.
    #[must_use]
    pub fn options(&self, code: &str, typed: &str, lang: Lang) -> Vec<(String, String, String)> {
        match self.commune(code) {
            Some(commune) => vec![(code.to_owned(), commune.shown(), String::new())],
            None => self.suggest(typed, 12).iter().map(|s| s.choice(lang)).collect(),
        }
    }

    /// Which commune a whole name means. An old unit that was split, or a name that several places
    /// bear, is not guessed.
    #[must_use]
    pub fn resolve(&self, typed: &str) -> Resolution {
        self.finder.resolve(&self.communes, typed)
    }
}
