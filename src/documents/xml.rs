//! Invoices to be issued as XML, with the element names of Vietnamese e-invoices; `docs/invoices.xsd` is its schema.
//! Pure.

use super::{
    contract_paper::rate,
    export::{Due, unit_price},
};
use crate::{
    enterprises::SellerFacts,
    kernel::{BasisPoints, Vnd, day_of},
    orders::PaymentMethod,
};
use std::{collections::BTreeMap, fmt::Write};

/// Writes elements; text is escaped, what XML cannot carry is left out.
#[derive(Default)]
struct Writer(String);

impl Writer {
    fn text(&mut self, name: &str, text: &str) {
        let _ = write!(self.0, "<{name}>");
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '\n' | '\r' | '\t' => self.0.push(' '),
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
                c => self.0.push(c),
            }
        }
        let _ = write!(self.0, "</{name}>");
    }

    /// Left out when empty.
    fn some(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, text);
        }
    }

    fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<{name}>");
        write(self);
        let _ = writeln!(self.0, "</{name}>");
    }
}

/// The file for all of them.
pub(super) fn file(seller: &SellerFacts, seller_address: &str, all: &[Due]) -> String {
    let mut out = Writer("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into());
    out.0.push_str("<HoaDonCanLap phienBan=\"1.0\">\n");
    for due in all {
        out.inside("HDon", |out| {
            out.inside("DLHDon", |out| {
                common(out, due);
                out.inside("NDHDon", |out| {
                    sold_by(out, seller, seller_address);
                    bought_by(out, due);
                    out.inside("DSHHDVu", |out| lines(out, due));
                    out.inside("TToan", |out| sums(out, due));
                });
            });
        });
    }
    out.0.push_str("</HoaDonCanLap>\n");
    out.0
}

fn common(out: &mut Writer, due: &Due) {
    let head = &due.order.head;
    out.inside("TTChung", |out| {
        out.text("PBan", "2.1.0");
        out.text("THDon", "Hóa đơn giá trị gia tăng");
        out.text("KHMSHDon", "1");
        out.text("DVTTe", "VND");
        out.text("TGia", "1");
        let pays = if head.payment_method == PaymentMethod::Cod { "TM/CK" } else { "CK" };
        out.text("HTTToan", pays);
        out.inside("TTKhac", |out| {
            for (name, kind, value) in [
                ("MaDonHang", "string", head.code.clone()),
                ("NgayDatHang", "date", day_of(head.placed_at).to_string()),
            ] {
                out.inside("TTin", |out| {
                    out.text("TTruong", name);
                    out.text("KDLieu", kind);
                    out.text("DLieu", &value);
                });
            }
        });
    });
}

fn sold_by(out: &mut Writer, seller: &SellerFacts, address: &str) {
    out.inside("NBan", |out| {
        out.text("Ten", &seller.legal_name);
        out.text("MST", seller.tax_code.as_deref().unwrap_or_default());
        out.text("DChi", address);
        out.some("SDThoai", &seller.phone);
        out.some("DCTDTu", &seller.email);
    });
}

fn bought_by(out: &mut Writer, due: &Due) {
    let to = due.recipient();
    out.inside("NMua", |out| match &to.tax_code {
        Some(code) => {
            out.text("Ten", &to.name);
            out.text("MST", code);
            out.text("DChi", &to.address);
            out.some("DCTDTu", &to.email);
            out.text("HVTNMHang", &due.order.head.buyer_name);
        }
        None => {
            out.text("DChi", &to.address);
            out.some("DCTDTu", &to.email);
            out.text("HVTNMHang", &to.name);
        }
    });
}

fn lines(out: &mut Writer, due: &Due) {
    for (at, line) in due.order.lines.iter().enumerate() {
        let net = Vnd(line.paid().0 - line.tax.0);
        out.inside("HHDVu", |out| {
            out.text("TChat", "1");
            out.text("STT", &(at + 1).to_string());
            out.some("MHHDVu", &line.sku);
            let label = Some(&line.label).filter(|l| !l.is_empty()).map(|l| format!(" ({l})"));
            out.text("THHDVu", &format!("{}{}", line.name, label.unwrap_or_default()));
            out.text("DVTinh", &line.unit);
            out.text("SLuong", &line.quantity.to_string());
            out.text("DGia", &unit_price(net, line.quantity));
            out.text("ThTien", &net.0.to_string());
            out.text("TSuat", &plain_rate(line.tax_bps));
        });
    }
    let fee = due.order.head.delivery_fee;
    if fee.0 > 0 {
        // Its rate depends on how the seller delivers: his accountant sets it.
        out.inside("HHDVu", |out| {
            out.text("TChat", "1");
            out.text("STT", &(due.order.lines.len() + 1).to_string());
            out.text("THHDVu", "Phí giao hàng");
            out.text("SLuong", "1");
            out.text("DGia", &fee.0.to_string());
            out.text("ThTien", &fee.0.to_string());
        });
    }
}

fn plain_rate(bps: BasisPoints) -> String {
    rate(bps).replace('\u{a0}', "").replace(',', ".")
}

fn sums(out: &mut Writer, due: &Due) {
    let head = &due.order.head;
    let mut rates: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    for line in &due.order.lines {
        let sum = rates.entry(line.tax_bps.0).or_default();
        sum.0 = sum.0.saturating_add(line.paid().0 - line.tax.0);
        sum.1 = sum.1.saturating_add(line.tax.0);
    }
    out.inside("THTTLTSuat", |out| {
        for (bps, (net, tax)) in &rates {
            out.inside("LTSuat", |out| {
                out.text("TSuat", &plain_rate(BasisPoints(*bps)));
                out.text("ThTien", &net.to_string());
                out.text("TThue", &tax.to_string());
            });
        }
    });
    let before =
        head.goods_total.0 - head.discount_total.0 - head.tax_total.0 + head.delivery_fee.0;
    out.text("TgTCThue", &before.to_string());
    out.text("TgTThue", &head.tax_total.0.to_string());
    let off = before + head.tax_total.0 - head.total.0;
    if off != 0 {
        out.text("TTCKTMai", &off.to_string());
    }
    out.text("TgTTTBSo", &head.total.0.to_string());
    out.text("TgTTTBChu", &head.total.in_words());
}
