//! The life of a parcel: one table, read by everything that moves one. Pure.
//!
//! A parcel's state is the furthest of all that was told of it, in the order of [`ParcelState::rank`]; only
//! between two attempts at the door the newer news counts. So late, repeated and swapped news end in one state.

use crate::kernel::Text;
use chrono::{DateTime, Utc};

/// Where a parcel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ParcelState {
    /// Its contents are known; nobody has been asked to fetch it.
    Created,
    AwaitingPickup,
    PickedUp,
    InTransit,
    OutForDelivery,
    /// Nobody took it; it may be tried again.
    Failed,
    /// On its way back.
    Returning,
    /// It never left.
    Cancelled,
    Lost,
    /// Back with the seller.
    Returned,
    PartlyDelivered,
    Delivered,
}

/// What is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParcelEvent {
    AwaitPickup,
    PickUp,
    Move,
    GoOut,
    Fail,
    TurnBack,
    Cancel,
    Lose,
    Return,
    DeliverPart,
    Deliver,
}

use ParcelEvent as E;
use ParcelState as S;

/// What can happen from each state; what is not here is kept in the history and moves nothing.
pub(super) const TABLE: [(ParcelState, &[ParcelEvent]); 12] = [
    (
        S::Created,
        &[
            E::AwaitPickup,
            E::PickUp,
            E::Move,
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    (
        S::AwaitingPickup,
        &[
            E::PickUp,
            E::Move,
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    (
        S::PickedUp,
        &[
            E::Move,
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    (
        S::InTransit,
        &[
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    // Out and failed take turns, and the same again is another attempt: see `after`.
    (
        S::OutForDelivery,
        &[
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    (
        S::Failed,
        &[
            E::GoOut,
            E::Fail,
            E::TurnBack,
            E::Cancel,
            E::Lose,
            E::Return,
            E::DeliverPart,
            E::Deliver,
        ],
    ),
    (S::Returning, &[E::Cancel, E::Lose, E::Return, E::DeliverPart, E::Deliver]),
    // A carrier who had given up may still have brought it.
    (S::Cancelled, &[E::Lose, E::Return, E::DeliverPart, E::Deliver]),
    (S::Lost, &[E::Return, E::DeliverPart, E::Deliver]),
    (S::Returned, &[E::DeliverPart, E::Deliver]),
    (S::PartlyDelivered, &[E::Deliver]),
    (S::Delivered, &[]),
];

impl ParcelState {
    /// Every state, the furthest last.
    pub const ALL: [Self; 12] = [
        Self::Created,
        Self::AwaitingPickup,
        Self::PickedUp,
        Self::InTransit,
        Self::OutForDelivery,
        Self::Failed,
        Self::Returning,
        Self::Cancelled,
        Self::Lost,
        Self::Returned,
        Self::PartlyDelivered,
        Self::Delivered,
    ];

    /// How far it is; out and failed are attempts at the same door.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Created => 0,
            Self::AwaitingPickup => 1,
            Self::PickedUp => 2,
            Self::InTransit => 3,
            Self::OutForDelivery | Self::Failed => 4,
            Self::Returning => 5,
            Self::Cancelled => 6,
            Self::Lost => 7,
            Self::Returned => 8,
            Self::PartlyDelivered => 9,
            Self::Delivered => 10,
        }
    }

    /// The state after `event`, told for the moment `at`, where the state itself was told for `since`;
    /// `None`: it moves nothing. The same state again, of a later attempt, is told for `at` from then on.
    #[must_use]
    pub fn after(
        self,
        event: ParcelEvent,
        at: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> Option<Self> {
        let (_, events) = TABLE.iter().find(|(from, _)| *from == self)?;
        let to = event.to();
        let newer = match to.rank() == self.rank() {
            // Two attempts: the newer counts; at the same moment the failure, which ends the attempt.
            true => at > since || (at == since && to == Self::Failed),
            false => true,
        };
        (newer && events.contains(&event)).then_some(to)
    }

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::AwaitingPickup => "awaiting_pickup",
            Self::PickedUp => "picked_up",
            Self::InTransit => "in_transit",
            Self::OutForDelivery => "out_for_delivery",
            Self::Failed => "failed",
            Self::Returning => "returning",
            Self::Cancelled => "cancelled",
            Self::Lost => "lost",
            Self::Returned => "returned",
            Self::PartlyDelivered => "partly_delivered",
            Self::Delivered => "delivered",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Created => Text::new("Đã đóng kiện", "Packed"),
            Self::AwaitingPickup => Text::new("Chờ lấy hàng", "Awaiting pick-up"),
            Self::PickedUp => Text::new("Đã lấy hàng", "Picked up"),
            Self::InTransit => Text::new("Đang vận chuyển", "In transit"),
            Self::OutForDelivery => Text::new("Đang đi giao", "Out for delivery"),
            Self::Failed => Text::new("Giao chưa được", "Delivery failed"),
            Self::Returning => Text::new("Đang hoàn về", "Going back"),
            Self::Cancelled => Text::new("Đã hủy", "Cancelled"),
            Self::Lost => Text::new("Thất lạc", "Lost"),
            Self::Returned => Text::new("Đã hoàn về người bán", "Returned to the seller"),
            Self::PartlyDelivered => Text::new("Giao được một phần", "Partly delivered"),
            Self::Delivered => Text::new("Đã giao", "Delivered"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Created | Self::Cancelled => "neutral",
            Self::AwaitingPickup | Self::Failed | Self::Returning | Self::Returned => "warn",
            Self::PickedUp | Self::InTransit | Self::OutForDelivery => "info",
            Self::Lost => "bad",
            Self::PartlyDelivered | Self::Delivered => "good",
        }
    }

    /// Whether it has not left the seller.
    #[must_use]
    pub const fn is_here(self) -> bool {
        matches!(self, Self::Created | Self::AwaitingPickup)
    }

    /// Whether it is between seller and buyer.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::PickedUp
                | Self::InTransit
                | Self::OutForDelivery
                | Self::Failed
                | Self::Returning
        )
    }

    /// Whether the seller should say what of it came back.
    #[must_use]
    pub const fn may_come_back(self) -> bool {
        matches!(self, Self::Returned | Self::PartlyDelivered)
    }
}

impl ParcelEvent {
    /// Everything that can be told.
    pub const ALL: [Self; 11] = [
        Self::AwaitPickup,
        Self::PickUp,
        Self::Move,
        Self::GoOut,
        Self::Fail,
        Self::TurnBack,
        Self::Cancel,
        Self::Lose,
        Self::Return,
        Self::DeliverPart,
        Self::Deliver,
    ];

    /// Where it leads.
    #[must_use]
    pub const fn to(self) -> ParcelState {
        match self {
            Self::AwaitPickup => ParcelState::AwaitingPickup,
            Self::PickUp => ParcelState::PickedUp,
            Self::Move => ParcelState::InTransit,
            Self::GoOut => ParcelState::OutForDelivery,
            Self::Fail => ParcelState::Failed,
            Self::TurnBack => ParcelState::Returning,
            Self::Cancel => ParcelState::Cancelled,
            Self::Lose => ParcelState::Lost,
            Self::Return => ParcelState::Returned,
            Self::DeliverPart => ParcelState::PartlyDelivered,
            Self::Deliver => ParcelState::Delivered,
        }
    }

    /// The word in the database and of the button.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AwaitPickup => "await_pickup",
            Self::PickUp => "pick_up",
            Self::Move => "move",
            Self::GoOut => "go_out",
            Self::Fail => "fail",
            Self::TurnBack => "turn_back",
            Self::Cancel => "cancel",
            Self::Lose => "lose",
            Self::Return => "return",
            Self::DeliverPart => "deliver_part",
            Self::Deliver => "deliver",
        }
    }

    /// The event of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }

    /// What happened, in words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::AwaitPickup => Text::new("Đơn vị vận chuyển sẽ tới lấy", "The carrier will come"),
            Self::PickUp => Text::new("Đã giao cho người vận chuyển", "Handed to the carrier"),
            Self::Move => Text::new("Đang trên đường", "On its way"),
            Self::GoOut => Text::new("Đang đi giao tới người nhận", "Out for delivery"),
            Self::Fail => Text::new("Giao chưa được", "Could not be delivered"),
            Self::TurnBack => Text::new("Quay về người bán", "Going back to the seller"),
            Self::Cancel => Text::new("Kiện đã hủy", "Cancelled"),
            Self::Lose => Text::new("Báo thất lạc", "Reported lost"),
            Self::Return => Text::new("Đã về tới người bán", "Back with the seller"),
            Self::DeliverPart => Text::new("Giao được một phần", "Delivered in part"),
            Self::Deliver => Text::new("Đã giao tới người nhận", "Delivered"),
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
