-- Parcels, the carriers that bring them under each seller's own contract, and pauses of delivery.

-- Of each line of an order: how many were ordered, and how many lie in parcels. The check is what keeps a
-- seller from packing more than was ordered, however many press at once.
create table delivery.packed (
    order_id uuid   not null,
    position int    not null,                               -- the line of the order
    ordered  bigint not null check (ordered > 0),
    packed   bigint not null default 0,
    primary key (order_id, position),
    constraint packed_at_most_ordered check (packed between 0 and ordered)
);

-- What goes out in one piece. Sender and recipient are kept as they were when it was made.
create table delivery.parcels (
    id           uuid        primary key,
    code         text        not null unique,               -- ours; the carrier's key for "the same again"
    order_id     uuid        not null,
    order_code   text        not null,
    seller_id    uuid        not null,
    carrier      text        not null check (carrier in ('own', 'pickup', 'ghn', 'ghtk', 'viettel_post')),
    state        text        not null check (state in ('created', 'awaiting_pickup', 'picked_up', 'in_transit',
                             'out_for_delivery', 'failed', 'returning', 'cancelled', 'lost', 'returned',
                             'partly_delivered', 'delivered')),
    state_at     timestamptz not null,                      -- by the clock of whoever told it
    version      int         not null default 1,
    at_carrier   text        not null default 'none' check (at_carrier in ('none', 'wanted', 'asking', 'known',
                             'unclear', 'refused', 'cancelling')),
    asked_at     timestamptz,                               -- when the carrier was asked last
    refusal      text        not null default '',           -- why the carrier would not, or what is unclear
    carrier_code text,                                      -- the carrier's own number
    tracking     text        not null default '',           -- what the seller tells of the way
    weight_g     int         not null check (weight_g between 1 and 10000000),
    measured_g   int,                                       -- as the carrier weighed it
    cod          bigint      not null check (cod >= 0),     -- đồng to collect at the door
    cod_taken    bigint,                                    -- đồng that the carrier says he collected
    goods        bigint      not null check (goods >= 0),   -- đồng, what the contents are worth
    fee_asked    bigint,                                    -- đồng, as the carrier answered when it was made
    fee_charged  bigint,                                    -- đồng, as he reckoned later
    from_name    text        not null,
    from_phone   text        not null,
    from_address text        not null,
    from_commune text        not null default '',
    to_name      text        not null,
    to_phone     text        not null,
    to_address   text        not null,
    to_commune   text        not null default '',
    note         text        not null default '',
    made_at      timestamptz not null,
    heard_at     timestamptz not null,                      -- the last news, whoever told it
    look_at      timestamptz,                               -- when the carrier is asked how it stands; null: never
    counted_at   timestamptz,                               -- when the seller said what came back
    constraint parcels_known check (at_carrier <> 'known' or carrier_code is not null),
    constraint parcels_by_hand check (carrier not in ('own', 'pickup') or at_carrier = 'none')
);
create index parcels_order on delivery.parcels (order_id, id);
create index parcels_look on delivery.parcels (look_at) where look_at is not null;
create index parcels_carrier_code on delivery.parcels (carrier, carrier_code) where carrier_code is not null;
create index parcels_pending on delivery.parcels (asked_at) where at_carrier in ('wanted', 'asking', 'cancelling');

create table delivery.parcel_lines (
    parcel_id  uuid    not null references delivery.parcels (id),
    order_id   uuid    not null,
    position   int     not null,
    variant_id uuid    not null,
    name       text    not null,
    unit       text    not null,
    quantity   bigint  not null check (quantity > 0),
    out        boolean not null default false,              -- the parcel was cancelled: these can be packed anew
    delivered  bigint,                                      -- null: not known yet
    came_back  bigint,                                      -- what the seller counted when it returned
    primary key (parcel_id, position),
    constraint parcel_lines_packed foreign key (order_id, position) references delivery.packed (order_id, position),
    constraint parcel_lines_delivered check (delivered between 0 and quantity),
    constraint parcel_lines_came_back check (came_back between 0 and quantity - coalesce(delivered, 0))
);
create index parcel_lines_order on delivery.parcel_lines (order_id, position);

-- Keeps delivery.packed the sum of the lines of all parcels that were not cancelled.
create function delivery.count_packed() returns trigger language plpgsql as $$
declare
    change bigint := 0;
