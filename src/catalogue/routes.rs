//! What this slice needs and where it answers.

use super::{categories::Categories, pages};
use crate::{places::Places, platform::files::Files};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Pictures decoded at a time: each takes a core and some hundred megabytes.
#[derive(Clone)]
pub struct Decoders(pub(super) Arc<Semaphore>);

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub categories: Categories,
    pub places: Places,
    pub files: Files,
    pub decoders: Decoders,
}

impl Deps {
    /// With two decoders.
    #[must_use]
    pub fn new(db: PgPool, categories: Categories, places: Places, files: Files) -> Self {
        Self { db, categories, places, files, decoders: Decoders(Arc::new(Semaphore::new(2))) }
    }
}

/// Eight pictures of ten megabytes, and what stands around them.
const PICTURES: usize = 81 << 20;
/// A paper or a table, and what stands around it.
const ONE_FILE: usize = 11 << 20;

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/anh/{*key}", get(pages::files::picture))
        .route("/tranh/{art}/{tint}", get(pages::files::drawing))
        .merge(seller())
        .merge(reviewer("/so-cong-thuong/tin-dang"))
        .merge(reviewer("/van-hanh/tin-dang"))
        .with_state(deps)
}

fn seller() -> Router<Deps> {
    let product = |rest: &str| format!("/ban-hang/san-pham/{{id}}{rest}");
    let limited = |bytes| DefaultBodyLimit::max(bytes);
    Router::new()
        .route("/ban-hang/san-pham", get(pages::list::index))
        .route("/ban-hang/san-pham/gia-ton", post(pages::list::save))
        .route("/ban-hang/san-pham/xuat", get(pages::tables::export))
        .route(
            "/ban-hang/san-pham/nhap",
            get(pages::tables::form).post(pages::tables::import).layer(limited(6 << 20)),
        )
        .route("/ban-hang/san-pham/nhap/loi/{key}", get(pages::tables::errors))
        .route("/ban-hang/san-pham/moi", get(pages::new::form).post(pages::new::create))
        .route(&product(""), get(pages::editor))
        .route(&product("/xem"), get(pages::new::look))
        .route(&product("/noi-dung"), post(pages::save::about))
        .route(&product("/phan-loai"), post(pages::save::variants))
        .route(&product("/gia-si"), post(pages::save::tiers))
        .route(&product("/trang-thai"), post(pages::save::state))
        .route(&product("/anh"), post(pages::media::upload).layer(limited(PICTURES)))
        .route(&product("/anh/sap-xep"), post(pages::media::arrange))
        .route(&product("/giay-to"), post(pages::media::hand_in).layer(limited(ONE_FILE)))
        .route(&product("/giay-to/{paper}"), get(pages::media::copy))
        .route(&product("/giay-to/{paper}/bo"), post(pages::media::take_back))
}

fn reviewer(base: &str) -> Router<Deps> {
    let listing = format!("{base}/{{id}}");
    let paper = format!("{listing}/giay-to/{{paper}}");
    Router::new()
        .route(base, get(pages::review::index))
        .route(&listing, get(pages::review::look).post(pages::review::judge))
        .route(&paper, get(pages::review::copy).post(pages::review::judge_paper))
}
