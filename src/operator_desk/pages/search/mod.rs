//! `/van-hanh/tim-kiem`: what people look for and how the index does; below it the words that the operator
//! looks after.

mod filter;
pub(in crate::operator_desk) mod preview;
pub(in crate::operator_desk) mod stop_words;
pub(in crate::operator_desk) mod synonym;
pub(in crate::operator_desk) mod synonyms;

use super::PAGE;
use crate::{
    kernel::{Cx, Lang, date_time, day_of},
    operator_desk::routes::Deps,
    platform::{idempotency, spreadsheet},
    search::{LookedFor, Search, State as IndexState, Which},
    web::{Begun, Form, Html, Operator, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use filter::Filter;
use serde::Deserialize;

const HERE: &str = "/van-hanh/tim-kiem";
const SYNONYMS: &str = "/van-hanh/tim-kiem/tu-dong-nghia";
const STOP_WORDS: &str = "/van-hanh/tim-kiem/tu-dung";
const SECTION: &str = "operator-search";
/// Lines of a file.
const MOST: i64 = 10_000;
const FARTHEST: i64 = 1_000;

/// Which list, of how many days, which part of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Choice {
    xem: String,
    ngay: String,
    trang: String,
}

impl Choice {
    fn which(&self) -> (Which, &'static str) {
        match self.xem.as_str() {
            "pho-bien" => (Which::Popular, "pho-bien"),
            "cham" => (Which::Slow, "cham"),
            _ => (Which::Empty, "khong-thay"),
        }
    }

    fn days(&self) -> u64 {
        match self.ngay.as_str() {
            "7" => 7,
            "90" => 90,
            _ => 30,
        }
    }
}

/// What is done with words that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Remove,
    Restore,
}

impl Deed {
    /// As in the address.
    fn of(typed: &str) -> Result<Self, PageError> {
        match typed {
            "bo" => Ok(Self::Remove),
            "khoi-phuc" => Ok(Self::Restore),
            _ => Err(PageError::not_found()),
        }
    }
}

/// What was typed of a page's number.
fn page_number(typed: &str) -> i64 {
    typed.parse().unwrap_or(1).clamp(1, FARTHEST)
}

