-- Paying at a gateway by the seller's own contract with it: the contract's keys, the attempts of buyers, refunds.

alter table payments.intents drop constraint intents_method_check;
alter table payments.intents add constraint intents_method_check
    check (method in ('cod', 'vietqr', 'vnpay', 'momo', 'zalopay', 'stripe'));
alter table orders.orders drop constraint orders_payment_method_check;
alter table orders.orders add constraint orders_payment_method_check
    check (payment_method in ('cod', 'vietqr', 'vnpay', 'momo', 'zalopay', 'stripe'));

-- A seller's contract with a provider. Ended ones stay to hear of payments that are under way and to pay back;
-- their keys go 90 days later.
create table payments.merchants (
    id        uuid        primary key,
    seller_id uuid        not null,
    provider  text        not null check (provider in ('vnpay', 'momo', 'zalopay', 'stripe')),
    code      text        not null,                         -- the provider's name of the seller; no secret
    sealed    bytea,                                        -- the contract's keys, see platform::sealed
    made_at   timestamptz not null,
    ended_at  timestamptz,
    constraint merchants_keys check (sealed is not null or ended_at is not null)
);
create unique index merchants_current on payments.merchants (seller_id, provider) where ended_at is null;

-- One try of a buyer to pay. Written before the provider is asked; its id is the provider's idempotency key.
create table payments.attempts (
    id          uuid        primary key,
    intent_id   uuid        not null references payments.intents (id),
    merchant_id uuid        not null references payments.merchants (id),
    provider    text        not null,
    reference   text        not null,                       -- how the provider and we name it
    amount      bigint      not null check (amount > 0),    -- đồng
    url         text,                                       -- where the buyer pays
    session     text,                                       -- the provider's name of that page
    payment     text,                                       -- the provider's number of the money that came
    state       text        not null check (state in ('starting', 'open', 'captured', 'failed', 'mismatch')),
    note        text        not null default '',
    made_at     timestamptz not null,
    expires_at  timestamptz not null,
    tried_at    timestamptz not null,                       -- when the page was last asked for
    ask_at      timestamptz,                                -- when the provider is to be asked; null: not again
    asked       int         not null default 0,
    constraint attempts_reference_once unique (provider, reference)
);
create index attempts_intent on payments.attempts (intent_id, made_at desc);
create index attempts_to_ask on payments.attempts (ask_at) where ask_at is not null;
create index attempts_payment on payments.attempts (provider, payment) where payment is not null;

-- Money that a provider is asked to send back. Written before it is asked; its id is the idempotency key.
create table payments.refunds (
    id         uuid        primary key,
    attempt_id uuid        not null references payments.attempts (id),
    intent_id  uuid        not null references payments.intents (id),
    amount     bigint      not null check (amount > 0),
    state      text        not null check (state in ('asked', 'done', 'refused')),
    tried      boolean     not null default false,          -- the provider may have heard of it: look up first
    refund     text,                                        -- the provider's number of it
    note       text        not null default '',
    made_by    uuid,
    made_at    timestamptz not null,
    ask_at     timestamptz,
    asked      int         not null default 0
);
create index refunds_attempt on payments.refunds (attempt_id);
create index refunds_to_ask on payments.refunds (ask_at) where ask_at is not null;
