-- Method 2 of participation: listings count by the days on which they were really on display, shops by the state
-- they had then, own orders by who was a member then.
drop function participation.firms(timestamptz, timestamptz, date, timestamptz, int, text[]);

-- One row for each active legal entity of the province's register at the end of the period [starts, ends), with
-- what it did on the floor in it. Every figure and every list of firms is made from this, so a number and the list
-- behind it cannot differ. A change of the method is a new migration and a new number.
--
-- - ends_on: the last day of the period, or today while it runs; seen_at: now.
-- - home: codes of the province's communes; a firm whose commune is not known belongs to it, one elsewhere does not.
-- - Branches are rolled up: the views publish the first ten digits of a tax code.
-- - registered: a shop opened before the end that was neither refused nor closed at the end.
-- - public_days: days of the period on which a listing of a selling shop was on display, if only for a part of it;
--   days on which several were count once. listed: at least min_days of them.
-- - Own orders are out: the buyer has the seller's tax code, or was a member of the shop between placing and completion.
-- - Each part reads one firm alone where only one is asked for: that needs the CTEs not materialized.
create function participation.firms(
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
        from orders.completed_report o
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
