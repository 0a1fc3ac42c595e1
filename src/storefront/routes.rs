//! What this slice needs and where it answers.

use super::{
    home,
    kept::Kept,
    list,
    list::Lists,
    machine, product,
    reach::KeptRates,
    shop, shops,
    suggest::{self, ShopNames},
    texts,
};
use crate::{catalogue::Categories, config::Site, places::Places, search::Search};
use axum::{Router, extract::FromRef, response::Redirect, routing::get};
use sqlx::PgPool;
use std::sync::Arc;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub search: Search,
    pub places: Places,
    pub site: Arc<Site>,
    pub categories: Categories,
    pub(super) kept: Kept,
    pub(super) rates: KeptRates,
    pub(super) shop_names: ShopNames,
}

impl Deps {
    /// Over these parts of the program.
    #[must_use]
    pub fn new(
        db: PgPool,
        search: Search,
        places: Places,
        categories: Categories,
        site: Site,
    ) -> Self {
        Self {
            db,
            search,
            places,
            categories,
            site: site.into(),
            kept: Kept::default(),
            rates: KeptRates::default(),
            shop_names: ShopNames::default(),
        }
    }

    pub(super) fn lists(&self) -> Lists {
        Lists {
            db: self.db.clone(),
            search: self.search.clone(),
            places: self.places.clone(),
            categories: self.categories.clone(),
            kept: self.kept.clone(),
        }
    }
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/danh-muc", get(home::categories))
        .route("/danh-muc/{slug}", get(list::category))
        .route("/tim", get(list::search))
        .route("/tim/goi-y", get(suggest::suggest))
        .route("/gian-hang", get(shops::shops))
        .route("/gian-hang/{slug}", get(shop::shop))
        .route("/san-pham/{slug}", get(product::show))
        .route("/trang/{slug}", get(texts::show))
        // Papers of before name this address.
        .route("/khieu-nai", get(|| async { Redirect::permanent("/trang/khieu-nai") }))
        .route("/robots.txt", get(machine::robots))
        .route("/sitemap.xml", get(machine::sitemap))
        .route("/sitemap/{name}", get(machine::sitemap_file))
        .with_state(deps)
}
