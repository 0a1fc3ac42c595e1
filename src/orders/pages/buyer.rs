//! One order, as its buyer sees it: by his account, or by the link that only he has.

use super::super::{
    machine::{ActorKind, OrderEvent, OrderState},
    read::{self, Asker, Order},
    routes::Deps,
};
use super::{Press, Pressed, bad_key, moved_on, press};
use crate::{
    delivery::{self, Parcel},
    kernel::{Cx, Errors, normalise},
    payments::{self, Intent, PaymentMethod},
    platform::idempotency::Once,
    web::{Form, Html, Page, PageError, Query, Viewer, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use sqlx::PgConnection;

/// The key of a guest's link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Key {
    pub k: String,
    /// `1`: as a file.
    pub tai: String,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
struct OrderPage {
    page: Page,
    order: Order,
    parcels: Vec<Parcel>,
    /// Delivery to the order's commune stands still: why, and until when.
    paused: Option<(String, String)>,
    /// The link's key; empty when he is signed in.
    k: String,
    /// Where it is paid by international card: what it is about worth abroad.
    estimates: Vec<String>,
    errors: Errors,
}

impl OrderPage {
    /// The key as the end of an address.
    fn query(&self) -> String {
        if self.k.is_empty() { String::new() } else { format!("?k={}", self.k) }
    }

    fn contract(&self) -> String {
        format!("/don-hang/{}/hop-dong{}", self.order.head.code, self.query())
    }

    /// A page below this order's.
    fn below(&self, page: &str) -> String {
        format!("/don-hang/{}/{page}{}", self.order.head.code, self.query())
    }

    fn has_goods(&self) -> bool {
        matches!(self.order.head.state, OrderState::Delivered | OrderState::Completed)
    }

    fn can_amend(&self) -> bool {
        super::super::is_amendable(&self.order)
    }

    fn can_cancel(&self) -> bool {
        self.order.head.state.allows(OrderEvent::Cancel, ActorKind::Buyer)
    }

    /// The seller is at work or the goods are under way: what the buyer can still do is told.
    fn is_on_its_way(&self) -> bool {
        let state = self.order.head.state;
        matches!(state, OrderState::Confirmed | OrderState::Packed | OrderState::HandedOver)
    }

    fn can_receive(&self) -> bool {
        matches!(self.order.head.state, OrderState::HandedOver | OrderState::Delivered)
    }

    /// The transfer that is still awaited.
    fn transfer(&self) -> Option<&Intent> {
        self.order.payment.as_ref().filter(|p| p.awaits_transfer())
    }

    /// What is still to be paid at a gateway.
    fn at_gateway(&self) -> Option<&Intent> {
        self.order.to_pay_online()
    }
}

/// The order, if this reader may see it.
pub(super) async fn find(
    deps: &Deps,
    viewer: Option<&Viewer>,
    code: &str,
    key: &str,
) -> Result<Order, PageError> {
    let mut db = deps.db.acquire().await?;
    let asker = Asker::Buyer { secret: key, person: viewer.map(|v| v.id) };
    read::find(&mut db, &normalise(code), asker).await?.ok_or_else(PageError::not_found)
}

/// Only where a card of another country is to pay: nothing is asked for other orders.
async fn estimates(
    db: &mut PgConnection,
    cx: &Cx,
    page: &Page,
    order: &Order,
) -> sqlx::Result<Vec<String>> {
    let to_pay = order.to_pay_online().filter(|intent| intent.method == PaymentMethod::Stripe);
    let Some(intent) = to_pay else { return Ok(Vec::new()) };
    let rates = payments::estimates(db, cx).await?;
    Ok(rates.iter().map(|rate| rate.estimate(intent.to_pay(), page.lang)).collect())
}

/// `GET /don-hang/{code}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Html<impl Template>, PageError> {
    let order = find(&deps, page.viewer.as_ref(), &code, &key.k).await?;
    let errors = Errors::new(page.lang);
    let mut db = deps.db.acquire().await?;
    let parcels = delivery::parcels_of(&mut db, order.head.id).await?;
    let paused = super::paused(&mut db, &page, &order).await?;
    let estimates = estimates(&mut db, &cx, &page, &order).await?;
    Ok(Html(OrderPage { page, order, parcels, paused, k: key.k, estimates, errors }))
}

/// What the buyer presses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct BuyerForm {
    key: String,
    k: String,
    v: String,
    act: String,
    note: String,
}

/// `POST /don-hang/{code}`: cancels, or says that everything has arrived.
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    form: Form<BuyerForm>,
) -> Result<Response, PageError> {
    let sent = &form.data;
    let order = find(&deps, page.viewer.as_ref(), &code, &sent.k).await?;
    let head = &order.head;
    let query = if sent.k.is_empty() { String::new() } else { format!("?k={}", head.secret) };
    let back = format!("/don-hang/{}{query}", head.code);
    let events: &[OrderEvent] = match OrderEvent::of(&sent.act) {
        Some(OrderEvent::Cancel) => &[OrderEvent::Cancel],
        // The seller may not have noted yet that the goods have arrived.
        Some(OrderEvent::Receive) if head.state == OrderState::HandedOver => {
            &[OrderEvent::Deliver, OrderEvent::Receive]
        }
        Some(OrderEvent::Receive) => &[OrderEvent::Receive],
        _ => return Err(super::misused()),
    };
    let once = Once::new(format!("order:{}", head.id), &sent.key, "/don-hang", &form.raw);
    let once = once.map_err(bad_key)?;
    let note: String = sent.note.trim().chars().take(500).collect();
    let wanted = Press {
        order: head.id,
        code: &head.code,
        actor: ActorKind::Buyer,
        events,
        note: &note,
        seen: sent.v.parse().ok(),
        back: &back,
    };
    let mut tx = deps.db.begin().await?;
    match press(&mut tx, &cx, &page, &once, &wanted).await? {
        Pressed::Moved(state) => {
            tx.commit().await?;
            Ok(moved_on(&page, &back, &head.code, state))
        }
        Pressed::Already => Ok(go(&back)),
        Pressed::Refused(answer) => Ok(*answer),
    }
}
