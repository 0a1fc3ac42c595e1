//! What a buyer chooses among offers binds his firm only where its rules let it: it is asked, and exactly what it has agreed
//! to is awarded.

use crate::{
    firms_ask_for_quotes::{Floor, asks, floor, offers, presses, quote_of, sent},
    market::count,
    quotes_under_fire::{pick, priced, request, standing},
    support::{
        World,
        browser::{Answer, FormOnPage},
        people::Somebody,
    },
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    approvals::{self, NewRule, Subject, SubjectKind},
    kernel::{Lang, Vnd},
    organisations::{self, OrgRole},
    quotes::{self, Amount, Chosen, Offerer, Outcome, QuoteError},
};
use uuid::Uuid;

const ORDERS: &str = "select count(*) from purchasing.orders";
const ASKED: &str = "select count(*) from approvals.requests";
const STANDING: &str = "select count(*) from approvals.requests where state <> 'void'";

/// The firm gets an approver, who asks for nothing himself, and a rule from `over` on.
async fn ruled(world: &World, floor: &Floor, over: i64) -> Somebody {
    let approver = world.person("Duyên", "duyen@example.vn").await;
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let roles = [OrgRole::Approver];
    organisations::add_member(&mut tx, &cx, floor.org, approver.id, &roles).await.unwrap();
    let rule = NewRule { over: Vnd(over), category: None, person: None, approver: None };
    approvals::add_rule(&mut tx, &cx, (floor.org, floor.buyer.id), &rule).await.unwrap();
    tx.commit().await.unwrap();
    approver
}

async fn waiting(approver: &Somebody) -> String {
    approver.browser.get("/to-chuc/duyet").await.ok().link("Chọn chào giá cho")
}

async fn decides(who: &Somebody, request: &str, act: &str, note: &str) -> Answer {
    let page = who.browser.get(request).await.ok();
    let form = page.form(&format!("form[action='{request}']"));
    who.browser.send(&form.with("act", act).with("ghi_chu", note)).await
}

async fn comparison(floor: &Floor, path: &str) -> FormOnPage {
    let page = floor.buyer.browser.get(path).await.ok();
    page.form(&format!("section[aria-labelledby=so-sanh] form[action='{path}/chon']"))
}

async fn kept(floor: &Floor, path: &str) -> FormOnPage {
    let page = floor.buyer.browser.get(path).await.ok().shows("Chốt như đã duyệt");
    let form = page.form("section[aria-labelledby=de-nghi] form");
    form.with("chot", &page.attributes("button[name=chot]", "value").remove(0))
}

