//! Stripe Connect: an account of the seller's own under the floor's platform, and the page on which Stripe asks what it
//! wants to know. The floor speaks for itself here, not for an account.

use super::{
    super::ports::GatewayError,
    stripe::{idempotent, understood},
    wire::unknown,
};
use crate::config;
use secrecy::ExposeSecret;
use std::{collections::HashMap, time::Duration};
use stripe::{Client, ClientBuilder, RequestStrategy, StripeError, StripeRequest};
use stripe_connect::{
    account::{CreateAccount, CreateAccountType, RetrieveAccount},
    account_link::{CreateAccountLink, CreateAccountLinkType},
};
use stripe_shared::{Account, AccountId};
use uuid::Uuid;

/// What Stripe says of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Told {
    pub(in super::super) account: String,
    pub(in super::super) country: String,
    pub(in super::super) charges_enabled: bool,
    pub(in super::super) payouts_enabled: bool,
    pub(in super::super) details_submitted: bool,
    /// What it wants now, in its own words.
    pub(in super::super) due: Vec<String>,
    /// Empty: the account is not stopped.
    pub(in super::super) disabled_reason: String,
}

impl Told {
    fn of(account: Account) -> Self {
        let wants = account.requirements;
        let mut due = Vec::new();
        let mut disabled_reason = String::new();
        if let Some(wants) = wants {
            due = wants.past_due.unwrap_or_default();
            due.extend(wants.currently_due.unwrap_or_default());
            due.sort();
            due.dedup();
            disabled_reason =
                wants.disabled_reason.map(|why| why.as_str().to_owned()).unwrap_or_default();
        }
        Self {
            account: account.id.to_string(),
            country: account.country.unwrap_or_default(),
            charges_enabled: account.charges_enabled.unwrap_or(false),
            payouts_enabled: account.payouts_enabled.unwrap_or(false),
            details_submitted: account.details_submitted.unwrap_or(false),
            due,
            disabled_reason,
        }
    }

    /// An account is somewhere: an answer that does not say where is not understood.
    fn with_country(self) -> Result<Self, GatewayError> {
        let is_code =
            self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        if is_code { Ok(self) } else { Err(unknown("an account without a country")) }
    }
}

/// The floor's own platform.
pub(in super::super) struct Connect(Client);

impl Connect {
    pub(in super::super) fn new(
        config: &config::Stripe,
        patience: Duration,
    ) -> Result<Self, StripeError> {
        let client = ClientBuilder::new(config.key.expose_secret())
            .url(format!("{}/", config.url))
            .timeout(patience)
            .request_strategy(RequestStrategy::Once)
            .build()?;
        Ok(Self(client))
    }

    /// Makes a standard account: the seller's own, with Stripe's own desk, fees and risks his. The same `key` again is
    /// the same account.
    pub(in super::super) async fn create(
        &self,
        key: Uuid,
        country: &str,
        email: &str,
    ) -> Result<Told, GatewayError> {
        let named = HashMap::from([("seller_account".to_owned(), key.to_string())]);
        let mut request = CreateAccount::new()
            .type_(CreateAccountType::Standard)
            .country(country)
            .metadata(named);
        if !email.is_empty() {
            request = request.email(email);
        }
        let request = request.customize().request_strategy(idempotent(key, "account")?);
        request.send(&self.0).await.map(Told::of).map_err(understood)
    }

    /// What Stripe says of an account; `None` when it is not, or no longer, connected to the floor.
    pub(in super::super) async fn find(&self, account: &str) -> Result<Option<Told>, GatewayError> {
        let account: AccountId = account.parse().map_err(unknown)?;
        match RetrieveAccount::new(account).send(&self.0).await.map_err(understood) {
            Ok(account) => Told::of(account).with_country().map(Some),
            Err(GatewayError::Refused { code })
                if code == "account_invalid" || code == "resource_missing" =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A page of Stripe's on which the seller answers what is still asked. Good for minutes, for one visit.
    pub(in super::super) async fn link(
        &self,
        account: &str,
        back: &str,
        again: &str,
    ) -> Result<String, GatewayError> {
        let request = CreateAccountLink::new(account, CreateAccountLinkType::AccountOnboarding)
            .return_url(back)
            .refresh_url(again);
        let link = request.send(&self.0).await.map_err(understood)?;
        if link.url.starts_with("https://") || link.url.starts_with("http://") {
            Ok(link.url)
        } else {
            Err(unknown("not an address"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_a_country_is_not_understood() {
        let told = |country: &str| Told { country: country.into(), ..Told::default() };
        assert_eq!(told("VN").with_country(), Ok(told("VN")));
        for country in ["", "V", "vn", "VNM"] {
            let refused = told(country).with_country();
            assert!(matches!(refused, Err(GatewayError::Unknown(_))), "{country}: {refused:?}");
        }
    }
}
