//! One suite per port: every adapter is held to what the port's documentation says.

#![allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]

#[path = "../support/mod.rs"]
mod support;

mod carriers;
mod gateways;
mod meilisearch_adapter;
mod search_contract;
mod relevance;
mod search_index;
mod stripe_described;
