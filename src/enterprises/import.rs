//! `santinh import enterprises`: a table of the tax office or the business registry into the register.

use super::register::{Counts, RegisterRow, Sizer};
use crate::{
    kernel::{Cx, Day, TaxCode, day_of, fold, parse_day},
    platform::spreadsheet::Table,
};
use sqlx::PgPool;
use std::collections::HashMap;

/// Which column of a table carries which field.
#[derive(Debug, Clone, Default)]
pub struct Mapping(HashMap<&'static str, usize>);

/// Our fields, and the headers (folded) by which they are recognised.
const FIELDS: [(&str, &[&str]); 13] = [
    ("tax_code", &["tax_code", "mst", "ma so thue", "ma so doanh nghiep", "msdn"]),
    ("name", &["name", "ten", "ten doanh nghiep", "ten nguoi nop thue", "ten don vi"]),
    ("kind", &["kind", "loai", "loai chu the"]),
    ("legal_form", &["legal_form", "loai hinh", "loai hinh doanh nghiep"]),
    ("address", &["address", "dia chi", "dia chi tru so", "tru so chinh"]),
    ("commune_code", &["commune_code", "ma xa", "ma don vi hanh chinh"]),
    (
        "vsic",
        &["vsic", "vsic2018_main_and_all", "nganh", "ma nganh", "nganh nghe chinh", "nganh chinh"],
    ),
    ("employees", &["employees", "lao dong", "so lao dong"]),
    ("revenue", &["revenue", "revenue_vnd", "doanh thu"]),
    ("capital", &["capital", "capital_vnd", "von", "nguon von", "von dieu le"]),
    (
        "active_from",
        &["active_from", "start_date", "founded", "ngay hoat dong", "ngay thanh lap", "ngay cap"],
    ),
    ("active_to", &["active_to", "end_date", "ngay ngung", "ngay cham dut"]),
    ("status", &["status", "trang thai", "tinh trang"]),
];

impl Mapping {
    /// Recognises the columns of `header`; `given` names those that are called otherwise (field → header).
    ///
    /// # Errors
    /// A sentence for the technician: an unknown field, a column that is not there, no tax code or name.
    pub fn of(header: &[String], given: &[(String, String)]) -> Result<Self, String> {
        let folded: Vec<String> = header.iter().map(|h| fold(h)).collect();
        let at = |name: &str| folded.iter().position(|h| *h == fold(name));
        let mut found = HashMap::new();
        for (field, names) in FIELDS {
            if let Some(column) = names.iter().find_map(|name| at(name)) {
                found.insert(field, column);
            }
        }
        for (field, name) in given {
            let Some((field, _)) = FIELDS.iter().find(|(f, _)| f == field) else {
                let known: Vec<_> = FIELDS.iter().map(|(f, _)| *f).collect();
                return Err(format!(
                    "Không có trường “{field}”. Các trường: {}.",
                    known.join(", ")
                ));
            };
            let column = at(name).ok_or_else(|| format!("Bảng không có cột “{name}”."))?;
            found.insert(field, column);
        }
        for (field, words) in [("tax_code", "mã số thuế"), ("name", "tên")] {
            if !found.contains_key(field) {
                return Err(format!("Bảng thiếu cột {words} ({field})."));
            }
        }
        Ok(Self(found))
    }

    fn cell<'a>(&self, row: &'a [String], field: &str) -> &'a str {
        self.0.get(field).and_then(|at| row.get(*at)).map_or("", String::as_str)
    }

    /// The header of a field, for telling where an error is.
    fn column<'a>(&self, header: &'a [String], field: &'a str) -> &'a str {
        self.0.get(field).and_then(|at| header.get(*at)).map_or(field, String::as_str)
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// In the file; the header is line 1.
    pub line: usize,
    pub column: String,
    /// In Vietnamese, for the technician.
    pub reason: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub read: usize,
    pub inserted: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub refused: Vec<Refused>,
}

impl Outcome {
    fn add(&mut self, done: Counts) {
        self.inserted += done.inserted;
        self.updated += done.updated;
        self.unchanged += done.unchanged;
    }
}

