//! The buyer's pages, one file a step.

pub(super) mod address;
mod agreement;
pub(super) mod basket;
pub(super) mod delivery;
pub(super) mod done;
pub(super) mod invoice;
pub(super) mod many;
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
        Missing::Odd { title, least, step } => {
            go_with(page, "/gio-hang", &odd_line(page, title, (*least, *step)))
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

/// In which quantities it is sold.
fn odd_line(page: &Page, title: &str, (least, step): (i64, i64)) -> String {
    match (page.lang, step) {
        (crate::kernel::Lang::Vi, 1) => format!("“{title}” bán từ {least} trở lên."),
        (crate::kernel::Lang::Vi, _) => {
            format!("“{title}” bán từ {least} trở lên, theo bội số của {step}.")
        }
        (crate::kernel::Lang::En, 1) => format!("“{title}” is sold from {least} on."),
        (crate::kernel::Lang::En, _) => {
            format!("“{title}” is sold from {least} on, in multiples of {step}.")
        }
    }
}
