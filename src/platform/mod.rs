//! Machinery that knows nothing of trade.
//!
//! - [`db`] and [`cluster`]: the pool, and the private PostgreSQL that runs when no server is named.
//! - [`outbox`], [`jobs`], [`mail`], [`bell`]: what happened, what is to be done about it, at least once.
//! - [`inbox`]: what partners send, kept once before anything is done about it.
//! - [`idempotency`]: a form or API write acts once, however often it is sent.
//! - [`audit`]: the hash chain. [`rules`]: law as dated rows. [`reference`]: the files the product ships.
//! - [`sealed`]: secrets at rest.
//! - [`import`]: what tables from outside brought, and what of them was refused.
//! - [`pdf`] sets papers. [`signatures`] checks what was signed, [`trust`] says by whose word.
//! - [`files`] and [`pictures`]: what people upload, decoded, bounded and re-encoded.

pub mod audit;
pub mod audit_admin;
pub mod bell;
pub mod clock;
pub mod cluster;
pub mod db;
pub mod files;
pub mod http;
pub mod idempotency;
pub mod import;
pub mod inbox;
pub mod jobs;
pub mod jobs_admin;
pub mod kept_pictures;
pub mod mail;
pub mod mail_admin;
pub mod outbox;
pub mod pdf;
pub mod pictures;
pub mod qr;
pub mod reference;
pub mod rules;
pub mod rules_admin;
pub mod sealed;
pub mod signatures;
pub mod spreadsheet;
pub mod status_admin;
pub mod trust;
