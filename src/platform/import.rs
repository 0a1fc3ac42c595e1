//! Tables that come in from outside: which column carries what, what was done, what was refused and why.

use super::spreadsheet::{self, Table};
use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use std::{collections::HashMap, path::Path};

/// One row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Line of the table; the header is line 1.
    pub line: u64,
    /// The column at fault, as the file names it; empty when it is the whole row.
    pub column: String,
    /// What is wrong, in Vietnamese.
    pub reason: String,
    /// The row as it came.
    pub row: Vec<String>,
}

/// What an import did. The good rows stay, whatever is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub read: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: Vec<Refused>,
}

impl Outcome {
    /// Notes a row that is not taken.
    pub fn refuse(&mut self, line: u64, column: &str, reason: impl Into<String>, row: &[String]) {
        self.refused.push(Refused {
            line,
            column: column.to_owned(),
            reason: reason.into(),
            row: row.to_vec(),
        });
    }

    /// The refused rows as a CSV file: line, column and reason, then the row as it came.
    ///
    /// # Errors
    /// Never in memory, but the writer says so.
    pub fn errors_csv(&self, header: &[String]) -> Result<Vec<u8>> {
        let names: Vec<&str> =
            ["dong", "cot", "ly_do"].into_iter().chain(header.iter().map(String::as_str)).collect();
        let rows: Vec<Vec<String>> = self
            .refused
            .iter()
            .map(|refused| {
                let mut row =
                    vec![refused.line.to_string(), refused.column.clone(), refused.reason.clone()];
                row.extend(refused.row.iter().cloned());
                row.resize(names.len(), String::new());
                row
            })
            .collect();
        spreadsheet::to_csv(&names, &rows)
    }
}

/// Which column of a file carries which field: lines `field = column` of a TOML file, or
/// `field,column` lines of a small CSV file with a header.
#[derive(Debug, Clone, Default)]
pub struct Mapping(HashMap<String, String>);

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// A file that cannot be read or has a line without a column.
    pub fn read(path: &Path) -> Result<Self> {
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            return Self::lines(&text).with_context(|| path.display().to_string());
        }
        let table = spreadsheet::Table::open(path)?;
        let mut found = HashMap::new();
        for (at, row) in table.enumerate() {
            let row = row?;
            let [field, column, ..] = row.as_slice() else {
                bail!("{}, dòng {}: cần hai cột field,column", path.display(), at + 2);
            };
            found.insert(field.clone(), column.clone());
        }
        Ok(Self(found))
    }

    /// Lines `field = column`; quotes may stand around the column, `#` begins a comment.
    fn lines(text: &str) -> Result<Self> {
        let mut found = HashMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || line.starts_with(['#', '[']) {
                continue;
            }
            let Some((field, column)) = line.split_once('=') else {
                bail!("dòng {}: cần dạng trường = \"cột\"", at + 1);
            };
            let column = column.trim();
            let quoted = column.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            let column = match quoted {
                Some((inside, _)) => inside,
                None => column.split('#').next().unwrap_or_default().trim(),
            };
            found.insert(field.trim().trim_matches('"').to_owned(), column.to_owned());
        }
        Ok(Self(found))
    }

    /// The pairs of field and column.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(field, column)| (field.clone(), column.clone())).collect()
    }

    /// A mapping made in code.
    #[must_use]
    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.into_iter().map(|(f, c)| (f.to_owned(), c.to_owned())).collect())
    }
}

/// Where each field stands in a row of one file.
#[derive(Debug, Clone)]
pub struct Columns {
    places: HashMap<&'static str, usize>,
    names: HashMap<&'static str, String>,
}

impl Columns {
    /// Finds the columns of `fields` in `header`: by the mapping, else by the first of the field's usual
    /// names that is there (compared without case, marks and blanks).
    ///
    /// # Errors
    /// A column that the mapping names and the file does not have.
    pub fn of(
        header: &[String],
        mapping: &Mapping,
        fields: &[(&'static str, &[&str])],
    ) -> Result<Self> {
        let plain = |name: &str| crate::kernel::words(name).join("_");
        let place = |name: &str| header.iter().position(|h| plain(h) == plain(name));
        let mut columns = Self { places: HashMap::new(), names: HashMap::new() };
        for (field, usual) in fields {
            let found = match mapping.0.get(*field) {
                Some(name) => Some(place(name).with_context(|| {
                    format!("tệp không có cột “{name}” mà bảng ghép cột nêu cho “{field}”")
                })?),
                None => std::iter::once(field).chain(*usual).find_map(|name| place(name)),
            };
            if let Some(at) = found {
                columns.places.insert(*field, at);
                columns.names.insert(*field, header[at].clone());
            }
        }
        Ok(columns)
    }

    /// Whether the file has a column for `field`.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.places.contains_key(field)
    }

    /// The cell of `field`; empty when the column or the cell is not there.
    #[must_use]
    pub fn get<'r>(&self, row: &'r [String], field: &str) -> &'r str {
        self.places.get(field).and_then(|at| row.get(*at)).map_or("", String::as_str)
    }

    /// What the file calls `field`.
    #[must_use]
    pub fn name<'s>(&'s self, field: &'s str) -> &'s str {
        self.names.get(field).map_or(field, String::as_str)
    }
}

