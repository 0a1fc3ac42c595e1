//! What nobody decides on ends by the clock, and what was meant for somebody else is taken back.

use crate::{
    firms_buy_together::{
        Hotel, asks, hats, hotel, invites, link_to, up_to_review, waiting_request,
    },
    market::{count, puts_in},
    support::World,
};
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_abandoned_ends_and_an_invitation_is_taken_back() {
    let world = World::new().await;
    let hat = hats(&world).await;
    let Hotel { requester, approver, admin } = hotel(&world).await;
    puts_in(&requester.browser, &hat, "5").await.ok();
    let review = up_to_review(&requester.browser).await;
    asks(&requester.browser, &review).await.ok().shows("Đang chờ");
    let request = waiting_request(&approver).await;
    let guest = world.person("Khách", "khach@example.vn").await;
    invites(&admin, "khach@example.vn", &["requester"]).await;
    let link = link_to(&world, "khach@example.vn", "/to-chuc/loi-moi/").await;
    guest.browser.get(&link).await.ok().shows("Khách sạn Biển");
    let page = admin.browser.get("/to-chuc/thanh-vien").await.ok();
    let form = page.form("form[action='/to-chuc/thanh-vien/thu-hoi']");
    let meddler = requester.browser.send(&form).await;
    assert_eq!(meddler.status, StatusCode::FORBIDDEN);
    admin.browser.send(&form).await.ok().shows("Đã thu hồi lời mời").lacks("khach@example.vn");
    assert!(!guest.browser.get(&link).await.contains("Khách sạn Biển"));
    assert_eq!(admin.browser.send(&form).await.status, StatusCode::NOT_FOUND);
    // Nobody decides for a month.
    let waits = "select count(*) from approvals.requests where state = 'waiting'";
    world.wait(chrono::TimeDelta::days(29)).await;
    assert_eq!(count(&world, waits).await, 1);
    world.wait(chrono::TimeDelta::days(2)).await;
    assert_eq!(count(&world, waits).await, 0);
    let approver = world.signed_in(approver.id, false).await;
    approver.get(&request).await.ok().shows("quá hạn, không ai quyết định");
}
