-- Firms buy in bulk: selling units, least quantities, prices of customers, admission, samples, purchase lists.
create schema wholesale;

-- What a variant's quantity has to be, and how long a larger one takes. Written by the seller through `catalogue`.
alter table catalogue.variants
    add column min_quantity  int   not null default 1,         -- the fewest that a firm buys at once
    add column step_quantity int   not null default 1,         -- firms buy whole multiples of it
    add column terms_for_all bool  not null default false,     -- both hold for people who are no firm as well
    add column lead_steps    jsonb not null default '[]',      -- [{from, days}]: from that many, ready after so many days
    add constraint variants_terms check (min_quantity between 1 and 1000000 and step_quantity between 1 and 1000000
        and jsonb_typeof(lead_steps) = 'array');

-- How a seller deals with firms; none: prices for firms are shown to every firm.
create table wholesale.settings (
    seller_id  uuid        primary key,
    hidden     bool        not null default false,             -- prices for firms only to customers that he has admitted
    welcome    text        not null default '',                -- what he says to firms that ask to be admitted
    updated_at timestamptz not null
);

-- A unit in which a variant is sold besides its own: `units` of it are `base` pieces (1 carton = 24; 50 kg = 1 sack).
create table wholesale.units (
    variant_id uuid   not null,
    name       text   not null check (length(name) between 1 and 40),
    units      bigint not null check (units between 1 and 1000000),
    base       bigint not null check (base between 1 and 1000000),
    position   int    not null,
    primary key (variant_id, name)
);

-- Customers whom a seller gives the same prices.
create table wholesale.groups (
    id         uuid        primary key,
    seller_id  uuid        not null,
    name       text        not null check (length(name) between 1 and 80),
    created_at timestamptz not null,
    constraint groups_name unique (seller_id, name)
);

-- A firm that asked a seller to be his customer, or that he took in himself.
create table wholesale.customers (
    seller_id  uuid        not null,
    org_id     uuid        not null,
    state      text        not null check (state in ('asked', 'admitted', 'refused', 'ended')),
    group_id   uuid        references wholesale.groups (id),
    message    text        not null default '',                -- what the firm wrote when it asked
    reason     text        not null default '',                -- what the seller wrote when he decided
    asked_by   uuid,                                           -- null: the seller took the firm in
    decided_by uuid,
    changed_at timestamptz not null,
    version    int         not null default 1,
    primary key (seller_id, org_id),
    -- Only who is admitted is in a group.
    constraint customers_group check (group_id is null or state = 'admitted')
);
create index customers_of_seller on wholesale.customers (seller_id, state, changed_at desc, org_id desc);
create index customers_of_org on wholesale.customers (org_id, changed_at desc);
create index customers_in_group on wholesale.customers (group_id) where group_id is not null;

-- What happened between a seller and a firm, in order.
create table wholesale.customer_events (
    id        uuid        primary key,
    seller_id uuid        not null,
    org_id    uuid        not null,
    at        timestamptz not null,
    event     text        not null check (event in ('ask', 'admit', 'refuse', 'end', 'group')),
    person_id uuid,
    note      text        not null default '',
    foreign key (seller_id, org_id) references wholesale.customers (seller_id, org_id)
);
create index customer_events_of on wholesale.customer_events (seller_id, org_id, at, id);

-- The price of one piece for admitted customers: of one, of a group, or of all. The lowest that applies is charged.
create table wholesale.prices (
    id           uuid        primary key,
    seller_id    uuid        not null,
    variant_id   uuid        not null,
    group_id     uuid        references wholesale.groups (id),
    org_id       uuid,
    min_quantity bigint      not null check (min_quantity between 1 and 1000000),  -- pieces
    price        bigint      not null check (price between 1 and 1000000000000),   -- đồng a piece, VAT included
    unit         text        not null default '',              -- the unit in which the seller named it; '': pieces
    valid_from   date        not null,
    valid_to     date,                                         -- the last day; null: until he ends it
    created_by   uuid,
    created_at   timestamptz not null,
    constraint prices_for check (num_nonnulls(group_id, org_id) <= 1),
    constraint prices_days check (valid_to is null or valid_to >= valid_from)
);
create index prices_of_variant on wholesale.prices (variant_id, valid_from);
create index prices_of_seller on wholesale.prices (seller_id, created_at desc, id desc);
create index prices_of_org on wholesale.prices (org_id) where org_id is not null;
create index prices_of_group on wholesale.prices (group_id) where group_id is not null;

-- Below a variant's least quantity a firm may buy so many once, to try them.
create table wholesale.samples (
    variant_id uuid   primary key,
    most       bigint not null check (most between 1 and 1000000),
    price      bigint not null check (price between 1 and 1000000000000)           -- đồng a piece, VAT included
);

-- Firms that had their sample; the seller may give another by taking the row out.
create table wholesale.samples_taken (
    variant_id uuid        not null,
    org_id     uuid        not null,
    seller_id  uuid        not null,
    quantity   bigint      not null check (quantity > 0),
    taken_by   uuid,
    taken_at   timestamptz not null,
    primary key (variant_id, org_id)
);
create index samples_taken_of_seller on wholesale.samples_taken (seller_id, org_id, taken_at desc);

-- What a firm buys again and again.
create table wholesale.lists (
    id         uuid        primary key,
    org_id     uuid        not null,
    name       text        not null check (length(name) between 1 and 80),
    created_by uuid,
    updated_at timestamptz not null,
    version    int         not null default 1,
    constraint lists_name unique (org_id, name)
);
create index lists_of_org on wholesale.lists (org_id, updated_at desc, id desc);

create table wholesale.list_lines (
    list_id    uuid   not null references wholesale.lists (id) on delete cascade,
    variant_id uuid   not null,
    quantity   bigint not null check (quantity between 1 and 1000000),              -- pieces
    position   int    not null,
    primary key (list_id, variant_id)
);

-- Published: who is whose customer.
create view wholesale.customers_report as
    select seller_id, org_id, state, group_id, changed_at from wholesale.customers;
-- Published: the units in which variants are sold besides their own.
create view wholesale.units_report as
    select variant_id, name, units, base, position from wholesale.units;

-- Quick orders find goods by the codes that people paste.
create index variants_by_sku on catalogue.variants (lower(sku)) where removed_at is null;
create index variants_by_gtin on catalogue.variants (gtin) where removed_at is null and gtin is not null;
