-- A seller looks for a buyer's name among his own orders: the index answers by shop and word at once. By words alone it
-- read everybody's orders of that name before it left out the other shops'.
create function orders.words_of_seller(seller uuid, words text[]) returns text[]
    language sql immutable strict parallel safe
    return string_to_array(seller || ' ' || array_to_string(words, ',' || seller || ' '), ',');
comment on function orders.words_of_seller is 'The words of a buyer''s name as one shop looks for them: each with the shop before it';

create index orders_seller_words on orders.orders using gin (orders.words_of_seller(seller_id, buyer_words));
comment on index orders.orders_seller_words is 'For the seller''s search by name';
drop index orders.orders_words;
