//! A carrier's list as rows. Pure.

use crate::{kernel::fold, kernel::normalise, payments::transfers::amount};

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The order's code.
    pub code: String,
    pub cod: i64,
    pub fee: i64,
}

const CODE: [&str; 4] = ["ma don khach", "ma don", "don hang", "order"];
const COD: [&str; 4] = ["cod", "thu ho", "tien thu", "amount"];
const FEE: [&str; 3] = ["phi", "cuoc", "fee"];

/// Reads a table whose first row names the columns; gives the rows and the numbers of those that cannot be read.
/// `None` when order code or cash have no column.
#[must_use]
pub fn read(header: &[String], rows: &[Vec<String>]) -> Option<(Vec<Listed>, Vec<usize>)> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let find = |words: &[&str]| {
        words.iter().find_map(|word| folded.iter().position(|name| name.contains(word)))
    };
    let (code, fee) = (find(&CODE)?, find(&FEE));
    let cod = COD.iter().find_map(|word| {
        folded
            .iter()
            .enumerate()
            .position(|(at, name)| Some(at) != fee && at != code && name.contains(word))
    })?;
    let (mut listed, mut wrong) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let cell = |column: usize| row.get(column).map_or("", |text| text.trim());
        let name = normalise(cell(code));
        if name.is_empty() {
            continue;
        }
        let fee = fee.map_or("", cell);
        let fee = if fee.is_empty() { Some(0) } else { amount(fee) };
        match (amount(cell(cod)), fee) {
            (Some(cod), Some(fee)) if cod > 0 && fee.unsigned_abs() <= cod.unsigned_abs() => {
                listed.push(Listed { code: name, cod, fee: fee.abs() });
            }
            _ => wrong.push(at + 1),
        }
    }
    Some((listed, wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriers_list_is_read() {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<String>>();
        let header = row(&["STT", "Mã đơn hàng", "Phí thu hộ", "Tiền thu hộ (COD)"]);
        let rows = [
            row(&["1", "k7mq2-w9xpd", "5.000", "128.000"]),
            row(&["2", "K7MQ2W9XPE", "", "1,000"]),
            row(&["3", "K7MQ2W9XPF", "5.000", "1.000"]),
            row(&["4", "K7MQ2W9XPG", "0", "x"]),
            row(&["", "", "5.000", "129.000"]),
        ];
        let (listed, wrong) = read(&header, &rows).unwrap();
        let first = Listed { code: "K7MQ2W9XPD".into(), cod: 128_000, fee: 5_000 };
        assert_eq!(listed[0], first);
        assert_eq!((listed.len(), wrong), (2, vec![3, 4]));
        assert!(read(&row(&["a", "b"]), &rows).is_none());
    }
}
