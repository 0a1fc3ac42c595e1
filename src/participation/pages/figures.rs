//! `/so-cong-thuong/chi-tieu`: the figures of a period, and the same as CSV.

mod csv;

use super::{Terms, commune_name, list_href, number};
use crate::{
    kernel::{Cx, Day, Errors, Lang, date, day_of, fold, parse_day},
    participation::{
        METHOD,
        indicator::{Group, Indicator, not_measured},
        model::{Counts, Figures, Share, percent},
        period::Period,
        queries, queries_orders, queries_targets,
        routes::Deps,
        target::{Standing, Target},
    },
    web::{Html, Officer, Page, PageError, Query},
};
use askama::Template;
use axum::extract::State;
pub(in crate::participation) use csv::csv;
use serde::Deserialize;

/// Which period is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::participation) struct Choice {
    ky: String,
    tu: String,
    den: String,
}

/// The choice of a period that is typed, not offered.
const FREE: &str = "tu-chon";

impl Choice {
    /// The period that was chosen; the running half-year where nothing sensible was.
    fn period(&self, today: Day, lang: Lang) -> (Period, Errors) {
        let mut errors = Errors::new(lang);
        let fallback = Period::current(today);
        if self.ky != FREE {
            return (Period::parse(&self.ky).unwrap_or(fallback), errors);
        }
        let from = errors.take("tu", parse_day(&self.tu));
        let last = errors.take("den", parse_day(&self.den));
        let period = match (from, last) {
            (Some(from), Some(last)) => errors.take("den", Period::between(from, last)),
            _ => None,
        };
        (period.unwrap_or(fallback), errors)
    }
}

/// A number that leads to the firms behind it.
struct Cell {
    label: &'static str,
    value: String,
    href: String,
}

/// One indicator of enterprises.
struct Line {
    code: &'static str,
    label: &'static str,
    definition: String,
    value: String,
    share: String,
    href: String,
}

/// One part of the register, with the numbers of a breakdown.
struct Row {
    label: String,
    cells: Vec<Cell>,
    share: String,
}

/// A target beside the figure.
struct TargetLine {
    indicator: String,
    name: &'static str,
    place: String,
    plan: String,
    passage: String,
    year: i32,
    goal: String,
    value: String,
    /// "good", "warn" or "" and the words beside it.
    tone: &'static str,
    standing: String,
    distance: String,
}

#[derive(Template)]
#[template(path = "participation/figures.html")]
struct FiguresPage {
    page: Page,
    label: String,
    as_of: String,
    runs: bool,
    options: Vec<(String, String)>,
    chosen: String,
    tu: String,
    den: String,
    errors: Errors,
    population: Line,
    trading: Line,
    lines: Vec<Line>,
    groups: Vec<Row>,
    sizes: Vec<Row>,
    communes: Vec<Row>,
    now: Vec<TargetLine>,
    past: Vec<TargetLine>,
    not_measured: [(&'static str, &'static str, &'static str); 6],
    /// HD1: of the completed orders, those with an invoice.
    invoiced: Invoiced,
    outside: i64,
    min_days: i32,
    code: String,
    method: &'static str,
}

/// HD1 as shown.
struct Invoiced {
    share: String,
    part: String,
    whole: String,
}

/// The code of the one indicator that counts orders, not firms.
const HD1: &str = "HD1";

/// HD1's name.
fn hd1(lang: Lang) -> &'static str {
    lang.t("Đơn có hóa đơn điện tử", "Orders with an e-invoice")
}

/// The indicators of a breakdown.
const COLUMNS: [Indicator; 5] = [
    Indicator::Population,
    Indicator::Registered,
    Indicator::Admitted,
    Indicator::Listed,
    Indicator::Trading,
];

/// `GET /so-cong-thuong/chi-tieu`
pub(in crate::participation) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let (lang, today) = (page.lang, day_of(cx.now));
    let (period, errors) = choice.period(today, lang);
    let mut db = deps.db.acquire().await?;
    let terms = Terms::read(&deps, &mut db, &cx).await?;
    let asked = terms.over(period);
    let figures = queries::figures(&mut db, &cx, &asked).await?;
    let outside = queries::outside(&mut db, &cx, &asked).await?;
    let invoiced = queries_orders::invoiced(&mut db, period).await?;
    let share = |code: &str| match code {
        HD1 => Some(invoiced),
        code => Indicator::of_code(code).map(|i| figures.share(i)),
    };
    let targets = queries_targets::targets(&mut db, deps.places.home()).await?;
    let (past, now): (Vec<_>, Vec<_>) = targets
        .iter()
        .map(|target| (target.standing(share, today), target))
        .partition(|(standing, _)| *standing == Standing::Past);
    let targets = |list: Vec<_>| {
        list.into_iter().map(|(s, t)| target_line(t, s, share(&t.indicator), lang)).collect()
    };
    let line = |indicator| line(&figures, indicator, period, lang);
    let tables = Tables { deps: &deps, period, lang };
    let free = !errors.is_empty() || !Period::offered(today).contains(&period);
    Ok(Html(FiguresPage {
        label: period.label(lang),
        as_of: date(period.as_of(today)),
        runs: period.runs(today),
        options: options(today, lang),
        chosen: if free { FREE.to_owned() } else { period.code() },
        tu: if errors.is_empty() { period.first_day().to_string() } else { choice.tu.clone() },
        den: if errors.is_empty() { period.last_day().to_string() } else { choice.den.clone() },
        errors,
        population: line(Indicator::Population),
        trading: line(Indicator::Trading),
        lines: Indicator::COMMON[1..]
            .iter()
            .chain([&Indicator::SmeTrading])
            .map(|i| line(*i))
            .collect(),
        groups: tables.groups(&figures),
        sizes: tables.sizes(&figures),
        communes: tables.communes(&figures),
        now: targets(now),
        past: targets(past),
        not_measured: not_measured(lang),
        invoiced: Invoiced {
            share: invoiced.shown(lang),
            part: number(invoiced.part, lang),
            whole: number(invoiced.whole, lang),
        },
        outside,
        min_days: terms.min_days,
        code: period.code(),
        method: METHOD,
        page: page.in_section("department-figures"),
    }))
}

