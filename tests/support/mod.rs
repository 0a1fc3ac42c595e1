//! A world to tell stories in: the real server over HTTP, a real database of its own, a clock that stands still.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod browser;
pub mod carriers;
pub mod database;
pub mod gateways;
pub mod invariants;
pub mod line;
pub mod meilisearch;
pub mod people;
pub mod process;
pub mod signing;

use browser::Browser;
use chrono::{DateTime, TimeDelta, Utc};
use database::TestDatabase;
use santinh::{
    app::App,
    config::{Config, Reader},
    kernel::Cx,
    platform::{clock::Clock, http},
};
use sqlx::{ConnectOptions, PgPool};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Sunday 22 November 2026, 09:00 in Viet Nam.
pub const MORNING: &str = "2026-11-22T02:00:00Z";

pub struct World {
    pub app: App,
    pub db: PgPool,
    pub clock: Clock,
    pub base: String,
    database: TestDatabase,
    folder: std::path::PathBuf,
    _server: DropGuard,
}

impl World {
    /// A fresh province: schema and reference data, nobody in it.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with some variables of configuration.
    pub async fn with(variables: &[(&'static str, &str)]) -> Self {
        let database = TestDatabase::new().await;
        let folder =
            std::env::temp_dir().join(format!("santinh-world-{}", uuid::Uuid::new_v4().simple()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let base = format!("http://{address}");
        let var = folder.to_str().unwrap().to_owned();
        let mut reader = Reader::from([
            ("SANTINH_LISTEN", address.as_str()),
            ("SANTINH_BASE_URL", base.as_str()),
            ("SANTINH_VAR", var.as_str()),
            ("SANTINH_DB_CONNECTIONS", "12"),
            ("SANTINH_SIGN_INS_PER_MINUTE", "0"),
            ("SANTINH_WRITES_PER_MINUTE", "0"),
            // No test reaches a real carrier.
            ("SANTINH_GHN_URL", "http://127.0.0.1:9"),
            ("SANTINH_GHTK_URL", "http://127.0.0.1:9"),
            ("SANTINH_VIETTEL_POST_URL", "http://127.0.0.1:9"),
        ]);
        for (name, value) in variables {
            reader.set(name, value);
        }
        let config = Config::read(&mut reader).unwrap();
        let clock = Clock::frozen_at(MORNING.parse::<DateTime<Utc>>().unwrap());
        let app = App::build(config, database.options(), clock.clone()).await.unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(http::serve(listener, app.router(), stop.clone()));
        Self { db: app.db.clone(), app, clock, base, database, folder, _server: stop.drop_guard() }
    }

    /// Somebody with a browser of his own: own cookies, follows redirects, fills in forms.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Where this world keeps its files.
    pub fn var(&self) -> &std::path::Path {
        &self.folder
    }

    /// Where this world's data is, for a process of its own.
    pub fn database_url(&self) -> String {
        self.database.options().to_url_lossy().to_string()
    }

    /// The same behind a line that can be cut; the world itself keeps its own way.
    pub async fn line(&self) -> line::Line {
        line::Line::to(&self.database.options()).await
    }

    /// Waits until some statement of the program waits for a row that is held: it is in the middle then.
    pub async fn somebody_waits_for_a_row(&self) {
        let waiting = "select exists (select from pg_stat_activity where datname = current_database()
                                      and application_name = 'santinh' and wait_event_type = 'Lock')";
        for _ in 0..1_000 {
            if sqlx::query_scalar::<_, bool>(waiting).fetch_one(&self.db).await.unwrap() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("nobody waits");
    }

    /// The system's own context, now.
    pub fn cx(&self) -> Cx {
        Cx::at(self.clock.now())
    }

    /// Runs every job that is due, and those that these make.
    pub async fn run_jobs(&self) {
        while self.app.run_due_jobs().await.unwrap() > 0 {}
    }

    /// Time passes, and what is due happens.
    pub async fn wait(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.run_jobs().await;
    }

    /// Subjects and bodies of the mails to `address`, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<(String, String)> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "select subject, body from platform.mails where recipient = $1 order by queued_at, id",
        )
        .bind(address)
        .fetch_all(&self.db)
        .await
        .unwrap();
        rows
    }

    /// The first link to this site in the newest mail to `address`, as a path.
    pub async fn link_in_mail_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let (_, body) = mails.last().unwrap_or_else(|| panic!("no mail to {address}"));
        let start = body.find(&self.base).unwrap_or_else(|| panic!("no link in {body}"));
        let link: String =
            body[start + self.base.len()..].chars().take_while(|c| !c.is_whitespace()).collect();
        link
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
