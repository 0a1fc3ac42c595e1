//! `GET /ban-hang`

use super::routes::Deps;
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Day, Lang, Vnd},
    orders::{self, Figures, OrderState},
    payments::{self, Waiting},
    stock,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::extract::State;

/// Fewer than this are few.
const FEW: i64 = 5;

#[derive(Template)]
#[template(path = "seller_desk/overview.html")]
struct OverviewPage {
    page: Page,
    scope: SellerScope,
    figures: Figures,
    /// Money that does not fit.
    money: Waiting,
    /// How many variants are nearly sold out; at most a hundred are counted.
    low: i64,
    /// Of the chart: first day, amount, percent of the tallest.
    columns: Vec<(String, String, i64)>,
}

impl OverviewPage {
    /// How many orders wait in a state, written.
    fn waiting(&self, state: &str) -> String {
        let state = OrderState::of(state);
        state.and_then(|s| self.figures.waiting.get(&s)).cloned().unwrap_or_else(|| "0".into())
    }

    fn nothing_waits(&self) -> bool {
        ["awaiting_payment", "placed", "confirmed", "packed", "handed_over"]
            .iter()
            .all(|state| self.waiting(state) == "0")
    }

    /// `Đã giao: 3`
    fn said(&self, state: &OrderState, n: &i64) -> String {
        format!("{}: {n}", state.label().get(self.page.lang))
    }

    fn revenue(&self) -> Vnd {
        Vnd(self.figures.completed.iter().map(|(_, sum)| sum.0).sum())
    }
}

fn columns(figures: &Figures, lang: Lang) -> Vec<(String, String, i64)> {
    let most = figures.completed.iter().map(|(_, sum)| sum.0).max().unwrap_or(0).max(1);
    let column = |(day, sum): &(Day, Vnd)| {
        let percent = i128::from(sum.0) * 100 / i128::from(most);
        let percent = i64::try_from(percent).unwrap_or(100);
        (day.format("%d/%m").to_string(), short(*sum, lang), percent)
    };
    figures.completed.iter().map(column).collect()
}

/// `1,2 tr`, `950 n`: short enough for a column.
fn short(amount: Vnd, lang: Lang) -> String {
    let tenths = |unit: i64| {
        format!("{},{}", amount.0 / unit, amount.0 % unit * 10 / unit).replace(",0", "")
    };
    match amount.0 {
        0 => String::new(),
        n if n >= 1_000_000_000 => tenths(1_000_000_000) + lang.t(" tỷ", " bn"),
        n if n >= 1_000_000 => tenths(1_000_000) + lang.t(" tr", " m"),
        n => format!("{}{}", n / 1000, lang.t(" n", " k")),
    }
}

/// `GET /ban-hang`
pub(super) async fn overview(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let figures = orders::figures(&mut db, &cx, scope.seller).await?;
    let money = payments::waiting(&mut *db, scope.seller).await?;
    let low = stock::count_low(&mut db, scope.seller, FEW).await?;
    let page = page.in_section("seller");
    let columns = columns(&figures, page.lang);
    Ok(Html(OverviewPage { page, scope, figures, money, low, columns }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_fit_under_a_column() {
        let vi = |n| short(Vnd(n), Lang::Vi);
        assert_eq!(
            [vi(0), vi(950_000), vi(1_250_000), vi(12_000_000), vi(3_400_000_000)],
            ["", "950 n", "1,2 tr", "12 tr", "3,4 tỷ"]
        );
    }
}
