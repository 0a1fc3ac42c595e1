//! `/ban-hang/bao-gia/{id}`: a request as an invited seller sees it, with what he can do.

use super::{
    super::{
        bargain::{Bargain, bargain},
        machine::{Event, QuoteState},
        offer::{judge, set_limit},
        queries_offers::{self, Version},
        queries_read::{self, Line, Quote, Request},
        questions::question,
        routes::Deps,
    },
    ActForm, Begin, Turn, beside, cut, id_of,
    offer::{OfferForm, OfferRow},
    own_goods, seller_path,
    show::{Asked, Facts, Past, ShownFile, ShownLine, ShownVersion, badge, history},
    status,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, Text, Vnd},
    organisations::{self, OrgState},
    platform::audit,
    web::{Form, Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// Questions that a seller may ask about one request.
const MOST_QUESTIONS: i64 = 20;

#[derive(Template)]
#[template(path = "quotes/seller_show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    facts: Facts,
    verified: bool,
    lines: Vec<ShownLine>,
    questions: Vec<Asked>,
    files: Vec<ShownFile>,
    own_files: Vec<ShownFile>,
    past: Vec<Past>,
    state: String,
    tone: &'static str,
    moves: i32,
    /// What stands as this seller's offer.
    stands: Option<ShownVersion>,
    /// What the buyer proposes instead.
    counter: Option<ShownVersion>,
    /// What waits for an owner.
    pending: Option<ShownVersion>,
    owner: bool,
    form: OfferForm,
    rows: Vec<OfferRow>,
    may_offer: bool,
    /// Goods of his own, to be named in the form.
    goods: Vec<String>,
    may_decline: bool,
    may_withdraw: bool,
    takes_questions: bool,
    orders: Vec<(String, String)>,
    action: String,
}

impl ShowPage {
    fn err(&self, field: &str, line: &usize) -> Option<&str> {
        self.errors.get(&format!("{field}-{line}"))
    }
}

/// Everything of one request in a seller's scope.
pub(in super::super) struct Found {
    pub(in super::super) request: Request,
    pub(in super::super) lines: Vec<Line>,
    pub(in super::super) quote: Quote,
}

pub(in super::super) async fn find(
    deps: &Deps,
    scope: &SellerScope,
    id: Uuid,
) -> Result<Found, PageError> {
    let mut db = deps.db.acquire().await?;
    let quotes = queries_read::quotes(&mut db, id, Some(scope.seller)).await?;
    let quote = quotes.into_iter().next().ok_or_else(PageError::not_found)?;
    let request = queries_read::request(&mut db, id).await?.ok_or_else(PageError::not_found)?;
    let lines = queries_read::lines(&mut db, id).await?;
    Ok(Found { request, lines, quote })
}

