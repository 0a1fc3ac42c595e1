//! A parcel as pages and carriers see it. Pure.

use super::machine::{ParcelEvent, ParcelState};
use crate::{
    delivery::carriers::CarrierKind,
    kernel::{Lang, OrderId, Phone, SellerId, Text, VariantId, Vnd, date_time},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One parcel.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct ParcelId(pub Uuid);

impl std::fmt::Display for ParcelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who sends or receives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    pub name: String,
    /// E.164.
    pub phone: String,
    /// As shown: line, commune, province.
    pub address: String,
    /// Its code; empty where it is not known.
    pub commune: String,
}

impl Party {
    /// The number as people here write it.
    #[must_use]
    pub fn phone_shown(&self) -> String {
        Phone::local(&self.phone)
    }
}

/// What has become of our request to the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AtCarrier {
    /// There is none to ask: the seller's own way.
    None,
    /// To be asked.
    Wanted,
    /// Asked; the answer is not there, or was not noted.
    Asking,
    /// He has it under his own number.
    Known,
    /// Nobody can tell whether he has it: the seller looks.
    Unclear,
    /// He would not.
    Refused,
    /// To be taken back.
    Cancelling,
}

impl AtCarrier {
    /// The word in the database.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Wanted => "wanted",
            Self::Asking => "asking",
            Self::Known => "known",
            Self::Unclear => "unclear",
            Self::Refused => "refused",
            Self::Cancelling => "cancelling",
        }
    }

    /// As the seller sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::None | Self::Known => Text::new("", ""),
            Self::Wanted | Self::Asking => {
                Text::new("Đang báo đơn vị vận chuyển", "Telling the carrier")
            }
            Self::Unclear => {
                Text::new("Chưa rõ đơn vị vận chuyển đã nhận chưa", "Unclear at the carrier")
            }
            Self::Refused => Text::new("Đơn vị vận chuyển từ chối", "Refused by the carrier"),
            Self::Cancelling => Text::new("Đang hủy ở đơn vị vận chuyển", "Being cancelled"),
        }
    }
}

/// What the seller does about a parcel that was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Settled {
    /// The goods go out again in another parcel.
    Resent,
    /// They need not be paid; what was paid for them is owed back.
    Refunded,
}

impl Settled {
    /// The word in the database.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Resent => "resent",
            Self::Refunded => "refunded",
        }
    }

    /// As both sides see it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Resent => {
                Text::new("Người bán gửi lại trong kiện khác", "Sent again in another parcel")
            }
            Self::Refunded => Text::new(
                "Phần hàng này không phải trả tiền; đã trả thì người bán phải hoàn",
                "These goods need not be paid; what was paid is owed back by the seller",
            ),
        }
    }
}

/// One parcel with what lies in it and what was told of it.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub id: ParcelId,
    pub code: String,
    pub order: OrderId,
    pub order_code: String,
    pub seller: SellerId,
    pub carrier: CarrierKind,
    pub state: ParcelState,
    pub state_at: DateTime<Utc>,
    pub at_carrier: AtCarrier,
    pub refusal: String,
    pub carrier_code: Option<String>,
    pub tracking: String,
    pub weight_g: i32,
    pub measured_g: Option<i32>,
    pub cod: Vnd,
    pub cod_taken: Option<Vnd>,
    pub goods: Vnd,
    pub fee_asked: Option<Vnd>,
    pub fee_charged: Option<Vnd>,
    pub from: Party,
    pub to: Party,
    pub note: String,
    pub made_at: DateTime<Utc>,
    pub counted: bool,
    /// What became of it when it was lost.
    pub settled: Option<Settled>,
    pub lines: Vec<ParcelLine>,
    pub told: Vec<Told>,
}

/// One line of an order, as far as it lies in a parcel.
#[derive(Debug, Clone)]
pub struct ParcelLine {
    pub position: i32,
    pub variant: VariantId,
    pub name: String,
    pub unit: String,
    pub quantity: i64,
    /// The parcel was cancelled, or its goods were sent again: these are counted elsewhere.
    pub out: bool,
    pub delivered: Option<i64>,
    pub came_back: Option<i64>,
}

impl ParcelLine {
    /// How many did not stay with the buyer, as far as is known.
    #[must_use]
    pub fn not_delivered(&self) -> i64 {
        self.quantity - self.delivered.unwrap_or_default()
    }
}

