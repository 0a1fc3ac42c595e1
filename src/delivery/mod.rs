//! How goods reach the buyer: a seller's own rates by zone, collection at the shop or at a post-office point, free from
//! an amount on; parcels ([`parcels`]) and the carriers that bring them ([`carriers`]) under each seller's own
//! contract; pauses of delivery in a disaster.
//!
//! Pure at heart: [`Rates::quote`] makes every [`Choice`] of a [`Parcel`]. A seller who has said
//! nothing has [`Rates::usual`].
//!
//! - Schema `delivery`, read and written by the `queries` of this slice alone.
//! - Tells: [`ParcelMoved`], [`DeliveryPaused`]. Hears: nothing; carriers' messages come through `platform::inbox`.
//! - Uses: `places`, `enterprises` (whose desk it is).

pub mod carriers;
mod contracts;
mod fees;
mod forms;
pub mod import;
mod jobs;
mod model;
mod notice;
mod pages;
pub mod parcels;
mod pauses;
mod push;
mod queries;
mod queries_contracts;
mod queries_fees;
mod queries_pauses;
mod routes;
mod settings;

pub use carriers::{CarrierKind, Carriers};
pub use contracts::{Contract, Office, of_seller as contracts};
pub use fees::{ForgetFees, Wanted};
pub use jobs::{Cancel, HearPush, Look, Ship, Watch};
pub use model::{Choice, KeptFee, Method, PricedBy, Rates, Span, ToPrice, Zone, ZoneKind, band};
pub use notice::{Notices, layer as notice_layer};
pub use parcels::{
    AtCarrier, Content, Fact, Heard, NewParcel, Parcel, ParcelError, ParcelEvent, ParcelId,
    ParcelMoved, ParcelState, Party, Settled, Source, Standing, arrive_all, ask_again, came_back,
    cancel_all, cancel_parcel, delivered, find as parcel, hear, is_known, leave, leave_all,
    make as make_parcel, of_order as parcels_of, packed, settle_lost, standing, unsettled,
};
pub use pauses::{DeliveryPaused, EndPauses, Pause, current as pauses};
pub use routes::{Deps, router};
pub use settings::{out_of_reach, quote, rates, set_defaults, set_up};
