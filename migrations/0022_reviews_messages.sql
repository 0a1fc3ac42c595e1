-- What buyers say of what they bought, and what buyers and sellers say to each other.

-- Published by orders, for what comes after a sale: who the two are, and what was bought.
create view orders.parties_report as
    select id as order_id, code, secret, seller_id, seller_name, buyer_id, buyer_name, buyer_email, buyer_phone, lang,
           state, placed_at, completed_at
    from orders.orders;
create view orders.bought_report as
    select order_id, position, product_id, variant_id, name, label, unit, picture, quantity
    from orders.lines;

create schema reviews;

-- One judgement of one line of a completed order. Hidden ones stay, with the ruling that hid them.
create table reviews.reviews (
    id          uuid        primary key,
    order_id    uuid        not null,
    position    int         not null,                       -- the order's line
    product_id  uuid        not null,
    seller_id   uuid        not null,
    author_id   uuid,                                       -- null: a guest, by his order's link
    author_name text        not null,                       -- as shown: given name and an initial
    label       text        not null default '',            -- which form of the product was bought
    stars       smallint    not null,
    body        text        not null default '',
    hidden      boolean     not null default false,
    written_at  timestamptz not null,
    edited_at   timestamptz,
    appealed_at timestamptz,                                -- the author asked, once, for another look
    appeal      text        not null default '',
    version     int         not null default 1,
    constraint reviews_one_a_line unique (order_id, position),
    constraint reviews_stars check (stars between 1 and 5),
    constraint reviews_body check (char_length(body) <= 2000),
    constraint reviews_appeal check ((appealed_at is null) = (appeal = ''))
);
create index reviews_product on reviews.reviews (product_id, written_at desc, id desc);
create index reviews_seller on reviews.reviews (seller_id, written_at desc, id desc);
create index reviews_appealed on reviews.reviews (appealed_at) where appealed_at is not null;

create table reviews.pictures (
    id        uuid primary key,
    review_id uuid not null references reviews.reviews (id),
    position  int  not null,
    key       text not null unique,                         -- of the stored sizes
    width     int  not null,
    height    int  not null,
    constraint review_pictures_place unique (review_id, position)
);

-- The seller's one answer.
create table reviews.answers (
    review_id   uuid        primary key references reviews.reviews (id),
    body        text        not null,
    answered_by uuid        not null,
    answered_at timestamptz not null,
    edited_at   timestamptz,
    constraint answers_body check (char_length(body) between 1 and 2000)
);

-- Somebody finds that a review breaks the rules.
create table reviews.reports (
    id          uuid        primary key,
    review_id   uuid        not null references reviews.reviews (id),
    reason      text        not null,
    note        text        not null default '',
    reporter_id uuid,
    reported_at timestamptz not null,
    settled_at  timestamptz,                                -- by the ruling that came after it
    constraint review_reports_note check (char_length(note) <= 500)
);
create index review_reports_open on reviews.reports (review_id) where settled_at is null;

-- What officers and operators decided, with reasons; only added to.
create table reviews.rulings (
    id        uuid        primary key,
    review_id uuid        not null references reviews.reviews (id),
    act       text        not null,
    reason    text        not null,
    note      text        not null default '',
    ruled_by  uuid        not null,
    ruled_at  timestamptz not null,
    constraint rulings_act check (act in ('hide', 'keep', 'restore')),
    constraint rulings_note check (char_length(note) <= 500)
);
create index rulings_review on reviews.rulings (review_id, ruled_at);

-- How many stars products and shops have, kept in the transaction of each change and recounted by a timer.
create table reviews.totals (
    subject_id uuid   not null,
    kind       text   not null,
    one        bigint not null default 0,
    two        bigint not null default 0,
    three      bigint not null default 0,
    four       bigint not null default 0,
    five       bigint not null default 0,
    version    bigint not null default 1,                   -- grows with whatever a page shows of its reviews
    primary key (kind, subject_id),
    constraint totals_kind check (kind in ('product', 'seller')),
    constraint totals_counts check (least(one, two, three, four, five) >= 0)
);
create view reviews.totals_report as
    select subject_id, kind, one + two + three + four + five as reviews,
           one + 2 * two + 3 * three + 4 * four + 5 * five as stars, version
    from reviews.totals;

