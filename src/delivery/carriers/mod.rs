//! Carriers: who brings a parcel, behind the port [`Carrier`]. Each seller has his own contract with a carrier;
//! the floor carries the words between them and holds neither goods nor money.

mod adapters;
mod kind;
mod ports;

pub use adapters::{Ghn, Ghtk, Hand, ViettelPost};
pub use kind::CarrierKind;
pub use ports::{
    Access, Ask, Carrier, CarrierError, Created, Label, Names, News, Push, PushError, Seen,
    Shipment, Spot,
};

use crate::config;
use std::{sync::Arc, time::Duration};

/// All carriers of this installation.
#[derive(Clone)]
pub struct Carriers {
    ghn: Arc<dyn Carrier>,
    ghtk: Arc<dyn Carrier>,
    viettel_post: Arc<dyn Carrier>,
    own: Arc<dyn Carrier>,
    pickup: Arc<dyn Carrier>,
}

/// How long an answer is waited for when nobody waits for us.
const PATIENCE: Duration = Duration::from_secs(6);

impl Carriers {
    /// The carriers at the configured addresses.
    ///
    /// # Errors
    /// A client that cannot be made.
    pub fn new(at: &config::Carriers) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(3))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            ghn: Arc::new(Ghn::new(http.clone(), &at.ghn)),
            ghtk: Arc::new(Ghtk::new(http.clone(), &at.ghtk)),
            viettel_post: Arc::new(ViettelPost::new(http, &at.viettel_post)),
            own: Arc::new(Hand(CarrierKind::Own)),
            pickup: Arc::new(Hand(CarrierKind::Pickup)),
        })
    }

    /// The adapter for one of them.
    #[must_use]
    pub fn of(&self, kind: CarrierKind) -> &dyn Carrier {
        match kind {
            CarrierKind::Own => &*self.own,
            CarrierKind::Pickup => &*self.pickup,
            CarrierKind::Ghn => &*self.ghn,
            CarrierKind::Ghtk => &*self.ghtk,
            CarrierKind::ViettelPost => &*self.viettel_post,
        }
    }
}
