-- Buying firms at work: invitations, sites with their addresses, and who agrees to which spending.

-- Why an officer refused, and when it was decided who the organisation is.
alter table organisations.organisations add column decided_at timestamptz;
alter table organisations.organisations add column decision_note text not null default '';
-- What waits for an officer, the oldest first.
create index organisations_waiting on organisations.organisations (created_at, id) where state = 'unverified';

-- A link that was mailed: whoever has the address becomes a member with these roles, once.
create table organisations.invitations (
    id          uuid        primary key,
    org_id      uuid        not null references organisations.organisations (id),
    email       text        not null check (email = lower(email)),
    roles       text[]      not null,
    token_hash  bytea       not null unique,                -- SHA-256; the secret itself is in the mail alone
    invited_by  uuid        not null,
    made_at     timestamptz not null,
    expires_at  timestamptz not null,
    accepted_at timestamptz,
    constraint invitations_roles check (cardinality(roles) > 0
        and roles <@ array['requester', 'approver', 'accountant', 'administrator'])
);
create index invitations_open on organisations.invitations (org_id, expires_at) where accepted_at is null;

-- Departments and places of a firm to which goods go.
create table organisations.sites (
    id           uuid        primary key,
    org_id       uuid        not null references organisations.organisations (id),
    name         text        not null check (name <> ''),    -- "Bếp trung tâm"
    recipient    text        not null check (recipient <> ''),
    phone        text        not null,                       -- E.164
    commune_code text        not null,
    line         text        not null check (line <> ''),
    is_default   boolean     not null default false,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    removed_at   timestamptz
);
create index sites_org on organisations.sites (org_id, name, id) where removed_at is null;
-- One of them is where goods usually go.
create unique index sites_default on organisations.sites (org_id) where is_default and removed_at is null;

-- The organisation that an order was placed for.
alter table orders.orders add column org_id uuid;
create index orders_org on orders.orders (org_id, placed_at desc, id desc) where org_id is not null;

-- Who in a firm agrees to spending before it becomes an order.
create schema approvals;

-- When somebody asks for so much, of such goods, somebody has to agree. Kept for ever: what ended is not applied.
create table approvals.rules (
    id          uuid        primary key,
    org_id      uuid        not null,
    over        bigint      not null check (over >= 0),       -- applies from this amount on, in đồng
    category    text,                                         -- these goods and what lies below; null: all
    person_id   uuid,                                         -- what this member asks for; null: anybody
    approver_id uuid,                                         -- who agrees; null: any approver
    made_by     uuid        not null,
    made_at     timestamptz not null,
    ended_at    timestamptz
);
create index rules_org on approvals.rules (org_id, made_at) where ended_at is null;

-- Who decides in an approver's place between two days, both included.
create table approvals.stand_ins (
    id          uuid        primary key,
    org_id      uuid        not null,
    approver_id uuid        not null,
    stand_in_id uuid        not null,
    from_day    date        not null,
    to_day      date        not null,
    made_by     uuid        not null,
    made_at     timestamptz not null,
    ended_at    timestamptz,
    constraint stand_ins_days check (from_day <= to_day),
    constraint stand_ins_another check (approver_id <> stand_in_id)
);
create index stand_ins_org on approvals.stand_ins (org_id, to_day) where ended_at is null;

-- What is to be agreed to: one print of one thing. Another print is another request.
create table approvals.requests (
    id           uuid        primary key,
    org_id       uuid        not null,
    subject_kind text        not null check (subject_kind in ('checkout', 'quote', 'purchase_order')),
    subject_id   uuid        not null,
    print        bytea       not null check (length(print) = 32),
    asked_by     uuid        not null,
    amount       bigint      not null check (amount >= 0),
    what_vi      text        not null,
    what_en      text        not null,
    url          text        not null default '',             -- a path of this site
    state        text        not null check (state in ('waiting', 'approved', 'refused', 'void')),
    asked_at     timestamptz not null,
    decided_at   timestamptz,
    constraint requests_decided check ((state = 'waiting') = (decided_at is null))
);
-- One standing request for one thing.
create unique index requests_standing on approvals.requests (subject_kind, subject_id) where state <> 'void';
create index requests_org on approvals.requests (org_id, asked_at desc, id desc);
create index requests_waiting on approvals.requests (org_id, asked_at) where state = 'waiting';

-- Who has to agree; all of them.
create table approvals.steps (
    request_id  uuid        not null references approvals.requests (id),
    position    int         not null,
    approver_id uuid,                                         -- null: any approver
    state       text        not null check (state in ('waiting', 'approved', 'refused')),
    decided_by  uuid,
    decided_at  timestamptz,
    primary key (request_id, position),
    constraint steps_decided check ((state = 'waiting') = (decided_by is null))
);

-- Everything that happened to a request, in order.
create table approvals.events (
    id         uuid        primary key,
    request_id uuid        not null references approvals.requests (id),
    at         timestamptz not null,
    event      text        not null check (event in ('ask', 'approve', 'refuse', 'void')),
    person_id  uuid,                                          -- null: the floor itself
    stands_for uuid,                                          -- whose place he took
    note       text        not null default ''
);
create index events_request on approvals.events (request_id, at, id);

-- Completed trade: a firm counts as a buyer once it is known who it is; before that somebody bought.
create or replace view orders.completed_report as
    select id as order_id, seller_id, left(seller_tax_code, 10) as seller_tax_code,
           case when org_id is null
                  or org_id in (select org_id from organisations.organisations_report where state = 'verified')
                then buyer_kind else 'person' end as buyer_kind,
           left(buyer_tax_code, 10) as buyer_tax_code, total, payment_method, completed_at, buyer_id, placed_at
    from orders.orders where state = 'completed';
