//! What is written to buyers and sellers about returns: short, plain, with the link that leads on. Pure.

use super::{
    machine::{Actor, State},
    model::{Happened, Whole},
    propose,
    queries_edits::Edit,
};
use crate::{
    kernel::{Lang, Text, date_time},
    orders::{OrderHead, Post},
};

/// Subject and body.
pub(super) struct Letter {
    pub subject: String,
    pub body: String,
}

fn signed(post: &Post, text: &str) -> String {
    format!("{text}\n\n-- \n{}\n{}\n", post.site_name, post.base_url)
}

/// What the reader does next.
fn todo(state: State, reader: Actor) -> Text {
    match (state, reader) {
        (State::Requested, Actor::Seller) => Text::new(
            "Xin trả lời trong thời hạn; quá hạn thì coi như bạn đồng ý.",
            "Please answer in time: silence counts as consent.",
        ),
        (State::Approved, Actor::Buyer) => Text::new(
            "Xin gửi hàng về cho người bán rồi bấm “Đã gửi hàng về”.",
            "Please send the goods back, then press “Sent back”.",
        ),
        (State::Rejected, Actor::Buyer) => Text::new(
            "Nếu không đồng ý, bạn có thể nhờ hòa giải trong thời hạn.",
            "If you disagree, you can ask for mediation in time.",
        ),
        (State::InTransit, Actor::Seller) => Text::new(
            "Khi nhận được hàng, xin bấm “Đã nhận lại hàng”.",
            "Once the goods are back, please press “Goods are back”.",
        ),
        (
            State::Received | State::Inspected | State::ResolvedBuyer | State::ResolvedSplit,
            Actor::Seller,
        ) => Text::new(
            "Xin hoàn tiền hoặc đổi hàng trong thời hạn và ghi mã giao dịch.",
            "Please refund or replace in time and note the reference.",
        ),
        (State::Refunded | State::PartiallyRefunded | State::Replaced, Actor::Buyer) => Text::new(
            "Xin kiểm tra tài khoản hoặc hàng nhận được rồi xác nhận; nếu không đúng, bạn có thể nhờ hòa giải.",
            "Please look at your account or your parcel and confirm; if it is not right, ask for mediation.",
        ),
        _ => Text::new("", ""),
    }
}

/// Tells one side that a return has moved.
pub(super) fn moved(
    post: &Post,
    head: &OrderHead,
    whole: &Whole,
    what: &Happened,
    reader: Actor,
    lang: Lang,
) -> Letter {
    let case = &whole.case;
    let title = what.title();
    let title = title.get(lang);
    let link = match reader {
        Actor::Buyer => {
            format!("{}/don-hang/{}/tra-hang?k={}", post.base_url, head.code, head.secret)
        }
        _ => format!("{}/ban-hang/tra-hang/{}", post.base_url, case.id),
    };
    let goods: Vec<String> =
        whole.lines.iter().map(|l| format!("- {} × {} {}", l.name, l.quantity, l.unit)).collect();
    let note = if what.note.is_empty() { String::new() } else { format!("\n{}", what.note) };
    let due = case.due_at.filter(|_| what.version == case.version).map(date_time);
    let due = due.map(|d| format!("\n{}: {d}", lang.t("Hạn", "Until"))).unwrap_or_default();
    let todo = todo(what.to, reader);
    let name = lang.t("Yêu cầu trả hàng", "Return");
    let body = format!(
        "{name} {} ({} {}): {title}.{note}\n\n{}\n{}: {}{due}\n\n{}\n{link}",
        case.code,
        lang.t("đơn", "order"),
        case.order_code,
        goods.join("\n"),
        lang.t("Số tiền", "Amount"),
        case.granted,
        todo.get(lang),
    );
    Letter { subject: format!("{name} {}: {title}", case.code), body: signed(post, &body) }
}

/// Tells one side about a proposed change of an order.
pub(super) fn edit(
    post: &Post,
    head: &OrderHead,
    edit: &Edit,
    state: &str,
    (reader, lang): (Actor, Lang),
) -> Letter {
    let title = match state {
        "proposed" => lang.t(
            "Người bán đề nghị bớt hàng, cần bạn đồng ý",
            "The seller proposes fewer goods and asks for your consent",
        ),
        "accepted" => lang.t("Người mua đã đồng ý đổi đơn", "The buyer has agreed to the change"),
        "declined" => {
            lang.t("Người mua không đồng ý đổi đơn", "The buyer did not agree to the change")
        }
        "withdrawn" => {
            lang.t("Người bán đã rút đề nghị đổi đơn", "The seller has taken his proposal back")
        }
        _ => lang.t(
            "Đề nghị đổi đơn đã hết hạn, đơn giữ nguyên",
            "The proposal has lapsed, the order stays",
        ),
    };
    let link = match reader {
        Actor::Buyer => {
            format!("{}/don-hang/{}/doi-don?k={}", post.base_url, head.code, head.secret)
        }
        _ => format!("{}/ban-hang/don-hang/{}/doi-don", post.base_url, head.code),
    };
    let order = lang.t("Đơn hàng", "Order");
    let body = format!(
        "{order} {}: {title}.\n\n{}\n{}: {}\n{}: {} → {}\n{}: {}\n\n{link}",
        head.code,
        propose::changes(edit),
        lang.t("Lý do", "Reason"),
        edit.reason,
        lang.t("Tổng cộng", "Total"),
        edit.total_before,
        edit.total_after,
        lang.t("Trả lời trước", "Answer before"),
        date_time(edit.due_at),
    );
    Letter { subject: format!("{order} {}: {title}", head.code), body: signed(post, &body) }
}
