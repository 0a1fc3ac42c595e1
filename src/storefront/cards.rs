//! A product as a card shows it.

use crate::{
    kernel::Lang,
    places::Places,
    search::{CERTIFICATES, Hit, certificate},
};

/// The fields of `ui/card.html`.
pub(super) struct Card {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) picture: String,
    pub(super) shop: String,
    pub(super) place: String,
    pub(super) price: String,
    pub(super) unit: String,
    pub(super) several: bool,
    pub(super) was: String,
    pub(super) mark: String,
    pub(super) gone: &'static str,
}

impl Card {
    fn of(hit: &Hit, lang: Lang, places: &Places) -> Self {
        let english = lang == Lang::En && !hit.name_en.is_empty();
        let mark = CERTIFICATES
            .iter()
            .find(|known| hit.certificates.iter().any(|kind| kind == known.0))
            .and_then(|known| certificate(known.0, lang));
        Self {
            href: format!("/san-pham/{}", hit.slug),
            name: if english { hit.name_en.clone() } else { hit.name.clone() },
            picture: hit.picture.clone(),
            shop: hit.seller_name.clone(),
            place: places.commune(&hit.commune_code).map(|c| c.name.clone()).unwrap_or_default(),
            price: hit.price.to_string(),
            unit: hit.unit.clone(),
            several: hit.several,
            was: hit.list_price.map(|price| price.to_string()).unwrap_or_default(),
            mark: mark.unwrap_or_default().to_owned(),
            gone: if hit.in_stock { "" } else { lang.t("Hết hàng", "Sold out") },
        }
    }

    pub(super) fn all(hits: &[Hit], lang: Lang, places: &Places) -> Vec<Self> {
        hits.iter().map(|hit| Self::of(hit, lang, places)).collect()
    }
}
