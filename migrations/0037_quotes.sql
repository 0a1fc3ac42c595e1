-- Requests for quotation and the quotes that answer them.
create schema quotes;

-- Once written, never changed: an offer is what was offered.
create function quotes.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are only added', tg_table_name using errcode = 'restrict_violation';
end $$;

create table quotes.requests (
    id               uuid        primary key,
    code             text        not null unique,           -- what people read out; with check character
    org_id           uuid        not null,
    org_name         text        not null,                  -- as sellers read it, frozen
    org_tax_code     text        not null,
    asked_by         uuid        not null,
    lang             text        not null check (lang in ('vi', 'en')),
    title            text        not null check (title <> ''),
    body             text        not null default '',
    audience         text        not null check (audience in ('chosen', 'open')),
    category_slug    text,                                  -- of an open one
    area             text        not null default 'all' check (area in ('all', 'province', 'near')),
    sealed           boolean     not null,                  -- nobody of the buyer reads an offer before the deadline
    closes_at        timestamptz not null,                  -- the deadline for offers
    delivery_commune text,
    delivery_text    text        not null default '',
    wanted_by        date,
    state            text        not null check (state in ('open', 'closed', 'awarded', 'cancelled', 'lapsed')),
    due_at           timestamptz,                           -- when the clock acts
    version          int         not null default 1,        -- as many as there are events of the request itself
    sent_at          timestamptz not null,
    updated_at       timestamptz not null,
    constraint requests_category check ((audience = 'open') = (category_slug is not null)),
    -- What is over waits for no clock.
    constraint requests_due check ((state in ('open', 'closed')) = (due_at is not null))
);
create index requests_org on quotes.requests (org_id, sent_at desc, id desc);
create index requests_org_state on quotes.requests (org_id, state, sent_at desc, id desc);
create index requests_due on quotes.requests (due_at) where due_at is not null;
comment on table quotes.requests is 'What an organisation asks sellers to quote; it is decided once.';
comment on constraint requests_category on quotes.requests is 'An open request names the category whose sellers it is for.';
comment on constraint requests_due on quotes.requests is 'A request that can still move has its clock.';

create table quotes.lines (
    request_id    uuid   not null references quotes.requests (id),
    position      int    not null check (position between 1 and 100),
    variant_id    uuid,                                     -- of some seller's listing, where it was asked from one
    seller_id     uuid,                                     -- whose listing that is
    name          text   not null check (name <> ''),
    sku           text   not null default '',
    unit          text   not null check (unit <> ''),
    quantity      bigint not null check (quantity > 0),     -- in thousandths of the unit
    note          text   not null default '',
    wanted_on     date,
    category_slug text,
    tax_bps       int    not null default 800,
    primary key (request_id, position),
    constraint lines_seller check ((variant_id is null) = (seller_id is null))
);
comment on table quotes.lines is 'What is asked for, line by line; frozen when it was sent.';
comment on constraint lines_seller on quotes.lines is 'A listing belongs to a seller.';

-- One a request and seller: from the invitation to the award.
create table quotes.quotes (
    id          uuid        primary key,
    request_id  uuid        not null references quotes.requests (id),
    seller_id   uuid        not null,
    state       text        not null check (state in ('invited', 'declined', 'sent', 'countered', 'withdrawn', 'rejected',
                            'expired', 'accepted', 'lost')),
    last        int         not null default 0,             -- the highest number of a version
    offer       int,                                        -- the version that stands as the seller's offer
    counter     int,                                        -- the version that the buyer proposes instead
    pending     int,                                        -- the version that waits for the seller's own approval
    valid_until timestamptz,                                -- of the offer
    total       bigint,                                     -- of the offer
    moves       int         not null default 0,             -- as many as there are events
    invited_at  timestamptz not null,
    seen_at     timestamptz,
    updated_at  timestamptz not null,
    constraint quotes_once unique (request_id, seller_id),
    constraint quotes_numbers check (coalesce(offer, 0) <= last and coalesce(counter, 0) <= last and coalesce(pending, 0) <= last),
    -- What stands has been offered; who bargains names what he proposes.
    constraint quotes_offered check (state not in ('sent', 'countered', 'accepted')
        or (offer is not null and valid_until is not null and total is not null)),
    constraint quotes_countered check ((state = 'countered') = (counter is not null))
);
create index quotes_seller on quotes.quotes (seller_id, invited_at desc, id desc);
create index quotes_seller_state on quotes.quotes (seller_id, state, invited_at desc, id desc);
create index quotes_due on quotes.quotes (valid_until) where state in ('sent', 'countered');
create index quotes_pending on quotes.quotes (seller_id) where pending is not null;
comment on table quotes.quotes is 'What one seller makes of one request.';
comment on constraint quotes_once on quotes.quotes is 'A seller answers a request in one place.';
comment on constraint quotes_numbers on quotes.quotes is 'Only versions that were written are named.';
comment on constraint quotes_offered on quotes.quotes is 'Only what was offered can be bargained about and accepted.';
comment on constraint quotes_countered on quotes.quotes is 'A counter-offer is open exactly while the quote is countered.';

