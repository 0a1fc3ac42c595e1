-- What is owed for each order and what was seen to arrive. Money goes straight to the seller.
create schema payments;

create table payments.settings (
    seller_id  uuid        primary key,
    cod        boolean     not null,
    transfer   boolean     not null,
    updated_at timestamptz not null
);

create table payments.intents (
    id             uuid        primary key,
    order_id       uuid        not null unique,             -- one payment per seller's order
    seller_id      uuid        not null,
    method         text        not null check (method in ('cod', 'vietqr')),
    amount         bigint      not null check (amount > 0), -- đồng
    memo           text        not null unique,             -- with check character; found in the bank's text
    bank_bin       text,
    bank_name      text,
    account_number text,
    account_name   text,
    payload        text,                                    -- EMVCo text of the QR
    state          text        not null check (state in ('unpaid', 'cod_due', 'paid', 'voided', 'refund_due')),
    created_at     timestamptz not null,
    constraint intents_account check ((method = 'vietqr') = (account_number is not null))
);
create index intents_seller on payments.intents (seller_id, created_at desc);

-- Append-only; the intent's state is derived from these.
create table payments.events (
    id                uuid        primary key,
    intent_id         uuid        not null references payments.intents (id),
    kind              text        not null check (kind in
                          ('opened', 'transfer_confirmed', 'cod_collected', 'voided', 'refund_owed')),
    amount            bigint      not null,
    provider          text        not null,
    provider_event_id text        not null,
    actor             uuid,
    at                timestamptz not null,
    constraint payment_events_once unique (provider, provider_event_id)
);
create index payment_events_intent on payments.events (intent_id, at);