/// The page, with the form as it was sent or as the last offer fills it.
pub(super) async fn shown(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    (id, sent, errors): (Uuid, Option<OfferForm>, Errors),
) -> Result<Response, PageError> {
    let Found { request, lines, quote } = find(deps, scope, id).await?;
    let mut db = deps.db.acquire().await?;
    queries_offers::mark_seen(&mut *db, cx, quote.id).await?;
    let versions = queries_offers::versions(&mut db, &[quote.id], None).await?;
    let questions = queries_read::questions(&mut db, id, Some(scope.seller)).await?;
    let files = queries_read::files(&mut db, id).await?;
    let events = queries_read::history(&mut db, id, Some(quote.id)).await?;
    let orders = super::super::queries_award::orders(&mut db, id).await?;
    let org = organisations::organisation(&mut db, request.org).await?;
    let goods = own_goods::proposed(&mut db, scope.seller).await?;
    drop(db);
    let numbered = |n: Option<i32>| versions.iter().find(|v| Some(v.version) == n);
    let version = |n: Option<i32>| numbered(n).map(|v: &Version| ShownVersion::of(v, page.lang));
    let window = request.window(cx);
    let answering = quote.state == QuoteState::Countered && request.state.undecided();
    let stands = matches!(quote.state, QuoteState::Sent | QuoteState::Countered);
    let base = numbered(quote.pending).or(numbered(quote.offer));
    let form = sent.unwrap_or_else(|| OfferForm::of(&lines, base, cx));
    let path = seller_path(id);
    let own = |f: &&queries_read::File| f.quote == Some(quote.id);
    let (state, tone) = badge(quote.state, page.lang);
    let shown = ShowPage {
        facts: Facts::of(&request, cx, (&deps.places, &deps.categories), page.lang),
        verified: org.is_some_and(|o| o.state == OrgState::Verified),
        questions: questions.into_iter().map(|q| Asked::of(q, false)).collect(),
        files: files
            .iter()
            .filter(|f| f.quote.is_none())
            .map(|f| ShownFile::of(f, &path))
            .collect(),
        own_files: files.iter().filter(own).map(|f| ShownFile::of(f, &path)).collect(),
        past: history(&events, false, page.lang),
        stands: version(quote.offer),
        counter: version(quote.counter),
        pending: version(quote.pending),
        owner: scope.is_owner(),
        rows: form.rows(&lines, scope.seller),
        may_offer: !matches!(quote.state, QuoteState::Accepted | QuoteState::Lost)
            && (window.takes_offers() || answering),
        goods,
        may_decline: quote.state == QuoteState::Invited && request.state.undecided(),
        may_withdraw: stands && request.state.undecided(),
        takes_questions: window.takes_offers(),
        orders: orders
            .iter()
            .filter(|o| o.quote == quote.id)
            .map(|o| (format!("/ban-hang/don-mua/{}", o.number), o.number.clone()))
            .collect(),
        lines: lines.iter().map(ShownLine::of).collect(),
        moves: quote.moves,
        page: page.in_section("seller-quotes"),
        action: path,
        errors,
        state,
        tone,
        form,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /ban-hang/bao-gia/{id}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, &cx, page, &scope, (id_of(&id)?, None, errors)).await
}

/// The seller's steps by the names of their buttons.
fn step(act: &str) -> Option<(Event, Text)> {
    Some(match act {
        "decline" => (
            Event::Decline,
            Text::new("Đã báo không chào giá.", "The buyer is told that you do not quote."),
        ),
        "keep" => (Event::Keep, Text::new("Đã trả lời: giữ giá.", "You keep to your offer.")),
        "take" => (
            Event::Take,
            Text::new(
                "Đồng ý giá bên mua đề nghị; vượt hạn mức của bạn thì chủ gian hàng duyệt rồi mới gửi.",
                "You take the buyer's prices; above your limit they go out once an owner agrees.",
            ),
        ),
        "withdraw" => {
            (Event::Withdraw, Text::new("Đã rút bản chào giá.", "The offer is withdrawn."))
        }
        _ => return None,
    })
}

