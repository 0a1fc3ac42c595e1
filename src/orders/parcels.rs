//! An order follows its parcels: packed when everything lies in parcels, handed over when the first leaves,
//! delivered when all have ended and one reached the buyer, cancelled when all came back.
//!
//! Where the seller moves the order itself (one parcel, his own driver), the parcels follow the order.

use super::{
    act::{Act, act},
    error::OrderError,
    late,
    machine::{ActorKind, OrderEvent, OrderState},
    queries, queries_read,
    read::{self, Order},
};
use crate::{
    delivery::{
        self, CarrierKind, Content, NewParcel, Parcel, ParcelMoved, Party, Source, Standing,
    },
    enterprises,
    kernel::{Cx, OrderId, Vnd},
    payments::{self, EventKind, FLOOR, NewEvent, PaymentMethod, VND},
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};

/// A part of one line: its position and how many.
pub(super) type Part = (i32, i64);

/// What a parcel of these parts is made of. `weight_g`: as the seller typed it.
pub(super) async fn new_parcel(
    db: &mut PgConnection,
    order: &Order,
    carrier: CarrierKind,
    parts: &[Part],
    weight_g: i32,
) -> Result<NewParcel, OrderError> {
    let head = &order.head;
    let facts = enterprises::facts(db, &[head.seller]).await?.remove(&head.seller);
    let from_commune = facts.map(|facts| facts.commune_code).unwrap_or_default();
    let to_commune = queries::commune(db, head.id).await?.unwrap_or_default();
    let mut contents = Vec::with_capacity(parts.len());
    let mut goods = Vnd::ZERO;
    for (position, quantity) in parts.iter().filter(|(_, quantity)| *quantity > 0) {
        let line = order.lines.iter().find(|line| line.position == *position);
        let line = line.ok_or(OrderError::Amounts)?;
        goods = goods.plus(worth(line, *quantity)).ok_or(OrderError::Amounts)?;
        contents.push(Content {
            position: *position,
            variant: line.variant,
            name: line.shown(),
            unit: line.unit.clone(),
            quantity: *quantity,
            ordered: line.quantity,
        });
    }
    let cod = cash(db, order, parts, goods).await?;
    Ok(NewParcel {
        order: head.id,
        order_code: head.code.clone(),
        seller: head.seller,
        carrier,
        from: Party {
            name: head.seller_name.clone(),
            phone: head.seller_phone.clone(),
            address: head.seller_address.clone(),
            commune: from_commune,
        },
        to: Party {
            name: head.buyer_name.clone(),
            phone: head.buyer_phone.clone(),
            address: head.delivery_text.clone(),
            commune: to_commune,
        },
        weight_g,
        cod,
        goods,
        note: head.note.clone(),
        contents,
    })
}

/// What so many of a line cost with its share of the discount, rounded down.
pub(super) fn worth(line: &read::Line, quantity: i64) -> Vnd {
    let share = i128::from(line.paid().0) * i128::from(quantity) / i128::from(line.quantity.max(1));
    Vnd(i64::try_from(share).unwrap_or_default())
}

/// What is collected with these parts: their goods, and with the last parcel whatever is left of the total.
async fn cash(
    db: &mut PgConnection,
    order: &Order,
    parts: &[Part],
    goods: Vnd,
) -> Result<Vnd, OrderError> {
    if order.head.payment_method != PaymentMethod::Cod {
        return Ok(Vnd::ZERO);
    }
    let packed = delivery::packed(db, order.head.id).await?;
    let asked: i64 = delivery::parcels_of(db, order.head.id)
        .await?
        .iter()
        .filter(|parcel| parcel.state != delivery::ParcelState::Cancelled)
        .filter(|parcel| parcel.settled != Some(delivery::Settled::Resent))
        .map(|parcel| parcel.cod.0)
        .sum();
    let left = Vnd(order.head.total.0.saturating_sub(asked).max(0));
    let complete = order.lines.iter().all(|line| {
        let here = parts.iter().find(|(p, _)| *p == line.position).map_or(0, |(_, n)| *n);
        packed.get(&line.position).copied().unwrap_or_default() + here >= line.quantity
    });
    Ok(if complete { left } else { goods.min(left) })
}

