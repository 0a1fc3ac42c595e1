//! What goes with the goods: the packing slip in the parcel, the delivery note that both sides sign.

use crate::{
    kernel::{Lang, date_time},
    orders::{Line, Order, PaymentMethod},
    platform::pdf::{Align, Block, Column, Meta, PageSize, Paper, Span, Table},
};
use chrono::{DateTime, Utc};

/// Where these papers are made: the floor's name and address.
pub(super) struct Desk<'a> {
    pub(super) name: &'a str,
    pub(super) base_url: &'a str,
    pub(super) lang: Lang,
}

impl Desk<'_> {
    fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    fn meta(&self, title: String, made_at: DateTime<Utc>, size: PageSize) -> Meta {
        Meta {
            foot: format!("{title} – {}", self.name),
            title,
            author: self.name.to_owned(),
            lang: self.lang.code(),
            made_at,
            page_word: self.t("Trang", "Page"),
            size,
        }
    }

    fn money(&self, order: &Order) -> Vec<Span> {
        let head = &order.head;
        if head.payment_method == PaymentMethod::Cod {
            vec![
                Span::of(self.t("THU HỘ (COD): ", "COLLECT (COD): ")),
                Span::bold(head.total.to_string()),
            ]
        } else {
            vec![Span::bold(self.t("Không thu tiền khi giao", "Nothing to collect"))]
        }
    }

    /// From, to, and what to collect: the part that is stuck on the parcel.
    fn label(&self, order: &Order) -> Block {
        let head = &order.head;
        let from = vec![
            Span::of(self.t("Người gửi: ", "From: ")),
            Span::bold(&head.seller_name),
            Span::of(format!(" · {}\n{}", head.seller_phone_shown(), head.seller_address)),
        ];
        let to = vec![
            Span::of(self.t("Người nhận: ", "To: ")),
            Span::bold(format!("{} · {}", head.buyer_name, head.phone())),
            Span::of(format!("\n{}", head.delivery_text)),
        ];
        let text = |spans, size| Block::Text { spans, size, align: Align::Left, soft: false };
        let mut money =
            vec![Span::of(self.t("Đơn hàng ", "Order ")), Span::bold(&head.code), Span::of(" · ")];
        money.extend(self.money(order));
        Block::Framed(vec![
            text(from, 9.0),
            Block::Rule,
            text(to, 12.5),
            Block::Rule,
            text(money, 11.0),
        ])
    }

    fn scan(&self, order: &Order) -> Block {
        Block::Qr {
            payload: format!("{}/ban-hang/don-hang/{}", self.base_url, order.head.code),
            width: 74.0,
            alt: format!(
                "{} {}",
                self.t("Mã QR mở đơn hàng", "QR code that opens order"),
                order.head.code
            ),
        }
    }

    /// The packing slip: A5, the label on top.
    pub(super) fn slip(&self, order: &Order) -> Paper {
        let head = &order.head;
        let title = format!("{} {}", self.t("Phiếu đóng gói", "Packing slip"), head.code);
        let row = |line: &Line| {
            vec![
                vec![Span::of(&line.sku)],
                named(line),
                vec![Span::bold(line.quantity.to_string()), Span::of(format!(" {}", line.unit))],
                vec![Span::of("[  ]")],
            ]
        };
        let table = Table {
            columns: vec![
                Column::words(self.t("Mã hàng", "SKU"), 1.8),
                Column::words(self.t("Tên hàng", "Goods"), 5.6),
                Column::figures(self.t("Số lượng", "Quantity"), 2.0),
                Column::figures(self.t("Đã xếp", "Packed"), 1.6),
            ],
            rows: order.lines.iter().map(row).collect(),
            totals: Vec::new(),
        };
        let placed = format!(
            "{} {} · {}",
            self.t("Đặt lúc", "Ordered at"),
            date_time(head.placed_at),
            head.delivery_method.label().get(self.lang)
        );
        let heading = vec![
            Block::Heading(self.t("PHIẾU ĐÓNG GÓI", "PACKING SLIP").to_owned()),
            Block::plain(placed),
            self.sums(order),
        ];
        let mut blocks = vec![
            self.label(order),
            Block::Columns(vec![heading, vec![self.scan(order)]]),
            Block::Table(table),
        ];
        blocks.extend(self.note(order));
        Paper { meta: self.meta(title, head.placed_at, PageSize::A5), blocks }
    }

    fn sums(&self, order: &Order) -> Block {
        let head = &order.head;
        let off = match head.discount_total.0 {
            0 => String::new(),
            _ => format!(" · {} {}", head.discount_label(self.lang), head.taken_off()),
        };
        Block::plain(format!(
            "{} {}{off} · {} {} · {} {}",
            self.t("Tiền hàng", "Goods"),
            head.goods_total,
            self.t("Phí giao", "Delivery"),
            head.delivery_fee,
            self.t("Tổng cộng", "Total"),
            head.total
        ))
    }

    fn note(&self, order: &Order) -> Option<Block> {
        let note = Some(&order.head.note).filter(|note| !note.is_empty())?;
        let title = self.t("Lời nhắn của người mua: ", "Note of the buyer: ");
        Some(Block::text(vec![Span::of(title), Span::bold(note)]))
    }

    /// The delivery note: what was handed over, with room for both signatures and for remarks.
    pub(super) fn note_of_delivery(&self, order: &Order) -> Paper {
        let head = &order.head;
        let title = format!("{} {}", self.t("Biên bản giao nhận hàng", "Delivery note"), head.code);
        let row = |(at, line): (usize, &Line)| {
            vec![
                vec![Span::of((at + 1).to_string())],
                named(line),
                vec![Span::of(&line.unit)],
                vec![Span::bold(line.quantity.to_string())],
                vec![Span::of("..........")],
            ]
        };
        let table = Table {
            columns: vec![
                Column::words(self.t("STT", "No."), 0.9),
                Column::words(self.t("Tên hàng", "Goods"), 5.2),
                Column::words(self.t("Đơn vị", "Unit"), 1.4),
                Column::figures(self.t("Số lượng giao", "Delivered"), 2.2),
                Column::figures(self.t("Thực nhận", "Received"), 2.2),
            ],
            rows: order.lines.iter().enumerate().map(row).collect(),
            totals: vec![(
                self.t("Tổng tiền của đơn", "Order total").to_owned(),
                head.total.to_string(),
                true,
            )],
        };
        let mut blocks = vec![
            Block::centred(vec![Span::bold(self.name)], 10.0),
            Block::Title(self.t("BIÊN BẢN GIAO NHẬN HÀNG", "DELIVERY NOTE").to_owned()),
            Block::centred(
                vec![
                    Span::of(self.t("Đơn hàng ", "Order ")),
                    Span::bold(&head.code),
                    Span::of(format!(
                        " · {} {}",
                        self.t("đặt lúc", "ordered at"),
                        date_time(head.placed_at)
                    )),
                ],
                10.0,
            ),
            Block::Columns(vec![self.side_from(order), self.side_to(order)]),
            Block::Table(table),
            Block::text(self.money(order)),
        ];
        blocks.extend(self.note(order));
        blocks.extend(self.signed());
        Paper { meta: self.meta(title, head.placed_at, PageSize::A4), blocks }
    }

    fn side_from(&self, order: &Order) -> Vec<Block> {
        let head = &order.head;
        let facts = vec![
            (self.t("Tên", "Name").to_owned(), vec![Span::bold(&head.seller_name)]),
            (
                self.t("Mã số thuế", "Tax code").to_owned(),
                vec![Span::of(head.seller_tax_code.clone().unwrap_or_else(|| "–".into()))],
            ),
            (self.t("Địa chỉ", "Address").to_owned(), vec![Span::of(&head.seller_address)]),
            (
                self.t("Điện thoại", "Telephone").to_owned(),
                vec![Span::of(head.seller_phone_shown())],
            ),
        ];
        vec![Block::Heading(self.t("BÊN GIAO", "FROM").to_owned()), Block::Facts(facts)]
    }

    fn side_to(&self, order: &Order) -> Vec<Block> {
        let head = &order.head;
        let firm = if head.buyer_tax_code.is_some() {
            format!("{} – ", head.buyer_org)
        } else {
            String::new()
        };
        let facts = vec![
            (
                self.t("Tên", "Name").to_owned(),
                vec![Span::bold(format!("{firm}{}", head.buyer_name))],
            ),
            (self.t("Giao tới", "Delivered to").to_owned(), vec![Span::of(&head.delivery_text)]),
            (self.t("Điện thoại", "Telephone").to_owned(), vec![Span::of(head.phone())]),
        ];
        vec![Block::Heading(self.t("BÊN NHẬN", "TO").to_owned()), Block::Facts(facts)]
    }

    fn signed(&self) -> Vec<Block> {
        let line = "...........................................................................................";
        let sign = self.t("(Ký, ghi rõ họ tên)", "(Signature and full name)").to_owned();
        let party = |vi: &str, en: &str| (self.t(vi, en).to_owned(), sign.clone(), String::new());
        vec![
            Block::plain(format!("{} {line}", self.t("Tình trạng hàng, ghi chú:", "State of the goods, remarks:"))),
            Block::plain(self.t(
                "Hai bên đã cùng kiểm đếm. Bên nhận ghi số thực nhận trước khi ký; thiếu, hỏng thì ghi vào dòng trên.",
                "Both sides have counted the goods. The receiver writes what he received before he signs; what is missing or damaged is noted above.",
            )),
            Block::plain(self.t(
                "Giao xong lúc ........ giờ ........ ngày ........ / ........ / ............",
                "Handed over at ........ on ........ / ........ / ............",
            )),
            Block::Signatures(vec![
                party("NGƯỜI GIAO", "HANDED OVER BY"),
                party("NGƯỜI NHẬN", "RECEIVED BY"),
            ]),
        ]
    }
}

fn named(line: &Line) -> Vec<Span> {
    let mut spans = vec![Span::bold(&line.name)];
    if !line.label.is_empty() {
        spans.push(Span::of(format!(" ({})", line.label)));
    }
    spans
}
