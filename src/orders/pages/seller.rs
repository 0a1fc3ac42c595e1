//! The seller's orders: the list with its tabs, and one order with its one next step.

use super::super::{
    lists::{self, Filter, Sheet},
    machine::{ActorKind, OrderEvent, OrderState},
    read::{self, Asker, Order},
    routes::Deps,
};
use super::{Press, Pressed, bad_key, local, moved_on, press};
use crate::{
    delivery::{self, Parcel},
    enterprises::SellerScope,
    kernel::{Cursor, Cx, Errors, Text, normalise},
    payments::{self, GatewaySide, IntentState, PaymentMethod},
    platform::{audit, idempotency::Once},
    web::{Form, Html, Page, PageError, Query, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// Orders on a page of the list.
const SIZE: i64 = 30;

/// What the list is narrowed to, as its address says.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    tt: String,
    tim: String,
    tu: String,
    den: String,
    sau: String,
    truoc: String,
}

impl Asked {
    pub(super) fn filter(&self) -> Filter {
        let typed: String = self.tim.chars().take(100).collect();
        Filter::read(&self.tt, &typed, &self.tu, &self.den)
    }

    /// The filters as a query, with another state and perhaps a cursor.
    fn query(&self, state: &str, cursor: Option<(&str, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let filters = [("tt", state), ("tim", &self.tim), ("tu", &self.tu), ("den", &self.den)];
        query.extend_pairs(filters.iter().filter(|(_, value)| !value.is_empty()));
        query.extend_pairs(cursor);
        query.finish()
    }
}

/// One tab: address, words, how many, whether it is open.
struct Tab {
    href: String,
    label: String,
    count: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "orders/seller_list.html")]
struct ListPage {
    page: Page,
    asked: Asked,
    tabs: Vec<Tab>,
    sheet: Sheet,
    older: String,
    newer: String,
    /// The filters, for the exports.
    query: String,
}

impl ListPage {
    fn next(&self, state: OrderState) -> Option<(OrderEvent, Text)> {
        next_step(state)
    }

    /// The same orders as a file.
    fn export(&self, kind: &str) -> String {
        format!("/ban-hang/don-hang/xuat.{kind}?{}", self.query)
    }
}

/// The one thing that the seller does next.
fn next_step(state: OrderState) -> Option<(OrderEvent, Text)> {
    let (event, label) = match state {
        OrderState::AwaitingPayment => {
            (OrderEvent::Pay, Text::new("Đã nhận được tiền", "Money received"))
        }
        OrderState::Placed => (OrderEvent::Confirm, Text::new("Xác nhận đơn", "Confirm")),
        OrderState::Confirmed => (OrderEvent::Pack, Text::new("Đã đóng gói", "Packed")),
        OrderState::Packed => (OrderEvent::HandOver, Text::new("Bàn giao để giao", "Hand over")),
        OrderState::HandedOver => (OrderEvent::Deliver, Text::new("Đã giao xong", "Delivered")),
        OrderState::Delivered | OrderState::Completed | OrderState::Cancelled => return None,
    };
    Some((event, label))
}

fn tabs(page: &Page, asked: &Asked, counts: &HashMap<OrderState, String>) -> Vec<Tab> {
    let tab = |state: &str, label: &str, count: Option<&String>| Tab {
        href: format!("/ban-hang/don-hang?{}", asked.query(state, None)),
        label: label.to_owned(),
        count: count.cloned().unwrap_or_default(),
        current: asked.tt == state,
    };
    let mut tabs = vec![tab("", page.t("Tất cả", "All"), None)];
    tabs.extend(
        OrderState::ALL.iter().map(|s| tab(s.code(), s.label().get(page.lang), counts.get(s))),
    );
    tabs
}

/// `GET /ban-hang/don-hang`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let wanted = lists::Page { from: Cursor::read(&asked.sau, &asked.truoc), size: SIZE };
    let sheet = lists::of_seller(&deps.db, scope.seller, &asked.filter(), &wanted).await?;
    let counts = lists::counts(&deps.db, scope.seller).await?;
    let link = |name: &str, cursor: &Option<String>| {
        let query = cursor.as_ref().map(|c| asked.query(&asked.tt, Some((name, c))));
        query.map(|q| format!("/ban-hang/don-hang?{q}")).unwrap_or_default()
    };
    let (older, newer) = (link("sau", &sheet.older), link("truoc", &sheet.newer));
    let (tabs, query) = (tabs(&page, &asked, &counts), asked.query(&asked.tt, None));
    let page = page.in_section("seller-orders");
    Ok(Html(ListPage { page, asked, tabs, sheet, older, newer, query }))
}

#[derive(Template)]
#[template(path = "orders/seller_show.html")]
struct OrderPage {
    page: Page,
    order: Order,
    parcels: Vec<Parcel>,
    paused: Option<(String, String)>,
    /// Something lies in no parcel yet.
    unpacked: bool,
    /// Where it was paid at a gateway.
    side: Option<GatewaySide>,
    form: SellerForm,
    errors: Errors,
}

