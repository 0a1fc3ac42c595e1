//! The seller's pages: purchase orders of firms, and one of them with what he can do.

use super::{
    super::{
        act,
        deliver::{self, Sending, Sent},
        instalments,
        lists::{self, Sheet},
        machine::{Deed, Side},
        model::PoState,
        read::{Scope, Whole},
        routes::Deps,
    },
    ActForm, Asked, Pressed, Tab, account, begin, end, found, tabs,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Day, Errors, day_of},
    platform::audit,
    web::{Form, Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

pub(super) const HERE: &str = "/ban-hang/don-mua";
pub(super) const SECTION: &str = "seller-purchases";

#[derive(Template)]
#[template(path = "purchasing/seller_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    sheet: Sheet,
    older: String,
}

/// `GET /ban-hang/don-mua`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let of = Scope::Seller(scope.seller);
    let sheet = lists::sheet(&mut db, of, asked.state(), &asked.sau).await?;
    let tabs = tabs(HERE, asked.state(), page.lang);
    let older = asked.older(HERE, &sheet.next);
    Ok(Html(ListPage { page: page.in_section(SECTION), tabs, sheet, older }))
}

#[derive(Template)]
#[template(path = "purchasing/seller_show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    whole: Whole,
    today: Day,
    base: String,
    form: ActForm,
}

impl ShowPage {
    fn is(&self, state: PoState) -> bool {
        self.whole.head.state == state
    }

    fn typed(&self, prefix: &str, position: i32, usual: String) -> String {
        self.form.rest.get(&format!("{prefix}-{position}")).cloned().unwrap_or(usual)
    }

    fn can_send(&self) -> bool {
        (self.is(PoState::Confirmed) || self.is(PoState::InDelivery)) && self.whole.has_open_lines()
    }

    /// Whether the deposit is still to come.
    fn deposit_waits(&self) -> bool {
        self.whole.instalments.iter().any(|i| i.kind == "deposit" && i.is_open())
    }
}

pub(super) async fn shown(
    deps: &Deps,
    (cx, page, scope): (&Cx, Page, &SellerScope),
    number: &str,
    (errors, form): (Errors, ActForm),
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let whole = found(&mut db, number, Scope::Seller(scope.seller)).await?;
    let base = format!("{HERE}/{}", whole.head.number);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (page, today) = (page.in_section(SECTION), day_of(cx.now));
    Ok((status, Html(ShowPage { page, errors, whole, today, base, form })).into_response())
}

/// `GET /ban-hang/don-mua/{number}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, (&cx, page, &scope), &number, (errors, ActForm::default())).await
}

/// `POST /ban-hang/don-mua/{number}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(number): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let of = Scope::Seller(scope.seller);
    let whole = found(&mut *deps.db.acquire().await?, &number, of).await?;
    match press(&deps, (&cx, &page), &whole, &form).await? {
        Pressed::Done(response) => Ok(response),
        Pressed::Wrong(errors) => {
            shown(&deps, (&cx, page, &scope), &number, (errors, form.data)).await
        }
    }
}

async fn press(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    whole: &Whole,
    form: &Form<ActForm>,
) -> Result<Pressed, PageError> {
    let (head, sent) = (&whole.head, &form.data);
    let back = format!("{HERE}/{}", head.number);
    let mut errors = Errors::new(page.lang);
    let goods = goods(sent, &mut errors);
    if !errors.is_empty() {
        return Ok(Pressed::Wrong(errors));
    }
    let begun = match begin(deps, (cx, page), &sent.key, (&back, &form.raw)).await? {
        Ok(begun) => begun,
        Err(pressed) => return Ok(pressed),
    };
    let (mut tx, once) = begun;
    let (at, note) = ((head.id, sent.seen()), sent.note.as_str());
    let say = |deed| (Side::Seller, deed);
    let outcome = match sent.act.as_str() {
        "confirm" => {
            let account = account(&mut tx, deps, head.seller).await?;
            act::confirm(&mut tx, cx, at, account.as_ref(), note).await
        }
        "decline" => act::say(&mut tx, cx, at, say(Deed::Decline), note).await,
        "ask_cancel" => act::say(&mut tx, cx, at, say(Deed::AskCancel), note).await,
        "agree_cancel" => act::say(&mut tx, cx, at, say(Deed::AgreeCancel), note).await,
        "keep_on" => act::say(&mut tx, cx, at, say(Deed::KeepOn), note).await,
        "send" => {
            let sending = Sending { goods: &goods, carrier: &sent.carrier, note };
            deliver::send(&mut tx, cx, at, &sending).await.map(drop)
        }
        "money" => {
            let part = whole.instalment(sent.nth()?).ok_or_else(PageError::not_found)?;
            instalments::confirm_money(&mut tx, cx, part.id).await
        }
        _ => return Err(PageError::not_found()),
    };
    if outcome.is_ok() {
        let detail = json!({ "act": sent.act, "nth": sent.nth });
        let subject = format!("purchase order:{}", head.id);
        audit::record(&mut tx, cx, "purchasing.act", &subject, detail).await?;
    }
    let line = page.t("Đã ghi nhận.", "It is noted.");
    end((tx, once), page, &back, (outcome, line)).await
}

/// What is to be sent, by the form.
fn goods(sent: &ActForm, errors: &mut Errors) -> Vec<Sent> {
    let quantities = sent.quantities("sl", errors);
    let pieces = sent.quantities("kho", errors);
    let one = |(position, quantity): (i32, i64)| {
        // Pieces are whole; anything else is refused as no delivery.
        let pieces = pieces.get(&position).copied().unwrap_or(0);
        let pieces = if pieces % 1000 == 0 { pieces / 1000 } else { -1 };
        Sent { position, quantity, pieces }
    };
    quantities.into_iter().map(one).collect()
}
