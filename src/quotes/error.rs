//! What can go wrong with a request or a quote, and how it is shown.

use crate::{
    approvals::ApprovalError,
    enterprises::SellerError,
    kernel::Text,
    organisations::OrgError,
    purchasing::PurchasingError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// There is none, or it is somebody else's.
    #[error("request or quote not found")]
    NotFound,
    /// It stands elsewhere by now, and from there this cannot happen.
    #[error("this cannot happen any more, or not yet")]
    Moved,
    /// Nobody sells there, or those who were chosen do not sell now.
    #[error("no sellers to ask")]
    NoSellers,
    /// Nothing was asked, offered or chosen.
    #[error("nothing to ask, offer or choose")]
    Empty,
    /// An offer is not the one that was looked at.
    #[error("the offer has changed")]
    Changed,
    /// Less than the seller offers.
    #[error("less of line {0} than was offered")]
    TooFew(i32),
    /// Sums or days that cannot be.
    #[error("amounts or dates do not fit")]
    Amounts,
    /// A quote has as many versions as can be.
    #[error("a quote has at most a hundred versions")]
    TooManyVersions,
    /// The shop does not sell now.
    #[error("the shop does not sell now")]
    NotSelling,
    /// The buyer's firm has not agreed to this choice.
    #[error("the firm has not agreed to this choice")]
    NotAgreed,
    /// The buyer's firm has refused this choice.
    #[error("the firm has refused this choice")]
    Refused,
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error(transparent)]
    Org(#[from] OrgError),
    #[error(transparent)]
    Seller(#[from] SellerError),
    #[error(transparent)]
    Purchasing(#[from] PurchasingError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl QuoteError {
    /// What is said of a choice, and of lines and amounts.
    const fn of_what_was_typed(&self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::Empty => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "quotes/empty",
                "Xin ghi hoặc chọn ít nhất một dòng.",
                "Please fill in or choose at least one line.",
            ),
            Self::Changed => (
                StatusCode::CONFLICT,
                "quotes/changed",
                "Bản chào giá đã thay đổi so với lúc bạn xem. Xin xem lại rồi chọn.",
                "The offer has changed since you looked at it. Please look again, then choose.",
            ),
            Self::NotAgreed => (
                StatusCode::CONFLICT,
                "quotes/not-agreed",
                "Lựa chọn này cần đơn vị của bạn duyệt trước.",
                "Your firm has to agree to this choice first.",
            ),
            Self::Refused => (
                StatusCode::CONFLICT,
                "quotes/refused",
                "Đơn vị của bạn đã từ chối đúng lựa chọn này. Xin chọn khác.",
                "Your firm has refused exactly this choice. Please choose otherwise.",
            ),
            _ => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "quotes/amounts",
                "Số tiền, số lượng hoặc ngày chưa hợp lý.",
                "Amounts, quantities or dates do not fit.",
            ),
        }
    }
}

impl AsProblem for QuoteError {
    fn problem(&self) -> Problem {
        let (status, code, vi, en) = match self {
            Self::NotFound => return Problem::not_found(),
            Self::Moved => (
                StatusCode::CONFLICT,
                "quotes/moved",
                "Lúc này không làm được việc này nữa, hoặc chưa tới lúc. Xin tải lại trang để xem tình trạng mới nhất.",
                "This cannot be done any more, or not yet. Please reload the page to see how things stand.",
            ),
            Self::NoSellers => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "quotes/no-sellers",
                "Không có gian hàng nào đang bán để gửi yêu cầu. Hãy chọn gian hàng khác hoặc mở rộng khu vực.",
                "No shop that sells now to send this to. Choose other shops or a wider area.",
            ),
            Self::TooFew(position) => {
                return Problem {
                    status: StatusCode::UNPROCESSABLE_ENTITY,
                    code: "quotes/too-few",
                    title: Text::new(
                        format!("Dòng {position}: bên bán không chào giá cho số lượng ít như vậy."),
                        format!("Line {position}: the seller does not offer so little."),
                    ),
                };
            }
            Self::TooManyVersions => (
                StatusCode::CONFLICT,
                "quotes/too-many-versions",
                "Bản chào giá này đã được sửa 100 lần, không sửa thêm được. Hãy trao đổi qua tin nhắn với bên mua.",
                "This quote has been changed 100 times and cannot be changed again. Please write to the buyer.",
            ),
            Self::NotSelling => (
                StatusCode::CONFLICT,
                "quotes/not-selling",
                "Gian hàng này hiện không bán trên sàn.",
                "This shop does not sell here at present.",
            ),
            Self::Empty | Self::Changed | Self::Amounts | Self::NotAgreed | Self::Refused => {
                self.of_what_was_typed()
            }
            Self::Approval(error) => return error.problem(),
            Self::Org(error) => return error.problem(),
            Self::Seller(error) => return error.problem(),
            Self::Purchasing(error) => return error.problem(),
            Self::Db(error) => return error.problem(),
        };
        Problem::new(status, code, vi, en)
    }
}
