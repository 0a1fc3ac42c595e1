//! The buyer's page: what can go back, what is on its way, and what he can do about it.

use super::{
    super::{
        error::ReturnError,
        machine::Actor,
        model::{Kind, NewReturn, Windows, Wish},
        queries_read::{self, Scope},
        request::{self, arrived, delivered_at},
        routes::Deps,
        times::Times,
    },
    ActForm, Pressed, Shown, id_of, picture, press,
};
use crate::{
    kernel::{Cx, Errors, Text, date_time, normalise},
    orders::{self, Asker, Order},
    platform::{idempotency, pictures},
    web::{
        AsProblem, Begun, Form, Html, Page, PageError, Query, Upload, UploadedFile, begin_once,
        go_with,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgTransaction;
use std::collections::BTreeMap;

/// Pictures that one request carries at most.
const MOST_PICTURES: usize = 4;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Key {
    k: String,
}

/// What is asked for, as typed. How many of each line comes in fields of its own, `sl-<position>`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(in super::super) struct NewForm {
    key: String,
    k: String,
    kind: String,
    wish: String,
    reason: String,
    rest: BTreeMap<String, String>,
}

impl From<Vec<(String, String)>> for NewForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut rest: BTreeMap<String, String> = fields.into_iter().collect();
        let mut take = |name: &str| rest.remove(name).unwrap_or_default();
        Self {
            key: take("key"),
            k: take("k"),
            kind: take("kind"),
            wish: take("wish"),
            reason: take("reason"),
            rest,
        }
    }
}

/// One line that can go back.
struct Choice {
    field: String,
    name: String,
    left: i64,
    unit: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "returns/buyer.html")]
