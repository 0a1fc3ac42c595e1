//! First step: who buys, and where it goes.

use super::send_to;
use crate::{
    accounts::{self, Address},
    assisted::{self, Villager},
    checkout::{
        draft::Draft, ground::Ground, keeper::Keeper, load, plan::Missing, queries_checkouts,
    },
    documents::{self, Recipient},
    kernel::{CheckoutId, Cx, Errors, Phone, Vnd},
    orders::Org,
    organisations::{self, Site},
    places::{Places, Suggestion},
    web::{Form, Html, Page, PageError, go},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "checkout/address.html")]
struct AddressPage {
    page: Page,
    errors: Errors,
    draft: Draft,
    commune_q: String,
    communes: Vec<(String, String, String)>,
    saved: Vec<(Uuid, String, String)>,
    /// Places of his firm to which goods go.
    sites: Vec<(Uuid, String, String)>,
    /// Himself or his firm; empty when he has none.
    buyers: Vec<(&'static str, String, String)>,
    /// Written.
    goods: String,
}

/// Limits for what is stored as typed.
const TYPED: usize = 600;

#[derive(Debug, Default, Deserialize)]
pub(in crate::checkout) struct AddressForm {
    #[serde(default)]
    ho_ten: String,
    #[serde(default)]
    dien_thoai: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    xa: String,
    #[serde(default)]
    xa_q: String,
    #[serde(default)]
    dia_chi: String,
    #[serde(default)]
    ghi_chu: String,
    #[serde(default)]
    mua_cho: String,
    /// Which button.
    #[serde(default)]
    act: String,
    /// A saved address, by its button.
    #[serde(default)]
    luu: String,
}

impl AddressForm {
    fn into_draft(self, before: Draft) -> Draft {
        let cut = |text: String| text.chars().take(TYPED).collect::<String>();
        Draft {
            for_firm: self.mua_cho == "organisation",
            name: cut(self.ho_ten),
            phone: cut(self.dien_thoai),
            email: cut(self.email),
            commune: Some(cut(self.xa)).filter(|code| !code.is_empty()),
            commune_typed: cut(self.xa_q),
            address_line: cut(self.dia_chi),
            note: cut(self.ghi_chu),
            ..before
        }
    }
}

impl Draft {
    /// Fills in a saved address.
    pub(in crate::checkout) fn use_address(&mut self, places: &Places, address: &Address) {
        self.name.clone_from(&address.recipient);
        self.phone = Phone::local(&address.phone);
        self.address_line.clone_from(&address.line);
        self.commune = Some(address.commune_code.clone());
        self.commune_typed = places.shown(&address.commune_code);
    }
}

impl Draft {
    /// Fills in a place of the firm: then it is the firm that buys.
    fn use_site(&mut self, places: &Places, site: &Site) {
        self.name.clone_from(&site.recipient);
        self.phone = Phone::local(&site.phone);
        self.address_line.clone_from(&site.line);
        self.commune = Some(site.commune_code.clone());
        self.commune_typed = places.shown(&site.commune_code);
        self.for_firm = true;
    }

    /// Whoever agreed to be ordered for, and nobody else.
    fn order_for(&mut self, villager: &Villager) {
        self.name.clone_from(&villager.name);
        self.phone = Phone::local(&villager.phone);
        self.for_firm = false;
    }

