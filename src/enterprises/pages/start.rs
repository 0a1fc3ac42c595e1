//! `/mo-gian-hang`: a firm finds itself by its tax code, or tells who it is.

use super::{
    super::{
        error::SellerError, model::Kind, open_shop, queries, queries_people, registered,
        routes::Deps, scope::Membership,
    },
    communes,
    form::{Against, ProfileForm},
    vsic_options,
};
use crate::{
    accounts,
    kernel::{Cx, Errors, TaxCode, Text, day_of},
    platform::idempotency,
    web::{
        AsProblem, Begun, Form, Html, Page, PageError, Query, SignedIn, Viewer, begin_once, go,
        go_with,
    },
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "enterprises/start.html")]
struct StartPage {
    page: Page,
    tax_code: String,
    errors: Errors,
    shops: Vec<Membership>,
}

/// `GET /mo-gian-hang`
pub(in super::super) async fn start(
    State(deps): State<Deps>,
    page: Page,
    viewer: Option<Viewer>,
) -> Result<Response, PageError> {
    let shops = match &viewer {
        Some(viewer) => {
            queries_people::memberships(&mut *deps.db.acquire().await?, viewer.id).await?
        }
        None => Vec::new(),
    };
    let errors = Errors::new(page.lang);
    let page = page.in_section("sell");
    Ok(Html(StartPage { page, tax_code: String::new(), errors, shops }).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    mst: String,
    loai: String,
}

#[derive(Template)]
#[template(path = "enterprises/open.html")]
struct OpenPage {
    page: Page,
    form: ProfileForm,
    errors: Errors,
    /// Found in the register.
    found: bool,
    kinds: Vec<(&'static str, String, String)>,
    communes: Vec<(String, String, String)>,
    vsic: Vec<(String, String)>,
}

/// `GET /mo-gian-hang/thong-tin?mst=…`
pub(in super::super) async fn details(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut form = ProfileForm {
        key: page.new_key(),
        kind: Kind::of(&asked.loai).unwrap_or_default().code().into(),
        email: viewer.email.clone().unwrap_or_default(),
        ..ProfileForm::default()
    };
    let household = form.kind == Kind::Household.code();
    if asked.mst.trim().is_empty() && household {
        return show(&deps, page, form, false, None).await;
    }
    let mut db = deps.db.acquire().await?;
    let code = match TaxCode::parse(&asked.mst) {
        Ok(code) => code,
        Err(text) => return refuse(&page, &asked.mst, text, StatusCode::UNPROCESSABLE_ENTITY),
    };
    if queries::living(&mut db, &code.to_string()).await?.is_some() {
        let text = SellerError::Taken.problem().title;
        return refuse(&page, &asked.mst, text, StatusCode::CONFLICT);
    }
    form.tax_code = code.to_string();
    let entry = registered(&mut db, &code).await?;
    drop(db);
    let found = entry.is_some();
    if let Some(entry) = entry {
        form.kind = Kind::of(&entry.kind).unwrap_or_default().code().into();
        form.shop_name =
            if entry.name.chars().count() <= 80 { entry.name.clone() } else { String::new() };
        form.legal_name = entry.name;
        form.address = entry.address;
        form.commune = entry.commune_code.unwrap_or_default();
        form.vsic = entry.vsic.unwrap_or_default();
        form.employees = entry.employees.map(|n| n.to_string()).unwrap_or_default();
        form.revenue = entry.revenue.map(|n| n.to_string()).unwrap_or_default();
        form.capital = entry.capital.map(|n| n.to_string()).unwrap_or_default();
    }
    show(&deps, page, form, found, None).await
}

fn refuse(page: &Page, typed: &str, text: Text, status: StatusCode) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    errors.add("mst", text);
    let page = page.clone().in_section("sell");
    let tax_code = typed.chars().take(20).collect();
    Ok((status, Html(StartPage { page, tax_code, errors, shops: Vec::new() })).into_response())
}

async fn show(
    deps: &Deps,
    page: Page,
    form: ProfileForm,
    found: bool,
    errors: Option<Errors>,
) -> Result<Response, PageError> {
    let vsic = vsic_options(&mut *deps.db.acquire().await?, page.lang).await?;
    let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let kinds = Kind::ALL.map(|kind| {
        let note = match kind {
            Kind::Household => page.t(
                "Mã số thuế 10 số; chưa có thì để trống, bổ sung trước năm 2027.",
                "A 10-digit tax code; leave it empty if you have none yet, to be added before 2027.",
            ),
            _ => "",
        };
        (kind.code(), kind.label().get(page.lang).to_owned(), note.to_owned())
    });
    let shown = OpenPage {
        communes: communes(&deps.places, page.lang, &form.commune_q, &form.commune),
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        page: page.in_section("sell"),
        form,
        found,
        kinds: kinds.into(),
        vsic,
    };
    Ok((status, Html(shown)).into_response())
}

/// `POST /mo-gian-hang`
pub(in super::super) async fn create(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<ProfileForm>,
) -> Result<Response, PageError> {
    if form.data.act == "commune" {
        return show(&deps, page, form.data, false, None).await;
    }
    let vsic = vsic_options(&mut *deps.db.acquire().await?, page.lang).await?;
    let with =
        Against { lang: page.lang, places: &deps.places, vsic: &vsic, today: day_of(cx.now) };
    let new = match form.data.check(&with) {
        Ok(new) => new,
        Err(errors) => return show(&deps, page, form.data, false, Some(errors)).await,
    };
    let mut tx = deps.db.begin().await?;
    let once = ("POST /mo-gian-hang", form.raw.as_ref());
    let begun = begin_once(&mut tx, &cx, page.lang, viewer.id, &form.data.key, once).await?;
    let once = match begun {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return show(&deps, page, form.data, false, Some(errors)).await,
    };
    let seller = match open_shop(&mut tx, &cx, new, Some(viewer.id)).await {
        Ok(seller) => seller,
        Err(error @ SellerError::Taken) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            errors.add("tax_code", error.problem().title);
            return show(&deps, page, form.data, false, Some(errors)).await;
        }
        Err(error) => return Err(error.into()),
    };
    accounts::act_for(&mut tx, viewer.session, seller).await?;
    idempotency::settle(&mut tx, &once, "/ban-hang/ho-so").await?;
    tx.commit().await?;
    let line = page.t(
        "Đã tạo hồ sơ gian hàng. Hoàn tất danh sách dưới đây rồi gửi duyệt.",
        "The shop's file has been made. Complete the list below, then send it for review.",
    );
    Ok(go_with(&page, "/ban-hang/ho-so", line))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Choice {
    seller: String,
}

/// `POST /ban-hang/chon`: acts for another of one's shops.
pub(in super::super) async fn choose(
    State(deps): State<Deps>,
    SignedIn(viewer): SignedIn,
    form: Form<Choice>,
) -> Result<Response, PageError> {
    let seller = form.data.seller.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    if queries_people::role(&mut tx, seller, viewer.id).await?.is_none() {
        return Err(PageError::not_found());
    }
    accounts::act_for(&mut tx, viewer.session, seller).await?;
    tx.commit().await?;
    Ok(go("/ban-hang"))
}
