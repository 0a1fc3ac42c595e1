//! Delivery notes and the record of acceptance, on paper.

use super::read::{Delivery, DeliveryLine, Po, PoLine, Whole};
use crate::{
    kernel::{Lang, Phone, date_time},
    platform::pdf::{Block, Column, Meta, PageSize, Paper, Span, Table},
};
use chrono::{DateTime, Utc};

fn meta(title: String, author: &str, (at, lang): (DateTime<Utc>, Lang)) -> Meta {
    Meta {
        foot: format!("{title} – {author}"),
        title,
        author: author.to_owned(),
        lang: lang.code(),
        made_at: at,
        page_word: lang.t("Trang", "Page"),
        size: PageSize::A4,
    }
}

/// Both sides, next to each other.
pub(super) fn parties(po: &Po, lang: Lang, sides: (&str, &str)) -> Block {
    let side = |title: &str, name: &str, tax_code: &str, address: &str, phone: &str| {
        let mut facts = vec![(lang.t("Tên", "Name").to_owned(), vec![Span::bold(name)])];
        let mut add = |label: &str, value: &str| {
            if !value.is_empty() {
                facts.push((label.to_owned(), vec![Span::of(value)]));
            }
        };
        add(lang.t("Mã số thuế", "Tax code"), tax_code);
        add(lang.t("Địa chỉ", "Address"), address);
        add(lang.t("Điện thoại", "Telephone"), phone);
        vec![Block::Heading(title.to_owned()), Block::Facts(facts)]
    };
    let tax_code = po.seller_tax_code.as_deref().unwrap_or_default();
    let phone = Phone::local(&po.seller_phone);
    Block::Columns(vec![
        side(sides.0, &po.seller_name, tax_code, &po.seller_address, &phone),
        side(sides.1, &po.buyer_name, &po.buyer_tax_code, &po.buyer_address, ""),
    ])
}

pub(super) fn signed(lang: Lang, sides: (&str, &str)) -> Block {
    let sign = lang.t("(Ký, ghi rõ họ tên)", "(Signature and full name)");
    let one = |who: &str| (who.to_owned(), sign.to_owned(), String::new());
    Block::Signatures(vec![one(sides.0), one(sides.1)])
}

fn head(po: &Po, lang: Lang, (title, detail): (&str, String)) -> Vec<Block> {
    let order = format!("{} {} – {detail}", lang.t("Đơn mua", "Purchase order"), po.number);
    vec![
        Block::Title(title.to_owned()),
        Block::centred(vec![Span::of(order)], 10.0),
        Block::Space(4.0),
    ]
}

/// The note that goes with one delivery.
pub(super) fn note(po: &Po, delivery: &Delivery, lang: Lang, floor: &str) -> Paper {
    let title = lang.t("PHIẾU GIAO HÀNG", "DELIVERY NOTE");
    let detail = match lang {
        Lang::Vi => format!("đợt {}, gửi lúc {}", delivery.nth, delivery.sent_text()),
        Lang::En => format!("delivery {}, sent at {}", delivery.nth, delivery.sent_text()),
    };
    let row = |(at, line): (usize, &DeliveryLine)| {
        let came = line.received.map_or_else(|| "..........".to_owned(), |_| line.received_text());
        vec![
            vec![Span::of((at + 1).to_string())],
            vec![Span::bold(&line.name)],
            vec![Span::of(&line.unit)],
            vec![Span::bold(line.quantity_text())],
            vec![Span::of(came)],
        ]
    };
    let table = Table {
        columns: vec![
            Column::words(lang.t("STT", "No."), 0.9),
            Column::words(lang.t("Tên hàng", "Goods"), 5.2),
            Column::words(lang.t("Đơn vị", "Unit"), 1.4),
            Column::figures(lang.t("Số lượng giao", "Delivered"), 2.2),
            Column::figures(lang.t("Thực nhận", "Received"), 2.2),
        ],
        rows: delivery.lines.iter().enumerate().map(row).collect(),
        totals: vec![],
    };
    let mut blocks = head(po, lang, (title, detail));
    blocks.push(parties(po, lang, (lang.t("BÊN GIAO", "FROM"), lang.t("BÊN NHẬN", "TO"))));
    let to = format!("{}: {}", lang.t("Giao tới", "Delivered to"), po.delivery_text);
    blocks.push(Block::plain(to));
    blocks.push(Block::Table(table));
    let dots = ".".repeat(90);
    for (label, text) in [
        (lang.t("Vận chuyển", "Transport"), delivery.carrier.as_str()),
        (lang.t("Ghi chú của bên giao", "Remarks of the sender"), delivery.note.as_str()),
        (lang.t("Ghi chú của bên nhận", "Remarks of the receiver"), delivery.remark.as_str()),
    ] {
        let text = if text.is_empty() { dots.as_str() } else { text };
        blocks.push(Block::plain(format!("{label}: {text}")));
    }
    let sides = (lang.t("NGƯỜI GIAO", "HANDED OVER BY"), lang.t("NGƯỜI NHẬN", "RECEIVED BY"));
    blocks.push(signed(lang, sides));
    let name = format!("{title} {}-{}", po.number, delivery.nth);
    Paper { meta: meta(name, floor, (delivery.sent_at, lang)), blocks }
}

