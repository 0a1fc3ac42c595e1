//! The seller's parcels of one order: which lines go together, by whom, and how each stands.

use super::super::{
    error::OrderError,
    late,
    machine::OrderState,
    parcels::{self, Part},
    queries,
    read::{self, Asker, Order},
    routes::Deps,
};
use super::bad_key;
use crate::{
    delivery::{
        self, AtCarrier, CarrierKind, Fact, Parcel, ParcelEvent, ParcelState, Settled, Source,
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, normalise},
    platform::{
        audit,
        idempotency::{self, Claim, Once},
    },
    web::{AsProblem, Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use sqlx::PgConnection;

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).unwrap_or_default()
}

/// Numbers by line: `sl-0=2`; each line once.
fn counts(fields: &Fields) -> Option<Vec<Part>> {
    let count = |(name, typed): &(String, String)| {
        let position: i32 = name.strip_prefix("sl-")?.parse().ok()?;
        Some(match typed.trim() {
            "" => Some((position, 0)),
            typed => typed.parse().ok().filter(|n| *n >= 0).map(|n: i64| (position, n)),
        })
    };
    let mut parts: Vec<Part> = fields.iter().filter_map(count).collect::<Option<_>>()?;
    parts.sort_unstable();
    parts.windows(2).all(|pair| pair[0].0 != pair[1].0).then_some(parts)
}

async fn order_of(
    db: &mut PgConnection,
    scope: &SellerScope,
    code: &str,
) -> Result<Order, PageError> {
    let found = read::find(db, &normalise(code), Asker::Seller(scope.seller)).await?;
    found.ok_or_else(PageError::not_found)
}

/// Whether parcels can be made of it now.
pub(super) const fn can_pack(state: OrderState) -> bool {
    matches!(state, OrderState::Confirmed | OrderState::Packed | OrderState::HandedOver)
}

#[derive(Template)]
#[template(path = "orders/parcel_new.html")]
struct NewPage {
    page: Page,
    order: Order,
    errors: Errors,
    key: String,
    /// Position, name, unit, how many are left, what is in the field.
    rows: Vec<(i32, String, String, i64, String)>,
    carriers: Vec<(String, String, String)>,
    carrier: String,
    weight: String,
}

/// The way back: the list, and the order.
fn crumbs(page: &Page, order: &Order) -> Vec<(String, String)> {
    let code = &order.head.code;
    vec![
        ("/ban-hang/don-hang".to_owned(), page.t("Đơn hàng", "Orders").to_owned()),
        (format!("/ban-hang/don-hang/{code}"), code.clone()),
    ]
}

impl NewPage {
    fn crumbs(&self) -> Vec<(String, String)> {
        crumbs(&self.page, &self.order)
    }
}

async fn new_page(
    db: &mut PgConnection,
    page: Page,
    order: Order,
    sent: Option<(&Fields, Errors)>,
) -> Result<NewPage, PageError> {
    let rest = parcels::rest(db, &order).await?;
    let lang = page.lang;
    let mut carriers: Vec<CarrierKind> = vec![CarrierKind::Own];
    carriers.extend(delivery::contracts(db, order.head.seller).await?.iter().map(|c| c.carrier));
    let (carriers, first) = match order.head.delivery_method {
        super::super::DeliveryMethod::Pickup => (vec![CarrierKind::Pickup], CarrierKind::Pickup),
        _ => (carriers, CarrierKind::Own),
    };
    let note = |kind: CarrierKind| match kind.is_network() {
        true => lang.t("Theo hợp đồng của bạn; hãng tới lấy.", "Under your contract; he comes."),
        false => lang.t("Bạn tự báo từng bước.", "You say yourself how it goes on."),
    };
    let carriers = carriers.into_iter().map(|kind| {
        (kind.code().to_owned(), kind.label().get(lang).to_owned(), note(kind).to_owned())
    });
    let fields = sent.as_ref().map(|(fields, _)| *fields);
    let rows = order.lines.iter().filter_map(|line| {
        let (_, left) = rest.iter().find(|(position, _)| *position == line.position)?;
        let name = format!("sl-{}", line.position);
        let typed = fields.map_or_else(|| left.to_string(), |f| field(f, &name).to_owned());
        Some((line.position, line.shown(), line.unit.clone(), *left, typed))
    });
    let typed =
        |name: &str, otherwise: String| fields.map_or(otherwise, |f| field(f, name).to_owned());
    Ok(NewPage {
        rows: rows.collect(),
        carriers: carriers.collect(),
        carrier: typed("hang", first.code().to_owned()),
        weight: typed("can_nang", parcels::guessed_g(&rest).to_string()),
        key: fields.map_or_else(|| page.new_key(), |f| field(f, "key").to_owned()),
        errors: sent.map_or_else(|| Errors::new(lang), |(_, errors)| errors),
        page: page.in_section("seller-orders"),
        order,
    })
}

