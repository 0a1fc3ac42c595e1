//! A purchase order as it is read: head, lines, instalments, deliveries, record.

use super::{
    machine::{self, Deed, Side},
    model::{self, PoState},
    queries_papers, queries_read, queries_signatures,
    signatures::Signature,
};
use crate::{
    kernel::{BasisPoints, Day, Lang, OrderId, OrgId, PersonId, SellerId, Vnd, date, date_time},
    payments::{self, Intent, IntentState},
    wholesale::Unit,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Who asks for a purchase order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    Buyer(OrgId),
    Seller(SellerId),
}

/// The head.
#[derive(Debug, Clone)]
pub(super) struct Po {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) org: OrgId,
    pub(super) seller: SellerId,
    pub(super) asked_by: PersonId,
    pub(super) title: String,
    pub(super) state: PoState,
    pub(super) version: i32,
    pub(super) lang: String,
    pub(super) goods_total: Vnd,
    pub(super) tax_total: Vnd,
    pub(super) delivery_fee: Vnd,
    pub(super) total: Vnd,
    pub(super) delivery_text: String,
    pub(super) wanted_by: Option<Day>,
    pub(super) deposit_bps: i32,
    pub(super) on_delivery_bps: i32,
    pub(super) net_days: Option<i32>,
    pub(super) terms_note: String,
    pub(super) buyer_name: String,
    pub(super) buyer_tax_code: String,
    pub(super) buyer_address: String,
    pub(super) seller_name: String,
    pub(super) seller_tax_code: Option<String>,
    pub(super) seller_address: String,
    pub(super) seller_phone: String,
    pub(super) credit_held: Vnd,
    pub(super) cancel_asked_by: Option<String>,
    pub(super) cancel_reason: String,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    pub(super) accepted_at: Option<DateTime<Utc>>,
    pub(super) accept_note: String,
}

impl Po {
    /// Due with the confirmation.
    #[must_use]
    pub(super) fn deposit(&self) -> Vnd {
        model::share(self.total, self.deposit_bps)
    }

    /// Due with the deliveries, all of them.
    #[must_use]
    pub(super) fn on_delivery(&self) -> Vnd {
        let rest = self.total.0 - self.deposit().0;
        Vnd(model::share(self.total, self.on_delivery_bps).0.min(rest))
    }

    /// Due after acceptance.
    #[must_use]
    pub(super) fn rest(&self) -> Vnd {
        Vnd(self.total.0 - self.deposit().0 - self.on_delivery().0)
    }

    /// What of it is on credit.
    #[must_use]
    pub(super) fn on_credit(&self) -> Vnd {
        if self.net_days.unwrap_or(0) > 0 { self.rest() } else { Vnd::ZERO }
    }

    /// The terms in words, one a line.
    #[must_use]
    pub(super) fn terms(&self, lang: Lang) -> Vec<String> {
        let mut all = Vec::new();
        if self.deposit().0 > 0 {
            let words = lang.t("Đặt cọc khi bên bán xác nhận", "Deposit with the confirmation");
            all.push(format!("{words}: {} ({})", self.deposit(), percent(self.deposit_bps)));
        }
        if self.on_delivery().0 > 0 {
            let words = lang.t("Trả theo từng đợt nhận hàng", "With each delivery received");
            all.push(format!(
                "{words}: {} ({})",
                self.on_delivery(),
                percent(self.on_delivery_bps)
            ));
        }
        if self.rest().0 > 0 {
            let words = match self.net_days {
                Some(days) if days > 0 => match lang {
                    Lang::Vi => format!("Trả trong {days} ngày sau nghiệm thu"),
                    Lang::En => format!("Within {days} days of acceptance"),
                },
                _ => lang.t("Trả khi nghiệm thu", "With the acceptance").to_owned(),
            };
            all.push(format!("{words}: {}", self.rest()));
        }
        if !self.terms_note.is_empty() {
            all.push(self.terms_note.clone());
        }
        all
    }
}

/// `8 %`, `5,25 %`.
pub(super) fn percent(bps: i32) -> String {
    format!("{}\u{a0}%", model::quantity(i64::from(bps) * 10))
}

