//! It is ordered: codes, what happens next, how to pay.

use crate::{
    checkout::keeper::Keeper,
    kernel::{Day, Lang, Vnd, date_time, day_of},
    orders::{self, Order, OrderState, PaymentMethod},
    payments::{self, Intent},
    platform::rules,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::extract::{Path, State};
use chrono::TimeDelta;
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

#[derive(Template)]
#[template(path = "checkout/done.html")]
pub(in crate::checkout) struct DonePage {
    page: Page,
    group: String,
    orders: Vec<Shown>,
    total: Vnd,
    email: Option<String>,
    guest: bool,
}

struct Shown {
    state: String,
    order: Order,
    /// What is to be transferred, while it is.
    transfer: Option<Transfer>,
    /// Something is to be paid at a gateway.
    online: bool,
    /// In cash, and the seller has not answered yet.
    unconfirmed: bool,
    /// When it lapses unless somebody acts: `08:40 22/11/2026`.
    due: String,
    follow: String,
    contract: String,
}

struct Transfer {
    intent: Intent,
    /// SVG.
    qr: String,
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::checkout) struct Key {
    #[serde(default)]
    k: String,
}

/// `GET /dat-hang/xong/{code}?k=…`: for whoever has the key of one of the orders, and for the buyer.
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    page: Page,
    keeper: Keeper,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Html<DonePage>, PageError> {
    let mut db = db.acquire().await?;
    let found = orders::group(&mut db, &code, &key.k, keeper.person).await?;
    let Some(first) = found.first() else { return Err(PageError::not_found()) };
    let hours = hours(&mut db, day_of(first.head.placed_at)).await?;
    let total = found.iter().try_fold(Vnd::ZERO, |sum, order| sum.plus(order.head.total));
    let email = found.iter().find_map(|order| order.head.buyer_email.clone());
    let orders =
        found.into_iter().map(|order| shown(page.lang, hours, order)).collect::<Result<_, _>>()?;
    let total = total.unwrap_or_default();
    let guest = keeper.person.is_none();
    Ok(Html(DonePage { page, group: code, orders, total, email, guest }))
}

/// After how long an order lapses.
#[derive(Clone, Copy)]
struct Hours {
    unpaid: TimeDelta,
    unconfirmed: TimeDelta,
}

async fn hours(db: &mut PgConnection, day: Day) -> sqlx::Result<Hours> {
    let unpaid = rules::value(db, "order.unpaid_transfer_hours", day, 24).await?;
    let unconfirmed = rules::value(db, "order.unconfirmed_hours", day, 48).await?;
    let hours = |n: i64| TimeDelta::hours(n.clamp(0, 10_000));
    Ok(Hours { unpaid: hours(unpaid), unconfirmed: hours(unconfirmed) })
}

fn shown(lang: Lang, hours: Hours, order: Order) -> Result<Shown, PageError> {
    let open = order.payment.clone().filter(|intent| {
        order.head.payment_method == PaymentMethod::VietQr
            && intent.state == payments::IntentState::Unpaid
    });
    let transfer = match open {
        Some(intent) => {
            let qr = intent.payload_now()?.as_deref().map(payments::qr_svg).transpose()?;
            Some(Transfer { intent, qr: qr.unwrap_or_default() })
        }
        None => None,
    };
    let online = order.to_pay_online().is_some();
    let lapses_after = if transfer.is_some() || online { hours.unpaid } else { hours.unconfirmed };
    let (code, secret) = (&order.head.code, &order.head.secret);
    Ok(Shown {
        state: order.head.state.label().get(lang).to_owned(),
        follow: order.head.guest_path(),
        contract: format!("/don-hang/{code}/hop-dong?k={secret}"),
        due: date_time(order.head.placed_at + lapses_after),
        unconfirmed: order.head.state == OrderState::Placed
            && order.head.payment_method == PaymentMethod::Cod,
        transfer,
        online,
        order,
    })
}
