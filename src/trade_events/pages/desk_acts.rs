//! What is done on the desk from which an event is run.

use super::desk::{Desk, existing, refused};
use crate::{
    kernel::{Cx, Errors, SellerId},
    platform::idempotency,
    trade_events::{
        error::TradeError,
        events,
        forms::EventForm,
        letters,
        queries::{self, Event},
        routes::Deps,
        sign_up,
    },
    web::{AsProblem, Begun, Page, PageError, Viewer, begin_once, go_with},
};
use axum::response::Response;
use serde::Deserialize;

/// A draft, once however often the form is sent.
pub(super) async fn make(
    deps: &Deps,
    (cx, page, viewer): (&Cx, Page, &Viewer),
    desk: Desk,
    form: EventForm,
    raw: &[u8],
) -> Result<Response, PageError> {
    let new = match form.check(page.lang, cx, true) {
        Ok(new) => new,
        Err(errors) => return Ok(refused(desk, page, form, errors, None)),
    };
    let mut tx = deps.db.begin().await?;
    let here = format!("{}/moi", desk.home());
    let route = (here.as_str(), raw);
    let once = match begin_once(&mut tx, cx, page.lang, viewer.id, &form.key, route).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(refused(desk, page, form, errors, None)),
    };
    let id = events::make(&mut tx, cx, (desk.by(), desk.host()), &new).await?;
    let to = format!("{}/{id}", desk.home());
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    let said = match desk {
        Desk::Department(_) => page.t(
            "Đã lưu bản nháp. Xem lại rồi bấm “Công bố”.",
            "The draft is saved. Look it over, then publish it.",
        ),
        Desk::Host(_) => page.t(
            "Đã lưu bản nháp. Xem lại rồi bấm “Gửi Sở Công Thương”.",
            "The draft is saved. Look it over, then send it to the Department.",
        ),
    };
    Ok(go_with(&page, &to, said))
}

/// What it is, anew.
pub(super) async fn change(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    desk: Desk,
    id: &str,
    form: EventForm,
) -> Result<Response, PageError> {
    let existing = existing(deps, &desk, id).await?;
    let id = existing.event.id;
    let new = match form.check(page.lang, cx, false) {
        Ok(new) => new,
        Err(errors) => return Ok(refused(desk, page, form, errors, Some(existing))),
    };
    let version = form.ban.parse().unwrap_or(0);
    let mut tx = deps.db.begin().await?;
    match events::change(&mut tx, cx, (id, version), desk.host(), &new).await {
        Ok(()) => tx.commit().await?,
        Err(error @ TradeError::Stale) => {
            let mut errors = Errors::new(page.lang);
            errors.add("ten", error.problem().title);
            return Ok(refused(desk, page, form, errors, Some(existing)));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(go_with(&page, &format!("{}/{id}", desk.home()), page.t("Đã lưu.", "It is saved.")))
}

/// Proposing, publishing, sending back, cancelling; taking a shop in or refusing it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct StepForm {
    act: String,
    gian: String,
    ly_do: String,
}

/// One step of the event.
pub(super) async fn step(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    desk: Desk,
    id: &str,
    form: StepForm,
) -> Result<Response, PageError> {
    let existing = existing(deps, &desk, id).await?;
    let event = &existing.event;
    let with_reason = matches!(form.act.as_str(), "cancel" | "back");
    let mut errors = Errors::new(page.lang);
    if with_reason {
        errors.length("ly_do", &form.ly_do, (3, 300));
    }
    if !errors.is_empty() {
        let typed = EventForm::of(event, page.new_key());
        return Ok(refused(desk, page, typed, errors, Some(existing)));
    }
    let said = taken(deps, (cx, &page), &desk, event, &form).await?;
    // What is sent back is not on the Department's desk any more.
    let to = match form.act.as_str() {
        "back" => desk.home().to_owned(),
        _ => format!("{}/{}", desk.home(), event.id),
    };
    Ok(go_with(&page, &to, said))
}

/// Takes the step and tells whom it concerns; gives what is said about it. A step that the page does not offer is none.
async fn taken(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    desk: &Desk,
    event: &Event,
    form: &StepForm,
) -> Result<&'static str, PageError> {
    let reason = form.ly_do.trim();
    let mut tx = deps.db.begin().await?;
    let said = match (form.act.as_str(), desk) {
        ("propose", Desk::Host(_)) => {
            events::propose(&mut tx, cx, event.id, true).await?;
            page.t("Đã gửi Sở Công Thương.", "It is sent to the Department.")
        }
        ("take_back", Desk::Host(_)) => {
            events::propose(&mut tx, cx, event.id, false).await?;
            page.t("Đã rút lại để sửa.", "It is yours again to change.")
        }
        ("publish", Desk::Department(_)) => {
            events::publish(&mut tx, cx, event.id).await?;
            letters::published(&mut tx, cx, &deps.site, event).await?;
            page.t("Đã công bố.", "It is published.")
        }
        ("back", Desk::Department(_)) => {
            events::send_back(&mut tx, cx, &deps.site, event, reason).await?;
            page.t("Đã gửi lại để sửa.", "It is sent back to be changed.")
        }
        ("cancel", _) => {
            events::cancel(&mut tx, cx, event.id, reason).await?;
            let (sellers, people) = queries::concerned(&mut tx, event.id).await?;
            let event = Event { reason: reason.to_owned(), ..event.clone() };
            letters::event_cancelled(&mut tx, cx, &deps.site, &event, (&sellers, &people)).await?;
            page.t("Đã hủy và báo cho mọi người.", "It is cancelled; everybody is told.")
        }
        _ => return Err(TradeError::Stale.into()),
    };
    tx.commit().await?;
    Ok(said)
}

/// A shop is taken in or refused.
pub(super) async fn decide(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    desk: Desk,
    id: &str,
    form: StepForm,
) -> Result<Response, PageError> {
    let existing = existing(deps, &desk, id).await?;
    let id = existing.event.id;
    let seller: SellerId = form.gian.parse().map_err(|_| PageError::not_found())?;
    let accept = form.act == "accept";
    let mut errors = Errors::new(page.lang);
    errors.check(accept || form.act == "refuse", "ly_do", "Xin chọn.", "Please choose.");
    if !accept {
        errors.length("ly_do", &form.ly_do, (3, 300));
    }
    if !errors.is_empty() {
        let typed = EventForm::of(&existing.event, page.new_key());
        return Ok(refused(desk, page, typed, errors, Some(existing)));
    }
    let mut tx = deps.db.begin().await?;
    let word = (desk.by(), accept, form.ly_do.trim());
    sign_up::decide(&mut tx, cx, &deps.site, (id, seller), word).await?;
    tx.commit().await?;
    let said = page.t("Đã trả lời gian hàng.", "The shop is answered.");
    Ok(go_with(&page, &format!("{}/{id}", desk.home()), said))
}
