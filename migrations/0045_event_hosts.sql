-- Associations and firms run events of their own: an organisation makes one, the Department publishes it.
alter table trade_events.events add column host_org uuid;            -- none: the Department runs it
alter table trade_events.events add column proposed_at timestamptz;  -- since when the draft waits for the Department
alter table trade_events.events add constraint events_proposed check (proposed_at is null or host_org is not null);
create index events_host on trade_events.events (host_org, ends_on desc, id desc) where host_org is not null;
comment on constraint events_proposed on trade_events.events is 'The Department proposes nothing to itself.';
