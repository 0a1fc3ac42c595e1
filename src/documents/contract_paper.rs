//! The contract on paper, made of what was frozen and of nothing else.

use super::{
    agreement::{Agreed, Goods, Party, Said},
    issue::Issued,
};
use crate::{
    kernel::{BasisPoints, Lang, date_time},
    platform::pdf::{Align, Block, Column, Meta, PageSize, Paper, Span, Table},
};

/// `8 %`, `5,25 %`.
pub(super) fn rate(bps: BasisPoints) -> String {
    let (whole, rest) = (bps.0 / 100, bps.0 % 100);
    match rest {
        0 => format!("{whole}\u{a0}%"),
        _ => format!("{whole},{}\u{a0}%", format!("{rest:02}").trim_end_matches('0')),
    }
}

/// The paper in the reader's language.
pub(super) fn paper(issued: &Issued, lang: Lang) -> Paper {
    let sheet = Sheet { issued, agreed: &issued.contract.agreed, lang };
    let title = lang.t("Hợp đồng mua bán số", "Sales contract no.");
    let order = lang.t("đơn hàng", "order");
    let floor = &issued.contract.floor;
    Paper {
        meta: Meta {
            title: format!("{title} {}", issued.number),
            author: floor.operator.clone(),
            lang: lang.code(),
            made_at: issued.issued_at,
            foot: format!(
                "{title} {} – {order} {} – {}",
                issued.number, sheet.agreed.order, floor.name
            ),
            page_word: lang.t("Trang", "Page"),
            size: PageSize::A4,
        },
        blocks: sheet.blocks(),
    }
}

struct Sheet<'a> {
    issued: &'a Issued,
    agreed: &'a Agreed,
    lang: Lang,
}

