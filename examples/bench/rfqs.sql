-- Requests for quotation for the measurement: `bench.rfqs` of them with three lines and five quotes each, over 2,001
-- firms and all shops. One firm has 20 in 100 of the requests, another 2; most are over, the newest are open.
set session_replication_role = replica;
set synchronous_commit = off;
set jit = off;

insert into organisations.organisations (id, tax_code, name, address, commune_code, email, state, created_at, updated_at)
select md5('firm' || n)::uuid, lpad((4500000000 + n)::text, 10, '0'), 'Công ty TNHH Thu mua ' || n, 'Khối 3B', '19429', '',
       'verified', now(), now()
from generate_series(1, 2001) n;

create temporary table asked as
with numbers as (
    select n, current_setting('bench.rfqs')::bigint as requests, ('x' || substr(md5('rfq' || n), 1, 7))::bit(28)::bigint as chance
    from generate_series(1, current_setting('bench.rfqs')::bigint) n
), dated as (
    select *, now() - (requests - n) * (interval '730 days' / requests) - interval '10 minutes' as at,
           case when n % 100 < 20 then 1 when n % 100 < 22 then 2 else 3 + chance % 1999 end as firm
    from numbers
)
select n, chance, at, md5('firm' || firm)::uuid as org, 'Công ty TNHH Thu mua ' || firm as org_name,
       lpad((4500000000 + firm)::text, 10, '0') as tax_code,
       (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5('r' || n), 1, 3) || '8'
        || substr(md5('r' || n), 4, 15))::uuid as id,
       case when at > now() - interval '10 days' then 'open' when at > now() - interval '20 days' then 'closed'
            else (array['awarded', 'awarded', 'cancelled', 'lapsed'])[1 + chance % 4] end as state
from dated;
analyze asked;

insert into quotes.requests (id, code, org_id, org_name, org_tax_code, asked_by, lang, title, audience, sealed, closes_at, state,
       due_at, sent_at, updated_at)
select id, 'H' || lpad(to_hex(n), 9, '0'), org, org_name, tax_code, org, 'vi', 'Mua cà phê và tiêu đợt ' || n, 'chosen', n % 3 = 0,
       at + interval '10 days', state, case when state in ('open', 'closed') then at + interval '30 days' end, at, at
from asked order by n;
insert into quotes.lines (request_id, position, name, unit, quantity)
select id, k, (array['Cà phê nhân Khe Sanh', 'Tiêu đen Cùa', 'Cao chè vằng'])[k], 'kg', 1000 * (1 + (chance + k) % 500)
from asked, generate_series(1, 3) k order by n, k;
insert into quotes.quotes (id, request_id, seller_id, state, last, offer, valid_until, total, moves, invited_at, updated_at)
select md5(a.id || s.id::text)::uuid, a.id, s.id, q.state, (q.state not in ('invited', 'declined'))::int,
       case when q.state not in ('invited', 'declined') then 1 end,
       case when q.state not in ('invited', 'declined') then a.at + interval '25 days' end,
       case when q.state not in ('invited', 'declined') then 1000000 + a.chance % 90000000 end, 2, a.at, a.at
from asked a, generate_series(0, 4) k,
     lateral (select id from enterprises.sellers order by slug
              offset case when k = 0 and a.chance % 3 = 0 then 0
                          else (a.chance + k * 7) % (select count(*) from enterprises.sellers) end limit 1) s,
     lateral (select case when a.state in ('open', 'closed') then (array['invited', 'sent', 'sent', 'declined', 'sent'])[k + 1]
                          when a.state = 'awarded' then (array['accepted', 'lost', 'lost', 'declined', 'expired'])[k + 1]
                          else (array['expired', 'expired', 'rejected', 'declined', 'withdrawn'])[k + 1] end as state) q
on conflict do nothing;
insert into quotes.awards (request_id, chosen_by, chosen_at, total)
select id, org, at + interval '12 days', 1000000 + chance % 90000000 from asked where state = 'awarded';

drop table asked;
set session_replication_role = origin;
vacuum (analyze) organisations.organisations;
vacuum (analyze) quotes.requests;
vacuum (analyze) quotes.lines;
vacuum (analyze) quotes.quotes;
vacuum (analyze) quotes.awards;
