-- Papers of orders: contracts as they were issued, and e-invoices, which sellers make with their own
-- provider and record here.
create schema documents;

-- The last number of a contract given in each year.
create table documents.numbers (
    year int primary key,
    last int not null constraint numbers_count check (last > 0)
);
comment on table documents.numbers is 'Contracts are numbered without gaps, year by year.';

-- What was agreed, frozen when its paper was first asked for. The paper is made of `content` and of
-- nothing else, so the same paper can be made again and compared with its digest.
create table documents.contracts (
    id             uuid        primary key,
    order_id       uuid        not null,
    edition        int         not null,                   -- an order changed by consent gets another edition
    number         text        not null,
    content        text        not null,                   -- JSON
    content_sha256 bytea       not null,                   -- of what was agreed, without what surrounds it
    issued_at      timestamptz not null,
    constraint contracts_edition unique (order_id, edition),
    constraint contracts_number unique (number),
    constraint contracts_edition_count check (edition > 0),
    constraint contracts_digest check (length(content_sha256) = 32)
);
comment on constraint contracts_edition on documents.contracts is
    'Two requests for the first paper of an order make one contract.';

-- The digest of each file that was made of a contract: one a language and layout of the program.
create table documents.prints (
    contract_id uuid        not null references documents.contracts (id),
    lang        text        not null,
    layout      int         not null,                      -- rises when the program sets papers differently
    sha256      bytea       not null,
    bytes       int         not null,
    made_at     timestamptz not null,
    constraint prints_once primary key (contract_id, lang, layout),
    constraint prints_digest check (length(sha256) = 32)
);
comment on constraint prints_once on documents.prints is
    'The digest of the first print stays: later ones are compared with it.';

create function documents.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what was issued is not changed: %', tg_table_name;
end $$;
comment on function documents.refuse_change() is 'Issued papers and their digests are only added.';

create trigger contracts_stay before update or delete on documents.contracts
    for each row execute function documents.refuse_change();
create trigger prints_stay before update or delete on documents.prints
    for each row execute function documents.refuse_change();

-- Whom an invoice is to name, said during checkout, before there is an order.
create table documents.wishes (
    checkout_id uuid        primary key,
    name        text        not null,
    tax_code    text,
    address     text        not null,
    email       text        not null default '',
    updated_at  timestamptz not null
);
comment on table documents.wishes is 'Read once, when the checkout is placed; kept beside it.';

-- Whom the invoice of an order is to name: the buyer asked for one.
create table documents.invoice_requests (
    order_id   uuid        primary key,
    seller_id  uuid        not null,
    name       text        not null,
    tax_code   text,                                       -- null: a person
    address    text        not null,
    email      text        not null default '',
    asked_at   timestamptz not null,
    changed_at timestamptz not null
);
create index invoice_requests_seller on documents.invoice_requests (seller_id, asked_at desc);

-- An invoice that the seller issued outside. A correction replaces the entry; the old one stays.
create table documents.invoices (
    id             uuid        primary key,
    order_id       uuid        not null,
    seller_id      uuid        not null,
    symbol         text        not null,                   -- ký hiệu: 1C26TAA
    number         text        not null,
    issued_on      date        not null,
    authority_code text        not null default '',        -- mã của cơ quan thuế
    file_key       text,
    file_type      text,
    recorded_by    uuid,
    recorded_at    timestamptz not null,
    replaced_at    timestamptz,
    constraint invoices_file check ((file_key is null) = (file_type is null))
);
create unique index invoices_current on documents.invoices (order_id) where replaced_at is null;
create unique index invoices_number on documents.invoices (seller_id, symbol, number)
    where replaced_at is null;
comment on index documents.invoices_current is 'One invoice an order.';
comment on index documents.invoices_number is 'One order an invoice: nobody counts one twice.';
create index invoices_seller on documents.invoices (seller_id, recorded_at desc);

-- Published: which orders have an invoice (indicator HD1).
create view documents.invoices_report as
    select order_id, seller_id, symbol, number, issued_on, recorded_at
    from documents.invoices where replaced_at is null;

-- Published by orders: sales whose goods have left the seller, which is when an invoice is due.
create view orders.invoicing_report as
    select id as order_id, seller_id, code, state, state_since, placed_at, buyer_name, buyer_tax_code, buyer_org,
           total
    from orders.orders where state in ('handed_over', 'delivered', 'completed');
comment on view orders.invoicing_report is 'Read by the slice documents, always within one seller or by the clock.';
