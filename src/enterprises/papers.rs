//! Papers of a seller: handed in, looked at, taken back.

use super::{error::SellerError, queries, queries_papers, queries_people};
use crate::{
    kernel::{Cx, Day, PersonId, SellerId, Text},
    platform::audit,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a kind of paper is called and whether it ends.
#[derive(Debug, Clone)]
pub(super) struct PaperKind {
    pub(super) kind: String,
    pub(super) label_vi: String,
    pub(super) label_en: String,
    pub(super) expires: bool,
}

/// What an officer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaperState {
    Submitted,
    Accepted,
    Rejected,
}

impl PaperState {
    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Submitted => Text::new("Chờ xem", "Not looked at yet"),
            Self::Accepted => Text::new("Đã nhận", "Accepted"),
            Self::Rejected => Text::new("Trả lại", "Rejected"),
        }
    }

    /// The tone of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Submitted => "info",
            Self::Accepted => "good",
            Self::Rejected => "bad",
        }
    }
}

/// A paper to be handed in; its file is kept already.
#[derive(Debug, Clone, Default)]
pub struct NewPaper {
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub issued: Option<Day>,
    pub expires: Option<Day>,
    pub file_key: String,
    pub file_type: String,
    pub file_name: String,
}

/// A paper as stored.
#[derive(Debug, Clone)]
pub struct Paper {
    pub id: Uuid,
    pub kind: String,
    pub label_vi: String,
    pub label_en: String,
    pub number: String,
    pub issuer: String,
    pub issued: Option<Day>,
    pub expires: Option<Day>,
    pub file_name: String,
    pub state: PaperState,
    pub reason: String,
    pub created_at: DateTime<Utc>,
}

/// Where a paper's file lies.
#[derive(Debug, Clone)]
pub(super) struct PaperFile {
    pub(super) seller: SellerId,
    pub(super) key: String,
    pub(super) mime: String,
    pub(super) name: String,
}

/// Hands a paper in.
///
/// # Errors
/// [`SellerError::NotFound`]; [`SellerError::WrongState`] never: papers may come at any time of a shop's life.
pub async fn add_paper(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    new: &NewPaper,
) -> Result<Uuid, SellerError> {
    queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    let id = cx.new_id();
    queries_papers::insert(db, cx, seller, id, new).await?;
    let detail = json!({ "paper": id, "kind": new.kind });
    audit::record(db, cx, "enterprises.add_paper", &format!("seller:{seller}"), detail).await?;
    Ok(id)
}

/// Takes a paper back; the accepted licence stays.
///
/// # Errors
/// [`SellerError::NotFound`] when it is not this seller's or cannot go.
pub async fn remove_paper(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> Result<(), SellerError> {
    let kind = queries_papers::remove(db, cx, seller, id).await?.ok_or(SellerError::NotFound)?;
    let detail = json!({ "paper": id, "kind": kind });
    audit::record(db, cx, "enterprises.remove_paper", &format!("seller:{seller}"), detail).await?;
    Ok(())
}

/// An officer accepts a paper, or rejects it with a reason.
///
/// # Errors
/// [`SellerError::NoReason`], [`SellerError::OwnShop`], [`SellerError::NotFound`].
pub async fn judge_paper(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
    accept: bool,
    reason: &str,
) -> Result<(), SellerError> {
    let reason = reason.trim();
    if !accept && reason.is_empty() {
        return Err(SellerError::NoReason);
    }
    if let Some(officer) = cx.person()
        && queries_people::role(db, seller, officer).await?.is_some()
    {
        return Err(SellerError::OwnShop);
    }
    let state = if accept { PaperState::Accepted } else { PaperState::Rejected };
    let reason = if accept { "" } else { reason };
    let kind = queries_papers::judge(db, cx, seller, id, state, reason)
        .await?
        .ok_or(SellerError::NotFound)?;
    let action = if accept { "enterprises.accept_paper" } else { "enterprises.reject_paper" };
    let detail = json!({ "paper": id, "kind": kind, "reason": reason });
    audit::record(db, cx, action, &format!("seller:{seller}"), detail).await?;
    Ok(())
}

/// The papers of a seller, oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn papers(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Paper>> {
    queries_papers::of_seller(db, seller).await
}

/// A paper's file, for a member of its seller, or for an officer or operator (`of_authority`), whose look
/// is recorded.
///
/// # Errors
/// [`SellerError::NotFound`] for everybody else.
pub(super) async fn open_file(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    person: PersonId,
    of_authority: bool,
) -> Result<PaperFile, SellerError> {
    let file = queries_papers::file(db, id, person, of_authority).await?;
    let file = file.ok_or(SellerError::NotFound)?;
    if of_authority && queries_people::role(db, file.seller, person).await?.is_none() {
        let subject = format!("seller:{}", file.seller);
        audit::record(db, cx, "enterprises.read_paper", &subject, json!({ "paper": id })).await?;
    }
    Ok(file)
}
