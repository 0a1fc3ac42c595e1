-- Digital signatures: whom the floor trusts, and what both sides of a purchase order have signed.

-- Certificates of authorities. Data: brought by `santinh import trust`, never by the program itself.
create table platform.trust_anchors (
    fingerprint   bytea       primary key check (length(fingerprint) = 32),    -- SHA-256 of der
    der           bytea       not null,
    name          text        not null,
    licence       text        not null default '',          -- the authority's licence, or the decision
    source        text        not null default '',          -- where the file was had from
    valid_from    timestamptz not null,                     -- of the certificate
    valid_until   timestamptz not null,
    trusted_from  date,                                     -- of the licence; null: as long as the certificate
    trusted_until date,                                     -- exclusive
    test          boolean     not null,                     -- vouches for nobody; used by demos alone
    added_at      timestamptz not null,
    withdrawn_at  timestamptz
);

-- The newest list of revoked certificates of each authority.
create table platform.trust_lists (
    issuer    bytea       primary key check (length(issuer) = 32),             -- SHA-256 of the issuer's name
    name      text        not null,                                            -- of the file
    der       bytea       not null,
    issued_at timestamptz not null,
    added_at  timestamptz not null
);

-- Signatures on contracts that held when they were uploaded; only added.
create table purchasing.signatures (
    id          uuid        primary key,
    order_id    uuid        not null references purchasing.contracts (order_id),
    side        text        not null check (side in ('buyer', 'seller')),      -- whose, by the tax code
    mark        bytea       not null check (length(mark) = 32),                -- SHA-256 of the signature's value
    name        text        not null,
    tax_code    text        not null,
    issuer      text        not null,
    anchor      text        not null,
    serial      text        not null,
    algorithm   text        not null,
    test        boolean     not null,
    signed_at   timestamptz,                                                   -- as the signer's computer says
    valid_from  timestamptz not null,
    valid_until timestamptz not null,
    listed_at   timestamptz,                                -- of the list that was asked; null: none was there
    time_stamp  boolean     not null,                       -- there is one, not looked at
    added_after boolean     not null,                       -- the file goes on behind its last signature
    file_key    text        not null,
    file_name   text        not null,
    file_sha256 bytea       not null check (length(file_sha256) = 32),
    uploaded_by uuid        not null,
    uploaded_at timestamptz not null,
    constraint signatures_once unique (order_id, mark)
);