const BATCH: usize = 1000;

/// Reads a table into the register, batch by batch: good rows stay whatever the others are.
/// `on_progress` hears how many rows have been read.
///
/// # Errors
/// Whatever the database says. A row that cannot be read is refused, not an error.
pub async fn import_register(
    db: &PgPool,
    cx: &Cx,
    source: &str,
    table: Table,
    mapping: &Mapping,
    mut on_progress: impl FnMut(usize),
) -> anyhow::Result<Outcome> {
    let sizer = Sizer::load(&mut *db.acquire().await?, cx).await?;
    let header = table.header.clone();
    let mut done = Outcome::default();
    let mut batch = Vec::with_capacity(BATCH);
    for row in table {
        done.read += 1;
        let line = done.read + 1;
        let read = match row {
            Ok(cells) => read(&cells, mapping, day_of(cx.now)),
            Err(error) => Err(("", format!("Không đọc được dòng này: {error}."))),
        };
        match read {
            Ok(row) => batch.push(row),
            Err((field, reason)) => {
                let column = mapping.column(&header, field).to_owned();
                done.refused.push(Refused { line, column, reason });
            }
        }
        if batch.len() == BATCH {
            done.add(write(db, cx, &sizer, source, &batch).await?);
            batch.clear();
            on_progress(done.read);
        }
    }
    done.add(write(db, cx, &sizer, source, &batch).await?);
    on_progress(done.read);
    Ok(done)
}

async fn write(
    db: &PgPool,
    cx: &Cx,
    sizer: &Sizer,
    source: &str,
    rows: &[RegisterRow],
) -> anyhow::Result<Counts> {
    let mut tx = db.begin().await?;
    let counts = sizer.write(&mut tx, cx, source, rows).await?;
    tx.commit().await?;
    Ok(counts)
}

/// One row, or the field that is wrong and why.
fn read(
    cells: &[String],
    mapping: &Mapping,
    today: Day,
) -> Result<RegisterRow, (&'static str, String)> {
    let cell = |field| mapping.cell(cells, field);
    let tax_code = TaxCode::parse(cell("tax_code")).map_err(|t| ("tax_code", t.to_string()))?;
    let name = cell("name");
    if name.is_empty() || name.chars().count() > 500 {
        return Err(("name", "Tên để trống hoặc dài quá 500 ký tự.".into()));
    }
    let commune = cell("commune_code");
    if !commune.is_empty() && (commune.len() != 5 || !commune.bytes().all(|b| b.is_ascii_digit())) {
        return Err(("commune_code", "Mã xã phải có 5 chữ số.".into()));
    }
    let day = |field: &'static str| match cell(field) {
        "" => Ok(None),
        text => parse_day(text.split([' ', 'T']).next().unwrap_or_default())
            .map(Some)
            .map_err(|t| (field, t.to_string())),
    };
    let (active_from, mut active_to) = (day("active_from")?, day("active_to")?);
    if active_to.is_none() && is_ended(cell("status")) {
        active_to = Some(today);
    }
    if let (Some(from), Some(to)) = (active_from, active_to)
        && to < from
    {
        return Err(("active_to", "Ngày ngừng hoạt động trước ngày bắt đầu.".into()));
    }
    let (main, _) = cell("vsic").split_once('|').unwrap_or((cell("vsic"), ""));
    let employees = number(cell("employees")).map_err(|r| ("employees", r))?;
    Ok(RegisterRow {
        kind: kind(cell("kind"), &format!("{} {name}", cell("legal_form"))),
        name: name.to_owned(),
        commune_code: Some(commune).filter(|c| !c.is_empty()).map(str::to_owned),
        address: cell("address").chars().take(500).collect(),
        vsic: main.to_owned(),
        employees: employees
            .map(i32::try_from)
            .transpose()
            .map_err(|_| ("employees", TOO_BIG.to_owned()))?,
        revenue: number(cell("revenue")).map_err(|r| ("revenue", r))?,
        capital: number(cell("capital")).map_err(|r| ("capital", r))?,
        active_from,
        active_to,
        tax_code,
    })
}

