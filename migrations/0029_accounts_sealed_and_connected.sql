-- Sellers' account numbers sealed at rest; Stripe accounts that are connected to the floor; rates for estimates.

-- The number is sealed (platform::sealed, place `enterprises.bank_accounts:<seller>`). Rows of before are sealed when the
-- program starts, and their number in the clear goes.
alter table enterprises.bank_accounts alter column account_number drop not null;
alter table enterprises.bank_accounts add column sealed bytea;
alter table enterprises.bank_accounts add column number_ends text not null default '';  -- its last four, to be shown
-- Sealed or, until it has been, in the clear; never both.
alter table enterprises.bank_accounts add constraint bank_accounts_number
    check ((account_number is null) <> (sealed is null));

-- An account at Stripe that belongs to a seller. Written before Stripe is asked to make one; its id is the idempotency key.
create table payments.stripe_accounts (
    id                uuid        primary key,
    seller_id         uuid        not null,
    country           text        not null check (country ~ '^[A-Z]{2}$'),
    account           text        check (account ~ '^acct_'),       -- null: Stripe has not told its name yet
    charges_enabled   boolean     not null default false,           -- it may take payments
    payouts_enabled   boolean     not null default false,           -- and hand them to the seller's bank
    details_submitted boolean     not null default false,           -- the seller has been through Stripe's questions
    due               text[]      not null default '{}',            -- what Stripe still wants, in Stripe's words
    disabled_reason   text        not null default '',
    made_at           timestamptz not null,
    checked_at        timestamptz,                                  -- when Stripe was last asked
    ended_at          timestamptz
);
-- One at a time for a seller, and each account for one seller.
create unique index stripe_accounts_current on payments.stripe_accounts (seller_id) where ended_at is null;
create unique index stripe_accounts_once on payments.stripe_accounts (account) where account is not null and ended_at is null;

-- What a foreign currency is worth, as the operator read it somewhere: shown as an estimate, never charged by.
create table payments.foreign_rates (
    id         uuid        primary key,
    currency   text        not null check (currency ~ '^[A-Z]{3}$' and currency <> 'VND'),
    rate       bigint      not null check (rate between 1 and 1000000000000),  -- hundredths of đồng for one unit
    source     text        not null check (length(source) between 2 and 80),
    as_of      date        not null,
    entered_by uuid        not null,
    entered_at timestamptz not null,
    ended_at   timestamptz                                          -- replaced, or not shown any more
);
-- One rate of each currency is shown.
create unique index foreign_rates_current on payments.foreign_rates (currency) where ended_at is null;
