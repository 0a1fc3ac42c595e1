//! What documents do by the clock.

use super::queries_invoices as queries;
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, SellerId, day_of},
    platform::{
        jobs::{Handler, JobError},
        mail::{self, Mail},
        rules,
    },
};
use async_trait::async_trait;
use chrono::{Datelike, TimeDelta};
use sqlx::{PgConnection, PgPool};

/// Writes to sellers whose sales lack an invoice: first after some days, then again at intervals, both of them rules.
pub struct RemindOfInvoices {
    pub db: PgPool,
    /// Links begin with it.
    pub base_url: String,
    /// Who writes.
    pub site_name: String,
}

/// Older sales are for the accountant, not for a letter.
const OLDEST: TimeDelta = TimeDelta::days(366);

#[async_trait]
impl Handler for RemindOfInvoices {
    type Payload = ();
    const NAME: &'static str = "documents.remind_of_invoices";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let today = day_of(cx.now);
        let keys = [("invoice.remind_after_days", 1), ("invoice.remind_every_days", 7)];
        let [after, every] = rules::values(&mut tx, keys, today).await?;
        let after = TimeDelta::days(after.clamp(0, 365));
        let round = i64::from(today.num_days_from_ce()) / every.clamp(1, 365);
        let missing = queries::sellers_to_remind(&mut tx, cx.now - after, cx.now - OLDEST).await?;
        let sellers: Vec<SellerId> = missing.iter().map(|(seller, ..)| *seller).collect();
        let facts = enterprises::facts(&mut tx, &sellers).await?;
        for (seller, all, asked) in missing {
            // A household below the threshold owes an invoice only to the buyer who asks.
            let household =
                facts.get(&seller).is_some_and(|f| f.kind == enterprises::Kind::Household);
            let due = if household { asked } else { all };
            if due > 0 {
                self.remind(&mut tx, cx, seller, (due, asked), round).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

impl RemindOfInvoices {
    async fn remind(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
        seller: SellerId,
        (all, asked): (i64, i64),
        round: i64,
    ) -> sqlx::Result<()> {
        for owner in enterprises::owners(db, seller).await? {
            let Some(person) = accounts::person(db, owner).await? else { continue };
            let Some(to) = person.email else { continue };
            let (subject, body) = self.letter(person.lang, all, asked);
            let dedup_key = format!("documents.invoices_missing:{seller}:{round}:{owner}");
            mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        Ok(())
    }

    fn letter(&self, lang: Lang, all: i64, asked: i64) -> (String, String) {
        let link = format!("{}/ban-hang/hoa-don", self.base_url);
        let name = &self.site_name;
        match lang {
            Lang::Vi => (
                format!("{all} đơn hàng chưa có hóa đơn điện tử"),
                format!(
                    "Chào bạn,\n\nGian hàng còn {all} đơn đã giao mà chưa ghi hóa đơn điện tử, trong đó {asked} đơn \
                     người mua đã yêu cầu. Hóa đơn phải lập khi chuyển giao hàng hóa, dù đã thu tiền hay chưa \
                     (Nghị định 254/2026/NĐ-CP, Điều 9).\n\nXuất dữ liệu cho phần mềm hóa đơn và ghi lại số hóa đơn tại:\n\
                     {link}\n\n{name}"
                ),
            ),
            Lang::En => (
                format!("{all} orders lack an e-invoice"),
                format!(
                    "Dear seller,\n\n{all} orders of your shop were delivered and have no e-invoice on record; for {asked} \
                     of them the buyer asked for one. An invoice is due when the goods change hands, paid or not \
                     (Decree 254/2026, Art. 9).\n\nExport the lines for your invoice software and record the numbers at:\n\
                     {link}\n\n{name}"
                ),
            ),
        }
    }
}
