//! `santinh import …`: tables from elsewhere into an installation.

use crate::{
    app::App,
    catalogue::{self, ImportOptions},
    delivery, enterprises,
    kernel::Cx,
    places,
    platform::{
        import::{Mapping, Outcome},
        spreadsheet::Table,
    },
};
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::Duration,
};

/// Which table.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Đơn vị hành chính: provinces, communes, old units, or the crossing from old to new.
    ///
    /// The columns tell which of the four it is; they are those of data/units/*.csv (see data/README.md).
    Units(File),
    /// Cây ngành hàng: the whole category tree, parents before children; columns of data/categories.csv.
    Categories(File),
    /// Địa danh theo mã của hãng vận chuyển: columns carrier, commune_code, district, ward.
    CarrierPlaces(File),
    /// Ngành kinh tế Việt Nam (VSIC); columns of data/vsic.csv.
    Vsic(File),
    /// Danh bạ doanh nghiệp: the province's register, the denominator of all shares.
    ///
    /// Needs a tax code and a name; understands kind, legal_form, address, commune_code, vsic, employees,
    /// revenue, capital, active_from, active_to, status, in Vietnamese too ("mã số thuế", "tên doanh nghiệp").
    Enterprises {
        #[command(flatten)]
        file: File,
        /// Where the list comes from, kept with each row (default: the file's name).
        #[arg(long)]
        source: Option<String>,
    },
    /// Sản phẩm: goods into one shop. Needs product_id (becomes the SKU), name and price; understands
    /// category, brand, unit, stock, description and others.
    Products {
        #[command(flatten)]
        file: File,
        /// The shop: the last part of its address /gian-hang/<slug>.
        #[arg(long)]
        seller: String,
        /// On hand where the file does not say.
        #[arg(long, default_value_t = 100)]
        stock: i64,
    },
    /// Chứng thư số của các tổ chức chứng thực (PEM, DER), danh sách thu hồi (CRL), hoặc bảng liệt kê (CSV).
    Trust(super::trust::Arguments),
}

#[derive(clap::Args)]
pub(super) struct File {
    /// The table: .csv or .xlsx.
    file: PathBuf,
    /// Which of the file's columns carries which field: lines `our_field = "Their column"` (.toml),
    /// or a two-column .csv with the header field,column. Only needed where names differ.
    #[arg(long, value_name = "MAP")]
    mapping: Option<PathBuf>,
    /// Where refused rows are written (default: beside the file, with the ending .loi.csv).
    #[arg(long, value_name = "CSV")]
    errors: Option<PathBuf>,
}

impl File {
    fn mapping(&self) -> anyhow::Result<Mapping> {
        self.mapping.as_deref().map_or_else(|| Ok(Mapping::default()), Mapping::read)
    }

    fn table(&self) -> anyhow::Result<Table> {
        Table::open(&self.file)
    }

    fn errors(&self) -> PathBuf {
        self.errors.clone().unwrap_or_else(|| self.file.with_extension("loi.csv"))
    }
}

pub(super) async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let cx = Cx::at(app.clock.now());
    let started = app.clock.now();
    let (file, outcome) = match command {
        Command::Units(file) => {
            let done = places::import_units(&app.db, file.table()?, &file.mapping()?).await?;
            (file, done)
        }
        Command::Categories(file) => {
            let done =
                catalogue::import_categories(&app.db, file.table()?, &file.mapping()?).await?;
            (file, done)
        }
        Command::CarrierPlaces(file) => {
            let (table, map) = (file.table()?, file.mapping()?);
            let done = delivery::import::carrier_places(&app.db, &app.places, table, &map).await?;
            (file, done)
        }
        Command::Vsic(file) => {
            let done = enterprises::import_vsic(&app.db, file.table()?, &file.mapping()?).await?;
            (file, done)
        }
        Command::Enterprises { file, source } => {
            let done = register(app, &cx, &file, source).await?;
            (file, done)
        }
        Command::Trust(arguments) => return super::trust::run(app, &cx, &arguments).await,
        Command::Products { file, seller, stock } => {
            let done = products(app, &cx, &file, &seller, stock).await?;
            (file, done)
        }
    };
    let seconds = (app.clock.now() - started).as_seconds_f64();
    report(&file, &outcome, seconds)
}

