-- What people are told: the bell, their choices of channel, and short messages on their way out.
create schema notices;

create table notices.items (
    id        uuid        primary key,
    person_id uuid        not null,
    kind      text        not null,
    dedup_key text        not null,                         -- cause: each event is told to each person once
    title_vi  text        not null,
    title_en  text        not null,
    href      text        not null,                         -- a path of this site
    told_at   timestamptz not null,
    read_at   timestamptz,
    constraint items_once unique (person_id, dedup_key),
    constraint items_href check (href like '/%')
);
create index items_person on notices.items (person_id, told_at desc, id desc);
create index items_unread on notices.items (person_id) where read_at is null;
create index items_told on notices.items (told_at);

-- Published for the session's own statement: the bell is counted there.
create view notices.unread_report as
    select person_id from notices.items where read_at is null;

-- Only what somebody has changed; the rest is as the program says.
create table notices.preferences (
    person_id uuid    not null,
    kind      text    not null,
    channel   text    not null,
    wanted    boolean not null,
    primary key (person_id, kind, channel),
    constraint preferences_channel check (channel in ('mail', 'sms'))
);

-- Addresses without an account that do not want to be asked.
create table notices.refusals (
    contact    text        not null,                        -- lower case
    kind       text        not null,
    refused_at timestamptz not null,
    primary key (contact, kind)
);

-- Short messages; at most one per dedup_key.
create table notices.texts (
    id        uuid        primary key,
    dedup_key text        not null unique,
    recipient text        not null,                         -- E.164
    body      text        not null,
    queued_at timestamptz not null,
    sent_at   timestamptz,
    constraint texts_body check (char_length(body) between 1 and 480)
);
create index texts_queued on notices.texts (queued_at desc, id desc);
