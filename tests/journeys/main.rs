//! Stories told through the real server and a real database.

#![allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]

#[path = "../support/mod.rs"]
mod support;

mod a_buyer_finds_goods;
mod a_search_server_comes_and_goes;
mod account_numbers_are_sealed;
mod anybody_finds_a_commune;
mod anybody_meets_the_house;
mod bank_desk;
mod buyers_are_understood;
mod department_counts_participation;
mod everybody;
mod figures_are_counted_twice;
mod firms_buy_together;
mod firm_comes_to_sell;
mod firms_buy_wholesale;
mod gateway_floor;
mod shop_once_admitted;
mod seller_lists_a_product;
mod seller_looks_after_a_product;
mod buyers_and_sellers_talk;
mod buyers_check_out;
mod carriers_bring_parcels;
mod clerks_order_for_villagers;
mod invoices_are_kept;
mod papers_of_an_order;
mod buyers_choose_where;
mod buyers_judge_goods;
mod buyers_pay_online;
mod days_on_display;
mod sellers_connect_stripe;
mod sellers_make_promotions;
mod decisions_are_taken_back;
mod delivery_is_paused;
mod sellers_work_by_table;
mod technicians_use_the_command;
mod goods_go_back;
mod jobs_stop;
mod market;
mod money_is_counted;
mod orders_live;
mod orders_are_changed;
mod orders_are_found;
mod orders_under_fire;
mod search_stays_true;
mod shop_floor;
mod officers_give_a_second_factor;
mod operator_looks_after_search;
mod operator_looks_after_the_floor;
mod parcels_are_followed;
mod parcels_get_lost;
mod people_are_told;
mod people_have_accounts;
mod people_look_after_their_accounts;
mod strangers_walk_the_routes;
mod the_bank_shows_what_came;
mod taxes_and_commission;
mod the_books_balance;
mod the_database_goes_away;
mod the_server_is_killed;
mod webhooks_come_again;
