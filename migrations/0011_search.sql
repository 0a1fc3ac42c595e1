-- The read model of what can be found, one row a product, kept by listening and proved by a full scan.
create schema search;

-- What a product page and a search result need to know of products, whatever their state.
create view catalogue.products_report as
    select p.id as product_id, p.seller_id, p.slug, p.name, p.name_en, p.description, p.brand, p.facts, p.unit, p.art,
           p.state, p.lapses_on, p.version, p.published_at, p.updated_at, p.category_slug, c.path as category_path,
           c.name_vi as category_vi, c.name_en as category_en
    from catalogue.products p join catalogue.categories c on c.slug = p.category_slug;
create view catalogue.variants_report as
    select v.id as variant_id, v.product_id, v.position, v.sku, v.price, v.list_price,
           exists (select from catalogue.price_tiers t where t.variant_id = v.id) as for_business
    from catalogue.variants v where v.removed_at is null;
create view catalogue.pictures_report as
    select product_id, position, key, widths from catalogue.pictures;
-- Accepted ones; whether they are valid today is for the reader to say.
create view catalogue.certificates_report as
    select product_id, kind, number, expires from catalogue.certificates where state = 'accepted';
-- What was ordered and not cancelled.
create view orders.sales_report as
    select l.product_id, l.quantity, o.placed_at
    from orders.lines l join orders.orders o on o.id = l.order_id
    where o.state <> 'cancelled';

create table search.documents (
    product_id    uuid        primary key,
    changed_by    xid8        not null default pg_current_xact_id(),   -- who follows reads what newer transactions wrote
    visible       boolean     not null,                                -- published by an admitted seller
    lapses_on     date,                                                -- not shown from this day on
    name          text        not null,
    name_en       text        not null,
    slug          text        not null,
    seller_id     uuid        not null,
    seller_name   text        not null,
    seller_slug   text        not null,
    commune_code  text        not null,
    category_slug text        not null,
    category_path text[]      not null,
    brand         text        not null,
    skus          text[]      not null,
    price         bigint      not null,                                -- lowest variant, đồng
    list_price    bigint,                                              -- struck price of that variant
    several       boolean     not null,                                -- variants with other prices
    unit          text        not null,
    picture       text        not null,                                -- address on this site
    certificates  text[]      not null,
    for_business  boolean     not null,                                -- has price tiers
    in_stock      boolean     not null,
    sold_90_days  bigint      not null default 0,
    body          text        not null,                                -- what else can be found by: facts, description
    published_at  timestamptz not null,
    indexed_at    timestamptz not null,
    -- For the plain adapter: words without their marks.
    words         tsvector    generated always as (
        setweight(to_tsvector('simple', 
             replace(regexp_replace(normalize(lower(name || ' ' || name_en), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'A') ||
        setweight(to_tsvector('simple', 
             replace(regexp_replace(normalize(lower(seller_name || ' ' || brand), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'B') ||
        setweight(to_tsvector('simple', 
             replace(regexp_replace(normalize(lower(left(body, 20000)), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')), 'D')) stored
);
create index documents_changed_by on search.documents (changed_by);
create index documents_words on search.documents using gin (words);
create index documents_category on search.documents using gin (category_path);
create index documents_seller on search.documents (seller_id);

-- Published to the pages: how many listings each shop shows.
create view search.shops_report as
    select seller_id, count(*) as listings from search.documents where visible group by seller_id;