create table quotes.versions (
    quote_id        uuid        not null references quotes.quotes (id),
    version         int         not null check (version > 0),
    kind            text        not null check (kind in ('offer', 'counter')),  -- the seller's, the buyer's
    made_by         uuid,
    made_at         timestamptz not null,
    valid_until     timestamptz not null,
    delivery_fee    bigint      not null check (delivery_fee between 0 and 1000000000000),
    deliver_on      date,
    deposit_bps     int         not null default 0,
    on_delivery_bps int         not null default 0,
    net_days        int         check (net_days between 1 and 365),
    terms_note      text        not null default '',
    note            text        not null default '',
    total           bigint      not null check (total >= 0),
    primary key (quote_id, version),
    constraint versions_shares check (deposit_bps >= 0 and on_delivery_bps >= 0 and deposit_bps + on_delivery_bps <= 10000),
    -- The rest needs a day on which it is due.
    constraint versions_rest check (deposit_bps + on_delivery_bps = 10000 or net_days is not null)
);
comment on table quotes.versions is 'Offers and counter-offers as they were made.';
comment on constraint versions_shares on quotes.versions is 'Shares of one total.';
comment on constraint versions_rest on quotes.versions is 'What is paid neither before nor on delivery has its days.';

create table quotes.version_lines (
    quote_id   uuid   not null,
    version    int    not null,
    position   int    not null,                             -- of the request's line
    choice     int    not null check (choice between 0 and 3),   -- 0: as asked; others: alternatives
    variant_id uuid,
    name       text   not null check (name <> ''),
    sku        text   not null default '',
    unit       text   not null,
    quantity   bigint not null check (quantity > 0),        -- in thousandths of the unit
    unit_price bigint not null check (unit_price > 0),      -- VAT included
    tax_bps    int    not null check (tax_bps between 0 and 10000),
    lead_days  int    not null check (lead_days between 0 and 365),
    note       text   not null default '',
    primary key (quote_id, version, position, choice),
    constraint version_lines_version foreign key (quote_id, version) references quotes.versions (quote_id, version)
);
comment on table quotes.version_lines is 'Prices of a version; a line that is not there is not offered.';
comment on constraint version_lines_version on quotes.version_lines is 'Lines are written with their version.';

create table quotes.breaks (
    quote_id     uuid   not null,
    version      int    not null,
    position     int    not null,
    choice       int    not null,
    min_quantity bigint not null check (min_quantity > 0),  -- in thousandths of the unit
    unit_price   bigint not null check (unit_price > 0),
    primary key (quote_id, version, position, choice, min_quantity),
    constraint breaks_line foreign key (quote_id, version, position, choice)
        references quotes.version_lines (quote_id, version, position, choice)
);
comment on table quotes.breaks is 'Prices of a line at other quantities.';
comment on constraint breaks_line on quotes.breaks is 'Breaks are written with their line.';

create trigger versions_only_added before update or delete on quotes.versions
    for each row execute function quotes.refuse_change();
create trigger version_lines_only_added before update or delete on quotes.version_lines
    for each row execute function quotes.refuse_change();
create trigger breaks_only_added before update or delete on quotes.breaks
    for each row execute function quotes.refuse_change();

