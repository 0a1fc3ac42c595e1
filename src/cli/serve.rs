//! `santinh serve` and `santinh work`.

use crate::{
    app::{App, Database},
    config::Config,
    platform::{clock::Clock, http},
    web::metrics,
};
use anyhow::Context;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Serve the demo province: invented firms, goods and orders; sign-ins and mails on pages /demo and /demo/thu.
    #[arg(long, env = "SANTINH_DEMO")]
    demo: bool,
}

/// Cancelled by Ctrl-C or SIGTERM.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let cancel = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
        tracing::info!("stopping");
        cancel.cancel();
    });
    Ok(stop)
}

pub(super) async fn serve(mut config: Config, arguments: Arguments) -> anyhow::Result<()> {
    config.site.demo |= arguments.demo;
    let stop = stop_signal()?;
    let listen = config.site.listen;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}"))?;
    let database = Database::ready(&config).await?;
    let app = App::build(config, database.options.clone(), Clock::default()).await?;
    if app.config.site.demo {
        super::demo::run(&app).await?;
    }
    let worker = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { app.work(stop).await }
    });
    let follower = tokio::spawn({
        let (search, clock, stop) = (app.search.clone(), app.clock.clone(), stop.clone());
        async move { search.follow(clock, stop).await }
    });
    let collector = tokio::spawn({
        let (collected, stop) = (metrics::collect()?, stop.clone());
        async move {
            while tokio::time::timeout(metrics::UPKEEP, stop.cancelled()).await.is_err() {
                collected.run_upkeep();
            }
        }
    });
    tracing::info!("serving {} on http://{}", app.config.site.name, listener.local_addr()?);
    http::serve(listener, app.router(), stop).await;
    follower.await?;
    collector.await?;
    finish(app, worker, database).await
}

pub(super) async fn work(config: Config) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let database = Database::ready(&config).await?;
    let app = App::build(config, database.options.clone(), Clock::default()).await?;
    let worker = tokio::spawn({
        let app = app.clone();
        async move { app.work(stop).await }
    });
    tracing::info!("working");
    finish(app, worker, database).await
}

/// The job in hand ends, connections close, the private cluster stops.
async fn finish(
    app: App,
    worker: tokio::task::JoinHandle<anyhow::Result<()>>,
    database: Database,
) -> anyhow::Result<()> {
    worker.await??;
    // Connections that a cut-off request still holds must not keep us.
    let _ = tokio::time::timeout(Duration::from_secs(5), app.db.close()).await;
    database.close().await
}
