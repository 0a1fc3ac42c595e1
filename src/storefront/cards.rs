//! A product as a card shows it.

use crate::{
    kernel::Lang,
    places::Places,
    search::{CERTIFICATES, Hit, certificate, marked},
};
use askama::Template;

/// A name with the words in it that were looked for.
#[derive(Template)]
#[template(
    source = "{% for (text, found) in pieces %}{% if found %}<mark>{{ text }}</mark>{% else %}{{ text }}{% endif %}{% endfor %}",
    ext = "html"
)]
pub(super) struct Name {
    pieces: Vec<(String, bool)>,
}

/// Its template has escaped it.
impl askama::filters::HtmlSafe for Name {}

impl Name {
    /// `text` with these folded words marked.
    pub(super) fn of(text: &str, words: &[String]) -> Self {
        let pieces = if words.is_empty() { vec![(text, false)] } else { marked(text, words) };
        Self { pieces: pieces.into_iter().map(|(text, found)| (text.to_owned(), found)).collect() }
    }
}

/// The fields of `ui/card.html`.
pub(super) struct Card {
    pub(super) href: String,
    pub(super) name: Name,
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
    fn of(hit: &Hit, words: &[String], lang: Lang, places: &Places) -> Self {
        let english = lang == Lang::En && !hit.name_en.is_empty();
        let mark = CERTIFICATES
            .iter()
            .find(|known| hit.certificates.iter().any(|kind| kind == known.0))
            .and_then(|known| certificate(known.0, lang));
        Self {
            href: format!("/san-pham/{}", hit.slug),
            name: Name::of(if english { &hit.name_en } else { &hit.name }, words),
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
        Self::found(hits, &[], lang, places)
    }

    /// With these folded words marked in their names.
    pub(super) fn found(hits: &[Hit], words: &[String], lang: Lang, places: &Places) -> Vec<Self> {
        hits.iter().map(|hit| Self::of(hit, words, lang, places)).collect()
    }
}
