//! A few returns, one in each kind of trouble, so that their pages show something real.

use crate::{
    kernel::{Cx, OrderId, Vnd},
    orders::{self, DeliveryMethod, OrderState},
    returns::{self, Act, Actor, Event, Kind, NewReturn, Wish},
};
use sqlx::PgConnection;

type Step = (Event, Actor, &'static str, Option<Vnd>);

/// What becomes of the returns, one story each.
const STORIES: [(&str, &[Step]); 4] = [
    ("Gói bị rách, hàng ẩm.", &[]),
    (
        "Giao nhầm loại.",
        &[
            (Event::Approve, Actor::Seller, "", None),
            (Event::Send, Actor::Buyer, "Gửi xe khách, nhà xe Tân Quang", None),
        ],
    ),
    (
        "Hạn dùng còn quá ngắn, không như mô tả.",
        &[
            (Event::Reject, Actor::Seller, "Hạn dùng có ghi rõ trên trang sản phẩm.", None),
            (
                Event::Contest,
                Actor::Buyer,
                "Trang sản phẩm ghi 12 tháng, hàng chỉ còn 1 tháng.",
                None,
            ),
        ],
    ),
    (
        "Thiếu một gói.",
        &[
            (Event::Waive, Actor::Seller, "", None),
            (Event::Refund, Actor::Seller, "FT26111900421", None),
            (Event::Confirm, Actor::Buyer, "", None),
        ],
    ),
];

/// Returns of the first of these orders that have been delivered.
pub(super) async fn load(db: &mut PgConnection, cx: &Cx, recent: &[OrderId]) -> anyhow::Result<()> {
    let mut stories = STORIES.iter();
    let mut next = stories.next();
    for id in recent {
        let Some((reason, steps)) = next else { break };
        let Some(order) = orders::by_id(db, *id).await? else { continue };
        let here = matches!(order.head.state, OrderState::Delivered | OrderState::Completed);
        // A visit is no packet that could be torn.
        if !here || order.head.delivery_method == DeliveryMethod::Pickup {
            continue;
        }
        let Some(line) = order.lines.first() else { continue };
        let (kind, wish) = (Kind::Fault, Wish::Refund);
        let (reason, lines) = ((*reason).to_owned(), vec![(line.position, 1)]);
        let new = NewReturn { kind, wish, reason, lines, pictures: Vec::new() };
        let Ok(case) = returns::request(db, cx, &order, &new).await else { continue };
        for (event, actor, note, amount) in *steps {
            let act = Act { event: *event, actor: *actor, note, amount: *amount, seen: None };
            returns::act(db, cx, case, &act).await?;
        }
        next = stories.next();
    }
    Ok(())
}