const TOO_BIG: &str = "Số quá lớn.";

/// A whole number that is not negative; dots, commas and blanks between thousands are understood.
fn number(cell: &str) -> Result<Option<i64>, String> {
    let plain: String =
        cell.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}' | '₫')).collect();
    if plain.is_empty() {
        return Ok(None);
    }
    if !plain.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "“{}” không phải số nguyên không âm.",
            cell.chars().take(40).collect::<String>()
        ));
    }
    plain.parse().map(Some).map_err(|_| TOO_BIG.to_owned())
}

/// Whether a status of the tax office means that the firm no longer does business.
fn is_ended(status: &str) -> bool {
    let status = fold(status);
    ["ngung hoat dong", "cham dut", "giai the", "pha san", "khong hoat dong", "tam nghi", "thu hoi"]
        .iter()
        .any(|words| status.contains(words))
}

/// The kind as given, or as the legal form and the name tell.
fn kind(given: &str, words: &str) -> &'static str {
    let (given, words) = (fold(given), fold(words));
    let says = |all: &[&str]| all.iter().any(|w| given == *w || words.contains(w));
    if says(&["household", "ho kinh doanh"]) {
        "household"
    } else if says(&["cooperative", "hop tac xa", "quy tin dung nhan dan"]) {
        "cooperative"
    } else if words.contains("cong ty") || given == "enterprise" || words.contains("doanh nghiep") {
        "enterprise"
    } else if says(&[
        "organisation",
        "uy ban nhan dan",
        "truong ",
        "benh vien",
        "ban quan ly",
        "hoi ",
        "trung tam y te",
    ]) {
        "organisation"
    } else {
        "enterprise"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(header: &[&str], cells: &[&str]) -> Result<RegisterRow, (&'static str, String)> {
        let own = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let mapping = Mapping::of(&own(header), &[]).unwrap();
        read(&own(cells), &mapping, parse_day("22/11/2026").unwrap())
    }

    #[test]
    fn the_tax_offices_columns_are_recognised() {
        let header =
            ["tax_code", "name", "address", "start_date", "status", "vsic2018_main_and_all"];
        let good = row(
            &header,
            &["0101197803-005", "Hộ kinh doanh A", "", "2024-08-29", "", "9610|9610 4772"],
        );
        let good = good.unwrap();
        assert_eq!(
            (good.kind, good.vsic.as_str(), good.tax_code.is_branch()),
            ("household", "9610", true)
        );
        let ended = row(
            &header,
            &["0101197803", "Công ty B", "", "", "Không hoạt động tại địa chỉ đã đăng ký", ""],
        );
        assert_eq!(ended.unwrap().active_to, parse_day("22/11/2026").ok());
        assert_eq!(row(&header, &["0101197804", "X", "", "", "", ""]).unwrap_err().0, "tax_code");
        assert_eq!(row(&header, &["0101197803", "", "", "", "", ""]).unwrap_err().0, "name");
        assert_eq!(
            row(&header, &["0101197803", "X", "", "32/1/2026", "", ""]).unwrap_err().0,
            "active_from"
        );
    }

    #[test]
    fn numbers_are_whole_and_bounded() {
        assert_eq!(number("1.250.000 ₫"), Ok(Some(1_250_000)));
        assert_eq!(number(""), Ok(None));
        for bad in ["-5", "99999999999999999999", "mười", "1e9"] {
            assert!(number(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn columns_may_be_named() {
        let header = ["Code".to_owned(), "Company".to_owned()];
        let named = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> =
                pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            Mapping::of(&header, &pairs)
        };
        assert!(named(&[("tax_code", "code"), ("name", "Company")]).is_ok());
        assert!(named(&[("tax_code", "code")]).unwrap_err().contains("tên"));
        assert!(named(&[("colour", "code")]).unwrap_err().contains("colour"));
        assert!(named(&[("name", "Nope")]).unwrap_err().contains("Nope"));
    }
}
