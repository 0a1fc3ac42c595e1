//! `/to-chuc/thong-tin`: who the firm is, and what its invoices say.

use super::{email, line};
use crate::{
    kernel::{Cx, Errors, Lang},
    organisations::{
        OrgRole, OrgScope,
        error::OrgError,
        model::{NewOrganisation, OrgState, Organisation},
        queries,
        routes::Deps,
    },
    places::{Choice, Places},
    platform::audit,
    web::{Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

/// The facts as typed; the tax code and who opened are known otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct FactsForm {
    pub(super) key: String,
    pub(super) act: String,
    pub(super) mst: String,
    pub(super) ten: String,
    pub(super) dia_chi: String,
    pub(super) xa: String,
    pub(super) xa_q: String,
    pub(super) email: String,
}

impl FactsForm {
    fn of(org: &Organisation, places: &Places) -> Self {
        Self {
            mst: org.tax_code.clone(),
            ten: org.name.clone(),
            dia_chi: org.address.clone(),
            xa: org.commune_code.clone(),
            xa_q: places.shown(&org.commune_code),
            email: org.email.clone(),
            ..Self::default()
        }
    }

    /// The facts of this tax code, or what is wrong with them.
    pub(super) fn check(
        &self,
        places: &Places,
        lang: Lang,
        tax_code: String,
    ) -> Result<NewOrganisation, Errors> {
        let mut errors = Errors::new(lang);
        let name = line(&mut errors, "ten", &self.ten, (3, 200));
        let address = line(&mut errors, "dia_chi", &self.dia_chi, (5, 300));
        let commune = match places.choose(&self.xa, &self.xa_q) {
            Choice::Chosen(commune) => commune.code,
            Choice::Ask(why, _) => {
                errors.add("xa", why);
                String::new()
            }
        };
        let email = email(&mut errors, "email", &self.email);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(NewOrganisation { tax_code, name, address, commune_code: commune, email })
    }
}

#[derive(Template)]
#[template(path = "organisations/facts.html")]
struct FactsPage {
    page: Page,
    scope: OrgScope,
    form: FactsForm,
    errors: Errors,
    found: Vec<(String, String, String)>,
    state: String,
    tone: &'static str,
    verified: bool,
}

fn page(
    deps: &Deps,
    page: Page,
    scope: OrgScope,
    form: FactsForm,
    errors: Option<Errors>,
) -> Response {
    let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = FactsPage {
        found: deps.places.options(&form.xa, &form.xa_q, page.lang),
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        state: scope.state.label().get(page.lang).to_owned(),
        tone: scope.state.tone(),
        verified: scope.state == OrgState::Verified,
        page: page.in_section("org-facts"),
        scope,
        form,
    };
    (status, Html(shown)).into_response()
}

/// `GET /to-chuc/thong-tin`
pub(in crate::organisations) async fn show(
    State(deps): State<Deps>,
    page_: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let org = queries::organisation(&mut *deps.db.acquire().await?, scope.org).await?;
    let org = org.ok_or(OrgError::NotFound)?;
    let form = FactsForm::of(&org, &deps.places);
    Ok(page(&deps, page_, scope, form, None))
}

/// `POST /to-chuc/thong-tin`: the same said twice is the same, so the form needs no key.
pub(in crate::organisations) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page_: Page,
    scope: OrgScope,
    Form { data, .. }: Form<FactsForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    let mut form = FactsForm { mst: scope.tax_code.clone(), ..data };
    if scope.state == OrgState::Verified {
        form.ten.clone_from(&scope.name);
    }
    if form.act == "commune" {
        let asked = FactsForm { xa: String::new(), ..form };
        return Ok(page(&deps, page_, scope, asked, None));
    }
    let new = match form.check(&deps.places, page_.lang, scope.tax_code.clone()) {
        Ok(new) => new,
        Err(errors) => return Ok(page(&deps, page_, scope, form, Some(errors))),
    };
    let mut tx = deps.db.begin().await?;
    let facts = (&*new.name, &*new.address, &*new.commune_code, &*new.email);
    if !queries::update(&mut tx, &cx, scope.org, facts).await? {
        return Err(OrgError::Stale.into());
    }
    let detail = json!({ "name": new.name, "address": new.address, "email": new.email });
    let subject = format!("organisation:{}", scope.org);
    audit::record(&mut tx, &cx, "organisations.change", &subject, detail).await?;
    tx.commit().await?;
    let line = page_.t("Đã lưu thông tin đơn vị.", "The organisation's facts are saved.");
    Ok(go_with(&page_, "/to-chuc/thong-tin", line))
}
