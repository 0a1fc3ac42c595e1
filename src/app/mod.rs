//! The composition root: makes the parts, hands each slice what it needs, and says who hears what.

mod handlers;
mod health;
mod metrics;
mod reference;
mod routes;

use crate::{
    config::{self, Config},
    platform::{
        clock::Clock,
        cluster::Cluster,
        db,
        files::Files,
        jobs::{self, Handlers},
        mail::Transport,
        sealed::Sealer,
    },
    search::{EmbeddedStore, IndexStore, MeilisearchStore, Search},
    web::{address::Trusted, assets::Assets, context::Shell, limits::Limits},
};
use anyhow::Context;
use secrecy::ExposeSecret;
use sqlx::{PgPool, postgres::PgConnectOptions};
use std::{
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

pub use reference::load as load_reference;

/// The parts of one running process.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: PgPool,
    pub clock: Clock,
    pub files: Files,
    pub assets: Arc<Assets>,
    pub limits: Limits,
    pub places: crate::places::Places,
    pub categories: crate::catalogue::Categories,
    pub search: Search,
    pub office: crate::delivery::Office,
    pub gateways: crate::payments::Gateways,
}

/// The database of this run: the configured server, or a private cluster to be stopped at the end.
pub struct Database {
    pub options: PgConnectOptions,
    pub cluster: Option<Cluster>,
}

impl Database {
    /// Finds or starts the server and brings its schema up to date.
    ///
    /// # Errors
    /// No server, or a migration that fails.
    pub async fn ready(config: &Config) -> anyhow::Result<Self> {
        let ready = Self::open(config).await?;
        db::migrate(&ready.options).await.context("migrating the database")?;
        Ok(ready)
    }

    /// Finds or starts the server and leaves its schema as it is.
    ///
    /// # Errors
    /// No server.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        if let Some(url) = &config.database.url {
            let options = PgConnectOptions::from_str(url.expose_secret())?;
            return Ok(Self { options, cluster: None });
        }
        let folder = config.storage.var.clone();
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&folder)).await??;
        let options = cluster.database("santinh").await?;
        Ok(Self { options, cluster: Some(cluster) })
    }

    /// Stops the private cluster, if this process is the last that uses it.
    ///
    /// # Errors
    /// The cluster does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(cluster) = self.cluster {
            tokio::task::spawn_blocking(move || cluster.stop()).await??;
        }
        Ok(())
    }
}

/// Where the search index lies, if there is one. A server of its own need not be there yet.
fn index_store(config: &Config) -> anyhow::Result<Option<Box<dyn IndexStore>>> {
    Ok(match &config.search {
        config::Search::Embedded => {
            Some(Box::new(EmbeddedStore::new(Some(&config.storage.var.join("search")))))
        }
        config::Search::Meilisearch(server) => {
            let key = Some(server.key.expose_secret());
            Some(Box::new(MeilisearchStore::new(&server.url, key, &server.index)?))
        }
        config::Search::Postgres => None,
    })
}

/// What seals secrets at rest.
fn sealer(config: &Config) -> anyhow::Result<Sealer> {
    let key = config.secrets.key.as_ref().map(ExposeSecret::expose_secret);
    let former: Vec<&str> = config.secrets.former.iter().map(ExposeSecret::expose_secret).collect();
    Sealer::open(&config.storage.var, key, &former).context("the key of secrets")
}

impl App {
    /// Makes the parts over a migrated database and loads the reference data.
    ///
    /// # Errors
    /// The database cannot be reached, or a folder cannot be made.
    pub async fn build(
        config: Config,
        options: PgConnectOptions,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        crate::web::metrics::collect()?;
        let db = db::open(options, config.database.connections)
            .await
            .context("connecting to the database")?;
        reference::load(&db, &clock).await.context("loading the reference data")?;
        let files = Files::local(&config.storage.var.join("files"))?;
        let limits = Limits::new(&config.limits);
        let places = crate::places::Places::load(&db, &config.site.province_code).await?;
        let categories = crate::catalogue::Categories::load(&db).await?;
        // Sellers' keys with payment gateways and with carriers, and their account numbers, are sealed with one key.
        let sealer = sealer(&config)?;
        crate::enterprises::seal_bank_accounts(&db, &sealer).await.context("sealing accounts")?;
        let (keys, base_url) = (config.gateways.clone(), &config.site.base_url);
        let gateways = crate::payments::Gateways::new(keys, sealer.clone(), base_url)?;
        let search = Search::new(db.clone(), places.clone(), index_store(&config)?);
        let office = crate::delivery::Office {
            db: db.clone(),
            carriers: crate::delivery::Carriers::new(&config.carriers)?,
            sealer,
            places: places.clone(),
            notices: crate::delivery::Notices::new(db.clone()),
        };
        Ok(Self {
            config: config.into(),
            db,
            clock,
            files,
            assets: Arc::default(),
            limits,
            places,
            categories,
            search,
            office,
            gateways,
        })
    }

    fn shell(&self) -> Shell {
        Shell {
            site: Arc::new(self.config.site.clone()),
            assets: self.assets.clone(),
            clock: self.clock.clone(),
            trusted: Trusted::new(&self.config.limits.trusted_proxies),
        }
    }

    /// The way mail leaves.
    ///
    /// # Errors
    /// A folder that cannot be made.
    fn transport(&self) -> anyhow::Result<Transport> {
        let url = self.config.mail.smtp_url.as_ref().map(|url| url.expose_secret().to_owned());
        Transport::new(url.as_deref(), &self.config.storage.var.join("mail"))
    }

    /// Who hears what.
    ///
    /// # Errors
    /// The way for mail cannot be made.
    pub fn handlers(&self) -> anyhow::Result<Handlers> {
        handlers::all(self)
    }

    /// Runs what is due now; for tests and one-off commands.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn run_due_jobs(&self) -> anyhow::Result<usize> {
        let cx = crate::kernel::Cx::at(self.clock.now());
        let ran =
            jobs::run_due(&self.db, &cx, &self.handlers()?, &CancellationToken::new()).await?;
        self.search.catch_up().await?;
        Ok(ran)
    }

    /// Works until `stop`. It looks for work instead of being called: a call (`NOTIFY`) would let one
    /// transaction commit at a time.
    ///
    /// # Errors
    /// Parts that cannot be made. A database that goes away is waited for.
    pub async fn work(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let (news, clocks) = self.handlers()?.parted();
        tokio::join!(self.work_at(&news, &stop), self.work_at(&clocks, &stop));
        Ok(())
    }

    async fn work_at(&self, handlers: &Handlers, stop: &CancellationToken) {
        const LOOK: Duration = Duration::from_millis(200);
        /// Timers are looked at at least this often.
        const ROUND: Duration = Duration::from_secs(3);
        let mut last_round = None::<Instant>;
        while !stop.is_cancelled() {
            let cx = crate::kernel::Cx::at(self.clock.now());
            let outcome = match jobs::are_waiting(&self.db, &cx, handlers).await {
                Ok(false) if last_round.is_some_and(|at| at.elapsed() < ROUND) => Ok(0),
                Ok(_) => {
                    last_round = Some(Instant::now());
                    jobs::run_due(&self.db, &cx, handlers, stop).await
                }
                Err(error) => Err(error),
            };
            let pause = match outcome {
                Ok(_) => LOOK,
                Err(error) => {
                    db::note_break(&error);
                    tracing::warn!(%error, "the worker waits for the database");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
