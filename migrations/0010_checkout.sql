-- Wishes: the basket of a guest or a person, and the checkout that turns it into orders.
create schema checkout;

create table checkout.baskets (
    id         uuid        primary key,
    token_hash bytea       unique,                          -- a guest's cookie
    person_id  uuid        unique,
    updated_at timestamptz not null,
    constraint baskets_of_somebody check (token_hash is not null or person_id is not null)
);
create index baskets_updated_at on checkout.baskets (updated_at);

create table checkout.lines (
    basket_id  uuid        not null references checkout.baskets (id) on delete cascade,
    variant_id uuid        not null,
    quantity   bigint      not null check (quantity between 1 and 1000000),
    seen_price bigint      not null,                        -- what the buyer saw when he put it in
    added_at   timestamptz not null,
    primary key (basket_id, variant_id)
);

create table checkout.checkouts (
    id            uuid        primary key,
    basket_id     uuid        not null references checkout.baskets (id) on delete cascade,
    person_id     uuid,
    state         text        not null check (state in ('open', 'completed')),
    buyer_kind    text        not null default 'person' check (buyer_kind in ('person', 'organisation')),
    buyer_name    text        not null default '',
    buyer_phone   text        not null default '',          -- as typed
    buyer_email   text        not null default '',
    commune_code  text,
    commune_typed text        not null default '',
    address_line  text        not null default '',
    note          text        not null default '',
    choices       jsonb       not null default '{}',        -- seller → {delivery, point, payment}
    answer        text,                                     -- where the confirmation is
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    constraint checkouts_answer check ((state = 'completed') = (answer is not null))
);
create unique index checkouts_open on checkout.checkouts (basket_id) where state = 'open';
create index checkouts_basket on checkout.checkouts (basket_id, updated_at desc);
