//! Tables in and out: CSV and XLSX, with cells that cannot act in the program that opens them.

use anyhow::{Context, Result, bail};
use calamine::{Data, Reader, Xlsx};
use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
    path::Path,
};

/// The rows of a table with a header, one at a time.
pub struct Table {
    /// The names of the columns, trimmed.
    pub header: Vec<String>,
    rows: Box<dyn Iterator<Item = Result<Vec<String>>> + Send>,
}

impl Iterator for Table {
    type Item = Result<Vec<String>>;
    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

impl Table {
    /// Opens a `.csv` or `.xlsx` file. CSV is streamed; a sheet is read whole.
    ///
    /// # Errors
    /// A file that cannot be read or has no header.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv" | "txt") => Self::csv(BufReader::new(file)),
            Some("xlsx") => Self::xlsx(BufReader::new(file)),
            _ => bail!("{}: only .csv and .xlsx are read", path.display()),
        }
    }

    /// Reads an upload: XLSX when it begins as a ZIP does, CSV otherwise.
    ///
    /// # Errors
    /// Contents that are neither, or no header.
    pub fn upload(bytes: Vec<u8>) -> Result<Self> {
        if bytes.starts_with(b"PK") {
            Self::xlsx(Cursor::new(bytes))
        } else {
            Self::csv(Cursor::new(bytes))
        }
    }

    fn csv(mut source: impl Read + Seek + Send + 'static) -> Result<Self> {
        // Excel writes a byte-order mark, and semicolons where the comma is the decimal sign.
        let mut head = Vec::new();
        source.by_ref().take(64 << 10).read_to_end(&mut head)?;
        let bom = u64::from(head.starts_with(b"\xef\xbb\xbf")) * 3;
        source.seek(std::io::SeekFrom::Start(bom))?;
        let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| first.iter().filter(|b| **b == wanted).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|d| (count(*d), u8::MAX - d))
            .unwrap_or(b',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(source);
        let header: Vec<String> = reader.byte_headers()?.iter().map(clean_bytes).collect();
        if header.iter().all(String::is_empty) {
            bail!("the table has no header");
        }
        let rows = reader
            .into_byte_records()
            .map(|row| Ok(row?.iter().map(clean_bytes).collect::<Vec<String>>()));
        Ok(Self { header, rows: Box::new(rows) })
    }

    fn xlsx(source: impl Read + Seek + Send + 'static) -> Result<Self> {
        let mut book: Xlsx<_> = Xlsx::new(source)?;
        let sheet = book.worksheet_range_at(0).context("the workbook has no sheet")??;
        let mut rows: Vec<Vec<String>> =
            sheet.rows().map(|row| row.iter().map(cell).collect()).collect();
        if rows.is_empty() {
            bail!("the table has no header");
        }
        let header = rows.remove(0);
        Ok(Self { header, rows: Box::new(rows.into_iter().map(Ok)) })
    }
}

fn clean_bytes(bytes: &[u8]) -> String {
    clean(&String::from_utf8_lossy(bytes))
}

/// Trimmed, in NFC, and without control characters, which PostgreSQL or a reader would stumble over.
fn clean(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text: String = kept.trim().nfc().collect();
    // An export's guard against formulas, taken off again on the way back in.
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text,
    }
}

fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::DateTime(at) => at.as_datetime().map(|d| d.date().to_string()).unwrap_or_default(),
        other => clean(&other.to_string()),
    }
}

/// A cell that no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`.
#[must_use]
pub fn safe_cell(text: &str) -> String {
    let acts = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if acts { format!("'{text}") } else { text.to_owned() }
}

/// CSV with a byte-order mark, so that Excel reads its Vietnamese.
///
/// # Errors
/// Never in memory, but the writer says so.
pub fn to_csv<R: AsRef<[String]>>(header: &[&str], rows: &[R]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|text| safe_cell(text)))?;
    }
    Ok(writer.into_inner()?)
}

/// More rows of such a file, without mark and header.
///
/// # Errors
/// Never in memory, but the writer says so.
pub fn more_csv<R: AsRef<[String]>>(rows: &[R]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|text| safe_cell(text)))?;
    }
    Ok(writer.into_inner()?)
}

/// One sheet with a bold header; whole numbers stay numbers.
///
/// # Errors
/// A table beyond a sheet's limits.
pub fn to_xlsx<R: AsRef<[String]>>(header: &[&str], rows: &[R]) -> Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for (column, name) in header.iter().enumerate() {
        sheet.write_string_with_format(0, u16::try_from(column)?, *name, &bold)?;
    }
    for (line, row) in rows.iter().enumerate() {
        let line = u32::try_from(line + 1)?;
        for (column, text) in row.as_ref().iter().enumerate() {
            let column = u16::try_from(column)?;
            // Codes keep their leading zeros: only short plain numbers are numbers.
            let digits = text.strip_prefix('-').unwrap_or(text);
            let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
            let number = text.parse::<f64>().ok().filter(|_| plain && text.len() < 13);
            match number {
                Some(number) => sheet.write_number(line, column, number)?,
                None => sheet.write_string(line, column, text)?,
            };
        }
    }
    sheet.autofit();
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_back_and_formulas_do_not_act() {
        let rows = [
            ["KS-500".to_owned(), "=HYPERLINK(1)".into(), "85000".into()],
            ["0012".into(), "Tiêu".into(), "-5".into()],
        ];
        for bytes in [
            to_csv(&["sku", "name", "price"], &rows).unwrap(),
            to_xlsx(&["sku", "name", "price"], &rows).unwrap(),
        ] {
            let table = Table::upload(bytes).unwrap();
            assert_eq!(table.header, ["sku", "name", "price"]);
            let back: Vec<Vec<String>> = table.map(Result::unwrap).collect();
            assert_eq!(back, rows);
        }
        assert_eq!(safe_cell("=1+1"), "'=1+1");
        assert_eq!(safe_cell("-5"), "-5");
    }

    #[test]
    fn semicolons_and_broken_bytes_are_read() {
        let table = Table::upload(b"\xef\xbb\xbfsku; ten \nA\x00B;caf\xff\n".to_vec()).unwrap();
        assert_eq!(table.header, ["sku", "ten"]);
        let rows: Vec<_> = table.map(Result::unwrap).collect();
        assert_eq!(rows, [["AB".to_owned(), "caf\u{fffd}".to_owned()]]);
    }
}
