//! `/to-chuc/dia-diem`: departments and places to which the firm's goods go.

use super::line;
use crate::{
    kernel::{Cx, Errors, Phone},
    organisations::{
        OrgRole, OrgScope, queries_sites,
        routes::Deps,
        sites::{self, NewSite, Site},
    },
    places::{Choice, Places},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

const HERE: &str = "/to-chuc/dia-diem";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct SiteForm {
    key: String,
    act: String,
    ten: String,
    nguoi_nhan: String,
    dien_thoai: String,
    xa: String,
    xa_q: String,
    dia_chi: String,
    mac_dinh: String,
}

impl SiteForm {
    fn of(site: Site, places: &Places) -> Self {
        Self {
            ten: site.name,
            nguoi_nhan: site.recipient,
            dien_thoai: Phone::local(&site.phone),
            xa_q: places.shown(&site.commune_code),
            xa: site.commune_code,
            dia_chi: site.line,
            mac_dinh: if site.is_default { "1".into() } else { String::new() },
            ..Self::default()
        }
    }

    fn check(&self, places: &Places, errors: &mut Errors) -> Option<NewSite> {
        let name = line(errors, "ten", &self.ten, (2, 80));
        let recipient = line(errors, "nguoi_nhan", &self.nguoi_nhan, (2, 100));
        let phone = errors.take("dien_thoai", Phone::parse(&self.dien_thoai));
        let commune = match places.choose(&self.xa, &self.xa_q) {
            Choice::Chosen(commune) => Some(commune.code),
            Choice::Ask(why, _) => {
                errors.add("xa", why);
                None
            }
        };
        let address = line(errors, "dia_chi", &self.dia_chi, (2, 200));
        errors.is_empty().then_some(())?;
        Some(NewSite {
            name,
            recipient,
            phone: phone?.as_str().to_owned(),
            commune_code: commune?,
            line: address,
            is_default: !self.mac_dinh.is_empty(),
        })
    }
}

struct Shown {
    id: Uuid,
    name: String,
    recipient: String,
    phone: String,
    address: String,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "organisations/sites.html")]
struct SitesPage {
    page: Page,
    scope: OrgScope,
    may: bool,
    sites: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "organisations/site.html")]
struct SitePage {
    page: Page,
    scope: OrgScope,
    form: SiteForm,
    errors: Errors,
    found: Vec<(String, String, String)>,
    action: String,
    fresh: bool,
}

fn page_of(
    deps: &Deps,
    page: Page,
    scope: OrgScope,
    (id, form): (Option<Uuid>, SiteForm),
    errors: Option<Errors>,
) -> Response {
    let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = SitePage {
        found: deps.places.options(&form.xa, &form.xa_q, page.lang),
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        action: id.map_or_else(|| HERE.to_owned(), |id| format!("{HERE}/{id}")),
        fresh: id.is_none(),
        page: page.in_section("org-sites"),
        scope,
        form,
    };
    (status, Html(shown)).into_response()
}

/// `GET /to-chuc/dia-diem`
pub(in crate::organisations) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let all = queries_sites::all(&mut *deps.db.acquire().await?, scope.org).await?;
    let sites = all.into_iter().map(|site| Shown {
        address: format!("{}, {}", site.line, deps.places.shown(&site.commune_code)),
        phone: Phone::local(&site.phone),
        id: site.id,
        name: site.name,
        recipient: site.recipient,
        is_default: site.is_default,
    });
    let shown = SitesPage {
        may: scope.has(OrgRole::Administrator),
        sites: sites.collect(),
        page: page.in_section("org-sites"),
        scope,
    };
    Ok(Html(shown).into_response())
}

/// `GET /to-chuc/dia-diem/moi`
pub(in crate::organisations) async fn new(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    let form = SiteForm { key: page.new_key(), ..SiteForm::default() };
    Ok(page_of(&deps, page, scope, (None, form), None))
}

/// `POST /to-chuc/dia-diem`
pub(in crate::organisations) async fn create(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<SiteForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    if form.act == "commune" {
        let asked = SiteForm { xa: String::new(), ..form };
        return Ok(page_of(&deps, page, scope, (None, asked), None));
    }
    let mut errors = Errors::new(page.lang);
    let Some(new) = form.check(&deps.places, &mut errors) else {
        return Ok(page_of(&deps, page, scope, (None, form), Some(errors)));
    };
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /to-chuc/dia-diem", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            return Ok(page_of(&deps, page, scope, (None, form), Some(errors)));
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    sites::save(&mut tx, &cx, scope.org, None, &new).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã lưu địa điểm.", "The site is saved.")))
}

/// One of the organisation's; another's is not there.
async fn own(deps: &Deps, scope: &OrgScope, id: &str) -> Result<Site, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let all = queries_sites::all(&mut *deps.db.acquire().await?, scope.org).await?;
    all.into_iter().find(|site| site.id == id).ok_or_else(PageError::not_found)
}

/// `GET /to-chuc/dia-diem/{id}`
pub(in crate::organisations) async fn edit(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let site = own(&deps, &scope, &id).await?;
    scope.needs(OrgRole::Administrator)?;
    let id = site.id;
    let form = SiteForm::of(site, &deps.places);
    Ok(page_of(&deps, page, scope, (Some(id), form), None))
}

/// `POST /to-chuc/dia-diem/{id}`
pub(in crate::organisations) async fn update(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<SiteForm>,
) -> Result<Response, PageError> {
    let id = own(&deps, &scope, &id).await?.id;
    scope.needs(OrgRole::Administrator)?;
    if form.act == "commune" {
        let asked = SiteForm { xa: String::new(), ..form };
        return Ok(page_of(&deps, page, scope, (Some(id), asked), None));
    }
    let mut errors = Errors::new(page.lang);
    let Some(new) = form.check(&deps.places, &mut errors) else {
        return Ok(page_of(&deps, page, scope, (Some(id), form), Some(errors)));
    };
    let mut tx = deps.db.begin().await?;
    sites::save(&mut tx, &cx, scope.org, Some(id), &new).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã lưu địa điểm.", "The site is saved.")))
}

/// `POST /to-chuc/dia-diem/{id}/go`
pub(in crate::organisations) async fn remove(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = own(&deps, &scope, &id).await?.id;
    scope.needs(OrgRole::Administrator)?;
    let mut tx = deps.db.begin().await?;
    sites::remove(&mut tx, &cx, scope.org, id).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã bỏ địa điểm.", "The site is taken off.")))
}
