-- What the books did not have yet: the tax ledger of household sellers, the settling of the operator's commission, what
-- stands open without adding everything up; and decisions on the bank's lines that can be taken back.

-- A decision that was taken back is an event of its own: the fold subtracts it.
alter table payments.events drop constraint events_kind_check;
alter table payments.events add constraint events_kind_check check (kind in (
    'opened', 'amended', 'transfer_matched', 'transfer_confirmed', 'transfer_reversed', 'started', 'captured',
    'capture_failed', 'cod_collected', 'cod_remitted', 'refund_owed', 'refund_requested', 'refunded',
    'refund_failed', 'chargeback', 'chargeback_reversed', 'voided',
    'transfer_unmatched',   -- takes back a match
    'refund_unmade',        -- takes back that a line was a refund
    'transfer_restored'));  -- takes back that the bank took the money back

-- A line is counted, taken back, counted again: odd rows count, even ones take back.
alter table payments.allocations add column nth int not null default 1;
alter table payments.allocations drop constraint allocations_pkey;
alter table payments.allocations add constraint allocations_pkey primary key (transfer_id, nth);
alter table payments.allocations drop constraint allocations_amount;
alter table payments.allocations add constraint allocations_amount check (amount <> 0 and (amount > 0) = (nth % 2 = 1));

-- Lines of a service's message that could not be read: kept as they came, shown to the seller.
create table payments.unread_lines (
    id        uuid        primary key,
    seller_id uuid        not null,
    feed_id   uuid        not null references payments.feeds (id),
    text      text        not null,                         -- as it came, cut
    digest    bytea       not null,                         -- SHA-256 of all of it
    noted_at  timestamptz not null,
    seen_at   timestamptz,                                  -- the seller has looked at it
    seen_by   uuid,
    constraint unread_lines_once unique (feed_id, digest)
);
create index unread_lines_waiting on payments.unread_lines (seller_id, noted_at) where seen_at is null;

-- 'unclear': the provider cannot say what became of it; a person has to.
alter table payments.refunds drop constraint refunds_state_check;
alter table payments.refunds add constraint refunds_state_check check (state in ('asked', 'done', 'refused', 'unclear'));
create index refunds_unclear on payments.refunds (intent_id) where state = 'unclear';

-- The books know three more accounts.
alter table ledger.postings drop constraint ledger_postings_account;
alter table ledger.postings add constraint ledger_postings_account check (account in (
    'buyer', 'sales', 'returns', 'bank', 'cash', 'gateway', 'carrier', 'refunds', 'disputed', 'commission',
    'commission_owed',
    'commission_paid',          -- what the seller has paid of the operator's commission
    'tax', 'tax_owed'));        -- what is withheld of a household seller, and that the operator owes it to the State

-- What stands open of each order on three accounts: the sums of its postings, kept by the same statement.
alter table ledger.orders add column buyer_open bigint not null default 0;
alter table ledger.orders add column carrier_open bigint not null default 0;
alter table ledger.orders add column commission_open bigint not null default 0;     -- negative: the seller owes it
update ledger.orders o set buyer_open = s.buyer, carrier_open = s.carrier, commission_open = s.commission
from (select e.order_id, coalesce(sum(p.amount) filter (where p.account = 'buyer'), 0) as buyer,
             coalesce(sum(p.amount) filter (where p.account = 'carrier'), 0) as carrier,
             coalesce(sum(p.amount) filter (where p.account = 'commission_owed'), 0) as commission
      from ledger.entries e join ledger.postings p on p.entry_id = e.id group by e.order_id) s
where s.order_id = o.order_id and (s.buyer <> 0 or s.carrier <> 0 or s.commission <> 0);
create index ledger_orders_open on ledger.orders (seller_id)
    where buyer_open <> 0 or carrier_open <> 0 or commission_open <> 0;
create index ledger_entries_at on ledger.entries (at);

-- On what the commission of an order was agreed.
alter table ledger.orders add column commission_base bigint not null default 0;     -- goods with a rate above zero
alter table ledger.orders add column commission_bps int[] not null default '{}';    -- the rates, each once

-- What sellers have paid of the operator's commission: all that was open at the end of a month.
create table ledger.settlements (
    id        uuid        primary key,
    seller_id uuid        not null,
    month     date        not null,                         -- its first day
    amount    bigint      not null constraint settlements_amount check (amount <> 0),   -- negative: given back
    orders    int         not null,                         -- on so many it is booked
    paid_on   date        not null,
    evidence  text        not null,
    noted_at  timestamptz not null,
    noted_by  uuid,
    constraint settlements_month check (extract(day from month) = 1)
);
create index settlements_seller on ledger.settlements (seller_id, month);
create index settlements_month_of_all on ledger.settlements (month);
create trigger settlements_only_added before update or delete on ledger.settlements
    for each row execute function ledger.refuse_change();

-- The tax ledger of household sellers. The mode of an order is that of the day on which it was complete.
alter table ledger.orders add column tax_mode text
    constraint ledger_orders_tax_mode check (tax_mode in ('report', 'withhold'));       -- null: no household's order

-- What of an order is taxed at which rates: agreed once, when it is complete.
create table ledger.tax_parts (
    order_id  uuid   not null references ledger.orders (order_id),
    activity  text   not null constraint tax_parts_activity check (activity in ('goods', 'services', 'transport')),
    base      bigint not null constraint tax_parts_base check (base > 0),
    vat_bps   int    not null constraint tax_parts_vat check (vat_bps between 0 and 10000),
    pit_bps   int    not null constraint tax_parts_pit check (pit_bps between 0 and 10000),
    legal_ref text   not null,                              -- of both rates
    primary key (order_id, activity)
);
create trigger tax_parts_only_added before update or delete on ledger.tax_parts
    for each row execute function ledger.refuse_change();

-- What each entry of the books changes of it: positive when the order is complete, negative with what is returned.
create table ledger.tax_entries (
    entry_id  uuid        not null references ledger.entries (id),
    activity  text        not null,
    order_id  uuid        not null,
    seller_id uuid        not null,
    at        timestamptz not null,
    withheld  boolean     not null,                         -- false: only reported, nothing is booked
    base      bigint      not null,
    vat_bps   int         not null,
    vat       bigint      not null,
    pit_bps   int         not null,
    pit       bigint      not null,
    primary key (entry_id, activity),
    foreign key (order_id, activity) references ledger.tax_parts (order_id, activity)
);
create index tax_entries_seller on ledger.tax_entries (seller_id, at);
create index tax_entries_at on ledger.tax_entries (at);
create trigger tax_entries_only_added before update or delete on ledger.tax_entries
    for each row execute function ledger.refuse_change();
create trigger tax_entries_never_emptied before truncate on ledger.tax_entries
    for each statement execute function ledger.refuse_change();
