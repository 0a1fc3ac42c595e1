//! The seller's page about delivery.

use super::super::{
    forms::{SettingsForm, ZoneForm},
    model::{Rates, Zone, ZoneKind},
    settings,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, Vnd},
    places::Places,
    platform::idempotency::{self, Claim, Once},
    web::{Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::PgPool;
use uuid::Uuid;

const HOME: &str = "/ban-hang/giao-hang";
const ZONES: &str = "/ban-hang/giao-hang/vung";
const MOST_ZONES: usize = 40;

#[derive(Template)]
#[template(path = "delivery/settings.html")]
pub(in crate::delivery) struct SettingsPage {
    page: Page,
    form: SettingsForm,
    errors: Errors,
    zones: Vec<ZoneRow>,
    /// Where nothing is delivered to the door although the seller offers it.
    no_zone: bool,
}

struct ZoneRow {
    id: Uuid,
    name: String,
    holds: String,
    fee: Vnd,
    per_kg: Vnd,
    days: String,
}

#[derive(Template)]
#[template(path = "delivery/zone.html")]
pub(in crate::delivery) struct ZonePage {
    page: Page,
    form: ZoneForm,
    errors: Errors,
    action: String,
    /// `None`: a new zone.
    existing: Option<Uuid>,
    kinds: Vec<(&'static str, String, String)>,
    communes: Vec<(String, String, bool)>,
}

fn rows(lang: Lang, rates: &Rates, places: &Places) -> Vec<ZoneRow> {
    let row = |zone: &Zone| {
        let holds = match zone.kind {
            ZoneKind::Communes => {
                let names: Vec<String> = zone
                    .communes
                    .iter()
                    .filter_map(|code| places.commune(code).map(|c| c.name.clone()))
                    .collect();
                match names.len() {
                    0..=4 => names.join(", "),
                    n => format!("{}… ({n})", names[..3].join(", ")),
                }
            }
            kind => kind.label().get(lang).to_owned(),
        };
        let days = match (zone.days_min, zone.days_max) {
            (min, max) if min == max => max.to_string(),
            (min, max) => format!("{min}–{max}"),
        };
        let (fee, per_kg) = (zone.fee, zone.per_kg);
        ZoneRow { id: zone.id, name: zone.name.clone(), holds, fee, per_kg, days }
    };
    let mut zones: Vec<&Zone> = rates.zones.iter().collect();
    zones.sort_by_key(|zone| (zone.kind, zone.position));
    zones.into_iter().map(row).collect()
}

async fn own_rates(db: &PgPool, scope: &SellerScope) -> sqlx::Result<Rates> {
    let mut found = settings::rates(&mut *db.acquire().await?, &[scope.seller], None).await?;
    Ok(found.remove(&scope.seller).unwrap_or_else(|| Rates::usual(Uuid::nil)))
}

/// `GET /ban-hang/giao-hang`
pub(in crate::delivery) async fn show(
    State(db): State<PgPool>,
    State(places): State<Places>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<SettingsPage>, PageError> {
    // The usual rates become rows of his own, so that each of them can be changed.
    let mut tx = db.begin().await?;
    settings::set_defaults(&mut tx, &cx, scope.seller).await?;
    tx.commit().await?;
    let rates = own_rates(&db, &scope).await?;
    Ok(Html(settings_page(page, &places, &rates, SettingsForm::of(&rates), None)))
}

fn settings_page(
    page: Page,
    places: &Places,
    rates: &Rates,
    form: SettingsForm,
    errors: Option<Errors>,
) -> SettingsPage {
    SettingsPage {
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        zones: rows(page.lang, rates, places),
        no_zone: rates.own && rates.zones.is_empty(),
        page: page.in_section("seller-delivery"),
        form,
    }
}

/// `POST /ban-hang/giao-hang`
pub(in crate::delivery) async fn change(
    State(db): State<PgPool>,
    State(places): State<Places>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, .. }: Form<SettingsForm>,
) -> Result<Response, PageError> {
    match form.check(page.lang) {
        Ok(rates) => {
            let mut tx = db.begin().await?;
            settings::change(&mut tx, &cx, scope.seller, &rates).await?;
            tx.commit().await?;
            let line = page.t("Đã lưu cách giao hàng.", "Delivery settings saved.").to_owned();
            Ok(go_with(&page, HOME, &line))
        }
        Err(errors) => {
            let rates = own_rates(&db, &scope).await?;
            let shown = settings_page(page, &places, &rates, form, Some(errors));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
        }
    }
}

fn zone_page(
    page: Page,
    places: &Places,
    existing: Option<Uuid>,
    form: ZoneForm,
    errors: Option<Errors>,
) -> ZonePage {
    let lang = page.lang;
    let note = |kind| match kind {
        ZoneKind::Communes => page.t("Đánh dấu bên dưới", "Tick them below"),
        ZoneKind::Province => page.province.as_str(),
        ZoneKind::Country => {
            page.t("Mọi nơi ngoài các vùng khác", "Everywhere beyond the other zones")
        }
    };
    let kinds = [ZoneKind::Communes, ZoneKind::Province, ZoneKind::Country];
    ZonePage {
        kinds: kinds
            .into_iter()
            .map(|kind| (kind.code(), kind.label().get(lang).to_owned(), note(kind).to_owned()))
            .collect(),
        communes: places
            .home_communes()
            .into_iter()
            .map(|c| (c.code.clone(), c.full_name.clone(), form.xa.contains(&c.code)))
            .collect(),
        errors: errors.unwrap_or_else(|| Errors::new(lang)),
        action: existing.map_or_else(|| ZONES.to_owned(), |id| format!("{ZONES}/{id}")),
        existing,
        form,
        page: page.in_section("seller-delivery"),
    }
}

fn refused(shown: ZonePage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response()
}

/// `GET /ban-hang/giao-hang/vung`
pub(in crate::delivery) async fn new_zone(
    State(places): State<Places>,
    page: Page,
    _scope: SellerScope,
) -> Html<ZonePage> {
    let form = ZoneForm {
        key: page.new_key(),
        loai: ZoneKind::Communes.code().to_owned(),
        moi_kg: "0".to_owned(),
        ..ZoneForm::default()
    };
    Html(zone_page(page, &places, None, form, None))
}

/// `POST /ban-hang/giao-hang/vung`
pub(in crate::delivery) async fn create_zone(
    State(db): State<PgPool>,
    State(places): State<Places>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, raw }: Form<ZoneForm>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let have = own_rates(&db, &scope).await?.zones;
    let position = have.iter().map(|zone| zone.position).max().map_or(0, |p| p.saturating_add(1));
    let checked = form.check(lang, &places, cx.new_id(), position).and_then(|zone| {
        let mut errors = Errors::new(lang);
        errors.check(have.len() < MOST_ZONES, "ten", "Tối đa 40 vùng.", "At most 40 zones.");
        let once = errors.take("key", Once::new(scope.person, &form.key, ZONES, &raw));
        once.filter(|_| errors.is_empty()).map(|once| (zone, once)).ok_or(errors)
    });
    let (zone, once) = match checked {
        Ok(found) => found,
        Err(errors) => return Ok(refused(zone_page(page, &places, None, form, Some(errors)))),
    };
    let mut tx = db.begin().await?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => {
            let errors = Some(Once::misused(lang));
            return Ok(refused(zone_page(page, &places, None, form, errors)));
        }
        Claim::First => {}
    }
    settings::save_zone(&mut tx, &cx, scope.seller, &zone).await?;
    idempotency::settle(&mut tx, &once, HOME).await?;
    tx.commit().await?;
    Ok(saved(&page))
}