/// The record of acceptance.
pub(super) fn acceptance(whole: &Whole, at: DateTime<Utc>, lang: Lang, floor: &str) -> Paper {
    let po = &whole.head;
    let title = lang.t("BIÊN BẢN NGHIỆM THU, BÀN GIAO", "RECORD OF ACCEPTANCE");
    let detail = format!("{} {}", lang.t("nghiệm thu lúc", "accepted at"), date_time(at));
    let row = |(at, line): (usize, &PoLine)| {
        vec![
            vec![Span::of((at + 1).to_string())],
            vec![Span::bold(&line.name)],
            vec![Span::of(format!("{} {}", line.quantity_text(), line.unit))],
            vec![Span::of(format!("{} {}", line.sent_text(), line.unit))],
            vec![Span::of(line.total.to_string())],
        ]
    };
    let table = Table {
        columns: vec![
            Column::words(lang.t("STT", "No."), 0.9),
            Column::words(lang.t("Tên hàng", "Goods"), 4.6),
            Column::figures(lang.t("Đặt", "Ordered"), 2.0),
            Column::figures(lang.t("Đã nhận", "Received"), 2.0),
            Column::figures(lang.t("Thành tiền", "Amount"), 2.4),
        ],
        rows: whole.lines.iter().enumerate().map(row).collect(),
        totals: vec![
            (lang.t("Phí giao hàng", "Delivery").to_owned(), po.delivery_fee.to_string(), false),
            (lang.t("Tổng giá trị", "Total").to_owned(), po.total.to_string(), true),
        ],
    };
    let mut blocks = head(po, lang, (title, detail));
    blocks.push(parties(
        po,
        lang,
        (lang.t("BÊN BÁN", "THE SELLER"), lang.t("BÊN MUA", "THE BUYER")),
    ));
    blocks.push(Block::Table(table));
    blocks.push(Block::plain(lang.t(
        "Hai bên đã giao nhận đủ hàng theo các phiếu giao hàng kèm theo. Bên mua chấp nhận số lượng và chất lượng hàng; phần tiền còn lại tới hạn theo điều khoản thanh toán.",
        "The goods were handed over in full by the delivery notes. The buyer accepts their quantity and quality; the rest of the price is due by the terms of payment.",
    )));
    if !po.accept_note.is_empty() {
        let label = lang.t("Ghi chú", "Remarks");
        blocks.push(Block::plain(format!("{label}: {}", po.accept_note)));
    }
    let sides =
        (lang.t("ĐẠI DIỆN BÊN BÁN", "FOR THE SELLER"), lang.t("ĐẠI DIỆN BÊN MUA", "FOR THE BUYER"));
    blocks.push(signed(lang, sides));
    let name = format!("{title} {}", po.number);
    Paper { meta: meta(name, floor, (at, lang)), blocks }
}
