//! The operator's pages.

pub(super) mod audit;
pub(super) mod jobs;
pub(super) mod mails;
pub(super) mod roles;
pub(super) mod rules;
pub(super) mod search;
pub(super) mod status;
pub(super) mod trust;

use crate::{
    kernel::{Lang, read_moment},
    web::PageError,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How many lines a page shows.
const PAGE: usize = 50;
/// One more is asked for, to know whether there is a next page.
const ASK: i64 = 51;

/// An id of a path; nonsense is not found.
fn id(typed: &str) -> Result<Uuid, PageError> {
    typed.parse().map_err(|_| PageError::not_found())
}

/// Where a list goes on: a moment in microseconds, or the far future for its beginning.
fn before(typed: &str) -> DateTime<Utc> {
    let far = DateTime::from_timestamp(4_102_444_800, 0).unwrap_or_default();
    read_moment(typed).map_or(far, |at| at.min(far))
}

/// A length of time in the largest unit that says something.
fn length(time: TimeDelta, lang: Lang) -> String {
    let seconds = time.num_seconds().max(0);
    match seconds {
        0..120 => format!("{seconds} {}", lang.t("giây", "s")),
        120..7200 => format!("{} {}", seconds / 60, lang.t("phút", "min")),
        7200..172_800 => format!("{} {}", seconds / 3600, lang.t("giờ", "h")),
        _ => format!("{} {}", seconds / 86_400, lang.t("ngày", "days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_places_in_lists_take_anything() {
        assert_eq!(length(TimeDelta::minutes(90), Lang::En), "90 min");
        assert_eq!(length(TimeDelta::hours(50), Lang::Vi), "2 ngày");
        for typed in ["", "x", "-99999999999999999999", "9223372036854775807"] {
            assert_eq!(before(typed).timestamp(), 4_102_444_800, "{typed}");
        }
        assert_eq!(before("1000000").timestamp(), 1);
    }
}
