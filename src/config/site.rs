//! Who we are and where we listen.

use super::Reader;
use std::net::SocketAddr;

/// The deployment's own facts, shown on every page.
#[derive(Debug, Clone)]
pub struct Site {
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// The address that people type, without a slash at the end: links in mail are made of this and
    /// never of a request's `Host`.
    pub base_url: String,
    /// The floor's name.
    pub name: String,
    /// The province's name as in "tỉnh Quảng Trị".
    pub province: String,
    /// The province's official two-digit code.
    pub province_code: String,
    /// Operator information, Decree 248/2026/NĐ-CP, Art. 4: name, address, tax code, phone, e-mail.
    pub operator: Operator,
    /// Whether this is the demo: sign-ins and mails can be read on pages.
    pub demo: bool,
}

/// Who runs the floor.
#[derive(Debug, Clone)]
pub struct Operator {
    pub name: String,
    pub address: String,
    pub registration: String,
    pub phone: String,
    pub email: String,
}

impl Site {
    /// Whether browsers reach us by https: cookies are `Secure` then.
    #[must_use]
    pub fn https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    pub(super) fn read(r: &mut Reader) -> Self {
        let default = SocketAddr::from(([127, 0, 0, 1], 8080));
        let listen =
            r.parsed("SANTINH_LISTEN", default, "an address and a port, e.g. 127.0.0.1:8080");
        let base_url = r.text("SANTINH_BASE_URL", &format!("http://{listen}"));
        if !base_url.starts_with("http://") && !base_url.starts_with("https://") {
            r.problem("SANTINH_BASE_URL: must begin with http:// or https://");
        }
        let operator = Operator {
            name: r.text(
                "SANTINH_OPERATOR_NAME",
                "Trung tâm Xúc tiến thương mại tỉnh (đơn vị vận hành mẫu)",
            ),
            address: r.text("SANTINH_OPERATOR_ADDRESS", "Phường Đồng Hới, tỉnh Quảng Trị"),
            registration: r.text("SANTINH_OPERATOR_REGISTRATION", "(chưa nhập)"),
            phone: r.text("SANTINH_OPERATOR_PHONE", "(chưa nhập)"),
            email: r.text("SANTINH_OPERATOR_EMAIL", "hotro@santinh.example"),
        };
        Self {
            listen,
            base_url: base_url.trim_end_matches('/').to_owned(),
            name: r.text("SANTINH_NAME", "Sàn Quảng Trị"),
            province: r.text("SANTINH_PROVINCE", "Quảng Trị"),
            province_code: r.text("SANTINH_PROVINCE_CODE", "44"),
            operator,
            demo: r.parsed("SANTINH_DEMO", false, "true or false"),
        }
    }
}
