//! `/to-chuc/bao-gia/{id}`: a request as its buyer sees it, and one quote with all its versions.

use super::{
    super::{
        bargain::{Bargain, Counter, bargain, counter},
        machine::{QuoteState, RequestState},
        queries_award,
        queries_offers,
        queries_read::{self, Quote, Request},
        questions::answer,
        routes::Deps,
        steps,
    },
    ActForm, Begin, Turn, beside, buyer_path,
    compare::{self, Table},
    cut, id_of, own,
    show::{Asked, Facts, Past, ShownFile, ShownLine, ShownVersion, badge, history},
    status,
};
use crate::{
    kernel::{Cx, Errors, Lang, Vnd, day_of, parse_day, start_of_day},
    organisations::{OrgRole, OrgScope},
    platform::audit,
    web::{Form, Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde_json::json;
use uuid::Uuid;

/// A seller who was asked.
struct Invited {
    quote: Uuid,
    shop: String,
    slug: String,
    state: String,
    tone: &'static str,
    href: String,
}

/// A purchase order that came of it.
struct Order {
    href: String,
    number: String,
    shop: String,
}

#[derive(Template)]
#[template(path = "quotes/buyer_show.html")]
struct ShowPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    id: Uuid,
    facts: Facts,
    lines: Vec<ShownLine>,
    /// Nobody reads an offer before this.
    sealed_until: String,
    offers: usize,
    table: Table,
    invited: Vec<Invited>,
    questions: Vec<Asked>,
    files: Vec<ShownFile>,
    offered_files: Vec<(String, ShownFile)>,
    past: Vec<Past>,
    orders: Vec<Order>,
    total: String,
    undecided: bool,
    takes_offers: bool,
    may: bool,
    today: String,
    decide_until: String,
    /// Where the comparison is as a table.
    xlsx: String,
}

fn invited(quotes: &[Quote], request: Uuid, readable: bool, lang: Lang) -> Vec<Invited> {
    let one = |q: &Quote| {
        // Under the seal it is not told who has offered.
        let state = match q.state {
            QuoteState::Invited | QuoteState::Declined => q.state,
            _ if readable => q.state,
            _ => QuoteState::Invited,
        };
        let (mut state, tone) = badge(state, lang);
        if !readable && q.state != QuoteState::Declined {
            state = lang.t("Đã mời", "Invited").to_owned();
        } else if q.state == QuoteState::Invited {
            state = match q.seen_at {
                Some(_) => lang.t("Đã xem, chưa chào giá", "Seen, no offer yet"),
                None => lang.t("Chưa xem", "Not seen yet"),
            }
            .to_owned();
        }
        let href = if readable && q.offer.is_some() {
            format!("{}/chao-gia/{}", buyer_path(request), q.id)
        } else {
            String::new()
        };
        Invited {
            quote: q.id,
            shop: q.shop_name.clone(),
            slug: q.shop_slug.clone(),
            state,
            tone: if readable { tone } else { "neutral" },
            href,
        }
    };
    let mut all: Vec<Invited> = quotes.iter().map(one).collect();
    if !readable {
        // The order of totals would tell.
        all.sort_by(|a, b| (&a.shop, a.quote).cmp(&(&b.shop, b.quote)));
    }
    all
}

/// The page, with what is wrong.
pub(super) async fn shown(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: OrgScope,
    typed: &str,
    errors: Errors,
) -> Result<Response, PageError> {
    let (id, lang) = (id_of(typed)?, page.lang);
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org)?;
    let window = request.window(cx);
    let readable = window.is_readable();
    let lines = queries_read::lines(&mut db, id).await?;
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let versions = if readable { compare::offers(&mut db, &quotes).await? } else { Vec::new() };
    let won = queries_award::lines(&mut db, id).await?;
    let orders = queries_award::orders(&mut db, id).await?;
    let questions = queries_read::questions(&mut db, id, None).await?;
    let files = queries_read::files(&mut db, id).await?;
    let events = queries_read::history(&mut db, id, None).await?;
    drop(db);
    let shop = |quote: Uuid| {
        quotes.iter().find(|q| q.id == quote).map(|q| q.shop_name.clone()).unwrap_or_default()
    };
    let base = buyer_path(id);
    let offered = files.iter().filter(|_| readable).filter_map(|f| Some((f.quote?, f)));
    let goods: i64 = won.iter().filter_map(|w| super::super::model::cost(w.price, w.quantity)).map(|v| v.0).sum();
    let shown = ShowPage {
        facts: Facts::of(&request, cx, (&deps.places, &deps.categories), lang),
        lines: lines.iter().map(ShownLine::of).collect(),
        sealed_until: if readable || !request.state.undecided() {
            String::new()
        } else {
            crate::kernel::date_time(request.closes_at)
        },
        offers: quotes.iter().filter(|q| q.offer.is_some()).count(),
        table: compare::table(cx, &request, &lines, (&quotes, &versions), (&won, lang)),
        invited: invited(&quotes, id, readable, lang),
        questions: questions.into_iter().map(|q| Asked::of(q, true)).collect(),
        offered_files: offered.map(|(q, f)| (shop(q), ShownFile::of(f, &base))).collect(),
        files: files.iter().filter(|f| f.quote.is_none()).map(|f| ShownFile::of(f, &base)).collect(),
        past: history(&events, true, lang),
        orders: orders
            .iter()
            .map(|o| Order {
                href: format!("/to-chuc/don-mua/{}", o.po),
                number: o.number.clone(),
                shop: shop(o.quote),
            })
            .collect(),
        total: if goods > 0 { Vnd(goods).to_string() } else { String::new() },
        undecided: request.state.undecided(),
        takes_offers: window.takes_offers(),
        may: scope.has(OrgRole::Requester),
        today: day_of(cx.now).to_string(),
        decide_until: decide_until(&request),
        xlsx: format!("{base}/so-sanh.xlsx"),
        page: page.in_section("org-quotes"),
        scope,
        errors,
        id,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

fn decide_until(request: &Request) -> String {
    let closed = request.state == RequestState::Closed;
    request.due_at.filter(|_| closed).map(crate::kernel::date_time).unwrap_or_default()
}

/// `GET /to-chuc/bao-gia/{id}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, &cx, page, scope, &id, errors).await
}

/// `POST /to-chuc/bao-gia/{id}`: close, extend, cancel, answer a question.
pub(in super::super) async fn act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(typed): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let (id, lang) = (id_of(&typed)?, page.lang);
    own(queries_read::request(&mut *deps.db.acquire().await?, id).await?, scope.org)?;
    let (sent, path) = (&form.data, buyer_path(id));
    let asked = (path.as_str(), form.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, &sent.key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return shown(&deps, &cx, page, scope, &typed, errors).await,
    };
    let (tx, whose) = (&mut turn.tx, (scope.org, id));
    let (done, line) = match sent.act.as_str() {
        "close" => {
            (steps::close(tx, &cx, whose).await, page.t("Đã ngừng nhận chào giá.", "No more offers are taken."))
        }
        "cancel" => {
            let done = steps::cancel(tx, &cx, whose, &sent.words()).await;
            (done, page.t("Đã hủy yêu cầu.", "The request is called off."))
        }
        "extend" => {
            let day = parse_day(&sent.han).ok().and_then(|day| day.succ_opt());
            let until = day.map_or(cx.now, start_of_day);
            (steps::extend(tx, &cx, whose, until).await, page.t("Đã gia hạn.", "The deadline was moved."))
        }
        other => match other.strip_prefix("answer-").and_then(|q| q.parse().ok()) {
            Some(question) => {
                let words = (scope.person, &*cut(&sent.note, 2000));
                let done = answer(tx, &cx, (scope.org, id, question), words).await;
                (done, page.t("Đã trả lời.", "Answered."))
            }
            None => return Err(PageError::not_found()),
        },
    };
    if let Err(error) = done {
        drop(turn);
        let field = if sent.act == "extend" { "han" } else { "note" };
        let errors = beside(error, field, lang)?;
        return shown(&deps, &cx, page, scope, &typed, errors).await;
    }
    let detail = json!({ "act": sent.act });
    audit::record(&mut turn.tx, &cx, "quotes.step", &format!("request:{id}"), detail).await?;
    turn.end(&page, &path, line).await
}