fn options(today: Day, lang: Lang) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        Period::offered(today).iter().map(|p| (p.code(), p.label(lang))).collect();
    all.push((
        FREE.to_owned(),
        lang.t("Tự chọn từ ngày – đến ngày", "From one day to another").to_owned(),
    ));
    all
}

fn line(figures: &Figures, indicator: Indicator, period: Period, lang: Lang) -> Line {
    let share = figures.share(indicator);
    Line {
        code: indicator.code(),
        label: indicator.label(lang),
        definition: indicator.definition().get(lang).to_owned(),
        value: number(share.part, lang),
        share: share.shown(lang),
        href: list_href(indicator, Group::Enterprises, period, None, None),
    }
}

fn target_line(
    target: &Target,
    standing: Standing,
    share: Option<Share>,
    lang: Lang,
) -> TargetLine {
    let indicator = Indicator::of_code(&target.indicator);
    let points = |bps: i64| {
        let text = percent(bps.abs(), lang);
        text.trim_end_matches(['%', '\u{a0}']).to_owned() + lang.t(" điểm %", " points")
    };
    let to = |name: &str, bps: i64| match bps {
        0.. => format!("{name}: {} {}", lang.t("vượt", "above by"), points(bps)),
        _ => format!("{name}: {} {}", lang.t("còn thiếu", "short by"), points(bps)),
    };
    let (tone, words, distance) = match standing {
        Standing::Past => ("", lang.t("lịch sử", "history"), String::new()),
        Standing::NotMeasured => {
            ("", lang.t("chưa đo trên sàn", "not measured here"), String::new())
        }
        Standing::Judged { reached, to_lower, to_upper } => {
            let lower = to(lang.t("mức dưới", "lower bound"), to_lower);
            let upper = to_upper.map(|bps| to(lang.t("mức trên", "upper bound"), bps));
            let distance =
                [Some(lower), upper].into_iter().flatten().collect::<Vec<_>>().join("; ");
            match reached {
                true => ("good", lang.t("đạt", "reached"), distance),
                false => ("warn", lang.t("chưa đạt", "not reached"), distance),
            }
        }
    };
    TargetLine {
        indicator: target.indicator.clone(),
        name: match target.indicator.as_str() {
            HD1 => hd1(lang),
            _ => indicator.map_or("", |i| i.label(lang)),
        },
        place: match target.province_then.as_str() {
            "" => lang.t("Cả nước", "Whole country").to_owned(),
            place => place.to_owned(),
        },
        plan: if target.document.is_empty() {
            target.title.clone()
        } else {
            target.document.clone()
        },
        passage: target.passage.clone(),
        year: target.year,
        goal: target.goal(lang),
        value: share.map_or_else(|| "—".to_owned(), |share| share.shown(lang)),
        tone,
        standing: words.to_owned(),
        distance,
    }
}

struct Tables<'a> {
    deps: &'a Deps,
    period: Period,
    lang: Lang,
}

impl Tables<'_> {
    fn row(&self, label: String, counts: &Counts, href: impl Fn(Indicator) -> String) -> Row {
        let cell = |indicator: &Indicator| Cell {
            label: indicator.label(self.lang),
            value: number(counts.get(*indicator), self.lang),
            href: href(*indicator),
        };
        Row {
            label,
            cells: COLUMNS.iter().map(cell).collect(),
            share: counts.share(Indicator::Trading).shown(self.lang),
        }
    }

    fn groups(&self, figures: &Figures) -> Vec<Row> {
        let mut rows = Vec::new();
        for group in [Group::Cooperatives, Group::Households] {
            let counts = figures.group(group);
            let mut row = self.row(group.label(self.lang).to_owned(), &counts, |i| {
                list_href(i, group, self.period, None, None)
            });
            // Households are measured by their sales (HO1): they buy as persons.
            if group == Group::Households {
                row.share = counts.share(Indicator::HouseholdSelling).shown(self.lang);
                if let Some(cell) = row.cells.last_mut() {
                    cell.value = number(counts.selling, self.lang);
                    cell.href =
                        list_href(Indicator::HouseholdSelling, group, self.period, None, None);
                }
            }
            rows.push(row);
        }
        rows
    }

    fn sizes(&self, figures: &Figures) -> Vec<Row> {
        let row = |(size, counts): &(_, Counts)| {
            let size: crate::participation::Size = *size;
            self.row(size.label(self.lang).to_owned(), counts, |i| {
                list_href(i, Group::Enterprises, self.period, None, Some(size))
            })
        };
        figures.sizes.iter().map(row).collect()
    }

    fn communes(&self, figures: &Figures) -> Vec<Row> {
        let mut rows: Vec<_> = figures
            .communes
            .iter()
            .map(|(code, counts)| {
                let code = code.as_deref();
                let row = self.row(commune_name(self.deps, code, self.lang), counts, |i| {
                    list_href(
                        i,
                        Group::Enterprises,
                        self.period,
                        Some(code.unwrap_or_default()),
                        None,
                    )
                });
                // Those whose commune is not known come last.
                ((code.is_none(), fold(&row.label)), row)
            })
            .collect();
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        rows.into_iter().map(|(_, row)| row).collect()
    }
}
