//! `/to-chuc/bao-gia/moi/ubl`: a request filled in from an order that the firm's own system has written.
//!
//! An order from outside names prices that no seller of the floor has agreed to. So it does not become a purchase
//! order: it fills in a request to the seller that it names, with its prices as wishes; the seller's offer and its
//! acceptance, with the firm's own approvals, lead to the purchase order as always. Nothing is stored before the
//! request is sent.

use super::{
    super::{model::MOST_LINES, queries_read, routes::Deps},
    form::AskForm,
    new::{blank, page_of},
};
use crate::{
    catalogue::{self, Offer},
    kernel::{Cx, Errors, Lang, SellerId, Text, Vnd},
    organisations::{OrgRole, OrgScope},
    purchasing::{self, UblLine, UblOrder},
    web::{Page, PageError, Upload},
};
use axum::{extract::State, response::Response};
use serde::Deserialize;

/// Reasons that are shown at once.
const MOST_REASONS: usize = 10;
const FIELD: &str = "ubl";

/// Nothing but the file.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in super::super) struct UblForm {}

/// `POST /to-chuc/bao-gia/moi/ubl`
pub(in super::super) async fn fill(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    upload: Upload<UblForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let mut form = blank(&deps, &cx, &scope).await?;
    let mut errors = Errors::new(page.lang);
    match read(&upload, &scope) {
        Ok(order) => fill_in(&deps, &cx, (&mut form, page.lang), &order).await?,
        Err(reasons) => reasons.into_iter().for_each(|reason| errors.add(FIELD, reason)),
    }
    page_of(&deps, page, scope, form, errors).await
}

fn read(upload: &Upload<UblForm>, scope: &OrgScope) -> Result<UblOrder, Vec<Text>> {
    let Some(file) = upload.files.iter().find(|file| file.field == FIELD) else {
        return Err(vec![Text::new("Hãy chọn tệp XML.", "Choose an XML file.")]);
    };
    let order = purchasing::read_ubl(&file.bytes).map_err(|all| {
        all.iter().take(MOST_REASONS).map(|wrong| wrong.told()).collect::<Vec<_>>()
    })?;
    let mut reasons = Vec::new();
    if !order.buyer_tax_code.is_empty() && order.buyer_tax_code != scope.tax_code {
        reasons.push(Text::new(
            format!(
                "Bên mua trong tệp có mã số thuế {}, không phải tổ chức của bạn.",
                order.buyer_tax_code
            ),
            format!(
                "The buyer in the file has the tax code {}, not your organisation's.",
                order.buyer_tax_code
            ),
        ));
    }
    if order.lines.len() > MOST_LINES {
        reasons.push(Text::new(
            format!(
                "Mỗi yêu cầu báo giá có tối đa {MOST_LINES} dòng; tệp có {} dòng.",
                order.lines.len()
            ),
            format!(
                "A request has {MOST_LINES} lines at most; the file has {}.",
                order.lines.len()
            ),
        ));
    }
    if reasons.is_empty() { Ok(order) } else { Err(reasons) }
}

async fn fill_in(
    deps: &Deps,
    cx: &Cx,
    (form, lang): (&mut AskForm, Lang),
    order: &UblOrder,
) -> Result<(), PageError> {
    let mut db = deps.db.acquire().await?;
    let sellers: Vec<SellerId> = match order.seller_tax_code.as_str() {
        "" => Vec::new(),
        code => queries_read::shops_of_firm(&mut db, code).await?,
    };
    let codes: Vec<String> =
        order.lines.iter().map(|line| line.sku.clone()).filter(|sku| !sku.is_empty()).collect();
    let mut found = Vec::new();
    for seller in &sellers {
        found.extend(catalogue::by_codes(&mut db, Some(*seller), &codes).await?);
    }
    let variants: Vec<_> = found.iter().map(|(_, variant)| *variant).collect();
    let offers = catalogue::offers(&mut db, cx, &variants).await?;
    drop(db);
    for line in &order.lines {
        let sku = line.sku.to_lowercase();
        let named = found.iter().find(|(code, _)| code.to_lowercase() == sku);
        let offer = named.and_then(|(_, variant)| offers.iter().find(|o| o.variant == *variant));
        add(form, line, offer.filter(|offer| offer.sellable && offer.unit == line.unit), lang);
    }
    form.ban = sellers.iter().map(ToString::to_string).collect();
    let about = if order.note.is_empty() { &order.number } else { &order.note };
    form.tieu_de = about.chars().take(160).collect();
    form.noi_dung = format!("{} {}", lang.t("Theo đơn hàng số", "By our order no."), order.number);
    if !order.deliver_to.is_empty() {
        form.dia_chi.clone_from(&order.deliver_to);
    }
    form.can_ngay = order.wanted_by.map(|day| day.to_string()).unwrap_or_default();
    Ok(())
}

/// A line as the file has it; of a listing if the seller has it in that unit.
fn add(form: &mut AskForm, line: &UblLine, offer: Option<&Offer>, lang: Lang) {
    form.add_row();
    let Some(last) = form.ten.len().checked_sub(1) else { return };
    form.ten[last].clone_from(&line.name);
    form.so_luong[last] = quantity(line.quantity);
    form.don_vi[last].clone_from(&line.unit);
    form.ngay[last] = line.wanted_by.map(|day| day.to_string()).unwrap_or_default();
    form.bien_the[last] = offer.map(|offer| offer.variant.to_string()).unwrap_or_default();
    let sku = if offer.is_none() && !line.sku.is_empty() {
        format!("SKU {}", line.sku)
    } else {
        String::new()
    };
    let price = line.price.filter(|price| *price != Vnd::ZERO).map(|price| {
        format!("{} {price}", lang.t("giá mong muốn (gồm thuế)", "wished price (tax included)"))
    });
    let notes = [sku, price.unwrap_or_default(), line.note.clone()];
    let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    form.mo_ta[last] = notes.join("; ").chars().take(500).collect();
}

/// `12,5` of thousandths, as people here write it into forms.
fn quantity(thousandths: i64) -> String {
    let text = format!("{},{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}
