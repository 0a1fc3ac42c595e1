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