/// Parts that lie in no parcel yet.
pub(super) async fn rest(db: &mut PgConnection, order: &Order) -> sqlx::Result<Vec<Part>> {
    unpacked(db, order.head.id, &order.lines).await
}

async fn unpacked(
    db: &mut PgConnection,
    order: OrderId,
    lines: &[read::Line],
) -> sqlx::Result<Vec<Part>> {
    let packed = delivery::packed(db, order).await?;
    let left =
        |line: &read::Line| line.quantity - packed.get(&line.position).copied().unwrap_or_default();
    Ok(lines.iter().map(|line| (line.position, left(line))).filter(|p| p.1 > 0).collect())
}

/// What a parcel is taken to weigh where nobody has weighed it: half a kilogram a piece, a tonne at most.
pub(super) fn guessed_g(parts: &[Part]) -> i32 {
    let pieces: i64 = parts.iter().map(|(_, n)| *n).sum();
    i32::try_from(pieces.saturating_mul(500).clamp(500, 1_000_000)).unwrap_or(500)
}

/// One parcel of everything that lies in none: what one press makes of an order.
pub(super) async fn pack_rest(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), OrderError> {
    let Some(order) = read::by_id(db, order).await? else { return Err(OrderError::NotFound) };
    let parts = rest(db, &order).await?;
    if parts.is_empty() {
        return Ok(());
    }
    let carrier = match order.head.delivery_method {
        super::DeliveryMethod::Pickup => CarrierKind::Pickup,
        super::DeliveryMethod::Own | super::DeliveryMethod::PostPoint => CarrierKind::Own,
    };
    let new = new_parcel(db, &order, carrier, &parts, guessed_g(&parts)).await?;
    delivery::make_parcel(db, cx, &new).await?;
    Ok(())
}

/// The parcels follow the order, where a person moved it.
pub(super) async fn lead(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    (event, actor, to): (OrderEvent, ActorKind, OrderState),
    note: &str,
) -> Result<(), OrderError> {
    let source = match actor {
        ActorKind::Seller => Source::Seller,
        ActorKind::Buyer => Source::Buyer,
        ActorKind::Operator | ActorKind::System => Source::System,
    };
    match event {
        _ if to == OrderState::Cancelled => {
            delivery::cancel_all(db, cx, order, source, note).await?;
        }
        _ if actor == ActorKind::System => {}
        OrderEvent::Pack => pack_rest(db, cx, order).await?,
        OrderEvent::HandOver => {
            pack_rest(db, cx, order).await?;
            delivery::leave_all(db, cx, order, note).await?;
        }
        OrderEvent::Deliver => delivery::arrive_all(db, cx, order, source).await?,
        _ => {}
    }
    Ok(())
}

/// What was collected at the door: by the seller's own people, or by carriers who will hand it on.
pub(super) async fn collect(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), OrderError> {
    let parcels = delivery::parcels_of(db, order).await?;
    if !parcels.iter().any(|parcel| parcel.carrier.is_network()) {
        payments::collect_cod(db, cx, order).await?;
        return Ok(());
    }
    note_cash(db, cx, order, &parcels).await
}

/// Notes what each of these parcels brought in, once a parcel.
pub(super) async fn note_cash(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    parcels: &[Parcel],
) -> Result<(), OrderError> {
    let Some(intent) = payments::of_order(&mut *db, order).await? else { return Ok(()) };
    for parcel in parcels.iter().filter(|parcel| has_arrived(parcel)) {
        let amount = parcel.cod_taken.unwrap_or(parcel.cod);
        if amount.0 == 0 {
            continue;
        }
        let network = parcel.carrier.is_network();
        let event = NewEvent {
            intent: intent.id,
            kind: EventKind::CodCollected,
            amount,
            currency: VND,
            provider: if network { parcel.carrier.code() } else { FLOOR },
            provider_event_id: &format!("cod:{}", parcel.code),
            at: parcel.state_at,
            note: parcel.carrier_code.as_deref().unwrap_or_default(),
        };
        payments::record(db, cx, &event).await?;
    }
    Ok(())
}

fn has_arrived(parcel: &Parcel) -> bool {
    use delivery::ParcelState::{Delivered, PartlyDelivered};
    matches!(parcel.state, Delivered | PartlyDelivered)
}

