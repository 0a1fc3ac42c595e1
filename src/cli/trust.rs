//! `santinh import trust`: whose word on digital signatures the floor takes.

use crate::{
    app::App,
    kernel::{Cx, Day, parse_day},
    platform::{
        audit,
        trust::{self, Brought, Said},
    },
};
use anyhow::Context;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Certificates (PEM, DER), a list of revoked ones (CRL), or a table of such files (CSV; see data/trust/README.md).
    file: PathBuf,
    /// What the authority is called (default: as its certificate says).
    #[arg(long, default_value = "")]
    name: String,
    /// The authority's licence, or the decision to trust it.
    #[arg(long, default_value = "")]
    licence: String,
    /// Where the file was had from.
    #[arg(long, default_value = "")]
    source: String,
    /// The licence's first day, 2026-01-31.
    #[arg(long, default_value = "")]
    from: String,
    /// The licence's last day.
    #[arg(long, default_value = "")]
    until: String,
    /// For trying things out: only a demo takes its word, and says so.
    #[arg(long)]
    test: bool,
}

/// A row of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    file: String,
    name: String,
    licence: String,
    valid_from: String,
    valid_to: String,
    source: String,
}

fn day(typed: &str) -> anyhow::Result<Option<Day>> {
    match typed.trim() {
        "" => Ok(None),
        typed => Ok(Some(parse_day(typed).map_err(|text| anyhow::anyhow!("{text}"))?)),
    }
}

/// What a row says; its last day is a day of trust.
fn said(row: &Row, test: bool) -> anyhow::Result<Said> {
    Ok(Said {
        name: row.name.trim().to_owned(),
        licence: row.licence.trim().to_owned(),
        source: row.source.trim().to_owned(),
        from: day(&row.valid_from)?,
        until: day(&row.valid_to)?.and_then(|day| day.succ_opt()),
        test,
    })
}

pub(super) async fn run(app: &App, cx: &Cx, arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.test && !app.config.site.demo {
        anyhow::bail!("chứng thư thử chỉ dùng cho bản demo (SANTINH_DEMO=true)");
    }
    let mut sum = Brought::default();
    if arguments.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        let folder = arguments.file.parent().unwrap_or_else(|| Path::new("."));
        let mut table = csv::Reader::from_path(&arguments.file)?;
        for row in table.deserialize() {
            let row: Row = row?;
            let path = folder.join(&row.file);
            let brought = one(app, cx, &path, &said(&row, arguments.test)?).await?;
            sum.anchors += brought.anchors;
            sum.lists += brought.lists;
        }
    } else {
        let row = Row {
            name: arguments.name.clone(),
            licence: arguments.licence.clone(),
            valid_from: arguments.from.clone(),
            valid_to: arguments.until.clone(),
            source: arguments.source.clone(),
            file: String::new(),
        };
        sum = one(app, cx, &arguments.file, &said(&row, arguments.test)?).await?;
    }
    println!("{} chứng thư, {} danh sách thu hồi", sum.anchors, sum.lists);
    Ok(())
}

async fn one(app: &App, cx: &Cx, path: &Path, said: &Said) -> anyhow::Result<Brought> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| shown.clone())?;
    let mut tx = app.db.begin().await?;
    let brought = trust::bring(&mut tx, cx, &bytes, said).await.with_context(|| shown.clone())?;
    let detail = json!({
        "file": shown, "anchors": brought.anchors, "lists": brought.lists, "test": said.test,
        "by": "command line",
    });
    audit::record(&mut tx, cx, "platform.trust", "trust store", detail).await?;
    tx.commit().await?;
    Ok(brought)
}
