//! Whole orders, as pages, letters and papers show them.

use super::{
    machine::{ActorKind, OrderEvent, OrderState},
    model::DeliveryMethod,
    queries_read,
};
use crate::{
    kernel::{
        BasisPoints, GroupId, Lang, OrderId, PersonId, Phone, SellerId, Text, VariantId, Vnd,
        date_time,
    },
    payments::{self, Intent, PaymentMethod},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;

/// One order with its lines, its history and its payment.
#[derive(Debug, Clone)]
pub struct Order {
    pub head: OrderHead,
    pub lines: Vec<Line>,
    pub history: Vec<Happened>,
    pub payment: Option<Intent>,
}

/// The order's own facts, frozen when it was placed but for its state.
#[derive(Debug, Clone)]
pub struct OrderHead {
    pub id: OrderId,
    pub group: GroupId,
    pub group_code: String,
    pub code: String,
    pub secret: String,
    pub seller: SellerId,
    pub seller_name: String,
    pub seller_tax_code: Option<String>,
    pub seller_address: String,
    pub seller_phone: String,
    pub seller_email: String,
    pub buyer: Option<PersonId>,
    pub buyer_tax_code: Option<String>,
    pub buyer_org: String,
    /// Nobody has seen yet who the buying firm is.
    pub org_unverified: bool,
    pub buyer_name: String,
    pub buyer_phone: String,
    pub buyer_email: Option<String>,
    pub lang: String,
    pub delivery_method: DeliveryMethod,
    pub delivery_text: String,
    pub delivery_days: String,
    pub note: String,
    pub goods_total: Vnd,
    /// What the voucher takes off the goods.
    pub discount_total: Vnd,
    /// Empty: none.
    pub voucher_code: String,
    /// Its conditions, as the buyer read them.
    pub voucher_terms: String,
    pub delivery_fee: Vnd,
    pub tax_total: Vnd,
    pub total: Vnd,
    pub payment_method: PaymentMethod,
    pub state: OrderState,
    pub state_since: DateTime<Utc>,
    pub version: i32,
    pub due_at: Option<DateTime<Utc>>,
    pub cancel_reason: String,
    pub cancelled_by: Option<ActorKind>,
    pub tracking: String,
    pub placed_at: DateTime<Utc>,
}

/// One line with its agreed price.
#[derive(Debug, Clone)]
pub struct Line {
    /// Names it within its order.
    pub position: i32,
    pub variant: VariantId,
    pub sku: String,
    pub name: String,
    pub label: String,
    pub unit: String,
    pub picture: String,
    pub quantity: i64,
    pub unit_price: Vnd,
    pub tax_bps: BasisPoints,
    pub total: Vnd,
    /// Its share of the order's discount.
    pub discount: Vnd,
    /// Contained in what is paid.
    pub tax: Vnd,
}

/// One entry of the history.
#[derive(Debug, Clone)]
pub struct Happened {
    pub at: DateTime<Utc>,
    pub actor: ActorKind,
    pub event: String,
    pub to: OrderState,
    pub note: String,
    pub version: i32,
}

/// Who asks for an order; to anybody else it does not exist.
#[derive(Debug, Clone, Copy)]
pub enum Asker<'a> {
    /// Whoever has the link, and when they are signed in the buyer and the members of the firm that he bought for.
    Buyer { secret: &'a str, person: Option<PersonId> },
    /// A member of the seller.
    Seller(SellerId),
}

/// The order with this code, if the asker may see it.
///
/// # Errors
/// Whatever the database says.
pub async fn find(
    db: &mut PgConnection,
    code: &str,
    asker: Asker<'_>,
) -> sqlx::Result<Option<Order>> {
    let Some(head) = queries_read::head_by_code(db, code, asker).await? else { return Ok(None) };
    whole(db, head).await.map(Some)
}

/// The order of this id, for the system itself.
///
/// # Errors
/// Whatever the database says.
pub async fn by_id(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Order>> {
    let Some(head) = queries_read::head_by_id(db, id).await? else { return Ok(None) };
    whole(db, head).await.map(Some)
}

/// Heads and lines of many orders in two statements, for lists of them.
///
/// # Errors
/// Whatever the database says.
pub async fn with_lines(
    db: &mut PgConnection,
    ids: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, (OrderHead, Vec<Line>)>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let heads = queries_read::heads(db, &ids).await?;
    let mut all: HashMap<_, _> =
        heads.into_iter().map(|head| (head.id, (head, Vec::new()))).collect();
    for (order, line) in queries_read::lines_of(db, &ids).await? {
        if let Some((_, lines)) = all.get_mut(&order) {
            lines.push(line);
        }
    }
    Ok(all)
}

/// All orders of a group, for whoever has the key of one of them or placed it.
///
/// # Errors
/// Whatever the database says.
pub async fn group(
    db: &mut PgConnection,
    code: &str,
    secret: &str,
    person: Option<PersonId>,
) -> sqlx::Result<Vec<Order>> {
    let mut orders = Vec::new();
    for id in queries_read::group_ids(db, code, secret, person).await? {
        orders.extend(by_id(db, id).await?);
    }
    Ok(orders)
}

async fn whole(db: &mut PgConnection, head: OrderHead) -> sqlx::Result<Order> {
    let lines = queries_read::lines(db, head.id).await?;
    let history = queries_read::history(db, head.id).await?;
    let payment = payments::of_order(db, head.id).await?;
    Ok(Order { head, lines, history, payment })
}

impl Order {
    /// What the buyer still has to pay at a gateway, while the order waits for it.
    #[must_use]
    pub fn to_pay_online(&self) -> Option<&Intent> {
        let waits = self.head.state == OrderState::AwaitingPayment;
        let online = |p: &&Intent| waits && p.method.is_online() && p.to_pay().0 > 0;
        self.payment.as_ref().filter(online)
    }
}

impl OrderHead {
    /// What stands before the discount in a sum.
    #[must_use]
    pub fn discount_label(&self, lang: Lang) -> String {
        format!("{} {}", lang.t("Giảm giá, mã", "Discount, voucher"), self.voucher_code)
    }

    /// The discount as a sum shows it: below nothing.
    #[must_use]
    pub fn taken_off(&self) -> Vnd {
        Vnd(-self.discount_total.0)
    }

    /// Where whoever has the link follows it.
    #[must_use]
    pub fn guest_path(&self) -> String {
        format!("/don-hang/{}?k={}", self.code, self.secret)
    }

    /// Where letters to the buyer go, if he wants any.
    pub(super) fn reader(&self) -> Option<&str> {
        self.buyer_email.as_deref().filter(|email| !email.is_empty())
    }

    /// The buyer's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        Lang::of(&self.lang)
    }

    /// The buyer's number as people here write it.
    #[must_use]
    pub fn phone(&self) -> String {
        Phone::local(&self.buyer_phone)
    }

    /// The seller's number as people here write it.
    #[must_use]
    pub fn seller_phone_shown(&self) -> String {
        Phone::local(&self.seller_phone)
    }
}

impl Line {
    /// The line as the buyer knows it: name and variant.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.label.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.label)
        }
    }

    /// What is paid for it.
    #[must_use]
    pub fn paid(&self) -> Vnd {
        Vnd(self.total.0 - self.discount.0)
    }

    /// `8 %`, `0 %`, `10,5 %`.
    #[must_use]
    pub fn rate(&self) -> String {
        let (whole, rest) = (self.tax_bps.0 / 100, self.tax_bps.0 % 100);
        match rest {
            0 => format!("{whole}\u{a0}%"),
            _ => format!("{whole},{}\u{a0}%", format!("{rest:02}").trim_end_matches('0')),
        }
    }
}

