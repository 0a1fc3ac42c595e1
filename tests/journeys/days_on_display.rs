//! A firm counts for TG2 by the days on which something of it was really on display, and a figure of the past stays.

use crate::{
    market::{KHE_SANH, Stall, stall},
    seller_lists_a_product::{organic, rice},
    support::{World, people::Somebody},
};
use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use santinh::{
    catalogue::{self, Step},
    enterprises::{self, Role},
    kernel::{Day, ProductId, day_of},
    participation::{self, Asked, Counts, Group, Period},
};
use std::collections::BTreeSet;

const FIRMS: [&str; 6] =
    ["3299491004", "3299491131", "3299491269", "3299491396", "3299491526", "3299491653"];

impl World {
    async fn in_register(&self, tax_code: &str) {
        sqlx::query(
            "insert into enterprises.register (tax_code, name, kind, commune_code, size_class, source, as_of, updated_at)
             values ($1, 'Công ty ' || $1, 'enterprise', $2, 'small', 'test', '2026-01-01', now())",
        )
        .bind(tax_code)
        .bind(KHE_SANH)
        .execute(&self.db)
        .await
        .unwrap();
    }

    /// Something of the shop that went through review.
    async fn displayed(&self, shop: &Stall, sku: &str, expires: &str) -> ProductId {
        let (cx, mut db) = (self.cx(), self.db.acquire().await.unwrap());
        let mut new = rice(shop.seller, vec![organic(expires)]);
        new.variants[0].sku = sku.into();
        let id = catalogue::create_product(&mut db, &cx, &new).await.unwrap();
        let categories = &self.app.categories;
        catalogue::submit(&mut db, &cx, categories, shop.seller, id).await.unwrap();
        catalogue::approve(&mut db, &cx, categories, id).await.unwrap();
        id
    }

    /// Takes a seller's step, if it can be taken now.
    async fn steps(&self, shop: &Stall, product: ProductId, step: Step) -> bool {
        let (cx, mut tx) = (self.cx(), self.db.begin().await.unwrap());
        let categories = &self.app.categories;
        let done = catalogue::by_seller(&mut tx, &cx, categories, shop.seller, product, step)
            .await
            .is_ok();
        if done {
            tx.commit().await.unwrap();
        }
        done
    }

    async fn decides(&self, shop: &Stall, step: enterprises::Step) {
        let (cx, mut db) = (self.cx(), self.db.acquire().await.unwrap());
        let reason = "Kiểm tra giấy tờ của gian hàng";
        enterprises::decide(&mut db, &cx, shop.seller, step, reason, None).await.unwrap();
    }

    async fn counts(&self, period: Period, min_days: i32) -> Counts {
        let home = [KHE_SANH.to_owned()];
        let asked = Asked { period, min_days, home: &home };
        let mut db = self.db.acquire().await.unwrap();
        let figures = participation::figures(&mut db, &self.cx(), &asked).await.unwrap();
        figures.group(Group::Enterprises)
    }
}

async fn on_page(hoa: &Somebody, period: &str, code: &str) -> (String, String) {
    let page = hoa.browser.get(&format!("/so-cong-thuong/chi-tieu?ky={period}")).await.ok();
    let href = page.attributes(&format!("#{code} td a"), "href").concat();
    (page.texts(&format!("#{code} td a")).concat(), hoa.browser.get(&href).await.ok().main_text())
}