-- One award a request, whatever happens at the same moment.
create table quotes.awards (
    request_id uuid        primary key references quotes.requests (id),
    chosen_by  uuid        not null,
    chosen_at  timestamptz not null,
    total      bigint      not null check (total > 0),
    note       text        not null default ''
);
comment on table quotes.awards is 'That a request was decided, by whom and when: at most once.';

create table quotes.award_lines (
    request_id uuid   not null references quotes.awards (request_id),
    position   int    not null,
    quote_id   uuid   not null references quotes.quotes (id),
    version    int    not null,
    choice     int    not null,
    quantity   bigint not null check (quantity > 0),
    unit_price bigint not null check (unit_price > 0),
    primary key (request_id, position),
    constraint award_lines_line foreign key (quote_id, version, position, choice)
        references quotes.version_lines (quote_id, version, position, choice)
);
create index award_lines_quote on quotes.award_lines (quote_id);
comment on table quotes.award_lines is 'Which offer each line went to, at which quantity and price.';
comment on constraint award_lines_line on quotes.award_lines is 'Only a line that was offered is accepted.';

-- The purchase orders that came of an award: one a quote.
create table quotes.award_orders (
    quote_id     uuid primary key references quotes.quotes (id),
    request_id   uuid not null references quotes.awards (request_id),
    po_id        uuid not null unique,
    po_number    text not null
);
create index award_orders_request on quotes.award_orders (request_id);
comment on table quotes.award_orders is 'Names of the purchase orders, for links.';

create table quotes.questions (
    id          uuid        primary key,
    request_id  uuid        not null references quotes.requests (id),
    seller_id   uuid        not null,
    private     boolean     not null,                       -- only he who asked reads the answer
    body        text        not null check (body <> ''),
    asked_at    timestamptz not null,
    answer      text        not null default '',
    answered_at timestamptz,
    answered_by uuid,
    constraint questions_answered check ((answer = '') = (answered_at is null))
);
create index questions_request on quotes.questions (request_id, asked_at);
comment on table quotes.questions is 'What sellers ask about a request; who asked is known to the buyer alone.';
comment on constraint questions_answered on quotes.questions is 'An answer has its time.';

create table quotes.files (
    id         uuid        primary key,
    request_id uuid        not null references quotes.requests (id),
    quote_id   uuid        references quotes.quotes (id),   -- a seller's; without it the buyer's
    name       text        not null,
    mime       text        not null,
    size       bigint      not null check (size > 0),
    key        text        not null,                        -- of the file store
    added_at   timestamptz not null
);
create index files_request on quotes.files (request_id);
comment on table quotes.files is 'Drawings, specifications, signed offers: private to the two sides.';

create table quotes.events (
    id         uuid        primary key,
    request_id uuid        not null references quotes.requests (id),
    quote_id   uuid        references quotes.quotes (id),
    at         timestamptz not null,
    actor_kind text        not null check (actor_kind in ('buyer', 'seller', 'system')),
    actor      uuid,
    event      text        not null,
    to_state   text        not null,
    version    int,                                         -- of the offer or counter-offer that it is about
    note       text        not null default '',
    number     int         not null                         -- of the quote's events, or the request's own
);
create unique index events_quote on quotes.events (quote_id, number) where quote_id is not null;
create unique index events_own on quotes.events (request_id, number) where quote_id is null;
create index events_request on quotes.events (request_id, at);
comment on table quotes.events is 'Every step of both sides.';
create trigger events_only_added before update or delete on quotes.events
    for each row execute function quotes.refuse_change();

-- Above this an offer of the shop's staff waits for an owner.
create table quotes.limits (
    seller_id  uuid        primary key,
    amount     bigint      not null check (amount >= 0),
    set_by     uuid        not null,
    updated_at timestamptz not null
);
comment on table quotes.limits is 'The seller''s own approval: what staff may offer alone.';

-- Published: requests and what came of them, for figures.
create view quotes.requests_report as
    select r.id as request_id, r.org_id, left(r.org_tax_code, 10) as tax_code, r.audience, r.state, r.sent_at,
           a.chosen_at, a.total
    from quotes.requests r left join quotes.awards a on a.request_id = r.id;
