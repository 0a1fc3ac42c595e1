//! A worker that is told to stop ends the job in its hand and takes no other.

use crate::support::World;
use async_trait::async_trait;
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

    let again = Handlers::default().with(Interrupted(CancellationToken::new()));
    let stop = CancellationToken::new();
    assert_eq!(jobs::run_due(&world.db, &world.cx(), &again, &stop).await.unwrap(), 2);
}
