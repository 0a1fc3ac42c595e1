//! Facts that approvals tell.

use super::model::SubjectKind;
use crate::{kernel::OrgId, platform::outbox::Event};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody waits for others to agree.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApprovalAsked {
    pub request: Uuid,
}

impl Event for ApprovalAsked {
    const NAME: &'static str = "approvals.asked";
}

/// All have agreed, or one has refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApprovalDecided {
    pub org: OrgId,
    pub kind: SubjectKind,
    pub subject: Uuid,
    pub approved: bool,
    pub request: Uuid,
}

impl Event for ApprovalDecided {
    const NAME: &'static str = "approvals.decided";
}
