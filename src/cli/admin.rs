//! `santinh admin …`

use crate::{app::App, platform::audit};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Recompute the audit chain and say whether every row is whole.
    VerifyAudit,
}

pub(super) async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    match command {
        Command::VerifyAudit => match audit::verify(&mut *app.db.acquire().await?).await? {
            Ok(rows) => println!("{rows} rows, all whole"),
            Err(seq) => anyhow::bail!("the chain is broken at row {seq}"),
        },
    }
    Ok(())
}
