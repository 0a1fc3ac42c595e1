-- Purchase orders between firms: frozen lines and terms, instalments, deliveries, acceptance, credit, contracts.
create schema purchasing;

-- Numbers of purchase orders, one row a year.
create table purchasing.numbers (
    year int primary key,
    last int not null check (last > 0)
);

create table purchasing.orders (
    id               uuid        primary key,
    number           text        not null unique,           -- DM26-000123: what both sides and their papers name
    org_id           uuid        not null,
    seller_id        uuid        not null,
    asked_by         uuid        not null,                  -- the buyer's person
    quote_id         uuid        unique,                    -- one purchase order a quote, whoever accepts it how often
    quote_version    int,
    title            text        not null,
    state            text        not null check (state in ('issued', 'confirmed', 'in_delivery', 'delivered', 'accepted',
                                 'closed', 'declined', 'cancelled')),
    version          int         not null default 1,        -- as many as there are events
    lang             text        not null check (lang in ('vi', 'en')),
    goods_total      bigint      not null check (goods_total >= 0),     -- tax included
    tax_total        bigint      not null check (tax_total >= 0),       -- of which
    delivery_fee     bigint      not null check (delivery_fee >= 0),
    total            bigint      not null check (total > 0),
    delivery_text    text        not null,
    delivery_commune text,
    wanted_by        date,
    deposit_bps      int         not null check (deposit_bps between 0 and 10000),
    on_delivery_bps  int         not null check (on_delivery_bps between 0 and 10000),
    net_days         int         check (net_days between 0 and 365),    -- null: the rest is due with the acceptance
    terms_note       text        not null default '',
    -- Both sides as they were named on that day.
    buyer_name       text        not null,
    buyer_tax_code   text        not null,
    buyer_address    text        not null,
    seller_name      text        not null,
    seller_tax_code  text,
    seller_address   text        not null,
    seller_phone     text        not null,
    credit_held      bigint      not null default 0 check (credit_held >= 0),   -- of the customer's credit limit
    cancel_asked_by  text        check (cancel_asked_by in ('buyer', 'seller')),
    cancel_reason    text        not null default '',
    issued_at        timestamptz not null,
    state_since      timestamptz not null,
    confirmed_at     timestamptz,
    accepted_at      timestamptz,
    accepted_by      uuid,
    accept_note      text        not null default '',
    closed_at        timestamptz,
    constraint orders_quote check ((quote_id is null) = (quote_version is null)),
    constraint orders_total check (total = goods_total + delivery_fee),
    constraint orders_shares check (deposit_bps + on_delivery_bps <= 10000)
);
comment on constraint orders_shares on purchasing.orders is 'Nobody is asked for more than the whole.';
comment on constraint orders_total on purchasing.orders is 'The total is its parts.';
create index orders_of_buyer on purchasing.orders (org_id, issued_at desc, id desc);
create index orders_of_seller on purchasing.orders (seller_id, issued_at desc, id desc);
create index orders_of_seller_state on purchasing.orders (seller_id, state, issued_at desc, id desc);

create table purchasing.lines (
    order_id   uuid   not null references purchasing.orders (id),
    position   int    not null check (position > 0),
    variant_id uuid,                                        -- null: in words only, no stock of the floor
    name       text   not null check (name <> ''),
    sku        text   not null,
    unit       text   not null,
    quantity   bigint not null check (quantity > 0),        -- thousandths of the unit
    unit_price bigint not null check (unit_price >= 0),     -- tax included
    tax_bps    int    not null check (tax_bps between 0 and 10000),
    total      bigint not null check (total >= 0),
    category   text,
    counted    boolean not null default false,              -- the unit is the one that the stock is counted in
    sent       bigint not null default 0,                   -- under way or received; what was missing is taken off again
    primary key (order_id, position),
    constraint lines_never_too_many check (sent between 0 and quantity)
);
comment on constraint lines_never_too_many on purchasing.lines is 'No more is delivered than was ordered.';

