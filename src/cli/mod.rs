//! The command `santinh`.

mod admin;
mod demo;
mod reindex;
mod import;
mod serve;
mod trust;

use crate::{
    app::{App, Database},
    config::Config,
    platform::clock::Clock,
};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Sàn Tỉnh – sàn thương mại điện tử của tỉnh / a province's own trading floor.
///
/// Settings come from the environment; .env.example explains each of them. With no DATABASE_URL the
/// program runs its own PostgreSQL below the folder SANTINH_VAR (./var).
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web pages, and do the background work in the same process.
    Serve(serve::Arguments),
    /// Do only the background work (mail, clocks, index), without serving pages.
    Work,
    /// Load the demo province (invented firms, goods, people, a year of orders) and print its sign-ins.
    Demo,
    /// Bring the database's schema and reference data up to date, then stop.
    Migrate,
    /// Compute anew what search knows of every product; safe while the site runs.
    Reindex,
    /// Bring tables (CSV, XLSX) into the installation: units, categories, industries, enterprises, products.
    ///
    /// Every file is CSV (UTF-8; comma, semicolon or tab) or XLSX, with a header in its first row. Good rows are
    /// taken, refused rows are written to an error file with line, column and reason. Running the same file again
    /// changes nothing.
    #[command(subcommand)]
    Import(import::Command),
    /// Looking after an installation: officers, operators, the audit chain.
    #[command(subcommand)]
    Admin(admin::Command),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// Told to the person at the terminal.
pub async fn run() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("SANTINH_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,tantivy=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::from_env()?;
    match arguments.command {
        Command::Serve(options) => serve::serve(config, options).await,
        Command::Work => serve::work(config).await,
        Command::Migrate => with_app(config, async |_| Ok(())).await,
        Command::Demo => with_app(config, async |app| demo::run(app).await).await,
        Command::Reindex => with_app(config, reindex::run).await,
        Command::Import(command) => {
            with_app(config, async |app| import::run(app, command).await).await
        }
        Command::Admin(command) => {
            with_app(config, async |app| admin::run(app, command).await).await
        }
    }
}

/// Makes the parts, lets `act` use them, and puts everything away.
async fn with_app(
    config: Config,
    act: impl AsyncFnOnce(&App) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let database = Database::ready(&config).await?;
    let app = App::build(config, database.options.clone(), Clock::default()).await?;
    let outcome = act(&app).await;
    app.db.close().await;
    database.close().await?;
    outcome
}