/// A line.
#[derive(Debug, Clone)]
pub(super) struct PoLine {
    pub(super) position: i32,
    pub(super) variant: Option<Uuid>,
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) unit: String,
    pub(super) quantity: i64,
    pub(super) unit_price: Vnd,
    pub(super) tax: BasisPoints,
    pub(super) total: Vnd,
    /// So many of the unit …
    pub(super) units: Option<i64>,
    /// … are so many pieces of the stock; nothing where the seller counts.
    pub(super) base: Option<i64>,
    pub(super) sent: i64,
}

impl PoLine {
    /// `12,5`.
    #[must_use]
    pub(super) fn quantity_text(&self) -> String {
        model::quantity(self.quantity)
    }

    /// What is still to be sent.
    #[must_use]
    pub(super) fn open(&self) -> i64 {
        self.quantity - self.sent
    }

    /// The same for a form and for people.
    #[must_use]
    pub(super) fn open_text(&self) -> String {
        model::quantity(self.open())
    }

    #[must_use]
    pub(super) fn sent_text(&self) -> String {
        model::quantity(self.sent)
    }

    /// Whether the seller must say how many pieces leave the stock.
    #[must_use]
    pub(super) fn asks_pieces(&self) -> bool {
        self.variant.is_some() && self.factor().is_none()
    }

    /// The line's unit in pieces of the stock, as it was when the order was issued.
    #[must_use]
    pub(super) fn factor(&self) -> Option<Unit> {
        let (units, base) = (self.units?, self.base?);
        Some(Unit { name: self.unit.clone(), units, base })
    }

    /// The same for the seller, where a piece is not the unit itself: `1 thùng = 24 sản phẩm trong kho`.
    #[must_use]
    pub(super) fn factor_text(&self, lang: Lang) -> String {
        let other = self.factor().filter(|unit| unit.units != unit.base);
        let piece = lang.t("sản phẩm trong kho", "pieces of the stock");
        other.map(|unit| unit.shown(piece)).unwrap_or_default()
    }
}

/// A part of the price.
#[derive(Debug, Clone)]
pub(super) struct Instalment {
    pub(super) id: Uuid,
    pub(super) nth: i32,
    pub(super) kind: String,
    pub(super) amount: Vnd,
    pub(super) due_on: Day,
    pub(super) paid_at: Option<DateTime<Utc>>,
    pub(super) voided_at: Option<DateTime<Utc>>,
    /// Its payment; filled in by [`whole`].
    pub(super) intent: Option<Intent>,
}

impl Instalment {
    /// What it is for.
    #[must_use]
    pub(super) fn label(&self, lang: Lang) -> &'static str {
        match self.kind.as_str() {
            "deposit" => lang.t("Đặt cọc", "Deposit"),
            "delivery" => lang.t("Theo đợt giao", "With a delivery"),
            _ => lang.t("Phần còn lại", "The rest"),
        }
    }

    /// Whether it waits for money.
    #[must_use]
    pub(super) fn is_open(&self) -> bool {
        self.paid_at.is_none() && self.voided_at.is_none()
    }

    #[must_use]
    pub(super) fn due_text(&self) -> String {
        date(self.due_on)
    }

    /// Its state for people, with the badge's colour.
    #[must_use]
    pub(super) fn badge(&self, lang: Lang, today: Day) -> (&'static str, &'static str) {
        let state = self.intent.as_ref().map(|intent| intent.state);
        match state {
            _ if self.paid_at.is_some() => (lang.t("Đã trả", "Paid"), "good"),
            Some(IntentState::RefundDue) => (lang.t("Phải hoàn lại", "To be refunded"), "bad"),
            Some(IntentState::Refunded) => (lang.t("Đã hoàn", "Refunded"), "neutral"),
            _ if self.voided_at.is_some() => {
                (lang.t("Không phải trả", "Nothing to pay"), "neutral")
            }
            Some(IntentState::PartiallyPaid) => (lang.t("Mới trả một phần", "Partly paid"), "warn"),
            _ if self.due_on < today => (lang.t("Quá hạn", "Overdue"), "bad"),
            _ => (lang.t("Chờ thanh toán", "To be paid"), "warn"),
        }
    }
}

/// One delivery with its lines.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) id: Uuid,
    pub(super) nth: i32,
    pub(super) carrier: String,
    pub(super) note: String,
    pub(super) sent_at: DateTime<Utc>,
    pub(super) received_at: Option<DateTime<Utc>>,
    pub(super) remark: String,
    pub(super) lines: Vec<DeliveryLine>,
}

