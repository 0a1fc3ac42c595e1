//! What the slice hears.

use super::verify;
use crate::{
    enterprises::SellerApproved,
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::PgPool;

/// An admitted shop may buy as well.
pub struct KnowShops(pub PgPool);

#[async_trait]
impl Handler for KnowShops {
    type Payload = SellerApproved;
    const NAME: &'static str = "organisations.know_shops";

    async fn handle(&self, cx: &Cx, told: SellerApproved) -> Result<(), JobError> {
        let mut tx = self.0.begin().await?;
        verify::shop_admitted(&mut tx, cx, told.seller).await.map_err(JobError::retry)?;
        tx.commit().await?;
        Ok(())
    }
}