begin
    if tg_op <> 'INSERT' and not old.out then change := change - old.quantity; end if;
    if tg_op <> 'DELETE' and not new.out then change := change + new.quantity; end if;
    if change <> 0 then
        update delivery.packed p set packed = p.packed + change
        where p.order_id = coalesce(new.order_id, old.order_id) and p.position = coalesce(new.position, old.position);
    end if;
    return null;
end $$;
create trigger parcel_lines_count after insert or update of quantity, out or delete on delivery.parcel_lines
    for each row execute function delivery.count_packed();

-- What was told of a parcel, by whom and when. Only ever added to; what moved nothing is kept all the same.
create table delivery.parcel_events (
    id         uuid        primary key,
    parcel_id  uuid        not null references delivery.parcels (id),
    source     text        not null check (source in ('seller', 'buyer', 'carrier', 'system')),
    key        text        not null,                        -- the same news again has the same key
    event      text,                                        -- null: a word of the carrier that we do not know
    raw        text        not null default '',             -- the carrier's own word
    note       text        not null default '',
    at         timestamptz not null,                        -- by the clock of whoever told it
    heard_at   timestamptz not null,
    actor      uuid,
    to_state   text,                                        -- null: it moved nothing
    weight_g   int,
    fee        bigint,
    cod        bigint,
    constraint parcel_events_once unique (parcel_id, key)
);

create function delivery.keep_events() returns trigger language plpgsql as $$
begin
    raise exception 'delivery.parcel_events is only added to';
end $$;
create trigger parcel_events_kept before update or delete on delivery.parcel_events
    for each row execute function delivery.keep_events();

-- A seller's own contract with a carrier. Token and secret are sealed with the installation's key.
create table delivery.contracts (
    seller_id  uuid        not null,
    carrier    text        not null check (carrier in ('ghn', 'ghtk', 'viettel_post')),
    shop       text        not null default '',             -- the shop's number or name at the carrier
    token      bytea       not null,                        -- sealed
    secret     bytea,                                       -- sealed: what his messages carry as proof
    path       text        not null,                        -- the part of the address that only the carrier knows
    active     boolean     not null default true,
    tested_at  timestamptz,
    test       text        not null default '',             -- empty: the carrier answered as he should
    updated_at timestamptz not null,
    primary key (seller_id, carrier),
    constraint contracts_path unique (carrier, path)
);

-- Which carrier's price is shown at checkout; null: the seller's own rates alone.
alter table delivery.settings add column fee_by text check (fee_by in ('ghn', 'ghtk', 'viettel_post'));

-- How a carrier names a commune; some price by the districts and wards of before 2025-07-01. Brought in by the operator.
create table delivery.carrier_places (
    carrier      text not null check (carrier in ('ghn', 'ghtk', 'viettel_post')),
    commune_code text not null,
    district     text not null,                             -- the carrier's number or name of the old district
    ward         text not null default '',
    primary key (carrier, commune_code)
);

-- What a carrier asks from a seller's shop to a commune, by weight; kept so that the price shown is the price placed.
create table delivery.quotes (
    seller_id    uuid        not null,
    commune_code text        not null,
    band_g       int         not null check (band_g > 0),   -- up to this weight
    carrier      text        not null check (carrier in ('ghn', 'ghtk', 'viettel_post')),
    fee          bigint      check (fee >= 0),              -- null: the carrier gave no price
    quoted_at    timestamptz not null,
    constraint quotes_key primary key (seller_id, commune_code, band_g)
);

-- The operator stops delivery to communes for a time: flood, storm, quarantine.
create table delivery.pauses (
    id         uuid        primary key,
    communes   text[]      not null check (cardinality(communes) > 0),
    reason     text        not null,
    reason_en  text        not null default '',
    begins_at  timestamptz not null,
    ends_at    timestamptz not null,
    ended_at   timestamptz,                                 -- ended by hand before its time
    set_by     uuid,
    ended_by   uuid,
    constraint pauses_forward check (begins_at < ends_at),
    constraint pauses_ended check (ended_at is null or ended_at >= begins_at)
);
create index pauses_current on delivery.pauses (ends_at) where ended_at is null;

-- Time that a pause of delivery has added to the seller's clock of an order.
alter table orders.orders add column extended_s bigint not null default 0 check (extended_s >= 0);

-- Which pause has extended which order: each once.
create table orders.extensions (
    pause_id  uuid        not null,
    order_id  uuid        not null references orders.orders (id),
    seconds   bigint      not null check (seconds > 0),
    at        timestamptz not null,
    primary key (pause_id, order_id)
);
