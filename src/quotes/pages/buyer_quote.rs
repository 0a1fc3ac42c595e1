//! One quote with all its versions, as its buyer sees it: he proposes other prices, or rejects it.

use super::{
    super::{
        bargain::{Bargain, Counter, bargain, counter},
        machine::QuoteState,
        queries_offers, queries_read,
        routes::Deps,
    },
    Begin, Turn, beside, buyer_path, cut, id_of, own,
    show::{Facts, Past, ShownVersion, badge, history},
    status,
};
use crate::{
    kernel::{Cx, Errors, Vnd},
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
            || !events
                .iter()
                .any(|h| h.version == Some(n) && matches!(&*h.event, "offer" | "counter" | "take"))
    };
    versions.retain(|v| !unsent(v.version));
    drop(db);
    let (state, tone) = badge(found.state, lang);
    let bargains =
        window.is_decidable() && found.is_acceptable(cx) && scope.has(OrgRole::Requester);
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
    let value =
        |name: &str| form.data.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
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
