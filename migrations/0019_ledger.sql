-- What sellers' banks show, and which orders it pays; cash that carriers hand on; and the books of every order in
-- double entry.

-- The address on which a bank-feed service tells a seller's account, with its key.
create table payments.feeds (
    id         uuid        primary key,
    seller_id  uuid        not null,
    service    text        not null constraint feeds_service check (service in ('sepay', 'casso')),
    address    text        not null constraint feeds_address unique,        -- the long random part of the path
    key_hash   bytea       not null,                        -- SHA-256 of 160 random bits; the key itself is not kept
    made_at    timestamptz not null,
    made_by    uuid,
    last_at    timestamptz,                                 -- when the last message came
    closed_at  timestamptz                                  -- no longer answers
);
create index feeds_seller on payments.feeds (seller_id, made_at);

-- Lines of sellers' accounts. The same line from a feed and from a statement is one row.
create table payments.transfers (
    id         uuid        primary key,
    seller_id  uuid        not null,
    account    text        not null,                        -- the seller's; may be empty
    reference  text        not null,                        -- the bank's; may be empty
    amount     bigint      not null constraint transfers_amount check (amount > 0),
    direction  text        not null constraint transfers_direction check (direction in ('in', 'out')),
    content    text        not null,
    at         timestamptz not null,
    day        date        not null,                        -- of `at` in Viet Nam
    source     text        not null,                        -- whence it came first
    source_id  text        not null,
    seen_in    text[]      not null,                        -- every source that has shown it
    state      text        not null constraint transfers_state check (state in
                   ('matched', 'review', 'unknown', 'outgoing', 'refund', 'reversal', 'ignored')),
    why        text        not null constraint transfers_why check (why in ('nothing', 'broken', 'several', 'twin')),
    intent_id  uuid        references payments.intents (id), -- what it pays, or perhaps pays
    reason     text        not null default '',             -- of the seller's decision
    decided_at timestamptz,
    decided_by uuid,
    noted_at   timestamptz not null,
    constraint transfers_once unique (seller_id, source, source_id)
);
create unique index transfers_joined on payments.transfers (seller_id, account, reference, amount, direction, day)
    where reference <> '';
create index transfers_waiting on payments.transfers (seller_id, at desc) where state in ('review', 'unknown', 'outgoing');
create index transfers_seller on payments.transfers (seller_id, at desc, id desc);
create index transfers_amount_day on payments.transfers (seller_id, amount, day);
create index intents_open_amount on payments.intents (seller_id, balance) where balance < 0;

-- Which intent a line was counted for; only added to.
create table payments.allocations (
    transfer_id uuid        primary key references payments.transfers (id),  -- a line is counted once
    intent_id   uuid        not null references payments.intents (id),
    amount      bigint      not null constraint allocations_amount check (amount > 0),
    actor       uuid,                                       -- null: the clockwork
    reason      text        not null,
    at          timestamptz not null
);
create index allocations_intent on payments.allocations (intent_id);
create trigger allocations_only_added before update or delete on payments.allocations
    for each row execute function payments.refuse_change();

-- A statement between its upload and its import; the rows go when they are read in, or after a day.
create table payments.statements (
    id          uuid        primary key,
    seller_id   uuid        not null,
    file_name   text        not null,
    header      text[]      not null,
    rows        jsonb       not null,
    uploaded_at timestamptz not null,
    imported_at timestamptz,
    taken       jsonb                                       -- how many lines were matched, wait, were known …
);
create index statements_seller on payments.statements (seller_id, uploaded_at desc);

-- Which column means what, remembered for each seller and form of statement.
create table payments.statement_columns (
    seller_id uuid   not null,
    header    text   not null,                              -- folded names of the columns, joined
    columns   jsonb  not null,
    primary key (seller_id, header)
);

-- Published: what is open on each order's money.
create view payments.balances_report as
    select order_id, seller_id, state, paid, balance from payments.intents;

-- The books. Double entry: every entry's postings add up to zero, and nothing is ever changed. Positive: debit.
create schema ledger;

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of %.% is refused: rows are only added', tg_op, tg_table_schema, tg_table_name;
end $$;

