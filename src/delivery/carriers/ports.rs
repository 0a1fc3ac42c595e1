//! What a carrier must be able to do.

use super::CarrierKind;
use crate::{
    delivery::parcels::{ParcelEvent, Party},
    kernel::Vnd,
};
use async_trait::async_trait;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// A seller's key to a carrier.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The shop's number or name at the carrier.
    pub shop: String,
    pub token: SecretString,
    /// What the carrier's messages carry as proof; empty where he proves nothing.
    pub secret: SecretString,
}

/// A place in the carrier's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// `Quảng Trị`.
    pub province: String,
    /// `Xã Khe Sanh`.
    pub commune: String,
    /// The carrier's own district and ward, where he needs them.
    pub mapped: Option<(String, String)>,
}

/// What is to be priced.
#[derive(Debug, Clone)]
pub struct Ask {
    pub from: Spot,
    pub to: Spot,
    pub weight_g: i64,
    pub goods: Vnd,
}

/// What is to be brought.
#[derive(Debug, Clone)]
pub struct Shipment {
    /// Ours: the key for "the same again".
    pub code: String,
    pub from: Party,
    pub from_spot: Spot,
    pub to: Party,
    pub to_spot: Spot,
    pub weight_g: i32,
    /// To collect at the door; the fee is in it already, the shop pays the carrier.
    pub cod: Vnd,
    pub goods: Vnd,
    /// Name and number of what is in it.
    pub contents: Vec<(String, i64)>,
    pub note: String,
}

/// The carrier has taken a parcel into his books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// His number.
    pub code: String,
    pub fee: Option<Vnd>,
}

/// Where the carrier's label is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// He has none: ours is stuck on.
    Ours,
    /// An address from which it is printed, for a short time.
    At(String),
    /// The file itself.
    Pdf(Vec<u8>),
}

/// By which names a parcel is known.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub ours: String,
    pub theirs: Option<String>,
}

/// One piece of news, by the carrier's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// `None`: a word that we do not know, or that moves nothing.
    pub event: Option<ParcelEvent>,
    /// The carrier's own word.
    pub raw: String,
    pub at: DateTime<Utc>,
    pub note: String,
    pub weight_g: Option<i32>,
    pub fee: Option<Vnd>,
    /// Collected at the door.
    pub cod: Option<Vnd>,
}

/// How a parcel stands at the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub code: String,
    pub news: Vec<News>,
}

/// A carrier's message.
#[derive(Debug, Clone)]
pub struct Push {
    /// The same message again has the same.
    pub id: String,
    /// Our code, as far as the message names it.
    pub ours: String,
    /// His number.
    pub theirs: String,
    /// What it says, where this carrier proves his messages; else the message is only a reason to ask.
    pub says: Option<News>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    #[error("the proof of origin is missing or wrong")]
    Forged,
    #[error("not a message of this carrier")]
    Unreadable,
}

/// Why a carrier did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CarrierError {
    /// He said no, and why.
    #[error("refused: {0}")]
    Refused(String),
    /// No answer, or none that tells: it may have been done or not.
    #[error("no answer: {0}")]
    Unknown(String),
    /// He knows no such parcel.
    #[error("not known there")]
    NotThere,
    /// He cannot be asked that.
    #[error("this carrier cannot be asked that")]
    Unsupported,
}

/// A carrier. `tests/contracts` holds every adapter to this:
/// 1. the same [`Shipment::code`] twice makes one parcel at the carrier, and the same number comes back;
/// 2. no answer, a late one, one of 5xx and one that cannot be read are [`CarrierError::Unknown`], never `Refused`;
/// 3. after `Unknown` the parcel is found by [`look_up`](Carrier::look_up) under our code, if it was made;
/// 4. what the carrier does not know is [`CarrierError::NotThere`];
/// 5. a message without its proof, or of another seller, is [`PushError::Forged`] where the carrier proves
///    anything, and says nothing ([`Push::says`] is `None`) where he does not;
/// 6. the same message again has the same [`Push::id`], another one another.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Which one.
    fn kind(&self) -> CarrierKind;

    /// Whether [`look_up`](Carrier::look_up) gives an answer.
    fn looks_up(&self) -> bool;

    /// Whether the key fits: asks something that changes nothing.
    async fn check(&self, access: &Access) -> Result<(), CarrierError>;

    /// What he asks for bringing something.
    async fn quote(&self, access: &Access, ask: &Ask) -> Result<Vnd, CarrierError>;

    /// Takes a parcel into his books, once per code.
    async fn create(&self, access: &Access, shipment: &Shipment) -> Result<Created, CarrierError>;

    /// The label to stick on.
    async fn label(&self, access: &Access, names: &Names) -> Result<Label, CarrierError>;

    /// Takes it out of his books before he has fetched it.
    async fn cancel(&self, access: &Access, names: &Names) -> Result<(), CarrierError>;

    /// How it stands.
    async fn look_up(&self, access: &Access, names: &Names) -> Result<Seen, CarrierError>;

    /// Looks at what proves a message, as far as this carrier proves anything.
    ///
    /// # Errors
    /// [`PushError`].
    fn prove(&self, access: &Access, headers: &HeaderMap, body: &[u8]) -> Result<(), PushError>;

    /// Reads a message that was let in.
    ///
    /// # Errors
    /// [`PushError::Unreadable`].
    fn read_push(&self, body: &[u8]) -> Result<Push, PushError>;
}