/// An address with these pairs, but for empty ones.
fn href(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Where a buyer sees what these words find.
fn found_at(words: &str) -> String {
    href("/tim", &[("q", words)])
}

struct Row {
    words: String,
    found_at: String,
    add_at: String,
    times: i64,
    total: i64,
    slowest: i32,
}

impl Row {
    fn of(which: Which, asked: LookedFor) -> Self {
        Self {
            found_at: found_at(&asked.words),
            add_at: href(&format!("{SYNONYMS}/moi"), &[("tu", &asked.words)]),
            times: match which {
                Which::Empty => asked.empty,
                Which::Popular => asked.times - asked.empty,
                Which::Slow => asked.slow,
            },
            words: asked.words,
            total: asked.total,
            slowest: asked.slowest,
        }
    }
}

struct Rebuilding {
    asked: String,
    began: String,
    finished: String,
    done: i64,
    of: i64,
    error: String,
    waits: bool,
}

#[derive(Template)]
#[template(path = "operator_desk/search.html")]
struct SearchPage {
    page: Page,
    which: &'static str,
    lists: Vec<Tab>,
    spans: Vec<Tab>,
    rows: Vec<Row>,
    prev: String,
    next: String,
    state: IndexState,
    /// Of the last comparison: of how many, and when.
    swept: String,
    csv: String,
    rebuilding: Option<Rebuilding>,
    slow_ms: u128,
}

/// One of several lists to choose from.
struct Tab {
    href: String,
    label: &'static str,
    is_current: bool,
}

fn lists(chosen: &str, days: u64, lang: Lang) -> Vec<Tab> {
    let all = [
        ("khong-thay", lang.t("Không có kết quả", "Without result")),
        ("pho-bien", lang.t("Phổ biến", "Popular")),
        ("cham", lang.t("Chậm", "Slow")),
    ];
    let tab = |(name, label): (&'static str, &'static str)| Tab {
        href: href(HERE, &[("xem", name), ("ngay", &days.to_string())]),
        label,
        is_current: name == chosen,
    };
    all.map(tab).into()
}

fn spans(chosen: &str, days: u64, lang: Lang) -> Vec<Tab> {
    let all = [
        (7, lang.t("7 ngày", "7 days")),
        (30, lang.t("30 ngày", "30 days")),
        (90, lang.t("90 ngày", "90 days")),
    ];
    let tab = |(span, label): (u64, &'static str)| Tab {
        href: href(HERE, &[("xem", chosen), ("ngay", &span.to_string())]),
        label,
        is_current: span == days,
    };
    all.map(tab).into()
}

/// `GET /van-hanh/tim-kiem`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let ((which, name), days) = (choice.which(), choice.days());
    let number = page_number(&choice.trang);
    let size = PAGE as i64;
    let mut db = deps.db.acquire().await?;
    let part = ((number - 1) * size, size + 1);
    let mut asked = LookedFor::list(&mut db, which, (day_of(cx.now), days), part).await?;
    drop(db);
    let has_more = asked.len() > PAGE;
    asked.truncate(PAGE);
    let state = deps.search.state(&cx).await?;
    let at = |number: i64| {
        let (days, number) = (days.to_string(), number.to_string());
        href(HERE, &[("xem", name), ("ngay", &days), ("trang", &number)])
    };
    let rebuilding = state.rebuild.clone().map(|rebuild| Rebuilding {
        asked: date_time(rebuild.asked_at),
        began: rebuild.began_at.map(date_time).unwrap_or_default(),
        finished: rebuild.finished_at.map(date_time).unwrap_or_default(),
        done: rebuild.done,
        of: rebuild.of,
        error: rebuild.error.unwrap_or_default(),
        waits: rebuild.began_at.is_none(),
    });
    let swept = state.sweep.as_ref().map(|sweep| {
        format!("{} {}, {}", page.t("trên", "of"), sweep.compared, date_time(sweep.at))
    });
    Ok(Html(SearchPage {
        prev: if number > 1 { at(number - 1) } else { String::new() },
        next: if has_more { at(number + 1) } else { String::new() },
        rows: asked.into_iter().map(|asked| Row::of(which, asked)).collect(),
        swept: swept.unwrap_or_default(),
        csv: href(&format!("{HERE}/csv"), &[("xem", name), ("ngay", &days.to_string())]),
        lists: lists(name, days, page.lang),
        spans: spans(name, days, page.lang),
        which: name,
        state,
        rebuilding,
        slow_ms: Which::SLOW_MS,
        page: page.in_section(SECTION),
    }))
}

/// `GET /van-hanh/tim-kiem/csv`
pub(in crate::operator_desk) async fn csv(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Query(choice): Query<Choice>,
) -> Result<Response, PageError> {
    let ((which, name), days) = (choice.which(), choice.days());
    let mut db = deps.db.acquire().await?;
    let asked = LookedFor::list(&mut db, which, (day_of(cx.now), days), (0, MOST)).await?;
    drop(db);
    let last = match which {
        Which::Slow => page.t("Chậm nhất (ms)", "Slowest (ms)"),
        Which::Empty | Which::Popular => page.t("Kết quả lần cuối", "Results at the last time"),
    };
    let header = [page.t("Từ tìm", "Words"), page.t("Số lần", "Times"), last];
    let rows = asked.into_iter().map(|asked| Row::of(which, asked)).map(|row| {
        let last = if which == Which::Slow { i64::from(row.slowest) } else { row.total };
        [row.words, row.times.to_string(), last.to_string()]
    });
    let bytes =
        spreadsheet::to_csv(&header, &rows.collect::<Vec<_>>()).map_err(PageError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"tim-kiem-{name}-{days}-ngay.csv\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// A form with nothing but its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Pressed {
    key: String,
}

/// `POST /van-hanh/tim-kiem/dung-lai`
pub(in crate::operator_desk) async fn rebuild(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Pressed>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /van-hanh/tim-kiem/dung-lai", form.raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &form.data.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            let line = errors.iter().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
            return Ok(go_with(&page, HERE, &line));
        }
    };
    let is_asked = Search::order_rebuild(&mut tx, &cx).await?;
    idempotency::settle(&mut tx, &once, HERE).await?;
    tx.commit().await?;
    let line = if is_asked {
        page.t(
            "Đã yêu cầu dựng lại. Chỉ mục cũ vẫn trả lời cho đến khi bản mới xong.",
            "A rebuild is asked for. The old index answers until the new one is done.",
        )
    } else {
        page.t("Đã có một yêu cầu đang chờ.", "One is waiting already.")
    };
    Ok(go_with(&page, HERE, line))
}