create schema messages;

-- What a buyer and a seller say about one order, or about one product before there is an order.
create table messages.threads (
    id                  uuid        primary key,
    seller_id           uuid        not null,
    buyer_id            uuid,                               -- null: a guest, by his order's link
    buyer_name          text        not null,
    order_id            uuid        unique,
    product_id          uuid,
    subject             text        not null,               -- the order's code or the product's name
    opened_at           timestamptz not null,
    last_at             timestamptz not null,
    last_side           text        not null,
    excerpt             text        not null,               -- of the last message; masked when shown, as the message is
    buyer_unread        int         not null default 0,
    seller_unread       int         not null default 0,
    buyer_unread_since  timestamptz,                        -- of the first that was not read
    seller_unread_since timestamptz,
    buyer_told_at       timestamptz,                        -- word of what waits has been sent; once until it is read
    seller_told_at      timestamptz,
    closed_at           timestamptz,                        -- by a ruling: nobody writes here any more
    constraint threads_about_one_thing check ((order_id is null) <> (product_id is null)),
    constraint threads_products_need_an_account check (product_id is null or buyer_id is not null),
    constraint threads_one_a_product unique (buyer_id, product_id),
    constraint threads_side check (last_side in ('buyer', 'seller')),
    constraint threads_unread check (buyer_unread >= 0 and seller_unread >= 0),
    constraint threads_since check ((buyer_unread = 0) = (buyer_unread_since is null)
                                and (seller_unread = 0) = (seller_unread_since is null))
);
create index threads_seller on messages.threads (seller_id, last_at desc, id desc);
create index threads_buyer on messages.threads (buyer_id, last_at desc, id desc) where buyer_id is not null;
create index threads_seller_waits on messages.threads (seller_unread_since)
    where seller_unread_since is not null and seller_told_at is null;
create index threads_buyer_waits on messages.threads (buyer_unread_since)
    where buyer_unread_since is not null and buyer_told_at is null;
create index threads_last on messages.threads (last_at);

create table messages.messages (
    id        uuid        primary key,
    thread_id uuid        not null references messages.threads (id) on delete cascade,
    side      text        not null,
    author_id uuid,
    body      text        not null,
    sent_at   timestamptz not null,
    constraint messages_side check (side in ('buyer', 'seller')),
    constraint messages_body check (char_length(body) <= 2000)
);
create index messages_thread on messages.messages (thread_id, sent_at, id);
create index messages_sent on messages.messages (sent_at);

create table messages.attachments (
    id         uuid   primary key,
    message_id uuid   not null references messages.messages (id) on delete cascade,
    name       text   not null,
    kind       text   not null,
    key        text   not null,                             -- in the file store
    bytes      bigint not null,
    constraint attachments_kind check (kind in ('picture', 'pdf')),
    constraint attachments_bytes check (bytes > 0)
);
create index attachments_message on messages.attachments (message_id);

-- Files whose messages have been swept away, until the store has let them go.
create table messages.leftovers (
    key text primary key
);

-- What a shop answers again and again.
create table messages.quick_answers (
    seller_id uuid not null,
    position  int  not null,
    title     text not null,
    body      text not null,
    primary key (seller_id, position),
    constraint quick_answers_place check (position between 1 and 12),
    constraint quick_answers_title check (char_length(title) between 1 and 60),
    constraint quick_answers_body check (char_length(body) between 1 and 2000)
);

-- One of the two asks the operator to look at a thread.
create table messages.reports (
    id          uuid        primary key,
    thread_id   uuid        not null references messages.threads (id) on delete cascade,
    side        text        not null,
    reason      text        not null,
    note        text        not null default '',
    reported_at timestamptz not null,
    settled_at  timestamptz,
    settled_by  uuid,
    outcome     text        not null default '',
    constraint message_reports_side check (side in ('buyer', 'seller')),
    constraint message_reports_note check (char_length(note) <= 500),
    constraint message_reports_outcome check (outcome in ('', 'nothing', 'warned', 'closed')),
    constraint message_reports_settled check ((settled_at is null) = (outcome = ''))
);
create unique index message_reports_one_open on messages.reports (thread_id, side) where settled_at is null;
create index message_reports_queue on messages.reports (reported_at desc, id desc);
