//! The pages of reviews: for readers, authors, shops, and those who look after them.

pub(super) mod author;
pub(super) mod list;
pub(super) mod moderate;
pub(super) mod picture;
pub(super) mod report;
pub(super) mod section;
pub(super) mod seller;

use super::{
    error::ReviewError,
    model::MOST_TEXT,
    queries_read::{self, Row, Wanted},
};
use crate::{
    kernel::{Errors, Text, date, day_of},
    web::{AsProblem, PageError},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A picture as a page shows it.
pub(super) struct ShownPicture {
    pub(super) id: Uuid,
    pub(super) large: String,
    pub(super) small: String,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A review as a page shows it.
pub(super) struct Shown {
    pub(super) row: Row,
    pub(super) when: String,
    pub(super) answered: String,
    pub(super) pictures: Vec<ShownPicture>,
}

impl Shown {
    fn stars(&self) -> i64 {
        self.row.stars.into()
    }

    fn answer(&self) -> &str {
        self.row.answer.as_deref().unwrap_or_default()
    }
}

async fn pictures_of(
    db: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, ShownPicture)>> {
    let shown = queries_read::pictures(db, ids).await?.into_iter().map(|p| {
        let large = format!("/danh-gia/anh/{}-960.webp", p.id);
        let small = format!("/danh-gia/anh/{}-240.webp", p.id);
        // As wide as the small size; a smaller original is not blown up.
        let width = p.width.clamp(1, 240);
        let height = (i64::from(p.height) * i64::from(width) / i64::from(p.width.max(1))).max(1);
        let height = i32::try_from(height).unwrap_or(240);
        (p.review, ShownPicture { id: p.id, large, small, width, height })
    });
    Ok(shown.collect())
}

/// What is wanted, with its pictures.
async fn shown(db: &mut PgConnection, wanted: &Wanted) -> sqlx::Result<Vec<Shown>> {
    let rows = queries_read::find(db, wanted).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut pictures = if ids.is_empty() { Vec::new() } else { pictures_of(db, &ids).await? };
    let shown = rows.into_iter().map(|row| {
        let (own, rest) =
            std::mem::take(&mut pictures).into_iter().partition(|(r, _)| *r == row.id);
        pictures = rest;
        let own: Vec<(Uuid, ShownPicture)> = own;
        Shown {
            when: date(day_of(row.written_at)),
            answered: row.answered_at.map(|at| date(day_of(at))).unwrap_or_default(),
            pictures: own.into_iter().map(|(_, picture)| picture).collect(),
            row,
        }
    });
    Ok(shown.collect())
}

/// A page number as typed, from 1.
fn page_number(typed: &str) -> i64 {
    typed.parse().unwrap_or(1).clamp(1, 1000)
}

fn check_text(errors: &mut Errors, field: &str, text: &str) {
    if text.chars().count() > MOST_TEXT {
        let vi = format!("Xin viết không quá {MOST_TEXT} chữ.");
        errors.add(field, Text::new(vi, format!("Please write at most {MOST_TEXT} characters.")));
    }
}

/// What a form is told; what it cannot mend is a page of its own.
fn refused(error: ReviewError, errors: &mut Errors) -> Result<(), PageError> {
    match error {
        ReviewError::NotFound | ReviewError::Db(_) => Err(error.into()),
        other => {
            errors.add("key", other.problem().title);
            Ok(())
        }
    }
}
