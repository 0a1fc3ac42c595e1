//! `/tai-khoan/dia-chi`: the address book.

use super::{again, told};
use crate::{
    accounts::{
        AccountError, Address, NewAddress,
        addresses::{self, change_address, choose_address, delete_address, save_address},
        model,
    },
    kernel::{Cx, Errors, PersonId, Phone, Text},
    places::{Choice, Places},
    platform::idempotency::{self, Claim, Once},
    web::{Form, Html, Page, PageError, SignedIn, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;
use uuid::Uuid;

const BOOK: &str = "/tai-khoan/dia-chi";

/// An address as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct AddressForm {
    key: String,
    recipient: String,
    phone: String,
    xa: String,
    xa_q: String,
    line: String,
    is_default: String,
    act: String,
}

/// One entry of the book.
struct Entry {
    id: Uuid,
    recipient: String,
    phone: String,
    line: String,
    commune: String,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "accounts/addresses.html")]
struct BookPage {
    page: Page,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "accounts/address.html")]
struct AddressPage {
    page: Page,
    form: AddressForm,
    errors: Errors,
    found: Vec<(String, String, String)>,
    action: String,
    new: bool,
}

impl AddressForm {
    fn of(page: &Page, places: &Places, address: Address) -> Self {
        Self {
            key: page.new_key(),
            recipient: address.recipient,
            phone: Phone::local(&address.phone),
            xa_q: places.shown(&address.commune_code),
            xa: address.commune_code,
            line: address.line,
            is_default: if address.is_default { "1".to_owned() } else { String::new() },
            act: String::new(),
        }
    }

    /// The address, or what is wrong and which communes may be meant.
    fn check(&self, places: &Places, errors: &mut Errors) -> Option<NewAddress> {
        let recipient = errors.take("recipient", model::name(&self.recipient));
        let phone = errors.take("phone", Phone::parse(&self.phone));
        let commune = match places.choose(&self.xa, &self.xa_q) {
            Choice::Chosen(commune) => Some(commune.code),
            Choice::Ask(why, _) => {
                errors.add("xa", why);
                None
            }
        };
        let line = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
        let short = (1..=200).contains(&line.chars().count());
        errors.check(
            short,
            "line",
            "Nhập số nhà, đường, thôn (tối đa 200 ký tự).",
            "Enter house number, street, village (200 characters at most).",
        );
        let is_default = !self.is_default.is_empty();
        errors.is_empty().then_some(())?;
        Some(NewAddress {
            recipient: recipient?,
            phone: phone?.as_str().to_owned(),
            commune_code: commune?,
            line,
            is_default,
        })
    }
}

fn shown(
    page: Page,
    places: &Places,
    form: AddressForm,
    errors: Errors,
    id: Option<Uuid>,
) -> AddressPage {
    let found = places.options(&form.xa, &form.xa_q, page.lang);
    let action = id.map_or_else(|| BOOK.to_owned(), |id| format!("{BOOK}/{id}"));
    let page = page.in_section("account-addresses");
    AddressPage { page, form, errors, found, action, new: id.is_none() }
}

fn own_id(id: &str) -> Result<Uuid, PageError> {
    id.parse().map_err(|_| PageError::not_found())
}

/// One of the person's addresses; somebody else's is not there.
async fn own(db: &PgPool, person: PersonId, id: &str) -> Result<Address, PageError> {
    let id = own_id(id)?;
    let rows = addresses::addresses(&mut *db.acquire().await?, person).await?;
    Ok(rows.into_iter().find(|a| a.id == id).ok_or(AccountError::NotFound)?)
}

/// `GET /tai-khoan/dia-chi`
pub(in crate::accounts) async fn list(
    State(db): State<PgPool>,
    State(places): State<Places>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let rows = addresses::addresses(&mut *db.acquire().await?, viewer.id).await?;
    let entries = rows.into_iter().map(|a| Entry {
        id: a.id,
        recipient: a.recipient,
        phone: Phone::local(&a.phone),
        line: a.line,
        commune: places.shown(&a.commune_code),
        is_default: a.is_default,
    });
    let entries = entries.collect();
    Ok(Html(BookPage { page: page.in_section("account-addresses"), entries }).into_response())
}

