//! The pages of requests and quotes: what both sides share. One file each for what each of them does.

pub(super) mod buyer;
pub(super) mod buyer_quote;
pub(super) mod choose;
pub(super) mod compare;
pub(super) mod file;
pub(super) mod form;
pub(super) mod lists;
pub(super) mod new;
pub(super) mod offer;
pub(super) mod offer_lines;
pub(super) mod own_goods;
pub(super) mod proposal;
pub(super) mod seller;
pub(super) mod sheet;
pub(super) mod show;
pub(super) mod ubl;

use super::{error::QuoteError, queries_read::Request};
use crate::{
    kernel::{Cx, Errors, Lang, PersonId},
    platform::idempotency::{self, Once},
    web::{AsProblem, Begun, Page, PageError, begin_once, go_with},
};
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use sqlx::{PgPool, PgTransaction};
use uuid::Uuid;

/// What somebody presses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActForm {
    pub(super) key: String,
    /// How many moves he was looking at.
    pub(super) v: String,
    pub(super) act: String,
    pub(super) note: String,
    /// A day, of a deadline.
    pub(super) han: String,
    /// A question.
    pub(super) cau_hoi: String,
    pub(super) rieng: String,
}

impl ActForm {
    pub(super) fn seen(&self) -> Option<i32> {
        self.v.parse().ok()
    }

    pub(super) fn words(&self) -> String {
        cut(&self.note, 1000)
    }
}

pub(super) fn id_of(typed: &str) -> Result<Uuid, PageError> {
    typed.parse().map_err(|_| PageError::not_found())
}

pub(super) fn cut(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect()
}

pub(super) fn status(errors: &Errors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// A form that acts once, with its transaction.
pub(super) struct Turn {
    pub(super) tx: PgTransaction<'static>,
    once: Once,
}

/// How a form begins.
pub(super) enum Begin {
    Turn(Turn),
    Done(Response),
    Wrong(Errors),
}

impl Turn {
    /// Claims a form's key for a person.
    pub(super) async fn begin(
        db: &PgPool,
        (cx, lang): (&Cx, Lang),
        who: PersonId,
        key: &str,
        asked: (&str, &[u8]),
    ) -> Result<Begin, PageError> {
        let mut tx = db.begin().await?;
        Ok(match begin_once(&mut tx, cx, lang, who, key, asked).await? {
            Begun::First(once) => Begin::Turn(Self { tx, once }),
            Begun::Done(response) => Begin::Done(response),
            Begun::Wrong(errors) => Begin::Wrong(errors),
        })
    }

    /// It is done: the reader goes on to `to` and reads `line` there.
    pub(super) async fn end(
        mut self,
        page: &Page,
        to: &str,
        line: &str,
    ) -> Result<Response, PageError> {
        idempotency::settle(&mut self.tx, &self.once, to).await?;
        self.tx.commit().await?;
        Ok(go_with(page, to, line))
    }
}

/// Errors that belong beside a form's field; others are the page's own.
pub(super) fn beside(error: QuoteError, field: &str, lang: Lang) -> Result<Errors, PageError> {
    let here = matches!(
        error,
        QuoteError::NoSellers
            | QuoteError::Empty
            | QuoteError::Amounts
            | QuoteError::TooFew(_)
            | QuoteError::Changed
            | QuoteError::NotSelling
            | QuoteError::Refused
    );
    if !here {
        return Err(error.into());
    }
    let mut errors = Errors::new(lang);
    errors.add(field, error.problem().title);
    Ok(errors)
}

/// Where the buyer reads a request.
pub(super) fn buyer_path(request: Uuid) -> String {
    format!("/to-chuc/bao-gia/{request}")
}

/// Where a seller reads it.
pub(super) fn seller_path(request: Uuid) -> String {
    format!("/ban-hang/bao-gia/{request}")
}

/// The request, where it is this organisation's.
pub(super) fn own(
    request: Option<Request>,
    org: crate::kernel::OrgId,
) -> Result<Request, PageError> {
    request.filter(|r| r.org == org).ok_or_else(PageError::not_found)
}
