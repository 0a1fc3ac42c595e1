-- People, how they prove who they are, and what they agreed to.
create schema accounts;

create table accounts.people (
    id                 uuid        primary key,
    email              text,                                -- lower case
    phone              text,                                -- E.164, +84…
    name               text        not null,
    password_hash      text,                                -- argon2id, PHC form
    lang               text        not null default 'vi',
    email_confirmed_at timestamptz,
    totp_secret        text,                                -- base32
    totp_confirmed_at  timestamptz,
    totp_last_step     bigint      not null default 0,      -- a code is good once
    demo_password      text,                                -- only set by `santinh demo`, shown on its page
    created_at         timestamptz not null,
    closed_at          timestamptz,
    constraint people_reachable check (email is not null or phone is not null or closed_at is not null),
    constraint people_email_lower check (email = lower(email))
);
create unique index people_email on accounts.people (email) where email is not null;
create unique index people_phone on accounts.people (phone) where phone is not null;

create table accounts.roles (
    person_id  uuid        not null references accounts.people (id),
    role       text        not null check (role in ('officer', 'operator')),
    granted_at timestamptz not null,
    primary key (person_id, role)
);

-- The cookie carries 256 random bits; the row keeps their SHA-256.
create table accounts.sessions (
    token_hash       bytea       primary key,
    id               uuid        not null unique,           -- the name by which a person revokes it
    person_id        uuid        not null references accounts.people (id),
    acting_for       uuid,                                  -- the shop chosen in the seller's desk
    user_agent       text        not null,
    address          text        not null,
    second_factor_at timestamptz,
    created_at       timestamptz not null,
    last_seen_at     timestamptz not null,
    expires_at       timestamptz not null
);
create index sessions_person on accounts.sessions (person_id);

-- One-time links: confirm an address, reset a password.
create table accounts.tokens (
    token_hash bytea       primary key,
    person_id  uuid        not null references accounts.people (id),
    purpose    text        not null check (purpose in ('confirm_email', 'reset_password')),
    contact    text        not null default '',             -- the address that a confirmation proves
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

create index tokens_person on accounts.tokens (person_id, purpose, made_at);

-- For the day the telephone is lost: each code replaces the second factor once.
create table accounts.recovery_codes (
    person_id uuid        not null references accounts.people (id),
    code_hash bytea       not null,
    made_at   timestamptz not null,
    used_at   timestamptz,
    primary key (person_id, code_hash)
);

-- Failed sign-ins, by the name that was typed and by the peer's address.
create table accounts.sign_in_failures (
    id      bigint      generated always as identity primary key,
    subject text        not null,
    at      timestamptz not null
);
create index sign_in_failures_subject on accounts.sign_in_failures (subject, at);

create table accounts.addresses (
    id           uuid        primary key,
    person_id    uuid        not null references accounts.people (id),
    recipient    text        not null,
    phone        text        not null,
    commune_code text        not null,
    line         text        not null,
    is_default   boolean     not null,
    created_at   timestamptz not null
);
create index addresses_person on accounts.addresses (person_id);

-- Provable consent (Law 91/2025/QH15): what was shown, when, for which purpose.
create table accounts.consents (
    id             uuid        primary key,
    person_id      uuid        references accounts.people (id),
    contact        text,                                    -- a guest: e-mail or phone as given
    purpose        text        not null,
    policy_version text        not null,
    policy_hash    bytea       not null,
    channel        text        not null,
    given_at       timestamptz not null,
    withdrawn_at   timestamptz,
    constraint consents_of_somebody check (person_id is not null or contact is not null)
);
create index consents_person on accounts.consents (person_id);