impl Delivery {
    #[must_use]
    pub(super) fn sent_text(&self) -> String {
        date_time(self.sent_at)
    }

    #[must_use]
    pub(super) fn received_text(&self) -> String {
        self.received_at.map(date_time).unwrap_or_default()
    }
}

/// So much of a line.
#[derive(Debug, Clone)]
pub(super) struct DeliveryLine {
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) unit_price: Vnd,
    pub(super) quantity: i64,
    /// That left the stock of the floor.
    pub(super) pieces: i64,
    pub(super) received: Option<i64>,
}

impl DeliveryLine {
    #[must_use]
    pub(super) fn quantity_text(&self) -> String {
        model::quantity(self.quantity)
    }

    #[must_use]
    pub(super) fn received_text(&self) -> String {
        self.received.map(model::quantity).unwrap_or_default()
    }

    /// Whether less has arrived than was sent.
    #[must_use]
    pub(super) fn is_short(&self) -> bool {
        self.received.is_some_and(|received| received < self.quantity)
    }
}

/// One entry of the record.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub(super) version: i32,
    pub(super) side: String,
    pub(super) event: String,
    pub(super) note: String,
    pub(super) at: DateTime<Utc>,
}

impl Happened {
    #[must_use]
    pub(super) fn title(&self, lang: Lang) -> String {
        Deed::told(&self.event).get(lang).to_owned()
    }

    #[must_use]
    pub(super) fn when(&self) -> String {
        date_time(self.at)
    }
}

/// All of a purchase order.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) head: Po,
    pub(super) lines: Vec<PoLine>,
    pub(super) instalments: Vec<Instalment>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) history: Vec<Happened>,
    pub(super) signatures: Vec<Signature>,
    /// SHA-256 of the contract, in hex; `None`: it has not been printed yet.
    pub(super) contract: Option<String>,
}

impl Whole {
    /// What has been paid of it.
    #[must_use]
    pub(super) fn paid(&self) -> Vnd {
        Vnd(self.instalments.iter().filter_map(|i| i.intent.as_ref()).map(|i| i.paid.0).sum())
    }

    /// What is not sent yet.
    #[must_use]
    pub(super) fn has_open_lines(&self) -> bool {
        self.lines.iter().any(|line| line.open() > 0)
    }

    /// Whether a signature of this side is kept.
    #[must_use]
    pub(super) fn is_signed_by(&self, side: &str) -> bool {
        self.signatures.iter().any(|signature| signature.side == side)
    }

    /// Whether a signed contract can be handed in.
    #[must_use]
    pub(super) fn can_be_signed(&self) -> bool {
        machine::next(self.head.state, Side::Buyer, Deed::Sign).is_some()
    }

    /// The number of an instalment.
    #[must_use]
    pub(super) fn instalment(&self, nth: i32) -> Option<&Instalment> {
        self.instalments.iter().find(|i| i.nth == nth)
    }
}

/// The purchase order with this number in its reader's scope.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn whole(
    db: &mut PgConnection,
    number: &str,
    scope: Scope,
) -> sqlx::Result<Option<Whole>> {
    let Some(id) = queries_read::id_of(db, number, scope).await? else { return Ok(None) };
    by_id(db, id).await
}

/// The same by its id, for jobs.
pub(super) async fn by_id(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Whole>> {
    let Some(head) = queries_read::head(db, id).await? else { return Ok(None) };
    let lines = queries_read::lines(db, id).await?;
    let mut instalments = queries_read::instalments(db, id).await?;
    let ids: Vec<OrderId> = instalments.iter().map(|part| OrderId(part.id)).collect();
    let mut intents = payments::of_orders(&mut *db, &ids).await?;
    for instalment in &mut instalments {
        instalment.intent = intents.remove(&OrderId(instalment.id));
    }
    let deliveries = queries_read::deliveries(db, id).await?;
    let history = queries_read::history(db, id).await?;
    let signatures = queries_signatures::of_order(db, id).await?;
    let contract = queries_papers::contract(db, id).await?.map(|kept| hex::encode(kept.sha256));
    Ok(Some(Whole { head, lines, instalments, deliveries, history, signatures, contract }))
}
