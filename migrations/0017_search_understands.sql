-- Documents carry what ranking and filters ask for, and a version; the operator looks after words; what people
-- look for is counted without saying who looked.

-- Its place where it was imported from, in the words used there: people look for those words too.
alter table catalogue.products add column source_category text not null default '' check (length(source_category) <= 300);

create or replace view catalogue.products_report as
    select p.id as product_id, p.seller_id, p.slug, p.name, p.name_en, p.description, p.brand, p.facts, p.unit, p.art,
           p.state, p.lapses_on, p.version, p.published_at, p.updated_at, p.category_slug, c.path as category_path,
           c.name_vi as category_vi, c.name_en as category_en, p.source_category,
           (select string_agg(a.name_vi, ' ; ') from catalogue.categories a
            where a.slug = any(c.path) and a.slug <> c.slug) as shelves
    from catalogue.products p join catalogue.categories c on c.slug = p.category_slug;
create or replace view catalogue.variants_report as
    select v.id as variant_id, v.product_id, v.position, v.sku, v.price, v.list_price,
           exists (select from catalogue.price_tiers t where t.variant_id = v.id) as for_business,
           v.gtin, (select min(t.min_quantity) from catalogue.price_tiers t where t.variant_id = v.id) as trade_quantity
    from catalogue.variants v where v.removed_at is null;
create or replace view stock.levels_report as
    select variant_id, on_hand, reserved, unlimited,
           case when unlimited then 1000000 else greatest(on_hand - reserved - buffer, 0) end as available,
           updated_at
    from stock.levels;
-- The read model is computed anew, so it may be made anew.
drop view search.shops_report;
drop table search.documents;
create table search.documents (
    product_id     uuid        primary key,
    version        bigint      not null default 1,                      -- grows with every change
    changed_by     xid8        not null default pg_current_xact_id(),   -- who follows reads what newer transactions wrote
    visible        boolean     not null,                                -- published by an admitted seller
    lapses_on      date,                                                -- not shown from this day on
    name           text        not null,
    name_en        text        not null,
    slug           text        not null,
    seller_id      uuid        not null,
    seller_name    text        not null,
    seller_slug    text        not null,
    commune_code   text        not null,
    category_slug  text        not null,
    category_path  text[]      not null,
    category_words text        not null,                                -- names of its category, here and where it came from
    brand          text        not null,
    sku            text        not null,                                -- of the first variant
    codes          text[]      not null,                                -- SKUs and barcodes
    price          bigint      not null,                                -- lowest variant, đồng
    list_price     bigint,                                              -- struck price of that variant
    several        boolean     not null,                                -- variants with other prices
    unit           text        not null,
    picture        text        not null,                                -- address on this site
    certificates   text[]      not null,
    attributes     text        not null,                                -- facts, names of certificates and of categories above
    description    text        not null,
    trade_quantity bigint,                                              -- least quantity with a price in trade; null: none
    in_stock       boolean     not null,
    stock_on       date        not null,                                -- when stock was told last, in Viet Nam
    sold_90_days   bigint      not null default 0,
    published_at   timestamptz not null,
    indexed_at     timestamptz not null,
    -- For the plain adapter: words without their marks.
    words          tsvector    generated always as (
        setweight(to_tsvector('simple',
             replace(regexp_replace(normalize(lower(name || ' ' || name_en), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'A') ||
        setweight(to_tsvector('simple',
             replace(regexp_replace(normalize(lower(category_words), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'B') ||
        setweight(to_tsvector('simple',
             replace(regexp_replace(normalize(lower(seller_name || ' ' || brand || ' ' || attributes), NFD),
                                    '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'C') ||
        setweight(to_tsvector('simple',
             replace(regexp_replace(normalize(lower(left(description, 20000)), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'D')) stored
);
create index documents_changed_by on search.documents (changed_by);
create index documents_words on search.documents using gin (words);
create index documents_codes on search.documents using gin (codes);
create index documents_category on search.documents using gin (category_path);
create index documents_seller on search.documents (seller_id);

-- Published to the pages: how many listings each shop shows.
create view search.shops_report as
    select seller_id, count(*) as listings from search.documents where visible group by seller_id;

-- Words of the same meaning, one group a row, as people write them. The shipped ones are loaded at the start and
-- stay as the operator leaves them.
create table search.synonyms (
    id         uuid        primary key,
    terms      text[]      not null check (cardinality(terms) between 2 and 30),
    one_way    boolean     not null default false,                      -- only the first term finds the others
    note       text        not null default '',
    shipped    text        unique,                                      -- the shipped group that this is, or was
    removed_at timestamptz,                                             -- a shipped one that the operator took away
    updated_at timestamptz not null
);
create table search.stop_words (
    word       text        primary key,
    shipped    boolean     not null,
    removed_at timestamptz,
    updated_at timestamptz not null
);
-- Grows with each change of the words, so that every process reads them again.
create table search.words_edition (
    one     boolean primary key default true check (one),
    edition bigint  not null
);
insert into search.words_edition (edition) values (0);

-- What was looked for on one day, without who: kept for 90 days.
create table search.asked (
    day     date   not null,
    words   text   not null check (length(words) <= 100),               -- small letters with their marks, one space between
    times   bigint not null check (times > 0),
    empty   bigint not null default 0,                                  -- of these, without a result as typed
    slow    bigint not null default 0,                                  -- of these, slower than search.slow_ms
    slowest int    not null default 0,                                  -- milliseconds
    total   bigint not null default 0,                                  -- results at the last time
    primary key (day, words)
);
create index asked_words on search.asked (words);

-- The documents are computed at once.
insert into platform.jobs (id, handler, dedup_key, payload, due_at)
    values (gen_random_uuid(), 'search.scan', 'migration 17', 'null', now())
    on conflict on constraint jobs_once_per_cause_and_handler do nothing;

-- A rebuild that somebody asked for: the process that keeps the index does it and tells how far it is.
create table search.rebuilds (
    id          uuid        primary key,
    asked_at    timestamptz not null,
    began_at    timestamptz,
    done        bigint      not null default 0,
    of          bigint      not null default 0,
    finished_at timestamptz,
    error       text
);
-- What comparing index and database found.
create table search.sweeps (
    at       timestamptz primary key,
    compared bigint      not null,
    drifted  bigint      not null                                       -- documents that the index had otherwise
);
