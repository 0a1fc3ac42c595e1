-- The read model of what can be found, one row a product, kept by listening and proved by a full scan.
create schema search;

create table search.documents (
    product_id     uuid        primary key,
    version        bigint      not null,
    visible        boolean     not null,
    name           text        not null,
    slug           text        not null,
    seller_id      uuid        not null,
    seller_name    text        not null,
    seller_slug    text        not null,
    commune_code   text        not null,
    category_slug  text        not null,
    category_path  text[]      not null,
    brand          text        not null,
    skus           text[]      not null,
    price          bigint      not null,                    -- lowest variant, đồng
    unit           text        not null,
    picture        text        not null,
    certificates   text[]      not null,
    for_business   boolean     not null,                    -- has price tiers
    in_stock       boolean     not null,
    sold_90_days   bigint      not null default 0,
    body           text        not null,                    -- what else can be found by: facts, description
    published_at   timestamptz not null,
    indexed_at     timestamptz not null
);
create index documents_indexed_at on search.documents (indexed_at, product_id);
