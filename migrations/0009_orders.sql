-- The promise of one seller to one buyer. A checkout over three sellers makes one group of three orders.
create schema orders;

create table orders.groups (
    id          uuid        primary key,
    code        text        not null unique,
    checkout_id uuid        not null unique,                -- one checkout makes one group, however often it is sent
    buyer_id    uuid,
    placed_at   timestamptz not null
);

create table orders.orders (
    id              uuid        primary key,
    group_id        uuid        not null references orders.groups (id),
    code            text        not null unique,            -- what people read out; with check character
    secret          text        not null,                   -- the guest's link
    seller_id       uuid        not null,
    seller_name     text        not null,                   -- as it was when ordered
    seller_tax_code text,
    seller_address  text        not null,
    seller_phone    text        not null,
    seller_email    text        not null default '',
    buyer_id        uuid,                                   -- null: a guest
    buyer_kind      text        not null check (buyer_kind in ('person', 'organisation')),
    buyer_tax_code  text,
    buyer_org       text        not null default '',
    buyer_name      text        not null,
    buyer_phone     text        not null,
    buyer_email     text,
    buyer_words     text[]      not null default '{}',      -- the name folded, for the seller's search
    lang            text        not null default 'vi',
    delivery_method text        not null check (delivery_method in ('own', 'pickup', 'post_point')),
    delivery_text   text        not null,                   -- address as shown: line, commune, province; or the point
    commune_code    text,
    delivery_days   text        not null default '',        -- "2–4"
    note            text        not null default '',
    goods_total     bigint      not null check (goods_total >= 0),
    delivery_fee    bigint      not null check (delivery_fee >= 0),
    tax_total       bigint      not null check (tax_total >= 0),        -- VAT contained in the goods' prices
    total           bigint      not null check (total > 0),
    payment_method  text        not null check (payment_method in ('cod', 'vietqr')),
    state           text        not null check (state in ('awaiting_payment', 'placed', 'confirmed', 'packed',
                                'handed_over', 'delivered', 'completed', 'cancelled')),
    state_since     timestamptz not null,
    version         int         not null default 1,         -- as many as there are events
    due_at          timestamptz,                            -- when the clock acts
    cancel_reason   text        not null default '',
    cancelled_by    text        check (cancelled_by in ('buyer', 'seller', 'operator', 'system')),
    tracking        text        not null default '',
    placed_at       timestamptz not null,
    completed_at    timestamptz,
    updated_at      timestamptz not null,
    constraint orders_total check (total = goods_total + delivery_fee),
    constraint orders_completed check ((state = 'completed') = (completed_at is not null)),
    constraint orders_cancelled check ((state = 'cancelled') = (cancelled_by is not null)),
    constraint orders_organisation check (buyer_kind = 'person' or buyer_tax_code is not null)
);
create index orders_group on orders.orders (group_id);
create index orders_seller on orders.orders (seller_id, placed_at desc, id desc);
create index orders_seller_state on orders.orders (seller_id, state, placed_at desc, id desc);
create index orders_buyer on orders.orders (buyer_id, placed_at desc) where buyer_id is not null;
create index orders_due on orders.orders (due_at) where due_at is not null;
create index orders_seller_completed on orders.orders (seller_id, completed_at) include (total)
    where completed_at is not null;
create index orders_seller_phone on orders.orders (seller_id, buyer_phone, placed_at desc, id desc);
create index orders_words on orders.orders using gin (buyer_words);
create index orders_completed_at on orders.orders (completed_at) where completed_at is not null;

create table orders.lines (
    order_id   uuid   not null references orders.orders (id),
    position   int    not null,
    variant_id uuid   not null,
    product_id uuid   not null,
    sku        text   not null,
    name       text   not null,
    label      text   not null,
    unit       text   not null,
    picture    text   not null default '',
    quantity   bigint not null check (quantity > 0),
    unit_price bigint not null check (unit_price > 0),
    tax_bps    int    not null,
    total      bigint not null,
    tax        bigint not null,                             -- contained in total
    primary key (order_id, position),
    constraint lines_total check (total = unit_price * quantity),
    constraint lines_tax check (tax between 0 and total)
);

create table orders.events (
    id         uuid        primary key,
    order_id   uuid        not null references orders.orders (id),
    at         timestamptz not null,
    actor_kind text        not null check (actor_kind in ('buyer', 'seller', 'operator', 'system')),
    actor      uuid,
    event      text        not null,
    from_state text,
    to_state   text        not null,
    note       text        not null default '',
    version    int         not null,                        -- the order's, once this had happened
    constraint order_events_version unique (order_id, version)
);

-- Published: completed trade, without its contents (officers see aggregates).
create view orders.completed_report as
    select id as order_id, seller_id, left(seller_tax_code, 10) as seller_tax_code, buyer_kind,
           left(buyer_tax_code, 10) as buyer_tax_code, total, payment_method, completed_at, buyer_id
    from orders.orders where state = 'completed';
