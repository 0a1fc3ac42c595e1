-- How many there are, how many are promised, and every change of either.
create schema stock;

create table stock.levels (
    variant_id uuid        primary key,
    seller_id  uuid        not null,
    on_hand    bigint      not null,
    reserved   bigint      not null default 0,
    buffer     bigint      not null default 0 check (buffer >= 0),      -- kept back from sale
    unlimited  boolean     not null default false,                     -- services, made to order
    updated_at timestamptz not null,
    constraint levels_promises_are_covered check (reserved >= 0 and (unlimited or reserved <= on_hand)),
    constraint levels_on_hand check (on_hand >= 0)
);
create index levels_seller on stock.levels (seller_id);

create table stock.reservations (
    order_id   uuid        not null,
    variant_id uuid        not null references stock.levels (variant_id),
    quantity   bigint      not null check (quantity > 0),
    state      text        not null check (state in ('held', 'released', 'shipped')),
    made_at    timestamptz not null,
    ended_at   timestamptz,
    primary key (order_id, variant_id),
    constraint reservations_end check ((state = 'held') = (ended_at is null))
);
create index reservations_held on stock.reservations (variant_id) where state = 'held';

create table stock.movements (
    id         uuid        primary key,
    variant_id uuid        not null references stock.levels (variant_id),
    at         timestamptz not null,
    kind       text        not null check (kind in ('opening', 'count', 'receipt', 'shipment', 'return')),
    quantity   bigint      not null,                        -- signed change of on_hand
    order_id   uuid,
    actor      uuid,
    note       text        not null default ''
);
create index movements_variant on stock.movements (variant_id, at desc);
-- Goods of one order leave once.
create unique index movements_shipment on stock.movements (order_id, variant_id) where kind = 'shipment';

create view stock.levels_report as
    select variant_id, on_hand, reserved, unlimited,
           case when unlimited then 1000000 else greatest(on_hand - reserved - buffer, 0) end as available
    from stock.levels;
