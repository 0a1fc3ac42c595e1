-- The province's register of enterprises (the denominator of every share), and the sellers that come from it.
create schema enterprises;

create table enterprises.vsic (
    code        text primary key,
    level       int  not null,
    parent_code text,
    section     text not null,
    name_vi     text not null,
    name_en     text not null,
    field_group text not null                               -- agri_industry | trade_services (Decree 80/2021, Art. 5)
);

create table enterprises.banks (
    bin        text primary key,                            -- six digits, NAPAS
    code       text not null,
    short_name text not null,
    name       text not null,
    vietqr_ok  boolean not null
);

create table enterprises.paper_kinds (
    kind      text primary key,
    label_vi  text not null,
    label_en  text not null,
    used_for  text not null,                                -- seller | product | both
    expires   boolean not null,
    help_vi   text not null,
    help_en   text not null,
    legal_ref text not null
);

-- One legal entity by its 10-digit tax code.
create table enterprises.register (
    tax_code     text        primary key check (tax_code ~ '^[0-9]{10}$'),
    name         text        not null,
    kind         text        not null check (kind in ('enterprise', 'cooperative', 'household', 'organisation')),
    commune_code text,
    address      text        not null default '',
    vsic         text,
    employees    int         check (employees >= 0),
    revenue      bigint      check (revenue >= 0),          -- đồng a year
    capital      bigint      check (capital >= 0),          -- đồng
    size_class   text        not null check (size_class in ('micro', 'small', 'medium', 'large', 'unknown')),
    active_from  date,                                      -- null: since before the register began
    active_to    date,                                      -- exclusive; null: active
    source       text        not null,
    as_of        date        not null,
    updated_at   timestamptz not null,
    -- The name as it is searched: small letters without marks, like kernel::fold.
    name_folded  text        not null generated always as
        (translate(regexp_replace(normalize(lower(name), nfd), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')) stored
);
create index register_commune on enterprises.register (commune_code);

create table enterprises.sellers (
    id              uuid        primary key,
    tax_code        text        check (tax_code ~ '^[0-9]{10}(-?[0-9]{3})?$'),
    kind            text        not null check (kind in ('enterprise', 'cooperative', 'household')),
    legal_name      text        not null,
    shop_name       text        not null,
    slug            text        not null unique,
    commune_code    text        not null,
    address         text        not null,
    vsic            text,
    employees       int         check (employees >= 0),
    revenue         bigint      check (revenue >= 0),
    capital         bigint      check (capital >= 0),
    size_class      text        not null check (size_class in ('micro', 'small', 'medium', 'large', 'unknown')),
    intro           text        not null default '',
    intro_en        text        not null default '',
    phone           text        not null default '',
    email           text        not null default '',
    registration_no text        not null default '',        -- business registration: number, date, issuer
    registered_on   date,
    registered_by   text        not null default '',
    art             text        not null default '',        -- drawn banner and logo until the shop has pictures
    state           text        not null check (state in
                        ('draft', 'submitted', 'need_changes', 'approved', 'refused', 'suspended', 'closed')),
    version         int         not null default 1,
    decision_reason text        not null default '',
    identified_at   timestamptz,
    submitted_at    timestamptz,
    approved_at     timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null
);
-- One living shop per tax code (a branch with its 13 digits may have its own).
create unique index sellers_tax_code on enterprises.sellers (tax_code)
    where tax_code is not null and state not in ('refused', 'closed');
create index sellers_waiting on enterprises.sellers (submitted_at) where state = 'submitted';

-- The record: every step with who, when and why.
create table enterprises.seller_events (
    id         uuid        primary key,
    seller_id  uuid        not null references enterprises.sellers (id),
    at         timestamptz not null,
    actor      uuid,
    event      text        not null,
    from_state text        not null,
    to_state   text        not null,
    reason     text        not null default ''
);
create index seller_events_seller on enterprises.seller_events (seller_id, at);

create table enterprises.members (
    seller_id uuid        not null references enterprises.sellers (id),
    person_id uuid        not null,
    role      text        not null check (role in ('owner', 'staff')),
    added_at  timestamptz not null,
    primary key (seller_id, person_id)
);
create index members_person on enterprises.members (person_id);

create table enterprises.invitations (
    id          uuid        primary key,
    seller_id   uuid        not null references enterprises.sellers (id),
    email       text        not null,
    role        text        not null check (role in ('owner', 'staff')),
    token_hash  bytea       not null unique,
    invited_by  uuid        not null,
    made_at     timestamptz not null,
    expires_at  timestamptz not null,
    accepted_at timestamptz
);

create table enterprises.bank_accounts (
    seller_id      uuid        primary key references enterprises.sellers (id),
    bank_bin       text        not null references enterprises.banks (bin),
    account_number text        not null check (account_number ~ '^[0-9A-Z]{4,19}$'),
    account_name   text        not null,
    updated_at     timestamptz not null
);

-- Papers of a seller: private files with number, issuer and expiry.
create table enterprises.papers (
    id          uuid        primary key,
    seller_id   uuid        not null references enterprises.sellers (id),
    kind        text        not null references enterprises.paper_kinds (kind),
    number      text        not null,
    issuer      text        not null,
    issued      date,
    expires     date,
    file_key    text        not null,
    file_type   text        not null,                       -- application/pdf | image/jpeg …
    file_name   text        not null,
    state       text        not null check (state in ('submitted', 'accepted', 'rejected')),
    reason      text        not null default '',
    reviewed_by uuid,
    reviewed_at timestamptz,
    created_at  timestamptz not null,
    removed_at  timestamptz
);
create index papers_seller on enterprises.papers (seller_id);

-- Published to other slices.
create view enterprises.members_report as
    select m.person_id, m.seller_id, m.role, s.shop_name, s.state
    from enterprises.members m join enterprises.sellers s on s.id = m.seller_id;
create view enterprises.sellers_report as
    select id as seller_id, left(tax_code, 10) as tax_code, kind, shop_name, legal_name, slug, commune_code, vsic,
           size_class, state, created_at, approved_at, version
    from enterprises.sellers;
create view enterprises.register_report as
    select tax_code, name, kind, commune_code, vsic, size_class, active_from, active_to, name_folded, address, as_of
    from enterprises.register;
-- Papers of a seller that count: what a category demands of the seller and not of the single product.
create view enterprises.papers_report as
    select seller_id, kind, state, expires
    from enterprises.papers where removed_at is null and state <> 'rejected';
