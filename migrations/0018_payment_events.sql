-- Payments become a list of events that is only ever added to, with the state derived from it; what partners
-- send is kept once, as it came, before anything is done about it.

-- What partners send (webhooks), kept once as it came. Acted on by a job; the body goes after 90 days.
create table platform.inbox (
    id          uuid        primary key,
    provider    text        not null,                       -- 'sepay', 'vnpay' …
    event_id    text        not null,                       -- the provider's own name for it
    subject     text        not null default '',            -- whose address it came in on: feed, merchant …
    body        bytea,                                      -- null: swept
    received_at timestamptz not null,
    constraint inbox_once unique (provider, event_id)
);
create index inbox_received on platform.inbox (received_at) where body is not null;

-- Events in other currencies are kept and never count; `at` is when it happened, `noted_at` when it was heard.
-- Amounts are positive and the kind says which way the money went; only 'amended' has a sign.
alter table payments.events add column currency text not null default 'VND';
alter table payments.events add column note text not null default '';
alter table payments.events add column noted_at timestamptz;
update payments.events set noted_at = at;
alter table payments.events alter column noted_at set not null;
alter table payments.events drop constraint events_kind_check;
alter table payments.events add constraint events_kind_check check (kind in (
    'opened', 'amended', 'transfer_matched', 'transfer_confirmed', 'transfer_reversed', 'started', 'captured',
    'capture_failed', 'cod_collected', 'cod_remitted', 'refund_owed', 'refund_requested', 'refunded',
    'refund_failed', 'chargeback', 'chargeback_reversed', 'voided'));
alter table payments.events add constraint events_amount check (amount > 0 or (kind = 'amended' and amount <> 0));

-- History is never rewritten.
create function payments.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of %.% is refused: rows are only added', tg_op, tg_table_schema, tg_table_name;
end $$;
create trigger events_only_added before update or delete on payments.events
    for each row execute function payments.refuse_change();
create trigger events_never_emptied before truncate on payments.events
    for each statement execute function payments.refuse_change();

-- Derived from the events, stored for lists.
alter table payments.intents add column paid bigint not null default 0;     -- by the buyer, less what he got back
alter table payments.intents add column balance bigint not null default 0;  -- beyond what is due; negative: to pay
update payments.intents set paid = amount where state in ('paid', 'refund_due');
update payments.intents set balance = amount where state = 'refund_due';
update payments.intents set balance = -amount where state in ('unpaid', 'cod_due');
alter table payments.intents drop constraint intents_state_check;
alter table payments.intents add constraint intents_state_check check (state in (
    'unpaid', 'pending', 'cod_due', 'cod_with_carrier', 'partially_paid', 'paid', 'overpaid', 'refund_due',
    'partially_refunded', 'refunded', 'voided', 'disputed'));
create index intents_seller_open on payments.intents (seller_id, state, created_at)
    where state in ('partially_paid', 'overpaid', 'refund_due', 'cod_with_carrier', 'disputed');
