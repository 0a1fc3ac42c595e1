//! The papers that a category demands: of the product itself, or of its shop.

use super::{
    edit,
    error::CatalogueError,
    events::ListingChanged,
    model::{NewCertificate, State},
    queries::{papers as rows, products},
};
use crate::{
    kernel::{Cx, Day, ProductId, SellerId},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// One demanded paper, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demanded {
    pub kind: String,
    /// A valid one is there, seen or not yet seen.
    pub given: bool,
    /// A valid one has been seen and found right.
    pub accepted: bool,
}

/// A paper of a product, as stored.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub id: Uuid,
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub issued: Option<Day>,
    /// The last day on which it is valid.
    pub expires: Option<Day>,
    /// Empty: no file came with it.
    pub file_key: String,
    pub file_type: String,
    /// `submitted`, `accepted`, `rejected`.
    pub state: String,
    pub reason: String,
}

/// A product on sale whose demanded papers run out.
#[derive(Debug, Clone)]
pub(super) struct Lapsing {
    pub(super) product: ProductId,
    pub(super) seller: SellerId,
    pub(super) name: String,
    /// The first day without one.
    pub(super) lapses_on: Day,
    /// That it is over has been told.
    pub(super) told: bool,
}

/// What the product's category demands today.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn demanded(
    db: &mut PgConnection,
    product: ProductId,
    today: Day,
) -> sqlx::Result<Vec<Demanded>> {
    rows::demanded_papers(db, product, today).await
}

/// Notes the first day on which a demanded paper is no longer valid.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn lapse(db: &mut PgConnection, cx: &Cx, product: ProductId) -> sqlx::Result<()> {
    rows::set_lapse(db, cx, Some(product), None).await.map(drop)
}

/// The seller hands in a paper. It is shown, and counts, once a reviewer has accepted it; a listing that is
/// on sale stays there meanwhile.
///
/// # Errors
/// As for [`edit::save_about`].
pub async fn add_certificate(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    new: &NewCertificate,
) -> Result<Uuid, CatalogueError> {
    let before = products::lock(db, product, Some(seller)).await?;
    let before = before.ok_or(CatalogueError::NotFound)?;
    if before.state == State::Blocked {
        return Err(CatalogueError::NotNow(before.state));
    }
    let new = NewCertificate { accepted: false, ..new.clone() };
    Ok(rows::insert_certificate(db, cx, product, &new).await?)
}

/// The seller takes a paper away. What is on sale and needs it is hidden from then on.
///
/// # Errors
/// As for [`edit::save_about`].
pub async fn remove_certificate(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    certificate: Uuid,
) -> Result<(), CatalogueError> {
    let before = edit::open(db, seller, product, None).await?;
    let today = crate::kernel::day_of(cx.now);
    if !rows::delete(db, product, certificate).await? {
        return Err(CatalogueError::NotFound);
    }
    let lacks = demanded(db, product, today).await?.iter().any(|paper| !paper.accepted);
    if lacks && before.state == State::Published {
        return Err(CatalogueError::NotNow(before.state));
    }
    lapse(db, cx, product).await?;
    edit::touched(db, cx, &before).await
}

/// A reviewer accepts or rejects a paper; the act is on the record.
///
/// # Errors
/// [`CatalogueError::NotFound`], or whatever the database says.
pub async fn judge_certificate(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    certificate: Uuid,
    accepted: bool,
    reason: &str,
) -> Result<(), CatalogueError> {
    let before = products::lock(db, product, None).await?.ok_or(CatalogueError::NotFound)?;
    if !rows::judge(db, product, certificate, accepted, reason).await? {
        return Err(CatalogueError::NotFound);
    }
    lapse(db, cx, product).await?;
    if before.state == State::Published {
        outbox::publish(db, cx, &ListingChanged { product }).await?;
    }
    let action =
        if accepted { "catalogue.accept_certificate" } else { "catalogue.reject_certificate" };
    let detail = json!({ "certificate": certificate, "reason": reason });
    audit::record(db, cx, action, &format!("product:{product}"), detail).await?;
    Ok(())
}