-- One row an order; its lock makes entries of one order wait for each other. The commission is agreed once.
create table ledger.orders (
    order_id     uuid        primary key,
    seller_id    uuid        not null,
    opened_at    timestamptz not null,
    completed_at timestamptz,                               -- from here on the operator's commission is due
    commission   bigint      not null default 0,            -- on all of the order, in đồng
    base         bigint      not null default 0,            -- what was billed then: less is due, less is its share
    constraint ledger_orders_commission check (commission >= 0 and base >= 0)
);
create index ledger_orders_seller on ledger.orders (seller_id);

create table ledger.entries (
    id        uuid        primary key,
    order_id  uuid        not null references ledger.orders (order_id),
    seller_id uuid        not null,
    cause     text        not null constraint ledger_entries_once unique,   -- the fact that it books, once
    kind      text        not null,                         -- what happened: of payments, or 'completed'
    at        timestamptz not null
);
create index ledger_entries_order on ledger.entries (order_id);
create index ledger_entries_seller on ledger.entries (seller_id, at, id);

create table ledger.postings (
    entry_id uuid   not null references ledger.entries (id),
    account  text   not null constraint ledger_postings_account check (account in (
        'buyer',            -- what buyers owe the seller; negative: what he owes them
        'sales', 'returns', -- what was sold; what of it is no longer due
        'bank', 'cash',     -- what was seen on the seller's account; what he took at the door
        'gateway',          -- what a payment gateway has for him
        'carrier',          -- cash on delivery in a carrier's hands
        'refunds',          -- what he gave back
        'disputed',         -- what buyers' banks took from him
        'commission', 'commission_owed')),                  -- the operator's share, and that it is not paid yet
    amount   bigint not null constraint ledger_postings_amount check (amount <> 0),
    primary key (entry_id, account)
);

create function ledger.entry_is_balanced() returns trigger language plpgsql as $$
begin
    if (select sum(amount) from ledger.postings where entry_id = new.entry_id) <> 0 then
        raise exception 'ledger entry % does not balance', new.entry_id;
    end if;
    return null;
end $$;
create constraint trigger postings_balance after insert on ledger.postings
    deferrable initially deferred for each row execute function ledger.entry_is_balanced();
create trigger entries_only_added before update or delete on ledger.entries
    for each row execute function ledger.refuse_change();
create trigger postings_only_added before update or delete on ledger.postings
    for each row execute function ledger.refuse_change();
create trigger entries_never_emptied before truncate on ledger.entries
    for each statement execute function ledger.refuse_change();
create trigger postings_never_emptied before truncate on ledger.postings
    for each statement execute function ledger.refuse_change();

-- The operator's commission. The nearest rule counts: seller and category, seller, category, everybody; else none.
create table ledger.commission_rules (
    id         uuid        primary key,
    seller_id  uuid,                                        -- null: every seller
    category   text,                                        -- with what lies below it; null: every category
    bps        int         not null constraint commission_rules_bps check (bps between 0 and 10000),
    valid_from date        not null,
    valid_to   date,                                        -- exclusive
    founded_on text        not null,                        -- the decision or contract
    made_at    timestamptz not null,
    made_by    uuid,
    constraint commission_rules_validity check (valid_to is null or valid_to > valid_from)
);
create index commission_rules_valid on ledger.commission_rules (valid_from);

-- What the nightly check found.
create table ledger.checks (
    id      uuid        primary key,
    at      timestamptz not null,
    orders  bigint      not null,                           -- looked at
    wrong   jsonb       not null                            -- [] when everything is right
);
create index ledger_checks_at on ledger.checks (at desc);

-- Lists by which carriers hand cash on: one batch, one incoming transfer.
create table payments.cod_batches (
    id          uuid        primary key,
    seller_id   uuid        not null,
    carrier     text        not null,
    reference   text        not null,                       -- the carrier's name for the batch
    total       bigint      not null constraint cod_batches_total check (total > 0),    -- cash less fees
    imported_at timestamptz not null,
    imported_by uuid,
    transfer_id uuid        unique references payments.transfers (id),      -- null: not seen to arrive yet
    settled_at  timestamptz,
    constraint cod_batches_once unique (seller_id, carrier, reference),
    constraint cod_batches_settled check ((transfer_id is null) = (settled_at is null))
);
create table payments.cod_lines (
    batch_id  uuid   not null references payments.cod_batches (id),
    intent_id uuid   not null references payments.intents (id),
    cod       bigint not null constraint cod_lines_cod check (cod > 0),
    fee       bigint not null constraint cod_lines_fee check (fee >= 0),
    primary key (batch_id, intent_id)
);
create index cod_lines_intent on payments.cod_lines (intent_id);
