//! Where the carriers are. Sellers bring their own contracts.

use super::{Reader, gateways::address};

/// The addresses of the carriers' systems.
#[derive(Debug, Clone)]
pub struct Carriers {
    pub ghn: String,
    pub ghtk: String,
    pub viettel_post: String,
}

impl Carriers {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            ghn: address(r, "SANTINH_GHN_URL", "https://online-gateway.ghn.vn"),
            ghtk: address(r, "SANTINH_GHTK_URL", "https://services.giaohangtietkiem.vn"),
            viettel_post: address(r, "SANTINH_VIETTEL_POST_URL", "https://partner.viettelpost.vn"),
        }
    }
}
