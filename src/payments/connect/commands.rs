//! Connects a seller's account at Stripe, and asks where it stands. Nothing is locked while Stripe thinks.

use super::{queries, standing::Account};
use crate::{
    kernel::{Cx, SellerId},
    payments::{
        adapters::stripe_connect::Told,
        contract::Contract,
        error::PaymentError,
        gateways::{Gateways, OpenError},
        model::PaymentMethod,
        pages_contract,
        ports::GatewayError,
        queries_gateways as q,
    },
    platform::audit,
};
use serde_json::json;
use sqlx::PgPool;

/// Where the seller goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// To Stripe's page.
    To(String),
    NoAnswer,
    Refused {
        code: String,
    },
}

/// Begins, or goes on where it stopped: the row, then the account under the row's name, then the contract, then the page.
/// The same again leads to the same account.
///
/// # Errors
/// [`OpenError::Off`] where Stripe is not set up; whatever the database says.
pub(super) async fn go_on(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    seller: SellerId,
    (country, email): (&str, &str),
) -> Result<Way, PaymentError> {
    let connect = gateways.connect()?;
    let mut tx = db.begin().await?;
    if queries::current(&mut *tx, seller).await?.is_none() {
        queries::revive(&mut tx, seller, country).await?;
        queries::begin(&mut tx, cx, seller, country).await?;
    }
    let row = queries::current(&mut *tx, seller).await?.ok_or(PaymentError::NotFound)?;
    tx.commit().await?;
    let account = match &row.account {
        Some(account) => account.clone(),
        None => match connect.create(row.id, &row.country, email).await {
            Ok(told) => told.account,
            Err(GatewayError::Refused { code }) => {
                // Under this name Stripe would say no for ever: another country gets another one.
                queries::end(&mut *db.acquire().await?, cx, seller).await?;
                return Ok(Way::Refused { code });
            }
            Err(error) => return Ok(lost(&error)),
        },
    };
    keep(db, gateways, cx, seller, &row, &account).await?;
    match connect.link(&account, &gateways.page("ve"), &gateways.page("tiep")).await {
        Ok(url) => Ok(Way::To(url)),
        Err(GatewayError::Refused { code }) => Ok(Way::Refused { code }),
        Err(error) => Ok(lost(&error)),
    }
}

fn lost(error: &GatewayError) -> Way {
    tracing::warn!(%error, "Stripe did not answer about an account");
    Way::NoAnswer
}

/// The account's name, and the contract by which buyers pay into it.
async fn keep(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    seller: SellerId,
    row: &Account,
    account: &str,
) -> Result<(), PaymentError> {
    let mut tx = db.begin().await?;
    queries::name(&mut tx, row.id, account).await?;
    let contracts = q::merchants(&mut *tx, seller).await?;
    let has = contracts.iter().any(|m| m.method == PaymentMethod::Stripe && m.code == account);
    if !has {
        let contract = Contract::Stripe { account: account.to_owned() };
        let verb = pages_contract::keep(&mut tx, cx, gateways, seller, &contract).await?;
        let detail = json!({ "provider": "stripe", "code": account, "country": row.country });
        audit::record(&mut tx, cx, verb, &format!("seller:{seller}"), detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Asks Stripe where an account stands and notes it.
///
/// # Errors
/// What Stripe says when it says nothing clear.
pub(in crate::payments) async fn refresh(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    account: &str,
) -> Result<(), Asked> {
    let told = gateways.connect()?.find(account).await?;
    queries::note(db, cx, account, told.as_ref()).await?;
    Ok(())
}

/// Why asking came to nothing.
#[derive(Debug, thiserror::Error)]
pub(in crate::payments) enum Asked {
    #[error(transparent)]
    Off(#[from] OpenError),
    #[error(transparent)]
    NoAnswer(#[from] GatewayError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// What Stripe says of an account that somebody names: one that is not connected to the floor is nobody's.
///
/// # Errors
/// What Stripe says when it says nothing clear.
pub(in crate::payments) async fn known(
    gateways: &Gateways,
    account: &str,
) -> Result<Option<Told>, Asked> {
    Ok(gateways.connect()?.find(account).await?)
}

/// Takes an account up that exists at Stripe; `false` when another shop has it.
///
/// # Errors
/// Whatever the database says.
pub(in crate::payments) async fn adopt(
    db: &mut sqlx::PgConnection,
    cx: &Cx,
    seller: SellerId,
    told: &Told,
) -> sqlx::Result<bool> {
    let now = queries::current(&mut *db, seller).await?;
    if now.is_none_or(|row| row.account.as_deref() != Some(told.account.as_str())) {
        queries::end(db, cx, seller).await?;
        if !queries::adopt(db, cx, seller, told).await? {
            return Ok(false);
        }
    }
    queries::note(&mut *db, cx, &told.account, Some(told)).await?;
    Ok(true)
}
