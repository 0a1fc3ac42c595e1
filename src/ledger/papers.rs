//! A seller's month on paper: his statement, and what of his revenue is taxed.

use super::{
    month::Month,
    pages::{Told, kind_label, paid_label},
    pages_rules::percent,
    pages_tax::Taxes,
    queries_read::Row,
    queries_tax::{Sum, TaxRow},
};
use crate::{
    enterprises::SellerFacts,
    kernel::{Lang, Vnd, date_time},
    platform::pdf::{Block, Column, Meta, PageSize, Paper, Span, Table},
};
use chrono::{DateTime, Utc};

/// Where these papers are made.
pub(super) struct Desk<'a> {
    /// The floor's name.
    pub name: &'a str,
    pub lang: Lang,
    pub made_at: DateTime<Utc>,
}

/// An amount, or nothing where there is none.
fn written(amount: i64) -> Vec<Span> {
    vec![Span::of(if amount == 0 { String::new() } else { Vnd(amount).to_string() })]
}

fn fact(name: &str, text: impl Into<String>) -> (String, Vec<Span>) {
    (name.to_owned(), vec![Span::of(text)])
}

impl Desk<'_> {
    fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    fn paper(&self, title: String, seller: &SellerFacts, body: Vec<Block>) -> Paper {
        let who = vec![
            fact(self.t("Người bán", "Seller"), &seller.legal_name),
            fact(self.t("Gian hàng", "Shop"), &seller.shop_name),
            fact(
                self.t("Mã số thuế", "Tax code"),
                seller.tax_code.clone().unwrap_or_else(|| "–".into()),
            ),
            fact(self.t("Địa chỉ", "Address"), &seller.address),
            fact(self.t("Lập lúc", "Made at"), date_time(self.made_at)),
        ];
        let mut blocks = vec![
            Block::centred(vec![Span::bold(self.name)], 10.0),
            Block::Title(title.clone()),
            Block::Facts(who),
            Block::Space(6.0),
        ];
        blocks.extend(body);
        let meta = Meta {
            foot: format!("{title} – {}", seller.shop_name),
            title,
            author: self.name.to_owned(),
            lang: self.lang.code(),
            made_at: self.made_at,
            page_word: self.t("Trang", "Page"),
            size: PageSize::A4,
        };
        Paper { meta, blocks }
    }

    /// The seller's month in the books.
    pub(super) fn statement(&self, seller: &SellerFacts, month: &Month, told: &Told) -> Paper {
        let title = match self.lang {
            Lang::Vi => format!("BẢNG KÊ SỔ CÁI THÁNG {}", month.name()),
            Lang::En => format!("STATEMENT OF {}", month.name()),
        };
        let open = &told.open;
        let opened = [
            (self.t("Người mua còn phải trả", "Owed by buyers"), open.by_buyers),
            (self.t("Phải hoàn cho người mua", "Owed to buyers"), open.to_buyers),
            (self.t("Đơn vị vận chuyển đang giữ", "With carriers"), open.with_carriers),
            (self.t("Phí sàn chưa trả", "Commission not yet paid"), open.commission),
        ];
        let sums = told.accounts.iter();
        let sums = sums.map(|(a, sum)| fact(a.label().get(self.lang), sum.to_string())).collect();
        let open = opened.iter().map(|(name, sum)| fact(name, sum.to_string())).collect();
        let mut body = vec![
            Block::Heading(self.t("Trong tháng", "In the month").to_owned()),
            Block::Facts(sums),
            Block::Heading(self.t("Còn mở đến cuối tháng", "Open at the end").to_owned()),
            Block::Facts(open),
            Block::Heading(self.t("Từng khoản", "Every entry").to_owned()),
        ];
        body.push(match told.rows.is_empty() {
            true => Block::plain(self.t("Tháng này chưa có gì.", "Nothing in this month.")),
            false => Block::Table(self.entries(told)),
        });
        if told.more {
            body.push(Block::plain(self.t(
                "Còn nữa: bảng tính tải về từ sàn có đủ từng khoản.",
                "There is more: the sheet that the floor gives has every entry.",
            )));
        }
        let paid = told.settled.iter().map(|paid| {
            let text = paid_label(paid);
            Block::plain(format!("{}: {}", text.get(self.lang), Vnd(paid.amount)))
        });
        body.extend(paid);
        body.push(Block::small(self.t(
            "Tiền đi thẳng từ người mua đến người bán. Sàn không giữ tiền; bảng kê ghi những gì đã thấy về và ai còn nợ ai.",
            "Money goes straight from buyer to seller. The floor holds none; this statement says what was seen to arrive and who owes whom.",
        )));
        self.paper(title, seller, body)
    }

    fn entries(&self, told: &Told) -> Table {
        let row = |row: &Row| {
            let code = told.names.get(&row.order).map(|n| n.code.clone()).unwrap_or_default();
            vec![
                vec![Span::of(date_time(row.at))],
                vec![Span::of(code)],
                vec![Span::of(kind_label(&row.kind).get(self.lang))],
                written(row.sold),
                written(row.received),
                written(row.carrier),
                written(row.commission),
            ]
        };
        Table {
            columns: vec![
                Column::words(self.t("Lúc", "At"), 2.0),
                Column::words(self.t("Đơn", "Order"), 2.8),
                Column::words(self.t("Diễn giải", "What"), 2.9),
                Column::figures(self.t("Bán hàng", "Sold"), 1.9),
                Column::figures(self.t("Đã nhận", "Received"), 1.9),
                Column::figures(self.t("Vận chuyển giữ", "With carriers"), 1.9),
                Column::figures(self.t("Phí sàn", "Commission"), 1.6),
            ],
            rows: told.rows.iter().map(row).collect(),
            totals: Vec::new(),
        }
    }

    /// What of a household's month is taxed: for his own declaration.
    pub(super) fn taxes(&self, seller: &SellerFacts, month: &Month, taxes: &Taxes) -> Paper {
        let title = match self.lang {
            Lang::Vi => format!("BẢNG KÊ DOANH THU TÍNH THUẾ THÁNG {}", month.name()),
            Lang::En => format!("TAXABLE REVENUE OF {}", month.name()),
        };
        let mut body = vec![
            Block::plain(taxes.what_it_is(self.lang)),
            Block::Heading(self.t("Theo hoạt động", "By activity").to_owned()),
            Block::Table(self.sums(taxes)),
        ];
        if !taxes.founded_on.is_empty() {
            body.push(Block::small(format!(
                "{} {}.",
                self.t("Căn cứ:", "Founded on:"),
                taxes.founded_on.join("; ")
            )));
        }
        if !taxes.rows.is_empty() {
            body.push(Block::Heading(self.t("Từng đơn", "Every order").to_owned()));
            body.push(Block::Table(self.taxed_orders(taxes)));
        }
        if taxes.more {
            body.push(Block::plain(self.t(
                "Còn nữa: bảng tính tải về từ sàn có đủ từng đơn.",
                "There is more: the sheet that the floor gives has every order.",
            )));
        }
        self.paper(title, seller, body)
    }

    fn sums(&self, taxes: &Taxes) -> Table {
        let row = |sum: &Sum| {
            vec![
                vec![Span::of(sum.activity.label().get(self.lang))],
                written(sum.base),
                vec![Span::of(percent(sum.vat_bps.0))],
                written(sum.vat),
                vec![Span::of(percent(sum.pit_bps.0))],
                written(sum.pit),
            ]
        };
        let total = taxes.total();
        Table {
            columns: vec![
                Column::words(self.t("Hoạt động", "Activity"), 3.0),
                Column::figures(self.t("Doanh thu", "Revenue"), 2.2),
                Column::figures(self.t("GTGT", "VAT rate"), 1.2),
                Column::figures(self.t("Thuế GTGT", "VAT"), 2.0),
                Column::figures(self.t("TNCN", "PIT rate"), 1.2),
                Column::figures(self.t("Thuế TNCN", "PIT"), 2.0),
            ],
            rows: taxes.sums.iter().map(row).collect(),
            totals: vec![
                (self.t("Doanh thu", "Revenue").to_owned(), Vnd(total.base).to_string(), false),
                (
                    self.t("Cộng thuế", "Taxes").to_owned(),
                    Vnd(total.vat + total.pit).to_string(),
                    true,
                ),
            ],
        }
    }

    fn taxed_orders(&self, taxes: &Taxes) -> Table {
        let row = |row: &TaxRow| {
            vec![
                vec![Span::of(date_time(row.at))],
                vec![Span::of(taxes.code(&row.order))],
                vec![Span::of(row.activity.label().get(self.lang))],
                written(row.base),
                written(row.vat),
                written(row.pit),
            ]
        };
        Table {
            columns: vec![
                Column::words(self.t("Lúc", "At"), 2.0),
                Column::words(self.t("Đơn", "Order"), 2.8),
                Column::words(self.t("Hoạt động", "Activity"), 2.8),
                Column::figures(self.t("Doanh thu", "Revenue"), 2.0),
                Column::figures(self.t("Thuế GTGT", "VAT"), 1.7),
                Column::figures(self.t("Thuế TNCN", "PIT"), 1.7),
            ],
            rows: taxes.rows.iter().map(row).collect(),
            totals: Vec::new(),
        }
    }
}