struct BuyerPage {
    page: Page,
    errors: Errors,
    code: String,
    order_href: String,
    action: String,
    k: String,
    form: NewForm,
    choices: Vec<Choice>,
    kinds: Vec<(&'static str, String, String)>,
    wishes: Vec<(&'static str, String, String)>,
    cases: Vec<Shown>,
}

async fn order_of(deps: &Deps, page: &Page, code: &str, key: &str) -> Result<Order, PageError> {
    let mut db = deps.db.acquire().await?;
    let asker = Asker::Buyer { secret: key, person: page.viewer.as_ref().map(|v| v.id) };
    orders::find(&mut db, &normalise(code), asker).await?.ok_or_else(PageError::not_found)
}

fn own(order: &Order, key: &str) -> String {
    let query = if key.is_empty() { String::new() } else { format!("?k={}", order.head.secret) };
    format!("/don-hang/{}/tra-hang{query}", order.head.code)
}

async fn shown(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    order: &Order,
    form: NewForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let times = Times::on(&mut db, cx).await?;
    let days = (times.fault_days, times.legal_days);
    let windows = Windows::at(cx.now, (order.head.placed_at, delivered_at(order)), days);
    let mut left = arrived(&mut db, order).await?;
    for (position, claimed) in queries_read::claimed(&mut db, order.head.id).await? {
        if let Some(left) = left.get_mut(&position) {
            *left -= claimed;
        }
    }
    let cases = queries_read::of_order(&mut db, order.head.id).await?;
    let (lang, k) = (page.lang, form.k.clone());
    let kinds: Vec<_> = [Kind::Fault, Kind::Withdrawal]
        .into_iter()
        .filter_map(|kind| {
            let until = format!("{} {}", page.t("đến", "until"), date_time(windows.of(kind)?));
            Some((kind.code(), kind.label().get(lang).to_owned(), until))
        })
        .collect();
    let choice = |line: &orders::Line| Choice {
        field: format!("sl-{}", line.position),
        name: line.shown(),
        left: left.get(&line.position).copied().unwrap_or_default(),
        unit: line.unit.clone(),
        typed: form.rest.get(&format!("sl-{}", line.position)).cloned().unwrap_or_default(),
    };
    let action = format!("/don-hang/{}/tra-hang", order.head.code);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = BuyerPage {
        code: order.head.code.clone(),
        order_href: own(order, &k).replace("/tra-hang", ""),
        choices: if kinds.is_empty() {
            Vec::new()
        } else {
            order.lines.iter().map(choice).filter(|c| c.left > 0).collect()
        },
        kinds,
        wishes: [Wish::Refund, Wish::Replacement]
            .map(|wish| (wish.code(), wish.label().get(lang).to_owned(), String::new()))
            .to_vec(),
        cases: cases
            .iter()
            .map(|whole| {
                let action = format!("{action}/{}", whole.case.id);
                Shown::of(whole, Actor::Buyer, lang, action, &k)
            })
            .collect(),
        action,
        k,
        form,
        errors,
        page,
    };
    Ok((status, Html(page)).into_response())
}

/// `GET /don-hang/{code}/tra-hang`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = order_of(&deps, &page, &code, &key.k).await?;
    let form =
        NewForm { key: page.new_key(), k: key.k, wish: "refund".into(), ..NewForm::default() };
    let errors = Errors::new(page.lang);
    shown(&deps, (&cx, page), &order, form, errors).await
}

impl NewForm {
    fn check(&self, order: &Order, errors: &mut Errors) -> Option<NewReturn> {
        let kind = [Kind::Fault, Kind::Withdrawal].into_iter().find(|k| k.code() == self.kind);
        errors.check(kind.is_some(), "kind", "Chọn căn cứ trả hàng.", "Choose the ground.");
        let wish = [Wish::Refund, Wish::Replacement].into_iter().find(|w| w.code() == self.wish);
        errors.check(wish.is_some(), "wish", "Chọn điều bạn muốn.", "Choose what you want.");
        errors.check(
            self.reason.chars().count() <= 1000,
            "reason",
            "Viết tối đa 1.000 chữ.",
            "At most 1,000 characters.",
        );
        let mut lines = Vec::new();
        for line in &order.lines {
            let field = format!("sl-{}", line.position);
            let typed = self.rest.get(&field).map(|t| t.trim()).unwrap_or_default();
            match typed.parse::<i64>() {
                Ok(n) if (0..=line.quantity).contains(&n) => lines.push((line.position, n)),
                Err(_) if typed.is_empty() => {}
                _ => errors.add(field, ReturnError::TooMany(line.position).problem().title),
            }
        }
        // The law's right needs no replacement: the contract is over.
        let wish = if kind == Some(Kind::Withdrawal) { Some(Wish::Refund) } else { wish };
        let (kind, wish) = (kind?, wish?);
        let reason = self.reason.trim().to_owned();
        errors.is_empty().then_some(NewReturn { kind, wish, reason, lines, pictures: Vec::new() })
    }
}

/// A picture that is safe, and where it will be kept.
type Safe = (String, Vec<u8>);

/// Makes the pictures safe, one size of each; a few at a time, away from the request threads. Nothing is kept yet.
async fn made_safe(
    deps: &Deps,
    cx: &Cx,
    files: &[UploadedFile],
    errors: &mut Errors,
) -> Result<Vec<Safe>, PageError> {
    let mut all = Vec::new();
    if files.len() > MOST_PICTURES {
        errors.add("anh", Text::new("Tối đa 4 ảnh.", "At most 4 pictures."));
        return Ok(all);
    }
    for file in files {
        let turn = deps.decoders.acquire().await.map_err(PageError::internal)?;
        let bytes = file.bytes.clone();
        let made = tokio::task::spawn_blocking(move || pictures::sanitise(&bytes)).await;
        drop(turn);
        match made.map_err(PageError::internal)? {
            Ok(picture) => {
                let Some(size) = picture.sizes.into_iter().max_by_key(|size| size.width) else {
                    continue;
                };
                all.push((format!("returns/{}.jpg", cx.new_id()), size.jpeg));
            }
            Err(text) => errors.add("anh", text),
        }
    }
    Ok(all)
}

/// Commits what was written once the pictures that belong to it are kept. A commit whose answer is lost may have come
/// about: the evidence is then left where it is.
async fn commit_with(
    deps: &Deps,
    tx: PgTransaction<'static>,
    pictures: Vec<Safe>,
) -> Result<(), PageError> {
    let mut kept: Vec<String> = Vec::new();
    for (key, bytes) in pictures {
        if let Err(error) = deps.files.put(&key, bytes).await {
            for key in &kept {
                if let Err(error) = deps.files.remove(key).await {
                    tracing::error!(key, %error, "a picture without a return stays in the store");
                }
            }
            return Err(PageError::internal(error));
        }
        kept.push(key);
    }
    Ok(tx.commit().await?)
}

/// `POST /don-hang/{code}/tra-hang`
pub(in super::super) async fn create(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(code): Path<String>,
    upload: Upload<NewForm>,
) -> Result<Response, PageError> {
    let form = upload.data;
    let order = order_of(&deps, &page, &code, &form.k).await?;
    let mut errors = Errors::new(page.lang);
    let checked = form.check(&order, &mut errors);
    let Some(mut new) = checked else {
        return shown(&deps, (&cx, page), &order, form, errors).await;
    };
    // The slow part is done before the transaction begins.
    let pictures = made_safe(&deps, &cx, &upload.files, &mut errors).await?;
    new.pictures = pictures.iter().map(|(key, _)| key.clone()).collect();
    if !errors.is_empty() {
        return shown(&deps, (&cx, page), &order, form, errors).await;
    }
    let mut tx = deps.db.begin().await?;
    let principal = format!("order:{}", order.head.id);
    let asked = ("/don-hang/tra-hang", upload.raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, principal, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(response) => return Ok(response),
        Begun::Wrong(errors) => {
            drop(tx);
            return shown(&deps, (&cx, page), &order, form, errors).await;
        }
    };
    let back = own(&order, &form.k);
    match request::request(&mut tx, &cx, &order, &new).await {
        Ok(_) => {
            idempotency::settle(&mut tx, &once, &back).await?;
            commit_with(&deps, tx, pictures).await?;
            let line = page
                .t("Đã gửi yêu cầu tới người bán.", "Your request has been sent to the seller.");
            Ok(go_with(&page, &back, line))
        }
        Err(ReturnError::Db(error)) => Err(error.into()),
        Err(error) => {
            drop(tx);
            let field = match &error {
                ReturnError::TooMany(position) => format!("sl-{position}"),
                ReturnError::Note => "reason".to_owned(),
                ReturnError::Window => "kind".to_owned(),
                _ => order.lines.first().map(|l| format!("sl-{}", l.position)).unwrap_or_default(),
            };
            errors.add(field, error.problem().title);
            let form = NewForm { key: page.new_key(), ..form };
            shown(&deps, (&cx, page), &order, form, errors).await
        }
    }
}

/// `POST /don-hang/{code}/tra-hang/{id}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path((code, id)): Path<(String, String)>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let order = order_of(&deps, &page, &code, &form.data.k).await?;
    let id = id_of(&id)?;
    let scope = Scope::Order(order.head.id);
    let found = queries_read::find(&mut *deps.db.acquire().await?, id, scope).await?;
    found.ok_or_else(PageError::not_found)?;
    let back = own(&order, &form.data.k);
    match press(&deps.db, (&cx, &page), id, Actor::Buyer, &form, &back).await? {
        Pressed::Moved(tx, response) => {
            tx.commit().await?;
            Ok(response)
        }
        Pressed::Already(response) => Ok(response),
        Pressed::Wrong(errors) => {
            let k = form.data.k.clone();
            let form = NewForm { key: page.new_key(), k, ..NewForm::default() };
            shown(&deps, (&cx, page), &order, form, errors).await
        }
    }
}

/// `GET /don-hang/{code}/tra-hang/{id}/anh/{picture}`
pub(in super::super) async fn show_picture(
    State(deps): State<Deps>,
    page: Page,
    Path((code, id, wanted)): Path<(String, String, String)>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = order_of(&deps, &page, &code, &key.k).await?;
    picture(&deps.db, &deps.files, (&id, &wanted), Scope::Order(order.head.id)).await
}
