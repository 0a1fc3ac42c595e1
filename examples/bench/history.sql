-- Some years of trade for the measurement: `bench.orders` orders with their lines, events, payments, transfers and
-- books, spread over all shops. The first shop by its address has 2 in 100 of them, the second 30, the others the rest;
-- most are done, the newest are under way. Everything adds up, so that the nightly check finds nothing wrong.
set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '256MB';
set jit = off;

create temporary table past as
with shops as (
    select row_number() over (order by slug) as nth, count(*) over () as shops,
           id, shop_name, tax_code, address, phone, email from enterprises.sellers
), numbers as (
    select n, current_setting('bench.orders')::bigint as orders, ('x' || substr(md5(n::text), 1, 7))::bit(28)::bigint as chance
    from generate_series(1, current_setting('bench.orders')::bigint) n
), spread as (
    select n, chance, md5('past' || n) as hash,
           now() - (orders - n) * (interval '730 days' / orders) - interval '10 minutes' as at,
           case when n % 100 < 2 then 1 when n % 100 < 32 then 2
                else 3 + chance % greatest((select max(shops) from shops) - 2, 1) end as nth
    from numbers
), dated as (
    select *, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
               || substr(hash, 4, 15))::uuid as id,
           case when chance % 20 = 0 then 'cancelled'
                when at < now() - interval '8 days' then 'completed'
                else (array['awaiting_payment', 'placed', 'confirmed', 'packed', 'handed_over', 'delivered'])[1 + chance % 6]
           end as state,
           (array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Phan', 'Vũ', 'Đặng', 'Bùi',
                  'Đỗ'])[1 + greatest(chance % 16 - 6, 0)] as family,
           (array['Văn', 'Thị', 'Đức', 'Ngọc', 'Minh'])[1 + chance / 16 % 5] as middle,
           (array['Hương', 'Bình', 'Cúc', 'Dũng', 'Giang', 'Hải', 'Khánh', 'Lan', 'Mai', 'Nam', 'Oanh', 'Phúc', 'Quân',
                  'Sơn', 'Tâm', 'Uyên', 'Vinh', 'Xuân', 'Yến', 'Ánh'])[1 + chance / 80 % 20] as given
    from spread
)
select d.n, d.id, d.at, d.chance, d.state, s.id as seller, s.shop_name, s.tax_code, s.address, s.phone, s.email,
       d.family || ' ' || d.middle || ' ' || d.given as buyer,
       lower(translate(d.family || ' ' || d.middle || ' ' || d.given,
                       'ễầêạàũặùỗăịứọươìúảáâếÁĐ', 'eaeaauauoaiuouoiuaaaeAD')) as folded,
       '+849' || lpad((d.chance % 120000)::text, 8, '0') as buyer_phone,
       case when d.state = 'awaiting_payment' or d.chance % 3 = 0 then 'vietqr' else 'cod' end as method,
       1 + d.chance % 3 as kinds, 50000 + d.chance % 90 * 1000 as price, 1 + d.chance % 4 as pieces
from dated d join shops s on s.nth = least(d.nth, s.shops);
alter table past add column total bigint;
update past set total = kinds * price * pieces + 20000;
create index on past (n);
analyze past;

insert into orders.groups (id, code, checkout_id, placed_at)
select id, 'G' || lpad(to_hex(n), 9, '0'), id, at from past order by n;
insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_tax_code, seller_address, seller_phone,
       seller_email, buyer_kind, buyer_name, buyer_phone, buyer_words, delivery_method, delivery_text, commune_code,
       delivery_days, goods_total, delivery_fee, tax_total, total, payment_method, state, state_since, version, due_at,
       cancelled_by, placed_at, completed_at, updated_at)
select id, id, 'B' || lpad(to_hex(n), 9, '0'), md5(n::text), seller, shop_name, tax_code, address, phone,
       email, 'person', buyer, buyer_phone, string_to_array(folded, ' '), 'own', 'Khối 3B, xã Khe Sanh, tỉnh Quảng Trị', '19429',
       '2–4', total - 20000, 20000, 0, total, method, state, at + interval '3 days', 2,
       case when state not in ('completed', 'cancelled') then now() + interval '30 days' end,
       case when state = 'cancelled' then 'buyer' end, at,
       case when state = 'completed' then at + interval '3 days' end, at + interval '3 days'
from past order by n;
insert into orders.lines (order_id, position, variant_id, product_id, sku, name, label, unit, quantity, unit_price, tax_bps, total, tax)
select id, k, id, id, 'SKU' || k, 'Cà phê Khe Sanh rang xay', '500 g', 'gói', pieces, price, 800, price * pieces, 0
from past, generate_series(0, kinds - 1) k order by n;
insert into orders.events (id, order_id, at, actor_kind, event, from_state, to_state, version)
select gen_random_uuid(), id, at, 'buyer', 'place', null, 'placed', 1 from past
union all
select gen_random_uuid(), id, at + interval '3 days', 'seller', 'complete', 'placed', state, 2 from past;

insert into payments.intents (id, order_id, seller_id, method, amount, memo, bank_bin, bank_name, account_number, account_name,
       payload, state, created_at, paid, balance)
select id, id, seller, method, total, 'STB' || lpad(to_hex(n), 9, '0'),
       case when method = 'vietqr' then '970436' end, case when method = 'vietqr' then 'Vietcombank' end,
       case when method = 'vietqr' then '0011004123456' end, case when method = 'vietqr' then 'CONG TY' end,
       case when method = 'vietqr' then '00020101' end,
       case when state = 'cancelled' then 'voided' when state = 'awaiting_payment' then 'unpaid'
            when method = 'vietqr' or state in ('delivered', 'completed') then 'paid' else 'cod_due' end,
       at,
       case when state in ('cancelled', 'awaiting_payment') then 0
            when method = 'vietqr' or state in ('delivered', 'completed') then total else 0 end,
       case when state = 'cancelled' then 0 when state = 'awaiting_payment' then -total
            when method = 'vietqr' or state in ('delivered', 'completed') then 0 else -total end
