//! What customers may owe, what they owe too long, and the notices about it.

use super::{
    error::PurchasingError, letters, machine::Side, queries_credit, queries_read, read::Po,
};
use crate::{
    accounts,
    kernel::{Cx, Day, Lang, OrgId, PersonId, SellerId, Text, Vnd, date, day_of},
    orders::Post,
    organisations::{self, OrgRole},
    platform::{
        bell,
        jobs::{Handler, JobError},
        mail::{self, Mail},
        rules,
    },
};
use async_trait::async_trait;
use chrono::Days;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A firm that has ordered from a seller.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) org: OrgId,
    pub(super) name: String,
    pub(super) tax_code: String,
    pub(super) orders: i64,
    /// The credit limit.
    pub(super) most: Vnd,
    pub(super) used: Vnd,
    pub(super) blocked: bool,
}

/// An instalment that should have been paid.
#[derive(Debug, Clone)]
pub(super) struct Overdue {
    pub(super) instalment: Uuid,
    pub(super) order: Uuid,
    pub(super) number: String,
    pub(super) nth: i32,
    pub(super) buyer: String,
    pub(super) amount: Vnd,
    pub(super) due_on: Day,
}

impl Overdue {
    /// Days since it was due.
    #[must_use]
    pub(super) fn days(&self, today: Day) -> i64 {
        (today - self.due_on).num_days()
    }

    #[must_use]
    pub(super) fn due_text(&self) -> String {
        date(self.due_on)
    }
}

/// Sets how much a customer may owe.
///
/// # Errors
/// [`PurchasingError::NotFound`] for a firm that has ordered nothing here; [`PurchasingError::Invalid`].
pub async fn set_credit(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    most: Vnd,
    blocked: bool,
) -> Result<(), PurchasingError> {
    if most.0 < 0 {
        return Err(PurchasingError::Invalid("credit"));
    }
    if !queries_credit::has_ordered(db, seller, org).await? {
        return Err(PurchasingError::NotFound);
    }
    Ok(queries_credit::set(db, cx, (seller, org), most, blocked).await?)
}

/// Rings on the day when something falls due, and writes to buyers who are late: once when something falls due, then by the days that the rules say.
pub struct Dun {
    pub db: PgPool,
    pub post: Post,
}

/// How many one run takes.
const BATCH: i64 = 1_000;

/// How often he has been due to be told after so many days: 0 before the first notice.
fn level(days: i64, steps: [i64; 3]) -> Option<i32> {
    let reached = steps.iter().filter(|step| days >= **step).count();
    i32::try_from(reached).ok().filter(|level| *level > 0)
}

/// So many days before a day.
fn before(day: Day, days: i64) -> Option<Day> {
    day.checked_sub_days(Days::new(u64::try_from(days).ok()?))
}

#[async_trait]
impl Handler for Dun {
    type Payload = ();
    const NAME: &'static str = "purchasing.dun";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let today = day_of(cx.now);
        let mut tx = self.db.begin().await?;
        let wanted = [
            ("purchasing.dunning_first_days", 1),
            ("purchasing.dunning_second_days", 7),
            ("purchasing.dunning_last_days", 21),
        ];
        let steps = rules::values(&mut tx, wanted, today).await?;
        let days: Vec<Day> = steps.iter().filter_map(|step| before(today, *step)).collect();
        for late in queries_credit::untold(&mut tx, today, &days, BATCH).await? {
            let Some(level) = level(late.days(today), steps) else { continue };
            if queries_credit::note_dunning(&mut tx, cx, late.instalment, level).await? {
                self.tell(&mut tx, cx, &late, level).await?;
            }
        }
        for due in queries_credit::due_on(&mut tx, today, BATCH).await? {
            ring_due(&mut tx, cx, &due).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Who sees to it that a firm pays.
async fn payers(db: &mut PgConnection, po: &Po) -> sqlx::Result<Vec<PersonId>> {
    let mut readers = organisations::members_with(db, po.org, OrgRole::Accountant).await?;
    readers.push(po.asked_by);
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

/// What falls due today, agreed on another day, stands under the bell of those who pay.
async fn ring_due(db: &mut PgConnection, cx: &Cx, due: &Overdue) -> sqlx::Result<()> {
    let Some(po) = queries_read::head(db, due.order).await? else { return Ok(()) };
    let readers = payers(db, &po).await?;
    let (number, nth, amount) = (&due.number, due.nth, due.amount);
    let title = Text::new(
        format!("Đơn mua {number}-{nth}: hôm nay tới hạn trả {amount}"),
        format!("Purchase order {number}-{nth}: {amount} is due today"),
    );
    let (cause, href) =
        (format!("purchasing.due:{}", due.instalment), letters::path(&po, Side::Buyer));
    let ring = bell::Ring { kind: "purchase", cause: &cause, href: &href };
    bell::ring(db, cx, &readers, ring, &title).await
}

impl Dun {
    async fn tell(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        late: &Overdue,
        level: i32,
    ) -> Result<(), JobError> {
        let Some(po) = queries_read::head(db, late.order).await? else { return Ok(()) };
        let readers = payers(db, &po).await?;
        let title = |lang| letters::late(&self.post, &po, late, (level, day_of(cx.now)), lang).0;
        let title = Text::new(title(Lang::Vi), title(Lang::En));
        let cause = format!("purchasing.late:{}:{level}", late.instalment);
        let href = letters::path(&po, Side::Buyer);
        let ring = bell::Ring { kind: "purchase", cause: &cause, href: &href };
        bell::ring(db, cx, &readers, ring, &title).await?;
        for person in accounts::people(db, &readers).await? {
            let Some(to) = person.email else { continue };
            let (subject, body) =
                letters::late(&self.post, &po, late, (level, day_of(cx.now)), person.lang);
            let dedup_key = format!("purchasing.late:{}:{level}:{to}", late.instalment);
            mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn notices_come_when_the_rules_say() {
        let at = |days| level(days, [1, 7, 21]);
        assert_eq!(
            [0, 1, 6, 7, 20, 21, 90].map(at),
            [None, Some(1), Some(1), Some(2), Some(2), Some(3), Some(3)]
        );
    }
}