fn saved(page: &Page) -> Response {
    go_with(page, HOME, page.t("Đã lưu vùng giao hàng.", "Delivery zone saved."))
}

/// A zone of this seller by the words of an address.
async fn own_zone(db: &PgPool, scope: &SellerScope, id: &str) -> Result<Zone, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let rates = own_rates(db, scope).await?;
    let found = rates.zones.into_iter().find(|zone| zone.id == id && !id.is_nil());
    found.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/giao-hang/vung/{id}`
pub(in crate::delivery) async fn edit_zone(
    State(db): State<PgPool>,
    State(places): State<Places>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<ZonePage>, PageError> {
    let zone = own_zone(&db, &scope, &id).await?;
    let form = ZoneForm::of(&zone, page.new_key());
    Ok(Html(zone_page(page, &places, Some(zone.id), form, None)))
}

/// `POST /ban-hang/giao-hang/vung/{id}`
pub(in crate::delivery) async fn change_zone(
    State(db): State<PgPool>,
    State(places): State<Places>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<ZoneForm>,
) -> Result<Response, PageError> {
    let zone = own_zone(&db, &scope, &id).await?;
    let zone = match form.check(page.lang, &places, zone.id, zone.position) {
        Ok(zone) => zone,
        Err(errors) => {
            return Ok(refused(zone_page(page, &places, Some(zone.id), form, Some(errors))));
        }
    };
    let mut tx = db.begin().await?;
    if !settings::save_zone(&mut tx, &cx, scope.seller, &zone).await? {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    Ok(saved(&page))
}

/// `POST /ban-hang/giao-hang/vung/{id}/bo`
pub(in crate::delivery) async fn remove_zone(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = db.begin().await?;
    if !settings::remove_zone(&mut tx, scope.seller, id).await? {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    Ok(go_with(&page, HOME, page.t("Đã bỏ vùng giao hàng.", "Delivery zone removed.")))
}