impl Happened {
    /// What happened, in words.
    #[must_use]
    pub fn title(&self) -> Text {
        match (self.event.as_str(), self.to) {
            ("place", _) => Text::new("Đã đặt hàng", "Ordered"),
            ("amend", _) => Text::new(
                "Đổi đơn trước khi đóng gói, hai bên đồng ý",
                "Changed before packing, both sides agreed",
            ),
            ("elapse", OrderState::Cancelled) => {
                Text::new("Đơn hết hạn, tự hủy", "Lapsed and cancelled by the clock")
            }
            ("elapse", _) => {
                Text::new("Tự hoàn thành sau thời hạn", "Completed when the time was over")
            }
            (event, state) => match OrderEvent::of(event) {
                Some(OrderEvent::Pay) if self.actor == ActorKind::System => {
                    Text::new("Tiền đã về tài khoản người bán", "The money has arrived")
                }
                Some(OrderEvent::Pay) => {
                    Text::new("Người bán đã nhận được tiền", "The seller has received the money")
                }
                Some(OrderEvent::Confirm) => {
                    Text::new("Người bán đã xác nhận", "Confirmed by the seller")
                }
                Some(OrderEvent::Pack) => Text::new("Đã đóng gói", "Packed"),
                Some(OrderEvent::HandOver) => Text::new("Đã bàn giao để giao", "Handed over"),
                Some(OrderEvent::Deliver) => Text::new("Đã giao tới người mua", "Delivered"),
                Some(OrderEvent::Receive) => {
                    Text::new("Người mua đã nhận đủ hàng", "The buyer has received everything")
                }
                Some(OrderEvent::Cancel) => match self.actor {
                    ActorKind::Buyer => Text::new("Người mua đã hủy", "Cancelled by the buyer"),
                    ActorKind::Seller => Text::new("Người bán đã hủy", "Cancelled by the seller"),
                    ActorKind::Operator | ActorKind::System => Text::new(
                        "Đơn vị vận hành đã hủy",
                        "Cancelled by the operator of the floor",
                    ),
                },
                Some(OrderEvent::ComeBack) => {
                    Text::new("Hàng đã quay về người bán", "Everything came back to the seller")
                }
                Some(OrderEvent::Elapse) | None => state.label(),
            },
        }
    }
}

impl Happened {
    /// How the timeline marks it.
    #[must_use]
    pub fn mark(&self, last: &bool) -> &'static str {
        match (self.to, *last) {
            (OrderState::Cancelled, _) => "bad",
            (OrderState::Completed, _) | (_, false) => "done",
            (_, true) => "now",
        }
    }

    /// When, as people here read it.
    #[must_use]
    pub fn when(&self) -> String {
        date_time(self.at)
    }
}
