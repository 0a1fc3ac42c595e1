//! Reports, rulings and the author's one appeal.

use super::{
    error::ReviewError,
    events::ReviewRuled,
    model::{HideReason, change},
    queries,
};
use crate::{
    kernel::{Cx, PersonId},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What an officer or the operator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Hide(HideReason),
    /// It stays as it is.
    Keep,
    Restore,
}

impl Act {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hide(_) => "hide",
            Self::Keep => "keep",
            Self::Restore => "restore",
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::Hide(reason) => reason.code(),
            Self::Keep | Self::Restore => "",
        }
    }
}

/// Rules upon a review, settles what was reported, and appends it to the audit chain: call this last.
///
/// # Errors
/// [`ReviewError::NotFound`]; [`ReviewError::Stale`] when it is hidden or shown already.
pub async fn rule(
    db: &mut PgConnection,
    cx: &Cx,
    by: PersonId,
    review: Uuid,
    act: Act,
    note: &str,
) -> Result<(), ReviewError> {
    let found = queries::lock(db, review).await?.ok_or(ReviewError::NotFound)?;
    let (hidden, step) = match act {
        Act::Hide(_) => (true, -1),
        Act::Restore => (false, 1),
        Act::Keep => (found.hidden, 0),
    };
    if step != 0 && found.hidden == hidden {
        return Err(ReviewError::Stale);
    }
    let appealed = queries::appeal_is_open(db, review).await?;
    let ruling = cx.new_id();
    let (code, reason) = (act.code(), act.reason());
    queries::insert_ruling(db, cx, (ruling, review), by, (code, reason, note)).await?;
    queries::settle_reports(db, cx, review).await?;
    if step != 0 {
        queries::set_hidden(db, review, hidden).await?;
        queries::count(db, found.product, found.seller, change(found.stars, step)).await?;
    }
    let event = ReviewRuled {
        review,
        ruling,
        act: code.to_owned(),
        reason: reason.to_owned(),
        note: note.to_owned(),
        appealed,
    };
    outbox::publish(db, cx, &event).await?;
    let detail = json!({ "reason": reason, "note": note });
    audit::record(db, cx, &format!("reviews.{code}"), &format!("review:{review}"), detail).await?;
    Ok(())
}

/// The author asks for another look, once.
///
/// # Errors
/// [`ReviewError::Stale`] unless the review is hidden and this is the first time.
pub(super) async fn appeal(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    words: &str,
) -> Result<(), ReviewError> {
    if queries::set_appeal(db, cx, review, words).await? { Ok(()) } else { Err(ReviewError::Stale) }
}