impl OrderPage {
    async fn of(
        deps: &Deps,
        page: Page,
        order: Order,
        form: SellerForm,
        errors: Errors,
    ) -> Result<Self, PageError> {
        let side = side(deps, &order).await?;
        let mut db = deps.db.acquire().await?;
        let parcels = delivery::parcels_of(&mut db, order.head.id).await?;
        let paused = super::paused(&mut db, &page, &order).await?;
        let unpacked = super::parcels::can_pack(order.head.state)
            && !super::super::parcels::rest(&mut db, &order).await?.is_empty();
        let page = page.in_section("seller-orders");
        Ok(Self { page, order, parcels, paused, unpacked, side, form, errors })
    }

    /// The button for the next step; money of a gateway is not for the seller to confirm.
    fn next(&self) -> Option<(OrderEvent, Text)> {
        let online = self.order.head.payment_method.is_online();
        next_step(self.order.head.state).filter(|(e, _)| !(online && *e == OrderEvent::Pay))
    }

    fn slip(&self) -> String {
        format!("/ban-hang/don-hang/{}/phieu", self.order.head.code)
    }

    /// Who says that money has come says how much.
    fn next_label(&self, label: &str, event: &OrderEvent) -> String {
        match event {
            OrderEvent::Pay => format!("{label}: {}", self.order.head.total),
            _ => label.to_owned(),
        }
    }

    fn can_amend(&self) -> bool {
        super::super::is_amendable(&self.order)
    }

    fn can_cancel(&self) -> bool {
        self.order.head.state.allows(OrderEvent::Cancel, ActorKind::Seller)
    }

    fn refund_due(&self) -> bool {
        self.order.payment.as_ref().is_some_and(|p| p.state == IntentState::RefundDue)
    }

    fn pays_cash(&self) -> bool {
        self.order.head.payment_method == PaymentMethod::Cod
    }
}

/// What the gateway has of an order that is paid there.
async fn side(deps: &Deps, order: &Order) -> Result<Option<GatewaySide>, PageError> {
    let Some(intent) = order.payment.as_ref().filter(|p| p.method.is_online()) else {
        return Ok(None);
    };
    let mut db = deps.db.acquire().await?;
    Ok(Some(payments::gateway_side(&mut db, intent.id).await?))
}

pub(super) async fn find(deps: &Deps, scope: &SellerScope, code: &str) -> Result<Order, PageError> {
    let mut db = deps.db.acquire().await?;
    let found = read::find(&mut db, &normalise(code), Asker::Seller(scope.seller)).await?;
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/don-hang/{code}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let order = find(&deps, &scope, &code).await?;
    let (form, errors) = (SellerForm::default(), Errors::new(page.lang));
    Ok(Html(OrderPage::of(&deps, page, order, form, errors).await?))
}

/// What a member of the seller presses.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct SellerForm {
    key: String,
    v: String,
    act: String,
    note: String,
    tiep: String,
}

/// `POST /ban-hang/don-hang/{code}`: the next step, or the cancellation with its reason.
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    form: Form<SellerForm>,
) -> Result<Response, PageError> {
    let order = find(&deps, &scope, &code).await?;
    let (sent, head) = (&form.data, &order.head);
    let event = OrderEvent::of(&sent.act).ok_or_else(super::misused)?;
    let note = sent.note.trim();
    let errors = check(&page, event, note);
    if !errors.is_empty() {
        let shown = Html(OrderPage::of(&deps, page, order, form.data, errors).await?);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let once = Once::new(scope.person, &sent.key, "/ban-hang/don-hang", &form.raw);
    let once = once.map_err(bad_key)?;
    let own = format!("/ban-hang/don-hang/{}", head.code);
    let back = local(&sent.tiep, &own);
    let wanted = Press {
        order: head.id,
        code: &head.code,
        actor: ActorKind::Seller,
        events: &[event],
        note,
        seen: sent.v.parse().ok(),
        back,
    };
    let mut tx = deps.db.begin().await?;
    match press(&mut tx, &cx, &page, &once, &wanted).await? {
        Pressed::Moved(state) => {
            let (verb, subject) =
                (format!("orders.{}", event.code()), format!("order:{}", head.id));
            let detail = json!({ "seller": scope.seller, "to": state.code(), "note": note });
            audit::record(&mut tx, &cx, &verb, &subject, detail).await?;
            tx.commit().await?;
            Ok(moved_on(&page, back, &head.code, state))
        }
        Pressed::Already => Ok(go(back)),
        Pressed::Refused(answer) => Ok(*answer),
    }
}

fn check(page: &Page, event: OrderEvent, note: &str) -> Errors {
    let mut errors = Errors::new(page.lang);
    errors.check(
        event != OrderEvent::Cancel || !note.is_empty(),
        "note",
        "Xin ghi lý do hủy để người mua biết.",
        "Please tell the buyer why.",
    );
    errors.check(
        note.chars().count() <= 500,
        "note",
        "Xin viết không quá 500 chữ.",
        "Please write at most 500 characters.",
    );
    errors
}