-- Parts of the price, each with an own payment and memo: its id plays an order's id in payments.
create table purchasing.instalments (
    id         uuid        primary key,
    order_id   uuid        not null references purchasing.orders (id),
    nth        int         not null check (nth > 0),
    kind       text        not null check (kind in ('deposit', 'delivery', 'final')),
    amount     bigint      not null check (amount > 0),
    due_on     date        not null,
    opened_at  timestamptz not null,
    paid_at    timestamptz,                                 -- covered in full
    voided_at  timestamptz,                                 -- the order was cancelled
    constraint instalments_nth unique (order_id, nth)
);
create index instalments_open on purchasing.instalments (due_on) where paid_at is null and voided_at is null;

create table purchasing.deliveries (
    id          uuid        primary key,                    -- plays an order's id in stock
    order_id    uuid        not null references purchasing.orders (id),
    nth         int         not null check (nth > 0),
    carrier     text        not null default '',            -- vehicle, driver, waybill
    note        text        not null default '',
    sent_at     timestamptz not null,
    sent_by     uuid,
    received_at timestamptz,
    received_by uuid,
    remark      text        not null default '',            -- the buyer's
    constraint deliveries_nth unique (order_id, nth)
);

create table purchasing.delivery_lines (
    delivery_id uuid   not null references purchasing.deliveries (id),
    position    int    not null,
    quantity    bigint not null check (quantity > 0),       -- thousandths, as sent
    pieces      bigint not null default 0 check (pieces >= 0),  -- that left the stock of the floor
    received    bigint check (received between 0 and quantity),
    primary key (delivery_id, position)
);

-- What happened, in order; only added.
create table purchasing.events (
    id       uuid        primary key,
    order_id uuid        not null references purchasing.orders (id),
    version  int         not null,
    side     text        not null check (side in ('buyer', 'seller', 'floor')),
    person   uuid,
    event    text        not null,
    state    text        not null,                          -- after it
    note     text        not null default '',
    at       timestamptz not null,
    constraint events_version unique (order_id, version)
);

-- How much a seller lets a customer owe him after acceptance.
create table purchasing.credits (
    seller_id  uuid        not null,
    org_id     uuid        not null,
    most       bigint      not null check (most >= 0),
    used       bigint      not null default 0 check (used >= 0),
    blocked    boolean     not null default false,          -- no new orders on credit
    updated_at timestamptz not null,
    primary key (seller_id, org_id)
);
comment on table purchasing.credits is 'Used may exceed most after the seller has lowered it; a new order never takes it there.';

-- Notices about late instalments, each level once.
create table purchasing.dunnings (
    instalment_id uuid        not null references purchasing.instalments (id),
    level         int         not null check (level between 0 and 9),
    at            timestamptz not null,
    primary key (instalment_id, level)
);

-- The contract as it was first printed.
create table purchasing.contracts (
    order_id uuid        primary key references purchasing.orders (id),
    number   text        not null,
    file_key text        not null,
    sha256   bytea       not null check (length(sha256) = 32),
    made_at  timestamptz not null
);

-- Published: purchase orders that count as trade between firms.
create view purchasing.accepted_report as
    select id as order_id, seller_id, left(seller_tax_code, 10) as seller_tax_code, org_id,
           left(buyer_tax_code, 10) as buyer_tax_code, asked_by as buyer_id, issued_at as placed_at,
           accepted_at as completed_at, total
    from purchasing.orders where state in ('accepted', 'closed');

-- Trade of participation: completed orders, and purchase orders that were accepted. A firm that buys by purchase order
-- buys as an organisation.
create view participation.trades as
    select seller_id, seller_tax_code, buyer_kind, buyer_tax_code, buyer_id, placed_at, completed_at
    from orders.completed_report
    union all
    select seller_id, seller_tax_code, 'organisation', buyer_tax_code, buyer_id, placed_at, completed_at
    from purchasing.accepted_report;

