-- Trade meetings: fairs, matching days and campaigns that the Department runs; shops sign up, buyers ask them for
-- meetings, and what came of it is counted.
create schema trade_events;

create table trade_events.events (
    id            uuid        primary key,
    slug          text        not null unique,
    kind          text        not null constraint events_kind check (kind in ('fair', 'matching_day', 'campaign')),
    title         text        not null constraint events_title check (title <> ''),
    title_en      text        not null default '',
    summary       text        not null,
    summary_en    text        not null default '',
    body          text        not null default '',          -- Markdown
    organiser     text        not null,                     -- the Department, an association …, as people know it
    place         text        not null,                     -- hall and address, or that it is on the floor itself
    starts_on     date        not null,
    ends_on       date        not null,                     -- the last day
    sign_up_until date        not null,                     -- the last day on which shops may sign up
    state         text        not null constraint events_state check (state in ('draft', 'published', 'cancelled')),
    reason        text        not null default '',          -- why it was cancelled
    version       int         not null default 1,
    made_by       uuid        not null,
    made_at       timestamptz not null,
    updated_at    timestamptz not null,
    constraint events_days check (starts_on <= ends_on and sign_up_until <= ends_on),
    constraint events_cancelled check (state <> 'cancelled' or reason <> '')
);
create index events_by_day on trade_events.events (ends_on desc, id desc);

-- A shop at an event.
create table trade_events.sign_ups (
    event_id   uuid        not null references trade_events.events (id),
    seller_id  uuid        not null,
    shows      text        not null,                        -- what it brings, in its own words
    state      text        not null constraint sign_ups_state check (state in
                   ('waiting', 'accepted', 'refused', 'withdrawn')),
    reason     text        not null default '',
    asked_by   uuid        not null,
    asked_at   timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    primary key (event_id, seller_id),
    constraint sign_ups_refused check (state <> 'refused' or reason <> '')
);
create index sign_ups_seller on trade_events.sign_ups (seller_id, asked_at desc);

-- A buyer asks a shop for a talk at the event.
create table trade_events.meetings (
    id         uuid        primary key,
    event_id   uuid        not null,
    seller_id  uuid        not null,
    person_id  uuid        not null,                        -- who asks
    org_id     uuid,                                        -- the firm for which he asks
    firm       text        not null default '',             -- its name as it was
    name       text        not null,
    phone      text        not null,                        -- E.164
    email      text        not null default '',
    subject    text        not null,
    wished     text        not null default '',             -- when it would suit him
    state      text        not null constraint meetings_state check (state in
                   ('asked', 'agreed', 'declined', 'cancelled', 'held', 'missed')),
    at         timestamptz,                                 -- when they meet, once it is agreed
    place      text        not null default '',             -- where, or the number to call
    answer     text        not null default '',             -- why it was declined or cancelled
    result     text        constraint meetings_result check (result in
                   ('contact', 'sample', 'quote', 'order', 'nothing')),
    note       text        not null default '',             -- what the shop wrote down of it
    version    int         not null default 1,
    made_at    timestamptz not null,
    updated_at timestamptz not null,
    foreign key (event_id, seller_id) references trade_events.sign_ups (event_id, seller_id),
    constraint meetings_at check (at is not null or state not in ('agreed', 'held', 'missed')),
    constraint meetings_held check ((state = 'held') = (result is not null))
);
-- One living wish of a person with a shop at an event, and one talk of a shop at a time.
create unique index meetings_once on trade_events.meetings (event_id, seller_id, person_id)
    where state in ('asked', 'agreed');
create unique index meetings_slot on trade_events.meetings (seller_id, at) where state = 'agreed';
create index meetings_seller on trade_events.meetings (seller_id, made_at desc);
create index meetings_person on trade_events.meetings (person_id, made_at desc);