/// `POST /ban-hang/bao-gia/{id}/viec`
pub(in super::super) async fn act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(typed): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let (id, lang) = (id_of(&typed)?, page.lang);
    find(&deps, &scope, id).await?;
    let sent = &form.data;
    let path = format!("{}/viec", seller_path(id));
    let asked = (path.as_str(), form.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, &sent.key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return shown(&deps, &cx, page, &scope, (id, None, errors)).await,
    };
    let (note, tx) = (sent.words(), &mut turn.tx);
    let (done, line) = match sent.act.as_str() {
        "agree" => {
            let line =
                Text::new("Đã duyệt, bản chào giá đã gửi.", "Agreed; the offer has been sent.");
            (judge(tx, &cx, id, &scope, (true, "")).await, line)
        }
        "refuse" => {
            let line = Text::new("Đã trả lại bản chào giá.", "The offer went back to your staff.");
            (judge(tx, &cx, id, &scope, (false, &note)).await, line)
        }
        "ask" => {
            let asked = queries_read::count_questions(tx, id, scope.seller).await?;
            if asked >= MOST_QUESTIONS {
                return Err(PageError(crate::web::Problem::conflict(
                    "quotes/too-many-questions",
                    "Bạn đã hỏi đủ 20 câu về yêu cầu này.",
                    "You have asked 20 questions about this request.",
                )));
            }
            let words = cut(&sent.cau_hoi, 2000);
            let private = !sent.rieng.is_empty();
            let done = question(tx, &cx, (id, scope.seller), (&words, private)).await.map(drop);
            (done, Text::new("Đã gửi câu hỏi.", "Your question has been sent."))
        }
        other => {
            let (event, line) = step(other).ok_or_else(PageError::not_found)?;
            let what = Bargain::Seller(scope.seller, event);
            (bargain(tx, &cx, id, what, (sent.seen(), &note)).await, line)
        }
    };
    if let Err(error) = done {
        drop(turn);
        let field = if sent.act == "ask" { "cau_hoi" } else { "note" };
        let errors = beside(error, field, lang)?;
        return shown(&deps, &cx, page, &scope, (id, None, errors)).await;
    }
    let detail = json!({ "act": sent.act, "seller": scope.seller });
    audit::record(&mut turn.tx, &cx, "quotes.seller_act", &format!("request:{id}"), detail).await?;
    turn.end(&page, &seller_path(id), line.get(lang)).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct LimitForm {
    key: String,
    so_tien: String,
}

#[derive(Template)]
#[template(path = "quotes/limit.html")]
struct LimitPage {
    page: Page,
    form: LimitForm,
    errors: Errors,
}

fn limit_page(page: Page, mut form: LimitForm, errors: Errors) -> Response {
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let page = page.in_section("seller-quotes");
    (status(&errors), Html(LimitPage { page, form, errors })).into_response()
}

/// `GET /ban-hang/bao-gia/han-muc`
pub(in super::super) async fn limit(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    scope.owner()?;
    let limit = queries_offers::limit(&mut *deps.db.acquire().await?, scope.seller).await?;
    let so_tien = limit.map(|l| l.0.to_string()).unwrap_or_default();
    let errors = Errors::new(page.lang);
    Ok(limit_page(page, LimitForm { so_tien, ..LimitForm::default() }, errors))
}

async fn set(
    deps: Deps,
    (cx, page): (Cx, Page),
    scope: SellerScope,
    form: Form<LimitForm>,
    amount: Option<Vnd>,
) -> Result<Response, PageError> {
    let asked = ("/ban-hang/bao-gia/han-muc", form.raw.as_ref());
    let lang: Lang = page.lang;
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, &form.data.key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return Ok(limit_page(page, form.data, errors)),
    };
    set_limit(&mut turn.tx, &cx, &scope, amount).await?;
    let detail = json!({ "amount": amount });
    audit::record(
        &mut turn.tx,
        &cx,
        "quotes.set_limit",
        &format!("seller:{}", scope.seller),
        detail,
    )
    .await?;
    let line = page.t("Đã lưu hạn mức.", "The limit is saved.");
    turn.end(&page, "/ban-hang/bao-gia", line).await
}

/// `POST /ban-hang/bao-gia/han-muc`
pub(in super::super) async fn set_limit_form(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<LimitForm>,
) -> Result<Response, PageError> {
    scope.owner()?;
    let typed = form.data.so_tien.trim();
    let amount = Vnd::read(typed).filter(|a| a.0 <= 1_000_000_000_000_000);
    if !typed.is_empty() && amount.is_none() {
        let mut errors = Errors::new(page.lang);
        errors.add("so_tien", Text::new("Số tiền chưa đúng.", "This is not an amount."));
        return Ok(limit_page(page, form.data, errors));
    }
    set(deps, (cx, page), scope, form, amount).await
}
