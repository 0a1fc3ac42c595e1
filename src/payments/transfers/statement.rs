//! A bank's statement as lines: which column means what, and what amounts and dates look like. Pure.

use super::line::{Direction, Line};
use crate::kernel::{Text, Vnd, fold, vn};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Which column means what; `None`: the statement has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Columns {
    pub at: Option<usize>,
    pub content: Option<usize>,
    /// Money in; with a sign, where there is no column of money out.
    pub credit: Option<usize>,
    pub debit: Option<usize>,
    pub reference: Option<usize>,
}

/// Folded words by which banks name a column; the first that fits wins.
const AT: [&str; 6] =
    ["ngay giao dich", "thoi gian", "ngay gd", "transaction date", "ngay", "date"];
const CONTENT: [&str; 6] = ["noi dung", "dien giai", "mo ta", "description", "remark", "content"];
const CREDIT: [&str; 7] =
    ["ghi co", "phat sinh co", "so tien vao", "tien vao", "credit", "so tien", "amount"];
const DEBIT: [&str; 5] = ["ghi no", "phat sinh no", "so tien ra", "tien ra", "debit"];
const REFERENCE: [&str; 6] =
    ["tham chieu", "so but toan", "ma giao dich", "reference", "so ct", "so gd"];

impl Columns {
    /// What the names of the columns say.
    pub(super) fn guess(header: &[String]) -> Self {
        let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let find = |words: &[&str]| {
            words.iter().find_map(|word| folded.iter().position(|name| name.contains(word)))
        };
        let debit = find(&DEBIT);
        let credit = find(&CREDIT).filter(|c| Some(*c) != debit);
        Self { at: find(&AT), content: find(&CONTENT), credit, debit, reference: find(&REFERENCE) }
    }

    /// How many of the columns were recognised.
    fn known(&self) -> usize {
        [self.at, self.content, self.credit, self.debit, self.reference].iter().flatten().count()
    }

    /// Whether lines can be made of it.
    pub(super) fn is_enough(&self) -> bool {
        self.at.is_some() && self.content.is_some() && self.credit.is_some()
    }
}

/// Finds the row that names the columns: banks write their letterhead above it.
pub(super) fn header_row(rows: &[Vec<String>]) -> usize {
    let known = |row: &Vec<String>| Columns::guess(row).known();
    let best =
        rows.iter().take(30).enumerate().max_by_key(|(at, row)| (known(row), usize::MAX - at));
    best.filter(|(_, row)| known(row) >= 2).map_or(0, |(at, _)| at)
}

/// The form of a statement, by which a mapping is remembered.
pub(super) fn form(header: &[String]) -> String {
    header.iter().map(|name| fold(name)).collect::<Vec<_>>().join("|")
}

/// `1.250.000`, `1,250,000.00`, `+500000 VND`, `-20.000 đ`: whole đồng.
pub(in crate::payments) fn amount(text: &str) -> Option<i64> {
    let text = fold(text);
    let kept: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '('))
        .collect();
    let negative = kept.starts_with(['-', '(']);
    let body = kept.trim_start_matches(['-', '+', '(']);
    // Two or fewer digits after the last mark are hundredths, which đồng has none of.
    let (whole, rest) = match body.rfind(['.', ',']) {
        Some(at) if body.len() - at - 1 <= 2 => (&body[..at], &body[at + 1..]),
        _ => (body, ""),
    };
    if rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > 15 || whole.contains(['-', '+', '(']) {
        return None;
    }
    digits.parse::<i64>().ok().map(|n| if negative { -n } else { n })
}

/// `22/11/2026 09:05:37`, `22-11-2026`, `2026-11-22 09:05`: in Viet Nam.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim().replace('T', " ");
    let (day, time) = text.split_once(' ').unwrap_or((text.as_str(), ""));
    let day = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"]
        .iter()
        .find_map(|f| NaiveDate::parse_from_str(day, f).ok())
        .filter(|d| *d >= NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default())?;
    let time =
        ["%H:%M:%S", "%H:%M"].iter().find_map(|f| NaiveTime::parse_from_str(time.trim(), f).ok());
    let local = NaiveDateTime::new(day, time.unwrap_or(NaiveTime::MIN));
    vn().from_local_datetime(&local).single().map(|at| at.to_utc())
}

/// A row that could not be read: its number as people count, and why.
pub(super) type Unread = (usize, Text);

/// The lines of a statement, and the rows that are none. Rows without money are neither.
pub(super) fn lines(
    rows: &[Vec<String>],
    columns: &Columns,
    account: &str,
) -> (Vec<Line>, Vec<Unread>) {
    let (mut lines, mut unread) = (Vec::new(), Vec::new());
    let mut alike: HashMap<Vec<u8>, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        match line(row, columns, account) {
            Ok(Some(mut line)) => {
                let digest = Sha256::digest(format!(
                    "{account}|{}|{:?}|{}|{}|{}",
                    line.at, line.direction, line.amount.0, line.reference, line.content
                ));
                // Rows that are alike are told apart by their number among themselves: the same file gives the same.
                let nth = alike.entry(digest.to_vec()).or_default();
                *nth += 1;
                let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
                line.source_id = format!("{hex}-{nth}");
                lines.push(line);
            }
            Ok(None) => {}
            Err(why) => unread.push((at + 1, why)),
        }
    }
    (lines, unread)
}

