//! The buyer asks his firm to agree to the order that he has before him.

use super::{review, send_to};
use crate::{
    approvals::{self, Standing},
    checkout::{agreement, facts::Facts, ground::Ground, keeper::Keeper, load, plan::Missing},
    kernel::Cx,
    web::{Page, PageError, go_with},
};
use axum::response::Response;
use sqlx::PgPool;

/// Asks for what the page showed (`shown` is its digest); the same asked again is the same.
pub(super) async fn ask(
    (db, places, cx): (&PgPool, &Ground, &Cx),
    page: Page,
    keeper: &Keeper,
    (shown, facts): (&str, &str),
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let scene = load::scene(&mut tx, cx, places, basket, keeper.buyer).await?;
    let plan = match scene.plan(places, page.lang) {
        Ok(plan) => plan,
        Err(missing) => return Ok(send_to(&missing, &page)),
    };
    if Facts::of(&plan).digest() != shown {
        drop(tx);
        return review::changed(db, places, cx, page, keeper, facts).await;
    }
    let line = match agreement::request(&plan, keeper.buyer.person) {
        None => "",
        Some(request) => match approvals::ask(&mut tx, cx, &request).await? {
            Standing::NotNeeded | Standing::Approved => page.t(
                "Không cần ai duyệt nữa; bạn đặt hàng được.",
                "Nobody has to agree; you can order.",
            ),
            Standing::Waiting => page.t(
                "Đã gửi đề nghị duyệt. Người duyệt nhận thư ngay; bạn sẽ được báo khi có kết quả.",
                "The request is made. Approvers are mailed at once; you will be told.",
            ),
            Standing::Refused => page.t("Đề nghị này đã bị từ chối.", "This was refused."),
        },
    };
    tx.commit().await?;
    Ok(go_with(&page, "/dat-hang/xem-lai", line))
}