/// Where the parcels say that the order stands at least.
const fn goal(all_packed: bool, standing: &Standing) -> Option<OrderState> {
    let over = all_packed && standing.is_over();
    if over && standing.there > 0 {
        Some(OrderState::Delivered)
    } else if over {
        Some(OrderState::Cancelled)
    } else if standing.left > 0 {
        Some(OrderState::HandedOver)
    } else if all_packed && standing.live > 0 {
        Some(OrderState::Packed)
    } else {
        None
    }
}

/// The next step of an order on its way to where its parcels are.
fn next(state: OrderState, goal: OrderState) -> Option<OrderEvent> {
    match (state, goal) {
        (OrderState::Confirmed, _) => Some(OrderEvent::Pack),
        (OrderState::Packed, OrderState::Packed) => None,
        (OrderState::Packed, _) => Some(OrderEvent::HandOver),
        (OrderState::HandedOver, OrderState::Delivered) => Some(OrderEvent::Deliver),
        (OrderState::HandedOver, OrderState::Cancelled) => Some(OrderEvent::ComeBack),
        _ => None,
    }
}

/// Moves the order to where its parcels are, in the caller's transaction; does nothing where it is there.
pub(super) async fn follow(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), OrderError> {
    let lines = queries_read::lines(db, order).await?;
    let all_packed = unpacked(db, order, &lines).await?.is_empty();
    let standing = delivery::standing(db, order).await?;
    if let Some(goal) = goal(all_packed, &standing) {
        lead_to(db, cx, order, goal).await?;
    }
    late::follow(db, cx, order).await
}

async fn lead_to(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    goal: OrderState,
) -> Result<(), OrderError> {
    // Pack, hand over, and one more.
    for _ in 0..3 {
        let Some(head) = queries::head(db, order).await? else { return Ok(()) };
        let Some(event) = next(head.state, goal) else { return Ok(()) };
        let note = match event {
            OrderEvent::ComeBack => {
                "Không giao được: hàng đã quay về người bán hoặc thất lạc trên đường."
            }
            _ => "",
        };
        let wanted = Act { event, actor: ActorKind::System, note, seen: Some(head.version) };
        act(db, cx, order, &wanted).await?;
    }
    Ok(())
}

/// Lets orders follow the news of their parcels.
pub struct FollowParcels(pub PgPool);

#[async_trait]
impl Handler for FollowParcels {
    type Payload = ParcelMoved;
    const NAME: &'static str = "orders.follow_parcels";

    async fn handle(&self, cx: &Cx, news: ParcelMoved) -> Result<(), JobError> {
        let mut tx = self.0.begin().await?;
        match follow(&mut tx, cx, news.order).await {
            Ok(()) => tx.commit().await?,
            // Somebody moved it at the same moment: look again.
            Err(error) => return Err(JobError::retry(error)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing([live, left, there, back]: [i64; 4]) -> Standing {
        Standing { live, left, there, back }
    }

    #[test]
    fn an_order_is_where_its_parcels_are() {
        use OrderState as S;
        for (all_packed, counts, expected) in [
            (false, [0, 0, 0, 0], None),
            (false, [1, 0, 0, 0], None),
            (true, [2, 0, 0, 0], Some(S::Packed)),
            (false, [1, 1, 0, 0], Some(S::HandedOver)),
            (false, [1, 1, 1, 0], Some(S::HandedOver)),
            (true, [2, 2, 1, 0], Some(S::HandedOver)),
            (true, [2, 2, 2, 0], Some(S::Delivered)),
            (true, [2, 2, 1, 1], Some(S::Delivered)),
            (true, [2, 2, 0, 2], Some(S::Cancelled)),
        ] {
            assert_eq!(goal(all_packed, &standing(counts)), expected, "{counts:?}");
        }
    }

    #[test]
    fn the_way_to_the_goal_ends() {
        for from in OrderState::ALL {
            for goal in [
                OrderState::Packed,
                OrderState::HandedOver,
                OrderState::Delivered,
                OrderState::Cancelled,
            ] {
                let mut state = from;
                let mut steps = 0;
                while let Some(event) = next(state, goal) {
                    let found = super::super::machine::find(state, event, ActorKind::System);
                    state = found.map(|t| t.to).unwrap_or_else(|| panic!("{state:?} {event:?}"));
                    steps += 1;
                    assert!(steps <= 3, "{from:?} to {goal:?}");
                }
            }
        }
    }
}
