-- How goods reach the buyer: the seller's own rates by zone, collection at the shop or at a point.
create schema delivery;

create table delivery.settings (
    seller_id    uuid        primary key,
    own_delivery boolean     not null,
    pickup       boolean     not null,                      -- at the shop
    post_point   boolean     not null,                      -- at a post-office point
    free_over    bigint      check (free_over > 0),         -- đồng of goods; null: never free
    pickup_note  text        not null default '',
    updated_at   timestamptz not null
);

-- The most particular zone that holds the commune gives the rate.
create table delivery.zones (
    id        uuid   primary key,
    seller_id uuid   not null references delivery.settings (seller_id),
    position  int    not null,
    name      text   not null,
    kind      text   not null check (kind in ('communes', 'province', 'country')),
    communes  text[] not null default '{}',
    fee       bigint not null check (fee >= 0),             -- đồng a parcel
    per_kg    bigint not null default 0 check (per_kg >= 0),-- đồng for each kilogram begun after the first
    days_min  int    not null,
    days_max  int    not null,
    constraint zones_days check (0 <= days_min and days_min <= days_max)
);
create index zones_seller on delivery.zones (seller_id, position);
