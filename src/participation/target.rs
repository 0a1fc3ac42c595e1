//! The plans' targets: how a figure stands to one, and replacing one.

use super::{
    error::ParticipationError,
    indicator::Indicator,
    model::{Share, percent},
    queries_targets,
};
use crate::{
    kernel::{Cx, Day, Lang},
    platform::audit,
};
use chrono::Datelike;
use serde_json::json;
use sqlx::PgConnection;

/// One target of one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub plan_code: String,
    /// The province's name at the time; empty for the whole country.
    pub province_then: String,
    pub title: String,
    pub document: String,
    pub indicator: String,
    pub year: i32,
    pub lower_bps: i32,
    /// Empty: "at least".
    pub upper_bps: Option<i32>,
    pub passage: String,
}

/// How a figure stands to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its year is over: history, not judged by today's figure.
    Past,
    /// Nothing on the floor measures it.
    NotMeasured,
    /// The lower bound is reached, or not; distances to both bounds in basis points, above counts as positive.
    Judged { reached: bool, to_lower: i64, to_upper: Option<i64> },
}

impl Target {
    /// How the share of its indicator's code stands to this target on the day `today`; `None`: nothing
    /// measures it.
    #[must_use]
    pub fn standing(&self, share: impl Fn(&str) -> Option<Share>, today: Day) -> Standing {
        if self.year < today.year() {
            return Standing::Past;
        }
        let Some(share) = share(&self.indicator) else { return Standing::NotMeasured };
        let Some(bps) = share.bps() else { return Standing::NotMeasured };
        Standing::Judged {
            reached: share.reaches(self.lower_bps),
            to_lower: bps - i64::from(self.lower_bps),
            to_upper: self.upper_bps.map(|upper| bps - i64::from(upper)),
        }
    }

    /// `25–30 %`, `từ 60 %`.
    #[must_use]
    pub fn goal(&self, lang: Lang) -> String {
        let lower = percent(self.lower_bps.into(), lang);
        match self.upper_bps {
            Some(upper) if upper != self.lower_bps => {
                let bare = lower.trim_end_matches(['%', '\u{a0}']);
                format!("{bare}–{}", percent(upper.into(), lang))
            }
            _ => format!("{} {lower}", lang.t("từ", "at least")),
        }
    }
}

/// A target as the Department sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    pub plan_code: String,
    pub indicator: Indicator,
    pub year: i32,
    pub lower_bps: i32,
    pub upper_bps: Option<i32>,
    pub passage: String,
}

/// Adds a target to a plan in force, or replaces the one of the same indicator and year; the old one stays in the audit chain.
///
/// # Errors
/// [`ParticipationError::NotFound`] unless the plan is there.
pub async fn set_target(
    db: &mut PgConnection,
    cx: &Cx,
    target: &NewTarget,
) -> Result<(), ParticipationError> {
    let before = queries_targets::lock_target(db, target).await?;
    if queries_targets::upsert_target(db, target).await? == 0 {
        return Err(ParticipationError::NotFound);
    }
    let subject =
        format!("target:{}/{}/{}", target.plan_code, target.indicator.code(), target.year);
    let detail = json!({
        "before": before.map(|(lower, upper)| json!({ "lower_bps": lower, "upper_bps": upper })),
        "lower_bps": target.lower_bps,
        "upper_bps": target.upper_bps,
        "passage": target.passage,
    });
    audit::record(db, cx, "participation.set_target", &subject, detail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(year: i32, upper: Option<i32>) -> Target {
        Target {
            plan_code: "MAU".into(),
            province_then: "Quảng Trị".into(),
            title: String::new(),
            document: String::new(),
            indicator: "TG3".into(),
            year,
            lower_bps: 2500,
            upper_bps: upper,
            passage: String::new(),
        }
    }

    #[test]
    fn a_target_is_judged_by_its_lower_bound_and_told_to_both() {
        let today = "2026-11-22".parse().unwrap();
        let judge =
            |part, upper| target(2026, upper).standing(|_| Some(Share { part, whole: 100 }), today);
        let judged = |reached, to_lower, to_upper| Standing::Judged { reached, to_lower, to_upper };
        assert_eq!(judge(25, Some(3000)), judged(true, 0, Some(-500)));
        assert_eq!(judge(24, Some(3000)), judged(false, -100, Some(-600)));
        assert_eq!(judge(31, None), judged(true, 600, None));
        assert_eq!(
            target(2025, None).standing(|_| Some(Share { part: 1, whole: 1 }), today),
            Standing::Past
        );
        assert_eq!(
            target(2026, None).standing(|_| Some(Share { part: 0, whole: 0 }), today),
            Standing::NotMeasured
        );
        assert_eq!(target(2030, None).standing(|_| None, today), Standing::NotMeasured);
    }

    #[test]
    fn goals_are_ranges_or_at_least() {
        assert_eq!(target(2010, Some(3000)).goal(Lang::Vi), "25–30\u{a0}%");
        assert_eq!(target(2010, None).goal(Lang::En), "at least 25%");
    }
}
