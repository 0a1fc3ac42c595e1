//! A worker that is told to stop ends the job in its hand and takes no other.

use crate::{market::count, support::World};
use async_trait::async_trait;
use chrono::TimeDelta;
use santinh::{
    kernel::Cx,
    platform::jobs::{self, Handler, Handlers, JobError},
};
use tokio_util::sync::CancellationToken;

/// Somebody presses Ctrl-C while this one works.
struct Interrupted(CancellationToken);

#[async_trait]
impl Handler for Interrupted {
    type Payload = ();
    const NAME: &'static str = "tests.interrupted";

    async fn handle(&self, _: &Cx, (): ()) -> Result<(), JobError> {
        self.0.cancel();
        Ok(())
    }
}

#[tokio::test]
async fn a_worker_told_to_stop_ends_one_job_and_leaves_the_others() {
    let world = World::new().await;
    world.run_jobs().await;
    let mut db = world.db.acquire().await.unwrap();
    for key in ["1", "2", "3"] {
        jobs::enqueue(&mut db, &world.cx(), Interrupted::NAME, key, &()).await.unwrap();
    }
    drop(db);

    let stop = CancellationToken::new();
    let handlers = Handlers::default().with(Interrupted(stop.clone()));
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &handlers, &stop).await.unwrap(), 1);
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &handlers, &stop).await.unwrap(), 0);

    let as_before =
        "select count(*) from platform.jobs where handler = 'tests.interrupted' and done_at is null
                     and failed_at is null and claimed_until is null and attempt = 0";
    assert_eq!(count(&world, as_before).await, 2, "what was not begun is given back");

    let again = Handlers::default().with(Interrupted(CancellationToken::new()));
    let stop = CancellationToken::new();
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &again, &stop).await.unwrap(), 2);
}

macro_rules! count_of {
    ($world:ident, $what:literal) => {
        count(
            &$world,
            concat!("select count(*) from platform.jobs where handler = 'tests.moody' and ", $what),
        )
        .await
    };
}

/// Some numbers fail: one for today, one for good, and one so badly that it takes its task with it.
struct Moody;

#[async_trait]
impl Handler for Moody {
    type Payload = u32;
    const NAME: &'static str = "tests.moody";

    async fn handle(&self, _: &Cx, number: u32) -> Result<(), JobError> {
        match number {
            1 => Err(JobError::retry(std::io::Error::other("not today"))),
            3 => Err(JobError::give_up(std::io::Error::other("never"))),
            5 => panic!("five"),
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn each_job_of_many_ends_for_itself() {
    let world = World::new().await;
    world.run_jobs().await;
    let mut db = world.db.acquire().await.unwrap();
    for number in 0..100u32 {
        let key = number.to_string();
        jobs::enqueue(&mut db, &world.cx(), Moody::NAME, &key, &number).await.unwrap();
    }
    drop(db);
    let handlers = Handlers::default().with(Moody);
    let run = async || {
        let stop = CancellationToken::new();
        jobs::run_due(&world.db, &world.cx(), &handlers, &stop).await.unwrap()
    };
    assert_eq!(run().await, 100);
    assert_eq!(count_of!(world, "done_at is not null and last_error is null and attempt = 1"), 97);
    assert_eq!(
        count_of!(world, "failed_at is not null and payload = '3' and last_error like '%never%'"),
        1
    );
    assert_eq!(
        count_of!(world, "done_at is null and failed_at is null and payload in ('1', '5')"),
        2
    );
    assert_eq!(count_of!(world, "claimed_until is not null"), 0);

    assert_eq!(run().await, 0, "not before they are due again");
    world.clock.advance(TimeDelta::seconds(11));
    assert_eq!(run().await, 2);
    assert_eq!(count_of!(world, "attempt = 2 and last_error is not null"), 2);
}

/// Takes as long as it takes.
struct Timed;

#[async_trait]
impl Handler for Timed {
    type Payload = ();
    const NAME: &'static str = "tests.timed";

    async fn handle(&self, _: &Cx, (): ()) -> Result<(), JobError> {
        Ok(())
    }
}

#[tokio::test]
async fn news_do_not_wait_behind_what_the_clock_asks_for() {
    let world = World::new().await;
    world.run_jobs().await;
    let stop = CancellationToken::new();
    let all = Handlers::default()
        .with(Interrupted(CancellationToken::new()))
        .every(chrono::TimeDelta::minutes(1), Timed);
    let (news, clocks) = all.parted();
    let mut db = world.db.acquire().await.unwrap();
    jobs::enqueue(&mut db, &world.cx(), Interrupted::NAME, "1", &()).await.unwrap();
    jobs::enqueue(&mut db, &world.cx(), Timed::NAME, "by hand", &()).await.unwrap();
    drop(db);
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &news, &stop).await.unwrap(), 1);
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &clocks, &stop).await.unwrap(), 2);
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &news, &stop).await.unwrap(), 0);
}
