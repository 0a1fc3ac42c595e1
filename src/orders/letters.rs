//! What is written to buyers and sellers: short, plain, with the link that leads on. Pure.

use super::{
    jobs::Post,
    machine::{ActorKind, OrderState},
    read::{Happened, Order, OrderHead},
};
use crate::{
    kernel::{Lang, date_time},
    payments::{IntentState, PaymentMethod},
    platform::mail::Mail,
};
use chrono::{DateTime, Utc};
use std::fmt::Write;

/// A letter that has no reader yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub subject: String,
    pub body: String,
    /// Names its cause; with the reader it makes the letter go out once.
    pub cause: String,
}

impl Letter {
    /// Addressed to one reader.
    pub(super) fn to(&self, reader: &str) -> Mail {
        Mail {
            to: reader.to_owned(),
            subject: self.subject.clone(),
            body: self.body.clone(),
            dedup_key: format!("{}:{reader}", self.cause),
        }
    }
}

fn signed(post: &Post, lang: Lang, text: &str) -> String {
    let foot = lang.t(
        "Tiền hàng đi thẳng từ người mua tới người bán; sàn không giữ tiền.",
        "Money goes straight from buyer to seller; the floor never holds it.",
    );
    format!("{text}\n\n{foot}\n-- \n{}\n{}\n", post.site_name, post.base_url)
}

fn goods(order: &Order) -> String {
    order.lines.iter().fold(String::new(), |mut text, line| {
        let label =
            if line.label.is_empty() { String::new() } else { format!(" ({})", line.label) };
        let _ = writeln!(
            text,
            "- {}{label}: {} × {} = {}",
            line.name, line.quantity, line.unit_price, line.total
        );
        text
    })
}

/// The discount's line, if there is one.
fn discount(head: &OrderHead, lang: Lang) -> String {
    if head.discount_total.0 == 0 {
        return String::new();
    }
    let label = lang.t("Giảm giá", "Discount");
    format!("{label} ({}: {}): {}\n", head.voucher_code, head.voucher_terms, head.taken_off())
}

/// How to pay, for a transfer that is awaited.
fn how_to_pay(order: &Order, lang: Lang) -> String {
    let Some(intent) = order.payment.as_ref().filter(|p| p.awaits_transfer()) else {
        return String::new();
    };
    let Some(account) = &intent.account else { return String::new() };
    let until = order.head.due_at.map(date_time).unwrap_or_default();
    match lang {
        Lang::Vi => format!(
            "Chuyển khoản {} tới {}, số tài khoản {}, chủ tài khoản {}, nội dung: {} (trước {until}).\n",
            intent.to_pay(),
            account.bank_name,
            account.number,
            account.name,
            intent.memo
        ),
        Lang::En => format!(
            "Transfer {} to {}, account {}, holder {}, message: {} (before {until}).\n",
            intent.to_pay(),
            account.bank_name,
            account.number,
            account.name,
            intent.memo
        ),
    }
}

/// The acknowledgement of a checkout: every order with its code and its link.
pub(super) fn buyer_placed(post: &Post, orders: &[Order]) -> Option<Letter> {
    let first = &orders.first()?.head;
    let lang = first.lang();
    let mut text = match lang {
        Lang::Vi => format!(
            "Chào {},\n\nChúng tôi đã nhận đơn hàng của bạn (mã lần đặt {}).\n",
            first.buyer_name, first.group_code
        ),
        Lang::En => format!(
            "Dear {},\n\nWe have received your order (group {}).\n",
            first.buyer_name, first.group_code
        ),
    };
    for order in orders {
        let head = &order.head;
        let link = format!("{}{}", post.base_url, head.guest_path());
        let _ = match lang {
            Lang::Vi => write!(
                text,
                "\nĐơn {} – người bán {}\n{}{}Phí giao hàng: {}\nTổng cộng: {} ({})\n{}Theo dõi, hủy đơn, xem hợp đồng: {link}\n",
                head.code,
                head.seller_name,
                goods(order),
                discount(head, lang),
                head.delivery_fee,
                head.total,
                head.payment_method.label().get(lang),
                how_to_pay(order, lang),
            ),
            Lang::En => write!(
                text,
                "\nOrder {} – seller {}\n{}{}Delivery: {}\nTotal: {} ({})\n{}Follow, cancel, read the contract: {link}\n",
                head.code,
                head.seller_name,
                goods(order),
                discount(head, lang),
                head.delivery_fee,
                head.total,
                head.payment_method.label().get(lang),
                how_to_pay(order, lang),
            ),
        };
    }
    text += lang.t(
        "\nNgười bán sẽ xác nhận đơn trong thời hạn; quá hạn đơn tự hủy và bạn không phải trả tiền. Ai có liên kết trên đều xem được đơn: xin giữ riêng.",
        "\nThe seller confirms in time or the order lapses and nothing is owed. Whoever has a link above can see the order: please keep it to yourself.",
    );
    let codes: Vec<&str> = orders.iter().map(|o| o.head.code.as_str()).collect();
    let codes = codes.join(", ");
    Some(Letter {
        subject: match lang {
            Lang::Vi => format!("Đã nhận đơn hàng {codes}"),
            Lang::En => format!("We have received order {codes}"),
        },
        body: signed(post, lang, &text),
        cause: format!("orders.placed:{}:buyer", first.group),
    })
}

