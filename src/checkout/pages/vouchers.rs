//! The part of the second step that is about vouchers: a code, and what each shop offers openly.

use crate::{
    checkout::{model::Shop, plan::Scene},
    kernel::{Cx, Errors, Lang, SellerId, Vnd},
    promotions::{self, Voucher},
};
use sqlx::PgConnection;

/// One seller's part of the form.
pub(super) struct VoucherPart {
    pub(super) field: String,
    pub(super) seller: String,
    /// As it is kept.
    pub(super) code: String,
    /// What it takes off, and on which conditions; empty: nothing.
    pub(super) off: String,
    pub(super) terms: String,
    /// Code, conditions, what more is needed, and the button's value.
    pub(super) offered: Vec<(String, String, String, String)>,
}

impl VoucherPart {
    pub(super) fn of(scene: &Scene, lang: Lang, shop: &Shop, offered: &[Voucher]) -> Self {
        let id = shop.seller.id;
        let goods = shop.goods().unwrap_or(Vnd::ZERO);
        let pick = scene.draft.picks.get(&id).map(|pick| pick.voucher.clone());
        let code = pick.unwrap_or_default();
        let counts = scene.voucher(id, goods).and_then(Result::ok);
        let mine = offered.iter().filter(|v| v.seller == id);
        let offer = |v: &Voucher| {
            let short = match v.judge(goods, scene.today, 0) {
                Err(refusal) => refusal.text(&v.code).get(lang).to_owned(),
                Ok(_) => String::new(),
            };
            (v.code.clone(), v.terms().get(lang).to_owned(), short, format!("{id}:{}", v.code))
        };
        Self {
            field: field(id),
            seller: id.to_string(),
            off: counts.as_ref().map(|r| Vnd(-r.discount.0).to_string()).unwrap_or_default(),
            terms: counts.map(|r| r.terms.get(lang).to_owned()).unwrap_or_default(),
            offered: mine.filter(|v| v.code != code).map(offer).collect(),
            code,
        }
    }
}

fn field(seller: SellerId) -> String {
    format!("ma-{seller}")
}

/// What the basket's shops offer openly.
pub(super) async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    scene: &Scene,
) -> sqlx::Result<Vec<Voucher>> {
    let sellers: Vec<SellerId> = scene.contents.shops.iter().map(|shop| shop.seller.id).collect();
    promotions::offered(db, cx, &sellers).await
}

/// The code that was chosen for a seller: by its button, else what stands in the field.
pub(super) fn picked(fields: &[(String, String)], seller: SellerId) -> String {
    let value = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let pressed = value("dung").and_then(|v| v.split_once(':'));
    let pressed = pressed.filter(|(id, _)| *id == seller.to_string()).map(|(_, code)| code);
    promotions::code(pressed.or_else(|| value(&field(seller))).unwrap_or_default())
}

/// Whether a voucher's button was pressed: the page is shown again with what it comes to.
pub(super) fn stays(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, _)| name == "dung" || name == "ap-dung")
}

/// The codes that do not count, each beside its field.
pub(super) fn refusals(scene: &Scene, lang: Lang) -> Errors {
    let mut errors = Errors::new(lang);
    for shop in scene.contents.shops.iter().filter(|shop| shop.counting().next().is_some()) {
        let goods = shop.goods().unwrap_or(Vnd::ZERO);
        if let Some(Err((code, refusal))) = scene.voucher(shop.seller.id, goods) {
            errors.add(field(shop.seller.id), refusal.text(&code));
        }
    }
    errors
}
