//! How much one address or account may ask for.

use super::Reader;
use ipnet::IpNet;

/// Limits against abuse; zero switches one off.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Writes (POST …) a minute from one address.
    pub writes_per_minute: u32,
    /// Sign-ins, sign-ups and resets a minute from one address.
    pub sign_ins_per_minute: u32,
    /// Failed sign-ins of one account in 15 minutes before it has to wait.
    pub failures_per_account: u32,
    /// Failed sign-ins from one address in 15 minutes, whatever the accounts.
    pub failures_per_address: u32,
    /// Proxies whose `X-Forwarded-For` is believed. Empty: the peer's own address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Who may read `/metrics`. Empty: nobody.
    pub metrics_from: Vec<IpNet>,
}

const NETWORKS: &str = "networks like 10.0.0.0/8, separated by commas";

impl Limits {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            writes_per_minute: r.parsed("SANTINH_WRITES_PER_MINUTE", 3000, "a whole number"),
            sign_ins_per_minute: r.parsed("SANTINH_SIGN_INS_PER_MINUTE", 120, "a whole number"),
            failures_per_account: r.parsed("SANTINH_SIGN_IN_FAILURES", 10, "a whole number"),
            failures_per_address: r.parsed(
                "SANTINH_SIGN_IN_FAILURES_PER_ADDRESS",
                300,
                "a whole number",
            ),
            trusted_proxies: r.list("SANTINH_TRUSTED_PROXIES", "", NETWORKS),
            metrics_from: r.list("SANTINH_METRICS_FROM", "127.0.0.0/8,::1/128", NETWORKS),
        }
    }
}