async fn register(
    app: &App,
    cx: &Cx,
    file: &File,
    source: Option<String>,
) -> anyhow::Result<Outcome> {
    let table = file.table()?;
    let mapping = enterprises::import::Mapping::of(&table.header, &file.mapping()?.pairs())
        .map_err(|reason| anyhow::anyhow!(reason))?;
    let name = file.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = source.unwrap_or(name);
    let progress = Progress::over(file)?;
    let done = enterprises::import::import_register(&app.db, cx, &source, table, &mapping, |n| {
        progress.at(n as u64);
    })
    .await?;
    progress.end();
    // The register names a refused row by its line; the error file shows the row as it came.
    let mut outcome = Outcome {
        read: done.read as u64,
        inserted: done.inserted as u64,
        updated: done.updated as u64,
        unchanged: done.unchanged as u64,
        refused: Vec::new(),
    };
    let mut refused = done.refused.into_iter().peekable();
    for (line, cells) in (2..).zip(file.table()?) {
        while let Some(one) = refused.next_if(|one| one.line == line) {
            let cells = cells.as_deref().unwrap_or_default();
            outcome.refuse(line as u64, &one.column, one.reason, cells);
        }
    }
    Ok(outcome)
}

async fn products(
    app: &App,
    cx: &Cx,
    file: &File,
    slug: &str,
    stock: i64,
) -> anyhow::Result<Outcome> {
    let seller = enterprises::by_slug(&mut *app.db.acquire().await?, slug)
        .await?
        .with_context(|| format!("không có gian hàng “{slug}” (xem địa chỉ /gian-hang/…)"))?;
    let options = ImportOptions { stock, ..ImportOptions::of(seller) };
    let progress = Progress::over(file)?;
    let outcome = catalogue::import_products(
        &app.db,
        cx,
        &app.categories,
        file.table()?,
        &file.mapping()?,
        &options,
        |n| progress.at(n),
    )
    .await?;
    progress.end();
    Ok(outcome)
}

/// A bar on a terminal, a line now and then elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
}

/// Rows between two lines of a log.
const EVERY: u64 = 10_000;

impl Progress {
    /// Counts the rows first, so that the bar knows its end.
    fn over(file: &File) -> anyhow::Result<Self> {
        let total = file.table()?.count() as u64;
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(
                "{bar:40} {human_pos}/{human_len} dòng, {per_sec}, còn {eta}",
            );
            let bar = ProgressBar::new(total);
            bar.enable_steady_tick(Duration::from_millis(250));
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Ok(Self { bar, total })
    }

    fn at(&self, rows: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(rows),
            None if rows.is_multiple_of(EVERY) => eprintln!("{rows}/{} dòng", self.total),
            None => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Says what was done and writes the refused rows down.
fn report(file: &File, outcome: &Outcome, seconds: f64) -> anyhow::Result<()> {
    println!(
        "{}: đọc {} dòng – thêm {}, cập nhật {}, không đổi {}, từ chối {} ({seconds:.1} giây)",
        file.file.display(),
        outcome.read,
        outcome.inserted,
        outcome.updated,
        outcome.unchanged,
        outcome.refused.len(),
    );
    if !outcome.refused.is_empty() {
        write_errors(&file.errors(), &file.table()?.header, outcome)?;
    }
    Ok(())
}

fn write_errors(path: &Path, header: &[String], outcome: &Outcome) -> anyhow::Result<()> {
    let csv = outcome.errors_csv(header)?;
    std::fs::write(path, csv).with_context(|| path.display().to_string())?;
    println!("Các dòng bị từ chối, cùng lý do: {}", path.display());
    Ok(())
}
