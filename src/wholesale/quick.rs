//! What people paste or upload to order quickly: codes, amounts, units. Pure.

use super::units::read_amount;
use crate::{kernel::fold, platform::spreadsheet::Table};

/// As many as a basket holds.
pub(super) const MOST_ROWS: usize = 100;

/// One row as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// SKU or GTIN.
    pub(super) code: String,
    /// Thousandths; `None`: no amount could be read.
    pub(super) amount: Option<i64>,
    /// Empty: pieces.
    pub(super) unit: String,
}

impl Asked {
    fn of(code: &str, amount: &str, unit: &str) -> Self {
        let cut = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        let amount = read_amount(amount).filter(|n| *n > 0);
        Self { code: cut(code, 80), amount, unit: cut(unit, 40) }
    }
}

/// Reads pasted lines: `KS-500 10`, `KS-500; 10; thùng`, or cells copied from a sheet.
pub(super) fn read_text(text: &str) -> Vec<Asked> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(MOST_ROWS + 1).map(read_line).collect()
}

fn read_line(line: &str) -> Asked {
    if line.contains(['\t', ';', '|']) {
        let mut cells = line.split(['\t', ';', '|']).map(str::trim);
        let mut next = || cells.next().unwrap_or_default();
        return Asked::of(next(), next(), next());
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    // The last word that is an amount; before it the code, behind it the unit.
    let at = words.iter().skip(1).rposition(|word| read_amount(word).is_some()).map(|at| at + 1);
    match at {
        Some(at) => {
            let code = words[..at].join(" ");
            Asked::of(code.trim_end_matches(','), words[at], &words[at + 1..].join(" "))
        }
        None => Asked::of(line, "", ""),
    }
}

/// Reads the rows of a table whose columns are named, or come as code, amount, unit.
pub(super) fn read_table(table: Table) -> anyhow::Result<Vec<Asked>> {
    let header = table.header.clone();
    let column = |names: &[&str]| header.iter().position(|h| names.contains(&fold(h).as_str()));
    let code = column(&["sku", "ma", "ma hang", "ma sku", "code", "gtin"]);
    let amount = column(&["so luong", "sl", "quantity", "qty"]).unwrap_or(1);
    let unit = column(&["don vi", "don vi tinh", "dvt", "unit"]).unwrap_or(2);
    let read = |cells: &[String]| {
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        Asked::of(cell(code.unwrap_or(0)), cell(amount), cell(unit))
    };
    // Without names the first line is one of the rows.
    let mut rows: Vec<Asked> = if code.is_none() { vec![read(&header)] } else { Vec::new() };
    for row in table {
        let asked = read(&row?);
        if !asked.code.is_empty() {
            rows.push(asked);
        }
        if rows.len() > MOST_ROWS {
            break;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(code: &str, amount: Option<i64>, unit: &str) -> Asked {
        Asked { code: code.into(), amount, unit: unit.into() }
    }

    #[test]
    fn lines_are_read_as_people_paste_them() {
        let text = "KS-500 10\nKS-500, 2 thùng\n\nNón lá\t1.200\nGAO;1,5;tấn\nTRA-1\nMUOI 5 kg";
        assert_eq!(
            read_text(text),
            [
                asked("KS-500", Some(10_000), ""),
                asked("KS-500", Some(2_000), "thùng"),
                asked("Nón lá", Some(1_200_000), ""),
                asked("GAO", Some(1_500), "tấn"),
                asked("TRA-1", None, ""),
                asked("MUOI", Some(5_000), "kg"),
            ]
        );
        assert_eq!(read_text(&"x 1\n".repeat(5_000)).len(), MOST_ROWS + 1);
    }

    #[test]
    fn tables_are_read_with_and_without_names() {
        let table =
            |text: &str| read_table(Table::upload(text.as_bytes().to_vec()).unwrap()).unwrap();
        let rows = [asked("KS-500", Some(10_000), "thùng"), asked("TRA", Some(2_000), "")];
        assert_eq!(table("Số lượng,Mã hàng,Đơn vị\n10,KS-500,thùng\n2,TRA,\n,,\n"), rows);
        assert_eq!(table("KS-500,10,thùng\nTRA,2,\n"), rows);
    }
}