    /// What the clerk was told, where nothing has been saved yet.
    fn begin_with(&mut self, places: &Places, villager: &Villager) {
        if self.id.is_none() {
            self.address_line.clone_from(&villager.address_line);
            self.commune = Some(villager.commune_code.clone());
            self.commune_typed = places.shown(&villager.commune_code);
        }
        self.order_for(villager);
    }
}

/// What the page shows besides the form.
struct Around {
    draft: Draft,
    saved: Vec<Address>,
    sites: Vec<Site>,
    org: Option<String>,
    goods: Option<Vnd>,
}

impl Around {
    fn page(
        self,
        places: &Places,
        page: Page,
        errors: Errors,
        found: &[Suggestion],
    ) -> AddressPage {
        let lang = page.lang;
        let chosen = self.draft.commune.as_deref().and_then(|code| places.commune(code));
        let mut communes: Vec<(String, String, String)> =
            found.iter().map(|s| s.choice(lang)).collect();
        if let Some(commune) = chosen
            && !communes.iter().any(|(code, ..)| *code == commune.code)
        {
            communes.insert(0, (commune.code.clone(), commune.shown(), String::new()));
        }
        let typed = self.draft.commune_typed.clone();
        let commune_q = match chosen {
            Some(commune) if typed.is_empty() => commune.shown(),
            _ => typed,
        };
        let own = page.t("Cho bản thân, gia đình", "For myself").to_owned();
        let buyers = match &self.org {
            Some(name) => {
                let firm = page.t("Mua cho doanh nghiệp", "For a firm").to_owned();
                let note = page
                    .t("có giá sỉ, tên trên hợp đồng", "wholesale prices, named in the contract");
                vec![
                    ("person", own, String::new()),
                    ("organisation", format!("{firm}: {name}"), note.to_owned()),
                ]
            }
            None => Vec::new(),
        };
        let line = |a: &Address| format!("{}, {}", a.line, places.shown(&a.commune_code));
        let saved = self.saved.iter().map(|a| (a.id, a.recipient.clone(), line(a))).collect();
        let site_line = |s: &Site| format!("{}, {}", s.line, places.shown(&s.commune_code));
        let sites = self.sites.iter().map(|s| (s.id, s.name.clone(), site_line(s))).collect();
        AddressPage {
            errors,
            commune_q,
            communes,
            saved,
            sites,
            buyers,
            goods: self.goods.map(|v| v.to_string()).unwrap_or_default(),
            draft: self.draft,
            page,
        }
    }
}

async fn saved(db: &mut PgConnection, keeper: &Keeper) -> sqlx::Result<Vec<Address>> {
    match keeper.person {
        Some(person) => accounts::addresses(db, person).await,
        None => Ok(Vec::new()),
    }
}

/// The places of the firm for which he may buy.
async fn sites(db: &mut PgConnection, org: Option<&Org>) -> sqlx::Result<Vec<Site>> {
    match org {
        Some(org) => organisations::sites(db, org.id).await,
        None => Ok(Vec::new()),
    }
}

/// The invoice names the firm that buys, unless the buyer has said otherwise; and no firm that does not.
async fn name_in_invoice(
    db: &mut PgConnection,
    cx: &Cx,
    keeper: &Keeper,
    checkout: CheckoutId,
    for_firm: bool,
) -> sqlx::Result<()> {
    let Some(firm) = load::firm(db, keeper.buyer).await?.map(Recipient::from) else {
        return Ok(());
    };
    let (said, to) = documents::wish(db, Some(checkout), None, None).await?;
    match (for_firm, to.filter(|_| said)) {
        (true, None) => documents::keep_wish(db, cx, checkout, &firm).await,
        (false, Some(to)) if to.tax_code == firm.tax_code => {
            documents::forget_wish(db, checkout).await
        }
        _ => Ok(()),
    }
}

/// `GET /dat-hang`
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let mut scene = load::scene(&mut tx, &cx, &places, basket, keeper.buyer).await?;
    if let Some((clerk, visit)) = keeper.assisted {
        let villager = assisted::villager(&mut tx, &cx, clerk, visit).await?;
        scene.draft.begin_with(&places, &villager);
    }
    let saved = saved(&mut tx, &keeper).await?;
    let sites = sites(&mut tx, scene.org.as_ref()).await?;
    if let Some(site) = sites.iter().find(|site| site.is_default)
        && scene.draft.for_firm
        && scene.draft.id.is_none()
    {
        scene.draft.use_site(&places, site);
    }
    tx.commit().await?;
    if let Err(missing) = scene.goods_are_there() {
        return Ok(send_to(&missing, &page));
    }
    let around = Around {
        goods: scene.contents.goods(),
        org: scene.org.map(|org| org.name),
        draft: scene.draft,
        saved,
        sites,
    };
    let errors = Errors::new(page.lang);
    let pieces = page.basket_count;
    let shown = around.page(&places, page.clone(), errors, &[]);
    Ok(held.dress(&page, pieces, Html(shown).into_response()))
}

/// `POST /dat-hang`: everything typed is kept, right or wrong.
pub(in crate::checkout) async fn save(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, .. }: Form<AddressForm>,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let before = load::draft(&mut tx, &places, basket, keeper.person).await?;
    let saved = saved(&mut tx, &keeper).await?;
    let (org, for_firm) = load::org(&mut tx, keeper.buyer).await?;
    let sites = sites(&mut tx, org.as_ref()).await?;
    let chosen = saved.iter().find(|a| a.id.to_string() == form.luu);
    let site = sites.iter().find(|s| s.id.to_string() == form.luu);
    let looks_around = chosen.is_some() || site.is_some() || form.act == "commune";
    let says_for_whom = !form.mua_cho.is_empty();
    let mut draft = form.into_draft(before);
    if !says_for_whom {
        draft.for_firm = for_firm;
    }
    if let Some(address) = chosen {
        draft.use_address(&places, address);
    }
    if let Some(site) = site {
        draft.use_site(&places, site);
    }
    if let Some((clerk, visit)) = keeper.assisted {
        draft.order_for(&assisted::villager(&mut tx, &cx, clerk, visit).await?);
    }
    let (found, mut errors) = draft.resolve(&places, page.lang);
    let id = draft.id.unwrap_or_else(|| CheckoutId(cx.new_id()));
    queries_checkouts::save(&mut tx, id, basket, keeper.person, &draft, cx.now).await?;
    draft.for_firm &= org.is_some();
    if let (Some(session), Some(org)) = (keeper.session, &org) {
        accounts::buy_for(&mut tx, session, draft.for_firm.then_some(org.id)).await?;
        name_in_invoice(&mut tx, &cx, &keeper, id, draft.for_firm).await?;
    }
    let firm = org.as_ref().filter(|_| draft.for_firm).map(|org| org.id);
    let contents = load::contents(&mut tx, &cx, &places, basket, firm).await?;
    tx.commit().await?;
    let checked = draft.recipient(&places, page.lang);
    match checked {
        Ok(_) if !looks_around => return Ok(go("/dat-hang/giao-hang")),
        // What was found out about the commune says more than that it is missing.
        Err(more) if !looks_around => errors.absorb(more),
        _ if !found.is_empty() => errors = Errors::new(page.lang),
        _ => {}
    }
    let org = org.map(|org| org.name);
    let around = Around { goods: contents.goods(), org, draft, saved, sites };
    let status = match looks_around {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let pieces = page.basket_count;
    let shown = around.page(&places, page.clone(), errors, &found);
    Ok(held.dress(&page, pieces, (status, Html(shown)).into_response()))
}
