//! Invoices to be issued as XML, with the element names of Vietnamese e-invoices; `docs/invoices.xsd` is its schema.
//! Pure.

use super::{
    contract_paper::rate,
    export::{Due, InvoiceKind, unit_price},
};
use crate::{
    enterprises::SellerFacts,
    kernel::{BasisPoints, day_of},
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

/// What stands before the invoices of a file.
pub(super) const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HoaDonCanLap phienBan=\"1.1\">\n";
/// And behind them: a file without it was cut off.
pub(super) const TAIL: &str = "</HoaDonCanLap>\n";

/// Some of a file's invoices.
pub(super) fn part(seller: &SellerFacts, all: &[Due]) -> String {
    let mut out = Writer::default();
    let kind = InvoiceKind::of(seller.kind);
    for due in all {
        out.inside("HDon", |out| {
            out.inside("DLHDon", |out| {
                common(out, kind, due);
                out.inside("NDHDon", |out| {
                    sold_by(out, seller, &due.head.seller_address);
                    bought_by(out, due);
                    out.inside("DSHHDVu", |out| lines(out, kind, due));
                    out.inside("TToan", |out| sums(out, kind, due));
                });
            });
        });
    }
    out.0
}

fn common(out: &mut Writer, kind: InvoiceKind, due: &Due) {
    let head = &due.head;
    out.inside("TTChung", |out| {
        out.text("PBan", "2.1.0");
        let (name, form) = match kind {
            InvoiceKind::Vat => ("Hóa đơn giá trị gia tăng", "1"),
            InvoiceKind::Sales => ("Hóa đơn bán hàng", "2"),
        };
        out.text("THDon", name);
        out.text("KHMSHDon", form);
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
            out.text("HVTNMHang", &due.head.buyer_name);
        }
        None => {
            out.text("DChi", &to.address);
            out.some("DCTDTu", &to.email);
            out.text("HVTNMHang", &to.name);
        }
    });
}

fn lines(out: &mut Writer, kind: InvoiceKind, due: &Due) {
    for (at, item) in due.items().iter().enumerate() {
        let price = match kind {
            InvoiceKind::Vat => item.net(),
            InvoiceKind::Sales => item.paid,
        };
        out.inside("HHDVu", |out| {
            out.text("TChat", "1");
            out.text("STT", &(at + 1).to_string());
            out.some("MHHDVu", item.sku);
            out.text("THHDVu", &item.name);
            out.some("DVTinh", item.unit);
            out.text("SLuong", &item.quantity.to_string());
            out.text("DGia", &unit_price(price, item.quantity));
            out.text("ThTien", &price.0.to_string());
            if kind == InvoiceKind::Vat {
                out.text("TSuat", &plain_rate(item.rate));
            }
        });
    }
}

fn plain_rate(bps: BasisPoints) -> String {
    rate(bps).replace('\u{a0}', "").replace(',', ".")
}

fn sums(out: &mut Writer, kind: InvoiceKind, due: &Due) {
    let mut rates: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    for item in due.items() {
        let sum = rates.entry(item.rate.0).or_default();
        sum.0 = sum.0.saturating_add(item.net().0);
        sum.1 = sum.1.saturating_add(item.tax.0);
    }
    let (net, tax) = rates.values().fold((0i64, 0i64), |(net, tax), sum| {
        (net.saturating_add(sum.0), tax.saturating_add(sum.1))
    });
    if kind == InvoiceKind::Vat {
        out.inside("THTTLTSuat", |out| {
            for (bps, (net, tax)) in &rates {
                out.inside("LTSuat", |out| {
                    out.text("TSuat", &plain_rate(BasisPoints(*bps)));
                    out.text("ThTien", &net.to_string());
                    out.text("TThue", &tax.to_string());
                });
            }
        });
        out.text("TgTCThue", &net.to_string());
        out.text("TgTThue", &tax.to_string());
    }
    let total = due.head.total;
    let off = net.saturating_add(tax).saturating_sub(total.0);
    if off != 0 {
        out.text("TTCKTMai", &off.to_string());
    }
    out.text("TgTTTBSo", &total.0.to_string());
    out.text("TgTTTBChu", &total.in_words());
}
