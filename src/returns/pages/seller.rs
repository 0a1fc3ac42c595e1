//! The seller's pages: returns that wait for him, and one return with what he can do.

use super::{
    super::{
        machine::Actor,
        model::Case,
        queries_read::{self, Scope},
        routes::Deps,
    },
    ActForm, Pressed, Shown, id_of, picture, press,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, date_time},
    platform::audit,
    web::{Form, Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

const SECTION: &str = "seller-returns";

#[derive(Template)]
#[template(path = "returns/seller_list.html")]
struct ListPage {
    page: Page,
    cases: Vec<Case>,
}

impl ListPage {
    fn state(&self, case: &Case) -> String {
        case.state.label().get(self.page.lang).to_owned()
    }

    fn due(case: &Case) -> String {
        case.due_at.map(date_time).unwrap_or_default()
    }
}

/// `GET /ban-hang/tra-hang`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let cases = queries_read::of_seller(&mut *deps.db.acquire().await?, scope.seller).await?;
    Ok(Html(ListPage { page: page.in_section(SECTION), cases }))
}

#[derive(Template)]
#[template(path = "returns/seller_show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    shown: Shown,
}

async fn shown(
    deps: &Deps,
    page: Page,
    scope: &SellerScope,
    id: &str,
    errors: Errors,
) -> Result<Response, PageError> {
    let id = id_of(id)?;
    let mut db = deps.db.acquire().await?;
    let found = queries_read::find(&mut db, id, Scope::Seller(scope.seller)).await?;
    let found = found.ok_or_else(PageError::not_found)?;
    let action = format!("/ban-hang/tra-hang/{id}");
    let shown = Shown::of(&found, Actor::Seller, page.lang, action, "");
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section(SECTION);
    Ok((status, Html(ShowPage { page, errors, shown })).into_response())
}

/// `GET /ban-hang/tra-hang/{id}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, page, &scope, &id, errors).await
}

/// `POST /ban-hang/tra-hang/{id}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(typed): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let id = id_of(&typed)?;
    let in_scope = Scope::Seller(scope.seller);
    let found = queries_read::find(&mut *deps.db.acquire().await?, id, in_scope).await?;
    found.ok_or_else(PageError::not_found)?;
    let back = format!("/ban-hang/tra-hang/{id}");
    match press(&deps.db, (&cx, &page), id, Actor::Seller, &form, &back).await? {
        Pressed::Moved(mut tx, response) => {
            let (act, subject) = (json!({ "act": form.data.act }), format!("return:{id}"));
            audit::record(&mut tx, &cx, "returns.act", &subject, act).await?;
            tx.commit().await?;
            Ok(response)
        }
        Pressed::Already(response) => Ok(response),
        Pressed::Wrong(errors) => shown(&deps, page, &scope, &typed, errors).await,
    }
}

/// `GET /ban-hang/tra-hang/{id}/anh/{picture}`
pub(in super::super) async fn show_picture(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response, PageError> {
    picture(&deps.db, &deps.files, (&id, &wanted), Scope::Seller(scope.seller)).await
}
