//! Many act on the same requests and offers, at the same moment and in any order: what is decided is decided once.

use crate::{
    firms_ask_for_quotes::{Floor, floor},
    market::count,
    support::World,
};
use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use santinh::{
    kernel::{BasisPoints, Lang, Vnd},
    quotes::{
        self, Amount, Audience, Bargain, Chosen, Counter, Event, NewLine, NewOffer, NewRequest,
        OfferLine, Offerer, QuoteError, Terms,
    },
};
use uuid::Uuid;

fn line(position: i32, price: i64) -> OfferLine {
    OfferLine {
        position,
        choice: 0,
        variant: None,
        name: format!("Hàng {position}"),
        sku: String::new(),
        unit: "kg".into(),
        quantity: Amount(10_000),
        price: Vnd(price),
        tax: BasisPoints(800),
        lead_days: 2,
        note: String::new(),
        breaks: Vec::new(),
    }
}

pub(crate) fn priced(world: &World, price: i64, hours: i64) -> NewOffer {
    NewOffer {
        lines: vec![line(1, price), line(2, price + 1)],
        delivery_fee: Vnd(0),
        deliver_on: None,
        valid_until: world.clock.now() + TimeDelta::hours(hours),
        terms: Terms { on_delivery: 10_000, ..Terms::default() },
        note: String::new(),
    }
}

