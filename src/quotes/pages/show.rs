//! What both sides read of a request: facts, lines, questions, files, history.

use super::super::{
    machine::{Actor, QuoteState},
    model::{Area, Break, OfferLine},
    queries_offers::Version,
    queries_read::{File, Happened, Line, Question, Request},
};
use crate::{
    catalogue::Categories,
    kernel::{Cx, Lang, Text, date, date_time},
    places::Places,
};

/// A request as a page shows it.
pub(super) struct Facts {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) org_name: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) body: String,
    pub(super) sent: String,
    pub(super) closes: String,
    pub(super) place: String,
    pub(super) wanted: String,
    pub(super) audience: String,
    pub(super) sealed: bool,
}

impl Facts {
    pub(super) fn of(
        request: &Request,
        cx: &Cx,
        (places, categories): (&Places, &Categories),
        lang: Lang,
    ) -> Self {
        let state = request.window(cx).by_clock();
        let commune = request.delivery_commune.as_deref().map(|c| places.shown(c));
        let place = [Some(request.delivery_text.clone()), commune];
        let place: Vec<String> = place.into_iter().flatten().filter(|p| !p.is_empty()).collect();
        let audience = match &request.category_slug {
            Some(slug) => {
                let area = Area::of(&request.area).unwrap_or(Area::Anywhere).label();
                let name = categories.name(slug, lang);
                format!(
                    "{} {name}, {}",
                    lang.t("Mọi gian hàng ngành", "All shops of"),
                    area.get(lang).to_lowercase()
                )
            }
            None => lang.t("Các gian hàng được chọn", "Chosen shops").to_owned(),
        };
        Self {
            title: request.title.clone(),
            code: request.code.clone(),
            org_name: request.org_name.clone(),
            state: state.label().get(lang).to_owned(),
            tone: state.tone(),
            body: request.body.clone(),
            sent: date_time(request.sent_at),
            closes: date_time(request.closes_at),
            place: place.join(", "),
            wanted: request.wanted_by.map(date).unwrap_or_default(),
            audience,
            sealed: request.sealed,
        }
    }
}

/// A line that is asked for, as a page shows it.
pub(super) struct ShownLine {
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) quantity: String,
    pub(super) unit: String,
    pub(super) note: String,
    pub(super) wanted: String,
}

impl ShownLine {
    pub(super) fn of(line: &Line) -> Self {
        Self {
            position: line.position,
            name: if line.sku.is_empty() {
                line.name.clone()
            } else {
                format!("{} ({})", line.name, line.sku)
            },
            quantity: line.quantity.to_string(),
            unit: line.unit.clone(),
            note: line.note.clone(),
            wanted: line.wanted_on.map(date).unwrap_or_default(),
        }
    }
}