#[tokio::test]
async fn only_days_on_display_count_and_the_past_stays() {
    let world = World::new().await;
    let hoa = world.officer("Hoa", "hoa@soct.vn").await;
    world.in_register(FIRMS[0]).await;
    let shop = stall(&world, "Gạo Hải Lăng", FIRMS[0], None).await;
    // 22 November, the paper holds until the end of the year.
    let rice = world.displayed(&shop, "GAO-1", "2026-12-31").await;
    world.wait(TimeDelta::days(10)).await;
    assert!(world.steps(&shop, rice, Step::Unlist).await, "2 December: 11 days");
    world.wait(TimeDelta::days(5)).await;
    assert!(world.steps(&shop, rice, Step::Relist).await);
    world.wait(TimeDelta::days(2)).await;
    world.decides(&shop, enterprises::Step::Suspend).await;
    assert_eq!(on_page(&hoa, "2026-S2", "TG2a").await.0, "0", "a suspended shop shows nothing");
    world.wait(TimeDelta::days(3)).await;
    world.decides(&shop, enterprises::Step::Reinstate).await;
    world.wait(TimeDelta::days(8)).await;
    // 20 December: 11 days, then 7–9 December, then 12–20 December.
    let (shown, list) = on_page(&hoa, "2026-S2", "TG2a").await;
    assert_eq!(shown, "1");
    assert!(list.contains("Số ngày có tin công khai trong kỳ: 23"), "{list}");
    assert_eq!(on_page(&hoa, "2026-S2", "TG2").await.0, "0");
    world.wait(TimeDelta::days(17)).await;
    // 6 January: on display until the paper lapsed with the year, 34 days.
    let hoa = world.officer("Thu", "thu@soct.vn").await;
    let (listed, list) = on_page(&hoa, "2026-S2", "TG2").await;
    assert_eq!(listed, "1");
    assert!(list.contains("Số ngày có tin công khai trong kỳ: 34"), "{list}");
    assert_eq!(world.counts(Period::half(2027, 1).unwrap(), 1).await.listed, 0, "it has lapsed");
    // A renewed paper puts it on display from today on, not in between.
    let mut db = world.db.acquire().await.unwrap();
    let (cx, paper) = (world.cx(), organic("2028-12-31"));
    let handed = catalogue::add_certificate(&mut db, &cx, (shop.seller, rice), &paper);
    let paper = handed.await.unwrap();
    catalogue::judge_certificate(&mut db, &cx, rice, paper, true, "").await.unwrap();
    world.wait(TimeDelta::days(2)).await;
    let now = world.counts(Period::half(2027, 1).unwrap(), 3).await;
    assert_eq!((now.listed, now.shown), (1, 1), "6, 7 and 8 January");
    assert_eq!(world.counts(Period::half(2027, 1).unwrap(), 4).await.listed, 0);
    // What happens later does not change what was.
    assert!(world.steps(&shop, rice, Step::Unlist).await);
    world.decides(&shop, enterprises::Step::Suspend).await;
    world.wait(TimeDelta::days(40)).await;
    let past = world.counts(Period::half(2026, 2).unwrap(), 34).await;
    assert_eq!((past.listed, past.shown), (1, 0), "its paper ended with the period");
    assert_eq!(world.counts(Period::half(2026, 2).unwrap(), 35).await.listed, 0);
}

#[tokio::test]
async fn an_order_of_somebody_who_was_a_member_stays_an_own_order() {
    let world = World::new().await;
    world.in_register(FIRMS[0]).await;
    let (an, binh) =
        (world.person("An", "an@firm.vn").await, world.person("Bình", "binh@firm.vn").await);
    let shop = stall(&world, "Gian", FIRMS[0], Some(an.id)).await;
    let (cx, mut db) = (world.cx(), world.db.acquire().await.unwrap());
    enterprises::add_member(&mut db, &cx, shop.seller, binh.id, Role::Staff).await.unwrap();
    let bought = |completed: DateTime<Utc>| {
        let (id, group) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let (seller, buyer, placed) = (shop.seller.0, binh.id.0, completed - TimeDelta::days(1));
        let db = world.db.clone();
        async move {
            sqlx::query("insert into orders.groups (id, code, checkout_id, placed_at) values ($1, $1::text, $1, $2)")
                .bind(group).bind(placed).execute(&db).await.unwrap();
            sqlx::query(
                "insert into orders.orders (id, group_id, code, secret, seller_id, seller_name, seller_tax_code,
                     seller_address, seller_phone, buyer_id, buyer_kind, buyer_name, buyer_phone, delivery_method,
                     delivery_text, goods_total, delivery_fee, tax_total, total, payment_method, state, state_since,
                     placed_at, completed_at, updated_at)
                 values ($1, $2, $1::text, '', $3, 'A', $4, '', '', $5, 'person', 'B', '', 'own', '', 10, 0, 0, 10,
                     'cod', 'completed', $7, $6, $7, $7)",
            )
            .bind(id).bind(group).bind(seller).bind(FIRMS[0]).bind(buyer).bind(placed).bind(completed)
            .execute(&db).await.unwrap();
        }
    };
    let period = Period::half(2026, 2).unwrap();
    world.clock.advance(TimeDelta::days(3));
    bought(world.clock.now()).await;
    assert_eq!(world.counts(period, 1).await.trading, 0, "a member bought");
    world.clock.advance(TimeDelta::days(1));
    enterprises::remove_member(&mut db, &world.cx(), shop.seller, binh.id).await.unwrap();
    assert_eq!(world.counts(period, 1).await.trading, 0, "he was one then");
    world.clock.advance(TimeDelta::days(5));
    bought(world.clock.now()).await;
    assert_eq!(world.counts(period, 1).await.trading, 1, "now he is a buyer like any other");
}

