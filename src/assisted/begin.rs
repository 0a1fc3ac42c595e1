//! A visit begins with the villager's consent, and ends.

use super::{
    clerk::Clerk,
    error::AssistedError,
    model::{CONSENT_VERSION, Channel, NewVisit, Villager, Visit, consent},
    queries,
};
use crate::{
    accounts::{self, Consenting, Purpose},
    kernel::{Cx, Lang, day_of},
    platform::{audit, rules},
};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Begins a visit; one that was open ends. What he agreed to is kept in the words that were read out.
///
/// # Errors
/// [`AssistedError::NotFound`] when he is no clerk any more.
pub(super) async fn begin(
    db: &mut PgConnection,
    cx: &Cx,
    clerk: &Clerk,
    villager: &Villager,
    (channel, lang): (Channel, Lang),
) -> Result<Visit, AssistedError> {
    if !queries::hold(db, clerk.person).await? {
        return Err(AssistedError::NotFound);
    }
    queries::end(db, clerk.person, cx.now).await?;
    let minutes = rules::value(db, "assisted.order_minutes", day_of(cx.now), 120).await?;
    let text = consent();
    let new = NewVisit {
        id: cx.new_id(),
        token: Uuid::new_v4(),
        point_id: clerk.point.id,
        point_name: &clerk.point.name,
        villager,
        consent_text: text.get(lang),
        channel,
        ends_at: cx.now + TimeDelta::minutes(minutes.clamp(5, 24 * 60)),
    };
    queries::insert_visit(db, cx, clerk.person, &new).await?;
    let purposes = [Purpose::Terms, Purpose::Delivery];
    let who = Consenting::Contact(&villager.phone);
    accounts::record_consents(db, cx, who, &purposes, lang, "/diem-ho-tro").await?;
    let detail = json!({
        "point": clerk.point.id, "channel": channel.code(), "consent": CONSENT_VERSION,
    });
    audit::record(db, cx, "assisted.begin", &format!("visit:{}", new.id), detail).await?;
    let villager = villager.clone();
    Ok(Visit { token: new.token, villager, ends_at: new.ends_at })
}

/// Ends the clerk's open visit, if there is one.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn end(db: &mut PgConnection, cx: &Cx, clerk: &Clerk) -> sqlx::Result<()> {
    if let Some(visit) = queries::end(db, clerk.person, cx.now).await? {
        audit::record(db, cx, "assisted.end", &format!("visit:{visit}"), json!({})).await?;
    }
    Ok(())
}
