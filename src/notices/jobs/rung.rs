//! What other slices ring for themselves, beside their own letters: under the bell, and by short message where that
//! was asked for.

use super::ring_and_text;
use crate::{
    kernel::{Cx, Text},
    notices::{model::Kind, tell::News},
    platform::{
        bell::Rung,
        jobs::{Handler, JobError},
    },
};
use async_trait::async_trait;
use sqlx::PgPool;

/// Puts it under the bell of each.
pub struct TellRung {
    pub db: PgPool,
}

#[async_trait]
impl Handler for TellRung {
    type Payload = Rung;
    const NAME: &'static str = "notices.tell_rung";

    async fn handle(&self, cx: &Cx, rung: Rung) -> Result<(), JobError> {
        let Some(kind) = Kind::of(&rung.kind) else {
            return Err(JobError::give_up(anyhow::anyhow!(
                "no notice is of the kind {}",
                rung.kind
            )));
        };
        let news = News {
            kind,
            cause: rung.cause,
            title: Text::new(rung.title_vi, rung.title_en),
            href: rung.href,
        };
        let mut tx = self.db.begin().await?;
        for person in rung.people {
            ring_and_text(&mut tx, cx, person, &news).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
