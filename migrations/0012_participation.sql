-- Who really trades: plans and their targets as rows, a record of each look at one firm's data, and the
-- one place that says when a firm counts.
create schema participation;

create table participation.plans (
    code          text primary key,
    province      text not null,                            -- today's code; empty: the whole country
    province_then text not null,                            -- the province's name at the time; empty: the whole country
    title         text not null,
    period_from   date not null,
    period_to     date,                                     -- last day; null: until another plan replaces it
    owner         text not null,
    document      text not null,
    constraint plans_period check (period_to is null or period_from <= period_to)
);

create table participation.targets (
    plan_code text not null references participation.plans (code),
    indicator text not null,
    year      int  not null check (year between 2000 and 2100),
    lower_bps int  not null check (lower_bps between 0 and 10000),
    upper_bps int  check (upper_bps between 0 and 10000),   -- null: "at least"
    passage   text not null,                                -- where the plan says it, in its own words
    primary key (plan_code, indicator, year),
    constraint targets_range check (upper_bps is null or lower_bps <= upper_bps)
);

create table participation.looks (
    id       uuid        primary key,
    officer  uuid        not null,
    tax_code text        not null,
    reason   text        not null,
    at       timestamptz not null
);
create index looks_officer on participation.looks (officer, tax_code, at desc);
create index looks_tax_code on participation.looks (tax_code, at desc);

-- Method 1. One row for each active legal entity of the province's register at the end of the period
-- [starts, ends), with what it did on the floor in it. Every figure and every list of firms is made from this,
-- so a number and the list behind it cannot differ. A change of the method is a new migration and a new number.
--
-- - ends_on: the last day of the period, or today while it runs; seen_at: now.
-- - home: codes of the province's communes; a firm whose commune is not known belongs to it, one elsewhere does not.
-- - Branches are rolled up: the views publish the first ten digits of a tax code.
-- - Own orders are out: the buyer has the seller's tax code, or is a member of the seller's shop.
create function participation.firms(
    starts timestamptz, ends timestamptz, ends_on date, seen_at timestamptz, min_days int, home text[]
) returns table (
    tax_code text, name text, kind text, commune_code text, size_class text,
    registered_at timestamptz, admitted_at timestamptz, shown boolean, listed boolean,
    sales bigint, sales_b2c bigint, sales_b2b bigint, first_sale timestamptz, last_sale timestamptz,
    purchases bigint, first_purchase timestamptz, last_purchase timestamptz, own_orders bigint
) language sql stable as $$
    with shops as (
        select s.tax_code, min(s.created_at) as registered_at,
               min(s.approved_at) filter (where s.approved_at < ends) as admitted_at
        from enterprises.sellers_report s
        where s.created_at < ends and s.tax_code is not null
        group by s.tax_code
    ), listings as (
        select s.tax_code, bool_or(l.lapses_on is null or l.lapses_on > ends_on) as shown,
               bool_or(
                   least(ends, seen_at, (l.lapses_on::timestamp at time zone 'Asia/Ho_Chi_Minh'))
                   - greatest(starts, l.published_at, s.approved_at) >= make_interval(days => min_days)
               ) as listed
        from catalogue.listings_report l
        join enterprises.sellers_report s on s.seller_id = l.seller_id
        where greatest(l.published_at, s.approved_at) < ends and s.approved_at is not null and s.tax_code is not null
        group by s.tax_code
    ), trade as (
        select o.seller_tax_code, o.buyer_tax_code, o.buyer_kind, o.completed_at,
               coalesce(o.buyer_tax_code = o.seller_tax_code, false) or exists (
                   select from enterprises.members_report m
                   where m.seller_id = o.seller_id and m.person_id = o.buyer_id
               ) as own
        from orders.completed_report o
        where o.completed_at >= starts and o.completed_at < ends
    ), sold as (
        select t.seller_tax_code as tax_code, count(*) filter (where not t.own) as sales,
               count(*) filter (where not t.own and t.buyer_kind = 'person') as sales_b2c,
               count(*) filter (where not t.own and t.buyer_kind = 'organisation') as sales_b2b,
               min(t.completed_at) filter (where not t.own) as first_sale,
               max(t.completed_at) filter (where not t.own) as last_sale,
               count(*) filter (where t.own) as own_orders
        from trade t group by t.seller_tax_code
    ), bought as (
        select t.buyer_tax_code as tax_code, count(*) as purchases,
               min(t.completed_at) as first_purchase, max(t.completed_at) as last_purchase
        from trade t where not t.own and t.buyer_kind = 'organisation'
        group by t.buyer_tax_code
    )
    select r.tax_code, r.name, r.kind, r.commune_code, r.size_class,
           p.registered_at, p.admitted_at, coalesce(l.shown, false), coalesce(l.listed, false),
           coalesce(s.sales, 0), coalesce(s.sales_b2c, 0), coalesce(s.sales_b2b, 0), s.first_sale, s.last_sale,
           coalesce(b.purchases, 0), b.first_purchase, b.last_purchase, coalesce(s.own_orders, 0)
    from enterprises.register_report r
    left join shops p on p.tax_code = r.tax_code
    left join listings l on l.tax_code = r.tax_code
    left join sold s on s.tax_code = r.tax_code
    left join bought b on b.tax_code = r.tax_code
    where (r.active_from is null or r.active_from <= ends_on)
      and (r.active_to is null or r.active_to > ends_on)
      and (r.commune_code is null or r.commune_code = any (home))
$$;