/// A row that was read: its line, its cells, and what they mean.
pub type Line<T> = (u64, Vec<String>, T);

/// Reads the rows of a table whose `fields` make up a `T`; the first field is the key and cannot be
/// empty. What does not fit is refused with its column.
///
/// # Errors
/// A table that cannot be read, or one without the key's column.
pub fn rows<T: DeserializeOwned>(
    table: Table,
    mapping: &Mapping,
    fields: &[&'static str],
    outcome: &mut Outcome,
) -> Result<Vec<Line<T>>> {
    let known: Vec<(&'static str, &[&str])> = fields.iter().map(|f| (*f, &[][..])).collect();
    let columns = Columns::of(&table.header, mapping, &known)?;
    let key = fields.first().copied().unwrap_or_default();
    anyhow::ensure!(columns.has(key), "tệp thiếu cột “{key}”");
    let header = csv::StringRecord::from(fields.to_vec());
    let mut found = Vec::new();
    for (at, cells) in table.enumerate() {
        let line = at as u64 + 2;
        outcome.read += 1;
        let cells = cells?;
        if columns.get(&cells, key).is_empty() {
            outcome.refuse(line, columns.name(key), "để trống mã", &cells);
            continue;
        }
        let record: csv::StringRecord = fields.iter().map(|f| columns.get(&cells, f)).collect();
        match record.deserialize(Some(&header)) {
            Ok(row) => found.push((line, cells, row)),
            Err(error) => {
                let at = match error.kind() {
                    csv::ErrorKind::Deserialize { err, .. } => err.field(),
                    _ => None,
                };
                let field = at.and_then(|at| fields.get(usize::try_from(at).ok()?));
                let column = field.map_or("", |field| columns.name(field));
                outcome.refuse(line, column, "giá trị không đúng dạng của cột này", &cells);
            }
        }
    }
    Ok(found)
}

impl Outcome {
    /// Notes what writing `taken` rows did, by the digests of the table's rows before and after.
    pub fn compare(&mut self, before: &[String], after: &[String], taken: u64) {
        let old: std::collections::HashSet<&String> = before.iter().collect();
        let changed = after.iter().filter(|digest| !old.contains(digest)).count() as u64;
        let inserted = (after.len() as u64).saturating_sub(before.len() as u64).min(changed);
        self.inserted += inserted;
        self.updated += changed - inserted;
        self.unchanged += taken.saturating_sub(changed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_lines_of_toml() {
        let text = "# ghép cột\nsku = \"Mã # hàng\" # của họ\n\nprice = Giá bán\n";
        let mapping = Mapping::lines(text).unwrap();
        assert_eq!(mapping.0["sku"], "Mã # hàng");
        assert_eq!(mapping.0["price"], "Giá bán");
        assert!(Mapping::lines("sku").is_err());
    }

    #[test]
    fn rows_are_read_by_field_and_the_wrong_ones_refused() {
        #[derive(serde::Deserialize)]
        struct Row {
            code: String,
            level: i32,
        }
        let table = Table::upload("level,Mã\n1,A\nx,B\n2,\n".into()).unwrap();
        let mut outcome = Outcome::default();
        let mapping = Mapping::of([("code", "Mã")]);
        let found = rows::<Row>(table, &mapping, &["code", "level"], &mut outcome).unwrap();
        assert_eq!((found[0].2.code.as_str(), found[0].2.level, found.len()), ("A", 1, 1));
        let refused: Vec<_> = outcome.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
        assert_eq!(refused, [(3, "level"), (4, "Mã")]);
    }

    #[test]
    fn columns_are_found_by_mapping_and_by_usual_names() {
        let header: Vec<String> = ["Mã hàng", "GIÁ BÁN", "x"].map(str::to_owned).into();
        let fields: &[(&'static str, &[&str])] =
            &[("sku", &["ma hang"]), ("price", &["gia_ban"]), ("name", &["ten"])];
        let columns = Columns::of(&header, &Mapping::of([("name", "x")]), fields).unwrap();
        let row = ["A1".to_owned(), "5".into(), "Tiêu".into()];
        assert_eq!(
            [columns.get(&row, "sku"), columns.get(&row, "price"), columns.get(&row, "name")],
            ["A1", "5", "Tiêu"]
        );
        assert!(Columns::of(&header, &Mapping::of([("name", "y")]), fields).is_err());
    }

    #[test]
    fn the_error_file_says_line_column_and_reason() {
        let mut outcome = Outcome::default();
        outcome.refuse(7, "price", "thiếu giá", &["A1".into(), String::new()]);
        let csv = outcome.errors_csv(&["sku".into(), "price".into()]).unwrap();
        let text = String::from_utf8(csv).unwrap();
        assert!(text.contains("7,price,thiếu giá,A1,"), "{text}");
    }
}
