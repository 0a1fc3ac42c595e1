//! `/ban-hang/doi-soat/nguon`: the addresses on which services tell what the seller's bank shows.

use super::{
    feeds::{self, Feed},
    queries_feeds,
    services::Service,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    payments::routes::Deps,
    platform::{audit, idempotency},
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgExecutor;
use uuid::Uuid;

const HERE: &str = "/ban-hang/doi-soat/nguon";

#[derive(Template)]
#[template(path = "payments/feeds.html")]
struct FeedsPage {
    page: Page,
    feeds: Vec<Feed>,
    services: Vec<(&'static str, &'static str, String)>,
    /// The feed that was just made, with its key.
    fresh: Option<(Feed, String)>,
    errors: Errors,
    key: String,
    owner: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FeedForm {
    key: String,
    dich_vu: String,
}

async fn shown(
    db: impl PgExecutor<'_>,
    page: Page,
    scope: &SellerScope,
    fresh: Option<(Feed, String)>,
    errors: Errors,
) -> Result<FeedsPage, PageError> {
    let feeds = feeds::of_seller(db, scope.seller).await?;
    let note = |s: Service| s.place_of_key().get(page.lang).to_owned();
    let services = Service::ALL.map(|s| (s.code(), s.name(), note(s))).to_vec();
    let key = page.new_key();
    let page = page.in_section("seller-reconcile");
    Ok(FeedsPage { page, feeds, services, fresh, errors, key, owner: scope.is_owner() })
}

/// `GET /ban-hang/doi-soat/nguon`
pub(super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let errors = Errors::new(page.lang);
    Ok(Html(shown(&deps.db, page, &scope, None, errors).await?))
}

/// `POST /ban-hang/doi-soat/nguon`: a new address; its key is shown on the answer and never again.
pub(super) async fn open(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<FeedForm>,
) -> Result<Response, PageError> {
    scope.owner()?;
    let mut errors = Errors::new(page.lang);
    let service = Service::of(&form.data.dich_vu);
    let Some(service) = service else {
        errors.check(false, "dich_vu", "Xin chọn dịch vụ.", "Please choose a service.");
        let again = shown(&deps.db, page, &scope, None, errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response());
    };
    let mut tx = deps.db.begin().await?;
    let route = (HERE, form.raw.as_ref());
    match begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, route).await? {
        Begun::Done(answer) => Ok(answer),
        Begun::Wrong(errors) => {
            let again = shown(&mut *tx, page, &scope, None, errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
        }
        Begun::First(once) => {
            let (feed, key) = feeds::open(&mut tx, &cx, scope.seller, service).await?;
            idempotency::settle(&mut tx, &once, HERE).await?;
            let detail = json!({ "seller": scope.seller, "service": service.code() });
            let subject = format!("feed:{}", feed.id);
            audit::record(&mut tx, &cx, "payments.open_feed", &subject, detail).await?;
            let made = shown(&mut *tx, page, &scope, Some((feed, key)), errors).await?;
            tx.commit().await?;
            Ok(Html(made).into_response())
        }
    }
}

/// `POST /ban-hang/doi-soat/nguon/{id}/dong`
pub(super) async fn close(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    scope.owner()?;
    let mut tx = deps.db.begin().await?;
    if !queries_feeds::close(&mut tx, &cx, scope.seller, id).await? {
        return Err(PageError::not_found());
    }
    let detail = json!({ "seller": scope.seller });
    audit::record(&mut tx, &cx, "payments.close_feed", &format!("feed:{id}"), detail).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã đóng địa chỉ.", "The address is closed.")))
}
