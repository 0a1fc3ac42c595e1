-- Ordering for somebody else at a point of assistance: a clerk acts, the villager has agreed.
create schema assisted;

create table assisted.clerks (
    person_id  uuid        primary key,
    point_id   uuid        not null,                       -- of places.points
    granted_by uuid        not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid,
    constraint clerks_revoked check ((revoked_at is null) = (revoked_by is null))
);
comment on table assisted.clerks is 'Who may order for others, at which one point; given and taken by the operator.';

-- One villager at the counter: who agreed to what, in which words, how, before whom. It ends with the orders,
-- by the clerk, or by itself.
create table assisted.visits (
    id              uuid        primary key,
    token           uuid        not null,                  -- names the basket in the clerk's browser
    clerk_id        uuid        not null,
    point_id        uuid        not null,
    point_name      text        not null,                  -- as it was
    name            text        not null,
    phone           text        not null,                  -- E.164
    commune_code    text        not null,
    address_line    text        not null,
    consent_text    text        not null,                  -- as read out or shown
    consent_version text        not null,
    consent_channel text        not null,
    consented_at    timestamptz not null,
    ends_at         timestamptz not null,
    ended_at        timestamptz,
    constraint visits_token unique (token),
    constraint visits_channel check (consent_channel in ('spoken', 'signed')),
    constraint visits_ends check (ends_at > consented_at)
);
create unique index visits_open on assisted.visits (clerk_id) where ended_at is null;
comment on index assisted.visits_open is 'A clerk serves one villager at a time.';

-- Orders placed in a visit: the mark that they were assisted, and by whom.
create table assisted.orders (
    order_id   uuid        primary key,
    visit_id   uuid        not null references assisted.visits (id),
    group_code text        not null,
    code       text        not null,
    placed_at  timestamptz not null
);
create index assisted_orders_visit on assisted.orders (visit_id);
create index assisted_orders_group on assisted.orders (group_code);

-- Published: which orders were assisted, at which point.
create view assisted.orders_report as
    select o.order_id, v.point_id, v.clerk_id, o.placed_at
    from assisted.orders o join assisted.visits v on v.id = o.visit_id;
