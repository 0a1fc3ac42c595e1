//! By hand: the seller's own van, a bus, a counter, or the buyer himself. Nobody is asked; the seller says how it stands.

use crate::{
    delivery::carriers::{
        Access, Ask, Carrier, CarrierError, CarrierKind, Created, Label, Names, Push, PushError,
        Seen, Shipment,
    },
    kernel::Vnd,
};
use async_trait::async_trait;
use axum::http::HeaderMap;

/// [`CarrierKind::Own`] or [`CarrierKind::Pickup`].
pub struct Hand(pub CarrierKind);

#[async_trait]
impl Carrier for Hand {
    fn kind(&self) -> CarrierKind {
        self.0
    }

    fn looks_up(&self) -> bool {
        false
    }

    async fn check(&self, _: &Access) -> Result<(), CarrierError> {
        Ok(())
    }

    /// The seller's own rates hold.
    async fn quote(&self, _: &Access, _: &Ask) -> Result<Vnd, CarrierError> {
        Err(CarrierError::Unsupported)
    }

    async fn create(&self, _: &Access, shipment: &Shipment) -> Result<Created, CarrierError> {
        Ok(Created { code: shipment.code.clone(), fee: None })
    }

    async fn label(&self, _: &Access, _: &Names) -> Result<Label, CarrierError> {
        Ok(Label::Ours)
    }

    async fn cancel(&self, _: &Access, _: &Names) -> Result<(), CarrierError> {
        Ok(())
    }

    async fn look_up(&self, _: &Access, _: &Names) -> Result<Seen, CarrierError> {
        Err(CarrierError::Unsupported)
    }

    fn prove(&self, _: &Access, _: &HeaderMap, _: &[u8]) -> Result<(), PushError> {
        Err(PushError::Forged)
    }

    fn read_push(&self, _: &[u8]) -> Result<Push, PushError> {
        Err(PushError::Unreadable)
    }
}
