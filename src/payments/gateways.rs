//! Which gateways there are here, and how one is opened with a seller's contract.

use super::{
    adapters::{
        momo::MoMo,
        stripe::{Stripe, new_client},
        stripe_connect::Connect,
        vnpay::VnPay,
        wire::{PATIENCE, Wire},
        zalopay::ZaloPay,
    },
    contract::Contract,
    model::PaymentMethod,
    ports::Gateway,
};
use crate::{
    config,
    platform::sealed::{SealError, Sealer},
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// A job may wait longer than a page: MoMo asks for half a minute before an answer counts as lost.
const LONG_PATIENCE: Duration = Duration::from_secs(32);

/// The gateways of this floor.
#[derive(Clone)]
pub struct Gateways {
    config: Arc<config::Gateways>,
    sealer: Sealer,
    base_url: String,
    wire: Wire,
    patience: Duration,
}

/// A contract that was sealed by somebody else's key, or broken; or a provider that is not set up here.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the contract cannot be opened: {0}")]
    Sealed(#[from] SealError),
    #[error("the contract cannot be read")]
    Broken,
    #[error("this provider is not set up here")]
    Off,
}

impl Gateways {
    /// With the addresses of the configuration; notices and buyers come back to `base_url`.
    ///
    /// # Errors
    /// The machine has no way to speak TLS.
    pub fn new(config: config::Gateways, sealer: Sealer, base_url: &str) -> anyhow::Result<Self> {
        Self::with_patience(config, sealer, base_url, PATIENCE)
    }

    /// The same, for another limit of an answer's time.
    ///
    /// # Errors
    /// The machine has no way to speak TLS.
    pub fn with_patience(
        config: config::Gateways,
        sealer: Sealer,
        base_url: &str,
        patience: Duration,
    ) -> anyhow::Result<Self> {
        let (config, base_url) = (Arc::new(config), base_url.to_owned());
        Ok(Self { config, sealer, base_url, wire: Wire::new(patience)?, patience })
    }

    /// For jobs, which may wait longer.
    ///
    /// # Errors
    /// The machine has no way to speak TLS.
    pub fn for_jobs(&self) -> anyhow::Result<Self> {
        let wire = Wire::new(LONG_PATIENCE)?;
        Ok(Self { wire, patience: LONG_PATIENCE, ..self.clone() })
    }

    /// Whether sellers can use this provider here.
    #[must_use]
    pub fn has(&self, method: PaymentMethod) -> bool {
        method.is_online() && (method != PaymentMethod::Stripe || self.config.stripe.is_some())
    }

    /// The gateway of a contract.
    ///
    /// # Errors
    /// [`OpenError::Off`] where Stripe is not set up.
    pub fn of(&self, contract: &Contract) -> Result<Box<dyn Gateway>, OpenError> {
        let (config, wire) = (&self.config, self.wire.clone());
        Ok(match contract.clone() {
            Contract::VnPay { tmn_code, secret } => Box::new(VnPay {
                pay_url: config.vnpay_pay.clone(),
                api_url: config.vnpay_api.clone(),
                tmn_code,
                secret,
                wire,
            }),
            Contract::MoMo { partner_code, access_key, secret_key } => {
                let url = config.momo.clone();
                Box::new(MoMo { url, partner_code, access_key, secret_key, wire })
            }
            Contract::ZaloPay { app_id, key1, key2 } => {
                Box::new(ZaloPay { url: config.zalopay.clone(), app_id, key1, key2, wire })
            }
            Contract::Stripe { account } => {
                let stripe = config.stripe.as_ref().ok_or(OpenError::Off)?;
                let client = new_client(stripe, &account, self.patience);
                let client = client.map_err(|_| OpenError::Off)?;
                Box::new(Stripe { client, webhook: stripe.webhook.clone() })
            }
        })
    }

    /// Stripe as it speaks for all accounts: its notices have one address.
    pub(super) fn any_stripe(&self) -> Result<Box<dyn Gateway>, OpenError> {
        self.of(&Contract::Stripe { account: "acct_00000000".into() })
    }

    /// What opens sellers' account numbers.
    pub(super) const fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Stripe as the floor's own platform, which makes and asks about sellers' accounts.
    pub(super) fn connect(&self) -> Result<Connect, OpenError> {
        let stripe = self.config.stripe.as_ref().ok_or(OpenError::Off)?;
        Connect::new(stripe, self.patience).map_err(|_| OpenError::Off)
    }

    /// Where Stripe sends a seller back to.
    pub(super) fn page(&self, what: &str) -> String {
        format!("{}/ban-hang/thanh-toan/stripe/{what}", self.base_url)
    }

    /// Seals a contract for its row.
    pub(super) fn seal(&self, merchant: Uuid, contract: &Contract) -> Vec<u8> {
        let plain = serde_json::to_vec(contract).unwrap_or_default();
        self.sealer.seal(&place(merchant), &plain)
    }

    /// Opens the contract of a row.
    pub(super) fn open(
        &self,
        merchant: Uuid,
        sealed: &[u8],
    ) -> Result<Box<dyn Gateway>, OpenError> {
        let plain = self.sealer.unseal(&place(merchant), sealed)?;
        self.of(&serde_json::from_slice(&plain).map_err(|_| OpenError::Broken)?)
    }

    /// Where the provider tells us about payments of this contract.
    #[must_use]
    pub fn notice_url(&self, method: PaymentMethod, merchant: Uuid) -> String {
        match method {
            PaymentMethod::Stripe => format!("{}/thanh-toan/stripe/ipn", self.base_url),
            _ => format!("{}/thanh-toan/{}/ipn/{merchant}", self.base_url, method.code()),
        }
    }

    /// Where the buyer comes back to.
    pub(super) fn return_url(&self, attempt: Uuid) -> String {
        format!("{}/thanh-toan/ve/{attempt}", self.base_url)
    }
}

fn place(merchant: Uuid) -> String {
    format!("payments.merchants:{merchant}")
}
