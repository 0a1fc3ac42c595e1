//! `santinh reindex`

use crate::{app::App, kernel::Cx, search};
use indicatif::{ProgressBar, ProgressStyle};

/// Computes every document again; every index, also that of a server that is running, takes them over.
pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{bar:40} {human_pos}/{human_len} products, {eta} left",
    )?);
    let cx = Cx::at(app.clock.now());
    let written = search::scan(&app.db, &cx, true, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    app.search.catch_up().await?;
    println!("{written} documents computed again");
    Ok(())
}
