//! What is written by mail: pure.

use super::{jobs::Post, tell::Letter};
use crate::kernel::Lang;

/// Body and signature; the last line says where to choose what one is told.
fn signed(post: &Post, lang: Lang, body: &str, choose: &str) -> String {
    let why = lang
        .t("Chọn những điều bạn muốn được báo bằng thư", "Choose what you want to be told by mail");
    format!("{body}\n\n{why}: {}{choose}\n\n{}\n", post.base_url, post.site_name)
}

const CHOICES: &str = "/thong-bao/tuy-chon";

/// Somebody has judged the shop's goods.
pub(super) fn reviewed(post: &Post, lang: Lang, product: &str, stars: i16) -> Letter {
    let link = format!("{}/ban-hang/danh-gia?loc=cho", post.base_url);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Đánh giá mới {stars} sao: {product}"),
            format!("Người mua vừa đánh giá “{product}” {stars} sao. Bạn đọc và trả lời ở: {link}"),
        ),
        Lang::En => (
            format!("A new review of {stars} stars: {product}"),
            format!("A buyer has given “{product}” {stars} stars. Read and answer it: {link}"),
        ),
    };
    (subject, signed(post, lang, &body, CHOICES))
}

/// The shop has answered one's review.
pub(super) fn answered(post: &Post, lang: Lang, product: &str, slug: &str) -> Letter {
    let link = format!("{}/san-pham/{slug}/danh-gia", post.base_url);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Gian hàng đã trả lời đánh giá của bạn về {product}"),
            format!("Gian hàng đã trả lời đánh giá của bạn về “{product}”: {link}"),
        ),
        Lang::En => (
            format!("The shop has answered your review of {product}"),
            format!("The shop has answered your review of “{product}”: {link}"),
        ),
    };
    (subject, signed(post, lang, &body, CHOICES))
}

/// What was decided about a review, and why; `own` leads the author to it.
pub(super) struct Ruled<'a> {
    pub(super) act: &'a str,
    pub(super) reason: &'a str,
    pub(super) note: &'a str,
    pub(super) appealed: bool,
    pub(super) product: &'a str,
    pub(super) own: &'a str,
}

/// An officer or the operator has ruled upon one's review.
pub(super) fn ruled(post: &Post, lang: Lang, told: &Ruled<'_>) -> Letter {
    let what = match (told.act, told.appealed) {
        ("hide", _) => lang.t("đã bị ẩn", "has been hidden"),
        ("restore", _) => lang.t("được hiện lại", "is shown again"),
        (_, true) => lang.t(
            "đã được xem lại; quyết định cũ được giữ nguyên",
            "has been looked at again; the decision stands",
        ),
        _ => lang.t("đã được xem xét và giữ nguyên", "has been looked at and stays as it is"),
    };
    let product = told.product;
    let mut body = match lang {
        Lang::Vi => format!("Đánh giá của bạn về “{product}” {what}."),
        Lang::En => format!("Your review of “{product}” {what}."),
    };
    for (name, text) in [
        (lang.t("Lý do", "Reason"), told.reason),
        (lang.t("Nói rõ thêm", "More about it"), told.note),
    ] {
        if !text.is_empty() {
            body.push_str(&format!("\n{name}: {text}"));
        }
    }
    if told.act == "hide" && !told.appealed {
        let how =
            lang.t("Bạn được yêu cầu xem lại một lần ở", "You may ask once for another look at");
        body.push_str(&format!("\n\n{how}: {}{}", post.base_url, told.own));
    }
    let subject = match lang {
        Lang::Vi => format!("Đánh giá của bạn {what}"),
        Lang::En => format!("Your review {what}"),
    };
    (subject, format!("{body}\n\n{}\n", post.site_name))
}

/// One conversation in a letter: who, about what, how many, where.
pub(super) struct Unread {
    pub(super) from: String,
    pub(super) about: String,
    pub(super) count: i32,
    pub(super) href: String,
}

/// Messages wait; nothing of what they say.
pub(super) fn waiting(post: &Post, lang: Lang, threads: &[Unread], has_account: bool) -> Letter {
    let count: i32 = threads.iter().map(|t| t.count).sum();
    let mut body = match lang {
        Lang::Vi => format!("Bạn có {count} tin nhắn chưa đọc:\n"),
        Lang::En => format!("You have {count} unread message(s):\n"),
    };
    for t in threads {
        let line =
            format!("\n- {} – {} ({}): {}{}", t.from, t.about, t.count, post.base_url, t.href);
        body.push_str(&line);
    }
    let subject = match lang {
        Lang::Vi => format!("Bạn có {count} tin nhắn chưa đọc"),
        Lang::En => format!("You have {count} unread message(s)"),
    };
    if has_account {
        (subject, signed(post, lang, &body, CHOICES))
    } else {
        (subject, format!("{body}\n\n{}\n", post.site_name))
    }
}

/// Asks, once, what somebody thinks of what he bought.
pub(super) fn ask(
    post: &Post,
    lang: Lang,
    (name, shop, code): (&str, &str, &str),
    (href, stop): (&str, &str),
) -> Letter {
    let base = &post.base_url;
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Bạn thấy hàng của {shop} thế nào?"),
            format!(
                "Chào {name},\n\nĐơn hàng {code} của bạn đã hoàn thành. Vài dòng của bạn giúp người mua khác và giúp gian hàng làm tốt hơn: {base}{href}\n\n\
                 Chúng tôi chỉ hỏi một lần cho mỗi đơn. Không muốn được hỏi nữa: {base}{stop}"
            ),
        ),
        Lang::En => (
            format!("How are the goods of {shop}?"),
            format!(
                "Dear {name},\n\nYour order {code} is complete. A few lines of yours help other buyers and the shop: {base}{href}\n\n\
                 We ask only once for each order. Not to be asked again: {base}{stop}"
            ),
        ),
    };
    (subject, format!("{body}\n\n{}\n", post.site_name))
}