/// What happens, some time after what was before.
#[derive(Debug, Clone, Copy)]
struct Moment {
    hours: i64,
    what: u8,
    product: usize,
}

fn story() -> impl Strategy<Value = Vec<Moment>> {
    let moment = (1..40i64, 0..4u8, 0..2usize).prop_map(|(hours, what, product)| Moment {
        hours,
        what,
        product,
    });
    prop::collection::vec(moment, 4..16)
}

/// The days of `[from, to)` in Viet Nam.
fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Day> {
    let last = day_of(to - TimeDelta::microseconds(1));
    let mut day = day_of(from);
    let mut all = Vec::new();
    while from < to && day <= last {
        all.push(day);
        day = day + Days::new(1);
    }
    all
}

/// Hiding, showing, suspending and reinstating at random: the SQL over the record counts the days that a plain
/// count beside the acts does.
#[tokio::test]
async fn the_record_counts_as_a_plain_count_does() {
    let world = World::new().await;
    let mut runner = TestRunner::deterministic();
    for firm in FIRMS {
        sqlx::query("truncate enterprises.register").execute(&world.db).await.unwrap();
        world.in_register(firm).await;
        let story = story().new_tree(&mut runner).unwrap().current();
        let first = day_of(world.clock.now());
        // The period cuts the story's beginning and its end off.
        let period = Period::between(first + Days::new(1), first + Days::new(7)).unwrap();
        let shop = stall(&world, &format!("Gian {firm}"), firm, None).await;
        let products = [
            world.displayed(&shop, &format!("A-{firm}"), "2030-12-31").await,
            world.displayed(&shop, &format!("B-{firm}"), "2030-12-31").await,
        ];
        let (mut displayed, mut selling) = ([true, true], true);
        let (mut counted, mut at_end) = (BTreeSet::new(), None);
        for moment in &story {
            let since = world.clock.now();
            world.clock.advance(TimeDelta::hours(moment.hours) + TimeDelta::seconds(13));
            let now = world.clock.now();
            let public = selling && displayed.contains(&true);
            if public {
                counted.extend(days(since.max(period.starts()), now.min(period.ends())));
            }
            if now > period.ends() {
                at_end.get_or_insert(public);
            }
            let product = products[moment.product];
            match moment.what {
                0 if world.steps(&shop, product, Step::Unlist).await => {
                    displayed[moment.product] = false;
                }
                1 if world.steps(&shop, product, Step::Relist).await => {
                    displayed[moment.product] = true;
                }
                2 if selling => {
                    world.decides(&shop, enterprises::Step::Suspend).await;
                    selling = false;
                }
                3 if !selling => {
                    world.decides(&shop, enterprises::Step::Reinstate).await;
                    selling = true;
                }
                _ => {}
            }
        }
        let wanted = i32::try_from(counted.len()).unwrap();
        let shown = at_end.unwrap_or(selling && displayed.contains(&true));
        let enough = world.counts(period, wanted.max(1)).await;
        assert_eq!(enough.listed, i64::from(wanted > 0), "{wanted} days: {counted:?} {story:?}");
        assert_eq!(enough.shown, i64::from(shown), "{story:?}");
        assert_eq!(world.counts(period, wanted + 1).await.listed, 0, "{counted:?} {story:?}");
        let open: i64 = sqlx::query_scalar(
            "select count(*) from catalogue.public_spans s join catalogue.products p on p.id = s.product_id
             where s.until is null and p.state <> 'published'",
        )
        .fetch_one(&world.db)
        .await
        .unwrap();
        assert_eq!(open, 0, "a span is open only while its product is published");
    }
}
