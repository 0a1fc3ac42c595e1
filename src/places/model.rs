//! Today's communes in memory.

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

/// All units of today.
#[derive(Clone)]
pub struct Places {
    communes: Arc<HashMap<String, Commune>>,
    home: String,
}

impl Places {
    /// Reads the units once; `home` is the deployment's own province.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(db: &PgPool, home: &str) -> sqlx::Result<Self> {
        let rows = super::queries::communes(&mut *db.acquire().await?).await?;
        let communes = rows.into_iter().map(|c| (c.code.clone(), c)).collect::<HashMap<_, _>>();
        Ok(Self { communes: communes.into(), home: home.to_owned() })
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
}
