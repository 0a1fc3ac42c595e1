//! `GET /gian-hang`: the list of shops.

use super::{
    home::{ShopLine, shop_line},
    list::Go,
    queries,
    routes::Deps,
};
use crate::web::{Html, Page, PageError, Query as Asked};
use askama::Template;
use axum::{extract::State, response::IntoResponse};
use serde::Deserialize;

const PAGE: i64 = 30;
const LETTERS: &str = "ABCDEGHIKLMNOPQRSTUVXY";

/// What was asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    xa: String,
    chu: String,
    trang: String,
}

#[derive(Template)]
#[template(path = "storefront/shops.html")]
struct ShopsPage {
    page: Page,
    shops: Vec<ShopLine>,
    total: i64,
    communes: Vec<(String, String)>,
    commune: String,
    letters: Vec<Go>,
    letter: String,
    current: i64,
    last: i64,
    base: String,
}

/// `a` → a, à, á … ; `d` → d, đ.
fn spellings(letter: &str) -> Vec<String> {
    let Some(letter) = letter.chars().next().map(|c| c.to_lowercase().to_string()) else {
        return Vec::new();
    };
    let marked = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz";
    marked.chars().map(String::from).filter(|c| crate::kernel::fold(c) == letter).collect()
}

/// `GET /gian-hang`
pub(super) async fn shops(
    State(deps): State<Deps>,
    page: Page,
    Asked(wanted): Asked<Wanted>,
) -> Result<impl IntoResponse, PageError> {
    let letter = LETTERS
        .chars()
        .map(String::from)
        .find(|letter| *letter == wanted.chu.to_uppercase())
        .unwrap_or_default();
    let commune = deps.places.commune(&wanted.xa).map(|c| c.code.clone()).unwrap_or_default();
    let spelt = spellings(&letter);
    let mut db = deps.db.acquire().await?;
    let total = queries::count_shops(&mut db, &commune, &spelt).await?;
    let last = (total + PAGE - 1) / PAGE;
    let current = wanted.trang.parse().unwrap_or(1).clamp(1, last.max(1));
    let found = queries::shops(&mut db, &commune, &spelt, PAGE, (current - 1) * PAGE).await?;
    let communes = queries::communes_of_shops(&mut db).await?;
    drop(db);
    let address = |letter: &str| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("xa", commune.as_str()), ("chu", letter)] {
            if !value.is_empty() {
                pairs.append_pair(name, value);
            }
        }
        format!("/gian-hang?{}", pairs.finish())
    };
    let letters = LETTERS.chars().map(String::from).map(|own| Go {
        href: address(if own == letter { "" } else { &own }),
        count: 0,
        current: own == letter,
        label: own,
    });
    let lists = deps.lists();
    Ok(Html(ShopsPage {
        shops: found.iter().map(|shop| shop_line(shop, &lists, &page)).collect(),
        letters: letters.collect(),
        base: format!("{}&trang=", address(&letter)),
        communes: communes
            .into_iter()
            .map(|(code, n)| (code.clone(), format!("{} ({n})", deps.places.shown(&code))))
            .collect(),
        page: page.in_section("shops"),
        total,
        commune,
        letter,
        current,
        last,
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_letter_stands_for_all_its_spellings() {
        assert_eq!(super::spellings("D"), ["d", "đ"]);
        assert_eq!(super::spellings("E").len(), 12);
        assert!(super::spellings("").is_empty());
    }
}