-- Method 3 of participation: as method 2, with accepted purchase orders counted beside completed orders.
create or replace function participation.firms(
    starts timestamptz, ends timestamptz, ends_on date, seen_at timestamptz, min_days int, home text[]
) returns table (
    tax_code text, name text, kind text, commune_code text, size_class text,
    registered_at timestamptz, admitted_at timestamptz, shown boolean, public_days int, listed boolean,
    sales bigint, sales_b2c bigint, sales_b2b bigint, first_sale timestamptz, last_sale timestamptz,
    purchases bigint, first_purchase timestamptz, last_purchase timestamptz, own_orders bigint
) language sql stable as $$
    with accounts as not materialized (
        select s.tax_code, min(s.created_at) as registered_at
        from enterprises.seller_states_report h
        join enterprises.sellers_report s on s.seller_id = h.seller_id and s.tax_code = h.tax_code
        where h.since < ends and (h.until is null or h.until >= ends) and h.state not in ('refused', 'closed')
        group by s.tax_code
    ), admissions as not materialized (
        select h.tax_code, min(h.since) as admitted_at
        from enterprises.seller_states_report h
        where h.state = 'approved' and h.since < ends
        group by h.tax_code
    ), displays as not materialized (
        select h.tax_code, greatest(l.since, h.since, starts) as since,
               least(l.until, h.until, ends, seen_at) as until,
               coalesce(least(l.until, h.until) > least(ends, seen_at), true) as still
        from enterprises.seller_states_report h
        join catalogue.public_spans_report l on l.seller_id = h.seller_id
        where h.state = 'approved' and greatest(l.since, h.since) <= least(ends, seen_at)
          and (l.until is null or l.until > greatest(h.since, starts))
          and (h.until is null or h.until > greatest(l.since, starts))
    ), listings as not materialized (
        select d.tax_code, bool_or(d.still) as shown,
               range_agg(daterange(
                   (d.since at time zone 'Asia/Ho_Chi_Minh')::date,
                   ((d.until - interval '1 microsecond') at time zone 'Asia/Ho_Chi_Minh')::date, '[]'
               )) filter (where d.since < d.until) as days
        from displays d
        group by d.tax_code
    ), trade as not materialized (
        select o.seller_tax_code, o.buyer_tax_code, o.buyer_kind, o.completed_at, own.own
        from participation.trades o
        cross join lateral (
            select coalesce(o.buyer_tax_code = o.seller_tax_code, false) or exists (
                select from enterprises.memberships_report m
                where m.seller_id = o.seller_id and m.person_id = o.buyer_id and m.added_at <= o.completed_at
                  and (m.removed_at is null or m.removed_at > o.placed_at)
            ) as own
            offset 0 -- asked once an order
        ) own
        where o.completed_at >= starts and o.completed_at < ends
    ), sold as not materialized (
        select t.seller_tax_code as tax_code, count(*) filter (where not t.own) as sales,
               count(*) filter (where not t.own and t.buyer_kind = 'person') as sales_b2c,
               count(*) filter (where not t.own and t.buyer_kind = 'organisation') as sales_b2b,
               min(t.completed_at) filter (where not t.own) as first_sale,
               max(t.completed_at) filter (where not t.own) as last_sale,
               count(*) filter (where t.own) as own_orders
        from trade t group by t.seller_tax_code
    ), bought as not materialized (
        select t.buyer_tax_code as tax_code, count(*) as purchases,
               min(t.completed_at) as first_purchase, max(t.completed_at) as last_purchase
        from trade t where not t.own and t.buyer_kind = 'organisation'
        group by t.buyer_tax_code
    ), counted as not materialized (
        select l.tax_code, l.shown,
               coalesce((select sum(upper(d) - lower(d)) from unnest(l.days) d), 0)::int as public_days
        from listings l
    )
    select r.tax_code, r.name, r.kind, r.commune_code, r.size_class,
           a.registered_at, p.admitted_at, coalesce(l.shown, false), coalesce(l.public_days, 0),
           coalesce(l.public_days >= greatest(min_days, 1), false),
           coalesce(s.sales, 0), coalesce(s.sales_b2c, 0), coalesce(s.sales_b2b, 0), s.first_sale, s.last_sale,
           coalesce(b.purchases, 0), b.first_purchase, b.last_purchase, coalesce(s.own_orders, 0)
    from enterprises.register_report r
    left join accounts a on a.tax_code = r.tax_code
    left join admissions p on p.tax_code = r.tax_code
    left join counted l on l.tax_code = r.tax_code
    left join sold s on s.tax_code = r.tax_code
    left join bought b on b.tax_code = r.tax_code
    where (r.active_from is null or r.active_from <= ends_on)
      and (r.active_to is null or r.active_to > ends_on)
      and (r.commune_code is null or r.commune_code = any (home))
$$;