pub(crate) async fn request(world: &World, floor: &Floor, sealed: bool) -> Uuid {
    let asked = |name: &str| NewLine {
        variant: None,
        name: name.into(),
        sku: String::new(),
        unit: "kg".into(),
        quantity: Amount(10_000),
        note: String::new(),
        wanted_on: None,
        category: None,
        tax: BasisPoints(800),
    };
    let new = NewRequest {
        org: floor.org,
        org_name: "Khách sạn".into(),
        org_tax_code: "0100109106".into(),
        asked_by: floor.buyer.id,
        lang: Lang::Vi,
        title: "Thử".into(),
        body: String::new(),
        lines: vec![asked("Hàng 1"), asked("Hàng 2")],
        audience: Audience::Chosen(floor.shops.iter().map(|s| s.1).collect()),
        sealed,
        closes_at: world.clock.now() + TimeDelta::hours(48),
        delivery_commune: None,
        delivery_text: "Kho".into(),
        wanted_by: None,
        files: Vec::new(),
    };
    let mut tx = world.db.begin().await.unwrap();
    let id = quotes::ask(&mut tx, &world.cx(), &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// One step in its own transaction; what is refused leaves nothing.
macro_rules! step {
    ($world:expr, |$tx:ident, $cx:ident| $work:expr) => {{
        let mut transaction = $world.db.begin().await.unwrap();
        let ($tx, $cx) = (&mut transaction, &$world.cx());
        let done: Result<_, QuoteError> = $work.await;
        match done {
            Ok(done) => {
                transaction.commit().await.unwrap();
                Ok(done)
            }
            Err(QuoteError::Db(error)) => panic!("the database refused: {error}"),
            Err(error) => Err(error),
        }
    }};
}

/// The offers that stand: quote and version.
pub(crate) async fn standing(world: &World, request: Uuid) -> Vec<(Uuid, i32)> {
    sqlx::query_as(
        "select id, offer from quotes.quotes where request_id = $1 and offer is not null order by id",
    )
    .bind(request)
    .fetch_all(&world.db)
    .await
    .unwrap()
}

pub(crate) fn pick(position: i32, (quote, version): (Uuid, i32)) -> Chosen {
    Chosen { position, quote, version, choice: 0, quantity: Amount(10_000) }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_awards_at_the_same_moment_one_counts() {
    let world = World::new().await;
    let floor = floor(&world).await;
    for _ in 0..6 {
        let id = request(&world, &floor, false).await;
        for (owner, seller) in &floor.shops {
            let by = Offerer { seller: *seller, person: Some(owner.id), owns: true };
            step!(world, |tx, cx| quotes::offer(tx, cx, id, by, &priced(&world, 9_000, 48)))
                .unwrap();
        }
        let stands = standing(&world, id).await;
        let mut runs = tokio::task::JoinSet::new();
        for n in 0..8usize {
            let (db, cx, org, person) = (world.db.clone(), world.cx(), floor.org, floor.buyer.id);
            let tree = world.app.categories.clone();
            let chosen = [pick(1, stands[n % 3]), pick(2, stands[(n + 1) % 3])];
            let withdraws = (n == 7).then_some(floor.shops[0].1);
            runs.spawn(async move {
                let mut tx = db.begin().await.unwrap();
                if let Some(seller) = withdraws {
                    let what = Bargain::Seller(seller, Event::Withdraw);
                    if quotes::bargain(&mut tx, &cx, id, what, (None, "")).await.is_ok() {
                        tx.commit().await.unwrap();
                    }
                    return 0;
                }
                let who = (person, Lang::Vi);
                match quotes::award(&mut tx, &cx, &tree, (org, id), who, (&chosen, "")).await {
                    Ok(_) => {
                        tx.commit().await.unwrap();
                        1
                    }
                    Err(QuoteError::Moved) => 0,
                    Err(error) => panic!("{error}"),
                }
            });
        }
        let won: i32 = runs.join_all().await.into_iter().sum();
        assert_eq!(won, 1);
    }
    assert_eq!(count(&world, "select count(*) from quotes.awards").await, 6);
    assert_eq!(count(&world, "select count(*) from purchasing.orders").await, 12);
}

/// What must hold of all requests at every moment, as the tables tell it.
const WRONG: &str = "select count(*) from (
    select 1 from quotes.requests r left join quotes.awards a on a.request_id = r.id
        where (r.state = 'awarded') <> (a.request_id is not null)
    union all select 1 from quotes.quotes q join quotes.requests r on r.id = q.request_id
        where (r.state in ('awarded', 'cancelled', 'lapsed')) <> (q.state in ('accepted', 'lost'))
    union all select 1 from quotes.quotes q where (q.state = 'accepted')
        <> exists (select from purchasing.orders o where o.quote_id = q.id and o.quote_version = q.offer)
    union all select 1 from quotes.award_lines l join quotes.quotes q on q.id = l.quote_id
        join quotes.awards a on a.request_id = l.request_id
        join quotes.versions v on v.quote_id = l.quote_id and v.version = l.version
        join quotes.requests r on r.id = l.request_id
        where q.state <> 'accepted' or v.kind <> 'offer' or v.valid_until <= a.chosen_at
           or (r.sealed and a.chosen_at < r.closes_at)
    union all select 1 from quotes.quotes q
        where q.moves <> (select count(*) from quotes.events e where e.quote_id = q.id)
           or q.last <> (select count(*) from quotes.versions v where v.quote_id = q.id)
) w";

#[tokio::test]
async fn whatever_order_both_sides_act_in_the_books_agree() {
    let world = World::new().await;
    let floor = floor(&world).await;
    let mut chance = StdRng::seed_from_u64(37);
    let mut awards = 0;
    for round in 0..25 {
        let id = request(&world, &floor, round % 3 == 0).await;
        for _ in 0..24 {
            let (owner, seller) = &floor.shops[chance.random_range(0..3)];
            let quote = standing(&world, id).await;
            let one = if quote.is_empty() {
                None
            } else {
                Some(quote[chance.random_range(0..quote.len())])
            };
            match chance.random_range(0..12) {
                0..=3 => {
                    let by = Offerer { seller: *seller, person: Some(owner.id), owns: true };
                    let new = priced(
                        &world,
                        chance.random_range(1_000..9_000),
                        chance.random_range(5..60),
                    );
                    let _ = step!(world, |tx, cx| quotes::offer(tx, cx, id, by, &new));
                }
                4..=6 => {
                    let events = [Event::Keep, Event::Take, Event::Withdraw, Event::Decline];
                    let event = events[chance.random_range(0..4)];
                    let what = Bargain::Seller(*seller, event);
                    let _ = step!(world, |tx, cx| quotes::bargain(tx, cx, id, what, (None, "")));
                }
                7 | 8 => {
                    let Some((quote, version)) = one else { continue };
                    let price = Vnd(chance.random_range(500..9_000));
                    let new = Counter {
                        prices: vec![(1, 0, price)],
                        delivery_fee: None,
                        note: String::new(),
                    };
                    let (whose, by) = ((floor.org, id, quote), (floor.buyer.id, version));
                    let _ = step!(world, |tx, cx| quotes::counter(tx, cx, whose, by, &new));
                }
                9 => world.wait(TimeDelta::hours(chance.random_range(1..20))).await,
                10 if chance.random_range(0..4) == 0 => {
                    let _ = step!(world, |tx, cx| quotes::cancel(tx, cx, (floor.org, id), ""));
                }
                _ => {
                    let Some(first) = one else { continue };
                    let second = quote[chance.random_range(0..quote.len())];
                    let chosen = [pick(1, first), pick(2, second)];
                    let who = (floor.buyer.id, Lang::Vi);
                    let done = step!(world, |tx, cx| {
                        quotes::award(
                            tx,
                            cx,
                            &world.app.categories,
                            (floor.org, id),
                            who,
                            (&chosen, ""),
                        )
                    });
                    awards += i32::from(done.is_ok());
                }
            }
            assert_eq!(count(&world, WRONG).await, 0, "round {round}");
        }
    }
    assert!(awards > 5, "{awards}: the story must reach its end at times");
    assert!(sqlx::query("update quotes.versions set note = 'x'").execute(&world.db).await.is_err());
}