#[tokio::test]
async fn a_choice_waits_for_the_firm_and_exactly_that_is_awarded() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let approver = ruled(&world, &floor, 5_000_000).await;
    let id = sent(&floor, &asks(&floor).await).await;
    let [a, b, _] = &floor.shops[..] else { unreachable!() };
    offers(&a.0, &id, "100.000", "21.000").await;
    offers(&b.0, &id, "99.000", "22.500").await;
    let path = format!("/to-chuc/bao-gia/{id}");
    let (qa, qb) = (quote_of(&world, a.1).await, quote_of(&world, b.1).await);
    let buyer = &floor.buyer.browser;

    // Hats of the second shop, rice of the first: kept, asked once, and nothing is bound.
    let split = comparison(&floor, &path).await;
    let split = split.with("l1", &format!("{qb}:1:0")).with("l2", &format!("{qa}:1:0"));
    let page = buyer.send(&split).await.ok().shows("Đang chờ duyệt: một người duyệt bất kỳ");
    page.shows("Lựa chọn chờ đơn vị duyệt").lacks("Chốt như đã duyệt");
    let again = comparison(&floor, &path).await;
    assert_eq!(again.value("l1"), Some(format!("{qb}:1:0").as_str()), "it stands in the form");
    buyer.send(&again).await.ok().shows("Đang chờ duyệt");
    assert_eq!([count(&world, ORDERS).await, count(&world, ASKED).await], [0, 1]);

    // Who decides reads every line, and the comparison, where he has nothing to press.
    world.run_jobs().await;
    let mails = world.mails_to("duyen@example.vn").await;
    assert!(mails.iter().any(|mail| mail.1.contains("Nón × 120 cái")), "{mails:?}");
    let first = waiting(&approver).await;
    let page = approver.browser.get(&first).await.ok().shows("Gạo nếp × 1.250,5 kg");
    let read = page.shows("Nông sản 1").link("Xem so sánh chào giá");
    let read = approver.browser.get(&read).await.ok().shows("100.000").shows("Đang chờ duyệt");
    assert!(read.attributes("input[type=radio]", "value").is_empty());
    let forged = split.clone().with("key", &Uuid::new_v4().to_string());
    assert_eq!(approver.browser.send(&forged).await.status, StatusCode::FORBIDDEN);
    let own = buyer.post(&first, &[("act", "approve")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "nobody agrees to his own wish");

    // Another choice before anybody has agreed: the first is void.
    let all = comparison(&floor, &path).await.with("all", &format!("{qa}:1"));
    buyer.send(&all).await.ok().shows("Đang chờ duyệt");
    let stale = approver.browser.post(&first, &[("act", "approve")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let second = waiting(&approver).await;
    decides(&approver, &second, "refuse", "Gạo đắt quá").await.ok();
    let page = buyer.get(&path).await.ok().shows("Đơn vị không duyệt").shows("Gạo đắt quá");
    assert!(page.attributes("button[name=chot]", "value").is_empty());
    // The same again stays refused; nobody is asked twice.
    let all = comparison(&floor, &path).await.with("all", &format!("{qa}:1"));
    let refused = buyer.send(&all).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("Đơn vị của bạn đã từ chối đúng lựa chọn này");
    assert_eq!([count(&world, ORDERS).await, count(&world, STANDING).await], [0, 1]);

    // Back to the first choice it is asked anew; agreed to, it is awarded as it was kept.
    let key = Uuid::new_v4().to_string();
    buyer.send(&split.clone().with("key", &key)).await.ok().shows("Đang chờ duyệt");
    let third = waiting(&approver).await;
    decides(&approver, &third, "approve", "").await.ok();
    let form = kept(&floor, &path).await;
    assert_eq!(count(&world, ORDERS).await, 0, "agreement alone awards nothing");
    // One hat more is another choice.
    let more = comparison(&floor, &path).await.with("q1", "121");
    buyer.send(&more).await.ok().shows("Đang chờ duyệt");
    let late = buyer.send(&form).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "what was kept is another choice");
    let less = comparison(&floor, &path).await.with("q1", "120");
    buyer.send(&less).await.ok().shows("Đang chờ duyệt");
    decides(&approver, &waiting(&approver).await, "approve", "Được").await.ok();
    world.run_jobs().await;
    let form = kept(&floor, &path).await;
    buyer.send(&form).await.ok().shows("Đã chọn và lập đơn mua").lacks("Lựa chọn chờ");
    assert_eq!(count(&world, ORDERS).await, 2);
    let agreed = "select count(*) from approvals.requests r join quotes.awards a on a.request_id = r.subject_id
                  where r.state = 'approved' and r.amount = a.total";
    assert_eq!(count(&world, agreed).await, 1);
}

#[tokio::test]
async fn an_offer_that_changes_takes_the_agreement_with_it_and_so_does_the_end() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let approver = ruled(&world, &floor, 0).await;
    let [a, b, _] = &floor.shops[..] else { unreachable!() };
    let id = sent(&floor, &asks(&floor).await).await;
    offers(&a.0, &id, "100.000", "21.000").await;
    let path = format!("/to-chuc/bao-gia/{id}");
    let qa = quote_of(&world, a.1).await;
    let all = comparison(&floor, &path).await.with("all", &format!("{qa}:1"));
    floor.buyer.browser.send(&all).await.ok();
    decides(&approver, &waiting(&approver).await, "approve", "").await.ok();
    let form = kept(&floor, &path).await;
    // The shop offers anew, dearer: what was agreed to cannot be awarded, and the new one is not agreed to.
    offers(&a.0, &id, "200.000", "21.000").await;
    let page = floor.buyer.browser.get(&path).await.ok().shows("đã đổi hoặc hết hiệu lực");
    assert!(page.attributes("button[name=chot]", "value").is_empty());
    let late = floor.buyer.browser.send(&form).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let dearer = comparison(&floor, &path).await.with("all", &format!("{qa}:2"));
    floor.buyer.browser.send(&dearer).await.ok().shows("Đang chờ duyệt");
    assert_eq!(count(&world, ORDERS).await, 0);
    // Called off: nobody decides on it any more.
    let request = waiting(&approver).await;
    presses(&floor.buyer, &path, "cancel").await.ok();
    approver.browser.get(&request).await.ok().shows("đã khép lại việc cần duyệt");
    let gone = approver.browser.post(&request, &[("act", "approve")]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    // The same where the clock ends it.
    let id = sent(&floor, &asks(&floor).await).await;
    offers(&b.0, &id, "100.000", "21.000").await;
    let path = format!("/to-chuc/bao-gia/{id}");
    let page = floor.buyer.browser.get(&path).await.ok();
    let pick = page.attributes("button[name=all]", "value").remove(0);
    floor.buyer.browser.send(&comparison(&floor, &path).await.with("all", &pick)).await.ok();
    assert_eq!(count(&world, STANDING).await, 1);
    for _ in 0..3 {
        world.wait(TimeDelta::days(20)).await;
    }
    assert_eq!(count(&world, STANDING).await, 0);
}

async fn agree(world: &World, floor: &Floor, approver: &Somebody, request: Uuid) {
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let subject = Subject { kind: SubjectKind::Quote, id: request };
    let asked = approvals::latest(&mut tx, subject).await.unwrap().expect("somebody is asked");
    let who = (floor.org, approver.id);
    approvals::decide(&mut tx, &cx, who, asked, (true, "")).await.unwrap();
    tx.commit().await.unwrap();
}

/// Somebody chooses, through the page's own command or past it; whether it was awarded.
async fn tries(world: &World, floor: &Floor, request: Uuid, chosen: &[Chosen], asks: bool) -> bool {
    let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
    let (tree, who) = (&world.app.categories, (floor.buyer.id, Lang::Vi));
    let whose = (floor.org, request);
    let done = if asks {
        quotes::choose(&mut tx, &cx, tree, whose, who, (chosen, "")).await
    } else {
        let placed = quotes::award(&mut tx, &cx, tree, whose, who, (chosen, "")).await;
        placed.map(Outcome::Placed)
    };
    match done {
        Ok(outcome) => {
            tx.commit().await.unwrap();
            matches!(outcome, Outcome::Placed(_))
        }
        Err(QuoteError::Moved | QuoteError::NotAgreed) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Awards without an agreement to their sum.
const UNAGREED: &str = "select count(*) from quotes.awards a where not exists (
    select from approvals.requests r
    where r.subject_kind = 'quote' and r.subject_id = a.request_id and r.state = 'approved' and r.amount = a.total)";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_awarded_without_the_firms_agreement_whoever_presses_when() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let approver = ruled(&world, &floor, 0).await;
    for round in 0..7 {
        let id = request(&world, &floor, false).await;
        for (n, (owner, seller)) in (0i64..).zip(&floor.shops) {
            let by = Offerer { seller: *seller, person: Some(owner.id), owns: true };
            let (mut tx, cx) = (world.db.begin().await.unwrap(), world.cx());
            let new = priced(&world, 9_000 + n * 100, 48);
            quotes::offer(&mut tx, &cx, id, by, &new).await.unwrap();
            tx.commit().await.unwrap();
        }
        let stands = standing(&world, id).await;
        let agreed = [pick(1, stands[0]), pick(2, stands[1])];
        let mut other = agreed;
        other[1].quantity = Amount(11_000);
        assert!(!tries(&world, &floor, id, &agreed, false).await, "nobody was asked");
        assert!(!tries(&world, &floor, id, &agreed, true).await, "somebody was asked");
        assert!(!tries(&world, &floor, id, &agreed, false).await, "nobody has agreed");
        agree(&world, &floor, &approver, id).await;
        assert!(!tries(&world, &floor, id, &other, false).await, "not to this");
        // Some award what was agreed to while others make it void by choosing otherwise.
        let others = if round == 6 { 0 } else { 4 };
        let tried = (0..8 + others).map(|n| {
            let (chosen, asks) = if n < others { (&other, true) } else { (&agreed, n % 2 == 0) };
            tries(&world, &floor, id, chosen, asks)
        });
        let won = futures_util::future::join_all(tried).await;
        let won = won.into_iter().filter(|won| *won).count();
        assert!(won <= 1, "{won}");
        assert!(round < 6 || won == 1, "what was agreed to is awarded");
        assert_eq!(count(&world, UNAGREED).await, 0, "round {round}");
    }
    assert_eq!(count(&world, "select count(*) from quotes.awards a where not exists (select from purchasing.orders o join quotes.quotes q on q.id = o.quote_id where q.request_id = a.request_id)").await, 0);
}
