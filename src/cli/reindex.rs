//! `santinh reindex`

use crate::{app::App, kernel::Cx, search};
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How long a running server may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(250);

/// Computes every document again, then has the index built anew beside the one in use: by the server that
/// runs, or here where none does.
pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    let style =
        ProgressStyle::with_template("{msg:12} {bar:40} {human_pos}/{human_len}, {eta} left")?;
    let bar = ProgressBar::new(0).with_style(style);
    bar.set_message("documents");
    let cx = Cx::at(app.clock.now());
    let written = search::scan(&app.db, &cx, false, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await?;
    bar.reset();
    bar.set_message("index");
    let told = |done: i64, all: i64| {
        bar.set_length(all.unsigned_abs());
        bar.set_position(done.unsigned_abs());
    };
    let asked = app.search.ask_for_rebuild(&cx).await?;
    let mut waited = Duration::ZERO;
    loop {
        tokio::time::sleep(LOOK).await;
        waited += LOOK;
        match app.search.rebuild_asked(asked).await? {
            Some(rebuild) if rebuild.finished_at.is_some() => {
                if let Some(error) = rebuild.error {
                    anyhow::bail!("the server could not build the index: {error}");
                }
                break;
            }
            Some(rebuild) if rebuild.began_at.is_some() => told(rebuild.done, rebuild.of),
            _ if waited >= PATIENCE && app.search.withdraw_rebuild(asked).await? => {
                app.search.rebuild(&told).await?;
                break;
            }
            _ => {}
        }
    }
    bar.finish_and_clear();
    println!("{written} documents were late; the index is new");
    Ok(())
}
