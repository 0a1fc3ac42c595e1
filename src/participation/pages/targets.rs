//! `/so-cong-thuong/chi-tieu/muc-tieu`: the Department sets the targets of its plan in force.

use crate::{
    kernel::{Cx, Day, Errors, Lang, Text, date, day_of},
    participation::{
        indicator::Indicator,
        queries_targets::{self, Plan},
        routes::Deps,
        target::{NewTarget, Target, set_target},
    },
    platform::idempotency::{self, Claim, Once},
    web::{Form, Html, Officer, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::Datelike;
use serde::Deserialize;

/// A target as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::participation) struct Typed {
    key: String,
    ke_hoach: String,
    chi_so: String,
    nam: String,
    muc_duoi: String,
    muc_tren: String,
    trich: String,
}

#[derive(Template)]
#[template(path = "participation/targets.html")]
struct TargetsPage {
    page: Page,
    plans: Vec<(String, String)>,
    indicators: Vec<(&'static str, String)>,
    set: Vec<SetTarget>,
    form: Typed,
    errors: Errors,
}

/// A target that the plan has now.
struct SetTarget {
    indicator: String,
    year: i32,
    goal: String,
    passage: String,
}

/// The indicators that a target can be set for: those that the floor measures.
const MEASURED: [Indicator; 9] = [
    Indicator::Trading,
    Indicator::SmeTrading,
    Indicator::Registered,
    Indicator::Listed,
    Indicator::B2c,
    Indicator::B2b,
    Indicator::Selling,
    Indicator::Buying,
    Indicator::HouseholdSelling,
];

const HERE: &str = "/so-cong-thuong/chi-tieu/muc-tieu";

/// Reads `25`, `25,5` or `25.50` as basis points.
fn bps(typed: &str) -> Result<i32, Text> {
    let wrong = || {
        Text::new(
            "Tỷ lệ là số từ 0 đến 100, ví dụ 25 hoặc 27,5.",
            "A percentage from 0 to 100, e.g. 27.5.",
        )
    };
    let plain = typed.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |s: &str, most: usize| s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 3) || !digits(rest, 2) {
        return Err(wrong());
    }
    let value: i32 = format!("{whole}{rest:0<2}").parse().map_err(|_| wrong())?;
    if value <= 10_000 { Ok(value) } else { Err(wrong()) }
}

impl Typed {
    fn check(&self, plans: &[Plan], lang: Lang) -> Result<NewTarget, Errors> {
        let mut errors = Errors::new(lang);
        let plan = plans.iter().find(|p| p.code == self.ke_hoach);
        errors.check(
            plan.is_some(),
            "ke_hoach",
            "Chọn một kế hoạch đang có hiệu lực của tỉnh.",
            "Choose a plan of the province that is in force.",
        );
        let indicator = MEASURED.into_iter().find(|i| i.code() == self.chi_so);
        errors.check(indicator.is_some(), "chi_so", "Chọn chỉ tiêu.", "Choose an indicator.");
        let year = self.nam.trim().parse::<i32>().ok().filter(|year| {
            let last = plan.and_then(|p| p.period_to).map_or(2100, |day| day.year());
            plan.is_none_or(|p| p.period_from.year() <= *year) && *year <= last && *year >= 2000
        });
        errors.check(
            year.is_some(),
            "nam",
            "Năm phải nằm trong thời kỳ của kế hoạch.",
            "The year must lie within the plan's period.",
        );
        let lower = errors.take("muc_duoi", bps(&self.muc_duoi));
        let upper = match self.muc_tren.trim() {
            "" => None,
            typed => errors.take("muc_tren", bps(typed)),
        };
        errors.check(
            upper.is_none_or(|upper| lower.is_none_or(|lower| lower <= upper)),
            "muc_tren",
            "Mức trên không được nhỏ hơn mức dưới.",
            "The upper bound cannot be below the lower one.",
        );
        let passage = self.trich.trim();
        errors.check(
            passage.chars().count() <= 500,
            "trich",
            "Phần trích dẫn không quá 500 ký tự.",
            "At most 500 characters.",
        );
        match (plan, indicator, year, lower) {
            (Some(plan), Some(indicator), Some(year), Some(lower)) if errors.is_empty() => {
                Ok(NewTarget {
                    plan_code: plan.code.clone(),
                    indicator,
                    year,
                    lower_bps: lower,
                    upper_bps: upper,
                    passage: passage.to_owned(),
                })
            }
            _ => Err(errors),
        }
    }
}

async fn page_of(
    deps: &Deps,
    page: Page,
    today: Day,
    form: Typed,
    errors: Errors,
) -> Result<TargetsPage, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let plans = queries_targets::plans_in_force(&mut db, deps.places.home(), today).await?;
    let targets = queries_targets::targets(&mut db, deps.places.home()).await?;
    let ours = |t: &&Target| t.year >= today.year() && plans.iter().any(|p| p.code == t.plan_code);
    let set = targets.iter().filter(ours).map(|t| SetTarget {
        indicator: t.indicator.clone(),
        year: t.year,
        goal: t.goal(lang),
        passage: t.passage.clone(),
    });
    Ok(TargetsPage {
        set: set.collect(),
        plans: plans.iter().map(|p| (p.code.clone(), plan_name(p, lang))).collect(),
        indicators: MEASURED
            .map(|i| (i.code(), format!("{} – {}", i.code(), i.label(lang))))
            .to_vec(),
        form,
        errors,
        page: page.in_section("department-figures"),
    })
}

