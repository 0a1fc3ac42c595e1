-- Firms that buy: an organisation is a legal entity by its tax code, with members who have roles in it.
create schema organisations;

-- Several may claim one tax code until an officer, or the firm's own admitted shop, shows who it is.
create table organisations.organisations (
    id           uuid        primary key,
    tax_code     text        not null check (tax_code ~ '^[0-9]{10}(-?[0-9]{3})?$'),
    name         text        not null check (name <> ''),
    address      text        not null,                      -- as the invoice names it
    commune_code text        not null,
    email        text        not null default '',           -- where invoices go
    state        text        not null check (state in ('unverified', 'verified', 'refused', 'closed')),
    version      int         not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null
);
-- One verified organisation per tax code.
create unique index organisations_tax_code on organisations.organisations (tax_code) where state = 'verified';
create index organisations_claims on organisations.organisations (tax_code);

create table organisations.members (
    org_id    uuid        not null references organisations.organisations (id),
    person_id uuid        not null,
    roles     text[]      not null,
    added_at  timestamptz not null,
    primary key (org_id, person_id),
    -- Asks for goods; agrees to spending; pays and reads invoices; members, sites, rules.
    constraint members_roles check (cardinality(roles) > 0
        and roles <@ array['requester', 'approver', 'accountant', 'administrator'])
);
create index members_person on organisations.members (person_id);

-- The organisation that a session buys for, where the person chose one.
alter table accounts.sessions add column buying_for uuid;

-- Admitted shops may buy as well: each is an organisation, its owners administrators.
insert into organisations.organisations (id, tax_code, name, address, commune_code, email, state, created_at, updated_at)
    select s.id, s.tax_code, s.legal_name, s.address, s.commune_code, s.email, 'verified', s.approved_at, s.updated_at
    from enterprises.sellers s
    where s.state = 'approved' and s.tax_code is not null and s.approved_at is not null and s.legal_name <> '';
insert into organisations.members (org_id, person_id, roles, added_at)
    select m.seller_id, m.person_id,
           case m.role when 'owner' then array['requester', 'approver', 'accountant', 'administrator']
                       else array['requester'] end,
           m.added_at
    from enterprises.members m join organisations.organisations o on o.id = m.seller_id;

-- Published: who belongs to which living organisation.
create view organisations.members_report as
    select m.person_id, m.org_id, m.roles, m.added_at, o.name, left(o.tax_code, 10) as tax_code, o.state, o.commune_code
    from organisations.members m join organisations.organisations o on o.id = m.org_id
    where o.state in ('unverified', 'verified');
create view organisations.organisations_report as
    select id as org_id, name, left(tax_code, 10) as tax_code, address, commune_code, state
    from organisations.organisations;
