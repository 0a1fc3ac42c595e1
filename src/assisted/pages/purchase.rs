//! What was ordered for a villager, and the paper that he takes home.

use super::{dress, since};
use crate::{
    assisted::{clerk::Clerk, queries, routes::Deps},
    kernel::{Cx, normalise},
    orders::{self, Order},
    payments,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "assisted/purchase.html")]
struct PurchasePage {
    page: Page,
    group: String,
    orders: Vec<Order>,
}

/// One order on paper.
struct Printed {
    order: Order,
    /// SVG of the follow link.
    qr: String,
}

#[derive(Template)]
#[template(path = "assisted/paper.html")]
struct PaperPage {
    page: Page,
    group: String,
    point: String,
    clerk: String,
    orders: Vec<Printed>,
}

/// The orders of a purchase that this clerk made lately, and the point's name.
async fn found(
    deps: &Deps,
    cx: &Cx,
    clerk: &Clerk,
    code: &str,
) -> Result<(String, Vec<Order>), PageError> {
    let mut db = deps.db.acquire().await?;
    let since = since(&mut db, cx).await?;
    let rows = queries::of_group(&mut db, clerk.person, &normalise(code), since).await?;
    let point = rows.first().map(|(_, point)| point.clone()).ok_or_else(PageError::not_found)?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, _) in rows {
        all.extend(orders::by_id(&mut db, id).await?);
    }
    Ok((point, all))
}

/// `GET /diem-ho-tro/lan-dat/{code}`: the clerk's browser is his own again.
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let (_, orders) = found(&deps, &cx, &clerk, &code).await?;
    let visit = {
        let mut db = deps.db.acquire().await?;
        queries::open_visit(&mut db, clerk.person, cx.now).await?
    };
    let shown = PurchasePage { page: page.clone(), group: normalise(&code), orders };
    let answer = Html(shown).into_response();
    Ok(if visit.is_some() { answer } else { dress(&page, None, answer) })
}

/// `GET /diem-ho-tro/lan-dat/{code}/giay`
pub(in super::super) async fn paper(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let (point, orders) = found(&deps, &cx, &clerk, &code).await?;
    let printed = |order: Order| -> Result<Printed, PageError> {
        let link = page.full_url(&order.head.guest_path());
        Ok(Printed { qr: payments::qr_svg(&link)?, order })
    };
    let orders = orders.into_iter().map(printed).collect::<Result<Vec<_>, _>>()?;
    let clerk = page.viewer.as_ref().map(|v| v.name.clone()).unwrap_or_default();
    Ok(Html(PaperPage { group: normalise(&code), point, clerk, orders, page }))
}