#[derive(Template)]
#[template(path = "quotes/buyer_quote.html")]
struct QuotePage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    trail: Vec<(String, String)>,
    facts: Facts,
    shop: String,
    slug: String,
    state: String,
    tone: &'static str,
    moves: i32,
    /// Newest first.
    versions: Vec<ShownVersion>,
    /// The offer that can be bargained about.
    stands: Option<ShownVersion>,
    may_reject: bool,
    past: Vec<Past>,
    action: String,
    note: String,
}

async fn quote_shown(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    scope: OrgScope,
    (typed, quote): (&str, &str),
    (errors, note): (Errors, String),
) -> Result<Response, PageError> {
    let (id, quote, lang) = (id_of(typed)?, id_of(quote)?, page.lang);
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org)?;
    let window = request.window(cx);
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let found = quotes.into_iter().find(|q| q.id == quote && q.offer.is_some());
    let found = found.filter(|_| window.is_readable()).ok_or_else(PageError::not_found)?;
    let mut versions = queries_offers::versions(&mut db, &[quote], None).await?;
    // What an owner has not agreed to was never offered.
    let events = queries_read::history(&mut db, id, Some(quote)).await?;
    let unsent = |n: i32| {
        Some(n) == found.pending
            || !events.iter().any(|h| h.version == Some(n) && matches!(&*h.event, "offer" | "counter" | "take"))
    };
    versions.retain(|v| !unsent(v.version));
    drop(db);
    let (state, tone) = badge(found.state, lang);
    let bargains = window.is_decidable() && found.is_acceptable(cx) && scope.has(OrgRole::Requester);
    let stands = versions.iter().find(|v| bargains && Some(v.version) == found.offer);
    let shown = QuotePage {
        facts: Facts::of(&request, cx, (&deps.places, &deps.categories), lang),
        stands: stands.map(|v| ShownVersion::of(v, lang)),
        versions: versions.iter().rev().map(|v| ShownVersion::of(v, lang)).collect(),
        may_reject: window.is_decidable()
            && matches!(found.state, QuoteState::Sent | QuoteState::Countered)
            && scope.has(OrgRole::Requester),
        past: history(&events, true, lang),
        action: format!("{}/chao-gia/{quote}", buyer_path(id)),
        page: page.in_section("org-quotes"),
        shop: found.shop_name,
        slug: found.shop_slug,
        moves: found.moves,
        trail: vec![
            ("/to-chuc/bao-gia".to_owned(), lang.t("Yêu cầu báo giá", "Quote requests").to_owned()),
            (buyer_path(id), request.code),
        ],
        scope,
        errors,
        state,
        tone,
        note,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /to-chuc/bao-gia/{id}/chao-gia/{quote}`
pub(in super::super) async fn quote(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path((id, quote)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    quote_shown(&deps, (&cx, page), scope, (&id, &quote), (errors, String::new())).await
}

/// The prices of a counter-offer: `g<position>-<choice>`, and `phi` for the delivery.
fn proposal(pairs: &[(String, String)], note: &str, errors: &mut Errors) -> Counter {
    let mut prices = Vec::new();
    let mut delivery_fee = None;
    for (name, typed) in pairs {
        let at = name.strip_prefix('g').and_then(|n| n.split_once('-'));
        let at = at.and_then(|(p, c)| Some((p.parse().ok()?, c.parse().ok()?)));
        if let Some((position, choice)) = at {
            let price = Vnd::read(typed).filter(|p| (1..=1_000_000_000_000).contains(&p.0));
            errors.check(price.is_some(), name, "Đơn giá chưa đúng.", "This is not a price.");
            prices.extend(price.map(|price| (position, choice, price)));
        } else if name == "phi" {
            let fee = Vnd::read(typed).filter(|p| p.0 <= 1_000_000_000_000);
            errors.check(fee.is_some(), "phi", "Phí giao chưa đúng.", "This is not a fee.");
            delivery_fee = fee;
        }
    }
    Counter { prices, delivery_fee, note: note.to_owned() }
}

/// `POST /to-chuc/bao-gia/{id}/chao-gia/{quote}`: a counter-offer, or a rejection.
pub(in super::super) async fn act_on_quote(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path((typed, quote)): Path<(String, String)>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let (id, of, lang) = (id_of(&typed)?, id_of(&quote)?, page.lang);
    own(queries_read::request(&mut *deps.db.acquire().await?, id).await?, scope.org)?;
    let value = |name: &str| form.data.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let note = cut(value("note"), 1000);
    let seen: Option<i32> = value("v").parse().ok();
    let mut errors = Errors::new(lang);
    let rejects = value("act") == "reject";
    let new = proposal(&form.data, &note, &mut errors);
    if !errors.is_empty() && !rejects {
        return quote_shown(&deps, (&cx, page), scope, (&typed, &quote), (errors, note)).await;
    }
    let path = format!("{}/chao-gia/{of}", buyer_path(id));
    let asked = (path.as_str(), form.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, value("key"), asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => {
            return quote_shown(&deps, (&cx, page), scope, (&typed, &quote), (errors, note)).await;
        }
    };
    let done = if rejects {
        bargain(&mut turn.tx, &cx, id, Bargain::Reject(scope.org, of), (seen, &note)).await
    } else {
        let version: i32 = value("ban").parse().unwrap_or_default();
        counter(&mut turn.tx, &cx, (scope.org, id, of), (scope.person, version), &new).await
    };
    if let Err(error) = done {
        drop(turn);
        let errors = beside(error, "note", lang)?;
        return quote_shown(&deps, (&cx, page), scope, (&typed, &quote), (errors, note)).await;
    }
    let detail = json!({ "act": if rejects { "reject" } else { "counter" }, "quote": of });
    audit::record(&mut turn.tx, &cx, "quotes.bargain", &format!("request:{id}"), detail).await?;
    let line = if rejects {
        page.t("Đã từ chối bản chào giá.", "The offer is rejected.")
    } else {
        page.t("Đã gửi đề nghị giá.", "Your proposal has been sent.")
    };
    turn.end(&page, &path, line).await
}
