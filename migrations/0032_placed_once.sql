-- A checkout makes its orders once: the row itself keeps the once-only key of the form that completed it.
alter table checkout.checkouts
    add column placed_key   uuid,                           -- null: open, or completed before this was kept
    add column placed_print bytea,                          -- SHA-256 of route and contents that came with the key
    add constraint checkouts_placed_key check ((placed_key is null) = (placed_print is null)
                                               and (state = 'completed' or placed_key is null));

-- The rules as other slices may read them in their own statements.
create view platform.rules_report as select key, valid_from, valid_to, value from platform.rules;
