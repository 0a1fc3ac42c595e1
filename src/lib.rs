//! Sàn Tỉnh: a province's own trading floor, read from top to bottom.
//!
//! **The one dependency rule:** a module may use only the modules declared above it. What lies
//! below hears of it through events in the [`platform::outbox`]. `tests/architecture.rs` reads
//! this list and fails on any other arrow.

#![warn(unreachable_pub)]
#![deny(clippy::allow_attributes)]

// One struct a concern; every error told at start.
pub mod config;
// Words of the trade with no machinery: money, ids, who-and-when.
pub mod kernel;
// Machinery with no words of the trade: database, outbox, jobs, mail, files.
pub mod platform;
// What every page and API answer shares: errors, forms, layout.
pub mod web;

// The slices, low to high.
pub mod places;
pub mod accounts;
pub mod enterprises;
pub mod organisations;
pub mod stock;
pub mod catalogue;
pub mod wholesale;
pub mod approvals;
pub mod delivery;
pub mod payments;
pub mod promotions;
pub mod orders;
pub mod ledger;
pub mod returns;
pub mod documents;
pub mod purchasing;
pub mod quotes;
pub mod assisted;
pub mod checkout;
pub mod reviews;
pub mod messages;
pub mod trade_events;
pub mod exports;
pub mod notices;
pub mod search;
pub mod participation;

// Pages that show several slices to one audience; no tables, no rules.
pub mod storefront;
pub mod seller_desk;
pub mod department_desk;
pub mod operator_desk;

// The demo province.
pub mod demo;
// The composition root: the only module that knows them all.
pub mod app;
// The command line.
pub mod cli;

/// All migrations, embedded once.
///
/// Tests name this static so that each of them does not carry its own copy.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
