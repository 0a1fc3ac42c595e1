//! The clocks of an order, as the rules of the day set them.

use super::machine::Deadline;
use crate::{
    kernel::{Cx, day_of},
    platform::rules,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

const UNPAID: (&str, i64) = ("order.unpaid_transfer_hours", 24);
const REMIND: (&str, i64) = ("order.unconfirmed_remind_hours", 24);
const UNCONFIRMED: (&str, i64) = ("order.unconfirmed_hours", 48);
const COMPLETE: (&str, i64) = ("order.auto_complete_days", 7);

/// The rules that say, in hours, when the clock of a new order rings first: at the earliest of them. Each with
/// what holds where there is no rule.
pub(super) const fn of_new(deadline: Deadline) -> &'static [(&'static str, i64)] {
    match deadline {
        Deadline::Unpaid => &[UNPAID],
        Deadline::Unconfirmed => &[REMIND, UNCONFIRMED],
        // No order begins there.
        Deadline::Nothing | Deadline::AutoComplete => &[],
    }
}

/// How long a state may last.
pub(super) struct Times {
    unpaid: TimeDelta,
    remind: TimeDelta,
    unconfirmed: TimeDelta,
    complete: TimeDelta,
}

impl Times {
    /// The rules as they are today.
    pub(super) async fn on(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Self> {
        let day = day_of(cx.now);
        let keys = [UNPAID, REMIND, UNCONFIRMED, COMPLETE];
        let found = rules::values(db, keys, day).await?;
        let [unpaid, remind, unconfirmed, complete] = found.map(|value| value.clamp(0, 10_000));
        Ok(Self {
            unpaid: TimeDelta::hours(unpaid),
            remind: TimeDelta::hours(remind.min(unconfirmed)),
            unconfirmed: TimeDelta::hours(unconfirmed),
            complete: TimeDelta::days(complete),
        })
    }

    /// When the clock rings first after a state has begun.
    pub(super) fn due(&self, deadline: Deadline, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match deadline {
            Deadline::Nothing => None,
            Deadline::Unpaid => Some(since + self.unpaid),
            Deadline::Unconfirmed => Some(since + self.remind),
            Deadline::AutoComplete => Some(since + self.complete),
        }
    }

    /// When an order that waits for confirmation lapses; until then a ring is a reminder.
    pub(super) fn lapses(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        since + self.unconfirmed
    }
}
