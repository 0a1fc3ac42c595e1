//! `GET /tim/goi-y?q=`: what somebody who types may mean, a fragment: popular searches, categories,
//! shops, goods. It is asked for at every key: two statements, all else from memory.

use super::{cards::Name, list::looking_for, queries, routes::Deps};
use crate::{
    catalogue::{Categories, Category},
    kernel::{Cx, Lang, SellerId, day_of, fold, words},
    search::{Found, Parameters, Query},
    web::{Page, PageError, Query as Asked},
};
use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};
use sqlx::PgPool;
use std::{cmp::Reverse, sync::Arc, time::Duration};

const POPULAR: usize = 3;
const CATEGORIES: usize = 3;
const SHOPS: usize = 3;
const GOODS: usize = 5;
/// How long the names of shops are kept. Whether one is still here is asked each time.
const NAMES_KEPT: Duration = Duration::from_secs(60);

struct Shop {
    href: String,
    name: Name,
    place: String,
}

struct Product {
    href: String,
    name: Name,
    picture: String,
    price: String,
    shop: String,
}

#[derive(Template)]
#[template(path = "storefront/suggest.html")]
struct Suggestions {
    page: Page,
    popular: Vec<(String, Name)>,
    categories: Vec<(String, Name)>,
    shops: Vec<Shop>,
    goods: Vec<Product>,
}

/// A shop, and the folded words of its name.
type Named = (SellerId, Vec<String>);

/// The names of all shops, kept for a moment.
#[derive(Clone)]
pub(super) struct ShopNames(moka::sync::Cache<(), Arc<[Named]>>);

impl Default for ShopNames {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(1).time_to_live(NAMES_KEPT).build())
    }
}

impl ShopNames {
    async fn all(&self, db: &PgPool) -> sqlx::Result<Arc<[Named]>> {
        if let Some(names) = self.0.get(&()) {
            return Ok(names);
        }
        let found = queries::all_shop_names(&mut *db.acquire().await?).await?;
        let names: Arc<[Named]> = found.into_iter().map(|(id, name)| (id, words(&name))).collect();
        self.0.insert((), names.clone());
        Ok(names)
    }
}

/// How well a name fits what was typed, smaller is better: each word begins one of the name's.
fn fit(name: &[String], typed: &[String]) -> Option<(bool, usize)> {
    let begins = |word: &String| name.iter().any(|own| own.starts_with(word.as_str()));
    let fits = !typed.is_empty() && typed.iter().all(begins);
    let in_front = name.iter().zip(typed).all(|(own, word)| own.starts_with(word.as_str()));
    fits.then_some((!in_front, name.len()))
}

/// `GET /tim/goi-y?q=`
pub(super) async fn suggest(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Asked(parameters): Asked<Parameters>,
) -> Result<Response, PageError> {
    let q = parameters.query().q;
    let typed = words(&q);
    let mut html = String::new();
    if !typed.is_empty() {
        let today = day_of(cx.now);
        let query = Query { q: q.clone(), page: 1, length: GOODS, ..Query::default() };
        let found = deps.search.find(&query, today).await?;
        let popular = popular(&deps, &q, &typed, &cx).await?;
        let shops = shops(&deps, &typed).await?;
        let all = Suggestions {
            categories: categories(&deps.categories, &typed, &found, page.lang),
            goods: goods(&found, page.lang),
            popular,
            shops,
            page,
        };
        html = all.render().map_err(PageError::internal)?;
    }
    Ok(([(header::CACHE_CONTROL, "private, max-age=60")], Html(html)).into_response())
}

/// Popular searches that go on from what was typed.
async fn popular(
    deps: &Deps,
    q: &str,
    typed: &[String],
    cx: &Cx,
) -> sqlx::Result<Vec<(String, Name)>> {
    let found = deps.search.popular(q, day_of(cx.now), POPULAR + 1).await?;
    let others = found.into_iter().filter(|words| fold(words) != fold(q)).take(POPULAR);
    Ok(others.map(|words| (looking_for(&words), Name::of(&words, typed))).collect())
}

/// Categories whose name fits and in which something was found; those with most of it first.
fn categories(
    categories: &Categories,
    typed: &[String],
    found: &Found,
    lang: Lang,
) -> Vec<(String, Name)> {
    let fits = |shelf: &Category| {
        let names = [Lang::Vi, Lang::En].map(|lang| shelf.name.get(lang));
        names.iter().filter_map(|name| fit(&words(name), typed)).min()
    };
    let counted = found.facets.categories.iter().filter(|(_, n)| *n > 0);
    let shelves = counted.filter_map(|(slug, n)| Some((categories.get(slug)?, n)));
    let mut fitting: Vec<_> =
        shelves.filter_map(|(shelf, n)| Some((fits(shelf)?, Reverse(n), shelf))).collect();
    fitting.sort_by_key(|(fit, n, shelf)| (*fit, *n, shelf.slug.clone()));
    let shown = fitting.into_iter().take(CATEGORIES);
    shown
        .map(|(.., shelf)| {
            (format!("/danh-muc/{}", shelf.slug), Name::of(shelf.name.get(lang), typed))
        })
        .collect()
}

/// Shops whose name fits and that are here now.
async fn shops(deps: &Deps, typed: &[String]) -> sqlx::Result<Vec<Shop>> {
    let names = deps.shop_names.all(&deps.db).await?;
    let mut fitting: Vec<_> =
        names.iter().filter_map(|(id, name)| Some((fit(name, typed)?, *id))).collect();
    if fitting.is_empty() {
        return Ok(Vec::new());
    }
    fitting.sort_unstable();
    let ids: Vec<SellerId> = fitting.into_iter().take(SHOPS).map(|(_, id)| id).collect();
    let found = queries::shops_of(&mut *deps.db.acquire().await?, &ids).await?;
    let shown = found.into_iter().map(|shop| Shop {
        href: format!("/gian-hang/{}", shop.slug),
        name: Name::of(&shop.name, typed),
        place: deps.places.shown(&shop.commune_code),
    });
    Ok(shown.collect())
}

fn goods(found: &Found, lang: Lang) -> Vec<Product> {
    let product = |hit: &crate::search::Hit| {
        let english = lang == Lang::En && !hit.name_en.is_empty();
        Product {
            href: format!("/san-pham/{}", hit.slug),
            name: Name::of(if english { &hit.name_en } else { &hit.name }, &found.words),
            picture: hit.picture.clone(),
            price: hit.price.to_string(),
            shop: hit.seller_name.clone(),
        }
    };
    found.hits.iter().map(product).collect()
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn each_word_begins_one_of_the_name() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let name = words("hop tac xa suong som");
        assert_eq!(fit(&name, &words("hop t")), Some((false, 5)));
        assert_eq!(fit(&name, &words("som su")), Some((true, 5)));
        assert_eq!(fit(&name, &words("suong mai")), None);
        assert_eq!(fit(&name, &[]), None);
        assert!(fit(&words("suong"), &words("suo")) < fit(&name, &words("suo")));
    }
}
