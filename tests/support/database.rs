//! A database for one test, copied from a template that carries the schema and the reference data.

use santinh::{app, platform::clock::Clock};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{process::Command, str::FromStr, sync::OnceLock};
use tokio::sync::OnceCell;

/// The throw-away server: `SANTINH_TEST_SERVER`, or the one that `scripts/dev-db.sh` starts.
fn server() -> PgConnectOptions {
    static URL: OnceLock<String> = OnceLock::new();
    let url = URL.get_or_init(|| {
        std::env::var("SANTINH_TEST_SERVER").unwrap_or_else(|_| {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/dev-db.sh");
            let done = Command::new(script).output().expect("scripts/dev-db.sh");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            String::from_utf8(done.stdout).unwrap().trim().to_owned()
        })
    });
    PgConnectOptions::from_str(&format!("{url}/postgres")).unwrap()
}

async fn maintenance() -> PgConnection {
    server().connect().await.unwrap()
}

async fn run(db: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(db).await.unwrap();
}

/// Makes the template once per state of the schema and the reference data, whoever comes first.
async fn template() -> String {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(async || {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            hash =
                bytes.iter().fold(hash, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
        };
        for migration in santinh::MIGRATOR.iter() {
            add(&migration.checksum);
        }
        // Reference data and loaders are part of this binary: another build makes another template.
        add(std::env::current_exe().unwrap().to_string_lossy().as_bytes());
        let built =
            std::fs::metadata(std::env::current_exe().unwrap()).unwrap().modified().unwrap();
        add(format!("{built:?}").as_bytes());
        let name = format!("santinh_template_{hash:016x}");
        let mut db = maintenance().await;
        run(&mut db, "select pg_advisory_lock(44)".into()).await;
        let there = sqlx::query("select 1 from pg_database where datname = $1")
            .bind(&name)
            .fetch_optional(&mut db);
        if there.await.unwrap().is_none() {
            let draft = format!("{name}_draft");
            run(&mut db, format!("drop database if exists \"{draft}\" with (force)")).await;
            run(&mut db, format!("create database \"{draft}\"")).await;
            let pool: PgPool = PgPoolOptions::new()
                .max_connections(2)
                .connect_with(server().database(&draft))
                .await
                .unwrap();
            santinh::MIGRATOR.run(&pool).await.unwrap();
            app::load_reference(&pool, &Clock::default()).await.unwrap();
            pool.close().await;
            run(&mut db, format!("alter database \"{draft}\" rename to \"{name}\"")).await;
        }
        run(&mut db, "select pg_advisory_unlock(44)".into()).await;
        name
    })
    .await
    .clone()
}

pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    pub async fn new() -> Self {
        let name = format!("t_{}", uuid::Uuid::new_v4().simple());
        let template = template().await;
        let mut db = maintenance().await;
        run(&mut db, format!("create database \"{name}\" template \"{template}\"")).await;
        Self { name }
    }

    pub fn options(&self) -> PgConnectOptions {
        server().database(&self.name)
    }
}

impl Drop for TestDatabase {
    /// Drops the database, so that a long run does not fill the disk.
    fn drop(&mut self) {
        let name = self.name.clone();
        let dropper = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok(mut db) = server().connect().await {
                    let statement =
                        AssertSqlSafe(format!("drop database if exists \"{name}\" with (force)"));
                    let _ = sqlx::raw_sql(statement).execute(&mut db).await;
                    let _ = db.close().await;
                }
            });
        });
        let _ = dropper.join();
    }
}
