-- Administrative units by date: province and commune since 2025-07-01, the three old levels before,
-- and the crossing between them (many to many for communes that were split).
create schema places;

create table places.provinces (
    code       text primary key,                            -- official two digits
    name       text not null,
    full_name  text not null,
    kind       text not null,
    name_en    text not null,
    lat        double precision,
    lon        double precision,
    valid_from date not null
);

create table places.communes (
    code          text not null,                            -- official five digits
    valid_from    date not null,
    valid_to      date,                                     -- exclusive; null: valid today
    name          text not null,
    full_name     text not null,
    kind          text not null,
    province_code text not null references places.provinces (code),
    lat           double precision,
    lon           double precision,
    primary key (code, valid_from)
);
create unique index communes_current on places.communes (code) where valid_to is null;

create table places.old_units (
    level       text not null,                              -- province, district, ward (to 2025-06-30)
    code        text not null,
    full_name   text not null,
    parent_code text,
    primary key (level, code)
);

create table places.old_to_new (
    old_ward_code    text not null,
    new_commune_code text not null,
    extent           text not null,
    is_default       boolean not null,
    primary key (old_ward_code, new_commune_code)
);

-- Where goods can be collected: post offices, commune culture points.
create table places.points (
    id           uuid primary key,
    name         text not null,
    kind         text not null,
    commune_code text not null,
    address      text not null,
    active       boolean not null default true
);
