-- Machinery that knows nothing of trade: facts to be told, work to be done, forms that act once,
-- mail, the audit chain, and the rules of law as dated rows.
create schema platform;

-- The outbox: facts written in the transaction of the change they tell of.
create table platform.events (
    seq         bigint      generated always as identity primary key,
    id          uuid        not null unique,
    name        text        not null,                       -- slice.fact
    payload     jsonb       not null,
    happened_at timestamptz not null,
    relayed_at  timestamptz                                 -- null: no listener has a job for it yet
);
create index events_waiting on platform.events (seq) where relayed_at is null;

-- One job per listener of an event, or per period of a timer. A lease, not a lock, marks work in hand.
create table platform.jobs (
    id            uuid        primary key,
    handler       text        not null,                     -- slice.verb
    dedup_key     text        not null,                     -- the event's id, or the timer's period
    payload       jsonb       not null,
    due_at        timestamptz not null,
    attempt       int         not null default 0,
    claimed_until timestamptz,
    done_at       timestamptz,
    failed_at     timestamptz,                              -- given up: shown to the operator with a replay button
    last_error    text,
    constraint jobs_once_per_cause_and_handler unique (handler, dedup_key)
);
create index jobs_due on platform.jobs (due_at) where done_at is null and failed_at is null;
create index jobs_failed on platform.jobs (failed_at) where failed_at is not null;
create index jobs_done on platform.jobs (done_at) where done_at is not null;

-- A form's or API write's key: the row is made in the transaction of the work, so a second
-- request waits for the first and then gets the first one's answer.
create table platform.idempotency (
    principal   text        not null,                       -- who may use the key: person, guest basket …
    key         uuid        not null,
    fingerprint bytea       not null,                       -- SHA-256 of route and body
    answer      text,                                       -- where the first request was sent on to
    made_at     timestamptz not null,
    primary key (principal, key)
);
create index idempotency_made_at on platform.idempotency (made_at);

-- Mail to be sent; at most one per dedup_key.
create table platform.mails (
    id         uuid        primary key,
    dedup_key  text        not null unique,
    recipient  text        not null,
    subject    text        not null,
    body       text        not null,
    queued_at  timestamptz not null,
    sent_at    timestamptz,
    attempts   int         not null default 0,
    last_error text
);
create index mails_queued_at on platform.mails (queued_at desc);

-- What officers, operators and members do to others' data: a hash chain, verified by `santinh admin verify-audit`.
create table platform.audit (
    seq       bigint      primary key,
    at        timestamptz not null,
    actor     uuid,                                         -- person; null: the system
    action    text        not null,                         -- slice.verb
    subject   text        not null,                         -- kind:id
    detail    jsonb       not null,
    previous  bytea       not null,
    hash      bytea       not null
);
create index audit_subject on platform.audit (subject, seq);

-- Law and policy are data: every figure with its validity and its source.
create table platform.rules (
    key        text   not null,
    valid_from date   not null,
    valid_to   date,                                        -- exclusive
    value      bigint not null,
    unit       text   not null,
    legal_ref  text   not null,
    note       text   not null,
    primary key (key, valid_from),
    constraint rules_validity check (valid_to is null or valid_to > valid_from)
);

-- Which version of each shipped reference file has been loaded.
create table platform.reference_loads (
    name      text        primary key,
    digest    bytea       not null,
    loaded_at timestamptz not null
);
