//! What can go wrong with accounts, and how it is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why an act on accounts did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is none, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// The e-mail address or phone number belongs to an account already.
    #[error("the address or number is taken")]
    Taken,
    /// A one-time link that was used, replaced or has expired.
    #[error("the link is used or too old")]
    LinkGone,
    /// Too many failed attempts for this account or from this address.
    #[error("too many failed attempts")]
    TooMany,
    /// Whoever owns a shop hands it over before he closes his account.
    #[error("the person owns a shop")]
    OwnsShop,
    /// Whoever alone administers a firm names another administrator before he closes his account.
    #[error("the person alone administers a firm")]
    KeepsFirm,
    /// Too many saved addresses.
    #[error("too many addresses")]
    Full,
    /// Hashing failed.
    #[error("{0:#}")]
    Machine(anyhow::Error),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for AccountError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Taken => Problem::new(
                StatusCode::CONFLICT,
                "accounts/taken",
                "Địa chỉ e-mail hoặc số điện thoại này không dùng được.",
                "This e-mail address or phone number cannot be used.",
            ),
            Self::LinkGone => Problem::new(
                StatusCode::GONE,
                "accounts/link-gone",
                "Liên kết này đã được dùng hoặc đã hết hạn. Xin yêu cầu một liên kết mới.",
                "This link has been used or has expired. Please ask for a new one.",
            ),
            Self::TooMany => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "accounts/too-many",
                "Có quá nhiều lần thử không đúng. Xin đợi 15 phút rồi thử lại, hoặc đặt lại mật khẩu.",
                "Too many failed attempts. Please wait 15 minutes and try again, or reset the password.",
            ),
            Self::OwnsShop => Problem::new(
                StatusCode::CONFLICT,
                "accounts/owns-shop",
                "Bạn đang là chủ một gian hàng. Hãy giao gian hàng cho người khác hoặc đóng gian hàng trước.",
                "You own a shop. Please hand it over or close it first.",
            ),
            Self::KeepsFirm => Problem::new(
                StatusCode::CONFLICT,
                "accounts/keeps-firm",
                "Bạn là người quản trị duy nhất của một đơn vị còn thành viên khác. Hãy giao vai trò quản trị cho một người trước.",
                "You are the only administrator of an organisation with other members. Make somebody else one first.",
            ),
            Self::Full => Problem::new(
                StatusCode::CONFLICT,
                "accounts/addresses-full",
                "Sổ địa chỉ đã đầy (20 địa chỉ). Hãy xóa bớt trước khi thêm.",
                "The address book is full (20 addresses). Please delete one first.",
            ),
            Self::Machine(_) => Problem::internal(),
            Self::Db(error) => error.problem(),
        }
    }
}
