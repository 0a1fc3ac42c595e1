//! A clerk lists for a household that agreed: only as long as it agrees, only new products, only through review.

use super::{
    clerk::Clerk,
    error::AssistedError,
    events::{Listed, MandateGiven},
    model::{Channel, LISTING_VERSION, Mandate, listing_consent},
    queries, queries_listing,
};
use crate::{
    catalogue::{self, CatalogueError, Categories, NewProduct},
    enterprises::{self, Kind, State},
    kernel::{Cx, Lang, PersonId, ProductId, SellerId, Text, day_of},
    platform::{audit, outbox, rules},
};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// The household with this tax code whose shop is admitted.
pub(super) async fn household(
    db: &mut PgConnection,
    tax_code: &str,
) -> sqlx::Result<Option<(SellerId, String)>> {
    let typed: String = tax_code.chars().filter(|c| !c.is_whitespace()).take(20).collect();
    if typed.len() < 8 {
        return Ok(None);
    }
    let found =
        enterprises::list_sellers(db, Some(State::Approved), &typed, (20, 0)).await?.into_iter();
    let mut found = found
        .filter(|s| s.kind == Kind::Household && s.tax_code.as_deref() == Some(typed.as_str()));
    Ok(found.next().map(|seller| (seller.id, seller.shop_name)))
}

/// Notes that a household agreed; a consent that it had given this clerk before ends.
///
/// # Errors
/// [`AssistedError::NotFound`] when he is no clerk any more.
pub(super) async fn agree(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: &Clerk,
    (seller, agreed_by): (SellerId, &str),
    (channel, lang): (Channel, Lang),
) -> Result<Uuid, AssistedError> {
    if !queries::hold(db, clerk.person).await? {
        return Err(AssistedError::NotFound);
    }
    let days = rules::value(db, "assisted.listing_days", day_of(cx.now), 30).await?;
    let id = cx.new_id();
    let text = listing_consent();
    let new = queries_listing::NewMandate {
        id,
        seller,
        agreed_by,
        consent_text: text.get(lang),
        channel,
        ends_at: cx.now + TimeDelta::days(days.clamp(1, 366)),
    };
    queries_listing::insert(db, cx, clerk, &new).await?;
    let point = clerk.point.name.clone();
    outbox::publish(db, cx, &MandateGiven { mandate: id, seller, point }).await?;
    let detail = json!({
        "seller": seller, "point": clerk.point.id, "channel": channel.code(), "consent": LISTING_VERSION,
    });
    audit::record(db, cx, "assisted.agree", &format!("mandate:{id}"), detail).await?;
    Ok(id)
}

/// Who takes a consent back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ending {
    /// The household, on its desk.
    Seller(SellerId),
    /// The clerk, as the household asked at the counter.
    Clerk(PersonId),
}

/// Ends a consent; `false`: there is none that goes on.
pub(super) async fn end(
    db: &mut PgConnection,
    cx: &Cx,
    mandate: Uuid,
    by: Ending,
) -> sqlx::Result<bool> {
    if !queries_listing::end(db, cx, mandate, by).await? {
        return Ok(false);
    }
    let who = match by {
        Ending::Seller(_) => "seller",
        Ending::Clerk(_) => "clerk",
    };
    let subject = format!("mandate:{mandate}");
    audit::record(db, cx, "assisted.take_back", &subject, json!({ "by": who })).await?;
    Ok(true)
}

/// What came of listing something.
pub(super) struct Outcome {
    pub(super) product: ProductId,
    /// What keeps it from review; empty: it is in review.
    pub(super) missing: Vec<Text>,
}

/// Makes a product of the household and sends it to review; where something is missing it stays a draft.
///
/// # Errors
/// [`AssistedError::NoMandate`] once the consent is over or the shop is not admitted any more; what [`catalogue::create_product`] says. The transaction must
/// then be rolled back.
pub(super) async fn list_for(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    (clerk, mandate): (&Clerk, &Mandate),
    new: &NewProduct,
) -> Result<Outcome, AssistedError> {
    let held = queries::hold(db, clerk.person).await?
        && queries_listing::hold(db, mandate.id, clerk.person, cx.now).await?
        && enterprises::is_selling(db, mandate.seller).await?;
    if !held || new.seller != mandate.seller {
        return Err(AssistedError::NoMandate);
    }
    let product = catalogue::create_product(db, cx, new).await?;
    let missing = match catalogue::submit(db, cx, categories, mandate.seller, product).await {
        Ok(()) => Vec::new(),
        Err(CatalogueError::NotReady(missing)) => missing,
        Err(error) => return Err(error.into()),
    };
    let (name, submitted) = (new.about.name.clone(), missing.is_empty());
    queries_listing::insert_listing(db, cx, product, (mandate.id, &name, submitted)).await?;
    let (seller, point) = (mandate.seller, mandate.point.clone());
    outbox::publish(db, cx, &Listed { product, seller, name, point, submitted }).await?;
    let detail = json!({ "mandate": mandate.id, "seller": seller, "submitted": submitted });
    audit::record(db, cx, "assisted.list", &format!("product:{product}"), detail).await?;
    Ok(Outcome { product, missing })
}