/// `GET /ban-hang/don-hang/{code}/kien`
pub(in super::super) async fn new(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let order = order_of(&mut db, &scope, &code).await?;
    Ok(Html(new_page(&mut db, page, order, None).await?))
}

/// What a form makes a parcel of, or what is wrong with it.
async fn wanted(
    db: &mut PgConnection,
    page: &Page,
    order: &Order,
    fields: &Fields,
) -> Result<Result<(CarrierKind, Vec<Part>, i32), Errors>, PageError> {
    let mut errors = Errors::new(page.lang);
    let left = parcels::rest(db, order).await?;
    let parts = counts(fields).filter(|parts| parts.iter().any(|(_, n)| *n > 0));
    let fits =
        |(position, n): &Part| *n == 0 || left.iter().any(|(p, most)| p == position && n <= most);
    let parts = parts.filter(|parts| parts.iter().all(fits));
    errors.check(
        parts.is_some(),
        "sl",
        "Chọn ít nhất một món, không nhiều hơn số còn lại.",
        "Choose at least one thing, and no more than is left.",
    );
    let weight = field(fields, "can_nang").replace(['.', ' '], "").parse::<i32>().ok();
    let weight = weight.filter(|g| (1..=1_000_000).contains(g));
    errors.check(
        weight.is_some(),
        "can_nang",
        "Cân nặng từ 1 gam đến 1.000.000 gam.",
        "A weight from 1 to 1,000,000 grams.",
    );
    let kind = CarrierKind::of(field(fields, "hang"));
    let kind = match kind {
        Some(kind) if kind.is_network() => {
            let kept = delivery::contracts(db, order.head.seller).await?;
            kept.iter().any(|c| c.carrier == kind).then_some(kind)
        }
        other => other,
    };
    errors.check(kind.is_some(), "hang", "Chọn người giao.", "Choose who brings it.");
    errors.check(
        can_pack(order.head.state),
        "sl",
        "Đơn hàng này hiện không đóng kiện được.",
        "No parcels can be made of this order now.",
    );
    Ok(match (kind, parts, weight) {
        (Some(kind), Some(parts), Some(weight)) if errors.is_empty() => Ok((kind, parts, weight)),
        _ => Err(errors),
    })
}

/// `POST /ban-hang/don-hang/{code}/kien`
pub(in super::super) async fn make(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
    form: Form<Fields>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let order = order_of(&mut tx, &scope, &code).await?;
    let (own, fields) = (format!("/ban-hang/don-hang/{}", order.head.code), &form.data);
    let once = Once::new(scope.person, field(fields, "key"), "/ban-hang/don-hang/kien", &form.raw);
    let once = once.map_err(bad_key)?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => return Err(super::misused()),
    }
    queries::hold(&mut tx, order.head.id).await?;
    // Somebody may have changed or cancelled it before it was held.
    let order = order_of(&mut tx, &scope, &code).await?;
    let (carrier, parts, weight) = match wanted(&mut tx, &page, &order, fields).await? {
        Ok(wanted) => wanted,
        Err(errors) => {
            drop(tx);
            let mut db = deps.db.acquire().await?;
            let shown = new_page(&mut db, page, order, Some((fields, errors))).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response());
        }
    };
    let new = parcels::new_parcel(&mut tx, &order, carrier, &parts, weight).await?;
    let id = delivery::make_parcel(&mut tx, &cx, &new).await.map_err(OrderError::from)?;
    parcels::follow(&mut tx, &cx, order.head.id).await?;
    idempotency::settle(&mut tx, &once, &own).await?;
    let detail = json!({ "seller": scope.seller, "carrier": carrier.code(), "parcel": id });
    audit::record(&mut tx, &cx, "orders.parcel", &format!("order:{}", order.head.id), detail)
        .await?;
    tx.commit().await?;
    Ok(go_with(&page, &own, page.t("Đã tạo kiện.", "The parcel is made.")))
}

#[derive(Template)]
#[template(path = "orders/parcel.html")]
struct ParcelPage {
    page: Page,
    order: Order,
    parcel: Parcel,
}

impl ParcelPage {
    fn crumbs(&self) -> Vec<(String, String)> {
        crumbs(&self.page, &self.order)
    }

    fn here(&self) -> String {
        format!("/ban-hang/don-hang/{}/kien/{}", self.order.head.code, self.parcel.code)
    }

    fn unclear(&self) -> bool {
        self.parcel.at_carrier == AtCarrier::Unclear
    }

    fn refused(&self) -> bool {
        self.parcel.at_carrier == AtCarrier::Refused
    }

    /// The carrier would not give it back.
    fn kept(&self) -> bool {
        self.parcel.at_carrier == AtCarrier::Known && !self.parcel.refusal.is_empty()
    }

    fn on_the_way(&self) -> bool {
        self.parcel.by_hand() && self.parcel.state.is_under_way()
    }

    fn back(&self) -> bool {
        self.parcel.by_hand() && self.parcel.state == ParcelState::Returning
    }

