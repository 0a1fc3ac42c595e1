//! The buyer chooses in the comparison: at once, or once his firm has agreed.

use super::{
    super::{
        agreement,
        award::{self, Chosen, Outcome},
        error::QuoteError,
        model::{Amount, OfferLine},
        queries_offers::Version,
        queries_proposals,
        queries_read::{self, Line, Request},
        routes::Deps,
    },
    Begin, Turn, beside, buyer, buyer_path, compare, id_of, own,
};
use crate::{
    kernel::{Cx, Errors},
    organisations::{OrgRole, OrgScope},
    platform::audit,
    web::{AsProblem, Form, Page, PageError},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// The chosen lines of the form: `l1=<quote>:<version>:<choice>`, `q1=<quantity>`; or all lines of one quote.
fn chosen(
    pairs: &[(String, String)],
    lines: &[Line],
    versions: &[Version],
    errors: &mut Errors,
) -> Vec<Chosen> {
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let named = |typed: &str| {
        let mut parts = typed.split(':');
        let quote: Uuid = parts.next()?.parse().ok()?;
        let version: i32 = parts.next()?.parse().ok()?;
        Some((quote, version, parts.next().and_then(|c| c.parse().ok()).unwrap_or(0)))
    };
    if let Some((quote, version, _)) = value("all").and_then(named) {
        let found = versions.iter().find(|v| v.quote == quote);
        let all = found.iter().flat_map(|v| &v.offer.lines).filter(|l| l.choice == 0);
        let one = |l: &OfferLine| Chosen {
            position: l.position,
            quote,
            version,
            choice: 0,
            quantity: l.quantity,
        };
        return all.map(one).collect();
    }
    let mut all = Vec::new();
    for line in lines {
        let Some((quote, version, choice)) = value(&format!("l{}", line.position)).and_then(named)
        else {
            continue;
        };
        let field = format!("q{}", line.position);
        let quantity = value(&field).map_or(Some(line.quantity), Amount::read);
        errors.check(
            quantity.is_some(),
            &field,
            "Số lượng chưa đúng, ví dụ 120 hoặc 1,5.",
            "This is not a quantity, e.g. 120 or 1,5.",
        );
        all.extend(quantity.map(|quantity| Chosen {
            position: line.position,
            quote,
            version,
            choice,
            quantity,
        }));
    }
    all
}

/// What was chosen before and is kept, if it is still what the reader was shown: `chot` is its print.
async fn kept(
    db: &mut PgConnection,
    request: &Request,
    shown: &str,
    errors: &mut Errors,
) -> sqlx::Result<Vec<Chosen>> {
    let found = queries_proposals::find(db, request.id).await?;
    let same = found
        .filter(|kept| hex::encode(agreement::print(request, &kept.picks, kept.total)) == shown);
    if same.is_none() {
        errors.add("chon", QuoteError::Changed.problem().title);
    }
    Ok(same.map(|kept| kept.picks.iter().map(|pick| pick.chosen).collect()).unwrap_or_default())
}

/// What the form names.
async fn picked(
    deps: &Deps,
    scope: &OrgScope,
    id: Uuid,
    pairs: &[(String, String)],
    errors: &mut Errors,
) -> Result<Vec<Chosen>, PageError> {
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org)?;
    if let Some((_, shown)) = pairs.iter().find(|(name, _)| name == "chot") {
        return Ok(kept(&mut db, &request, shown, errors).await?);
    }
    let lines = queries_read::lines(&mut db, id).await?;
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let versions = compare::offers(&mut db, &quotes).await?;
    Ok(chosen(pairs, &lines, &versions, errors))
}

/// `POST /to-chuc/bao-gia/{id}/chon`: what is marked, all of one shop, or what the firm has agreed to.
pub(in super::super) async fn choose(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(typed): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let id = id_of(&typed)?;
    let mut errors = Errors::new(page.lang);
    let chosen = picked(&deps, &scope, id, &form.data, &mut errors).await?;
    if !errors.is_empty() {
        return buyer::shown(&deps, &cx, page, scope, &typed, errors).await;
    }
    let key = form.data.iter().find(|(n, _)| n == "key").map_or("", |(_, v)| v.as_str());
    let path = format!("{}/chon", buyer_path(id));
    let asked = (path.as_str(), form.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, page.lang), scope.person, key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return buyer::shown(&deps, &cx, page, scope, &typed, errors).await,
    };
    let (whose, who) = ((scope.org, id), (scope.person, page.lang));
    let what = (chosen.as_slice(), "");
    match award::choose(&mut turn.tx, &cx, &deps.categories, whose, who, what).await {
        Ok(outcome) => {
            let line = told(&mut turn, &cx, (&page, &scope, id), &outcome).await?;
            turn.end(&page, &buyer_path(id), &line).await
        }
        Err(error) => {
            drop(turn);
            let errors = beside(error, "chon", page.lang)?;
            buyer::shown(&deps, &cx, page, scope, &typed, errors).await
        }
    }
}

/// Puts what came of it on record, and says it.
async fn told(
    turn: &mut Turn,
    cx: &Cx,
    (page, scope, id): (&Page, &OrgScope, Uuid),
    outcome: &Outcome,
) -> Result<String, PageError> {
    let subject = format!("request:{id}");
    match outcome {
        Outcome::Placed(orders) => {
            let numbers: Vec<&str> = orders.iter().map(|o| o.number.as_str()).collect();
            let detail = json!({ "org": scope.org, "orders": numbers });
            audit::record(&mut turn.tx, cx, "quotes.award", &subject, detail).await?;
            let line = page.t("Đã chọn và lập đơn mua:", "Chosen; purchase orders:");
            Ok(format!("{line} {}", numbers.join(", ")))
        }
        Outcome::Waits => {
            let detail = json!({ "org": scope.org });
            audit::record(&mut turn.tx, cx, "quotes.propose", &subject, detail).await?;
            let line = page.t(
                "Lựa chọn đã được giữ và gửi đi duyệt. Người duyệt nhận thư ngay; bạn sẽ được báo khi có kết quả.",
                "Your choice is kept and your firm is asked. Approvers are mailed at once; you will be told.",
            );
            Ok(line.to_owned())
        }
    }
}
