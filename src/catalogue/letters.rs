//! What owners are written about their products: pure.

use super::model::Step;
use crate::{
    config::Site,
    kernel::{Day, Lang, ProductId, date},
};

/// One product to write about.
pub(super) struct Letter<'a> {
    pub(super) site: &'a Site,
    pub(super) product: ProductId,
    pub(super) name: &'a str,
}

impl Letter<'_> {
    fn link(&self) -> String {
        format!("{}/ban-hang/san-pham/{}", self.site.base_url, self.product)
    }

    fn close(&self, lang: Lang, body: &str) -> String {
        let open = lang.t("Xem và sửa sản phẩm", "See and edit the product");
        format!("{body}\n\n{open}: {}\n\n{}\n", self.link(), self.site.name)
    }

    /// A demanded paper runs out in `left` days, or has run out.
    pub(super) fn lapse(&self, lang: Lang, day: Day, left: i64) -> (String, String) {
        let (name, day) = (self.name, date(day));
        let (subject, body) = match (lang, left > 0) {
            (Lang::Vi, true) => (
                format!("Giấy tờ sắp hết hạn: {name}"),
                format!(
                    "Giấy tờ mà ngành hàng yêu cầu cho sản phẩm “{name}” hết hạn từ ngày {day} (còn {left} ngày). \
                     Từ ngày đó sản phẩm tự động bị ẩn. Bạn nộp giấy tờ mới để tiếp tục bán."
                ),
            ),
            (Lang::Vi, false) => (
                format!("Giấy tờ đã hết hạn, sản phẩm bị ẩn: {name}"),
                format!(
                    "Giấy tờ mà ngành hàng yêu cầu cho sản phẩm “{name}” đã hết hạn từ ngày {day}, nên sản phẩm \
                     không còn hiển thị. Bạn nộp giấy tờ mới; khi được chấp nhận, sản phẩm hiện lại ngay."
                ),
            ),
            (Lang::En, true) => (
                format!("A paper runs out soon: {name}"),
                format!(
                    "A paper that the category demands for “{name}” is no longer valid from {day} ({left} days left). \
                     From that day the product is hidden. Hand in a new paper to keep it on sale."
                ),
            ),
            (Lang::En, false) => (
                format!("A paper has run out, the product is hidden: {name}"),
                format!(
                    "A paper that the category demands for “{name}” is not valid since {day}, so the product is no \
                     longer shown. Hand in a new paper; once it is accepted, the product is shown again."
                ),
            ),
        };
        (subject, self.close(lang, &body))
    }

    /// A reviewer has decided.
    pub(super) fn judged(&self, lang: Lang, step: Step, reason: &str) -> (String, String) {
        let name = self.name;
        let what = match step {
            Step::Approve => lang.t("đã được duyệt và lên sàn", "has been approved and is on sale"),
            Step::SendBack => lang.t("được trả lại để sửa", "has been sent back for changes"),
            Step::Block => lang.t("đã bị chặn", "has been blocked"),
            _ => lang
                .t("đã được bỏ chặn, trở về bản nháp", "has been unblocked and is a draft again"),
        };
        let subject = format!("{}: {name} {what}", lang.t("Sản phẩm", "Product"));
        let mut body = match lang {
            Lang::Vi => format!("Sản phẩm “{name}” {what}."),
            Lang::En => format!("Your product “{name}” {what}."),
        };
        if !reason.is_empty() {
            body.push_str(&format!("\n\n{}: {reason}", lang.t("Lý do", "Reason")));
        }
        (subject, self.close(lang, &body))
    }
}
