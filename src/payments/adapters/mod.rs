//! The providers behind [`Gateway`](super::ports::Gateway), each with its own way of signing.

pub(super) mod momo;
pub(super) mod stripe;
pub(super) mod stripe_connect;
pub(super) mod vnpay;
pub(super) mod wire;
pub(super) mod zalopay;

use chrono::{DateTime, FixedOffset, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Sha256, Sha512};

/// Viet Nam's time: all three domestic providers write their days in it.
fn here(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&crate::kernel::vn())
}

fn hmac256(key: &str, text: &str) -> Option<Hmac<Sha256>> {
    Some(Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?.chain_update(text.as_bytes()))
}

fn hmac512(key: &str, text: &str) -> Option<Hmac<Sha512>> {
    Some(Hmac::<Sha512>::new_from_slice(key.as_bytes()).ok()?.chain_update(text.as_bytes()))
}

/// In lower-case hex.
fn signed<M: Mac>(mac: Option<M>) -> String {
    mac.map(|mac| hex::encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Compared in constant time.
fn fits<M: Mac>(mac: Option<M>, signature: &str) -> bool {
    match (mac, hex::decode(signature)) {
        (Some(mac), Ok(bytes)) => mac.verify_slice(&bytes).is_ok(),
        _ => false,
    }
}

/// A field as text, whether it came as one or as a number.
fn text(value: &Value, field: &str) -> String {
    match &value[field] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A field as a whole number, whether it came as one or as text.
fn number(value: &Value, field: &str) -> Option<i64> {
    match &value[field] {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}
