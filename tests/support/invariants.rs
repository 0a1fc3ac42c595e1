//! What must hold whatever went wrong: when all work is done, every order is there once and whole, the books balance,
//! the stock is what its movements say, and nobody was told anything twice.

use super::World;
use santinh::{ledger, platform::jobs::Handler};

/// Each of these finds nothing; what it finds is told by its name.
const NEVER: [(&str, &str); 18] = [
    (
        "an order of which a part is missing",
        "select o.code from orders.orders o where
            not exists (select from orders.lines l where l.order_id = o.id)
         or not exists (select from orders.groups g where g.id = o.group_id)
         or not exists (select from payments.intents i where i.order_id = o.id)
         or exists (select from orders.lines l where l.order_id = o.id and not exists (
                select from stock.reservations r where r.order_id = o.id and r.variant_id = l.variant_id))",
    ),
    (
        "a part whose order is missing",
        "select g.code from orders.groups g where not exists (select from orders.orders o where o.group_id = g.id)
         union all select order_id::text from stock.reservations r where not exists (
             select from orders.orders o where o.id = r.order_id)
         union all select order_id::text from payments.intents i where not exists (
             select from orders.orders o where o.id = i.order_id) and not exists (
             select from purchasing.instalments p where p.id = i.order_id)",
    ),
    (
        "an order whose history does not lead to its state",
        "select o.code from orders.orders o
         where o.version <> (select count(*) from orders.events e where e.order_id = o.id)
            or o.state <> (select to_state from orders.events e where e.order_id = o.id order by version desc limit 1)",
    ),
    (
        "an order that was told of never or twice",
        "select o.code from orders.orders o where 1 <> (select count(*) from platform.events e
            where e.name = 'orders.placed' and e.payload ->> 'order' = o.id::text)",
    ),
    (
        "two orders of one basket for one seller",
        "select g.checkout_id::text from orders.orders o join orders.groups g on g.id = o.group_id
         group by g.checkout_id, o.seller_id having count(*) > 1",
    ),
    (
        "a payment that came, or went back, twice",
        "select i.memo from payments.events e join payments.intents i on i.id = e.intent_id
         where e.kind in ('opened', 'captured', 'voided', 'cod_collected') group by i.memo, e.kind having count(*) > 1",
    ),
    (
        "a matched transfer that is not counted",
        "select t.content from payments.transfers t where t.state = 'matched' and (
            not exists (select from payments.allocations a where a.transfer_id = t.id)
         or not exists (select from payments.events e where e.provider = 'bank' and e.provider_event_id = t.id::text))",
    ),
    (
        "a transfer that is kept twice",
        "select content from payments.transfers group by seller_id, content, amount, direction, at
         having count(*) > 1",
    ),
    (
        "a refund that ended in two ways, or was refused by silence",
        "select r.id::text from payments.refunds r where (r.state = 'refused' and r.note = '')
         or (r.state = 'done') <> exists (select from payments.events e where e.kind = 'refunded'
             and e.provider_event_id like '%' || r.id)",
    ),
    (
        "an event of a payment that is not in the books once",
        "select e.kind from payments.events e
         where 1 <> (select count(*) from ledger.entries l where l.cause = e.id::text)",
    ),
    ("books that do not add up", "select entry_id::text from ledger.postings group by entry_id having sum(amount) <> 0"),
    (
        "goods that are not what their movements say",
        "select l.variant_id::text from stock.levels l where not l.unlimited
         and l.on_hand <> (select coalesce(sum(quantity), 0) from stock.movements m where m.variant_id = l.variant_id)",
    ),
    (
        "goods that are promised to nobody",
        "select l.variant_id::text from stock.levels l where l.reserved <> (
            select coalesce(sum(quantity), 0) from stock.reservations r
            where r.variant_id = l.variant_id and r.state = 'held')",
    ),
    (
        "a parcel whose carrier's word counted twice",
        "select parcel_id::text from delivery.parcel_events where event is not null
         group by parcel_id, event, at having count(*) > 1",
    ),
    (
        "a mail that was sent twice",
        "select recipient || ': ' || subject from platform.mails group by recipient, subject, body having count(*) > 1",
    ),
    (
        "a short message that was sent twice",
        "select recipient || ': ' || body from notices.texts group by recipient, body having count(*) > 1",
    ),
    (
        "a notice that came twice",
        "select title_vi from notices.items group by person_id, kind, title_vi, href having count(*) > 1",
    ),
    ("a job that failed for good", "select handler || ': ' || last_error from platform.jobs where failed_at is not null"),
];

impl World {
    /// See the module.
    pub async fn adds_up(&self) {
        self.run_jobs().await;
        for (what, query) in NEVER {
            let found: Vec<Option<String>> =
                sqlx::query_scalar(query).fetch_all(&self.db).await.unwrap_or_else(|error| {
                    panic!("{what}: {error}");
                });
            assert!(found.is_empty(), "{what}: {found:?}");
        }
        // The program's own proof says the same.
        ledger::Check(self.db.clone()).handle(&self.cx(), ()).await.unwrap();
        let checked = ledger::last_check(&self.db).await.unwrap().unwrap();
        assert_eq!(checked.wrong, [""; 0]);
    }

    /// How much there is of everything that may not grow when the same is told again.
    pub async fn sizes(&self) -> Vec<(String, i64)> {
        const COUNTED: &str = "select * from (
            select 'orders' as what, count(*) from orders.orders
            union all select 'order events', count(*) from orders.events
            union all select 'payment events', count(*) from payments.events
            union all select 'transfers', count(*) from payments.transfers
            union all select 'refunds', count(*) from payments.refunds
            union all select 'entries', count(*) from ledger.entries
            union all select 'movements', count(*) from stock.movements
            union all select 'parcel events', count(*) from delivery.parcel_events
            union all select 'inbox', count(*) from platform.inbox
            union all select 'mails', count(*) from platform.mails
            union all select 'texts', count(*) from notices.texts
            union all select 'notices', count(*) from notices.items) sizes";
        sqlx::query_as(COUNTED).fetch_all(&self.db).await.unwrap()
    }
}