fn desk_link(post: &Post, head: &OrderHead) -> String {
    format!("{}/ban-hang/don-hang/{}", post.base_url, head.code)
}

/// Tells the seller of a new order.
pub(super) fn seller_placed(post: &Post, order: &Order, lang: Lang) -> Letter {
    let head = &order.head;
    let todo = match head.payment_method {
        PaymentMethod::Cod => lang.t(
            "Xin xác nhận đơn trong thời hạn để đơn không tự hủy.",
            "Please confirm it in time, or it lapses.",
        ),
        PaymentMethod::VietQr => lang.t(
            "Người mua sẽ chuyển khoản; khi thấy tiền về, xin bấm “Đã nhận được tiền” rồi xác nhận đơn.",
            "The buyer pays by transfer; once you see the money, press “Money received” and confirm the order.",
        ),
        _ => lang.t(
            "Người mua đang thanh toán trực tuyến; khi cổng thanh toán báo đã nhận tiền, bạn sẽ được báo để xác nhận đơn.",
            "The buyer pays online; you will hear when the gateway has the money, and can confirm then.",
        ),
    };
    let (code, buyer, total) = (&head.code, &head.buyer_name, head.total);
    let goods = goods(order) + &discount(head, lang);
    let method = head.payment_method.label();
    let (method, link) = (method.get(lang), desk_link(post, head));
    let (subject, text) = match lang {
        Lang::Vi => (
            format!("Đơn hàng mới {code} – {total}"),
            format!(
                "Có đơn hàng mới {code} của {buyer}.\n\n{goods}Tổng cộng: {total} ({method}).\n\n{todo}\n{link}"
            ),
        ),
        Lang::En => (
            format!("New order {code} – {total}"),
            format!(
                "There is a new order {code} from {buyer}.\n\n{goods}Total: {total} ({method}).\n\n{todo}\n{link}"
            ),
        ),
    };
    let cause = format!("orders.placed:{}:seller", head.id);
    Letter { subject, body: signed(post, lang, &text), cause }
}

/// Reminds the seller that an order waits for him.
pub(super) fn remind(post: &Post, order: &Order, until: DateTime<Utc>, lang: Lang) -> Letter {
    let head = &order.head;
    let (code, buyer, total) = (&head.code, &head.buyer_name, head.total);
    let (until, link) = (date_time(until), desk_link(post, head));
    let (subject, text) = match lang {
        Lang::Vi => (
            format!("Nhắc xác nhận đơn hàng {code}"),
            format!(
                "Đơn hàng {code} của {buyer} ({total}) đang chờ bạn xác nhận. Nếu không xác nhận trước {until}, đơn sẽ tự hủy và hàng trở lại kho.\n\n{link}"
            ),
        ),
        Lang::En => (
            format!("Please confirm order {code}"),
            format!(
                "Order {code} from {buyer} ({total}) waits for you. Unless you confirm it before {until}, it lapses and the goods return to stock.\n\n{link}"
            ),
        ),
    };
    let cause = format!("orders.remind:{}:{}", head.id, head.version);
    Letter { subject, body: signed(post, lang, &text), cause }
}

