//! `/so-cong-thuong/gian-hang/{id}`: one shop's file, beside what the register says; decisions.

use super::routes::Deps;
use crate::{
    accounts,
    enterprises::{
        self, By, Found, Registered, SealedAccount, Seller, SellerError, ShownPaper, Standing,
        State, Step, Told, told,
    },
    kernel::{Cx, Errors, Lang, Phone, SellerId, TaxCode, date, day_of, fold},
    places::Places,
    platform::audit,
    web::{AsProblem, Form, Html, Officer, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// One fact, as told and as registered.
struct Compared {
    label: &'static str,
    told: String,
    registered: String,
    differs: bool,
}

struct Person {
    name: String,
    contact: String,
    role: String,
}

/// A decision that can be taken now.
struct Act {
    code: &'static str,
    label: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "department_desk/seller.html")]
struct SellerPage {
    page: Page,
    seller: Seller,
    state: String,
    size: String,
    place: String,
    phone: String,
    registered_on: String,
    compared: Vec<Compared>,
    in_register: bool,
    warning: String,
    met: usize,
    wanted: usize,
    missing: Vec<String>,
    papers: Vec<ShownPaper>,
    bank: Option<SealedAccount>,
    people: Vec<Person>,
    others: Vec<(Found, String)>,
    history: Vec<Told>,
    acts: Vec<Act>,
    own: bool,
    reason: String,
    errors: Errors,
}

fn compared(
    seller: &Seller,
    entry: Option<&Registered>,
    places: &Places,
    lang: Lang,
) -> Vec<Compared> {
    let Some(entry) = entry else { return Vec::new() };
    // Lists write names in capitals and tones in either place.
    let same = |a: &str, b: &str| fold(a).split_whitespace().eq(fold(b).split_whitespace());
    let row = |label, told: String, registered: String| Compared {
        label,
        differs: !registered.is_empty() && !same(&told, &registered),
        told,
        registered,
    };
    let kind = enterprises::Kind::of(&entry.kind).map(|k| k.label().get(lang).to_owned());
    let place =
        |code: &str| places.commune(code).map_or_else(|| code.to_owned(), |c| c.full_name.clone());
    vec![
        row(lang.t("Tên", "Name"), seller.legal_name.clone(), entry.name.clone()),
        row(
            lang.t("Loại", "Kind"),
            seller.kind.label().get(lang).to_owned(),
            kind.unwrap_or_else(|| entry.kind.clone()),
        ),
        row(
            lang.t("Xã, phường", "Commune"),
            place(&seller.commune_code),
            entry.commune_code.as_deref().map(place).unwrap_or_default(),
        ),
        row(lang.t("Địa chỉ", "Address"), seller.address.clone(), entry.address.clone()),
        row(
            lang.t("Ngành", "Field"),
            seller.vsic.clone().unwrap_or_default(),
            entry.vsic.clone().unwrap_or_default(),
        ),
    ]
}

fn acts(seller: &Seller, lang: Lang) -> Vec<Act> {
    let act = |step: Step| {
        let (vi, en, kind) = match step {
            Step::AskChanges => ("Yêu cầu bổ sung", "Ask for changes", "quiet"),
            Step::Approve => ("Duyệt gian hàng", "Approve", ""),
            Step::Refuse => ("Từ chối", "Refuse", "bad"),
            Step::Suspend => ("Tạm ngừng gian hàng", "Suspend", "bad"),
            Step::Reinstate => ("Cho bán trở lại", "Reinstate", ""),
            Step::Close => ("Đóng gian hàng", "Close the shop", "bad"),
            Step::Submit => ("Gửi", "Submit", ""),
        };
        Act { code: step.code(), label: lang.t(vi, en).to_owned(), kind }
    };
    Step::from(seller.state, By::Officer).map(act).collect()
}

fn warning(seller: &Seller, entry: Option<&Registered>, cx: &Cx, lang: Lang) -> String {
    let is_entity = seller.tax_code.as_ref().is_some_and(|code| code.len() == 10);
    match entry {
        Some(e) if !e.is_active(day_of(cx.now)) => lang.t(
            "Danh bạ ghi đơn vị này đã ngừng hoạt động.",
            "The register says that this firm no longer does business.",
        ),
        Some(_) => "",
        None if seller.state != State::Submitted || !is_entity => lang.t(
            "Không có mã số thuế này trong danh bạ của tỉnh.",
            "This tax code is not in the province's register.",
        ),
        None => lang.t(
            "Không có mã số thuế này trong danh bạ của tỉnh. Khi bạn duyệt, doanh nghiệp được ghi vào danh bạ theo hồ sơ này và được tính vào chỉ tiêu.",
            "This tax code is not in the province's register. When you approve, the firm is entered in it from this file and counted in the indicators.",
        ),
    }
    .to_owned()
}

/// What was sent with a decision that could not be taken.
struct Sent {
    reason: String,
    errors: Errors,
}

async fn show(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    id: SellerId,
    sent: Option<Sent>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let seller = enterprises::seller(&mut db, id).await?.ok_or_else(PageError::not_found)?;
    let list = enterprises::checklist(&mut db, cx, id).await?.ok_or_else(PageError::not_found)?;
    let code = seller.tax_code.as_deref().and_then(|c| TaxCode::parse(c).ok());
    let (mut entry, mut others) = (None, Vec::new());
    if let Some(code) = &code {
        entry = enterprises::registered(&mut db, code).await?;
        others = enterprises::shops_of_entity(&mut db, code.entity(), id).await?;
    }
    let (mut people, mut own) = (Vec::new(), false);
    for member in enterprises::members(&mut db, id).await? {
        own |= cx.person() == Some(member.person);
        let Some(person) = accounts::person(&mut db, member.person).await? else { continue };
        people.push(Person {
            name: person.name,
            contact: person.email.or(person.phone).unwrap_or_default(),
            role: member.role.label().get(lang).to_owned(),
        });
    }
    let papers = enterprises::papers(&mut db, id).await?;
    let history = told(enterprises::history(&mut db, id).await?, lang);
    let bank = enterprises::bank_account(&mut db, id).await?;
    drop(db);
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let sent = sent.unwrap_or_else(|| Sent { reason: String::new(), errors: Errors::new(lang) });
    let missing = list.0.iter().filter(|r| r.standing != Standing::Met);
    let shown = SellerPage {
        compared: compared(&seller, entry.as_ref(), &deps.places, lang),
        in_register: entry.is_some(),
        warning: warning(&seller, entry.as_ref(), cx, lang),
        met: list.count_met(),
        wanted: list.0.len(),
        missing: missing.map(|r| r.title.get(lang).to_owned()).collect(),
        papers: papers.into_iter().map(|p| ShownPaper::of(p, lang, day_of(cx.now))).collect(),
        state: seller.state.label().get(lang).to_owned(),
        size: seller.size_class.label().get(lang).to_owned(),
        place: deps.places.shown(&seller.commune_code),
        phone: Phone::local(&seller.phone),
        registered_on: seller.registered_on.map(date).unwrap_or_default(),
        acts: if own { Vec::new() } else { acts(&seller, lang) },
        others: others
            .into_iter()
            .map(|o| {
                let label = o.state.label().get(lang).to_owned();
                (o, label)
            })
            .collect(),
        page: page.in_section("department-sellers"),
        reason: sent.reason,
        errors: sent.errors,
        seller,
        bank,
        people,
        history,
        own,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /so-cong-thuong/gian-hang/{id}`; the look is on the record.
pub(super) async fn read(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: SellerId = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let seller = enterprises::seller(&mut tx, id).await?.ok_or_else(PageError::not_found)?;
    let detail = json!({ "state": seller.state.code() });
    audit::record(&mut tx, &cx, "department.read_seller", &format!("seller:{id}"), detail).await?;
    tx.commit().await?;
    show(&deps, &cx, page, id, None).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    act: String,
    reason: String,
    version: String,
}

/// A reason that can be sent and shown.
const LONGEST_REASON: usize = 2000;

/// `POST /so-cong-thuong/gian-hang/{id}`
pub(super) async fn decide(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Path(id): Path<String>,
    form: Form<Decision>,
) -> Result<Response, PageError> {
    let id: SellerId = id.parse().map_err(|_| PageError::not_found())?;
    let Decision { act, reason, version } = form.data;
    let mut errors = Errors::new(page.lang);
    errors.check(
        reason.chars().count() <= LONGEST_REASON,
        "reason",
        "Lý do dài quá 2.000 ký tự.",
        "The reason is longer than 2,000 characters.",
    );
    let step = Step::of(&act).ok_or_else(PageError::not_found)?;
    if !errors.is_empty() {
        return show(&deps, &cx, page, id, Some(Sent { reason, errors })).await;
    }
    let seen = Some(version.parse().unwrap_or(-1));
    let mut tx = deps.db.begin().await?;
    match enterprises::decide(&mut tx, &cx, id, step, &reason, seen).await {
        Ok(()) => tx.commit().await?,
        Err(
            error @ (SellerError::NoReason | SellerError::Stale | SellerError::WrongState { .. }),
        ) => {
            drop(tx);
            errors.add("reason", error.problem().title);
            return show(&deps, &cx, page, id, Some(Sent { reason, errors })).await;
        }
        Err(error) => return Err(error.into()),
    }
    let line = page.t(
        "Đã ghi quyết định và gửi thư cho gian hàng.",
        "The decision is recorded and mailed to the shop.",
    );
    Ok(go_with(&page, &format!("/so-cong-thuong/gian-hang/{id}"), line))
}

/// `POST /so-cong-thuong/gian-hang/{id}/giay-to/{paper}`
pub(super) async fn judge_paper(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
    Path((id, paper)): Path<(String, String)>,
    form: Form<Decision>,
) -> Result<Response, PageError> {
    let id: SellerId = id.parse().map_err(|_| PageError::not_found())?;
    let paper: Uuid = paper.parse().map_err(|_| PageError::not_found())?;
    let accept = match form.data.act.as_str() {
        "accept" => true,
        "reject" => false,
        _ => return Err(PageError::not_found()),
    };
    let reason: String = form.data.reason.chars().take(LONGEST_REASON).collect();
    let mut tx = deps.db.begin().await?;
    match enterprises::judge_paper(&mut tx, &cx, id, paper, accept, &reason).await {
        Ok(()) => tx.commit().await?,
        Err(error @ SellerError::NoReason) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            errors.add(format!("reason-{paper}"), error.problem().title);
            let sent = Sent { reason: String::new(), errors };
            return show(&deps, &cx, page, id, Some(sent)).await;
        }
        Err(error) => return Err(error.into()),
    }
    let line = page.t("Đã ghi kết quả xem giấy tờ.", "What you found is recorded.");
    Ok(go_with(&page, &format!("/so-cong-thuong/gian-hang/{id}#giay-to"), line))
}
