//! The figures of participation, counted in SQL and a second time without it.

use crate::{
    department_counts_participation::{FIRMS, HOME},
    support::World,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use santinh::participation::{self, Asked, Counts, Group, Indicator, Period};

/// Of somewhere else.
const AWAY: &str = "00004";

#[derive(Debug, Clone)]
struct Entity {
    kind: usize,
    commune: usize,
    active: usize,
    branch: bool,
}

#[derive(Debug, Clone)]
struct Sale {
    seller: usize,
    /// The firm that buys, or a person.
    buyer: Option<usize>,
    member: bool,
    /// Hours around the period's beginning and end.
    hours: i64,
    end: bool,
}

const KINDS: [&str; 3] = ["enterprise", "cooperative", "household"];

fn facts() -> impl Strategy<Value = (Vec<Entity>, Vec<Sale>)> {
    let entity = (0..3usize, 0..3usize, 0..4usize, any::<bool>())
        .prop_map(|(kind, commune, active, branch)| Entity { kind, commune, active, branch });
    let sale = (0..6usize, prop::option::of(0..6usize), any::<bool>(), -30..30i64, any::<bool>())
        .prop_map(|(seller, buyer, member, hours, end)| Sale { seller, buyer, member, hours, end });
    (prop::collection::vec(entity, 6), prop::collection::vec(sale, 0..16))
}

/// The same definitions, written a second time without SQL.
fn naive(entities: &[Entity], sales: &[Sale], period: Period, group: usize) -> Counts {
    let mut counts = Counts::default();
    for (at, entity) in entities.iter().enumerate() {
        let home = entity.commune != 2;
        // 0 always, 1 until the last day (exclusive), 2 from the day after, 3 ended long ago.
        if entity.kind != group || !home || entity.active != 0 {
            continue;
        }
        let counted = |s: &&Sale| {
            let at = moment(s, period);
            period.starts() <= at && at < period.ends() && s.buyer != Some(s.seller) && !s.member
        };
        let (mut b2c, mut b2b, mut bought) = (false, false, false);
        for sale in sales.iter().filter(counted) {
            b2c |= sale.seller == at && sale.buyer.is_none();
            b2b |= sale.seller == at && sale.buyer.is_some();
            bought |= sale.buyer == Some(at);
        }
        counts.population += 1;
        counts.registered += 1;
        counts.admitted += 1;
        counts.trading += i64::from(b2c || b2b || bought);
        counts.b2c += i64::from(b2c);
        counts.b2b += i64::from(b2b || bought);
        counts.both += i64::from(b2c && (b2b || bought));
        counts.selling += i64::from(b2c || b2b);
        counts.buying += i64::from(bought);
    }
    counts
}

fn moment(sale: &Sale, period: Period) -> DateTime<Utc> {
    let edge = if sale.end { period.ends() } else { period.starts() };
    edge + TimeDelta::hours(sale.hours)
}

/// The SQL and a plain recomputation agree on random facts, most of them near a period's edges.
#[tokio::test]
async fn sql_counts_as_a_plain_recomputation_does() {
    let world = World::new().await;
    let period = Period::quarter(2026, 3).unwrap();
    let last = period.last_day();
    let mut runner = TestRunner::deterministic();
    let member = world.person("Bình", "binh@firm.vn").await.id.0;
    for _ in 0..12 {
        let (entities, sales) = facts().new_tree(&mut runner).unwrap().current();
        sqlx::raw_sql("truncate enterprises.register, enterprises.sellers, orders.groups cascade")
            .execute(&world.db)
            .await
            .unwrap();
        let mut shops = Vec::new();
        for (at, entity) in entities.iter().enumerate() {
            world
                .registers(
                    FIRMS[at],
                    KINDS[entity.kind],
                    [Some(HOME), None, Some(AWAY)][entity.commune],
                )
                .await;
            let (from, to) = match entity.active {
                0 => (Some(last), last.succ_opt()),
                1 => (None, Some(last)),
                2 => (last.succ_opt(), None),
                _ => (None, "2020-01-01".parse().ok()),
            };
            sqlx::query("update enterprises.register set active_from = $2, active_to = $3 where tax_code = $1")
                .bind(FIRMS[at]).bind(from).bind(to).execute(&world.db).await.unwrap();
            let code =
                if entity.branch { format!("{}-001", FIRMS[at]) } else { FIRMS[at].to_owned() };
            let shop = world.shop(&code).await;
            sqlx::query("update enterprises.sellers set created_at = '2026-01-01', approved_at = '2026-01-02' where id = $1")
                .bind(shop).execute(&world.db).await.unwrap();
            world.admitted(shop, "2026-01-01T00:00:00Z".parse().unwrap()).await;
            sqlx::query("insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, 'staff', '2026-01-01')")
                .bind(shop).bind(member).execute(&world.db).await.unwrap();
            shops.push((shop, code));
        }
        for sale in &sales {
            let (shop, code) = &shops[sale.seller];
            let buyer = sale.buyer.map(|at| FIRMS[at]);
            let order = world.order(*shop, code, buyer, sale.member.then_some(member)).await;
            world.completes(order, moment(sale, period)).await;
        }
        let home = [HOME.to_owned()];
        let asked = Asked { period, min_days: 30, home: &home };
        let mut db = world.db.acquire().await.unwrap();
        let figures = participation::figures(&mut db, &world.cx(), &asked).await.unwrap();
        for (at, group) in Group::ALL.into_iter().enumerate() {
            assert_eq!(
                figures.group(group),
                naive(&entities, &sales, period, at),
                "{entities:?} {sales:?}"
            );
        }
        let parts: i64 = figures.communes.iter().map(|(_, c)| c.get(Indicator::Trading)).sum();
        assert_eq!(parts, figures.group(Group::Enterprises).trading, "the communes add up");
        let sizes: i64 = figures.sizes.iter().map(|(_, c)| c.get(Indicator::Trading)).sum();
        assert_eq!(sizes, parts, "the sizes add up");
    }
}
