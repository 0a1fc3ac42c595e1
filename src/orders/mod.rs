//! Orders: the promise of one seller to one buyer, with the prices agreed on that day.
//!
//! A checkout over three sellers makes one group of three orders. An order never reads the catalogue again.
//!
//! ```text
//! awaiting_payment ─▶ placed ─▶ confirmed ─▶ packed ─▶ handed_over ─▶ delivered ─▶ completed
//! awaiting_payment | placed | confirmed | packed ─▶ cancelled        handed_over ─▶ cancelled (all of it came back)
//! ```
//!
//! The table of [`machine`] says who may do what when; [`act`] is the only way to move an order, and
//! takes stock and money along. Clocks are `due_at`, swept by a timer.
//! - Schema `orders`: `groups`, `orders`, `lines`, `events`; published: `orders.completed_report`.
//! - Tells: [`OrderPlaced`], [`OrderStateChanged`], [`OrderAmended`], [`OrderCompleted`]. Hears: its own news, to
//!   write mail; of `delivery` the news of parcels and pauses;
//!   [`PaymentChanged`](crate::payments::PaymentChanged), to go on when everything is paid.
//! - Uses: `stock`, `payments`, `promotions`, `enterprises` (the seller's scope), `organisations` (the buying firm's
//!   scope; reads `organisations.members_report`).

mod act;
mod amend;
mod error;
mod events;
mod extend;
mod jobs;
mod late;
mod letters;
mod lists;
mod machine;
mod model;
mod pages;
mod paid;
mod parcels;
mod place;
mod queries;
mod queries_amend;
mod queries_lists;
mod queries_place;
mod queries_read;
mod read;
mod routes;
mod times;

pub use act::{Act, act};
pub use amend::{Amendment, amend, amended, is_amendable};
pub use error::OrderError;
pub use events::{OrderAmended, OrderCompleted, OrderPlaced, OrderStateChanged};
pub use extend::ExtendClocks;
pub use jobs::{Clocks, Post, TellChanged, TellPlaced};
pub use late::SettleParcels;
pub use lists::{
    Figures, Filter, Listed, OrderName, Page, Sheet, by_codes, counts, figures, names, of_buyer,
    of_seller,
};
pub use machine::{ActorKind, OrderEvent, OrderState};
pub use model::{
    Contact, DeliveryMethod, GroupNames, NewDelivery, NewGroup, NewLine, NewOrder, Org, PayAccount,
    PaymentMethod, Placed, PlacedOrder, Redeemed, SellerSnapshot,
};
pub use paid::GoOnWhenPaid;
pub use parcels::FollowParcels;
pub use place::place;
pub use read::{Asker, Happened, Line, Order, OrderHead, by_id, find, group, with_lines};
pub use routes::{Deps, router};
