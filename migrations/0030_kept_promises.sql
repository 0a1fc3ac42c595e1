-- Parcels that are lost or come back are settled; goods that leave beside an order's shipment are counted; clerks list
-- for household sellers; reports are limited for all servers together.

-- What became of a parcel that was lost: its goods go out again in another, or need not be paid.
alter table delivery.parcels
    add column settled    text,
    add column settled_at timestamptz,
    add constraint parcels_settled check (settled in ('resent', 'refunded')),
    add constraint parcels_settled_when check ((settled is null) = (settled_at is null));
comment on constraint parcels_settled on delivery.parcels is 'Only a lost parcel is settled: resent or refunded.';
comment on constraint parcels_settled_when on delivery.parcels is 'Settled and its moment come together.';
create index parcels_to_settle on delivery.parcels (heard_at)
    where settled is null and counted_at is null and state in ('lost', 'returned', 'partly_delivered');
comment on index delivery.parcels_to_settle is 'What awaits the seller''s word, for the clock.';

-- Goods that leave beside what the order took when it was handed over: sent again, or gone after the order ended.
alter table stock.movements drop constraint movements_kind_check;
alter table stock.movements add constraint movements_kind_check
    check (kind in ('opening', 'count', 'receipt', 'shipment', 'return', 'parcel'));
comment on constraint movements_kind_check on stock.movements is 'parcel: left beside the order''s shipment; its note names why.';
create unique index movements_parcel on stock.movements (order_id, variant_id, note) where kind = 'parcel';
comment on index stock.movements_parcel is 'A parcel takes its goods once.';
create index movements_returned on stock.movements (order_id) where kind = 'return';
comment on index stock.movements_returned is 'What of an order is back.';

-- A household agreed, at the counter, that a clerk lists its goods. Ended by the household, the clerk, or its time.
create table assisted.mandates (
    id              uuid        primary key,
    seller_id       uuid        not null,
    clerk_id        uuid        not null,
    point_id        uuid        not null,
    point_name      text        not null,                  -- as it was
    agreed_by       text        not null,                  -- who stood at the counter
    consent_text    text        not null,                  -- as read out or shown
    consent_version text        not null,
    consent_channel text        not null,
    consented_at    timestamptz not null,
    ends_at         timestamptz not null,
    ended_at        timestamptz,
    ended_by        uuid,                                  -- null: its time was over, or a new one took its place
    constraint mandates_channel check (consent_channel in ('spoken', 'signed')),
    constraint mandates_ends check (ends_at > consented_at)
);
comment on table assisted.mandates is 'Who may list for which household, and what was agreed.';
comment on constraint mandates_channel on assisted.mandates is 'How somebody agreed.';
comment on constraint mandates_ends on assisted.mandates is 'No consent is for ever.';
create unique index mandates_open on assisted.mandates (seller_id, clerk_id) where ended_at is null;
comment on index assisted.mandates_open is 'One consent of a household to a clerk at a time.';
create index mandates_clerk on assisted.mandates (clerk_id, consented_at desc);
create index mandates_seller on assisted.mandates (seller_id, consented_at desc);

create table assisted.listings (
    product_id uuid        primary key,
    mandate_id uuid        not null references assisted.mandates (id),
    name       text        not null,
    submitted  boolean     not null,                       -- false: something was missing, it is a draft
    listed_at  timestamptz not null
);
comment on table assisted.listings is 'Products that a clerk made for a household.';
create index listings_mandate on assisted.listings (mandate_id, listed_at desc);

-- The newest reviews of all products, as moderators page through them.
create index reviews_written on reviews.reviews (written_at desc, id desc);

-- How often somebody has reported reviews within an hour, for all servers together. No address is kept.
create table reviews.report_turns (
    reporter bytea       primary key,                      -- a hash of the address and the hour
    turns    int         not null,
    hour     timestamptz not null,
    constraint report_turns_bound check (turns between 1 and 6)
);
comment on table reviews.report_turns is 'Six reports an hour from one address; swept daily.';
comment on constraint report_turns_bound on reviews.report_turns is 'The seventh is refused.';

-- The day on which shops were told what waits for them: once, by whichever server comes first.
create table notices.digests (
    day     date        primary key,
    told_at timestamptz not null
);
comment on table notices.digests is 'Days whose letters to shops are written.';