/// `từ 200 kg: 18.000 ₫`, one after the other.
pub(super) fn breaks_told(breaks: &[Break], unit: &str, lang: Lang) -> String {
    let from = lang.t("từ", "from");
    let one = |b: &Break| format!("{from} {} {unit}: {}", b.min, b.price);
    breaks.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A question as a page shows it.
pub(super) struct Asked {
    pub(super) id: String,
    /// Empty for sellers: they do not learn who asked.
    pub(super) who: String,
    pub(super) private: bool,
    pub(super) body: String,
    pub(super) at: String,
    pub(super) answer: String,
    pub(super) answered: String,
}

impl Asked {
    pub(super) fn of(question: Question, for_buyer: bool) -> Self {
        Self {
            id: question.id.to_string(),
            who: if for_buyer { question.shop_name } else { String::new() },
            private: question.private,
            body: question.body,
            at: date_time(question.asked_at),
            answer: question.answer,
            answered: question.answered_at.map(date_time).unwrap_or_default(),
        }
    }
}

/// A file as a page shows it.
pub(super) struct ShownFile {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
}

impl ShownFile {
    pub(super) fn of(file: &File, base: &str) -> Self {
        let kilo = (file.size + 1023) / 1024;
        let size = if kilo < 1024 {
            format!("{kilo} KB")
        } else {
            format!("{},{} MB", kilo / 1024, kilo % 1024 * 10 / 1024)
        };
        Self { href: format!("{base}/tep/{}", file.id), name: file.name.clone(), size }
    }
}

/// One entry of the history.
pub(super) struct Past {
    pub(super) mark: &'static str,
    pub(super) title: String,
    pub(super) at: String,
    pub(super) note: String,
}

/// What happened, in words.
pub(in super::super) fn told(event: &str, by: Actor) -> Text {
    let (vi, en) = match event {
        "send" => ("Đã gửi yêu cầu báo giá", "The request was sent"),
        "close" => ("Hết hạn nhận chào giá", "No more offers are taken"),
        "extend" => ("Gia hạn nhận chào giá", "The deadline was moved"),
        "award" => ("Bên mua đã chọn", "The buyer has chosen"),
        "cancel" => ("Bên mua hủy yêu cầu", "The buyer called it off"),
        "lapse" => ("Hết hạn chọn, yêu cầu khép lại", "Nobody decided in time"),
        "offer" => ("Gian hàng gửi bản chào giá", "The shop sent an offer"),
        "wait" => ("Bản chào giá chờ chủ gian hàng duyệt", "The offer waits for an owner"),
        "refuse" => ("Chủ gian hàng trả lại bản chào giá", "An owner sent the offer back"),
        "decline" => ("Gian hàng không chào giá", "The shop does not quote"),
        "counter" => ("Bên mua đề nghị giá khác", "The buyer proposes other prices"),
        "keep" => ("Gian hàng giữ giá đã chào", "The shop keeps to its offer"),
        "take" => ("Gian hàng đồng ý giá bên mua đề nghị", "The shop takes the buyer's prices"),
        "withdraw" => ("Gian hàng rút bản chào giá", "The shop withdrew its offer"),
        "reject" => ("Bên mua từ chối bản chào giá", "The buyer rejected the offer"),
        "expire" => ("Bản chào giá hết hiệu lực", "The offer has run out"),
        "accept" => ("Bản chào giá được chọn", "The offer was accepted"),
        "lose" => ("Yêu cầu khép lại, không chọn bản này", "The request ended without this offer"),
        _ if by == Actor::System => ("Hệ thống cập nhật", "Updated"),
        _ => ("Cập nhật", "Updated"),
    };
    Text::new(vi, en)
}

/// The history for a reader: what a shop settles within itself is its own.
pub(super) fn history(events: &[Happened], for_buyer: bool, lang: Lang) -> Vec<Past> {
    let private = |h: &&Happened| !(for_buyer && matches!(h.event.as_str(), "wait" | "refuse"));
    let shown: Vec<&Happened> = events.iter().filter(private).collect();
    let last = shown.len();
    let entry = |(n, h): (usize, &&Happened)| {
        let by = match h.actor_kind.as_str() {
            "buyer" => Actor::Buyer,
            "seller" => Actor::Seller,
            _ => Actor::System,
        };
        let title = told(&h.event, by).get(lang).to_owned();
        let title = match h.version.filter(|_| h.quote.is_some()) {
            Some(version) => format!("{title} ({} {version})", lang.t("bản", "version")),
            None => title,
        };
        let bad = matches!(h.event.as_str(), "cancel" | "reject" | "withdraw" | "expire" | "lapse");
        let mark = if bad {
            "bad"
        } else if n + 1 == last {
            "now"
        } else {
            "done"
        };
        Past { mark, title, at: date_time(h.at), note: h.note.clone() }
    };
    shown.iter().enumerate().map(entry).collect()
}

/// A line of a version.
pub(super) struct VersionLine {
    pub(super) position: i32,
    /// The name of its price in a form.
    pub(super) field: String,
    pub(super) name: String,
    pub(super) quantity: String,
    pub(super) price: String,
    /// Digits alone, for a form.
    pub(super) plain: i64,
    pub(super) total: String,
    pub(super) lead: String,
    pub(super) breaks: String,
    pub(super) note: String,
}

pub(super) fn lead(days: i32, lang: Lang) -> String {
    match (days, lang) {
        (0, _) => lang.t("giao ngay", "at once").to_owned(),
        (1, Lang::En) => "1 day".to_owned(),
        (n, Lang::En) => format!("{n} days"),
        (n, Lang::Vi) => format!("{n} ngày"),
    }
}

impl VersionLine {
    pub(super) fn of(line: &OfferLine, lang: Lang) -> Self {
        let name = if line.choice == 0 {
            line.name.clone()
        } else {
            format!("{}: {}", lang.t("Thay thế", "Alternative"), line.name)
        };
        Self {
            position: line.position,
            field: format!("g{}-{}", line.position, line.choice),
            name,
            quantity: format!("{} {}", line.quantity, line.unit),
            price: line.price.to_string(),
            plain: line.price.0,
            total: line.total().to_string(),
            lead: lead(line.lead_days, lang),
            breaks: breaks_told(&line.breaks, &line.unit, lang),
            note: line.note.clone(),
        }
    }
}

/// A version as a page shows it.
pub(super) struct ShownVersion {
    pub(super) number: i32,
    pub(super) title: String,
    pub(super) made: String,
    pub(super) until: String,
    pub(super) lines: Vec<VersionLine>,
    pub(super) fee: String,
    pub(super) fee_plain: i64,
    pub(super) deliver: String,
    pub(super) terms: String,
    pub(super) terms_note: String,
    pub(super) note: String,
    pub(super) total: String,
}

impl ShownVersion {
    pub(super) fn of(version: &Version, lang: Lang) -> Self {
        let offer = &version.offer;
        let kind = if version.is_counter {
            lang.t("Đề nghị của bên mua", "The buyer's proposal")
        } else {
            lang.t("Bản chào giá", "Offer")
        };
        Self {
            number: version.version,
            title: format!("{kind} {}", version.version),
            made: date_time(version.made_at),
            until: date_time(offer.valid_until),
            lines: offer.lines.iter().map(|l| VersionLine::of(l, lang)).collect(),
            fee: offer.delivery_fee.to_string(),
            fee_plain: offer.delivery_fee.0,
            deliver: offer.deliver_on.map(date).unwrap_or_default(),
            terms: offer.terms.told(lang),
            terms_note: offer.terms.note.clone(),
            note: offer.note.clone(),
            total: version.total.to_string(),
        }
    }
}

/// Label and tone of a quote's state.
pub(super) fn badge(state: QuoteState, lang: Lang) -> (String, &'static str) {
    (state.label().get(lang).to_owned(), state.tone())
}
