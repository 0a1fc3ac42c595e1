//! Configuration by environment: one struct a concern, every error told at once, secrets not printed.
//!
//! `.env.example` explains every variable to the person who sets it.

mod carriers;
mod database;
mod gateways;
mod limits;
mod mail;
mod reader;
mod search;
mod secrets;
mod site;
mod storage;

pub use carriers::Carriers;
pub use database::Database;
pub use gateways::{Gateways, Stripe};
pub use limits::Limits;
pub use mail::Mail;
pub use reader::{Problems, Reader};
pub use search::{Meilisearch, Search};
pub use secrets::Secrets;
pub use site::Site;
pub use storage::Storage;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    pub site: Site,
    pub database: Database,
    pub storage: Storage,
    pub search: Search,
    pub mail: Mail,
    pub limits: Limits,
    pub secrets: Secrets,
    pub gateways: Gateways,
    pub carriers: Carriers,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// All that is wrong, together.
    pub fn from_env() -> Result<Self, Problems> {
        Self::read(&mut Reader::env())
    }

    /// Reads any source of variables.
    ///
    /// # Errors
    /// All that is wrong, together.
    pub fn read(reader: &mut Reader) -> Result<Self, Problems> {
        let config = Self {
            site: Site::read(reader),
            database: Database::read(reader),
            storage: Storage::read(reader),
            search: Search::read(reader),
            mail: Mail::read(reader),
            limits: Limits::read(reader),
            secrets: Secrets::read(reader),
            gateways: Gateways::read(reader),
            carriers: Carriers::read(reader),
        };
        reader.finish().map(|()| config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_told_at_once_and_secrets_are_not() {
        let problems = Config::read(&mut Reader::from([
            ("SANTINH_LISTEN", "everywhere"),
            ("DATABASE_URL", "mysql://root:hunter2@db"),
            ("SANTINH_TRUSTED_PROXIES", "10.0.0.0/8, balancer"),
        ]))
        .unwrap_err();
        let told = problems.to_string();
        for name in ["SANTINH_LISTEN", "DATABASE_URL", "SANTINH_TRUSTED_PROXIES"] {
            assert!(told.contains(name), "{told}");
        }
        assert!(!told.contains("hunter2"), "{told}");
        let config =
            Config::read(&mut Reader::from([("SMTP_URL", "smtps://u:hunter2@mail.example")]))
                .unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn keys_are_checked_and_not_told() {
        let told = Config::read(&mut Reader::from([
            ("SANTINH_SECRET_KEY", "aHVudGVyMg=="),
            ("SANTINH_STRIPE_KEY", "sk_live_hunter2"),
            ("SANTINH_MOMO_URL", "momo.vn"),
        ]));
        let told = told.unwrap_err().to_string();
        for name in ["SANTINH_SECRET_KEY", "SANTINH_STRIPE_WEBHOOK_SECRET", "SANTINH_MOMO_URL"] {
            assert!(told.contains(name), "{told}");
        }
        let config = Config::read(&mut Reader::from([
            ("SANTINH_SECRET_KEY", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
            ("SANTINH_STRIPE_KEY", "sk_live_hunter2"),
            ("SANTINH_STRIPE_WEBHOOK_SECRET", "whsec_hunter2"),
        ]));
        let shown = format!("{:?}", config.unwrap());
        assert!(!told.contains("hunter2") && !shown.contains("hunter2") && !shown.contains("AQEB"));
    }

    #[test]
    fn a_search_server_needs_an_address_and_a_key_that_is_not_told() {
        let read = |url, key| {
            let chosen = ("SANTINH_SEARCH", "meilisearch");
            Config::read(&mut Reader::from([chosen, ("MEILI_URL", url), ("MEILI_KEY", key)]))
        };
        let config = read("http://meili:7700", "hunter2").unwrap();
        let told = format!("{config:?}");
        assert!(told.contains("http://meili:7700") && !told.contains("hunter2"), "{told}");
        for (url, key, name) in [
            ("meili:7700", "hunter2", "MEILI_URL"),
            ("https://u:hunter2@meili", "hunter2", "MEILI_URL"),
            ("https://meili/path", "hunter2", "MEILI_URL"),
            ("http://meili", "hunter2\n", "MEILI_KEY"),
        ] {
            let told = read(url, key).unwrap_err().to_string();
            assert!(told.contains(name) && !told.contains("hunter2"), "{told}");
        }
        let alone = Config::read(&mut Reader::from([("SANTINH_SEARCH", "meilisearch")]));
        let told = alone.unwrap_err().to_string();
        assert!(told.contains("MEILI_URL") && told.contains("MEILI_KEY"), "{told}");
        assert!(Config::read(&mut Reader::from([("SANTINH_SEARCH", "elastic")])).is_err());
    }
}