/// One piece of news.
#[derive(Debug, Clone)]
pub struct Told {
    pub at: DateTime<Utc>,
    pub event: Option<ParcelEvent>,
    pub raw: String,
    pub note: String,
    /// Whether the parcel moved by it.
    pub moved: bool,
    pub by_carrier: bool,
    /// The buyer comes for it himself.
    pub fetched: bool,
}

impl Told {
    /// What happened, in words; a word that we do not know stands as the carrier wrote it.
    #[must_use]
    pub fn title(&self, lang: &Lang) -> String {
        match self.event {
            Some(ParcelEvent::PickUp) if self.fetched => {
                lang.t("Sẵn sàng cho người mua", "Ready for the buyer").to_owned()
            }
            Some(ParcelEvent::Deliver) if self.fetched => {
                lang.t("Người mua đã nhận", "The buyer has received it").to_owned()
            }
            Some(event) => event.title().get(*lang).to_owned(),
            None if self.raw.is_empty() => lang.t("Đã đóng kiện", "Packed").to_owned(),
            None => self.raw.clone(),
        }
    }

    /// When, as people here read it.
    #[must_use]
    pub fn when(&self) -> String {
        date_time(self.at)
    }

    /// How the timeline marks it.
    #[must_use]
    pub fn mark(&self, last: &bool) -> &'static str {
        match (self.event, *last) {
            (Some(ParcelEvent::Fail | ParcelEvent::Lose | ParcelEvent::Cancel), _) => "bad",
            (Some(ParcelEvent::Deliver), _) | (_, false) => "done",
            (_, true) => "now",
        }
    }
}

impl Parcel {
    /// The carrier's page on which anybody can follow the parcel.
    #[must_use]
    pub fn follow_url(&self) -> Option<String> {
        self.carrier.follow_url(self.carrier_code.as_deref()?)
    }

    /// What the carrier asks for more than he answered at first.
    #[must_use]
    pub fn fee_difference(&self) -> Option<Vnd> {
        let (asked, charged) = (self.fee_asked?, self.fee_charged?);
        (asked != charged).then(|| Vnd(charged.0.saturating_sub(asked.0)))
    }

    /// Whether the seller himself says how it goes on.
    #[must_use]
    pub fn by_hand(&self) -> bool {
        !self.carrier.is_network()
    }

    /// Whether the seller may still take it back.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        self.state.is_here() && self.at_carrier != AtCarrier::Cancelling
    }

    /// Whether the seller has yet to say what of it came back.
    #[must_use]
    pub fn awaits_count(&self) -> bool {
        self.state.may_come_back()
            && !self.counted
            && self.lines.iter().any(|line| line.not_delivered() > 0)
    }

    /// Whether it is lost, and the seller has yet to say what becomes of the goods.
    #[must_use]
    pub fn awaits_word(&self) -> bool {
        self.state == ParcelState::Lost && self.settled.is_none()
    }

    /// Whether it is, or was, out of the seller's hands and not brought back to him.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.state.is_under_way()
            || matches!(self.state, ParcelState::PartlyDelivered | ParcelState::Delivered)
    }

    /// `1,2 kg`.
    #[must_use]
    pub fn weight(&self) -> String {
        kilograms(self.weight_g)
    }

    /// The same as the carrier weighed it, where that is another.
    #[must_use]
    pub fn measured(&self) -> Option<String> {
        self.measured_g.filter(|g| *g != self.weight_g).map(kilograms)
    }
}

fn kilograms(grams: i32) -> String {
    let (whole, rest) = (grams / 1000, grams % 1000);
    match rest {
        0 => format!("{whole}\u{a0}kg"),
        _ => format!("{whole},{}\u{a0}kg", format!("{rest:03}").trim_end_matches('0')),
    }
}

/// How an order stands by its parcels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Parcels that were not cancelled.
    pub live: i64,
    /// Those of them that have left the seller.
    pub left: i64,
    /// Those that reached the buyer, whole or in part.
    pub there: i64,
    /// Those that came back or were lost.
    pub back: i64,
}

impl Standing {
    /// Every parcel has ended.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.live > 0 && self.there + self.back == self.live
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_as_people_do() {
        for (grams, written) in [(1200, "1,2"), (500, "0,5"), (2000, "2"), (1005, "1,005")] {
            assert_eq!(kilograms(grams), format!("{written}\u{a0}kg"));
        }
    }
}