/// `GET /tai-khoan/dia-chi/moi`
pub(in crate::accounts) async fn new(
    State(places): State<Places>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Response {
    let errors = Errors::new(page.lang);
    let form =
        AddressForm { key: page.new_key(), recipient: viewer.name, ..AddressForm::default() };
    Html(shown(page, &places, form, errors, None)).into_response()
}

/// `POST /tai-khoan/dia-chi`
pub(in crate::accounts) async fn create(
    State(db): State<PgPool>,
    State(places): State<Places>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<AddressForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    if form.data.act == "commune" {
        let asked = AddressForm { xa: String::new(), ..form.data };
        return Ok(Html(shown(page, &places, asked, errors, None)).into_response());
    }
    let once = errors.take("key", Once::new(viewer.id, &form.data.key, BOOK, &form.raw));
    let address = form.data.check(&places, &mut errors);
    let (Some(address), Some(once)) = (address, once) else {
        return Ok(again(shown(page, &places, form.data, errors, None)));
    };
    let mut tx = db.begin().await?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => {
            let errors = Once::misused(page.lang);
            return Ok(again(shown(page, &places, form.data, errors, None)));
        }
    }
    if let Err(error) = save_address(&mut tx, &cx, viewer.id, &address).await {
        let AccountError::Full = error else { return Err(error.into()) };
        told(&mut errors, "recipient", &error);
        return Ok(again(shown(page, &places, form.data, errors, None)));
    }
    idempotency::settle(&mut tx, &once, BOOK).await?;
    tx.commit().await?;
    Ok(go_with(&page, BOOK, page.t("Đã lưu địa chỉ.", "The address is saved.")))
}

/// `GET /tai-khoan/dia-chi/{id}`
pub(in crate::accounts) async fn edit(
    State(db): State<PgPool>,
    State(places): State<Places>,
    Path(id): Path<String>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let address = own(&db, viewer.id, &id).await?;
    let id = address.id;
    let errors = Errors::new(page.lang);
    let form = AddressForm::of(&page, &places, address);
    Ok(Html(shown(page, &places, form, errors, Some(id))).into_response())
}

/// `POST /tai-khoan/dia-chi/{id}`
pub(in crate::accounts) async fn update(
    State(db): State<PgPool>,
    State(places): State<Places>,
    Path(id): Path<String>,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<AddressForm>,
) -> Result<Response, PageError> {
    let id = own(&db, viewer.id, &id).await?.id;
    let mut errors = Errors::new(page.lang);
    if form.data.act == "commune" {
        let asked = AddressForm { xa: String::new(), ..form.data };
        return Ok(Html(shown(page, &places, asked, errors, Some(id))).into_response());
    }
    let Some(address) = form.data.check(&places, &mut errors) else {
        return Ok(again(shown(page, &places, form.data, errors, Some(id))));
    };
    let mut tx = db.begin().await?;
    change_address(&mut tx, viewer.id, id, &address).await?;
    tx.commit().await?;
    Ok(go_with(&page, BOOK, page.t("Đã lưu địa chỉ.", "The address is saved.")))
}

/// `POST /tai-khoan/dia-chi/{id}/xoa`
pub(in crate::accounts) async fn delete(
    State(db): State<PgPool>,
    Path(id): Path<String>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    delete_address(&mut tx, viewer.id, own_id(&id)?).await?;
    tx.commit().await?;
    Ok(go_with(&page, BOOK, page.t("Đã xóa địa chỉ.", "The address is deleted.")))
}

/// `POST /tai-khoan/dia-chi/{id}/mac-dinh`
pub(in crate::accounts) async fn choose(
    State(db): State<PgPool>,
    Path(id): Path<String>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    choose_address(&mut tx, viewer.id, own_id(&id)?).await?;
    tx.commit().await?;
    let line = Text::new("Đã đổi địa chỉ mặc định.", "The default address is changed.");
    Ok(go_with(&page, BOOK, line.get(page.lang)))
}
