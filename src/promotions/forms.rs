//! What a seller types about a voucher, and what of it can be used. Pure.

use super::model::{Discount, Voucher};
use crate::kernel::{BasisPoints, Day, Errors, Lang, Text, Vnd, parse_day};
use serde::Deserialize;

/// No shop takes off more; a typing slip is noticed.
const MOST: i64 = 1_000_000_000_000;
const MOST_TURNS: i64 = 10_000_000;

/// What the law allows a promotion, as the rules of the day say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The most that it takes off the goods.
    pub(super) percent: BasisPoints,
    /// The most days that it lasts.
    pub days: i64,
}

/// One voucher as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct VoucherForm {
    pub(super) key: String,
    pub(super) ma: String,
    pub(super) cong_khai: String,
    pub(super) kieu: String,
    pub(super) muc: String,
    pub(super) tran: String,
    pub(super) don_tu: String,
    pub(super) tong_luot: String,
    pub(super) moi_nguoi: String,
    pub(super) tu_ngay: String,
    pub(super) den_ngay: String,
}

/// A voucher that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    pub code: String,
    pub offered: bool,
    pub discount: Discount,
    pub min_goods: Vnd,
    pub total_limit: Option<i64>,
    pub buyer_limit: Option<i64>,
    pub starts_on: Day,
    pub ends_on: Day,
}

impl Valid {
    /// Percentage, ceiling and amount, as columns.
    pub(super) fn parts(&self) -> (Option<i32>, Option<i64>, Option<i64>) {
        match self.discount {
            Discount::Percent { bps, ceiling } => (Some(bps.0), ceiling.map(|c| c.0), None),
            Discount::Amount(amount) => (None, None, Some(amount.0)),
        }
    }
}

/// An amount; nothing typed is `None`.
fn amount(typed: &str) -> Result<Option<Vnd>, Text> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let found = Vnd::read(typed).filter(|amount| amount.0 <= MOST);
    found.map(Some).ok_or_else(|| {
        Text::new(
            "Số tiền chưa đúng; ghi số đồng, ví dụ 25.000.",
            "This is not an amount; write whole đồng, e.g. 25.000.",
        )
    })
}

/// Reads `10`, `7,5`, `12.5 %` as hundredths of a percent.
fn percent(typed: &str) -> Result<BasisPoints, Text> {
    let wrong =
        || Text::new("Ghi số phần trăm, ví dụ 10 hoặc 7,5.", "Write a percentage, e.g. 10 or 7,5.");
    let kept: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '%').collect();
    let (whole, rest) = kept.split_once([',', '.']).unwrap_or((&kept, ""));
    let digits =
        |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 2) || !digits(rest, 2) {
        return Err(wrong());
    }
    let whole: i32 = whole.parse().map_err(|_| wrong())?;
    let rest: i32 = format!("{rest:0<2}").parse().map_err(|_| wrong())?;
    Some(BasisPoints(whole * 100 + rest)).filter(|bps| bps.0 > 0).ok_or_else(wrong)
}

fn turns(typed: &str) -> Result<Option<i64>, Text> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed
            .parse()
            .ok()
            .filter(|n| (1..=MOST_TURNS).contains(n))
            .map(Some)
            .ok_or_else(|| Text::new("Số lượt là một số từ 1.", "A number from 1.")),
    }
}

/// A code as it is kept: capitals and digits.
pub(crate) fn code(typed: &str) -> String {
    crate::kernel::fold(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && !"-_.".contains(*c))
        .flat_map(char::to_uppercase)
        .take(40)
        .collect()
}

impl VoucherForm {
    pub(super) fn of(voucher: &Voucher, key: String) -> Self {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let (kieu, muc, tran) = match voucher.discount {
            Discount::Percent { bps, ceiling } => {
                let (whole, rest) = (bps.0 / 100, bps.0 % 100);
                let muc = if rest == 0 { whole.to_string() } else { format!("{whole},{rest:02}") };
                ("phan_tram", muc, number(ceiling.map(|c| c.0)))
            }
            Discount::Amount(amount) => ("so_tien", amount.0.to_string(), String::new()),
        };
        Self {
            key,
            ma: voucher.code.clone(),
            cong_khai: if voucher.offered { "1".into() } else { String::new() },
            kieu: kieu.into(),
            muc,
            tran,
            don_tu: number(Some(voucher.min_goods.0).filter(|n| *n > 0)),
            tong_luot: number(voucher.total_limit),
            moi_nguoi: number(voucher.buyer_limit),
            tu_ngay: voucher.starts_on.to_string(),
            den_ngay: voucher.ends_on.to_string(),
        }
    }

