//! The buyer's pages, one file a step.

pub(super) mod address;
mod agreement;
pub(super) mod basket;
pub(super) mod delivery;
pub(super) mod done;
pub(super) mod invoice;
pub(super) mod review;
mod vouchers;

use super::plan::Missing;
use crate::web::{Page, go, go_with};
use axum::response::Response;

/// Where somebody goes on whose checkout lacks something, and what he is told there.
fn send_to(missing: &Missing, page: &Page) -> Response {
    match missing {
        Missing::Goods => go("/gio-hang"),
        Missing::Short { title, left } => {
            go_with(page, "/gio-hang", &short_line(page, title, *left))
        }
        Missing::TooMuch => {
            let line = page.t(
                "Giá trị giỏ hàng quá lớn cho một lần đặt; xin bớt số lượng.",
                "The basket is worth too much for one order; please take fewer.",
            );
            go_with(page, "/gio-hang", line)
        }
        Missing::Address => go("/dat-hang"),
        Missing::Delivery => go("/dat-hang/giao-hang"),
    }
}

/// Which and how many are left.
fn short_line(page: &Page, title: &str, left: i64) -> String {
    match left {
        0 => format!("“{title}” {}", page.t("vừa hết hàng.", "has just sold out.")),
        _ => match page.lang {
            crate::kernel::Lang::Vi => format!("“{title}” chỉ còn {left}; xin bớt số lượng."),
            crate::kernel::Lang::En => format!("Only {left} of “{title}” left; please take fewer."),
        },
    }
}
