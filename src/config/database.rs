//! Which PostgreSQL.

use super::Reader;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr;

/// The server and how many connections to it.
#[derive(Debug, Clone)]
pub struct Database {
    /// `postgres://…`; without it a private cluster runs under `SANTINH_VAR`.
    pub url: Option<SecretString>,
    /// Connections a process may hold.
    pub connections: u32,
}

impl Database {
    pub(super) fn read(r: &mut Reader) -> Self {
        let sound = |url: &str| match url.split(':').next() {
            Some("postgres" | "postgresql") if PgConnectOptions::from_str(url).is_ok() => Ok(()),
            _ => Err("must be a URL like postgres://user:password@host:5432/database"),
        };
        Self {
            url: r.secret("DATABASE_URL", sound),
            connections: r.parsed("SANTINH_DB_CONNECTIONS", 24, "a whole number"),
        }
    }
}
