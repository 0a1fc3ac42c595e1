//! The steps of a product's life; the table is in [`super::model`].

use super::{
    categories::Categories,
    error::CatalogueError,
    events::{ListingChanged, ListingJudged},
    model::{By, Product, State, Step},
    papers::lapse,
    queries::products,
    ready::{Bar, missing},
};
use crate::{
    kernel::{Cx, ProductId, SellerId},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;

/// The seller sends a draft to review.
///
/// # Errors
/// [`CatalogueError::NotReady`] says all that is missing; [`CatalogueError::NotNow`], [`CatalogueError::NotFound`].
pub async fn submit(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    seller: SellerId,
    product: ProductId,
) -> Result<(), CatalogueError> {
    let product = lock(db, Some(seller), product).await?;
    ready(db, cx, categories, &product, Bar::Given).await?;
    take(db, cx, &product, Step::Submit, By::Seller, "").await.map(drop)
}

/// The seller takes a listing back from review, hides it, or shows it again.
///
/// # Errors
/// As for [`submit`].
pub async fn by_seller(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    seller: SellerId,
    product: ProductId,
    step: Step,
) -> Result<State, CatalogueError> {
    let product = lock(db, Some(seller), product).await?;
    if step == Step::Submit {
        ready(db, cx, categories, &product, Bar::Given).await?;
    }
    if step == Step::Relist {
        ready(db, cx, categories, &product, Bar::Accepted).await?;
    }
    take(db, cx, &product, step, By::Seller, "").await
}

/// An officer or somebody of the operator judges; the act is on the record.
///
/// # Errors
/// As for [`submit`]; approval asks for the papers to be accepted and the shop to be admitted.
pub async fn by_reviewer(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    product: ProductId,
    step: Step,
    reason: &str,
) -> Result<State, CatalogueError> {
    let product = lock(db, None, product).await?;
    if step == Step::Approve {
        ready(db, cx, categories, &product, Bar::Accepted).await?;
    }
    let to = take(db, cx, &product, step, By::Reviewer, reason).await?;
    let judged = ListingJudged {
        product: product.id,
        step: step.code().to_owned(),
        reason: reason.to_owned(),
        version: product.version,
    };
    outbox::publish(db, cx, &judged).await?;
    let action = format!("catalogue.{}", step.code());
    let detail = json!({ "from": product.state.code(), "to": to.code(), "reason": reason });
    audit::record(db, cx, &action, &format!("product:{}", product.id), detail).await?;
    Ok(to)
}

/// An approval without the questions of a page: for tests of other slices and for commands.
///
/// # Errors
/// As for [`by_reviewer`].
pub async fn approve(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    product: ProductId,
) -> Result<(), CatalogueError> {
    by_reviewer(db, cx, categories, product, Step::Approve, "").await.map(drop)
}

/// Puts a fresh draft straight where it belongs: goods that were reviewed elsewhere, and the demo's.
///
/// # Errors
/// [`CatalogueError::NotNow`] unless it is a draft.
pub async fn bring_in(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    state: State,
    reason: &str,
) -> Result<(), CatalogueError> {
    let product = lock(db, None, product).await?;
    if product.state != State::Draft {
        return Err(CatalogueError::NotNow(product.state));
    }
    if matches!(state, State::Unlisted | State::Blocked) {
        // It had been on sale before.
        products::set_state(db, cx, product.id, product.version, State::Published, "").await?;
    }
    let version = products::version(db, product.id).await?;
    products::set_state(db, cx, product.id, version, state, reason).await?;
    products::insert_event(db, cx, product.id, "bring_in", State::Draft, state, reason).await?;
    lapse(db, cx, product.id).await?;
    outbox::publish(db, cx, &ListingChanged { product: product.id }).await?;
    Ok(())
}

async fn lock(
    db: &mut PgConnection,
    seller: Option<SellerId>,
    product: ProductId,
) -> Result<Product, CatalogueError> {
    products::lock(db, product, seller).await?.ok_or(CatalogueError::NotFound)
}

async fn ready(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    product: &Product,
    bar: Bar,
) -> Result<(), CatalogueError> {
    let missing = missing(db, cx, categories, product, bar).await?;
    if missing.is_empty() { Ok(()) } else { Err(CatalogueError::NotReady(missing)) }
}

/// Takes a step of the table and tells of it when buyers can notice.
pub(super) async fn take(
    db: &mut PgConnection,
    cx: &Cx,
    product: &Product,
    step: Step,
    by: By,
    reason: &str,
) -> Result<State, CatalogueError> {
    let Some((to, _)) = step.leads(product.state, by) else {
        return Err(CatalogueError::NotNow(product.state));
    };
    if !products::set_state(db, cx, product.id, product.version, to, reason).await? {
        return Err(CatalogueError::Stale);
    }
    products::insert_event(db, cx, product.id, step.code(), product.state, to, reason).await?;
    if to == State::Published {
        lapse(db, cx, product.id).await?;
    }
    if to == State::Published || product.state == State::Published {
        outbox::publish(db, cx, &ListingChanged { product: product.id }).await?;
    }
    Ok(to)
}