from past order by n;
insert into payments.events (id, intent_id, kind, amount, provider, provider_event_id, at, noted_at)
select md5('opened' || n)::uuid, id, 'opened', total, 'floor', 'opened:' || id, at, at from past order by n;
insert into payments.events (id, intent_id, kind, amount, provider, provider_event_id, at, noted_at)
select md5('end' || p.n)::uuid, p.id,
       case i.state when 'voided' then 'voided' else case when p.method = 'vietqr' then 'transfer_matched' else 'cod_collected' end end,
       p.total, case when i.state = 'paid' and p.method = 'vietqr' then 'bank' else 'floor' end,
       'end:' || p.id, p.at + interval '1 day', p.at + interval '1 day'
from past p join payments.intents i on i.id = p.id where i.state in ('paid', 'voided') order by p.n;
insert into payments.transfers (id, seller_id, account, reference, amount, direction, content, at, day, source, source_id, seen_in,
       state, why, intent_id, noted_at)
select p.id, p.seller, '0011004123456', 'FH' || p.n, p.total, 'in', 'MBVCB.5566.' || i.memo || '.CT tu 001 TRAN THI HUONG',
       p.at + interval '1 day', (p.at + interval '1 day')::date, 'sepay', p.n::text, array['sepay'],
       'matched', 'nothing', p.id, p.at + interval '1 day'
from past p join payments.intents i on i.id = p.id where i.state = 'paid' and p.method = 'vietqr' order by p.n;
-- What nobody has looked at: one transfer in five hundred.
insert into payments.transfers (id, seller_id, account, reference, amount, direction, content, at, day, source, source_id, seen_in,
       state, why, noted_at)
select gen_random_uuid(), p.seller, '0011004123456', 'FX' || p.n, p.total, 'in', 'mua ca phe', p.at, p.at::date, 'sepay',
       'x' || p.n, array['sepay'], 'unknown', 'nothing', p.at
from past p where p.chance % 500 = 0;

insert into ledger.orders (order_id, seller_id, opened_at, completed_at)
select id, seller, at, case when state = 'completed' then at + interval '3 days' end from past order by n;
insert into ledger.entries (id, order_id, seller_id, cause, kind, at)
select (lpad(to_hex((extract(epoch from e.at) * 1000)::bigint), 12, '0') || '7' || substr(e.id::text, 1, 3) || '8'
        || substr(replace(e.id::text, '-', ''), 4, 15))::uuid, p.id, p.seller, e.id::text, e.kind, e.at
from payments.events e join past p on p.id = e.intent_id order by e.at;
insert into ledger.postings (entry_id, account, amount)
select l.id, a.account, a.sign * e.amount
from payments.events e join ledger.entries l on l.cause = e.id::text join past p on p.id = e.intent_id,
     lateral (select case when e.kind = 'opened' then 'buyer'
                          when e.kind = 'voided' then 'returns'
                          when e.kind = 'transfer_matched' then 'bank' else 'cash' end as account, 1 as sign
              union all
              select case when e.kind = 'opened' then 'sales' else 'buyer' end, -1) a;
update ledger.orders o set buyer_open = s.open
from (select e.order_id, sum(p.amount) as open from ledger.entries e join ledger.postings p on p.entry_id = e.id
      where p.account = 'buyer' group by e.order_id) s
where s.order_id = o.order_id and s.open <> 0;

-- Questions about orders, and goods that came back.
insert into messages.threads (id, seller_id, buyer_name, order_id, subject, opened_at, last_at, last_side, excerpt,
       seller_unread, seller_unread_since, seller_told_at)
select id, seller, buyer, id, 'Đơn hàng', at, at + interval '1 hour', case when waits then 'buyer' else 'seller' end,
       'Bao giờ hàng tới?', waits::int, case when waits then at end, case when waits then at end
from (select *, chance % 2000 = 1 as waits from past) p where chance % 50 = 1 order by n;
insert into messages.messages (id, thread_id, side, body, sent_at)
select gen_random_uuid(), id, case k when 0 then 'buyer' else 'seller' end, 'Bao giờ hàng tới?', at + k * interval '1 hour'
from past, generate_series(0, 1) k where chance % 50 = 1;
insert into returns.cases (id, code, order_id, order_code, seller_id, kind, wish, reason, state, state_since, due_at, goods_refund,
       granted, requested_at, updated_at)
select id, 'T' || lpad(to_hex(n), 9, '0'), id, 'B' || lpad(to_hex(n), 9, '0'), seller, 'fault', 'refund', 'Hàng hỏng',
       case when fresh then 'requested' else 'rejected' end, at + interval '5 days',
       case when fresh then now() + interval '30 days' end, price, price, at + interval '5 days', at + interval '5 days'
from (select *, at > now() - interval '20 days' as fresh from past) p where chance % 100 = 7 and state = 'completed' order by n;

drop table past;
set session_replication_role = origin;
vacuum (analyze) orders.groups;
vacuum (analyze) orders.orders;
vacuum (analyze) orders.lines;
vacuum (analyze) orders.events;
vacuum (analyze) payments.intents;
vacuum (analyze) payments.events;
vacuum (analyze) payments.transfers;
vacuum (analyze) ledger.orders;
vacuum (analyze) ledger.entries;
vacuum (analyze) ledger.postings;
vacuum (analyze) messages.threads;
vacuum (analyze) messages.messages;
vacuum (analyze) returns.cases;