/// What waits for a shop this morning.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Day {
    pub(super) orders: i64,
    pub(super) messages: i64,
    pub(super) reviews: i64,
}

/// The shop's day at a glance.
pub(super) fn digest(post: &Post, lang: Lang, shop: &str, day: Day) -> Letter {
    let lines = [
        (day.orders, lang.t("đơn hàng cần xử lý", "order(s) to see to"), "/ban-hang/don-hang"),
        (day.messages, lang.t("tin nhắn chưa đọc", "unread message(s)"), "/ban-hang/tin-nhan"),
        (
            day.reviews,
            lang.t("đánh giá chưa trả lời", "review(s) not answered"),
            "/ban-hang/danh-gia?loc=cho",
        ),
    ];
    let mut body = match lang {
        Lang::Vi => format!("Việc đang chờ gian hàng {shop}:\n"),
        Lang::En => format!("What waits for {shop}:\n"),
    };
    for (n, what, href) in lines.into_iter().filter(|(n, ..)| *n > 0) {
        body.push_str(&format!("\n- {n} {what}: {}{href}", post.base_url));
    }
    let subject = match lang {
        Lang::Vi => format!("Việc hôm nay của {shop}"),
        Lang::En => format!("Today at {shop}"),
    };
    (subject, signed(post, lang, &body, CHOICES))
}

/// A parcel was lost: what follows for the reader.
pub(super) fn lost(post: &Post, lang: Lang, code: &str, (href, to_seller): (&str, bool)) -> Letter {
    let link = format!("{}{href}", post.base_url);
    let subject = match lang {
        Lang::Vi => format!("Đơn hàng {code}: một kiện bị thất lạc"),
        Lang::En => format!("Order {code}: a parcel was lost"),
    };
    let body = match (lang, to_seller) {
        (Lang::Vi, true) => format!(
            "Một kiện của đơn hàng {code} được báo thất lạc. Xin chọn gửi lại hoặc hoàn tiền phần này; quá hạn thì sàn ghi nhận phải hoàn tiền: {link}"
        ),
        (Lang::En, true) => format!(
            "A parcel of order {code} was reported lost. Please send its goods again or refund them; otherwise the refund is owed after some days: {link}"
        ),
        (Lang::Vi, false) => format!(
            "Một kiện của đơn hàng {code} được báo thất lạc. Người bán sẽ gửi lại hoặc hoàn tiền phần này. Theo dõi ở: {link}"
        ),
        (Lang::En, false) => format!(
            "A parcel of order {code} was reported lost. The seller sends its goods again or refunds them. Follow it: {link}"
        ),
    };
    (subject, format!("{body}\n\n{}\n", post.site_name))
}

/// A clerk has listed something for the shop.
pub(super) fn listed(post: &Post, lang: Lang, (name, point): (&str, &str), href: &str) -> Letter {
    let link = format!("{}{href}", post.base_url);
    let revoke = format!("{}/ban-hang/dang-ho", post.base_url);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("{point} đã đăng hộ “{name}”"),
            format!(
                "Theo sự đồng ý của bạn, nhân viên {point} đã nhập “{name}” cho gian hàng: {link}\n\nBạn thu hồi sự đồng ý bất cứ lúc nào ở: {revoke}"
            ),
        ),
        Lang::En => (
            format!("{point} has listed “{name}” for you"),
            format!(
                "As you agreed, the clerk of {point} has entered “{name}” for your shop: {link}\n\nYou can take your consent back at any time: {revoke}"
            ),
        ),
    };
    (subject, signed(post, lang, &body, CHOICES))
}

/// A household agreed that a clerk lists for it.
pub(super) fn mandate(post: &Post, lang: Lang, point: &str) -> Letter {
    let link = format!("{}/ban-hang/dang-ho", post.base_url);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Đã ghi sự đồng ý để {point} đăng hàng hộ"),
            format!(
                "Tại quầy của {point}, nhân viên đã ghi rằng gian hàng đồng ý để nhân viên đăng hàng hộ. Nếu không phải bạn, hoặc bạn đổi ý, xin thu hồi ngay ở: {link}"
            ),
        ),
        Lang::En => (
            format!("Noted: {point} may list for your shop"),
            format!(
                "At the counter of {point} a clerk has noted that your shop agrees that he lists its goods. If this was not you, or you change your mind, take it back here: {link}"
            ),
        ),
    };
    (subject, signed(post, lang, &body, CHOICES))
}

/// A warning after a report.
pub(super) fn warned(post: &Post, lang: Lang, subject: &str, href: &str) -> Letter {
    let link = format!("{}{href}", post.base_url);
    let (title, body) = match lang {
        Lang::Vi => (
            format!("Nhắc nhở về cuộc trò chuyện “{subject}”"),
            format!(
                "Đơn vị vận hành đã xem một báo cáo về cuộc trò chuyện “{subject}” và nhắc bạn giữ đúng quy tắc của sàn: lịch sự, không đòi giao dịch ngoài sàn, không xin thông tin không cần cho đơn hàng. Tái phạm có thể khiến cuộc trò chuyện bị đóng. Xem ở: {link}"
            ),
        ),
        Lang::En => (
            format!("A warning about the conversation “{subject}”"),
            format!(
                "The operator has looked at a report about the conversation “{subject}” and reminds you of the floor's rules: be polite, do not move trade off the floor, ask for nothing that the order does not need. If it happens again the conversation may be closed. See: {link}"
            ),
        ),
    };
    (title, format!("{body}\n\n{}\n", post.site_name))
}
