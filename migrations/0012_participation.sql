-- Who really trades: plans and their targets as rows, and a record of each look at one firm's data.
create schema participation;

create table participation.plans (
    code        text primary key,
    province    text not null,
    title       text not null,
    period_from int  not null,
    period_to   int  not null,
    owner       text not null,
    document    text not null
);

create table participation.targets (
    plan_code text not null references participation.plans (code),
    indicator text not null,
    year      int  not null,
    lower_bps int  not null check (lower_bps between 0 and 10000),
    upper_bps int  not null check (upper_bps between 0 and 10000),
    passage   text not null,
    primary key (plan_code, indicator, year),
    constraint targets_range check (lower_bps <= upper_bps)
);

create table participation.looks (
    id       uuid        primary key,
    officer  uuid        not null,
    tax_code text        not null,
    reason   text        not null,
    at       timestamptz not null
);