    fn leaves(&self) -> bool {
        self.parcel.by_hand() && self.parcel.state.is_here() && can_pack(self.order.head.state)
    }
}

async fn both(
    db: &mut PgConnection,
    scope: &SellerScope,
    (code, kien): (&str, &str),
) -> Result<(Order, Parcel), PageError> {
    let order = order_of(db, scope, code).await?;
    let parcel = delivery::parcel(db, scope.seller, &normalise(kien)).await?;
    let parcel = parcel.filter(|parcel| parcel.order == order.head.id);
    Ok((order, parcel.ok_or_else(PageError::not_found)?))
}

/// `GET /ban-hang/don-hang/{code}/kien/{kien}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path((code, kien)): Path<(String, String)>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let (order, parcel) = both(&mut db, &scope, (&code, &kien)).await?;
    Ok(Html(ParcelPage { page: page.in_section("seller-orders"), order, parcel }))
}

/// `POST /ban-hang/don-hang/{code}/kien/{kien}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path((code, kien)): Path<(String, String)>,
    form: Form<Fields>,
) -> Result<Response, PageError> {
    let fields = &form.data;
    let mut tx = deps.db.begin().await?;
    let (order, _) = both(&mut tx, &scope, (&code, &kien)).await?;
    // The order first, then its parcels: everybody takes them so.
    queries::hold(&mut tx, order.head.id).await?;
    let (order, parcel) = both(&mut tx, &scope, (&code, &kien)).await?;
    let own = format!("/ban-hang/don-hang/{}/kien/{}", order.head.code, parcel.code);
    let once =
        Once::new(scope.person, field(fields, "key"), "/ban-hang/don-hang/kien/act", &form.raw);
    let once = once.map_err(bad_key)?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => return Err(super::misused()),
    }
    if let Err(error) = deed(&mut tx, &cx, &order, &parcel, fields).await {
        return Ok(PageError(error.problem()).into_response());
    }
    idempotency::settle(&mut tx, &once, &own).await?;
    let detail =
        json!({ "seller": scope.seller, "act": field(fields, "act"), "parcel": parcel.code });
    audit::record(&mut tx, &cx, "orders.parcel", &format!("order:{}", order.head.id), detail)
        .await?;
    tx.commit().await?;
    Ok(go_with(&page, &own, page.t("Đã ghi nhận.", "Noted.")))
}

/// What a member of the seller does to a parcel, and the order that follows it.
async fn deed(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    parcel: &Parcel,
    fields: &Fields,
) -> Result<(), OrderError> {
    let act = field(fields, "act");
    let note: String = field(fields, "note").chars().take(500).collect();
    let refused = || OrderError::from(delivery::ParcelError::Moved(parcel.state));
    let state = parcel.state;
    let moved = |event| Fact::now(cx, Source::Seller, event, &note);
    let by_hand = parcel.by_hand();
    match act {
        "cancel" if parcel.can_cancel() => {
            delivery::cancel_parcel(db, cx, parcel.id, &note).await?;
        }
        "again"
            if parcel.at_carrier == AtCarrier::Refused
                || parcel.at_carrier == AtCarrier::Unclear =>
        {
            delivery::ask_again(db, cx, parcel.id).await?;
        }
        "known" if parcel.at_carrier == AtCarrier::Unclear => {
            delivery::is_known(db, cx, parcel.id, field(fields, "so")).await?;
        }
        "count" if parcel.awaits_count() => {
            let counts = counts(fields).ok_or(OrderError::Amounts)?;
            late::came_back(db, cx, order, parcel, &counts).await?;
        }
        "resend" if parcel.awaits_word() && can_pack(order.head.state) => {
            late::settle(db, cx, order, parcel, Settled::Resent).await?;
        }
        "refund" if parcel.awaits_word() => {
            late::settle(db, cx, order, parcel, Settled::Refunded).await?;
        }
        "lose" if by_hand && state.is_under_way() => {
            delivery::hear(db, cx, parcel.id, &moved(ParcelEvent::Lose)).await?;
        }
        "pick_up" if by_hand && state.is_here() && can_pack(order.head.state) => {
            delivery::leave(db, cx, parcel.id, &note).await?;
        }
        "deliver" | "fail" | "turn_back" | "go_out" if by_hand && state.is_under_way() => {
            let event = ParcelEvent::of(act).ok_or_else(refused)?;
            delivery::hear(db, cx, parcel.id, &moved(event)).await?;
        }
        "deliver_part" | "return" if by_hand && state.is_under_way() => {
            let event = ParcelEvent::of(act).ok_or_else(refused)?;
            let counts = counts(fields).ok_or(OrderError::Amounts)?;
            delivery::hear(db, cx, parcel.id, &moved(event)).await?;
            let now = Parcel { state: event.to(), ..parcel.clone() };
            late::came_back(db, cx, order, &now, &counts).await?;
        }
        _ => return Err(refused()),
    }
    parcels::follow(db, cx, order.head.id).await
}
