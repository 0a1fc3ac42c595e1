-- What was on display when, which shop was in which state when, and who was whose member when: recorded facts,
-- so that a figure about a past period says the same today and in ten years.

-- One row for each time that a product was published without a break and with one day of lapse.
create table catalogue.public_spans (
    product_id uuid        not null references catalogue.products (id),
    seller_id  uuid        not null,
    since      timestamptz not null,
    until      timestamptz,                                 -- null: still published
    lapses_on  date,                                        -- from this day on it was hidden for want of a paper
    primary key (product_id, since),
    constraint public_spans_order check (until is null or since < until)
);
create unique index public_spans_open on catalogue.public_spans (product_id) where until is null;
create index public_spans_seller on catalogue.public_spans (seller_id, since);

-- From the history as far as it goes; what came in without one is on display since its first publication.
insert into catalogue.public_spans (product_id, seller_id, since, until, lapses_on)
    with changes as (
        select e.product_id, e.at, e.id, e.to_state = 'published' as shown
        from catalogue.product_events e
        where (e.from_state = 'published') <> (e.to_state = 'published')
        union all
        select p.id, p.published_at, null, true from catalogue.products p
        where p.published_at is not null and not exists (
            select from catalogue.product_events e
            where e.product_id = p.id and e.to_state = 'published' and e.at <= p.published_at)
    ), spans as (
        select c.product_id, c.at as since, c.shown,
               lead(c.at) over (partition by c.product_id order by c.at, c.id nulls first) as until
        from changes c
    )
    select s.product_id, p.seller_id, min(s.since), s.until, p.lapses_on
    from spans s join catalogue.products p on p.id = s.product_id
    where s.shown and (s.until is null and p.state = 'published' or s.since < s.until)
    group by s.product_id, p.seller_id, s.until, p.lapses_on;

-- Published to other slices: when a product was on display, as far as the product goes.
create view catalogue.public_spans_report as
    select product_id, seller_id, since, least(until, lapses_on::timestamp at time zone 'Asia/Ho_Chi_Minh') as until
    from catalogue.public_spans
    where lapses_on is null or since < lapses_on::timestamp at time zone 'Asia/Ho_Chi_Minh';

create index sellers_entity on enterprises.sellers ((left(tax_code, 10)));

-- Steps of one moment keep the order in which they were taken.
alter table enterprises.seller_events add column seq bigint generated always as identity;

-- Published to other slices: a shop's states through time, from the record of its steps.
create view enterprises.seller_states_report as
    select s.id as seller_id, left(s.tax_code, 10) as tax_code, e.to_state as state, e.at as since,
           lead(e.at) over (partition by left(s.tax_code, 10), s.id order by e.at, e.seq) as until
    from enterprises.seller_events e join enterprises.sellers s on s.id = e.seller_id;

-- Members that have left: their own orders stay own orders.
create table enterprises.past_members (
    seller_id  uuid        not null references enterprises.sellers (id),
    person_id  uuid        not null,
    added_at   timestamptz not null,
    removed_at timestamptz not null,
    primary key (seller_id, person_id, added_at)
);

-- Published to other slices: who was a member when.
create view enterprises.memberships_report as
    select seller_id, person_id, added_at, null::timestamptz as removed_at from enterprises.members
    union all
    select seller_id, person_id, added_at, removed_at from enterprises.past_members;

-- Completed trade of one legal entity, without reading everybody's.
create or replace view orders.completed_report as
    select id as order_id, seller_id, left(seller_tax_code, 10) as seller_tax_code, buyer_kind,
           left(buyer_tax_code, 10) as buyer_tax_code, total, payment_method, completed_at, buyer_id, placed_at
    from orders.orders where state = 'completed';
create index orders_seller_entity on orders.orders ((left(seller_tax_code, 10)), completed_at)
    where state = 'completed';
create index orders_buyer_entity on orders.orders ((left(buyer_tax_code, 10)), completed_at)
    where state = 'completed';
