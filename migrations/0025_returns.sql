-- Returns: goods that go back, the money that is owed for them, and who decides when both sides disagree. Also the
-- seller's proposals to change an order before it is packed.
create schema returns;

-- How much of each line was delivered, and how much of it is claimed by returns that stand. Written with the first
-- return of an order. What was not delivered cannot go back, and no đồng is given back twice.
create table returns.delivered (
    order_id       uuid   not null,
    position       int    not null,
    delivered      bigint not null check (delivered > 0),
    paid           bigint not null check (paid >= 0),       -- for the line: its total less its share of the discount
    claimed        bigint not null default 0,
    claimed_amount bigint not null default 0,
    primary key (order_id, position),
    constraint delivered_covers_claims check (claimed between 0 and delivered),
    -- Whoever claims the last piece gets what the others left.
    constraint delivered_covers_amounts check (claimed_amount between 0 and paid
        and (claimed < delivered or claimed_amount = paid) and (claimed > 0 or claimed_amount = 0))
);

create table returns.cases (
    id              uuid        primary key,
    code            text        not null unique,            -- what people read out; with check character
    order_id        uuid        not null,
    order_code      text        not null,
    seller_id       uuid        not null,
    kind            text        not null check (kind in ('fault', 'withdrawal')),
    wish            text        not null check (wish in ('refund', 'replacement')),
    reason          text        not null default '',        -- the buyer's words
    state           text        not null check (state in ('requested', 'approved', 'rejected', 'in_transit', 'received',
                                'inspected', 'refunded', 'partially_refunded', 'replaced', 'disputed', 'in_mediation',
                                'resolved_buyer', 'resolved_seller', 'resolved_split', 'closed', 'withdrawn')),
    state_since     timestamptz not null,
    version         int         not null default 1,         -- as many as there are events
    due_at          timestamptz,                            -- when the clock acts
    goods_refund    bigint      not null check (goods_refund >= 0),
    delivery_refund bigint      not null default 0 check (delivery_refund >= 0),    -- when everything goes back
    granted         bigint      not null,                   -- what is to be given back, as things stand
    owed            bigint      not null default 0,         -- what the payment knows to be owed for it
    refund          bigint,                                 -- what the seller says he has given back
    reference       text        not null default '',        -- of his transfer
    requested_at    timestamptz not null,
    updated_at      timestamptz not null,
    constraint cases_granted check (granted between 0 and goods_refund + delivery_refund),
    constraint cases_refund check (refund between 0 and goods_refund + delivery_refund)
);
create index cases_order on returns.cases (order_id, requested_at);
create index cases_seller on returns.cases (seller_id, state, requested_at desc);
create index cases_due on returns.cases (due_at) where due_at is not null;
create index cases_disputed on returns.cases (state, state_since) where state in ('disputed', 'in_mediation');

create table returns.lines (
    case_id  uuid   not null references returns.cases (id),
    position int    not null,                               -- of the order's line
    name     text   not null,
    unit     text   not null,
    quantity bigint not null check (quantity > 0),
    amount   bigint not null check (amount >= 0),           -- what was paid for so many
    primary key (case_id, position)
);

create table returns.events (
    id         uuid        primary key,
    case_id    uuid        not null references returns.cases (id),
    at         timestamptz not null,
    actor_kind text        not null check (actor_kind in ('buyer', 'seller', 'mediator', 'system')),
    actor      uuid,
    event      text        not null,
    from_state text,
    to_state   text        not null,
    note       text        not null default '',
    version    int         not null,                        -- the case's, once this had happened
    constraint events_version unique (case_id, version)
);

-- Evidence: re-encoded, shown to both sides and to whoever mediates.
create table returns.pictures (
    id       uuid        primary key,
    case_id  uuid        not null references returns.cases (id),
    position int         not null,
    key      text        not null,                          -- of the file store
    added_at timestamptz not null,
    constraint pictures_position unique (case_id, position)
);

-- What a seller proposes before packing: fewer pieces, or a line out. It counts when the buyer accepts.
create table returns.edits (
    id            uuid        primary key,
    order_id      uuid        not null,
    order_version int         not null,                     -- of the order that was looked at
    seller_id     uuid        not null,
    state         text        not null check (state in ('proposed', 'accepted', 'declined', 'lapsed', 'withdrawn')),
    reason        text        not null,
    total_before  bigint      not null,
    total_after   bigint      not null,
    proposed_at   timestamptz not null,
    due_at        timestamptz not null,
    decided_at    timestamptz,
    constraint edits_less check (total_after > 0 and total_after < total_before),
    constraint edits_decided check ((state = 'proposed') = (decided_at is null))
);
-- One proposal at a time.
create unique index edits_open on returns.edits (order_id) where state = 'proposed';
create index edits_order on returns.edits (order_id, proposed_at desc);
create index edits_due on returns.edits (due_at) where state = 'proposed';

create table returns.edit_lines (
    edit_id  uuid   not null references returns.edits (id),
    position int    not null,
    name     text   not null,
    unit     text   not null,
    before   bigint not null,
    after    bigint not null,                               -- 0: the line goes
    primary key (edit_id, position),
    constraint edit_lines_fewer check (after >= 0 and after < before)
);
