//! What is written to both sides of a purchase order. Pure.

use super::{
    credit::Overdue,
    machine::Side,
    read::{Happened, Po},
};
use crate::{
    kernel::{Day, Lang},
    orders::Post,
};

fn signed(post: &Post, text: &str) -> String {
    format!("{text}\n\n-- \n{}\n{}\n", post.site_name, post.base_url)
}

/// Where the reader finds it.
pub(super) fn path(po: &Po, reader: Side) -> String {
    let desk = if reader == Side::Seller { "ban-hang" } else { "to-chuc" };
    format!("/{desk}/don-mua/{}", po.number)
}

fn link(post: &Post, po: &Po, reader: Side) -> String {
    format!("{}{}", post.base_url, path(po, reader))
}

/// What the reader does next.
fn todo(event: &str, reader: Side, lang: Lang) -> &'static str {
    match (event, reader) {
        ("issued", Side::Seller) => lang.t(
            "Xin xem lại và xác nhận để hai bên bắt đầu thực hiện.",
            "Please look at it and confirm, so that both sides can begin.",
        ),
        ("confirm", Side::Buyer) => lang.t(
            "Nếu có đặt cọc, mã chuyển khoản nằm trên trang đơn mua.",
            "If a deposit is agreed, you find its transfer code on the order's page.",
        ),
        ("send", Side::Buyer) => lang.t(
            "Khi hàng đến, xin kiểm đếm và xác nhận số thực nhận.",
            "When the goods arrive, please count them and confirm what you received.",
        ),
        ("receive_all", Side::Seller) => lang.t(
            "Bên mua sẽ nghiệm thu; phần tiền còn lại tới hạn từ ngày nghiệm thu.",
            "The buyer will accept the goods; the rest of the price is due from that day.",
        ),
        ("unpaid", Side::Buyer) => lang.t(
            "Khoản này lại phải trả; mã chuyển khoản vẫn như cũ, trên trang đơn mua.",
            "This is to be paid again, by the same transfer code on the order's page.",
        ),
        ("unpaid", Side::Seller) => lang.t(
            "Khoản này lại nằm trong những khoản chờ thu.",
            "It is among what is to come again.",
        ),
        ("ask_cancel", _) => lang.t(
            "Xin đồng ý hoặc từ chối trên trang đơn mua.",
            "Please agree or refuse on the order's page.",
        ),
        _ => "",
    }
}

/// Tells one side what has happened: subject and body.
pub(super) fn moved(
    post: &Post,
    po: &Po,
    what: &Happened,
    reader: Side,
    lang: Lang,
) -> (String, String) {
    let title = what.title(lang);
    let name = lang.t("Đơn mua", "Purchase order");
    let note = if what.note.is_empty() { String::new() } else { format!("\n{}", what.note) };
    let other = if reader == Side::Seller { &po.buyer_name } else { &po.seller_name };
    let todo = todo(&what.event, reader, lang);
    let body = format!(
        "{name} {} ({other}): {title}.{note}\n\n{}\n{}: {}\n\n{todo}\n{}",
        po.number,
        po.title,
        lang.t("Tổng giá trị", "Total"),
        po.total,
        link(post, po, reader),
    );
    (format!("{name} {}: {title}", po.number), signed(post, &body))
}

/// Reminds a buyer of what is late.
pub(super) fn late(
    post: &Post,
    po: &Po,
    late: &Overdue,
    (level, today): (i32, Day),
    lang: Lang,
) -> (String, String) {
    let subject = match lang {
        Lang::Vi => format!("Nhắc thanh toán lần {level}: đơn mua {}-{}", late.number, late.nth),
        Lang::En => {
            format!("Payment reminder {level}: purchase order {}-{}", late.number, late.nth)
        }
    };
    let days = late.days(today);
    let body = match lang {
        Lang::Vi => format!(
            "Khoản {} của đơn mua {} ({}) đã tới hạn ngày {}, quá hạn {days} ngày.\n\nMã chuyển khoản ở: {}\nNếu đã chuyển, xin bỏ qua thư này.",
            late.amount,
            late.number,
            po.seller_name,
            late.due_text(),
            link(post, po, Side::Buyer),
        ),
        Lang::En => format!(
            "{} of purchase order {} ({}) was due on {}, {days} days ago.\n\nYou find its transfer code at: {}\nIf you have paid already, please ignore this mail.",
            late.amount,
            late.number,
            po.seller_name,
            late.due_text(),
            link(post, po, Side::Buyer),
        ),
    };
    (subject, signed(post, &body))
}
