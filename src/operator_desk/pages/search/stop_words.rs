//! `/van-hanh/tim-kiem/tu-dung`: words that need not be there for something to be found.

use super::{Deed, Filter, SECTION, STOP_WORDS, Tab, preview::Preview};
use crate::{
    kernel::{Cx, Errors, fold},
    operator_desk::routes::Deps,
    platform::idempotency,
    search::{
        Change, StopWord, WordsError, add_stop_word, bring_stop_word_back, check_stop_word,
        remove_stop_word,
    },
    web::{
        AsProblem, Begun, Form, Html, Operator, Page, PageError, Query, Viewer, begin_once, go_with,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// A word as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Typed {
    key: String,
    tu: String,
    /// A question to try it out with.
    mau: String,
    act: String,
}

#[derive(Template)]
#[template(path = "operator_desk/search_stop_words.html")]
struct StopWordsPage {
    page: Page,
    form: Typed,
    errors: Errors,
    /// What is tried out, and the word that it is about.
    preview: Option<Preview>,
    tried: String,
    wanted: String,
    kind: &'static str,
    tabs: Vec<Tab>,
    count: usize,
    rows: Vec<StopWord>,
    number: i64,
    last: i64,
    base: String,
}

async fn page_of(
    deps: &Deps,
    page: Page,
    filter: &Filter,
    form: Typed,
) -> Result<StopWordsPage, PageError> {
    let mut all = StopWord::all(&mut *deps.db.acquire().await?).await?;
    all.retain(|known| {
        filter.fits((known.is_shipped, known.is_removed), std::iter::once(known.word.as_str()))
    });
    all.sort_by_cached_key(|known| fold(&known.word));
    let count = all.len();
    let (rows, number, last) = filter.part(all);
    Ok(StopWordsPage {
        form,
        errors: Errors::new(page.lang),
        preview: None,
        tried: String::new(),
        wanted: filter.wanted(),
        kind: filter.kind(),
        tabs: filter.tabs(STOP_WORDS, page.lang),
        count,
        rows,
        number,
        last,
        base: filter.base(STOP_WORDS),
        page: page.in_section(SECTION),
    })
}

/// `GET /van-hanh/tim-kiem/tu-dung`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    Query(filter): Query<Filter>,
) -> Result<Html<impl Template>, PageError> {
    let word = filter.tu.trim().chars().take(30).collect();
    let form = Typed { key: page.new_key(), tu: word, ..Typed::default() };
    Ok(Html(page_of(&deps, page, &filter, form).await?))
}

/// `POST /van-hanh/tim-kiem/tu-dung`
pub(in crate::operator_desk) async fn add(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    act((&deps, &cx), page, &viewer, None, form).await
}

/// `POST /van-hanh/tim-kiem/tu-dung/{deed}`
pub(in crate::operator_desk) async fn change(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    Path(deed): Path<String>,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    act((&deps, &cx), page, &viewer, Some(Deed::of(&deed)?), form).await
}

/// `deed`: with a word that is there; `None`: it is a new one.
async fn act(
    (deps, cx): (&Deps, &Cx),
    page: Page,
    viewer: &Viewer,
    deed: Option<Deed>,
    Form { data, raw }: Form<Typed>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let Some(word) = errors.take("tu", check_stop_word(&data.tu)) else {
        return wrong(deps, page, deed, data, errors).await;
    };
    if data.act == "xem" {
        return tried(deps, cx, page, deed, data, word).await;
    }
    let mut tx = deps.db.begin().await?;
    let route = format!("{STOP_WORDS} {deed:?}");
    let asked = (route.as_str(), raw.as_ref());
    let once = match begin_once(&mut tx, cx, page.lang, viewer.id, &data.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return wrong(deps, page, deed, data, errors).await,
    };
    let done = match deed {
        None => add_stop_word(&mut tx, cx, &word).await,
        Some(Deed::Remove) => remove_stop_word(&mut tx, cx, &word).await,
        Some(Deed::Restore) => bring_stop_word_back(&mut tx, cx, &word).await,
    };
    match done {
        Ok(()) => {}
        Err(error @ (WordsError::Stale | WordsError::There)) => {
            drop(tx);
            errors.add("tu", error.problem().title);
            return wrong(deps, page, deed, data, errors).await;
        }
        Err(error) => return Err(error.into()),
    }
    idempotency::settle(&mut tx, &once, STOP_WORDS).await?;
    tx.commit().await?;
    let line = match deed {
        None => page.t("Đã thêm từ dừng.", "The stop word is added."),
        Some(Deed::Remove) => page.t("Đã bỏ từ dừng.", "The stop word is taken away."),
        Some(Deed::Restore) => page.t("Đã khôi phục từ dừng.", "The stop word is back."),
    };
    Ok(go_with(&page, STOP_WORDS, &format!("{line} “{word}”")))
}

/// The form as it was sent; those of the list are made anew.
fn kept(page: &Page, deed: Option<Deed>, data: Typed) -> Typed {
    match deed {
        None => data,
        Some(_) => Typed { key: page.new_key(), ..Typed::default() },
    }
}

async fn wrong(
    deps: &Deps,
    page: Page,
    deed: Option<Deed>,
    data: Typed,
    errors: Errors,
) -> Result<Response, PageError> {
    let form = kept(&page, deed, data);
    let mut page = page_of(deps, page, &Filter::default(), form).await?;
    page.errors = errors;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

async fn tried(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    deed: Option<Deed>,
    data: Typed,
    word: String,
) -> Result<Response, PageError> {
    let change = Change::StopWord { word: &word, is_one: deed != Some(Deed::Remove) };
    let preview = Preview::of(deps, cx, page.lang, change, &data.mau).await?;
    let form = kept(&page, deed, data);
    let mut page = page_of(deps, page, &Filter::default(), form).await?;
    (page.preview, page.tried) = (Some(preview), word);
    Ok(Html(page).into_response())
}
