//! One group of words: seen, tried out, added, changed, taken away, brought back.

use super::{Deed, Filter, SECTION, SYNONYMS, preview::Preview};
use crate::{
    kernel::{Cx, Errors, Lang, date_time},
    operator_desk::{pages::id, routes::Deps},
    platform::idempotency,
    search::{
        Change, Draft, Synonym, Taken, WordsError, add_synonyms, change_synonyms, remove_synonyms,
        restore_synonyms,
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
use sqlx::PgConnection;
use uuid::Uuid;

const ONE_WAY: &str = "mot";

/// A group as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Typed {
    key: String,
    /// Of which version the form was.
    v: String,
    tu: String,
    kieu: String,
    ghi_chu: String,
    /// A question to try it out with.
    mau: String,
    act: String,
}

impl Typed {
    fn of(page: &Page, group: &Synonym) -> Self {
        Self {
            key: page.new_key(),
            v: group.version().to_string(),
            tu: group.terms.join("\n"),
            kieu: if group.is_one_way { ONE_WAY } else { "" }.to_owned(),
            ghi_chu: group.note.clone(),
            ..Self::default()
        }
    }

    fn draft(&self, lang: Lang) -> Result<Draft, Errors> {
        Draft::check(&self.tu, self.kieu == ONE_WAY, &self.ghi_chu, lang)
    }

    fn is_trial(&self) -> bool {
        self.act == "xem"
    }

    fn seen(&self) -> i64 {
        self.v.parse().unwrap_or_default()
    }
}

/// What is kept of the group.
struct Known {
    href: String,
    version: i64,
    terms: String,
    is_removed: bool,
    is_shipped: bool,
    is_changed: bool,
    shipped: String,
    /// What restoring does.
    restored: String,
    updated: String,
}

impl Known {
    fn of(group: &Synonym, lang: Lang) -> Self {
        let shipped = group.shipped().map(|draft| draft.terms.join("; ")).unwrap_or_default();
        let restored = if shipped.is_empty() {
            lang.t("Nhóm được dùng lại như cũ.", "The group is back as it was.").to_owned()
        } else {
            let line =
                lang.t("Nhóm trở về bản có sẵn:", "The group goes back to the shipped version:");
            format!("{line} {shipped}")
        };
        Self {
            href: at(group.id),
            version: group.version(),
            terms: group.terms.join("; "),
            is_removed: group.removed_at.is_some(),
            is_shipped: group.shipped.is_some(),
            is_changed: group.is_changed(),
            shipped,
            restored,
            updated: date_time(group.updated_at),
        }
    }
}

#[derive(Template)]
#[template(path = "operator_desk/search_synonym.html")]
struct GroupPage {
    page: Page,
    known: Option<Known>,
    form: Typed,
    kinds: [(&'static str, &'static str, &'static str); 2],
    errors: Errors,
    /// The group that has one of the terms already.
    other: String,
    preview: Option<Preview>,
}

impl GroupPage {
    fn new(page: Page, group: Option<&Synonym>, form: Typed) -> Self {
        let kinds = [
            (
                "",
                page.lang.t("Như nhau", "Equal"),
                page.lang.t("Tìm từ nào cũng ra các từ kia.", "Each term finds all the others."),
            ),
            (
                ONE_WAY,
                page.lang.t("Một chiều", "One way"),
                page.lang.t(
                    "Chỉ từ đầu tiên ra các từ sau. Ví dụ: trái cây → xoài; mít.",
                    "Only the first term finds the others, for example fruit → mango; jackfruit.",
                ),
            ),
        ];
        let errors = Errors::new(page.lang);
        let known = group.map(|group| Known::of(group, page.lang));
        let page = page.in_section(SECTION);
        Self { page, known, form, kinds, errors, other: String::new(), preview: None }
    }

    fn wrong(mut self, errors: Errors) -> Response {
        self.errors = errors;
        (StatusCode::UNPROCESSABLE_ENTITY, Html(self)).into_response()
    }

    fn taken(mut self, taken: &Taken) -> Response {
        let mut errors = Errors::new(self.page.lang);
        errors.add("tu", taken.text());
        self.other = at(taken.group);
        self.wrong(errors)
    }

    fn tried(mut self, preview: Preview) -> Response {
        self.preview = Some(preview);
        Html(self).into_response()
    }

    fn refused(mut self, error: &WordsError) -> Response {
        if let WordsError::Taken(taken) = error {
            return self.taken(taken);
        }
        // Who saves again has now seen how it is.
        if let Some(known) = &self.known {
            self.form.v = known.version.to_string();
        }
        let mut errors = Errors::new(self.page.lang);
        errors.add("tu", error.problem().title);
        self.wrong(errors)
    }
}

fn at(group: Uuid) -> String {
    format!("{SYNONYMS}/{group}")
}

async fn find(db: &mut PgConnection, id: Uuid) -> Result<Synonym, PageError> {
    let mut all = Synonym::all(db).await?.into_iter();
    all.find(|group| group.id == id).ok_or_else(PageError::not_found)
}

/// `GET /van-hanh/tim-kiem/tu-dong-nghia/moi`
pub(in crate::operator_desk) async fn new(
    page: Page,
    Operator(_): Operator,
    Query(filter): Query<Filter>,
) -> Html<impl Template> {
    let word: String = filter.tu.trim().chars().take(60).collect();
    let form = Typed {
        key: page.new_key(),
        tu: if word.is_empty() { word } else { format!("{word}\n") },
        ..Typed::default()
    };
    Html(GroupPage::new(page, None, form))
}

/// `GET /van-hanh/tim-kiem/tu-dong-nghia/{id}`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    Path(typed): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let group = find(&mut *deps.db.acquire().await?, id(&typed)?).await?;
    let form = Typed::of(&page, &group);
    Ok(Html(GroupPage::new(page, Some(&group), form)))
}

/// `POST /van-hanh/tim-kiem/tu-dong-nghia/moi`
pub(in crate::operator_desk) async fn add(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    save((&deps, &cx), page, &viewer, None, form).await
}

/// `POST /van-hanh/tim-kiem/tu-dong-nghia/{id}`
pub(in crate::operator_desk) async fn change(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    Path(typed): Path<String>,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    save((&deps, &cx), page, &viewer, Some(id(&typed)?), form).await
}

async fn save(
    (deps, cx): (&Deps, &Cx),
    page: Page,
    viewer: &Viewer,
    own: Option<Uuid>,
    Form { data, raw }: Form<Typed>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let all = Synonym::all(&mut tx).await?;
    let group = own.map(|id| all.iter().find(|group| group.id == id));
    let group = group.map(|found| found.ok_or_else(PageError::not_found)).transpose()?;
    let lang = page.lang;
    let draft = match data.draft(lang) {
        Ok(draft) => draft,
        Err(errors) => return Ok(GroupPage::new(page, group, data).wrong(errors)),
    };
    if data.is_trial() {
        drop(tx);
        if let Some(taken) = draft.taken(&all, own) {
            return Ok(GroupPage::new(page, group, data).taken(&taken));
        }
        let change = Change::Synonyms { before: group, after: Some(&draft) };
        let preview = Preview::of(deps, cx, lang, change, &data.mau).await?;
        return Ok(GroupPage::new(page, group, data).tried(preview));
    }
    let asked = (own.map_or_else(|| format!("{SYNONYMS}/moi"), at), raw.as_ref());
    let asked = (asked.0.as_str(), asked.1);
    let once = match begin_once(&mut tx, cx, lang, viewer.id, &data.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(GroupPage::new(page, group, data).wrong(errors)),
    };
    let saved = match own {
        None => add_synonyms(&mut tx, cx, &draft).await,
        Some(id) => change_synonyms(&mut tx, cx, id, data.seen(), &draft).await.map(|()| id),
    };
    let id = match saved {
        Ok(id) => id,
        Err(error) => return refused(deps, page, own, Some(data), error).await,
    };
    idempotency::settle(&mut tx, &once, &at(id)).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã lưu. Trong vài giây, người mua tìm theo nhóm này.",
        "Saved. Within seconds buyers find by this group.",
    );
    Ok(go_with(&page, &at(id), line))
}

/// The form again, with the group as it is now.
async fn refused(
    deps: &Deps,
    page: Page,
    own: Option<Uuid>,
    form: Option<Typed>,
    error: WordsError,
) -> Result<Response, PageError> {
    if matches!(error, WordsError::Db(_) | WordsError::Missing) {
        return Err(error.into());
    }
    let group = match own {
        Some(id) => Some(find(&mut *deps.db.acquire().await?, id).await?),
        None => None,
    };
    let kept = group.as_ref().map(|group| Typed::of(&page, group));
    let form = form.or(kept).unwrap_or_default();
    Ok(GroupPage::new(page, group.as_ref(), form).refused(&error))
}

/// `POST /van-hanh/tim-kiem/tu-dong-nghia/{id}/{deed}`: with the group as a whole.
pub(in crate::operator_desk) async fn act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    Path((typed, deed)): Path<(String, String)>,
    Form { data, raw }: Form<Typed>,
) -> Result<Response, PageError> {
    let (id, deed) = (id(&typed)?, Deed::of(&deed)?);
    let mut tx = deps.db.begin().await?;
    let group = find(&mut tx, id).await?;
    let form = Typed::of(&page, &group);
    if data.is_trial() {
        drop(tx);
        let after = group.shipped().unwrap_or_else(|| group.draft());
        let after = (deed == Deed::Restore).then_some(&after);
        let change = Change::Synonyms { before: Some(&group), after };
        let preview = Preview::of(&deps, &cx, page.lang, change, &data.mau).await?;
        return Ok(GroupPage::new(page, Some(&group), form).tried(preview));
    }
    let route = format!("{} {deed:?}", at(id));
    let asked = (route.as_str(), raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &data.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(GroupPage::new(page, Some(&group), form).wrong(errors)),
    };
    let done = match deed {
        Deed::Remove => remove_synonyms(&mut tx, &cx, id, data.seen()).await,
        Deed::Restore => restore_synonyms(&mut tx, &cx, id, data.seen()).await,
    };
    if let Err(error) = done {
        return refused(&deps, page, Some(id), None, error).await;
    }
    idempotency::settle(&mut tx, &once, &at(id)).await?;
    tx.commit().await?;
    let line = match deed {
        Deed::Remove => page.t("Đã bỏ nhóm này.", "The group is taken away."),
        Deed::Restore => page.t("Đã khôi phục nhóm này.", "The group is back."),
    };
    Ok(go_with(&page, &at(id), line))
}
