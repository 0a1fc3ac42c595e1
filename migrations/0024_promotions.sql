-- Vouchers: what a seller promises to take off an order, on which conditions, and who has used it. What was agreed
-- is frozen on the order and on each of its lines.
create schema promotions;

create table promotions.vouchers (
    id           uuid        primary key,
    seller_id    uuid        not null,                      -- a voucher counts for orders of this seller alone
    code         text        not null,                      -- what the buyer types, in capitals
    offered      boolean     not null,                      -- shown on the seller's pages; else only whoever has the code
    kind         text        not null check (kind in ('percent', 'amount')),
    percent_bps  int,                                       -- 1000 is 10 %
    ceiling      bigint,                                    -- the most that a percentage takes off, in đồng
    amount       bigint,                                    -- đồng
    min_goods    bigint      not null default 0,            -- goods of one order, before the discount, without delivery
    total_limit  bigint,                                    -- orders; null: as many as there are
    buyer_limit  bigint,                                    -- orders of one buyer
    starts_on    date        not null,
    ends_on      date        not null,                      -- the last day
    state        text        not null check (state in ('active', 'stopped')),
    used         bigint      not null default 0,            -- orders that use it now: as many as uses not returned
    version      int         not null default 1,            -- grows with each edit, for pages that are kept
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint vouchers_code unique (seller_id, code),
    constraint vouchers_code_words check (code ~ '^[A-Z0-9]{3,20}$'),
    -- A percentage below the whole, or an amount that the least order can bear.
    constraint vouchers_kind check (case kind
        when 'percent' then percent_bps between 1 and 9999 and amount is null and (ceiling is null or ceiling > 0)
        else amount > 0 and amount < min_goods and percent_bps is null and ceiling is null end),
    constraint vouchers_limits check (min_goods >= 0 and total_limit > 0 and buyer_limit > 0),
    constraint vouchers_days check (starts_on <= ends_on),
    -- Never promised more often than allowed, however many ask at once.
    constraint vouchers_used check (used >= 0 and (total_limit is null or used <= total_limit))
);
create index vouchers_offered on promotions.vouchers (seller_id) where offered and state = 'active';

-- One row for each order that uses a voucher.
create table promotions.uses (
    order_id    uuid        primary key,                    -- one voucher an order
    voucher_id  uuid        not null references promotions.vouchers (id),
    person_id   uuid,                                       -- null: a guest
    phone       text        not null,
    turn        bigint      not null check (turn > 0),      -- this buyer's first, second … use
    goods       bigint      not null check (goods > 0),
    discount    bigint      not null,
    used_at     timestamptz not null,
    returned_at timestamptz,                                -- the order was cancelled or lapsed
    constraint uses_discount check (discount > 0 and discount < goods)
);
-- The same buyer never has the same turn twice.
create unique index uses_turn on promotions.uses (voucher_id, phone, turn) where returned_at is null;
create index uses_voucher on promotions.uses (voucher_id, used_at desc);
create index uses_person on promotions.uses (voucher_id, person_id) where person_id is not null and returned_at is null;

-- Published: what is offered openly and has not been used up; pages that are kept look whether it is still the same.
create view promotions.offers_report as
    select seller_id, id as voucher_id, version, starts_on, ends_on from promotions.vouchers
    where offered and state = 'active' and (total_limit is null or used < total_limit);

-- What an order was promised to cost less, frozen with the conditions as the buyer read them.
alter table orders.orders
    add column discount_total bigint not null default 0,
    add column voucher_id     uuid,
    add column voucher_code   text   not null default '',
    add column voucher_terms  text   not null default '',
    drop constraint orders_total,
    add constraint orders_total check (total = goods_total - discount_total + delivery_fee),
    add constraint orders_discount check (discount_total between 0 and goods_total
        and (discount_total = 0 or voucher_id is not null));
comment on column orders.orders.discount_total is 'The sum of the shares of the lines.';

-- Each line's share of it. What is paid for a line is total less discount, and the tax is contained in that.
alter table orders.lines
    add column discount bigint not null default 0,
    drop constraint lines_tax,
    add constraint lines_discount check (discount between 0 and total),
    add constraint lines_tax check (tax between 0 and total - discount);
