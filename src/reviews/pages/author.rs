//! `/don-hang/{code}/danh-gia`: the buyer's own reviews of one order, by his account or the order's link.

use super::{ShownPicture, check_text, pictures_of, refused};
use crate::{
    kernel::{Cx, Errors, Lang, Text, date, day_of, normalise},
    platform::{idempotency, kept_pictures::KeptPicture, rules},
    reviews::{
        error::ReviewError,
        model::{HideReason, MOST_PICTURES},
        queries_read::{self, Bought},
        routes::Deps,
        rule::appeal,
        write::{NewReview, edit, write},
    },
    web::{Begun, Html, Page, PageError, Query, Upload, UploadedFile, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct Key {
    k: String,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct ReviewForm {
    key: String,
    k: String,
    act: String,
    stars: String,
    body: String,
    appeal: String,
    /// Pictures to be taken out.
    bo: Vec<String>,
}

/// Where the order's pages lead, with the guest's key.
fn query(k: &str) -> String {
    if k.is_empty() {
        String::new()
    } else {
        let pairs = form_urlencoded::Serializer::new(String::new()).append_pair("k", k).finish();
        format!("?{pairs}")
    }
}

#[derive(Template)]
#[template(path = "reviews/lines.html")]
struct LinesPage {
    page: Page,
    code: String,
    query: String,
    lines: Vec<Bought>,
    completed: bool,
}

#[derive(Template)]
#[template(path = "reviews/form.html")]
struct FormPage {
    page: Page,
    line: Bought,
    query: String,
    form: ReviewForm,
    choices: Vec<(&'static str, &'static str, String)>,
    pictures: Vec<ShownPicture>,
    may_write: bool,
    /// Until when it may be changed.
    until: String,
    /// Why it is hidden: reason, words, when.
    ruling: Option<(String, String, String)>,
    errors: Errors,
}

/// The moments after which something may still be written, and changed.
async fn limits(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<(DateTime<Utc>, TimeDelta)> {
    let wanted = [("review.write_days", 180), ("review.edit_days", 30)];
    let [write, edit] = rules::values(db, wanted, day_of(cx.now)).await?;
    let days = |n: i64| TimeDelta::try_days(n.clamp(0, 36_500)).unwrap_or_default();
    Ok((cx.now - days(write), days(edit)))
}

/// `GET /don-hang/{code}/danh-gia`
pub(in crate::reviews) async fn lines(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let person = page.viewer.as_ref().map(|v| v.id);
    let lines = queries_read::bought(&mut db, &normalise(&code), &key.k, person).await?;
    let first = lines.first().ok_or_else(PageError::not_found)?;
    let (code, completed) = (first.code.clone(), first.completed_at.is_some());
    Ok(Html(LinesPage { page, code, query: query(&key.k), lines, completed }))
}

async fn find(
    db: &mut PgConnection,
    page: &Page,
    (code, line, k): (&str, &str, &str),
) -> Result<Bought, PageError> {
    let position: i32 = line.parse().map_err(|_| PageError::not_found())?;
    let person = page.viewer.as_ref().map(|v| v.id);
    let lines = queries_read::bought(db, &normalise(code), k, person).await?;
    let mut lines = lines.into_iter();
    lines.find(|line| line.position == position).ok_or_else(PageError::not_found)
}

/// `GET /don-hang/{code}/danh-gia/{line}`
pub(in crate::reviews) async fn form(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path((code, line)): Path<(String, String)>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let line = find(&mut db, &page, (&code, &line, &key.k)).await?;
    let form = ReviewForm {
        k: key.k,
        stars: line.stars.map(|n| n.to_string()).unwrap_or_default(),
        body: line.body.clone().unwrap_or_default(),
        ..ReviewForm::default()
    };
    let errors = Errors::new(page.lang);
    render(&mut db, &cx, page, line, form, errors).await
}

async fn render(
    db: &mut PgConnection,
    cx: &Cx,
    page: Page,
    line: Bought,
    form: ReviewForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let (since, edit) = limits(db, cx).await?;
    let pictures = match line.review {
        Some(review) => pictures_of(db, &[review]).await?.into_iter().map(|(_, p)| p).collect(),
        None => Vec::new(),
    };
    let hidden = line.hidden == Some(true);
    let ruling = match line.review.filter(|_| hidden) {
        Some(review) => queries_read::rulings(db, review).await?.into_iter().next(),
        None => None,
    };
    let lang = page.lang;
    let ruling = ruling.map(|r| {
        let reason = HideReason::of(&r.reason).map(|r| r.label().get(lang).to_owned());
        (reason.unwrap_or_default(), r.note, date(day_of(r.ruled_at)))
    });
    let end = line.written_at.map(|at| at + edit);
    let may_write = match (line.review, end) {
        (None, _) => line.completed_at.is_some_and(|at| at > since),
        (Some(_), end) => !hidden && end.is_some_and(|end| end > cx.now),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = FormPage {
        query: query(&form.k),
        choices: choices(lang),
        until: end.map(|end| date(day_of(end))).unwrap_or_default(),
        page,
        line,
        form,
        pictures,
        may_write,
        ruling,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

fn choices(lang: Lang) -> Vec<(&'static str, &'static str, String)> {
    let words = [
        ("5", "★★★★★", Text::new("Rất hài lòng", "Very satisfied")),
        ("4", "★★★★☆", Text::new("Hài lòng", "Satisfied")),
        ("3", "★★★☆☆", Text::new("Tạm được", "Fair")),
        ("2", "★★☆☆☆", Text::new("Chưa hài lòng", "Not satisfied")),
        ("1", "★☆☆☆☆", Text::new("Thất vọng", "Disappointed")),
    ];
    let words = words.into_iter();
    words.map(|(n, stars, text)| (n, stars, format!("{n} – {}", text.get(lang)))).collect()
}

/// `POST /don-hang/{code}/danh-gia/{line}`: writes, changes, or asks for another look.
pub(in crate::reviews) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path((code, line)): Path<(String, String)>,
    upload: Upload<ReviewForm>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let line = find(&mut db, &page, (&code, &line, &upload.data.k)).await?;
    drop(db);
    let form = upload.data;
    let mut errors = Errors::new(page.lang);
    let asks = form.act == "appeal";
    let stars = form.stars.parse().ok().filter(|n| (1..=5).contains(n)).unwrap_or(0i16);
    check(&form, stars, upload.files.len(), &mut errors)?;
    let mut new = NewReview { stars, body: form.body.trim().to_owned(), pictures: Vec::new() };
    if errors.is_empty() && !asks {
        new.pictures = keep(&deps, &cx, &upload.files, &mut errors).await?;
    }
    if errors.is_empty() {
        let route = format!("/don-hang/{}/danh-gia/{}", line.code, line.position);
        let to = format!("{route}{}", query(&form.k));
        let mut tx = deps.db.begin().await?;
        let (who, asked) = (format!("order:{}", line.order), (route.as_str(), upload.raw.as_ref()));
        // A picture of a review that was not written is nobody's.
        let sent: Vec<String> = new.pictures.iter().map(|picture| picture.key.clone()).collect();
        match begin_once(&mut tx, &cx, page.lang, who, &form.key, asked).await? {
            Begun::Done(response) => {
                drop(tx);
                deps.pictures.let_go(&sent).await;
                return Ok(response);
            }
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => match put(&mut tx, &cx, &line, &form, &new).await {
                Ok(gone) => {
                    idempotency::settle(&mut tx, &once, &to).await?;
                    tx.commit().await?;
                    deps.pictures.let_go(&gone).await;
                    return Ok(go_with(&page, &to, thanks(&page, asks)));
                }
                Err(error) => refused(error, &mut errors)?,
            },
        }
        drop(tx);
        deps.pictures.let_go(&sent).await;
    }
    let mut db = deps.db.acquire().await?;
    render(&mut db, &cx, page, line, form, errors).await
}

fn check(
    form: &ReviewForm,
    stars: i16,
    files: usize,
    errors: &mut Errors,
) -> Result<(), PageError> {
    if form.act == "appeal" {
        let length = form.appeal.trim().chars().count();
        errors.check(
            (10..=500).contains(&length),
            "appeal",
            "Xin viết từ 10 đến 500 chữ vì sao cần xem lại.",
            "Please write 10 to 500 characters on why it should be looked at again.",
        );
        return Ok(());
    }
    errors.check(stars > 0, "stars", "Chọn từ 1 đến 5 sao.", "Please choose 1 to 5 stars.");
    check_text(errors, "body", &form.body);
    if files > MOST_PICTURES { refused(ReviewError::TooManyPictures, errors) } else { Ok(()) }
}

/// Answers the keys of the pictures that were taken out.
async fn put(
    db: &mut PgConnection,
    cx: &Cx,
    line: &Bought,
    form: &ReviewForm,
    new: &NewReview,
) -> Result<Vec<String>, ReviewError> {
    let (since, span) = limits(db, cx).await?;
    match line.review {
        Some(review) if form.act == "appeal" => {
            appeal(db, cx, review, form.appeal.trim()).await?;
            Ok(Vec::new())
        }
        None if form.act == "appeal" => Err(ReviewError::NotFound),
        None => {
            let of = (line.order, line.position);
            write(db, cx, of, &line.buyer_name, new, since).await?;
            Ok(Vec::new())
        }
        Some(review) => {
            let without: Vec<Uuid> = form.bo.iter().filter_map(|id| id.parse().ok()).collect();
            edit(db, cx, review, new, &without, cx.now - span).await
        }
    }
}

fn thanks(page: &Page, asked: bool) -> &str {
    if asked {
        page.t("Đã gửi yêu cầu xem lại.", "Your request has been sent.")
    } else {
        page.t("Cảm ơn bạn đã đánh giá.", "Thank you for your review.")
    }
}

/// The slow part, before the transaction begins.
async fn keep(
    deps: &Deps,
    cx: &Cx,
    files: &[UploadedFile],
    errors: &mut Errors,
) -> Result<Vec<KeptPicture>, PageError> {
    let mut kept = Vec::new();
    for file in files {
        let made = deps.pictures.keep(cx, "review-pictures", file.bytes.clone()).await;
        match made.map_err(PageError::internal)? {
            Ok(picture) => kept.push(picture),
            Err(text) => {
                let said = |lang| format!("{}: {}", file.name, text.get(lang));
                errors.add("anh", Text::new(said(Lang::Vi), said(Lang::En)));
                break;
            }
        }
    }
    if !errors.is_empty() {
        let keys: Vec<String> = kept.drain(..).map(|picture| picture.key).collect();
        deps.pictures.let_go(&keys).await;
    }
    Ok(kept)
}
