//! Lists of orders: what a seller filters by, pages that stay fast, figures of the desk.

use super::{machine::OrderState, queries_lists};
use crate::kernel::{
    Cursor, Cx, Leaf, OrderId, OrgId, PersonId, Phone, SellerId, Vnd, day_of, is_code, normalise,
};
use crate::kernel::{Day, parse_day, start_of_day, words};
use crate::payments::PaymentMethod;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgExecutor};
use std::collections::HashMap;

/// One order in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: OrderId,
    pub code: String,
    pub buyer_name: String,
    /// E.164.
    pub buyer_phone: String,
    pub seller_name: String,
    pub total: Vnd,
    pub discount: Vnd,
    /// Empty: none.
    pub voucher: String,
    pub payment: PaymentMethod,
    pub state: OrderState,
    pub version: i32,
    pub placed_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub delivery_text: String,
    pub tracking: String,
    /// The first lines in words.
    pub goods: String,
    /// How many lines there are.
    pub kinds: i64,
}

impl Listed {
    /// The buyer's number as people here write it.
    #[must_use]
    pub fn phone(&self) -> String {
        Phone::local(&self.buyer_phone)
    }
}

/// What a seller looks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<OrderState>,
    pub from: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
    pub code: Option<String>,
    pub phone: Option<String>,
    /// Folded words of the buyer's name.
    pub words: Vec<String>,
}

impl Filter {
    /// Reads what was typed; what is not understood counts as not asked.
    #[must_use]
    pub fn read(state: &str, typed: &str, from: &str, to: &str) -> Self {
        let mut filter = Self { state: OrderState::of(state), ..Self::default() };
        filter.from = parse_day(from).ok().map(start_of_day);
        let after = |day: Day| day.succ_opt().unwrap_or(day);
        filter.before = parse_day(to).ok().map(|day| start_of_day(after(day)));
        let code = normalise(typed);
        if code.len() == 10 && is_code(&code) {
            filter.code = Some(code);
        } else if let Ok(phone) = Phone::parse(typed) {
            filter.phone = Some(phone.as_str().to_owned());
        } else {
            filter.words = words(typed).into_iter().take(8).collect();
        }
        filter
    }
}

/// One page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub from: Cursor,
    pub size: i64,
}

/// A page with the names of its neighbours: `sau` leads to older, `truoc` to newer orders.
pub type Sheet = Leaf<Listed>;

fn sheet(orders: Vec<Listed>, page: &Page) -> Sheet {
    let size = usize::try_from(page.size).unwrap_or_default();
    page.from.leaf(orders, size, |order| (order.placed_at, order.id.0))
}

/// A seller's orders, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn of_seller<'c>(
    db: impl PgExecutor<'c> + Copy,
    seller: SellerId,
    filter: &Filter,
    page: &Page,
) -> sqlx::Result<Sheet> {
    Ok(sheet(queries_lists::of_seller(db, seller, filter, page).await?, page))
}

/// A person's own orders, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn of_buyer(
    db: impl PgExecutor<'_>,
    buyer: PersonId,
    page: &Page,
) -> sqlx::Result<Sheet> {
    Ok(sheet(queries_lists::of_buyer(db, buyer, page).await?, page))
}

/// What was ordered for a firm, newest first.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn of_org(
    db: impl PgExecutor<'_>,
    org: OrgId,
    page: &Page,
) -> sqlx::Result<Sheet> {
    Ok(sheet(queries_lists::of_org(db, org, page).await?, page))
}

/// How many orders of a seller stand in each state, written: `12`, `999+`.
///
/// # Errors
/// Whatever the database says.
pub async fn counts(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<HashMap<OrderState, String>> {
    let written = |n: i64| match n {
        n if n >= queries_lists::COUNTED => format!("{}+", queries_lists::COUNTED - 1),
        n => n.to_string(),
    };
    let counts = queries_lists::counts(db, seller).await?;
    Ok(counts.into_iter().map(|(state, n)| (state, written(n))).collect())
}

/// What people call an order.
#[derive(Debug, Clone)]
pub struct OrderName {
    pub code: String,
    pub buyer: String,
}

/// The names of some orders.
///
/// # Errors
/// Whatever the database says.
pub async fn names(
    db: impl PgExecutor<'_>,
    ids: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, OrderName>> {
    Ok(queries_lists::names(db, ids).await?.into_iter().collect())
}

/// The orders of a seller with these codes.
///
/// # Errors
/// Whatever the database says.
pub async fn by_codes(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    codes: &[String],
) -> sqlx::Result<HashMap<String, OrderId>> {
    Ok(queries_lists::by_codes(db, seller, codes).await?.into_iter().collect())
}

/// The figures of a seller's first page.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Today's orders by the state they are in now.
    pub today: Vec<(OrderState, i64)>,
    /// What they come to, without the cancelled.
    pub today_total: Vnd,
    /// What was completed in the last thirty days, in six parts of five: the first day and the sum.
    pub completed: Vec<(Day, Vnd)>,
    /// How many wait in each state.
    pub waiting: HashMap<OrderState, String>,
}

/// Reads the figures of a seller's first page.
///
/// # Errors
/// Whatever the database says.
pub async fn figures(db: &mut PgConnection, cx: &Cx, seller: SellerId) -> sqlx::Result<Figures> {
    let today = day_of(cx.now);
    let mut since = queries_lists::since(&mut *db, seller, start_of_day(today)).await?;
    since.sort_by_key(|(state, ..)| OrderState::ALL.iter().position(|s| s == state));
    let kept = since.iter().filter(|(state, ..)| *state != OrderState::Cancelled);
    let today_total = Vnd(kept.map(|(.., total)| total.0).sum());
    let first = today - TimeDelta::days(29);
    let days: HashMap<Day, Vnd> = queries_lists::completed(&mut *db, seller, start_of_day(first))
        .await?
        .into_iter()
        .collect();
    let part = |n: i64| {
        let start = first + TimeDelta::days(n * 5);
        let sum = (0..5).filter_map(|d| days.get(&(start + TimeDelta::days(d)))).map(|v| v.0).sum();
        (start, Vnd(sum))
    };
    Ok(Figures {
        today: since.into_iter().map(|(state, n, _)| (state, n)).collect(),
        today_total,
        completed: (0..6).map(part).collect(),
        waiting: counts(db, seller).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::code_from;
    use uuid::Uuid;

    #[test]
    fn what_is_typed_is_a_code_a_number_or_a_name() {
        let code = code_from(Uuid::from_u128(7));
        let spaced = format!("{} {}", &code[..5].to_lowercase(), &code[5..]);
        assert_eq!(Filter::read("", &spaced, "", "").code, Some(code));
        assert_eq!(Filter::read("", "0912 345 678", "", "").phone, Some("+84912345678".into()));
        let name = Filter::read("packed", "Trần Thị HƯƠNG", "01/11/2026", "2026-11-02");
        assert_eq!(name.words, ["tran", "thi", "huong"]);
        assert_eq!(name.state, Some(OrderState::Packed));
        assert_eq!((name.before.unwrap() - name.from.unwrap()).num_hours(), 48);
        let nothing = Filter::read("x", "  ", "khi nào", "");
        assert!(nothing.state.is_none() && nothing.words.is_empty() && nothing.from.is_none());
    }
}
