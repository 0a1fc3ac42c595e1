//! `/to-chuc/bao-gia/{id}`: a request as its buyer sees it, and what he does with it.

use super::{
    super::{
        machine::{QuoteState, RequestState},
        model::cost,
        queries_award,
        queries_read::{self, Quote, Request},
        questions::answer,
        routes::Deps,
        steps,
    },
    ActForm, Begin, Turn, beside, buyer_path,
    compare::{self, Marks, Table},
    cut, id_of, own,
    proposal::{Proposal, proposal},
    show::{Asked, Facts, Past, ShownFile, ShownLine, badge, history},
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

impl Order {
    fn of(order: &queries_award::AwardOrder, shop: String) -> Self {
        let href = format!("/to-chuc/don-mua/{}", order.number);
        Self { href, number: order.number.clone(), shop }
    }
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
    /// What was chosen and waits for the firm.
    proposal: Option<Proposal>,
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
        let (mut state, tone) = badge(q.state, lang);
        if !readable {
            // Under the seal it is not told who has offered, nor who will not: with their number it is the same.
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
    let made = (quotes.as_slice(), versions.as_slice());
    let reader = (&deps.categories, &scope, lang);
    let proposal = proposal(&mut db, cx, reader, (&request, &lines), made).await?;
    let won = queries_award::lines(&mut db, id).await?;
    let orders = queries_award::orders(&mut db, id).await?;
    let questions = queries_read::questions(&mut db, id, None).await?;
    let files = queries_read::files(&mut db, id).await?;
    let events = queries_read::history(&mut db, id, None).await?;
    drop(db);
    let proposed = proposal.as_ref().map(|p| p.picks.clone()).unwrap_or_default();
    let marks = Marks { won: &won, proposed: &proposed };
    let shop = |quote: Uuid| {
        quotes.iter().find(|q| q.id == quote).map(|q| q.shop_name.clone()).unwrap_or_default()
    };
    let base = buyer_path(id);
    let offered = files.iter().filter(|f| readable && f.sent).filter_map(|f| Some((f.quote?, f)));
    let shown = ShowPage {
        facts: Facts::of(&request, cx, (&deps.places, &deps.categories), lang),
        lines: lines.iter().map(ShownLine::of).collect(),
        sealed_until: sealed_until(&request, readable),
        offers: quotes.iter().filter(|q| q.offer.is_some()).count(),
        table: compare::table(cx, &request, &lines, made, (marks, lang)),
        proposal,
        invited: invited(&quotes, id, readable, lang),
        questions: questions.into_iter().map(|q| Asked::of(q, true)).collect(),
        offered_files: offered.map(|(q, f)| (shop(q), ShownFile::of(f, &base))).collect(),
        files: files
            .iter()
            .filter(|f| f.quote.is_none())
            .map(|f| ShownFile::of(f, &base))
            .collect(),
        past: history(&events, true, lang),
        orders: orders.iter().map(|o| Order::of(o, shop(o.quote))).collect(),
        total: goods(&won),
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

fn sealed_until(request: &Request, readable: bool) -> String {
    let open = readable || !request.state.undecided();
    if open { String::new() } else { crate::kernel::date_time(request.closes_at) }
}

/// What the chosen goods come to; empty before the award.
fn goods(won: &[queries_award::AwardLine]) -> String {
    let costs = won.iter().filter_map(|w| cost(w.price, w.quantity));
    let sum: i64 = costs.map(|v| v.0).sum();
    if sum > 0 { Vnd(sum).to_string() } else { String::new() }
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
        "close" => (
            steps::close(tx, &cx, whose).await,
            page.t("Đã ngừng nhận chào giá.", "No more offers are taken."),
        ),
        "cancel" => {
            let done = steps::cancel(tx, &cx, whose, &sent.words()).await;
            (done, page.t("Đã hủy yêu cầu.", "The request is called off."))
        }
        "extend" => {
            let day = parse_day(&sent.han).ok().and_then(|day| day.succ_opt());
            let until = day.map_or(cx.now, start_of_day);
            (
                steps::extend(tx, &cx, whose, until).await,
                page.t("Đã gia hạn.", "The deadline was moved."),
            )
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
