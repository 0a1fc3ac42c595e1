//! What is written to both sides about requests and quotes: short, plain, with the link that leads on. Pure.

use super::{
    machine::{Actor, RequestEvent},
    pages::{buyer_path, seller_path, show::told},
    queries_read::{Happened, Line, Question, Quote, Request},
};
use crate::kernel::{Lang, date_time};

/// How letters are signed and where their links lead.
#[derive(Debug, Clone)]
pub struct Post {
    pub base_url: String,
    pub site_name: String,
}

/// Subject and body.
pub(super) struct Letter {
    pub subject: String,
    pub body: String,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    pub side: Actor,
    pub lang: Lang,
}

impl Reader {
    fn link(self, post: &Post, request: &Request) -> String {
        let path = match self.side {
            Actor::Seller => seller_path(request.id),
            _ => buyer_path(request.id),
        };
        format!("{}{path}", post.base_url)
    }
}

fn letter(post: &Post, request: &Request, reader: Reader, title: &str, text: &str) -> Letter {
    let name = reader.lang.t("Yêu cầu báo giá", "Quote request");
    let body = format!(
        "{name} {}: {}\n{title}.\n{text}\n{}\n\n-- \n{}\n{}\n",
        request.code,
        request.title,
        reader.link(post, request),
        post.site_name,
        post.base_url,
    );
    Letter { subject: format!("{name} {}: {title}", request.code), body }
}

/// The request was sent, or has moved.
pub(super) fn request(
    post: &Post,
    request: &Request,
    lines: &[Line],
    event: &str,
    reader: Reader,
) -> Letter {
    let lang = reader.lang;
    let until = format!(
        "{}: {}",
        lang.t("Nhận chào giá tới", "Offers are taken until"),
        date_time(request.closes_at)
    );
    if event == "send" {
        let goods = lines.iter().map(|l| format!("- {}: {} {}", l.name, l.quantity, l.unit));
        let goods = goods.collect::<Vec<_>>().join("\n");
        let title = format!("{} {}", request.org_name, lang.t("hỏi giá", "asks for your prices"));
        let sealed = if request.sealed {
            lang.t(
                "\nChào giá được niêm phong: bên mua chỉ xem sau hạn này.",
                "\nOffers are sealed: the buyer reads them after this time only.",
            )
        } else {
            ""
        };
        return letter(post, request, reader, &title, &format!("\n{goods}\n\n{until}{sealed}\n"));
    }
    let title = told(event, Actor::Buyer);
    let text =
        if event == RequestEvent::Extend.code() { format!("{until}\n") } else { String::new() };
    letter(post, request, reader, title.get(lang), &text)
}

/// One seller's quote has moved. Under the seal the buyer learns only that another offer has come.
pub(super) fn quote(
    post: &Post,
    asked: &Request,
    (quote, what): (&Quote, &Happened),
    readable: bool,
    reader: Reader,
) -> Letter {
    let lang = reader.lang;
    if reader.side == Actor::Buyer && !readable {
        let title = lang.t("Có thêm bản chào giá niêm phong", "Another sealed offer has come");
        let text = format!(
            "{} {}.\n",
            lang.t("Mở niêm phong lúc", "It is opened at"),
            date_time(asked.closes_at)
        );
        return letter(post, asked, reader, title, &text);
    }
    let title = told(&what.event, Actor::Seller).get(lang).to_owned();
    // Several shops answer one request.
    let title = match reader.side {
        Actor::Buyer => format!("{}: {title}", quote.shop_name),
        _ => title,
    };
    let mut text = String::new();
    if let Some(total) = quote.total.filter(|_| what.event != "decline") {
        text.push_str(&format!("{}: {total}\n", lang.t("Tổng chào giá", "Total offered")));
    }
    if !what.note.is_empty() {
        text.push_str(&format!("{}\n", what.note));
    }
    letter(post, asked, reader, &title, &text)
}

/// A question for the buyer, or its answer for sellers. Its first words tell it from others.
pub(super) fn question(
    post: &Post,
    asked: &Request,
    (q, answered): (&Question, bool),
    reader: Reader,
) -> Letter {
    let lang = reader.lang;
    let (title, text) = if answered {
        let title = lang.t("Bên mua đã trả lời câu hỏi", "The buyer has answered a question");
        (title, format!("\n{}\n→ {}\n", q.body, q.answer))
    } else {
        (lang.t("Một gian hàng đặt câu hỏi", "A shop asks a question"), format!("\n{}\n", q.body))
    };
    let line = q.body.split_whitespace().collect::<Vec<_>>().join(" ");
    let begins: String = line.chars().take(50).collect();
    letter(post, asked, reader, &format!("{title}: {begins}"), &text)
}