fn line(row: &[String], columns: &Columns, account: &str) -> Result<Option<Line>, Text> {
    let cell = |column: Option<usize>| column.and_then(|c| row.get(c)).map_or("", |t| t.trim());
    let money = |column| match cell(column) {
        "" | "-" => Ok(0),
        text => amount(text).ok_or_else(|| {
            Text::new(format!("“{text}” không phải số tiền"), format!("“{text}” is not an amount"))
        }),
    };
    if row.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(None);
    }
    let Some(at) = moment(cell(columns.at)) else {
        // Sums and remarks below the table have no date and are no lines.
        return match money(columns.credit) {
            Ok(0) | Err(_) => Ok(None),
            Ok(_) => Err(Text::new("không có ngày", "no date")),
        };
    };
    let (credit, debit) = (money(columns.credit)?, money(columns.debit)?);
    let (direction, sum) = match (credit, debit) {
        (0, 0) => return Ok(None),
        (c, 0) if c > 0 => (Direction::In, c),
        (c, 0) => (Direction::Out, -c),
        (0, d) => (Direction::Out, d.abs()),
        _ => return Err(Text::new("có cả tiền vào và tiền ra", "money both in and out")),
    };
    let text = |column| cell(column).chars().take(500).collect::<String>();
    Ok(Some(Line {
        source: "statement",
        source_id: String::new(),
        account: account.to_owned(),
        reference: text(columns.reference),
        amount: Vnd(sum),
        direction,
        content: text(columns.content),
        at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|c| (*c).to_owned()).collect()
    }

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for (text, expected) in [
            ("1.250.000", Some(1_250_000)),
            ("1,250,000.00", Some(1_250_000)),
            ("1.250.000,00", Some(1_250_000)),
            ("+500000 VND", Some(500_000)),
            ("-20.000 đ", Some(-20_000)),
            ("(20,000)", Some(-20_000)),
            ("250", Some(250)),
            ("1.250", Some(1250)),
            ("12,5", None),
            ("1-2", None),
            ("", None),
            ("abc", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(amount(text), expected, "{text}");
        }
    }

    #[test]
    fn a_letterhead_is_stepped_over_and_sums_are_no_lines() {
        let rows = vec![
            row(&["NGÂN HÀNG ABC", "", "", "", ""]),
            row(&["Sao kê tài khoản 0011004123456", "", "", "", ""]),
            row(&["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"]),
            row(&["22/11/2026 09:05:37", "FT1", "", "236.000", "STABC chuyen tien"]),
            row(&["22/11/2026", "FT2", "11.000", "", "Phí"]),
            row(&["", "", "11.000", "236.000", "Cộng phát sinh"]),
            row(&["", "", "", "", ""]),
            row(&["22/11/2026", "FT3", "", "hai trăm", "x"]),
        ];
        let head = header_row(&rows);
        assert_eq!(head, 2);
        let columns = Columns::guess(&rows[head]);
        assert!(columns.is_enough());
        let (lines, unread) = lines(&rows[head + 1..], &columns, "0011004123456");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].amount, lines[0].direction), (Vnd(236_000), Direction::In));
        assert_eq!(lines[0].reference, "FT1");
        assert_eq!(lines[0].at.to_rfc3339(), "2026-11-22T02:05:37+00:00");
        assert_eq!((lines[1].amount, lines[1].direction), (Vnd(11_000), Direction::Out));
        let places: Vec<usize> = unread.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, [3, 5], "a sum with money is told of, not taken");
    }

    #[test]
    fn signed_amounts_in_one_column_and_rows_alike() {
        let header = row(&["Thời gian", "Số tiền", "Mô tả"]);
        let columns = Columns::guess(&header);
        let rows = vec![
            row(&["2026-11-22 10:00", "-5.000", "phi"]),
            row(&["2026-11-22 10:00", "5.000", "x"]),
            row(&["2026-11-22 10:00", "5.000", "x"]),
        ];
        let (first, _) = lines(&rows, &columns, "1");
        assert_eq!(first[0].direction, Direction::Out);
        assert_ne!(first[1].source_id, first[2].source_id);
        assert_eq!(lines(&rows, &columns, "1").0, first, "the same file gives the same");
    }

    proptest! {
        #[test]
        fn any_cells_are_survived(cells in prop::collection::vec("\\PC{0,20}", 0..6), a in 0usize..8, b in 0usize..8) {
            let columns = Columns { at: Some(a), content: Some(b), credit: Some(a), debit: Some(b), reference: None };
            lines(&[cells], &columns, "1");
        }

        #[test]
        fn shown_amounts_are_read_back(n in 1i64..9_999_999_999) {
            prop_assert_eq!(amount(&Vnd(n).to_string()), Some(n));
            prop_assert_eq!(amount(&n.to_string()), Some(n));
        }
    }
}
