//! Third step: all of it, and the button that makes it a promise.

use super::{agreement::ask, send_to, short_line};
use crate::{
    accounts::{self, Consenting, Purpose},
    checkout::{
        agreement::{self, Agreement},
        error::CheckoutError,
        facts::{Change, Facts},
        ground::Ground,
        keeper::{Held, Keeper},
        load,
        model::Line,
        place::{self, Asked, Outcome},
        plan::{Missing, Plan, ShopPlan},
        queries_checkouts::Whose,
    },
    documents,
    kernel::{CheckoutId, Cx, Errors, Phone, Text, VariantId, Vnd, day_of},
    orders::{OrderError, Redeemed},
    payments::{self, ForeignRate, PaymentMethod},
    platform::{db::begin_planned_once, idempotency::Once, rules},
    promotions::Refusal,
    web::{AsProblem, Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

const HERE: &str = "/dat-hang/xem-lai";

/// Deadlines of law and of the floor that the buyer is told.
struct Terms {
    unpaid_hours: i64,
    unconfirmed_hours: i64,
    return_days: i64,
    refund_days: i64,
    withdrawal_days: i64,
}

#[derive(Template)]
#[template(path = "checkout/review.html")]
struct ReviewPage {
    page: Page,
    errors: Errors,
    plan: Plan,
    terms: Terms,
    changes: Vec<Change>,
    shown: String,
    facts: String,
    /// What the button agrees to, in the words that are recorded.
    consent_terms: String,
    consent_data: String,
    /// Whom the invoice is to name, where the buyer asked for one.
    invoice: Option<documents::Recipient>,
    /// How the order stands with the buyer's firm.
    agreement: Agreement,
    /// What foreign money is worth, where somebody pays by international card.
    rates: Vec<ForeignRate>,
}

impl ReviewPage {
    fn phone(e164: &str) -> String {
        Phone::local(e164)
    }

    fn change(&self, change: &Change) -> String {
        change.shown(self.page.lang).to_owned()
    }

    fn way(&self, shop: &ShopPlan) -> String {
        shop.way.choice.method.label().get(self.page.lang).to_owned()
    }

    fn fee(&self, shop: &ShopPlan) -> String {
        shop.way.choice.fee_text(self.page.lang)
    }

    /// The voucher's conditions, as they are frozen.
    fn terms_of(&self, voucher: &Redeemed) -> String {
        voucher.terms.get(self.page.lang).to_owned()
    }

    fn discount_label(&self, voucher: &Redeemed) -> String {
        format!("{} {}", self.page.t("Giảm giá, mã", "Discount, voucher"), voucher.code)
    }

    fn off(amount: &Vnd) -> String {
        Vnd(-amount.0).to_string()
    }

    /// Why a voucher that was picked does not count.
    fn refusal(&self, (code, refusal): &(String, Refusal)) -> String {
        refusal.text(code).get(self.page.lang).to_owned()
    }

    fn payment(&self, shop: &ShopPlan) -> String {
        shop.payment.label().get(self.page.lang).to_owned()
    }

    /// What a shop's part is about worth abroad; nothing unless it is paid by international card.
    fn estimates(&self, shop: &ShopPlan) -> Vec<String> {
        if shop.payment != PaymentMethod::Stripe {
            return Vec::new();
        }
        self.rates.iter().map(|rate| rate.estimate(shop.total, self.page.lang)).collect()
    }

    /// Whether this line is not as it was shown.
    fn changed(&self, variant: &VariantId) -> bool {
        self.changes.iter().any(|change| change.variant == Some(*variant))
    }

    fn line_total(line: &Line) -> String {
        line.total().map(|v| v.to_string()).unwrap_or_default()
    }

    /// The tax rate as written: `8 %`, `0 %`.
    fn rate(line: &Line) -> String {
        let (whole, rest) = (line.tax.0 / 100, line.tax.0 % 100);
        match rest {
            0 => format!("{whole}\u{a0}%"),
            _ => format!("{whole},{rest:02}\u{a0}%"),
        }
    }

    fn days(&self, shop: &ShopPlan) -> String {
        format!("{} {}", shop.way.choice.days_text(), self.page.t("ngày", "days"))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::checkout) struct PlaceForm {
    #[serde(default)]
    key: String,
    /// The checkout of the page.
    #[serde(default)]
    checkout: String,
    /// The digest of what the page showed.
    #[serde(default)]
    shown: String,
    /// The same in full, to say what has changed.
    #[serde(default)]
    facts: String,
    /// `1`: the page said whom an invoice is to name.
    #[serde(default)]
    hoa_don: String,
    /// The other button: the firm is to agree first.
    #[serde(default)]
    ask: String,
}

impl PlaceForm {
    fn asked<'a>(
        &'a self,
        keeper: &Keeper,
        page: &Page,
        (whose, checkout): (Whose<'a>, CheckoutId),
        once: &'a Once,
    ) -> Asked<'a> {
        Asked {
            whose,
            checkout,
            once,
            buyer: keeper.buyer,
            lang: page.lang,
            shown: &self.shown,
            invoice: self.hoa_don == "1",
            assisted: keeper.assisted,
        }
    }
}

async fn terms(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Terms> {
    let keys = [
        ("order.unpaid_transfer_hours", 24),
        ("order.unconfirmed_hours", 48),
        ("order.return_window_days", 7),
        ("order.refund_days", 10),
        ("withdrawal.days", 30),
    ];
    let [unpaid_hours, unconfirmed_hours, return_days, refund_days, withdrawal_days] =
        rules::values(db, keys, day_of(cx.now)).await?;
    Ok(Terms { unpaid_hours, unconfirmed_hours, return_days, refund_days, withdrawal_days })
}

/// What a review page is made of besides the plan.
#[derive(Default)]
struct Said {
    status: StatusCode,
    errors: Option<Errors>,
    /// What the buyer had been shown, where his form told.
    before: Option<Facts>,
    /// Something is different, whether we know what or not.
    differs: bool,
}

async fn review(
    db: &PgPool,
    cx: &Cx,
    page: Page,
    held: &Held,
    plan: Plan,
    said: Said,
) -> Result<Response, PageError> {
    let (terms, invoice, rates, agreement) = {
        let mut db = db.acquire().await?;
        let (said, to) = documents::wish(&mut db, Some(plan.checkout), None, None).await?;
        let abroad = plan.shops.iter().any(|shop| shop.payment == PaymentMethod::Stripe);
        let rates = if abroad { payments::estimates(&mut db, cx).await? } else { Vec::new() };
        let person = page.viewer.as_ref().map(|viewer| viewer.id);
        let agreement = agreement::of(&mut db, &plan, person).await?;
        (terms(&mut db, cx).await?, to.filter(|_| said), rates, agreement)
    };
    let facts = Facts::of(&plan);
    let mut changes = said.before.map(|before| facts.changes(&before)).unwrap_or_default();
    if said.differs && changes.is_empty() {
        let text = Text::new(
            "Có chi tiết đã đổi từ khi bạn mở trang này; xin xem lại.",
            "Some particulars changed since you opened this page; please look again.",
        );
        changes.push(Change { variant: None, text });
    }
    let pieces = page.basket_count;
    let shown = ReviewPage {
        errors: said.errors.unwrap_or_else(|| Errors::new(page.lang)),
        terms,
        changes,
        shown: facts.digest(),
        facts: facts.text(),
        plan,
        consent_terms: Purpose::Terms.text().get(page.lang).to_owned(),
        consent_data: Purpose::Delivery.text().get(page.lang).to_owned(),
        invoice,
        agreement,
        rates,
        page: page.clone(),
    };
    Ok(held.dress(&page, pieces, (said.status, Html(shown)).into_response()))
}

/// `GET /dat-hang/xem-lai`
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
) -> Result<Response, PageError> {
    anew(&db, &places, &cx, page, &keeper, Said::default()).await
}

/// `POST /dat-hang/xem-lai`: one transaction, and one group of orders however often it is sent.
pub(in crate::checkout) async fn place(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, raw }: Form<PlaceForm>,
) -> Result<Response, PageError> {
    if !form.ask.is_empty() {
        return ask((&db, &places, &cx), page, &keeper, (&form.shown, &form.facts)).await;
    }
    let mut tx = begin_planned_once(&db).await?;
    let found = keeper.whose(&mut tx, &cx).await?;
    let (Some((whose, held)), Ok(checkout)) = (found, form.checkout.parse::<CheckoutId>()) else {
        return Ok(send_to(&Missing::Goods, &page));
    };
    let again = |tx, errors| look_again(&db, &places, &cx, page.clone(), &keeper, tx, errors);
    let mut errors = Errors::new(page.lang);
    // The checkout itself keeps the key.
    let once = Once::new(checkout.0, &form.key, HERE, &raw);
    let Some(once) = errors.take("key", once) else { return again(tx, errors).await };
    let asked = form.asked(&keeper, &page, (whose, checkout), &once);
    match place::place(&mut tx, &cx, &places, &asked).await {
        Ok(Outcome::Placed { to, left, phone }) => {
            if let Some(phone) = phone {
                consent(&mut tx, &cx, &keeper, &phone, &page).await?;
            }
            tx.commit().await?;
            Ok(held.dress(&page, left, go(&to)))
        }
        Ok(Outcome::Misused) => again(tx, Once::misused(page.lang)).await,
        Ok(Outcome::Changed(plan)) => {
            drop(tx);
            let said = Said {
                status: StatusCode::CONFLICT,
                before: Facts::read(&form.facts),
                differs: true,
                errors: None,
            };
            review(&db, &cx, page, &held, *plan, said).await
        }
        Ok(Outcome::NotAgreed(plan)) => {
            drop(tx);
            let said = Said { status: StatusCode::CONFLICT, ..Said::default() };
            review(&db, &cx, page, &held, *plan, said).await
        }
        Ok(Outcome::NotYet(missing)) => Ok(send_to(&missing, &page)),
        Err(CheckoutError::Order(OrderError::Short { name, available, .. })) => {
            Ok(go_with(&page, "/gio-hang", &short_line(&page, &name, available)))
        }
        // Others were faster: the review shows what the order comes to without the voucher.
        Err(CheckoutError::Order(OrderError::Voucher { .. }) | CheckoutError::SampleTaken) => {
            drop(tx);
            changed(&db, &places, &cx, page, &keeper, &form.facts).await
        }
        Err(CheckoutError::NotFound) => Ok(send_to(&Missing::Goods, &page)),
        Err(CheckoutError::Order(error @ (OrderError::Amounts | OrderError::NoAccount))) => {
            let line = error.problem().title;
            Ok(go_with(&page, "/dat-hang/giao-hang", line.get(page.lang)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The review as it is now, beside what it was.
pub(super) async fn changed(
    db: &PgPool,
    places: &Ground,
    cx: &Cx,
    page: Page,
    keeper: &Keeper,
    facts: &str,
) -> Result<Response, PageError> {
    let (status, before) = (StatusCode::CONFLICT, Facts::read(facts));
    let said = Said { status, before, differs: true, errors: None };
    anew(db, places, cx, page, keeper, said).await
}

/// The review again, with what is wrong with the form.
async fn look_again(
    db: &PgPool,
    places: &Ground,
    cx: &Cx,
    page: Page,
    keeper: &Keeper,
    tx: sqlx::PgTransaction<'_>,
    errors: Errors,
) -> Result<Response, PageError> {
    drop(tx);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let said = Said { status, errors: Some(errors), ..Said::default() };
    anew(db, places, cx, page, keeper, said).await
}

/// The review, read anew.
async fn anew(
    db: &PgPool,
    places: &Ground,
    cx: &Cx,
    page: Page,
    keeper: &Keeper,
    said: Said,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let scene = load::scene(&mut tx, cx, places, basket, keeper.buyer).await?;
    tx.commit().await?;
    match scene.plan(places, page.lang) {
        Ok(plan) => review(db, cx, page, &held, plan, said).await,
        Err(missing) => Ok(send_to(&missing, &page)),
    }
}

/// The button said what it agrees to; here it is on record.
async fn consent(
    db: &mut PgConnection,
    cx: &Cx,
    keeper: &Keeper,
    contact: &str,
    page: &Page,
) -> sqlx::Result<()> {
    let who = match keeper.person {
        Some(person) => Consenting::Person(person),
        None => Consenting::Contact(contact),
    };
    let purposes = [Purpose::Terms, Purpose::Delivery];
    accounts::record_consents(db, cx, who, &purposes, page.lang, HERE).await
}
