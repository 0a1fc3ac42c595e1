//! The clocks of a return, as the rules of the day set them.

use super::machine::Deadline;
use crate::{
    kernel::{Cx, day_of},
    platform::rules,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

/// How long a state may last, and how long a buyer may ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    answer_hours: i64,
    send: i64,
    arrive: i64,
    refund: i64,
    confirm: i64,
    dispute: i64,
    mediate: i64,
    /// Days after delivery in which faults are told.
    pub fault_days: i64,
    /// Days after the contract in which the law lets a buyer end it.
    pub legal_days: i64,
    /// Whether he need not say why.
    pub without_reason: bool,
    edit_hours: i64,
}

impl Times {
    /// The rules as they are today.
    pub(super) async fn on(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Self> {
        let keys = [
            ("order.return_answer_hours", 72),
            ("return.send_days", 7),
            ("return.arrive_days", 14),
            ("order.refund_days", 10),
            ("return.confirm_days", 7),
            ("return.dispute_days", 7),
            ("return.mediation_days", 15),
            ("order.return_window_days", 7),
            ("withdrawal.days", 30),
            ("withdrawal.without_reason", 1),
            ("order.edit_answer_hours", 24),
        ];
        let found = rules::values(db, keys, day_of(cx.now)).await?;
        let [
            answer_hours,
            send,
            arrive,
            refund,
            confirm,
            dispute,
            mediate,
            fault_days,
            legal_days,
            free,
            edit_hours,
        ] = found.map(|value| value.clamp(0, 10_000));
        Ok(Self {
            answer_hours,
            send,
            arrive,
            refund,
            confirm,
            dispute,
            mediate,
            fault_days,
            legal_days,
            without_reason: free == 1,
            edit_hours,
        })
    }

    /// When the clock of a state rings.
    pub(super) fn due(&self, deadline: Deadline, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = match deadline {
            Deadline::Nothing => return None,
            Deadline::Answer => return Some(since + TimeDelta::hours(self.answer_hours)),
            Deadline::Send => self.send,
            Deadline::Arrive => self.arrive,
            Deadline::Refund => self.refund,
            Deadline::Confirm => self.confirm,
            Deadline::Dispute => self.dispute,
            Deadline::Mediate => self.mediate,
        };
        Some(since + TimeDelta::days(days))
    }

    /// When a proposed change of an order lapses.
    pub(super) fn edit_due(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        since + TimeDelta::hours(self.edit_hours)
    }
}
