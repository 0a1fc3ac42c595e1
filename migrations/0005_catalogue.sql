-- What is sold: a tree of categories with required facts and papers, products with variants and prices.
create schema catalogue;

create table catalogue.facts (
    key      text   primary key,
    label_vi text   not null,
    label_en text   not null,
    kind     text   not null check (kind in ('text', 'number', 'date', 'choice')),
    unit     text   not null,
    choices  text[] not null,
    help_vi  text   not null,
    help_en  text   not null
);

create table catalogue.categories (
    slug            text    primary key,
    parent_slug     text    references catalogue.categories (slug),
    path            text[]  not null,                       -- slugs from the root to this one
    name_vi         text    not null,
    name_en         text    not null,
    position        int     not null,
    for_business    boolean not null,                       -- mainly bought by firms
    kind            text    not null check (kind in ('goods', 'service')),
    art             text    not null,
    is_leaf         boolean not null,
    required_facts  text[]  not null,                       -- own and inherited
    required_papers text[]  not null                        -- own and inherited
);
create index categories_path on catalogue.categories using gin (path);

create table catalogue.banned (
    pattern    text    not null,                            -- folded words, or a category's slug
    kind       text    not null check (kind in ('word', 'category')),
    action     text    not null check (action in ('block', 'review')),
    reason_vi  text    not null,
    reason_en  text    not null,
    legal_ref  text    not null,
    valid_from date    not null,
    valid_to   date,
    primary key (pattern, valid_from)
);

create table catalogue.products (
    id               uuid        primary key,
    seller_id        uuid        not null,
    category_slug    text        not null references catalogue.categories (slug),
    slug             text        not null unique,
    name             text        not null check (length(name) between 1 and 200),
    name_en          text        not null default '',
    description      text        not null default '',       -- Markdown as written
    description_html text        not null default '',       -- safe HTML made of it at save
    brand            text        not null default '',
    origin_commune   text,
    facts            jsonb       not null default '{}',     -- fact key → text
    unit             text        not null,
    tax_bps          int         not null check (tax_bps between 0 and 10000),  -- VAT rate, basis points, included in the price
    lead_days        int         not null default 1 check (lead_days between 0 and 365),
    art              text        not null default '',       -- drawing shown while there is no picture: art/tint
    folded           text        not null default '',       -- name and SKUs without marks: what the seller's own search looks in
    source_digest    bytea,                                 -- of the row of the last import that made or changed it
    state            text        not null check (state in
                         ('draft', 'in_review', 'published', 'unlisted', 'blocked')),
    state_reason     text        not null default '',
    lapses_on        date,                                  -- first day on which a demanded certificate is no longer valid
    version          bigint      not null default 1,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    submitted_at     timestamptz,
    published_at     timestamptz
);
create index products_seller on catalogue.products (seller_id, updated_at desc, id);
create index products_waiting on catalogue.products (submitted_at) where state = 'in_review';
create index products_category on catalogue.products (category_slug);
create index products_lapsing on catalogue.products (lapses_on) where state = 'published' and lapses_on is not null;

create table catalogue.variants (
    id         uuid    primary key,
    product_id uuid    not null references catalogue.products (id),
    seller_id  uuid    not null,
    position   int     not null,
    sku        text    not null check (length(sku) between 1 and 80),
    label      text    not null default '',
    price      bigint  not null check (price between 1 and 1000000000000),      -- đồng, VAT included
    list_price bigint  check (list_price > price),
    weight_g   int     not null check (weight_g >= 0),      -- grams, packed
    gtin       text    check (gtin ~ '^([0-9]{8}|[0-9]{12,14})$'),
    removed_at timestamptz
);
create unique index variants_sku on catalogue.variants (seller_id, sku) where removed_at is null;
create index variants_product on catalogue.variants (product_id, position);

-- Prices for firms from a quantity upwards.
create table catalogue.price_tiers (
    variant_id   uuid   not null references catalogue.variants (id),
    min_quantity int    not null check (min_quantity > 0),
    price        bigint not null check (price > 0),
    primary key (variant_id, min_quantity)
);

create table catalogue.pictures (
    id         uuid primary key,
    product_id uuid not null references catalogue.products (id),
    position   int  not null,
    key        text not null,                               -- files are <key>-<width>.webp and .jpg
    widths     int[] not null,
    width      int  not null,
    height     int  not null,
    alt        text not null default ''
);
create index pictures_product on catalogue.pictures (product_id, position);

create table catalogue.certificates (
    id         uuid primary key,
    product_id uuid not null references catalogue.products (id),
    kind       text not null,
    number     text not null,
    issuer     text not null,
    issued     date,
    expires    date,
    file_key   text not null default '',
    file_type  text not null default '',
    state      text not null check (state in ('submitted', 'accepted', 'rejected')),
    reason     text not null default ''
);
create index certificates_product on catalogue.certificates (product_id);

create table catalogue.product_events (
    id         uuid        primary key,
    product_id uuid        not null references catalogue.products (id),
    at         timestamptz not null,
    actor      uuid,
    event      text        not null,
    from_state text        not null,
    to_state   text        not null,
    reason     text        not null default ''
);
create index product_events_product on catalogue.product_events (product_id, at);

-- Published to other slices.
create view catalogue.listings_report as
    select p.id as product_id, p.seller_id, p.category_slug, p.published_at, p.lapses_on
    from catalogue.products p
    where p.state = 'published';
