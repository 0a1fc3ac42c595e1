-- Awards wait for the buyer's firm, deliveries know their pieces, invitations and approvals end.

-- What a buyer has chosen while his firm is asked to agree: one proposal a request, replaced by the next.
create table quotes.proposals (
    request_id  uuid        primary key references quotes.requests (id),
    proposed_by uuid        not null,
    proposed_at timestamptz not null,
    total       bigint      not null check (total > 0)
);
comment on table quotes.proposals is 'What was chosen and waits for the firm''s agreement; exactly this may be awarded.';

create table quotes.proposal_lines (
    request_id uuid   not null references quotes.proposals (request_id) on delete cascade,
    position   int    not null,
    quote_id   uuid   not null,
    version    int    not null,
    choice     int    not null,
    quantity   bigint not null check (quantity > 0),        -- in thousandths of the unit
    unit_price bigint not null check (unit_price > 0),
    primary key (request_id, position),
    constraint proposal_lines_line foreign key (quote_id, version, position, choice)
        references quotes.version_lines (quote_id, version, position, choice)
);
comment on constraint proposal_lines_line on quotes.proposal_lines is 'Only a line that was offered is chosen.';

-- `units` of a line's unit are `base` pieces of the stock, frozen with the order; without them the seller counts.
alter table purchasing.lines
    add column units bigint,
    add column base bigint,
    add constraint lines_factor check ((units is null) = (base is null) and coalesce(units, 1) > 0 and coalesce(base, 1) > 0);
update purchasing.lines set units = 1, base = 1 where counted and quantity % 1000 = 0;
alter table purchasing.lines drop column counted;
comment on constraint lines_factor on purchasing.lines is 'A ratio has both its sides.';

-- No purchase order is agreed to by itself: what becomes one was agreed to as a quote.
alter table approvals.requests drop constraint requests_subject_kind_check;
alter table approvals.requests add constraint requests_subject_kind_check check (subject_kind in ('checkout', 'quote'));
alter table approvals.events drop constraint events_event_check;
alter table approvals.events add constraint events_event_check
    check (event in ('ask', 'approve', 'refuse', 'void', 'withdraw', 'expire'));

-- The clock looks over all firms.
create index requests_overdue on approvals.requests (asked_at) where state = 'waiting';

-- Published: who asked which shop for a quote, for figures.
create view quotes.asked_report as
    select q.request_id, q.seller_id, r.org_id, r.asked_by, r.sent_at as asked_at
    from quotes.quotes q join quotes.requests r on r.id = q.request_id;
