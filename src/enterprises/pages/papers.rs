//! `/ban-hang/giay-to` and `/giay-to/{id}`: papers handed in, listed, taken back, shown to those who may see.

use super::{
    super::{
        model::State,
        papers::{self, NewPaper, Paper, PaperKind, PaperState},
        queries_papers,
        routes::Deps,
        scope::SellerScope,
    },
    form::line,
};
use crate::{
    kernel::{Cx, Day, Errors, Lang, Text, date, day_of, parse_day},
    platform::{files::PaperType, idempotency},
    web::{Begun, Html, Page, PageError, SignedIn, Upload, UploadedFile, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

/// A paper as shown in lists.
pub(crate) struct ShownPaper {
    pub(crate) id: Uuid,
    pub(crate) label: String,
    pub(crate) number: String,
    pub(crate) issuer: String,
    pub(crate) issued: String,
    pub(crate) expires: String,
    pub(crate) lapsed: bool,
    pub(crate) file: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) reason: String,
    pub(crate) accepted: bool,
    /// The licence that an approved shop stands on stays.
    pub(crate) stays: bool,
}

impl ShownPaper {
    pub(crate) fn of(paper: Paper, lang: Lang, today: Day) -> Self {
        let accepted = paper.state == PaperState::Accepted;
        Self {
            id: paper.id,
            label: lang.t(&paper.label_vi, &paper.label_en).to_owned(),
            issued: paper.issued.map(date).unwrap_or_default(),
            expires: paper.expires.map(date).unwrap_or_default(),
            lapsed: paper.expires.is_some_and(|day| day < today),
            state: paper.state.label().get(lang).to_owned(),
            tone: paper.state.tone(),
            accepted,
            stays: accepted && is_registration(&paper.kind),
            number: paper.number,
            issuer: paper.issuer,
            file: paper.file_name,
            reason: paper.reason,
        }
    }
}

fn is_registration(kind: &str) -> bool {
    crate::enterprises::Kind::ALL.iter().any(|k| k.licence() == kind)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct PaperForm {
    key: String,
    kind: String,
    number: String,
    issuer: String,
    issued: String,
    expires: String,
}

impl PaperForm {
    fn check(&self, lang: Lang, kinds: &[PaperKind], today: Day) -> Result<NewPaper, Errors> {
        let mut e = Errors::new(lang);
        let kind = kinds.iter().find(|k| k.kind == self.kind);
        e.check(
            kind.is_some(),
            "kind",
            "Xin chọn loại giấy tờ.",
            "Please choose the kind of paper.",
        );
        let number = line(&mut e, "number", &self.number, (1, 80));
        let issuer = line(&mut e, "issuer", &self.issuer, (2, 200));
        let mut day = |field, typed: &str| match typed.trim() {
            "" => None,
            typed => e.take(field, parse_day(typed)),
        };
        let (issued, expires) = (day("issued", &self.issued), day("expires", &self.expires));
        e.check(
            issued.is_none_or(|d| d <= today),
            "issued",
            "Ngày cấp không thể ở tương lai.",
            "The date of issue cannot be in the future.",
        );
        e.check(
            expires.is_none_or(|d| d >= today),
            "expires",
            "Giấy này đã hết hạn.",
            "This paper has lapsed.",
        );
        let must_end = kind.is_some_and(|k| k.expires);
        e.check(
            !must_end || expires.is_some() || !self.expires.trim().is_empty(),
            "expires",
            "Loại giấy này có thời hạn; xin ghi ngày hết hạn.",
            "This kind of paper ends; please give its last day.",
        );
        if !e.is_empty() {
            return Err(e);
        }
        Ok(NewPaper {
            kind: self.kind.clone(),
            number,
            issuer,
            issued,
            expires,
            ..NewPaper::default()
        })
    }
}

#[derive(Template)]
#[template(path = "enterprises/papers.html")]
struct PapersPage {
    page: Page,
    papers: Vec<ShownPaper>,
    kinds: Vec<(String, String)>,
    form: PaperForm,
    errors: Errors,
}

async fn show(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: &SellerScope,
    sent: Option<(PaperForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let papers = queries_papers::of_seller(&mut db, scope.seller).await?;
    let kinds = queries_papers::kinds(&mut db).await?;
    drop(db);
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (mut form, errors) = sent.unwrap_or_else(|| (PaperForm::default(), Errors::new(page.lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let (lang, today) = (page.lang, day_of(cx.now));
    let label = |k: PaperKind| {
        let label = lang.t(&k.label_vi, &k.label_en).to_owned();
        (k.kind, label)
    };
    // The registration papers first: every shop needs one.
    let (first, rest): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|k| is_registration(&k.kind));
    let shown = PapersPage {
        papers: papers.into_iter().map(|p| ShownPaper::of(p, lang, today)).collect(),
        kinds: first.into_iter().chain(rest).map(label).collect(),
        page: page.in_section("seller-papers"),
        form,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /ban-hang/giay-to`
pub(in super::super) async fn list(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, &scope, None).await
}

/// The one file of the form, of a kind that is taken.
fn chosen(files: &[UploadedFile], lang: Lang) -> Result<(&UploadedFile, PaperType), Errors> {
    let mut errors = Errors::new(lang);
    let Some(file) = files.iter().find(|f| f.field == "file") else {
        errors.add(
            "file",
            Text::new(
                "Xin chọn tệp PDF hoặc ảnh chụp giấy tờ.",
                "Please choose a PDF or a photo of the paper.",
            ),
        );
        return Err(errors);
    };
    match PaperType::of(&file.bytes) {
        Ok(kind) => Ok((file, kind)),
        Err(text) => {
            errors.add("file", text);
            Err(errors)
        }
    }
}

/// `POST /ban-hang/giay-to`: hands a paper in.
pub(in super::super) async fn add(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Upload<PaperForm>,
) -> Result<Response, PageError> {
    if matches!(scope.state, State::Refused | State::Closed) {
        return Err(PageError::not_found());
    }
    let kinds = queries_papers::kinds(&mut *deps.db.acquire().await?).await?;
    let checked = form.data.check(page.lang, &kinds, day_of(cx.now));
    let file = chosen(&form.files, page.lang);
    let (mut new, (file, kind)) = match (checked, file) {
        (Ok(new), Ok(file)) => (new, file),
        (Err(errors), _) | (Ok(_), Err(errors)) => {
            return show(&deps, &cx, page, &scope, Some((form.data, errors))).await;
        }
    };
    new.file_type = kind.mime().into();
    new.file_name.clone_from(&file.name);
    new.file_key =
        deps.files.keep(&cx, "papers", file.bytes.clone()).await.map_err(PageError::internal)?;
    let mut tx = deps.db.begin().await?;
    let once = ("POST /ban-hang/giay-to", form.raw.as_ref());
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, once).await?;
    let once = match begun {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return show(&deps, &cx, page, &scope, Some((form.data, errors))).await;
        }
    };
    idempotency::settle(&mut tx, &once, "/ban-hang/giay-to").await?;
    papers::add_paper(&mut tx, &cx, scope.seller, &new).await?;
    tx.commit().await?;
    let line = page.t("Đã nộp giấy tờ.", "The paper has been handed in.");
    Ok(go_with(&page, "/ban-hang/giay-to", line))
}

/// `POST /ban-hang/giay-to/{id}/go`: takes a paper back.
pub(in super::super) async fn remove(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    papers::remove_paper(&mut tx, &cx, scope.seller, id).await?;
    tx.commit().await?;
    let line = page.t("Đã gỡ giấy tờ.", "The paper has been removed.");
    Ok(go_with(&page, "/ban-hang/giay-to", line))
}

/// `GET /giay-to/{id}`: the file itself, for members of its shop and for officers.
pub(in super::super) async fn file(
    Part(deps): Part<Deps>,
    cx: Cx,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let of_authority = viewer.is_officer && viewer.second_factor;
    let mut tx = deps.db.begin().await?;
    let file = papers::open_file(&mut tx, &cx, id, viewer.id, of_authority).await?;
    tx.commit().await?;
    let bytes = deps.files.read(&file.key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    // A PDF may carry scripts: it is saved, not opened here; pictures may be looked at.
    let shown = if file.mime.starts_with("image/") { "inline" } else { "attachment" };
    let name =
        percent_encoding::utf8_percent_encode(&file.name, percent_encoding::NON_ALPHANUMERIC);
    let headers = [
        (header::CONTENT_TYPE, file.mime),
        (header::CONTENT_DISPOSITION, format!("{shown}; filename*=UTF-8''{name}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    Ok((headers, bytes).into_response())
}
