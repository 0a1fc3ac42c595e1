-- Export: what a buyer abroad must know of a product, his enquiry without an account, and the seller's offers.
create schema exports;

create table exports.sheets (
    product_id   uuid        primary key,
    seller_id    uuid        not null,
    shown        boolean     not null,                      -- on the list of goods for export
    hs_code      text        not null constraint sheets_hs check (hs_code ~ '^[0-9]{6}([0-9]{2}){0,2}$'),
    origin       text        not null,                      -- in English, as a certificate of origin would name it
    incoterms    text[]      not null constraint sheets_incoterms check (cardinality(incoterms) > 0),
    port         text        not null,                      -- named place of the first of them
    least        text        not null,                      -- smallest quantity, in words
    supply       text        not null default '',           -- what can be had a month, in words
    packaging    text        not null default '',
    shelf_life   text        not null default '',
    about_en     text        not null,                      -- plain text
    about_vi     text        not null default '',
    updated_at   timestamptz not null
);
create index sheets_seller on exports.sheets (seller_id);
create index sheets_shown on exports.sheets (updated_at desc, product_id) where shown;

create table exports.enquiries (
    id           uuid        primary key,
    secret       text        not null unique,               -- of the buyer's link
    product_id   uuid        not null,
    product_name text        not null,                      -- as it was
    seller_id    uuid        not null,
    name         text        not null,
    company      text        not null,
    country      text        not null,
    email        text        not null,
    quantity     text        not null,
    incoterm     text        not null,
    port         text        not null default '',
    message      text        not null,
    state        text        not null constraint enquiries_state check (state in
                     ('unconfirmed', 'open', 'offered', 'accepted', 'declined', 'closed')),
    offers       int         not null default 0,            -- the newest offer's number
    reason       text        not null default '',           -- of the side that said no
    made_at      timestamptz not null,
    confirmed_at timestamptz,
    updated_at   timestamptz not null,
    constraint enquiries_confirmed check ((state = 'unconfirmed') = (confirmed_at is null)),
    constraint enquiries_offered check (state not in ('offered', 'accepted') or offers > 0)
);
create index enquiries_seller on exports.enquiries (seller_id, made_at desc) where state <> 'unconfirmed';
create index enquiries_unconfirmed on exports.enquiries (made_at) where state = 'unconfirmed';

-- What the seller has offered: written once, never changed.
create table exports.offers (
    enquiry_id  uuid        not null references exports.enquiries (id),
    version     int         not null,
    currency    text        not null constraint offers_currency check (currency ~ '^[A-Z]{3}$'),
    price       bigint      not null constraint offers_price check (price > 0),     -- in the currency's smallest part
    unit        text        not null,
    quantity    text        not null,
    incoterm    text        not null,
    place       text        not null,
    valid_until date        not null,
    lead_days   int         not null constraint offers_lead check (lead_days between 0 and 1000),
    payment     text        not null,
    note        text        not null default '',
    made_by     uuid        not null,
    made_at     timestamptz not null,
    primary key (enquiry_id, version)
);
create function exports.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of %.% is refused: rows are only added', tg_op, tg_table_schema, tg_table_name;
end $$;
create trigger offers_only_added before update or delete on exports.offers
    for each row execute function exports.refuse_change();