impl Sheet<'_> {
    fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    fn said<'a>(&self, said: &'a Said) -> &'a str {
        said.get(self.lang)
    }

    fn blocks(&self) -> Vec<Block> {
        let mut all = self.head();
        all.extend(self.parties());
        all.extend(self.goods());
        all.extend(self.delivery());
        all.extend(self.payment());
        all.extend(self.rights());
        all.extend(self.conclusion());
        all
    }

    fn head(&self) -> Vec<Block> {
        let agreed = self.agreed;
        let floor = &self.issued.contract.floor;
        let number = format!("{} {}", self.t("Số:", "No.:"), self.issued.number);
        let order = format!(
            " – {} {} ({} {})",
            self.t("đơn hàng", "order"),
            agreed.order,
            self.t("lần đặt", "purchase"),
            agreed.group
        );
        let concluded = format!(
            "{} {} {} {} ({}), {} {}, {}.",
            self.t("Giao kết lúc", "Concluded at"),
            date_time(agreed.placed_at),
            self.t("trên sàn giao dịch thương mại điện tử", "on the e-commerce floor"),
            floor.name,
            floor.address,
            self.t("do đơn vị vận hành", "run by"),
            floor.operator,
            floor.operator_address,
        );
        let mut all = vec![
            Block::centred(vec![Span::bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")], 11.0),
            Block::centred(vec![Span::bold("Độc lập – Tự do – Hạnh phúc")], 10.5),
            Block::Space(8.0),
            Block::Title(self.t("HỢP ĐỒNG MUA BÁN HÀNG HÓA", "CONTRACT OF SALE").to_owned()),
            Block::centred(vec![Span::bold(number), Span::of(order)], 10.0),
        ];
        if self.issued.edition > 1 {
            let text = format!(
                "{} {}; {}",
                self.t("Bản thứ", "Edition"),
                self.issued.edition,
                self.t(
                    "thay cho bản trước sau khi hai bên đồng ý sửa đơn.",
                    "replaces the one before, as both sides agreed to change the order."
                ),
            );
            all.push(Block::centred(vec![Span::of(text)], 9.0));
        }
        all.push(Block::Space(4.0));
        all.push(Block::Text {
            spans: vec![Span::of(concluded)],
            size: 10.0,
            align: Align::Left,
            soft: false,
        });
        all
    }

    fn parties(&self) -> Vec<Block> {
        let registration = self.said(&self.issued.contract.registration);
        let side = |title: &str, party: &Party, more: &str| {
            let mut facts = vec![(self.t("Tên", "Name").to_owned(), vec![Span::bold(&party.name)])];
            let mut add = |vi: &str, en: &str, value: &str| {
                if !value.is_empty() {
                    facts.push((self.t(vi, en).to_owned(), vec![Span::of(value)]));
                }
            };
            add("Mã số thuế", "Tax code", party.tax_code.as_deref().unwrap_or_default());
            add("Đăng ký", "Registration", more);
            add("Người đặt", "Ordered by", &party.person);
            add("Địa chỉ", "Address", &party.address);
            add("Điện thoại", "Telephone", &party.phone);
            add("Thư điện tử", "E-mail", &party.email);
            vec![Block::Heading(title.to_owned()), Block::Facts(facts)]
        };
        let seller = side(self.t("BÊN BÁN", "THE SELLER"), &self.agreed.seller, registration);
        let buyer = side(self.t("BÊN MUA", "THE BUYER"), &self.agreed.buyer, "");
        vec![Block::Columns(vec![seller, buyer])]
    }

    fn row(&self, at: usize, goods: &Goods) -> Vec<Vec<Span>> {
        let mut name = vec![Span::bold(&goods.name)];
        let label = Some(&goods.label).filter(|l| !l.is_empty()).map(|l| format!(" ({l})"));
        let sku = Some(&goods.sku).filter(|s| !s.is_empty()).map(|s| format!(" · {s}"));
        name.extend([label, sku].into_iter().flatten().map(Span::of));
        vec![
            vec![Span::of((at + 1).to_string())],
            name,
            vec![Span::of(format!("{} {}", goods.quantity, goods.unit))],
            vec![Span::of(goods.unit_price.to_string())],
            vec![Span::of(rate(goods.tax_rate))],
            vec![Span::of(goods.total.to_string())],
        ]
    }

    fn goods(&self) -> Vec<Block> {
        let agreed = self.agreed;
        let mut totals = vec![
            (
                self.t("Tiền hàng (đã gồm thuế)", "Goods (tax included)").to_owned(),
                agreed.goods_total.to_string(),
                false,
            ),
            (
                self.t("Trong đó thuế giá trị gia tăng", "Of which value added tax").to_owned(),
                agreed.tax_total.to_string(),
                false,
            ),
            (
                self.t("Phí giao hàng", "Delivery").to_owned(),
                agreed.delivery_fee.to_string(),
                false,
            ),
        ];
        if agreed.discount().0 != 0 {
            let off = crate::kernel::Vnd(-agreed.discount().0);
            let label = match (self.t("Giảm giá", "Discount"), agreed.voucher.as_str()) {
                (label, "") => label.to_owned(),
                (label, voucher) => format!("{label} ({voucher})"),
            };
            totals.push((label, off.to_string(), false));
        }
        totals.push((self.t("TỔNG CỘNG", "TOTAL").to_owned(), agreed.total.to_string(), true));
        let table = Table {
            columns: vec![
                Column::words(self.t("STT", "No."), 0.9),
                Column::words(self.t("Hàng hóa, dịch vụ", "Goods or service"), 5.2),
                Column::figures(self.t("Số lượng", "Quantity"), 1.9),
                Column::figures(self.t("Đơn giá", "Price"), 2.2),
                Column::figures(self.t("Thuế", "VAT"), 1.1),
                Column::figures(self.t("Thành tiền", "Amount"), 2.4),
            ],
            rows: agreed.goods.iter().enumerate().map(|(at, goods)| self.row(at, goods)).collect(),
            totals,
        };
        vec![
            Block::Heading(self.t("Điều 1. Hàng hóa, dịch vụ và giá", "Article 1. Goods, services and prices").to_owned()),
            Block::Table(table),
            Block::text(vec![
                Span::of(self.t("Bằng chữ: ", "In words (Vietnamese): ")),
                Span::bold(format!("{}.", agreed.total.in_words())),
            ]),
            Block::plain(self.t(
                "Giá đã gồm thuế giá trị gia tăng. Ngoài các khoản trên, bên mua không phải trả khoản nào khác.",
                "Prices include value added tax. Nothing else is owed by the buyer.",
            )),
        ]
    }

    fn delivery(&self) -> Vec<Block> {
        let agreed = self.agreed;
        let mut text = format!("{}: {}.", agreed.delivery(self.lang), agreed.delivery_to);
        if !agreed.delivery_days.is_empty() {
            text += &format!(
                " {} {} {}.",
                self.t("Thời gian dự kiến:", "Expected time:"),
                agreed.delivery_days,
                self.t("ngày kể từ khi bên bán xác nhận", "days from the seller's confirmation")
            );
        }
        let mut all = vec![
            Block::Heading(self.t("Điều 2. Giao hàng", "Article 2. Delivery").to_owned()),
            Block::plain(text),
        ];
        if !agreed.note.is_empty() {
            let note = self.t("Lời nhắn của bên mua: ", "Note of the buyer: ");
            all.push(Block::plain(format!("{note}{}", agreed.note)));
        }
        all
    }

    fn payment(&self) -> Vec<Block> {
        let agreed = self.agreed;
        let mut text = format!("{}.", agreed.payment(self.lang));
        if let Some(account) = &agreed.account {
            text += &format!(
                " {} {} {} {}, {}, {} {}, {} {}.",
                self.t("Chuyển", "Transfer"),
                agreed.total,
                self.t("tới tài khoản", "to account"),
                account.number,
                account.bank,
                self.t("chủ tài khoản", "holder"),
                account.holder,
                self.t("nội dung", "message"),
                account.memo
            );
        }
        text += self.t(
            " Tiền trả thẳng cho bên bán; sàn không giữ tiền.",
            " Money is paid to the seller directly; the floor never holds it.",
        );
        vec![
            Block::Heading(self.t("Điều 3. Thanh toán", "Article 3. Payment").to_owned()),
            Block::plain(text),
        ]
    }

    fn rights(&self) -> Vec<Block> {
        let floor = &self.issued.contract.floor;
        let complaints = format!(
            "{} {}/trang/khieu-nai {} {}.",
            self.t(
                "c) Hàng sai, thiếu, hỏng hoặc không đúng mô tả: bên mua báo cho bên bán theo số điện thoại trên, hoặc khiếu nại tại",
                "c) For wrong, missing or damaged goods the buyer tells the seller at the number above, or complains at"
            ),
            floor.address,
            self.t("hoặc qua", "or to"),
            floor.operator_email,
        );
        vec![
            Block::Heading(self.t("Điều 4. Hủy đơn, đổi trả, khiếu nại", "Article 4. Cancellation, returns, complaints").to_owned()),
            Block::plain(self.t(
                "a) Bên mua được hủy đơn không mất phí trước khi bên bán xác nhận. Bên bán không xác nhận trong thời hạn thì đơn tự hủy và bên mua không phải trả tiền.",
                "a) The buyer may cancel free of charge until the seller confirms. An order that is not confirmed in time lapses and nothing is owed.",
            )),
            Block::plain(self.t(
                "b) Nếu thông tin bên bán cung cấp thiếu hoặc sai, bên mua có quyền đơn phương chấm dứt hợp đồng trong 30 ngày kể từ ngày giao kết và được hoàn tiền (Luật Bảo vệ quyền lợi người tiêu dùng 2023, Điều 38).",
                "b) If the seller's information was missing or wrong, the buyer may end the contract within 30 days of its conclusion and be refunded (Law on Protection of Consumers' Rights 2023, Art. 38).",
            )),
            Block::plain(complaints),
        ]
    }

    fn conclusion(&self) -> Vec<Block> {
        let agreed = self.agreed;
        let text = format!(
            "{} {}. {}",
            self.t(
                "Bên mua đã xem lại toàn bộ nội dung và bấm “Đặt hàng” lúc",
                "The buyer reviewed all of this and pressed “Place order” at"
            ),
            date_time(agreed.placed_at),
            self.t(
                "Hợp đồng được giao kết bằng thông điệp dữ liệu (Luật Giao dịch điện tử 20/2023/QH15), có giá trị khi bên bán xác nhận, và được lưu trên sàn ít nhất 3 năm. Hai bên có thể ký thêm trên bản giấy này.",
                "It was concluded by data messages (Law on Electronic Transactions 20/2023/QH15), binds once the seller has confirmed, and is kept on the floor for at least 3 years. Both sides may sign this paper as well."
            ),
        );
        let proof = format!(
            "{} {} {}: {}",
            self.t("Bản này phát hành lúc", "This paper was issued at"),
            date_time(self.issued.issued_at),
            self.t("Mã kiểm chứng SHA-256 của nội dung thỏa thuận", "SHA-256 of what was agreed"),
            self.issued.digest
        );
        let sign = self.t("(Ký, ghi rõ họ tên)", "(Signature and full name)").to_owned();
        vec![
            Block::Heading(self.t("Điều 5. Giao kết", "Article 5. Conclusion").to_owned()),
            Block::plain(text),
            Block::small(proof),
            Block::Signatures(vec![
                (
                    self.t("ĐẠI DIỆN BÊN BÁN", "FOR THE SELLER").to_owned(),
                    sign.clone(),
                    String::new(),
                ),
                (self.t("BÊN MUA", "THE BUYER").to_owned(), sign, String::new()),
            ]),
        ]
    }
}