/// What a move means to the buyer, besides its name.
fn for_buyer(order: &Order, what: &Happened, lang: Lang) -> String {
    let refund = order.payment.as_ref().is_some_and(|p| p.state == IntentState::RefundDue);
    let text = match what.to {
        OrderState::Cancelled if refund => lang.t(
            "Bạn đã trả tiền: người bán có trách nhiệm hoàn lại cho bạn.",
            "You have paid: the seller has to return the money to you.",
        ),
        OrderState::Cancelled => {
            lang.t("Bạn không phải trả tiền cho đơn này.", "Nothing is owed for this order.")
        }
        OrderState::HandedOver => {
            lang.t("Hàng đang trên đường tới bạn.", "The goods are on their way to you.")
        }
        OrderState::Delivered => lang.t(
            "Nếu đã nhận đủ hàng, xin bấm “Đã nhận hàng”. Sau thời hạn, đơn tự hoàn thành.",
            "If you have everything, please press “I have received it”. Otherwise the order completes by itself in time.",
        ),
        OrderState::Completed => lang.t("Cảm ơn bạn đã mua hàng.", "Thank you for buying."),
        OrderState::AwaitingPayment
        | OrderState::Placed
        | OrderState::Confirmed
        | OrderState::Packed => "",
    };
    text.to_owned()
}

/// Tells the buyer that his order has moved.
pub(super) fn buyer_changed(post: &Post, order: &Order, what: &Happened) -> Letter {
    let head = &order.head;
    let lang = head.lang();
    let title = what.title();
    let title = title.get(lang);
    let note = match (what.note.as_str(), what.to) {
        ("", _) => String::new(),
        (note, OrderState::Cancelled) => format!("{}: {note}\n", lang.t("Lý do", "Reason")),
        (note, _) => format!("{}: {note}\n", lang.t("Thông tin giao hàng", "Delivery information")),
    };
    let text = format!(
        "{} {},\n\n{} {} ({}): {title}.\n{}: {}\n{note}{}\n\n{}{}",
        lang.t("Chào", "Dear"),
        head.buyer_name,
        lang.t("Đơn hàng", "Order"),
        head.code,
        head.seller_name,
        lang.t("Lúc", "At"),
        date_time(what.at),
        for_buyer(order, what, lang),
        post.base_url,
        head.guest_path(),
    );
    Letter {
        subject: format!("{} {}: {title}", lang.t("Đơn hàng", "Order"), head.code),
        body: signed(post, lang, &text),
        cause: format!("orders.changed:{}:{}:buyer", head.id, what.version),
    }
}

/// Tells the seller that his order has moved; `None` when he moved it himself.
pub(super) fn seller_changed(
    post: &Post,
    order: &Order,
    what: &Happened,
    lang: Lang,
) -> Option<Letter> {
    if what.actor == ActorKind::Seller {
        return None;
    }
    let head = &order.head;
    let title = what.title();
    let title = title.get(lang);
    let refund = order.payment.as_ref().is_some_and(|p| p.state == IntentState::RefundDue);
    let owed = match (refund, lang) {
        (false, _) => String::new(),
        (true, Lang::Vi) => {
            format!("\nNgười mua đã trả {}: xin hoàn lại cho người mua.", head.total)
        }
        (true, Lang::En) => {
            format!("\nThe buyer has paid {}: please return it to him.", head.total)
        }
    };
    let note = match what.note.as_str() {
        "" => String::new(),
        note => format!("\n{}: {note}", lang.t("Lý do", "Reason")),
    };
    let (code, buyer, at) = (&head.code, &head.buyer_name, date_time(what.at));
    let link = desk_link(post, head);
    let (order, of, when) = match lang {
        Lang::Vi => ("Đơn hàng", "của", "lúc"),
        Lang::En => ("Order", "from", "at"),
    };
    let text = format!("{order} {code} {of} {buyer}: {title} {when} {at}.{note}{owed}\n\n{link}");
    Some(Letter {
        subject: format!("{order} {code}: {title}"),
        body: signed(post, lang, &text),
        cause: format!("orders.changed:{}:{}:seller", head.id, what.version),
    })
}
