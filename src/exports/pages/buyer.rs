//! `/hoi-hang/{token}`: the link of a buyer abroad.

use crate::{
    exports::{
        enquire,
        offer::{self, Verdict},
        queries_enquiries::{self as q, Enquiry, Offer},
        routes::Deps,
    },
    kernel::{Cx, Day, Errors, day_of},
    web::{Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "exports/enquiry.html")]
struct EnquiryPage {
    page: Page,
    enquiry: Enquiry,
    offers: Vec<Offer>,
    today: Day,
    reason: String,
    errors: Errors,
}

async fn enquiry_page(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    token: &str,
    typed: Option<(String, Errors)>,
) -> Result<EnquiryPage, PageError> {
    let enquiry = q::by_secret(&deps.db, token).await?.ok_or_else(PageError::not_found)?;
    let offers = q::offers(&deps.db, enquiry.id).await?;
    let (reason, errors) = typed.unwrap_or_else(|| (String::new(), Errors::new(page.lang)));
    let today = day_of(cx.now);
    Ok(EnquiryPage { page: page.in_section("export"), enquiry, offers, today, reason, errors })
}

/// `GET /hoi-hang/{token}`
pub(in crate::exports) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let shown = Html(enquiry_page(&deps, &cx, page, &token, None).await?);
    // The address is the key: it is not told to pages that are linked to.
    Ok(([("referrer-policy", "no-referrer"), ("cache-control", "private, no-store")], shown)
        .into_response())
}

/// Confirmed, accepted or declined.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::exports) struct Word {
    act: String,
    ban: String,
    reason: String,
}

/// `POST /hoi-hang/{token}`
pub(in crate::exports) async fn answer(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(token): Path<String>,
    Form { data: word, .. }: Form<Word>,
) -> Result<Response, PageError> {
    let to = format!("/hoi-hang/{token}");
    let mut tx = deps.db.begin().await?;
    if word.act == "confirm" {
        enquire::confirm(&mut tx, &cx, &deps.site, &token).await?;
        tx.commit().await?;
        let (vi, en) = (
            "Lời hỏi đã tới người bán; bạn nhận thư khi có chào giá.",
            "Your enquiry is with the seller; you get a mail when there is an offer.",
        );
        return Ok(go_with(&page, &to, page.t(vi, en)));
    }
    let mut errors = Errors::new(page.lang);
    let verdict = match word.act.as_str() {
        "accept" => Verdict::Accept,
        _ => {
            errors.check(word.act == "decline", "act", "Xin chọn.", "Please choose.");
            errors.length("reason", &word.reason, (3, 300));
            Verdict::Decline { reason: word.reason.trim().to_owned() }
        }
    };
    if !errors.is_empty() {
        drop(tx);
        let again = enquiry_page(&deps, &cx, page, &token, Some((word.reason, errors))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response());
    }
    let seen = word.ban.parse().unwrap_or(0);
    offer::answer(&mut tx, &cx, &deps.site, (&token, seen), &verdict).await?;
    tx.commit().await?;
    let (vi, en) = ("Người bán đã được báo.", "The seller has been told.");
    Ok(go_with(&page, &to, page.t(vi, en)))
}
