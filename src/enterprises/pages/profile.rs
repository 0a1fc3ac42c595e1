//! `/ban-hang/ho-so`: the checklist, the facts, the way to approval.

use super::{
    super::{
        checklist::{self, Requirement, Standing},
        decide,
        error::SellerError,
        model::{Seller, State, Step},
        open::save_profile,
        queries,
        routes::Deps,
        scope::SellerScope,
    },
    communes,
    form::{Against, ProfileForm},
    vsic_options,
};
use crate::{
    kernel::{Cx, Errors, day_of},
    web::{AsProblem, Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State as Part,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// One line of the checklist, as shown.
struct Item {
    title: String,
    note: String,
    href: &'static str,
    met: bool,
    rejected: bool,
}

/// One line of the history, as shown.
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) at: String,
    pub(crate) reason: String,
}

#[derive(Template)]
#[template(path = "enterprises/profile.html")]
struct ProfilePage {
    page: Page,
    scope: SellerScope,
    seller: Seller,
    place: String,
    state: String,
    kind: String,
    size: String,
    form: ProfileForm,
    errors: Errors,
    items: Vec<Item>,
    met: usize,
    whole: bool,
    open: bool,
    contact: bool,
    history: Vec<Told>,
    communes: Vec<(String, String, String)>,
    vsic: Vec<(String, String)>,
}

/// The record of a seller in the reader's words.
pub(crate) fn told(
    events: Vec<crate::enterprises::SellerEvent>,
    lang: crate::kernel::Lang,
) -> Vec<Told> {
    let one = |e: crate::enterprises::SellerEvent| Told {
        title: Step::told(&e.event).get(lang).to_owned(),
        at: crate::kernel::date_time(e.at),
        reason: e.reason,
    };
    events.into_iter().map(one).collect()
}

async fn show(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: SellerScope,
    sent: Option<(ProfileForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let seller = queries::seller(&mut db, scope.seller).await?.ok_or_else(PageError::not_found)?;
    let list = checklist::of(&mut db, cx, scope.seller).await?.ok_or_else(PageError::not_found)?;
    let history = told(queries::events(&mut db, scope.seller).await?, page.lang);
    let vsic = vsic_options(&mut db, page.lang).await?;
    drop(db);
    let wrong = sent.as_ref().is_some_and(|(_, errors)| !errors.is_empty());
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (form, errors) =
        sent.unwrap_or_else(|| (ProfileForm::from(&seller), Errors::new(page.lang)));
    let item = |r: &Requirement| Item {
        title: r.title.get(page.lang).to_owned(),
        note: r.note.get(page.lang).to_owned(),
        href: r.href,
        met: r.standing == Standing::Met,
        rejected: r.standing == Standing::Rejected,
    };
    let shown = ProfilePage {
        items: list.0.iter().map(item).collect(),
        met: list.count_met(),
        whole: list.is_whole(),
        open: seller.state.is_open(),
        contact: matches!(seller.state, State::Approved | State::Suspended),
        place: deps.places.shown(&seller.commune_code),
        state: seller.state.label().get(page.lang).to_owned(),
        kind: seller.kind.label().get(page.lang).to_owned(),
        size: seller.size_class.label().get(page.lang).to_owned(),
        communes: communes(&deps.places, page.lang, &form.commune_q, &form.commune),
        page: page.in_section("seller-profile"),
        scope,
        seller,
        form,
        errors,
        history,
        vsic,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /ban-hang/ho-so`
pub(in super::super) async fn profile(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, scope, None).await
}

/// `POST /ban-hang/ho-so`: saves the facts.
pub(in super::super) async fn save(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<ProfileForm>,
) -> Result<Response, PageError> {
    let mut form = form.data;
    if form.act == "commune" {
        return show(&deps, &cx, page, scope, Some((form, Errors::default()))).await;
    }
    let mut db = deps.db.acquire().await?;
    let stored = queries::seller(&mut db, scope.seller).await?.ok_or_else(PageError::not_found)?;
    let vsic = vsic_options(&mut db, page.lang).await?;
    drop(db);
    // Who the firm is was told when the file was opened.
    form.kind = stored.kind.code().into();
    if let Some(code) = &stored.tax_code {
        form.tax_code.clone_from(code);
    }
    let with =
        Against { lang: page.lang, places: &deps.places, vsic: &vsic, today: day_of(cx.now) };
    let checked =
        if stored.state.is_open() { form.check(&with) } else { form.check_contact(page.lang) };
    let new = match checked {
        Ok(new) => new,
        Err(errors) => return show(&deps, &cx, page, scope, Some((form, errors))).await,
    };
    let version = form.version.parse().unwrap_or(-1);
    let mut tx = deps.db.begin().await?;
    match save_profile(&mut tx, &cx, scope.seller, version, &new).await {
        Ok(()) => tx.commit().await?,
        Err(error @ (SellerError::Stale | SellerError::Taken)) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            errors.add("tax_code", error.problem().title);
            return show(&deps, &cx, page, scope, Some((form, errors))).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(go_with(&page, "/ban-hang/ho-so", page.t("Đã lưu hồ sơ.", "The file has been saved.")))
}

/// `POST /ban-hang/ho-so/gui`: hands the file in.
pub(in super::super) async fn submit(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    scope.owner()?;
    let mut tx = deps.db.begin().await?;
    decide::submit(&mut tx, &cx, scope.seller).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã gửi hồ sơ. Sở Công Thương sẽ trả lời qua thư điện tử.",
        "The file has been sent. The Department will answer by mail.",
    );
    Ok(go_with(&page, "/ban-hang/ho-so", line))
}

/// `POST /ban-hang/ho-so/bo`: gives a file up that was never approved.
pub(in super::super) async fn give_up(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    scope.owner()?;
    let mut tx = deps.db.begin().await?;
    decide::give_up(&mut tx, &cx, scope.seller).await?;
    tx.commit().await?;
    let line = page.t("Đã bỏ hồ sơ này.", "This file has been given up.");
    Ok(go_with(&page, "/ban-hang/ho-so", line))
}