    /// The voucher, or what is wrong with it.
    pub(super) fn check(&self, lang: Lang, today: Day, bounds: Bounds) -> Result<Valid, Errors> {
        let mut errors = Errors::new(lang);
        let code = code(&self.ma);
        let fits =
            (3..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        errors.check(
            fits,
            "ma",
            "Mã gồm 3 đến 20 chữ cái không dấu hoặc chữ số.",
            "A code has 3 to 20 letters or digits.",
        );
        let min_goods = errors.take("don_tu", amount(&self.don_tu)).flatten().unwrap_or_default();
        let discount = self.discount(&mut errors, bounds, min_goods);
        let total_limit = errors.take("tong_luot", turns(&self.tong_luot)).flatten();
        let buyer_limit = errors.take("moi_nguoi", turns(&self.moi_nguoi)).flatten();
        let days = self.days(&mut errors, today, bounds);
        match (discount, days) {
            (Some(discount), Some((starts_on, ends_on))) if errors.is_empty() => Ok(Valid {
                code,
                offered: !self.cong_khai.is_empty(),
                discount,
                min_goods,
                total_limit,
                buyer_limit,
                starts_on,
                ends_on,
            }),
            _ => Err(errors),
        }
    }

    fn discount(&self, errors: &mut Errors, bounds: Bounds, min_goods: Vnd) -> Option<Discount> {
        if self.kieu == "phan_tram" {
            let bps = errors.take("muc", percent(&self.muc))?;
            let ceiling = errors.take("tran", amount(&self.tran))?.filter(|c| c.0 > 0);
            if bps > bounds.percent {
                errors.add("muc", too_much(bounds));
                return None;
            }
            return Some(Discount::Percent { bps, ceiling });
        }
        let given = errors.take("muc", amount(&self.muc))?.filter(|amount| amount.0 > 0);
        let Some(off) = given else {
            errors.add("muc", Text::new("Ghi số tiền giảm.", "Write what is taken off."));
            return None;
        };
        // The least order must bear it within the law's bound.
        let most = i128::from(min_goods.0) * i128::from(bounds.percent.0) / 10_000;
        if i128::from(off.0) > most {
            errors.add("don_tu", too_much(bounds));
            return None;
        }
        Some(Discount::Amount(off))
    }

    fn days(&self, errors: &mut Errors, today: Day, bounds: Bounds) -> Option<(Day, Day)> {
        let from = errors.take("tu_ngay", parse_day(&self.tu_ngay));
        let to = errors.take("den_ngay", parse_day(&self.den_ngay));
        let (from, to) = (from?, to?);
        let length = (to - from).num_days() + 1;
        if length < 1 || to < today {
            errors.add(
                "den_ngay",
                Text::new(
                    "Ngày cuối không được trước ngày đầu hay trước hôm nay.",
                    "The last day is neither before the first nor before today.",
                ),
            );
            return None;
        }
        if length > bounds.days {
            errors.add(
                "den_ngay",
                Text::new(
                    format!("Một khuyến mại kéo dài tối đa {} ngày.", bounds.days),
                    format!("A promotion lasts {} days at most.", bounds.days),
                ),
            );
            return None;
        }
        Some((from, to))
    }
}

fn too_much(bounds: Bounds) -> Text {
    let percent = bounds.percent.0 / 100;
    Text::new(
        format!("Pháp luật khuyến mại chỉ cho giảm tối đa {percent}\u{a0}% tiền hàng của đơn."),
        format!(
            "The law on promotions lets at most {percent}\u{a0}% of an order's goods be taken off."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> VoucherForm {
        VoucherForm {
            ma: "tết-26".into(),
            cong_khai: "1".into(),
            kieu: "phan_tram".into(),
            muc: "7,5".into(),
            tran: "50.000".into(),
            don_tu: "200.000".into(),
            tong_luot: "100".into(),
            moi_nguoi: "1".into(),
            tu_ngay: "2026-11-22".into(),
            den_ngay: "30/11/2026".into(),
            key: String::new(),
        }
    }

    fn check(form: &VoucherForm) -> Result<Valid, Vec<String>> {
        let bounds = Bounds { percent: BasisPoints(5_000), days: 120 };
        let today = parse_day("2026-11-22").unwrap();
        let found = form.check(Lang::Vi, today, bounds);
        found.map_err(|e| e.iter().map(|(field, _)| field.to_owned()).collect())
    }

    #[test]
    fn what_is_typed_is_read_and_written_back() {
        let valid = check(&form()).unwrap();
        assert_eq!(valid.code, "TET26");
        assert_eq!(
            valid.discount,
            Discount::Percent { bps: BasisPoints(750), ceiling: Some(Vnd(50_000)) }
        );
        let amount = VoucherForm { kieu: "so_tien".into(), muc: "100.000".into(), ..form() };
        assert_eq!(check(&amount).unwrap().discount, Discount::Amount(Vnd(100_000)));
    }

    #[test]
    fn what_the_law_or_sense_forbids_is_named() {
        type Bend = fn(&mut VoucherForm);
        let cases: [(Bend, &str); 10] = [
            (|f| f.ma = "ab".into(), "ma"),
            (|f| f.ma = "a".repeat(10_000), "ma"),
            (|f| f.muc = "50,01".into(), "muc"),
            (|f| f.muc = "-5".into(), "muc"),
            (|f| (f.kieu, f.muc) = ("so_tien".into(), "100.001".into()), "don_tu"),
            (|f| f.tran = "99999999999999999999".into(), "tran"),
            (|f| f.tong_luot = "0".into(), "tong_luot"),
            (|f| f.moi_nguoi = "-1".into(), "moi_nguoi"),
            (|f| f.den_ngay = "2027-12-01".into(), "den_ngay"),
            (|f| f.den_ngay = "2026-11-21".into(), "den_ngay"),
        ];
        for (i, (bend, field)) in cases.into_iter().enumerate() {
            let mut bent = form();
            bend(&mut bent);
            assert_eq!(check(&bent), Err(vec![field.to_owned()]), "case {i}");
        }
    }
}