fn plan_name(plan: &Plan, lang: Lang) -> String {
    let until = plan.period_to.map_or_else(|| lang.t("chưa định hạn", "open").to_owned(), date);
    format!("{} ({} – {until})", plan.title, date(plan.period_from))
}

/// `GET /so-cong-thuong/chi-tieu/muc-tieu`
pub(in crate::participation) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
) -> Result<Html<impl Template>, PageError> {
    let today = day_of(cx.now);
    let form = Typed { key: page.new_key(), nam: today.year().to_string(), ..Typed::default() };
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&deps, page, today, form, errors).await?))
}

/// `POST /so-cong-thuong/chi-tieu/muc-tieu`
pub(in crate::participation) async fn set(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let (today, lang) = (day_of(cx.now), page.lang);
    let mut tx = deps.db.begin().await?;
    let plans = queries_targets::plans_in_force(&mut tx, deps.places.home(), today).await?;
    let checked = form.data.check(&plans, lang).and_then(|target| {
        let once = Once::new(viewer.id, &form.data.key, HERE, &form.raw).map_err(|text| {
            let mut errors = Errors::new(lang);
            errors.add("key", text);
            errors
        })?;
        Ok((target, once))
    });
    let errors = match checked {
        Err(errors) => errors,
        Ok((target, once)) => match idempotency::claim(&mut tx, &cx, &once).await? {
            Claim::Again(to) => return Ok(go(&to)),
            Claim::Misused => Once::misused(lang),
            Claim::First => {
                idempotency::settle(&mut tx, &once, HERE).await?;
                set_target(&mut tx, &cx, &target).await?;
                tx.commit().await?;
                return Ok(go_with(&page, HERE, lang.t("Đã ghi mục tiêu.", "The target is set.")));
            }
        },
    };
    drop(tx);
    let page = page_of(&deps, page, today, form.data, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_read_as_they_are_typed() {
        for (typed, value) in
            [("25", 2500), ("27,5", 2750), ("0.05", 5), ("100 %", 10_000), (" 3% ", 300)]
        {
            assert_eq!(bps(typed), Ok(value), "{typed}");
        }
        for bad in ["", "100,01", "-1", "1e2", "25,555", ",5", "٣", "99999999999"] {
            assert!(bps(bad).is_err(), "{bad}");
        }
    }
}
