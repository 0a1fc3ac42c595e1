//! What can go wrong, and how it is told.

use super::model::State;
use crate::{
    kernel::Text,
    stock::StockError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why the catalogue stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[error("no such product")]
    NotFound,
    /// Somebody else changed it in between.
    #[error("changed in between")]
    Stale,
    /// The step cannot be taken from this state.
    #[error("not possible while {0:?}")]
    NotNow(State),
    /// What is missing before buyers may see it.
    #[error("not ready: {0:?}")]
    NotReady(Vec<Text>),
    /// A SKU that another product of the shop has.
    #[error("SKU {0} is taken")]
    SkuTaken(String),
    /// There is no such leaf.
    #[error("no such category")]
    NoCategory,
    /// Price tiers that do not rise in quantity and fall in price.
    #[error("tiers do not fit")]
    BadTiers,
    /// Quantities that cannot be kept together.
    #[error("terms do not fit")]
    BadTerms,
    /// Eight are the most.
    #[error("too many pictures")]
    TooManyPictures,
    #[error(transparent)]
    Stock(#[from] StockError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl CatalogueError {
    /// A unique index that stands behind a check made before.
    pub(super) fn of(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|e| e.constraint()) {
            Some("variants_sku") => Self::SkuTaken(String::new()),
            _ => Self::Db(error),
        }
    }

    /// What the person is told.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotReady(missing) => {
                let join = |lang| missing.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(" ");
                Text::new(join(crate::kernel::Lang::Vi), join(crate::kernel::Lang::En))
            }
            Self::SkuTaken(sku) => Text::new(
                format!("Mã hàng {sku} đã được dùng cho sản phẩm khác của gian hàng."),
                format!("SKU {sku} is already used by another product of this shop."),
            ),
            Self::NotNow(state) => Text::new(
                format!("Không làm được khi tin đang ở trạng thái “{}”.", state.label()),
                format!(
                    "This cannot be done while the listing is “{}”.",
                    state.label().get(crate::kernel::Lang::En)
                ),
            ),
            other => other.problem().title,
        }
    }
}

impl AsProblem for CatalogueError {
    fn problem(&self) -> Problem {
        let conflict = |code, vi: &'static str, en: &'static str| {
            Problem::new(StatusCode::CONFLICT, code, vi, en)
        };
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Db(error) => error.problem(),
            Self::Stock(error) => error.problem(),
            Self::Stale => conflict(
                "catalogue/stale",
                "Người khác vừa sửa sản phẩm này. Xin tải lại trang rồi sửa lần nữa.",
                "Somebody else has just changed this product. Please reload the page and try again.",
            ),
            Self::NoCategory => conflict(
                "catalogue/category",
                "Hãy chọn một ngành hàng cụ thể trong danh sách.",
                "Please choose a category from the list.",
            ),
            Self::BadTiers => conflict(
                "catalogue/tiers",
                "Bậc giá sỉ phải tăng dần về số lượng (từ 2), giảm dần về giá và thấp hơn giá bán lẻ.",
                "Price tiers must rise in quantity (from 2), fall in price and stay below the retail price.",
            ),
            Self::BadTerms => conflict(
                "catalogue/terms",
                "Số tối thiểu phải chia hết cho bội số; các mốc thời gian phải tăng dần, mốc đầu từ 2, thời gian không ngắn lại.",
                "The least quantity must be a multiple of the step; lead times must rise with the quantity, from 2 on.",
            ),
            Self::TooManyPictures => conflict(
                "catalogue/pictures",
                "Mỗi sản phẩm có nhiều nhất 8 ảnh.",
                "A product has at most 8 pictures.",
            ),
            Self::NotNow(_) | Self::NotReady(_) | Self::SkuTaken(_) => Problem {
                status: StatusCode::CONFLICT,
                code: "catalogue/refused",
                title: self.text(),
            },
        }
    }
}
